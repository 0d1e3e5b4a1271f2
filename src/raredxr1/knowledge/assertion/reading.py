"""What is known while a sentence is gone through: the verdict on each finding, and the cues that are still open."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from raredxr1.knowledge.assertion.cues import Cue, Word
from raredxr1.knowledge.assertion.subjects import Subject

REACH = 9
"""Words between a cue and the first finding it may speak of, and between one finding and the next."""
SUPPOSED_FURTHER = 4
"""Words more that a supposition reaches over."""
BACK = 6
"""Words between a finding and a cue behind it."""


WITHDRAWN = 14
"""Words between a finding and a later result that takes it back."""


@dataclass(slots=True)
class Verdict:
    """What is said of one finding, each way; `Assertion` is decided from it."""

    denied: bool = False
    affirmed: bool = False
    uncertain: bool = False
    supposed: bool = False
    tested: bool = False
    """Supposed by a test, whose result decides."""
    other: bool = False
    patient: bool = False
    """Said of the patient in so many words, which counts under a heading of relatives."""
    item: int = 0
    """Which item of a list it stands in, by commas."""
    denied_at: int = -1
    """The item that the cue stands in."""


@dataclass(slots=True)
class Scope:
    """A cue before findings that is still open."""

    kind: str
    at: int
    last: int
    item: int
    mixed: bool = False
    seen: bool = False


@dataclass(slots=True)
class Reading:
    """The state of the pass over one sentence."""

    words: Sequence[Word]
    cues: dict[int, Cue]
    subject: Subject
    scopes: dict[str, Scope] = field(default_factory=dict)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    kept: list[tuple[dict[str, Scope], int]] = field(default_factory=list)
    item: int = 0
    ends: frozenset[int] = frozenset()
    """The last word of each cue."""

    def near(self, at: int, text: str) -> bool:
        """Whether a word stands at a place."""
        return 0 <= at < len(self.words) and self.words[at].text == text
