"""Findings from ages at milestones and from grades of power: "walked at 25 months / sat at 11", "hip flexion 4-/5".

Ages are compared with the upper end of what is usual (WHO windows of achievement, 2006: sitting 9 months, walking 18
months; first words about 18, phrases about 36 months), a month or two added. An age well within says that nothing is
delayed. Grades of power are those of the Medical Research Council, 0 to 5.
"""

import re
from collections.abc import Iterator

from raredxr1.knowledge.recognition.hits import Hit

_NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()  # noqa: SIM905
_AGE = (
    rf"(?P<age>\d{{1,2}}(?:[.,]\d|½)?|{'|'.join(_NUMBERS)})(?:\s?(?:-|–|to)\s?\d{{1,2}})?[ -]?"
    r"(?P<unit>months?|mths?|mo|m|years?|yrs?|y|/12)?(?![\w/])"
)
_ALONE = r"(?: up| unsupported| alone| without support| independently| unaided){0,2}"
_MILESTONES = (
    # words, term, months from which it is late, months up to which it is not
    (r"(?:first )?(?:sat|sitting|sits)" + _ALONE, "HP:0025336", 10.5, 8),
    (r"(?:first )?(?:walked|walking|walks|(?:took (?:his|her) )?first steps)" + _ALONE, "HP:0031936", 19, 15),
    (
        r"(?:first|single) words?|(?:spoke|said|had) (?:his|her) first words?|"
        r"(?:started|began) (?:to talk|talking|to speak|speaking)",
        "HP:0000750",
        20,
        14,
    ),
)
_BETWEEN = (
    r"(?:\s*(?:only|not until|by|at|from|around|about|aged?|the age of|was|were|achieved|late|[:=,~]|c\.)){0,5}"
    r"\s*"
)
_PATTERNS = tuple(
    (re.compile(rf"\b(?:{words})\b{_BETWEEN}{_AGE}", re.IGNORECASE), term, late, early)
    for words, term, late, early in _MILESTONES
)
_GRADE = re.compile(
    r"\b(?:power|strength|MRC|flexion|flexors?|extension|extensors?|abduction|abductors?|adduction|dorsiflexion|"
    r"plantarflexion|plantar flexion|grip|quadriceps|hamstrings|deltoids?|biceps|triceps|iliopsoas|tibialis anterior|"
    r"eversion|inversion|neck flex|hip flex)\b[^.;\n\d]{0,40}?(?P<grade>[0-5])(?P<sign>[+-]?)"
    r"(?:\s?(?:-|–|to)\s?[0-5][+-]?)?\s?/\s?5(?![\d/])",
    re.IGNORECASE,
)
WEAKNESS = "HP:0001324"


def milestones(text: str) -> Iterator[Hit]:
    """Delayed milestones, or milestones in time, by the age at which they were reached."""
    found = [hit for pattern in _PATTERNS for hit in _reached(text, *pattern)]
    yield from sorted(found, key=lambda hit: hit.start)


def grades(text: str) -> Iterator[Hit]:
    """Muscle weakness by a grade of power below 5, or its absence by 5/5."""
    for match in _GRADE.finditer(text):
        full = match["grade"] == "5" and match["sign"] != "-"
        yield Hit(WEAKNESS, *match.span(), "value", normal=full, measured=True)


def _reached(text: str, pattern: re.Pattern[str], term: str, late: float, early: float) -> Iterator[Hit]:
    for match in pattern.finditer(text):
        months = _months(match["age"], match["unit"])
        if months is not None and (months >= late or months <= early):
            yield Hit(term, *match.span(), "value", normal=months <= early, measured=True)


def _months(age: str, unit: str | None) -> float | None:
    """Months of an age; a number without a unit is one of months where no child of so many years is meant."""
    lowered = age.lower()
    number = _NUMBERS.index(lowered) + 1 if lowered in _NUMBERS else float(age.replace(",", ".").replace("½", ".5"))
    if unit is None:
        return float(number) if number >= 5 and lowered not in _NUMBERS else None
    return float(number) * (12 if unit[0] in "yY" else 1)
