"""Keys of names: which spellings are the same name, and which never are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raredxr1.knowledge import names

SAME_PLAIN = [
    ("Rett syndrome", "RETT SYNDROME"),
    ("Charcot-Marie-Tooth disease type 2", "Charcot Marie Tooth disease, type II"),
    ("Mucopolysaccharidosis type IIIC", "Mucopolysaccharidosis 3C"),
    ("CDG, type In", "CDG type 1n"),
    ("Marfan's syndrome", "Marfan syndrome"),
    ("Sjögren syndrome", "Sjogren syndrome"),
    ("α-mannosidosis", "Alpha-mannosidosis"),
    ("Haemophilia", "Hemophilia"),
    ("Diarrhoea", "Diarrhea"),
    ("Congenital anaemia", "Congenital anemia"),
    ("Melanocytic naevus", "Melanocytic nevus"),
    ("Paraesthesia", "Paresthesia"),
    ("Tachypnoea", "Tachypnea"),
    ("Leucodystrophy", "Leukodystrophy"),
]
SAME_BAG_ONLY = [
    ("Muscular dystrophy, congenital", "Congenital muscular dystrophy"),
    ("Deafness, autosomal recessive 1A", "Autosomal recessive deafness 1A"),
    ("Microcephaly without seizures", "Without seizures, microcephaly"),
]
DIFFERENT = [
    ("Joubert syndrome 1", "Joubert syndrome 10"),
    ("Mucopolysaccharidosis type II", "Mucopolysaccharidosis type III"),
    ("Niemann-Pick disease type A", "Niemann-Pick disease type B"),
    ("Hyperkalemic periodic paralysis", "Hypokalemic periodic paralysis"),
    ("Complex I deficiency, nuclear type 3", "Complex III deficiency, nuclear type 1"),
    ("Homocystinuria without methylmalonic aciduria", "Methylmalonic aciduria without homocystinuria"),
    ("Non-syndromic progressive deafness", "Non-progressive syndromic deafness"),
    ("CDG type II", "CDG type In"),
]


@pytest.mark.parametrize(("one", "other"), SAME_PLAIN)
def test_spellings_of_one_name_share_both_keys(one: str, other: str) -> None:
    assert names.plain(one) == names.plain(other)
    assert names.bag(one) == names.bag(other)


@pytest.mark.parametrize(("one", "other"), SAME_BAG_ONLY)
def test_only_the_bag_forgets_the_order(one: str, other: str) -> None:
    assert names.plain(one) != names.plain(other)
    assert names.bag(one) == names.bag(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_names_share_no_key(one: str, other: str) -> None:
    assert names.plain(one) != names.plain(other)
    assert names.bag(one) != names.bag(other)


def test_numbers_are_words_with_a_digit() -> None:
    assert names.numbers("Deafness, X-linked 2, type IIIb") == ["2", "3b"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("RETT SYNDROME", "Rett syndrome"),
        ("MUSCULAR DYSTROPHY, TYPE IIB", "Muscular dystrophy, type IIB"),
        ("CADDS", "Cadds"),
        ("PARC", "PARC"),
        ("Marfan syndrome", "Marfan syndrome"),
    ],
)
def test_capitals_are_shown_in_sentence_case(written: str, shown: str) -> None:
    assert names.display(written) == shown


@given(st.text())
def test_any_text_has_words_of_letters_and_digits(text: str) -> None:
    assert all(re.fullmatch("[a-z0-9]+", word) for word in names.words(text))


@given(st.lists(st.sampled_from(["alpha", "renal", "iv", "7", "dysplasia", "x", "congenital"]), max_size=6))
def test_a_bag_holds_the_words_and_no_others(chosen: list[str]) -> None:
    assert sorted(names.bag(" ".join(chosen)).split()) == sorted(names.words(" ".join(chosen)))
