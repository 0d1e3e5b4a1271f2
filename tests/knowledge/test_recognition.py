"""HPO terms found in a text by name, and what the text says of them."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.assertion import Assertion
from raredxr1.knowledge.recognition import Recogniser
from tiny_knowledge import make_tiny_kb


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return make_tiny_kb(tmp_path_factory.mktemp("kb"))


def found(kb: KnowledgeBase, text: str) -> list[tuple[str, str]]:
    return [(kb.term_names[m.term], m.assertion.value) for m in Recogniser(kb).find(text)]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("He has microcephaly.", "Microcephaly"),
        ("A microcephalic girl.", "Microcephaly"),
        ("small head noted", "Microcephaly"),
        ("Seizures began", "Seizure"),
        ("severe intellectual disability", "Intellectual disability, severe"),
        ("Intellectual disability, severe; tall", "Intellectual disability, severe"),
        ("watery stools", "Diarrhea"),
        ("ataxic gait", "Ataxia"),
        ("long slender\nfingers", "Arachnodactyly"),
    ],
)
def test_labels_and_synonyms_are_found_in_any_order_and_inflection(kb: KnowledgeBase, text: str, term: str) -> None:
    assert found(kb, text) == [(term, "present")]


def test_the_longest_name_wins_and_places_are_exact(kb: KnowledgeBase) -> None:
    text = "She had a febrile seizure, then infantile spasms."
    mentions = Recogniser(kb).find(text)
    assert [text[m.start : m.end] for m in mentions] == ["febrile seizure", "infantile spasms"]
    assert [kb.term_names[m.term] for m in mentions] == ["Febrile seizure", "Infantile spasms"]


@pytest.mark.parametrize(
    "text", ["The hand was split. Second visit.", "ASD was considered", "autistic? no: ash", "into"]
)
def test_names_do_not_cross_sentences_and_abbreviations_are_left_alone(kb: KnowledgeBase, text: str) -> None:
    assert "Split hand" not in [term for term, _ in found(kb, text.replace("The hand was split", "The split. Hand"))]
    assert "Atrial septal defect" not in [term for term, _ in found(kb, text)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("No seizures.", "absent"),
        ("No diarrhea, ataxia or seizures.", "absent"),
        ("She denies seizures", "absent"),
        ("There was no evidence of microcephaly", "absent"),
        ("Microcephaly was not observed.", "absent"),
        ("Seizures: absent", "absent"),
        ("Absent: Seizure; Ataxia.", "absent"),
        ("No fever but seizures.", "present"),
        ("Not only seizures", "present"),
        ("His mother has seizures.", "other"),
        ("The mother reports seizures.", "present"),
        ("Family history of deafness", "other"),
        ("MRI to rule out macrocephaly", "uncertain"),
        ("Seizures since birth. No other findings.", "present"),
    ],
)
def test_what_is_said_of_a_finding(kb: KnowledgeBase, text: str, said: str) -> None:
    assert found(kb, text)[-1][1] == said


WORDS = (
    "seizure",
    "small head",
    "severe ",
    "intellectual disability",
    " no ",
    ". ",
    ",",
    "\n",
    " (",
    ")",
    "ataxia",
    " or ",
)


def test_a_list_that_is_denied_is_denied_whole_and_what_follows_is_not(kb: KnowledgeBase) -> None:
    text = "No seizures, ataxia or diarrhea, but microcephaly. Macrocephaly in an uncle."
    assert found(kb, text) == [
        ("Seizure", "absent"),
        ("Ataxia", "absent"),
        ("Diarrhea", "absent"),
        ("Microcephaly", "present"),
        ("Macrocephaly", "other"),
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(st.sampled_from(WORDS), max_size=25).map("".join))
def test_places_never_overlap_and_always_hold_words(kb: KnowledgeBase, text: str) -> None:
    mentions = Recogniser(kb).find(text)
    for before, after in pairwise(mentions):
        assert before.end <= after.start
    assert all(text[m.start : m.end].strip() and m.assertion in Assertion for m in mentions)


def test_the_shipped_examples_are_read(pytestconfig: pytest.Config) -> None:
    note = Path(pytestconfig.rootpath / "src/raredxr1/assets/examples/rett_clinic.txt").read_text(encoding="utf-8")
    read = dict(found(load(), note))
    assert read["Developmental regression"] == read["Gait ataxia"] == read["Axial hypotonia"] == "present"
    assert read["Seizure"] == "absent"
