"""A FHIR R4 bundle as input: what it says clinically becomes a note, the rest is counted, names are never taken."""

import base64
import json
import sys
from typing import Any

import pytest

from fake_product import fake_names
from raredxr1.diagnose.fhir import note_of_fhir
from raredxr1.diagnose.inputs import Text, note_of, read_input
from raredxr1.errors import InputError

PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "gender": "female",
    "birthDate": "2019-03-12",
    "name": [{"family": "Quill", "given": ["Nora"]}],
}
SUBJECT = {"reference": "Patient/p"}
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def condition(text: str, status: str = "confirmed") -> dict[str, Any]:
    coding = [{"system": VERIFICATION, "code": status}]
    return {"resourceType": "Condition", "subject": SUBJECT, "code": {"text": text},
            "verificationStatus": {"coding": coding}, "recordedDate": "2023-03-20"}  # fmt: skip


def observation(text: str, **value: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "status": "final", "subject": SUBJECT, "code": {"text": text}, **value}


def document(text: str, kind: str = "text/plain") -> dict[str, Any]:
    data = base64.b64encode(text.encode()).decode()
    return {"resourceType": "DocumentReference", "status": "current", "subject": SUBJECT,
            "content": [{"attachment": {"contentType": kind, "data": data}}]}  # fmt: skip


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def test_what_the_bundle_says_becomes_a_note() -> None:
    note, notices = note_of_fhir(
        bundle(
            PATIENT,
            condition("Seizure"),
            condition("Microcephaly", "refuted"),
            condition("Mistake", "entered-in-error"),
            observation("Hypotonia", valueBoolean=True),
            observation("Hepatomegaly", valueCodeableConcept={"text": "Absent"}),
            observation(
                "Creatine kinase", valueQuantity={"value": 4200, "unit": "U/L"}, interpretation=[{"text": "high"}]
            ),
            document("She never walked unaided."),
            document("<p>Head growth is <b>slow</b> &amp; stalled.</p>", "text/html"),
        ),
        "b.json",
    )
    assert note.splitlines()[0] == "Female, 4 years."
    assert "Findings: Seizure; Hypotonia." in note
    assert "Absent: Microcephaly; Hepatomegaly." in note
    assert "Measurements: Creatine kinase 4200 U/L (high)." in note
    assert "She never walked unaided." in note
    assert "Head growth is  slow  & stalled." in note
    assert "Mistake" not in note
    assert any("entered in error" in notice for notice in notices)


def test_names_are_never_taken_and_what_is_left_out_is_counted() -> None:
    note, notices = note_of_fhir(
        bundle(
            PATIENT,
            condition("Seizure"),
            {"resourceType": "AllergyIntolerance", "patient": SUBJECT, "code": {"text": "Penicillin"}},
            {"resourceType": "DocumentReference", "status": "current", "content": [{"attachment": {"url": "http://x.example/a.pdf"}}]},
        ),
        "b.json",
    )  # fmt: skip
    assert "Quill" not in note
    assert "Left out of the bundle: 1 AllergyIntolerance, 1 DocumentReference without attached text." in notices


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (PATIENT, "a FHIR Patient; give a Bundle"),
        (bundle(PATIENT), "without conditions, observations or document text"),
        (bundle(PATIENT, {**PATIENT, "id": "q"}, condition("Seizure")), "several patients"),
        (bundle({**PATIENT, "birthDate": "Quill"}), r"not valid FHIR R4 \(entry.*birthDate"),
        (bundle({"resourceType": "Zork"}), "not valid FHIR R4"),
    ],
)
def test_what_cannot_be_used_is_said_without_repeating_it(value: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said) as raised:
        note_of_fhir(value, "b.json")
    assert "Quill" not in str(raised.value)


def test_a_bundle_is_told_by_its_content_and_its_notices_are_handed_on() -> None:
    data = json.dumps(bundle(PATIENT, document("She wrings her hands all day."))).encode()
    read = read_input(data, "b.json")
    assert isinstance(read, Text)
    note, notices = note_of(read, "b.json", fake_names().kb)
    assert note.endswith("She wrings her hands all day.")
    assert notices[0].startswith("The note was written from a FHIR bundle")


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fhir.resources.R4B.bundle", None)
    with pytest.raises(InputError, match=r"raredxr1\[fhir\]"):
        note_of_fhir(bundle(PATIENT), "b.json")
