"""A FHIR bundle as input: what it says clinically becomes a note, the rest is counted, names are never taken."""

import base64
import json
import sys
from typing import Any

import pytest

from fake_product import fake_names
from raredxr1.diagnose.fhir import FhirRecord, record_of_fhir
from raredxr1.diagnose.inputs import note_of, read_input
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


def note_of_fhir(value: dict[str, Any], name: str = "b.json") -> tuple[str, list[str]]:
    note, notices, left_out = record_of_fhir(value, name).note(fake_names().kb, name)
    return note, [*notices, *left_out]


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
    assert "Head growth is slow & stalled." in note
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
    assert "Left out of the bundle: 1 AllergyIntolerance." in notices
    assert "Attachments without text that can be read, left out: 1." in notices


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (PATIENT, "without conditions, observations or document text"),
        ({"resourceType": "Medication"}, "a FHIR Medication; give a Bundle"),
        (bundle(PATIENT), "without conditions, observations or document text"),
        (bundle(PATIENT, {**PATIENT, "id": "q"}, condition("Seizure")), "several patients"),
        (bundle({**PATIENT, "birthDate": "Quill"}), r"not valid FHIR R4 or R5 \(Patient.birthDate"),
        (bundle({"resourceType": "Zork"}), "without conditions, observations or document text.*1 Zork"),
    ],
)
def test_what_cannot_be_used_is_said_without_repeating_it(value: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said) as raised:
        note_of_fhir(value, "b.json")
    assert "Quill" not in str(raised.value)


def test_a_bundle_is_told_by_its_content_and_its_notices_are_handed_on() -> None:
    data = json.dumps(bundle(PATIENT, document("She wrings her hands all day."))).encode()
    read = read_input(data, "b.json")
    assert isinstance(read, FhirRecord)
    note, notices = note_of(read, "b.json", fake_names().kb)
    assert note.endswith("She wrings her hands all day.")
    assert notices[0].startswith("The note was written from a FHIR bundle")


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fhir.resources.R4B", None)
    with pytest.raises(InputError, match=r"raredxr1\[fhir\]"):
        note_of_fhir(bundle(PATIENT), "b.json")


# --- codes -----------------------------------------------------------------------------------------------------------


def coded(*codings: tuple[str, str] | tuple[str, str, str], **more: Any) -> dict[str, Any]:
    keys = ("system", "code", "display")
    code = {"coding": [dict(zip(keys, coding, strict=False)) for coding in codings]}
    return {"resourceType": "Condition", "subject": SUBJECT, "code": code, **more}


HPO, SNOMED = "http://purl.obolibrary.org/obo/hp.owl", "http://snomed.info/sct"


def test_hpo_codes_are_read_by_their_names_and_bare_codes_of_others_are_left_out_and_named() -> None:
    note, notices = note_of_fhir(
        bundle(
            PATIENT,
            coded((HPO, "HP:0001250")),
            coded((SNOMED, "57676002"), (HPO, "0002540")),
            coded((SNOMED, "3006004")),
            coded((SNOMED, "82470000", "Hypoxia (disorder)")),
        )
    )
    assert "Findings: Seizure; Inability to walk; Hypoxia." in note
    assert any("SNOMED CT 3006004" in notice for notice in notices)
    assert "57676002" not in note + "".join(notices)


@pytest.mark.parametrize("system", [SNOMED, "http://hl7.org/fhir/sid/icd-10-cm", "urn:oid:1.2.3"])
def test_a_bundle_of_nothing_but_bare_codes_is_refused(system: str) -> None:
    with pytest.raises(InputError, match="codes without words"):
        note_of_fhir(bundle(PATIENT, coded((system, "G40.9"))))


def test_an_hpo_code_that_is_unknown_is_read_by_its_words_or_left_out_and_said() -> None:
    note, notices = note_of_fhir(
        bundle(PATIENT, coded((HPO, "HP:0999991", "Odd gait")), coded((HPO, "HP:0999992")), condition("Seizure"))
    )
    assert "Odd gait" in note
    assert any("HP:0999991 is unknown" in notice for notice in notices)
    assert any("HP:0999992" in notice and "left out" in notice for notice in notices)


# --- what a resource says of its finding -----------------------------------------------------------------------------


