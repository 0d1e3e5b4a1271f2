"""Findings as case reports put them: modifiers inside a finding, repeats of a tumor, values, plain words for signs."""

import pytest

from raredxr1.knowledge import load
from raredxr1.knowledge.recognition import Recogniser


def present(text: str) -> list[str]:
    return [load().term_names[m.term] for m in Recogniser(load()).find(text) if m.assertion.value == "present"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("He had pain in the distal left arm.", ["Limb pain"]),
        ("A cough, non-productive, and then a productive cough.", ["Cough", "Productive cough"]),
        ("She had a non-productive cough.", ["Nonproductive cough"]),
        ("Nausea and vomiting since Monday.", ["Nausea", "Vomiting"]),
        ("She complained of weakness.", ["Muscle weakness"]),
        ("One small bruise on the shin.", ["Ecchymosis"]),
        ("She has always bruised easily.", ["Bruising susceptibility"]),
    ],
)
def test_findings_of_case_reports(text: str, terms: list[str]) -> None:
    assert present(text) == terms


@pytest.mark.parametrize(
    "text",
    [
        "The abdomen showed a large spleen scar.",
        "Steroid eye drops were given.",
        "The patient lives with human immunodeficiency virus.",
        "A bone marrow aspirate was sent.",
        "Antinuclear antibodies were requested.",
        "There were blister-like structures.",
    ],
)
def test_words_that_are_no_finding(text: str) -> None:
    assert not set(present(text)) & {
        "Abdominal distention", "Ptosis", "Immunodeficiency", "Aspiration", "Antinuclear antibody positivity",
        "Abnormal blistering of the skin",
    }  # fmt: skip


def test_a_repeat_in_general_words_is_no_second_finding() -> None:
    assert present("An ultrasound found a hepatoblastoma. The tumor was resected.") == ["Hepatoblastoma"]
    assert present("The tumor grew.") == ["Neoplasm"]
