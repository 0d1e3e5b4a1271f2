"""Findings given as terms, without a note."""

import pytest

from raredxr1.diagnose.given_terms import GivenTerms
from raredxr1.diagnose.inputs import note_of, of_json, read_input
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase, load


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.mark.parametrize(
    "terms",
    [
        "HP:0001250,-HP:0001263",
        "hp:0001250, -hp_0001263",
        "Seizure,-Global developmental delay",
        "seizures; −global developmental delay",
        "HP:0001250\n- HP:0001263",
    ],
)
def test_ids_and_labels_present_and_absent(terms: str, kb: KnowledgeBase) -> None:
    note, notices, left_out = GivenTerms(terms, "4y", "F").note(kb, "terms")
    assert note == "Female, 4 years.\nFindings: Seizure.\nAbsent: Global developmental delay."
    assert notices[0] == "The note was written from the terms given."
    assert left_out == []


@pytest.mark.parametrize(
    ("age", "said"),
    [
        ("", ""),
        ("18 months", "18 months"),
        ("3 8/12", "3 years 8 months"),
        ("P4Y6M", "4 years 6 months"),
        ("7", "7 years"),
    ],
)
def test_ages(age: str, said: str, kb: KnowledgeBase) -> None:
    note = GivenTerms("HP:0001250", age, "").note(kb, "terms")[0]
    assert note == (f"{said}.\n" if said else "") + "Findings: Seizure."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (GivenTerms(" , "), "no term"),
        (GivenTerms("HP:0001250,foo bar"), "'foo bar' is no HPO id"),
        (GivenTerms("HP:0001250", "soon"), "age 'soon'"),
        (GivenTerms("HP:0001250", "", "x"), "sex 'x'"),
    ],
)
def test_what_cannot_be_read_is_said(given: GivenTerms, said: str, kb: KnowledgeBase) -> None:
    with pytest.raises(InputError, match=f"^terms: .*{said}"):
        given.note(kb, "terms")


def test_terms_as_json(kb: KnowledgeBase) -> None:
    one = read_input(b'{"hpo": "Seizure,-Ataxia", "sex": "male"}', "t")
    other = of_json({"hpo": ["Seizure", "-Ataxia"], "sex": "male"}, "t")
    assert note_of(one, "t", kb)[0] == note_of(other, "t", kb)[0] == "Male.\nFindings: Seizure.\nAbsent: Ataxia."
    with pytest.raises(InputError, match="hpo is a string"):
        of_json({"hpo": 4}, "t")