def concept(code: str = "", display: str = "", text: str = "") -> dict[str, Any]:
    coding = {key: value for key, value in (("code", code), ("display", display)) if value}
    return {**({"coding": [coding]} if coding else {}), **({"text": text} if text else {})}


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"valueString": "None"}, "Absent"),
        ({"valueString": "no evidence."}, "Absent"),
        ({"valueString": "No evidence of any seizures"}, "Absent"),
        ({"valueString": "Absent on both examinations"}, "Absent"),
        ({"valueString": "Never"}, "Absent"),
        ({"valueString": "Denied"}, "Absent"),
        ({"valueString": "Observed"}, "Findings"),
        ({"valueInteger": 0}, "Absent"),
        ({"valueCodeableConcept": concept("2667000")}, "Absent"),
        ({"valueCodeableConcept": concept("LA9634-2", "Absent")}, "Absent"),
        ({"valueCodeableConcept": concept(display="Not detected (qualifier value)")}, "Absent"),
        ({"valueCodeableConcept": concept("373066001")}, "Findings"),
        ({"interpretation": [concept("POS")]}, "Findings"),
        ({"interpretation": [concept("NEG")]}, "Absent"),
        ({"interpretation": [concept(display="Negative")]}, "Absent"),
        ({"interpretation": [concept("ND")]}, "Absent"),
        ({"valueBoolean": False, "interpretation": [concept("POS")]}, "Absent"),
        ({"valueString": "see report", "interpretation": [concept("NEG")]}, "Absent"),
    ],
)
def test_what_an_observation_found_is_read_from_its_value_and_its_interpretation(
    value: dict[str, Any], where: str
) -> None:
    note, _ = note_of_fhir(bundle(PATIENT, observation("Seizures", **value), condition("Ataxia")))
    assert any(line.startswith(where) and "Seizures" in line for line in note.splitlines())


@pytest.mark.parametrize(
    "value",
    [
        {"dataAbsentReason": concept("unknown")},
        {"valueString": "not assessed"},
        {"valueCodeableConcept": concept("261665006", "Unknown")},
        {"interpretation": [concept("IND")]},
        {},
        {"status": "entered-in-error", "valueBoolean": True},
        {"focus": [{"reference": "Patient/mother"}], "valueBoolean": True},
    ],
)
def test_an_observation_that_says_nothing_of_the_patient_is_left_out_and_counted(value: dict[str, Any]) -> None:
    note, notices = note_of_fhir(bundle(PATIENT, {**observation("Seizures"), **value}, condition("Ataxia")))
    assert "Seizures" not in note
    assert any("1." in notice for notice in notices[1:])


def test_a_finding_that_is_an_observations_value_is_the_finding() -> None:
    finding = {"coding": [{"system": HPO, "code": "HP:0001250", "display": "Seizure"}]}
    note, _ = note_of_fhir(
        bundle(
            PATIENT,
            observation("Phenotype", valueCodeableConcept=finding),
            observation(
                "Clinical finding", valueCodeableConcept=concept(text="Ataxia"), interpretation=[concept("NEG")]
            ),
        )
    )
    assert "Findings: Seizure." in note
    assert "Absent: Ataxia." in note


def test_an_answer_in_a_sentence_stays_a_sentence() -> None:
    note, _ = note_of_fhir(bundle(PATIENT, observation("Eyes", valueString="No cataract, but aniridia on both sides")))
    assert "Eyes: No cataract, but aniridia on both sides." in note
    assert "Findings" not in note


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"verificationStatus": concept("unconfirmed")}, "not confirmed"),
        ({"verificationStatus": concept("differential")}, "not confirmed"),
        ({"verificationStatus": concept(text="Provisional")}, "not confirmed"),
        ({"clinicalStatus": concept("resolved")}, "no longer there"),
        ({"clinicalStatus": concept("inactive")}, "no longer there"),
        ({"clinicalStatus": concept("remission")}, "no longer there"),
        ({"subject": {"reference": "Patient/other"}}, "about somebody else"),
        ({"subject": {"reference": "Group/g"}}, "about somebody else"),
        ({"subject": {"reference": "https://x.example/fhir/Patient/other/_history/3"}}, "about somebody else"),
    ],
)
def test_a_condition_that_the_patient_does_not_have_now_is_left_out_and_said(more: dict[str, Any], said: str) -> None:
    note, notices = note_of_fhir(bundle(PATIENT, {**condition("Cataract"), **more}, condition("Ataxia")))
    assert "Cataract" not in note
    assert any(said in notice for notice in notices)


