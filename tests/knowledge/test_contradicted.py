"""Results opposite to what a disease has."""

import pytest

from raredxr1.knowledge import load
from raredxr1.knowledge.contradicted import contradictions, is_telling_result, lacking, opposites

CITRULLINEMIA, OTC = "ORPHA:247525", "ORPHA:664"


def term(name: str) -> int:
    return load().term_names.index(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Low plasma citrulline", "Elevated plasma citrulline"),
        ("Hypokalemia", "Hyperkalemia"),
        ("Decreased circulating ACTH concentration", "Increased circulating ACTH level"),
        ("Microcephaly", "Macrocephaly"),
        ("Neutropenia", "Neutrophilia"),
    ],
)
def test_what_is_telling_result_has_an_opposite(one: str, other: str) -> None:
    assert term(other) in opposites(load(), term(one))
    assert term(one) in opposites(load(), term(other))


@pytest.mark.parametrize("name", ["Hypotonia", "Hypertension", "Seizure", "Hyperglutaminemia"])
def test_what_goes_both_ways_or_is_of_another_analyte_has_none(name: str) -> None:
    assert not {term(other) for other in ("Hypertonia", "Hypotension", "Hypoargininemia")} & set(
        opposites(load(), term(name))
    )


def test_a_low_result_contradicts_a_disease_in_which_it_is_high_and_no_other() -> None:
    kb = load()
    low = (term("Low plasma citrulline"),)
    (one,) = contradictions(kb, kb.disease(CITRULLINEMIA), low)
    assert kb.term_names[one.annotated] == "Elevated plasma citrulline"
    assert one.frequency > 0.8
    assert contradictions(kb, kb.disease(OTC), low) == []
    assert contradictions(kb, kb.disease(CITRULLINEMIA), (term("Elevated plasma citrulline"),)) == []


def test_a_low_hormone_does_not_contradict_a_disease_whose_gland_fails() -> None:
    kb = load()
    low = (term("Decreased circulating cortisol level"),)
    assert contradictions(kb, kb.disease("ORPHA:3453"), low) == []  # also annotated with a raised one, which errs
    assert contradictions(kb, kb.disease("ORPHA:96253"), low)


def test_a_normal_result_speaks_against_a_disease_in_which_nearly_all_have_it_abnormal() -> None:
    kb = load()
    absent = (term("Increased fecal porphyrin"),)
    ((found, share),) = lacking(kb, kb.disease("ORPHA:79273"), absent)  # coproporphyria, by a kind of it
    assert found == absent[0] and share >= 0.8
    assert lacking(kb, kb.disease("ORPHA:79276"), absent) == []


def test_what_is_telling_result_is_told_from_what_is_seen() -> None:
    kb = load()
    assert is_telling_result(kb, term("Increased fecal porphyrin")) and is_telling_result(
        kb, term("Elevated plasma citrulline")
    )
    for name in ("Seizure", "Abnormal circulating lipid concentration", "Hypoglycemia"):
        assert not is_telling_result(kb, term(name))
