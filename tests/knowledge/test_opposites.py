"""Opposites are told apart by words, whatever vectors say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raredxr1.knowledge import load
from raredxr1.knowledge.extraction.opposites import conflict, has_axis, poles
from raredxr1.knowledge.linking import PHENOTYPE

OPPOSED = (
    ("high palate", "low palate"),
    ("hypotonia", "hypertonia"),
    ("low muscle tone", "increased muscle tone"),
    ("left ventricular hypertrophy", "right ventricular hypertrophy"),
    ("small head", "macrocephaly"),
    ("tall for her age", "short stature"),
    ("upslanting eyes", "downslanted palpebral fissures"),
    ("genu valgum", "genu varum"),
    ("raised potassium", "hypokalaemia"),
    ("hypotelorism", "widely spaced eyes, hypertelorism"),
    ("short fingers", "short toe"),
    ("metabolic acidosis", "metabolic alkalosis"),
    ("weight loss", "weight gain"),
    ("thrombocytopenia", "thrombocytosis"),
    ("eyes that are far apart", "hypotelorism"),
    ("floppy muscles", "firm muscles"),
    ("sensorineural deafness", "conductive hearing loss"),
)
TOGETHER = (
    ("low-set ears", "ears low-set and posteriorly rotated"),
    ("hypothalamic dysfunction", "high forehead"),
    ("hypospadias", "large penis"),
    ("high, narrow palate", "high palate"),
    ("long thin fingers", "long fingers"),
    ("haemophilia", "low factor VIII"),
    ("spherocytosis", "decreased haemoglobin"),
    ("brachial artery", "long arms"),
    ("seizures", "hypotonia"),
    ("both legs were weak", "lower limb weakness"),
)


@pytest.mark.parametrize(("one", "other"), OPPOSED)
def test_opposites_conflict_either_way_and_in_any_case(one: str, other: str) -> None:
    assert conflict(one, other) and conflict(other, one) and conflict(one.upper(), other)


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_what_is_no_opposite_does_not_conflict(one: str, other: str) -> None:
    assert not conflict(one, other) and not conflict(other, one)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60), st.text(max_size=60))
def test_conflict_is_symmetric_and_nothing_conflicts_with_itself(one: str, other: str) -> None:
    assert conflict(one, other) == conflict(other, one)
    assert not conflict(one, one)


@settings(deadline=None, max_examples=50)
@given(st.sampled_from([a for a, _ in OPPOSED]), st.sampled_from(["mild", "progressive", "since birth", "noted"]))
def test_a_word_without_a_pole_changes_nothing(phrase: str, word: str) -> None:
    assert not has_axis(word) or word == "progressive"
    assert poles(f"{phrase} {word}") == poles(phrase)


def test_hardly_a_synonym_conflicts_with_its_own_label() -> None:
    kb = load()
    root, pairs = kb.term(PHENOTYPE), list[tuple[str, str]]()
    for term, ancestors in enumerate(kb.term_ancestors):
        if root in ancestors:
            pairs += [(kb.term_names[term], synonym.text) for synonym in kb.term_synonyms[term]]
    assert sum(conflict(*pair) for pair in pairs) / len(pairs) < 0.002