def test_a_condition_that_comes_back_is_there() -> None:
    note, _ = note_of_fhir(bundle(PATIENT, {**condition("Ataxia"), "clinicalStatus": concept("recurrence")}))
    assert "Findings: Ataxia." in note


def test_the_same_finding_there_and_not_is_left_out_and_said() -> None:
    note, notices = note_of_fhir(
        bundle(PATIENT, condition("Ataxia"), condition("ataxia", "refuted"), condition("Fits"))
    )
    assert "taxia" not in note
    assert any("present and as absent" in notice for notice in notices)


def test_a_relatives_history_is_not_the_patients() -> None:
    history = {"resourceType": "FamilyMemberHistory", "status": "completed", "patient": SUBJECT,
               "relationship": {"text": "mother"}, "condition": [{"code": {"text": "Cataract"}}]}  # fmt: skip
    note, notices = note_of_fhir(bundle(PATIENT, history, condition("Ataxia")))
    assert "Cataract" not in note
    assert any("1 FamilyMemberHistory" in notice for notice in notices)


# --- whom a bundle is about ------------------------------------------------------------------------------------------


def test_references_of_a_transaction_and_of_another_server_are_followed() -> None:
    value = bundle(
        {key: held for key, held in PATIENT.items() if key != "id"},
        {**condition("Ataxia"), "subject": {"reference": "urn:uuid:1"}},
        {**condition("Cataract"), "subject": {"reference": "urn:uuid:2"}},
    )
    value["type"] = "transaction"
    value["entry"][0]["fullUrl"] = "urn:uuid:1"
    for entry in value["entry"]:
        entry["request"] = {"method": "POST", "url": "x"}
    note, _notices = note_of_fhir(value)
    assert "Findings: Ataxia." in note
    assert "Cataract" not in note
    absolute = {**condition("Ataxia"), "subject": {"reference": "https://x.example/fhir/Patient/p/_history/1"}}
    assert "Ataxia" in note_of_fhir(bundle(PATIENT, absolute))[0]


def test_without_a_patient_several_subjects_are_several_patients() -> None:
    other = {**condition("Cataract"), "subject": {"reference": "Patient/q"}}
    with pytest.raises(InputError, match="several patients"):
        note_of_fhir(bundle(condition("Ataxia"), other))


def test_a_history_gives_the_newest_version_and_nothing_that_was_deleted() -> None:
    value = bundle(
        PATIENT,
        {**condition("Ataxia"), "id": "c", "meta": {"lastUpdated": "2024-02-01T00:00:00Z"}},
        {**condition("Cataract"), "id": "c", "meta": {"lastUpdated": "2024-01-01T00:00:00Z"}},
        {**condition("Deafness"), "id": "d"},
    )
    value["entry"][3]["request"] = {"method": "DELETE", "url": "Condition/d"}
    note, _ = note_of_fhir(value)
    assert "Findings: Ataxia." in note


def test_lines_of_resources_are_a_bundle() -> None:
    lines = "\n".join(json.dumps(one) for one in (PATIENT, condition("Seizure")))
    note, _ = note_of(read_input(lines.encode(), "export.ndjson"), "export.ndjson", fake_names().kb)
    assert note == "Female, 4 years.\nFindings: Seizure."


def test_an_invalid_resource_is_left_out_and_a_valid_one_of_release_5_is_read() -> None:
    note, notices = note_of_fhir(
        bundle(
            PATIENT,
            {
                **condition("Ataxia"),
                "clinicalStatus": concept("active"),
                "participant": [{"actor": {"reference": "Practitioner/x"}}],
            },
            {**condition("Cataract"), "recordedDate": "yesterday"},
        )
    )
    assert "Findings: Ataxia." in note
    assert any("1 Condition that is not valid" in notice for notice in notices)


# --- documents -------------------------------------------------------------------------------------------------------


