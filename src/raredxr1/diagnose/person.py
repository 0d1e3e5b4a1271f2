"""Who the patient is, and what that says of a disease: age against its onset, sex, and what the parents have.

Each is a weak fact that the fusion weighs; none excludes a disease.
"""

import math
from dataclasses import dataclass, field

from raredxr1.cases.demographics import read_demographics
from raredxr1.diagnose.pedigree import Pedigree, fits_parents, pedigree_of
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.course import onset_years, spares_women

PERSON_FEATURES = ("too_young", "too_old", "other_sex", "adult_congenital")
_ADULT = 18.0
_BEFORE = 1.0
"""Years before the earliest annotated onset that are still no contradiction in words."""
_SCALE = 2.0
"""Of the values: what speaks clearly against a disease is rare among cases, and a fit that keeps weights small would
make little of it."""


@dataclass(frozen=True)
class Person:
    """Who the note is about, as far as it says."""

    years: float | None = None
    sex: str | None = None
    pedigree: Pedigree = field(default_factory=Pedigree)


def person_of(note: str) -> Person:
    """Read age, sex and parents from a note; an age at which something happened bounds nothing and is left out."""
    read = read_demographics(note)
    age = read.age if read.age and read.age.kind == "presentation" else None
    return Person(age.years if age else None, read.sex.value if read.sex else None, pedigree_of(note))


def remarks_against(person: Person, disease: int, kb: KnowledgeBase) -> list[str]:
    """What age and sex say against a disease, in words; for those that read the evidence.

    Args:
        person: the patient.
        disease: its number.
        kb: the knowledge base.
    """
    earliest = float(onset_years(kb)[0][disease])
    said = []
    if person.years is not None and person.years + _BEFORE < earliest:
        said.append(f"onset at {earliest:g} years or later by annotation, and the patient is {_aged(person.years)}")
    if person.sex == "female" and bool(spares_women(kb)[disease]):
        said.append("X-linked and mostly of men, and the patient is female")
    return said


def remarks_for(person: Person, disease: int, kb: KnowledgeBase) -> list[str]:
    """What the family says for a disease, in words; arguments as `remarks_against`."""
    return [said] if (said := fits_parents(person.pedigree, disease, kb)) else []


def _aged(years: float) -> str:
    return f"{years:.0f} years old" if years >= 2 else f"{years * 12:.0f} months old"


def against(person: Person, disease: int, kb: KnowledgeBase) -> dict[str, float]:
    """What speaks against a disease, 0 to 2 each.

    On published cases a patient younger than half the earliest onset has the disease in one of a thousand, and one of
    eighty of the diseases that rankings name is such. Too old is weaker, above all in lists, which give the age at
    the last examination.

    Args:
        person: the patient.
        disease: its number.
        kb: the knowledge base.
    """
    found = dict.fromkeys(PERSON_FEATURES, 0.0)
    earliest, latest = (float(years[disease]) for years in onset_years(kb))
    if person.years is not None and not math.isnan(earliest):
        # in doublings of age plus two years: 3 for 8 is as far as 30 for 62
        young = math.log2((earliest + 2) / (person.years + 2))
        old = math.log2((person.years + 2) / (latest + 2))
        found["too_young"] = _SCALE * min(max(young, 0.0), 1.0)
        found["too_old"] = _SCALE * min(max(old - 1, 0.0) / 3, 1.0)
        found["adult_congenital"] = _SCALE * float(person.years >= _ADULT and latest <= 1)
    found["other_sex"] = _SCALE * float(person.sex == "female" and bool(spares_women(kb)[disease]))
    return found
