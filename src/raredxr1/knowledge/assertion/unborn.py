"""Reports of scans of an unborn child, whose patient is that child: what the mother has and had is hers.

Such a report measures the child (BPD, HC, AC, FL, EFW, CRL). Its booking, obstetric and maternal history, and the
sentences that call the mother by name, are of another person.
"""

from collections.abc import Mapping, Sequence

from raredxr1 import lazy_re as re
from raredxr1.knowledge.assertion.states import Assertion
from raredxr1.rare_re import rare

_MEASURED = rare(r"\b(?:BPD|EFW|CRL|AC|FL|HC|HL|DVP|AFI|EDD|NT|NF|TCD)\b[ :=]{0,4}(?=[\d.(+-]|normal|dated|\w+\b)")
_FEW = 3
"""Measures that a report of such a scan has at least, of different names."""
_WEEKS = rare(
    r"\b(?:fetal|foetal|anomaly|obstetric|antenatal|gestation\w*|GA)\b|\b[123]\d ?\+ ?[0-6]\b|/40\b", re.IGNORECASE
)
_OF_MOTHER = rare(
    r"(?m:^)[ \t]*(?:booking(?: history)?|(?:past |previous )?obs(?:tetric)?(?: hx| history)?|previous "
    r"pregnanc(?:y|ies)|poh|"
    r"maternal(?: \w+)?|mother|mum|pmh|past medical history|medical history|medications?|partner|father)"
    r"[ \t]*:[^\n]*(?:\n[ \t]*(?-i:[a-z])[^\n]*)*|(?m:^)[ \t]*G\d ?P\d[^\n]*",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\b(?:Ms|Mrs|Miss)\.? (?P<name>[A-Z][a-z]{2,})")
_SENTENCE = re.compile(r"[^.;\n]+")
_HEAD = 400


def is_of_unborn(text: str) -> bool:
    """Whether a note is the report of a scan of an unborn child."""
    measures = {match[0].strip(" :=") for match in _MEASURED.finditer(text)}
    return len(measures) >= _FEW and bool(_WEEKS.search(text))


def of_mother(text: str, places: Sequence[tuple[int, int]]) -> Mapping[tuple[int, int], Assertion]:
    """Which findings of such a report are the mother's."""
    if not is_of_unborn(text):
        return {}
    stretches = [match.span() for match in _OF_MOTHER.finditer(text)]
    called = _CALLED.search(text, 0, _HEAD)
    if called:
        name = re.compile(rf"\b{called['name']}\b")
        stretches += [one.span() for one in _SENTENCE.finditer(text) if name.search(text, *one.span())]
    return {place: Assertion.other for place in places if any(a <= place[0] < b for a, b in stretches)}
