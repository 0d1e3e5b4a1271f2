"""The one fixed plain rendering of a case as text, for cases that come as phenotype terms without a note.

    Female, 5 years 3 months.
    Findings: Seizure; Microcephaly.
    Absent: Ataxia.

It never changes, so figures measured on it stay comparable. The synthetic notes include this style among theirs.
"""

from collections.abc import Sequence

from raredxr1 import lazy_re as re
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import Case

_ISO = re.compile(
    r"P(?=T?\d)(?:(\d+(?:[.,]\d+)?)Y)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?(?:T[\d.HMS]+)?",
    re.IGNORECASE,
)
_DURATION = re.compile(r"[+-]?[Pp](?:[\d.,TYMWDHStymwdhs]*|\w*\d\w*|[A-Z]{1,4})")
_OLDEST = 130 * 365.25
_UNITS = ("year", "month", "week", "day")
_SEXES = {"m": "Male", "male": "Male", "f": "Female", "female": "Female"}


def render_case(case: Case, kb: KnowledgeBase) -> str:
    """Write a case's phenotypes as a note.

    Raises:
        InputError: no phenotype at all, or an id the knowledge base lacks.
    """
    if not case.hpo_observed and not case.hpo_excluded:
        raise InputError(f"case {case.case_id}: neither a note nor phenotypes")
    present = list(dict.fromkeys(kb.term_name(i) for i in case.hpo_observed))
    absent = list(dict.fromkeys(kb.term_name(i) for i in case.hpo_excluded))
    return plain_note(_SEXES.get((case.sex or "").lower()), spoken_age(case.age), present, absent)


def plain_note(sex: str | None, age: str | None, present: Sequence[str], absent: Sequence[str]) -> str:
    """Put the parts in the fixed order; parts that are unknown or empty are left out."""
    who = ", ".join(part for part in (sex, age) if part)
    lines = [f"{who[0].upper()}{who[1:]}."] if who else []
    lines += [f"Findings: {'; '.join(present)}."] if present else []
    lines += [f"Absent: {'; '.join(absent)}."] if absent else []
    return "\n".join(lines)


def spoken_age(age: str | None) -> str | None:
    """Say an age in words.

    P5Y3M -> "5 years 3 months"; P3Y to P5Y -> "3 to 5 years"; text that is no ISO 8601 duration is returned as it is,
    blank and a malformed duration (P5X, -P3Y) -> None.
    """
    if not age or not age.strip():
        return None
    ends = [_spoken(end.strip()) for end in re.split(r"\s+to\s+", age.strip())]
    if len(ends) == 2 and ends[0] and ends[1]:
        if ends[0] == ends[1]:
            return ends[0]
        (low, unit), (high, other) = ends[0].rpartition(" ")[::2], ends[1].rpartition(" ")[::2]
        if low.isdecimal() and high.isdecimal() and unit.rstrip("s") == other.rstrip("s"):
            return f"{low} to {ends[1]}"
    return " to ".join(end for end in ends if end) or None


def is_malformed_age(age: str | None) -> bool:
    """Whether an age tries to be an ISO 8601 duration, or a range of two, and is none that a person can have.

    A range whose end lies before its start is none, nor is more than 130 years.
    """
    ends = re.split(r"\s+to\s+", (age or "").strip())
    if any(_DURATION.fullmatch(end) and not _ISO.fullmatch(end) for end in ends):
        return True
    days = [_days(end) for end in ends if _ISO.fullmatch(end)]
    return days != sorted(days) or any(age > _OLDEST for age in days)


def _days(duration: str) -> float:
    match = _ISO.fullmatch(duration)
    counts = [float(count.replace(",", ".")) if count else 0.0 for count in match.groups()] if match else []
    return sum(count * size for count, size in zip(counts, (365.25, 30.4375, 7, 1), strict=False))


def _spoken(age: str) -> str | None:
    match = _ISO.fullmatch(age)
    if not match:
        return None if _DURATION.fullmatch(age) else age
    counts = [float(count.replace(",", ".")) if count else 0.0 for count in match.groups()]
    parts = [
        f"{count:g} {unit}{'' if count == 1 else 's'}" for count, unit in zip(counts, _UNITS, strict=True) if count
    ]
    return " ".join(parts) or "newborn"


def age_in_words(years: float) -> str:
    """0.25 -> "3 months"; 5.3 -> "5 years"; 1.5 -> "18 months"; under two weeks -> days."""
    days = years * 365.25
    if days < 1:
        return "newborn"
    scales = ((14, "day", 1.0), (60, "week", 7.0), (730, "month", 30.44))
    unit, size = next(((unit, size) for limit, unit, size in scales if days < limit), ("year", 365.25))
    count = max(1, int(days / size))
    return f"{count} {unit}{'' if count == 1 else 's'}"
