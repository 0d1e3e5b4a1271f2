"""What goes from one sentence of a line to the next: whose it was, what was asked, what the line began with."""

from dataclasses import dataclass, field

from raredxr1.knowledge.assertion.carried import Carried
from raredxr1.knowledge.assertion.headings import PATIENT

Place = tuple[int, int]
"""Where a stretch of a text begins and ends."""


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
