"""Age and sex that a person states beside a note."""

import pytest

from raredxr1.cases.demographics import read_demographics
from raredxr1.diagnose.overruled import beside, overruled, overruling_notice, person_with, stated_beside
from raredxr1.errors import InputError
from raredxr1.knowledge import load
from raredxr1.schemas import Demographics

NOTE = "A 6-year-old boy with seizures. His parents are first cousins."


def test_what_is_stated_goes_before_what_was_read_and_leaves_the_rest() -> None:
    stated = stated_beside("54 years", None)
    patient = overruled(read_demographics(NOTE), stated)
    assert patient.age and patient.age.years == 54
    assert patient.sex and patient.sex.value == "male" and patient.sex.quote
    assert beside(patient) == stated, "only what has no words of the note was stated"


def test_the_person_that_rankings_go_by_is_the_stated_one() -> None:
    kb = load()
    assert person_with(NOTE, None, [], kb).years == 6
    person = person_with(NOTE, stated_beside("18 months", "f"), [], kb)
    assert (person.years, person.sex) == (1.5, "female")
    assert person.pedigree == person_with(NOTE, None, [], kb).pedigree, "the parents stay those of the note"


def test_a_notice_says_what_is_overruled() -> None:
    read = read_demographics(NOTE)
    (said,) = overruling_notice(read, stated_beside("P54Y", "female"))
    assert said.startswith("As stated beside the note, the patient is female, 54 years; the note says “")
    assert overruling_notice(read, None) == overruling_notice(read, Demographics()) == []


@pytest.mark.parametrize(("age", "sex"), [("old", ""), ("", "both"), ("400y", "")])
def test_what_cannot_be_read_is_refused(age: str, sex: str) -> None:
    with pytest.raises(InputError, match=r"is no age|neither female nor male"):
        stated_beside(age, sex)
