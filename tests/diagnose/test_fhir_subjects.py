"""Whom a FHIR resource is about, what is contained in it, and what stands beside its coded fields."""

import base64
from typing import Any

import pytest
from fpdf import FPDF
from test_fhir import PATIENT, SUBJECT, attached, bundle, concept, condition, note_of_fhir, observation

from fake_product import fake_names
from raredxr1.diagnose.fhir import record_of_fhir
from raredxr1.diagnose.inputs import note_of
from raredxr1.errors import InputError


def report(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "subject": SUBJECT,
        "code": {"text": "Report"},
        **more,
    }


def narrative(words: str) -> dict[str, str]:
    return {"status": "generated", "div": f"<div xmlns='http://www.w3.org/1999/xhtml'>{words}</div>"}


# --- contained resources ---------------------------------------------------------------------------------------------


def test_results_contained_in_a_report_are_read_as_of_its_subject() -> None:
    result = {**observation("Seizures", valueBoolean=True), "id": "o"}
    del result["subject"]
    note, _ = note_of_fhir(bundle(PATIENT, report(contained=[result], result=[{"reference": "#o"}])))
    assert "Findings: Seizures." in note


def test_what_a_withdrawn_report_or_a_relatives_history_contains_is_not_read() -> None:
    held = [{**observation("Seizures", valueBoolean=True), "id": "o"}]
    relative = {
        "resourceType": "FamilyMemberHistory",
        "status": "completed",
        "patient": SUBJECT,
        "relationship": {"text": "aunt"},
        "contained": held,
    }
    withdrawn = report(status="entered-in-error", contained=held, conclusionCode=[concept(text="Cataract")])
    note, notices = note_of_fhir(bundle(PATIENT, relative, withdrawn, condition("Ataxia")))
    assert "Seizures" not in note
    assert "Cataract" not in note
    assert any("withdrawn" in notice for notice in notices)


def test_a_contained_patient_is_the_patient_where_there_is_no_other() -> None:
    person = {"resourceType": "Patient", "id": "a", "gender": "male", "birthDate": "2018-03-01"}
    found = [{**condition(said), "subject": {"reference": "#a"}, "contained": [person]} for said in ("Ataxia", "Fits")]
    note, _ = note_of_fhir(bundle(*found))
    assert note.startswith("Male, 5 years.")
    assert "Findings: Ataxia; Fits." in note


@pytest.mark.parametrize(("other", "taken"), [({"gender": "female"}, True), ({"birthDate": "1985-01-01"}, False)])
def test_a_contained_patient_beside_the_patient_is_somebody_else_where_they_differ(
    other: dict[str, Any], taken: bool
) -> None:
    person = {"resourceType": "Patient", "id": "a", **other}
    found = {**condition("Cataract"), "subject": {"reference": "#a"}, "contained": [person]}
    note, _ = note_of_fhir(bundle(PATIENT, found, condition("Ataxia")))
    assert ("Cataract" in note) is taken


def test_two_contained_patients_are_several() -> None:
    found = [
        {
            **condition("Ataxia"),
            "subject": {"reference": "#a"},
            "contained": [{"resourceType": "Patient", "id": "a", "birthDate": born}],
        }
        for born in ("2001-01-01", "2002-02-02")
    ]
    with pytest.raises(InputError, match="several patients"):
        note_of_fhir(bundle(*found))


# --- subjects by identifier ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "taken"),
    [
        ({"identifier": {"system": "urn:mrn", "value": "7"}}, True),
        ({"identifier": {"value": "7"}}, True),
        ({"identifier": {"system": "urn:mrn", "value": "8"}}, False),
        ({"reference": "Patient?identifier=urn:mrn|7"}, True),
        ({"reference": "Patient?identifier=urn:mrn|9"}, False),
        ({"display": "Nora"}, True),
    ],
)
def test_a_subject_named_by_identifier_is_the_patient_who_has_it(subject: dict[str, Any], taken: bool) -> None:
    person = {**PATIENT, "identifier": [{"system": "urn:mrn", "value": "7"}]}
    note, notices = note_of_fhir(bundle(person, {**condition("Cataract"), "subject": subject}, condition("Ataxia")))
    assert ("Cataract" in note) is taken
    assert any("somebody else" in notice for notice in notices) is not taken


@pytest.mark.parametrize("part", [{"resourceType": ["Patient"]}, {"resourceType": True}, {"id": "x"}])
def test_a_resource_without_a_type_is_left_out(part: dict[str, Any]) -> None:
    note, notices = note_of_fhir(bundle(PATIENT, part, condition("Ataxia")))
    assert "Findings: Ataxia." in note
    assert any("without a type" in notice for notice in notices)


# --- what stands beside codes ----------------------------------------------------------------------------------------


