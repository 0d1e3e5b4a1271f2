"""Age and sex that a person states beside a note: they overrule what the note says.

What was stated so has no words of the note: its quote is empty. What goes by age and sex (the fusion, the remarks on
onset and inheritance, the next steps) follows; the language model and the ranking by words read the note as it is.
"""

from collections.abc import Sequence
from dataclasses import replace

from raredxr1.cases.plain import spoken_age
from raredxr1.diagnose.given_terms import age_given, sex_given
from raredxr1.diagnose.pedigree import with_findings
from raredxr1.diagnose.person import Person, person_of
from raredxr1.diagnose.result import StatedFinding
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import Age, Demographics, Sex, Span

_NOWHERE = Span(start=0, end=0)


def stated_beside(age: str | None, sex: str | None, name: str = "patient") -> Demographics:
    """Read what a person states.

    Args:
        age: as in "4y", "18 months", "P4Y"; empty or None: nothing is stated.
        sex: female or male; empty or None: nothing is stated.
        name: what messages call the input.

    Raises:
        InputError: one of them cannot be read.
    """
    read, value = age_given(age or "", name), sex_given(sex or "", name)
    years = Age(years=read.years, to_years=read.to_years, iso8601=read.iso8601, kind="presentation", quote="",
                span=_NOWHERE) if read else None  # fmt: skip
    return Demographics(age=years, sex=Sex(value=value, quote="", span=_NOWHERE) if value else None)


def overruled(read: Demographics, stated: Demographics | None) -> Demographics:
    """What holds of the patient: what is stated, else what was read."""
    if stated is None:
        return read
    return Demographics(age=stated.age or read.age, sex=stated.sex or read.sex)


def beside(patient: Demographics) -> Demographics:
    """What of age and sex a person stated."""
    age, sex = patient.age, patient.sex
    return Demographics(age=age if age and not age.quote else None, sex=sex if sex and not sex.quote else None)


def person_with(note: str, stated: Demographics | None, findings: Sequence[StatedFinding], kb: KnowledgeBase) -> Person:
    """Who the note is about, age and sex as stated where they are, and what of the findings a parent has."""
    person = person_of(note)
    person = replace(person, pedigree=with_findings(person.pedigree, note, findings, kb))
    if stated and stated.age:
        person = replace(person, years=stated.age.years)
    return replace(person, sex=stated.sex.value) if stated and stated.sex else person


def overruling_notice(read: Demographics, stated: Demographics | None) -> list[str]:
    """What is said where a note is overruled: a sentence, or none where nothing is stated."""
    if stated is None or not (stated.age or stated.sex):
        return []
    said: list[str] = [stated.sex.value] if stated.sex else []
    said += [spoken_age(stated.age.iso8601) or ""] if stated.age else []
    pairs = ((stated.age, read.age), (stated.sex, read.sex))
    words = [f"“{' '.join(was.quote.split())}”" for now, was in pairs if now and was and was.quote]
    note = f"; the note says {' and '.join(dict.fromkeys(words))}" if words else ""
    return [f"As stated beside the note, the patient is {', '.join(said)}{note}."]
