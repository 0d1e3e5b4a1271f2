"""What is said of a disease in general is no finding of the patient."""

import pytest

from growth import grows_slower
from raredxr1.knowledge.assertion import assertions

SEEN = "She was seen today. "


def state(note: str, finding: str) -> str:
    start = note.index(finding)
    return assertions(note, [(start, start + len(finding))])[0].value


@pytest.mark.parametrize(
    "note",
    [
        "Fabry disease causes {deafness} and stroke.",
        "Stickler syndrome is a disorder of collagen with {deafness}.",
        "I told them that the condition leads to {deafness}.",
        "In Alport syndrome there is often {deafness}.",
        "Variants in this gene are associated with {deafness}.",
        "Features of the syndrome include {deafness}.",
        "Most girls with the deletion develop {deafness}.",
        "About a third of people with it have {deafness}.",
        "Patients with the disease often have {deafness}.",
        "Girls with the deletion usually outgrow {deafness}.",
        "I read that MELAS causes {deafness}.",
        "The literature describes {deafness} by the age of ten.",
        "{deafness} has been described in this condition.",
        "The disorder is characterised by ataxia. Other features include {deafness}.",
        "Her mother had read about Usher syndrome: a disorder with {deafness}.",
    ],
)
def test_of_a_disease(note: str) -> None:
    assert state(SEEN + note.replace("{deafness}", "deafness"), "deafness") == "hypothetical"


@pytest.mark.parametrize(
    "note",
    [
        "Her Fabry disease causes deafness.",
        "Fabry disease is associated with stroke, and she has deafness.",
        "Kidney disease with deafness.",
        "The disease affects the left ear, with deafness.",
        "Other features include deafness.",
        "The clinical picture is characterised by deafness.",
        "She presents with features of the syndrome including deafness.",
        "The condition has led to deafness.",
    ],
)
def test_of_the_patient(note: str) -> None:
    assert state(SEEN + note, "deafness") == "present"


def test_a_description_of_a_disease_without_a_patient_says_what_is_there() -> None:
    assert state("The syndrome is characterised by deafness.", "deafness") == "present"


@pytest.mark.parametrize("piece", ["that ", "; ", " ", "some of the ", "Fabry disease ", "in Fabry "])
def test_the_time_grows_with_the_length_alone(piece: str) -> None:
    assert grows_slower(lambda count: state(SEEN + piece * count + "deafness", "deafness"), 400, 3200, times=20)