def attached(content: bytes, kind: str | None, **more: Any) -> dict[str, Any]:
    attachment = {"data": base64.b64encode(content).decode(), **({"contentType": kind} if kind else {}), **more}
    return {"resourceType": "DocumentReference", "status": "current", "content": [{"attachment": attachment}]}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("Größe klein, ataxia".encode("latin-1"), "text/plain; charset=ISO-8859-1"),
        ("Größe klein, ataxia".encode("cp1252"), 'text/plain;charset="windows-1252"'),
        ("Größe klein, ataxia".encode("latin-1"), "text/plain"),
        ("Größe klein, ataxia".encode("utf-16"), "text/plain; charset=utf-16"),
        ("Größe klein, ataxia".encode("utf-16"), "text/plain"),
        ("Größe klein, ataxia".encode(), "text/plain; charset=nonsense"),
        ("Größe klein, ataxia".encode(), None),
        ("<html><meta charset=latin1><p>Größe klein, ataxia</p>".encode("latin-1"), "text/html"),
    ],
)
def test_an_attachment_is_read_by_its_charset(data: bytes, kind: str | None) -> None:
    assert "Größe klein, ataxia" in note_of_fhir(bundle(PATIENT, attached(data, kind)))[0]


def test_base64_is_read_as_it_is_met() -> None:
    data = b"Seizures since birth ~~~ and ataxia???"
    packed = base64.urlsafe_b64encode(data).decode().rstrip("=")
    broken = "\n ".join(packed[at : at + 10] for at in range(0, len(packed), 10))
    assert "and ataxia???" in note_of_fhir(bundle(PATIENT, attached(b"x", "text/plain", data=broken)))[0]


def test_a_page_gives_a_line_for_each_block_and_nothing_of_its_styles() -> None:
    page = (
        "<html><head><title>Letter</title><style>b{color:red}</style></head><body><script>var a='Cataract'</script>"
        "<table><tr><td>Seizures</td><td>yes</td></tr><tr><td>No ataxia</td></tr></table>"
        "<ul><li>Microcephaly<li>Short&nbsp;stature</ul><p style='display:none'>Deafness</p><!-- Ptosis -->"
        "</body></html>"
    )
    note, _ = note_of_fhir(bundle(PATIENT, attached(page.encode(), "text/html")))
    assert note.split("\n\n")[-1] == "Seizures\tyes\nNo ataxia\nMicrocephaly\nShort stature"


def test_sections_of_a_document_are_read_with_their_titles() -> None:
    def section(title: str, html: str, **more: Any) -> dict[str, Any]:
        div = f'<div xmlns="http://www.w3.org/1999/xhtml">{html}</div>'
        return {"title": title, "text": {"status": "generated", "div": div}, **more}

    composition = {
        "resourceType": "Composition", "status": "final", "type": {"text": "Letter"}, "date": "2023-03-20",
        "title": "Letter", "author": [{"display": "x"}], "subject": SUBJECT,
        "section": [section("Problems", "<ul><li>Seizures</li><li>No ataxia</li></ul>",
                            section=[section("Family history", "<p>Mother: cataract</p>")])],
    }  # fmt: skip
    value = {**bundle(composition, PATIENT), "type": "document"}
    note, _ = note_of_fhir(value)
    assert "Female, 4 years." in note
    assert "Problems:\nSeizures\nNo ataxia" in note
    assert "Family history:\nMother: cataract" in note


def test_a_binary_that_a_document_refers_to_is_its_text() -> None:
    binary = {"resourceType": "Binary", "id": "b1", "contentType": "text/plain",
              "data": base64.b64encode(b"She has seizures.").decode()}  # fmt: skip
    document = {"resourceType": "DocumentReference", "status": "current",
                "content": [{"attachment": {"contentType": "text/plain", "url": "Binary/b1"}}]}  # fmt: skip
    assert "She has seizures." in note_of_fhir(bundle(PATIENT, document, binary))[0]


def test_a_withdrawn_document_is_left_out_and_said() -> None:
    note, notices = note_of_fhir(
        bundle(PATIENT, {**attached(b"Deafness.", "text/plain"), "status": "entered-in-error"}, condition("Ataxia"))
    )
    assert "Deafness" not in note
    assert any("withdrawn" in notice for notice in notices)


def test_strictly_read_a_bundle_loses_nothing() -> None:
    data = json.dumps(bundle(PATIENT, condition("Ataxia"), coded((SNOMED, "1")))).encode()
    with pytest.raises(InputError, match="strict"):
        note_of(read_input(data, "b.json"), "b.json", fake_names().kb, strict=True)