def test_a_report_or_condition_of_words_alone_is_read_by_its_narrative() -> None:
    bare = {**condition("x"), "text": narrative("Microcephaly")}
    del bare["code"]
    found = report(text=narrative("<p>Seizures since birth.</p><p>No ataxia.</p>"))
    note, _ = note_of_fhir(bundle(PATIENT, bare, found))
    assert {"Microcephaly.", "Seizures since birth.", "No ataxia."} <= set(note.splitlines())


def test_annotations_are_read() -> None:
    noted = {**condition("Ataxia"), "note": [{"text": "No seizures\nso far."}]}
    note, _ = note_of_fhir(bundle(PATIENT, noted))
    assert "No seizures so far." in note


@pytest.mark.parametrize("status", [None, concept("resolved")])
def test_a_condition_that_ended_is_no_longer_there(status: dict[str, Any] | None) -> None:
    ended = {
        **condition("Cataract"),
        "abatementDateTime": "2020-01-01",
        **({"clinicalStatus": status} if status else {}),
    }
    note, notices = note_of_fhir(bundle(PATIENT, ended, condition("Ataxia")))
    assert "Cataract" not in note
    assert any("no longer there" in notice for notice in notices)


# --- values ----------------------------------------------------------------------------------------------------------

RANGE = {"low": {"value": 30, "unit": "U/L"}, "high": {"value": 200, "unit": "U/L"}}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"valueString": "free of seizures"}, "Absent: Seizures."),
        ({"valueString": "0"}, "Absent: Seizures."),
        ({"valueQuantity": {"value": 0, "unit": "/d"}}, "Absent: Seizures."),
        ({"valueQuantity": {"value": 0, "code": "{seizures}/wk"}}, "Absent: Seizures."),
        ({"valueQuantity": {"value": 3, "unit": "/d"}}, "Seizures 3 /d"),
        ({"valueString": "No seizures reported by her parents"}, "\nNo seizures reported by her parents."),
        ({"valueString": "within normal limits"}, "Seizures: within normal limits."),
        ({"interpretation": [concept("L")]}, "Seizures low"),
        ({"interpretation": [concept("N")]}, "Seizures: normal."),
        ({"interpretation": [concept("A")]}, "Seizures: abnormal."),
        ({"valueQuantity": {"value": 900, "unit": "U/L"}, "referenceRange": [RANGE]}, "Seizures 900 U/L (high)"),
        ({"valueQuantity": {"value": 9, "unit": "U/L"}, "referenceRange": [RANGE]}, "Seizures 9 U/L (low)"),
        ({"valueQuantity": {"value": 90, "unit": "U/L"}, "referenceRange": [RANGE]}, "Seizures 90 U/L (normal)"),
        ({"valueQuantity": {"value": 9, "unit": "kU/L"}, "referenceRange": [RANGE]}, "Seizures 9 kU/L."),
        ({"valueQuantity": {"value": 9, "unit": "U/L"}, "referenceRange": [RANGE, RANGE]}, "Seizures 9 U/L."),
    ],
)
def test_values_in_words(value: dict[str, Any], said: str) -> None:
    note, _ = note_of_fhir(bundle(PATIENT, observation("Seizures", **value), condition("Ataxia")))
    assert said in note


def test_an_abnormal_or_normal_coded_finding_is_there_or_not() -> None:
    hpo = {"coding": [{"system": "http://purl.obolibrary.org/obo/hp.owl", "code": "HP:0001250"}]}
    found = {**observation("x", interpretation=[concept("N")]), "code": hpo}
    note, _ = note_of_fhir(bundle(PATIENT, found, condition("Ataxia")))
    assert "Absent: Seizure." in note


# --- attachments -----------------------------------------------------------------------------------------------------


def pdf(words: str) -> bytes:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica")
    page.cell(text=words)
    return bytes(page.output())


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pdf("Girl with seizures."), "application/pdf"),
        (pdf("Girl with seizures."), "text/plain"),
        (rb"{\rtf1\ansi Girl with seizures.\par}", "application/rtf"),
        ("Girl with seizures.".encode("utf-16-le"), "text/plain; charset=utf-16le"),
        ("Girl with seizures.".encode("utf-16-be"), "text/plain"),
    ],
)
def test_attached_files_are_read_as_files_are(data: bytes, kind: str) -> None:
    assert "Girl with seizures." in note_of_fhir(bundle(PATIENT, attached(data, kind)))[0]


def test_a_damaged_attachment_is_left_out_and_said() -> None:
    form = {"contentType": "application/pdf", "data": base64.b64encode(b"%PDF-1.7 no more").decode()}
    _, notices = note_of_fhir(bundle(PATIENT, report(presentedForm=[form]), condition("Ataxia")))
    assert any("left out: 1" in notice for notice in notices)


def test_null_characters_never_reach_the_note() -> None:
    held = bundle(PATIENT, condition("Ataxia"), report(conclusion="Seizures\x00 since birth."))
    note, _ = note_of(record_of_fhir(held, "b.json"), "b.json", fake_names().kb)
    assert "Seizures  since birth." in note
