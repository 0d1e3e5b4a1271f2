"""What goes from one sentence of a line to the next: whose it was, what was asked, what the line began with."""

from dataclasses import dataclass, field

from raredxr1 import lazy_re as re
from raredxr1.knowledge.assertion.carried import Carried
from raredxr1.knowledge.assertion.headings import PATIENT

Place = tuple[int, int]
"""Where a stretch of a text begins and ends."""

YES_NO = re.compile(
    r"\s*(?:[-–—:>→]\s*)?(?:(?P<yes>yes|yeah|yep|correct)|"
    r"(?P<no>no(?:,? (?:never|none|not at all|thankfully))?|none|never|nope|nil|"
    r"not (?:at all|really|"
    r"that (?:we|i|they) know|to (?:our|my|their) knowledge|so far|yet|now)))\b\s*(?=[.,;!–-]|$)",
    re.I,
)
"""What answers a question that a sentence before asked."""
NONE_SEEN = re.compile(
    r"\s*(?:but |and |however,? )?(?:none|neither|nothing|no such \w+|no signs?)"
    r"(?: of (?:these|them|this|it|either|the (?:kind|sort)))? (?:was|were|is|are|ha(?:s|ve|d) been|could be) (?:\w+ )?"
    r"(?:seen|found|heard|felt|noted|observed|detected|present|evident|identified|elicited|there|apparent)\b",
    re.IGNORECASE,
)
"""What says of all that a sentence before looked for that it was not there."""


@dataclass(slots=True)
class Context:
    """What the sentences before said that matters to the next."""

    state: str = PATIENT
    antecedent: str = ""
    relative: str = ""
    neutral: bool = False
    """Whether the relative last spoken of may be of either gender: a cousin, a sibling."""
    carried: Carried | None = None
    """The relative whom the sentence before was about, who has something; None: it was about no relative."""
    family: bool = False
    """Within a family history, where relatives are named and what is denied is denied of them."""
    asked: list[Place] = field(default_factory=list)
    sought: list[Place] = field(default_factory=list)
    """What the sentence before only looked for: "examined for cataract; none was seen"."""
    allergies: bool = False
    """Whether the question before was one after allergies."""
    effects: bool = False
    """Whether the part of the sentence before this one names what a drug may do."""
    before: Place | None = None
    """The sentence before, where it names no finding and so was not read."""
    headed: str = ""
    """Gender of the relative whose heading the line begins with: "Mother: aged 33. She takes ..."."""
    part: str | None = None
    """Gender of the relative whom the part of a sentence before, without findings, began with; None: no relative."""
    labels: bool = False
    """Whether the sentence before speaks of several labels of earlier doctors."""
    general: Place | None = None
    """Where the sentence speaks of a disease in general, and of no patient."""
