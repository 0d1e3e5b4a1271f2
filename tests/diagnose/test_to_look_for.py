"""What is worth saying of findings that a note does not mention."""

import pytest

from raredxr1.cases.demographics import read_demographics
from raredxr1.diagnose.to_look_for import says_nothing_new, says_the_same, to_look_for
from raredxr1.knowledge import KnowledgeBase, load


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.mark.parametrize(
    ("finding", "disease", "nothing_new"),
    [
        ("Arteritis", "Takayasu arteritis", True),
        ("Granulomatosis", "Granulomatosis with polyangiitis", True),
        ("Glomerulopathy", "Fibronectin glomerulopathy", True),
        ("Myelofibrosis", "Primary myelofibrosis", True),
        ("Intracranial meningioma", "Meningioma", True),
        ("Peripheral primitive neuroectodermal neoplasm", "Peripheral primitive neuroectodermal tumor", True),
        ("Ataxia", "Friedreich ataxia", False),
        ("Pneumothorax", "Familial spontaneous pneumothorax", False),
        ("Optic neuritis", "Neuromyelitis optica", False),
        ("Neoplasm of the liver", "Wilson disease", False),
    ],
)
def test_what_says_the_disease_again_is_no_news(finding: str, disease: str, nothing_new: bool):
    assert says_nothing_new(finding, disease) is nothing_new


def test_a_kind_of_the_disease_says_the_same_and_a_part_of_its_name_does_not():
    assert says_the_same("Anaplastic thyroid carcinoma", "Anaplastic thyroid carcinoma")
    assert not says_the_same("Ataxia", "Friedreich ataxia") and not says_the_same("Carcinoma", "Thyroid carcinoma")


@pytest.mark.parametrize(
    ("note", "left"),
    [("A man of 30.", ["Scoliosis", "Cryptorchidism"]), ("A woman of 30.", ["Scoliosis", "Polycystic ovaries"])],
)
def test_what_the_other_sex_has_is_not_looked_for(note: str, left: list[str], kb: KnowledgeBase):
    expected = [(kb.term(i), 0.9) for i in ("HP:0002650", "HP:0000147", "HP:0000028")]
    assert to_look_for(expected, "A syndrome", read_demographics(note), (), kb) == left


def test_annotated_as_frequent_comes_before_unknown_and_hypertension_is_not_looked_for_twice(kb: KnowledgeBase):
    expected = [(kb.term("HP:0002650"), 0.5), (kb.term("HP:0004421"), 0.9), (kb.term("HP:0001166"), 0.9)]
    somebody = read_demographics("Somebody.")
    labels = [kb.term_names[term] for term, _ in expected]
    assert to_look_for(expected, "A syndrome", somebody, (), kb) == [labels[1], labels[2], labels[0]]
    high = {kb.term("HP:0000822")}
    assert to_look_for(expected, "A syndrome", somebody, high, kb) == [labels[2], labels[0]]
