"""What an annotated frequency rests on, and what the names of a disease say it has."""

import pytest

from raredxr1.diagnose.output.words import how_often
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.described import UNSTATED, described
from raredxr1.knowledge.named_by import named_findings
from tiny_knowledge import make_tiny_kb


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return make_tiny_kb(tmp_path_factory.mktemp("kb"))


@pytest.mark.parametrize(
    ("disease", "term", "rests_on"),
    [
        ("OMIM:312750", "HP:0010864", "2 of 2"),
        ("OMIM:312750", "HP:0001249", "2 of 2"),  # of a kind of it
        ("OMIM:312750", "HP:0001250", ""),  # a word of the HPO beside 3/4
        ("OMIM:183600", "HP:0001171", ""),  # 20 of 20
        ("OMIM:214100", "HP:0002014", UNSTATED),
        ("OMIM:214100", "HP:0001250", ""),  # 1 of 4: four are no handful
        ("OMIM:105830", "HP:0000365", ""),  # not annotated
    ],
)
def test_what_a_frequency_rests_on(kb: KnowledgeBase, disease: str, term: str, rests_on: str) -> None:
    number = kb.disease(disease)
    assert number is not None
    assert described(kb, number, kb.term(term)) == rests_on


def test_a_handful_of_patients_is_told_as_such() -> None:
    assert how_often(1.0, "1 of 1") == "in 1 of 1 described"
    assert how_often(0.5, UNSTATED) == "frequency not stated"
    assert how_often(1.0) == "always"
    assert how_often(None) == ""


def test_a_disease_has_what_its_name_says() -> None:
    kb = load()
    number = kb.disease("ORPHA:209981") or next(
        d for d, name in enumerate(kb.disease_names) if "iron deficiency anemia" in name.lower()
    )
    named = named_findings(kb, number)
    assert kb.term("HP:0001903") in named  # anemia
    assert kb.term("HP:0001250") not in named


def test_what_a_name_is_without_is_not_its_finding() -> None:
    kb = load()
    number = next(d for d, name in enumerate(kb.disease_names) if " without methylmalonic aciduria" in name.lower())
    assert kb.term_names.index("Methylmalonic aciduria") not in named_findings(kb, number)
