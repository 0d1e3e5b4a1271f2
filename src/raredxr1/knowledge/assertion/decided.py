"""From the verdict on a finding, and the heading that it stands under, to what is said of it."""

from raredxr1 import lazy_re as re
from raredxr1.knowledge.assertion.headings import PATIENT
from raredxr1.knowledge.assertion.reading import Verdict
from raredxr1.knowledge.assertion.states import Assertion
from raredxr1.rare_re import rare

_TREATED = re.compile(
    r"\b(?:continu\w*|start\w*|increas\w*|titrat\w*|treat\w*|commenc\w*|control|manage\w*|on|given(?!:)|"
    r"prescrib\w*|replacement|supplement\w*|refer\w*|"
    r"wean\w*|\d\s?(?:mg|mcg|micrograms?|units|IU|mL|g)(?:/kg)?\b[^.;\n]{0,20}\bfor|medication|therapy|"
    r"physiotherapy|surgery|\w+ology|follow[- ]?up|known|his|her|their|the)\b[^.;\n]*$",
    re.IGNORECASE,
)
_DOUBTED = re.compile(
    r"\b(?:perhaps|maybe|possibly)\b(?! (?:\d|once|twice|one|two|three|four|five|six|ten|twelve|twenty))|"
    r"(?<!not )\bpossible\b|\b(?:questionable|equivocal|indeterminate|debatable|not excluded|borderline$)|\?$|"
    r"(?:^|(?<=\s))\?(?=\w)",
    re.IGNORECASE,
)
"""Words within a finding by which it is doubted: "discs perhaps pale"."""
_DOUBTING = rare(
    r"\b(?:perhaps|maybe|possibly|possible|questionable|equivocal|indeterminate|debatable|not excluded|borderline)\b",
    re.IGNORECASE,
)
"""One of these, or a question mark, is in all that `_DOUBTED` finds."""


def is_doubted(text: str, start: int, end: int) -> bool:
    """Whether a finding is doubted by words within it."""
    return ("?" in text[start:end] or bool(_DOUBTING.search(text, start, end))) and bool(
        _DOUBTED.search(text, start, end)
    )


def decided(text: str, verdict: Verdict, heading: str, start: int, place: int) -> Assertion:
    """What a sentence from `start` on under a heading says of the finding at `place`."""
    if verdict.other and (heading == "other" or not verdict.supposed or verdict.tested):
        return Assertion.other
    if verdict.supposed or (verdict.uncertain and heading == "hypothetical"):
        return Assertion.hypothetical
    if verdict.uncertain:
        return Assertion.uncertain
    if verdict.denied:
        return Assertion.absent
    if heading in (PATIENT, "present", "other") or verdict.affirmed:
        return Assertion.present
    bracketed = text.rfind("(", start, place) > text.rfind(")", start, place)
    if heading == "hypothetical" and not bracketed and _TREATED.search(text, max(start, place - 200), place):
        return Assertion.present
    return Assertion(heading)


def under(heading: str, state: Assertion) -> Assertion:
    """What a table or a box says under a heading: of relatives it is theirs, and what is to be done is no finding."""
    return Assertion(heading) if heading in ("other", "hypothetical") else state
