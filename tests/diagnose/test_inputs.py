"""Bytes become a note: text, or a phenopacket told by its content."""

import json
from typing import Any

import pytest

from fake_product import NOTE, FakeKnowledge
from raredxr1.diagnose.inputs import Text, note_of, read_input
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.stated import stated_findings
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase

PACKET: dict[str, Any] = {
    "id": "p1",
    "subject": {"sex": "FEMALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P3Y"}}},
    "phenotypicFeatures": [{"type": {"id": "HP:0002540"}}, {"type": {"id": "HP:0001250"}, "excluded": True}],
}


@pytest.fixture(scope="module")
def shipped_kb() -> KnowledgeBase:
    return KnowledgeBase()


def note(data: bytes, name: str = "n") -> tuple[str, list[str]]:
    text, notices = note_of(read_input(data, name), name, FakeKnowledge())  # type: ignore[arg-type]
    return text, list(notices)


def test_text_is_the_note() -> None:
    assert note(NOTE.encode()) == (NOTE, [])


def test_a_phenopacket_is_rendered_whatever_its_name() -> None:
    text, notices = note(json.dumps(PACKET).encode(), "n.txt")
    assert text == "Female, 3 years.\nFindings: Inability to walk.\nAbsent: Seizure."
    assert len(notices) == 1
    assert "written from the phenopacket" in notices[0]


def test_an_old_id_is_read_as_its_successor_and_said() -> None:
    packet = {**PACKET, "phenotypicFeatures": [{"type": {"id": "HP:0000009"}}]}
    text, notices = note(json.dumps(packet).encode())
    assert "Seizure" in text
    assert "HP:0000009 is obsolete or an alternative id; it was read as HP:0001250." in notices


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        ({**PACKET, "phenotypicFeatures": []}, "p.json", "p.json: a phenopacket without phenotypicFeatures"),
        (
            {**PACKET, "phenotypicFeatures": [{"type": {"id": "HP:12"}}]},
            "p.json",
            "p.json: none of its 1 findings can be used: HP:12 is a malformed HPO id",
        ),
        (
            {**PACKET, "phenotypicFeatures": [{"type": {"id": "HP:9999999"}}]},
            "p.json",
            "p.json: none of its 1 findings can be used: HP:9999999 is not in HPO",
        ),
        ({"note": NOTE}, "p.json", "p.json: JSON, but no phenopacket"),
        ([PACKET], "p", "p: JSON, but no phenopacket"),
    ],
)
def test_json_that_gives_no_note_is_refused(data: object, name: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        note(json.dumps(data).encode(), name)
    assert str(caught.value).startswith(said)


def test_broken_json_is_refused_where_the_name_says_json_and_is_text_elsewhere() -> None:
    text = "[Redacted] never walked unaided"
    assert read_input(text.encode(), "n.txt") == Text(text)
    with pytest.raises(InputError, match=r"n\.json: no JSON"):
        read_input(text.encode(), "n.json")
    with pytest.raises(InputError, match="nested too deeply"):
        read_input(b"[" * 100_000, "n.txt")


# --- what a phenopacket says of its terms ----------------------------------------------------------------------------


def features(*listed: tuple[Any, ...], **more: Any) -> bytes:
    """Of (id, label, excluded)."""
    keys = ("id", "label")
    made = [{"type": dict(zip(keys, one[:2], strict=False)), "excluded": bool(one[2:] and one[2])} for one in listed]
    return json.dumps({"id": "p", "phenotypicFeatures": made, **more}).encode()


def read(data: bytes, kb: KnowledgeBase, name: str = "p.json", **how: Any) -> tuple[str, list[str]]:
    text, notices = note_of(read_input(data, name), name, kb, **how)
    return text, list(notices)


def test_what_is_stated_as_present_and_as_absent_is_left_out_and_said(shipped_kb: KnowledgeBase) -> None:
    data = features(("HP:0001251",), ("HP:0001250",), ("HP:0001250", "", True))
    text, notices = read(data, shipped_kb)
    assert text == "Findings: Ataxia."
    assert "Seizure (HP:0001250) is stated as present and as absent; it was left out." in notices


def test_an_absent_term_above_a_present_one_is_left_out_and_one_below_is_kept(shipped_kb: KnowledgeBase) -> None:
    above = features(("HP:0002373", "Febrile seizure"), ("HP:0001250", "Seizure", True))
    text, notices = read(above, shipped_kb)
    assert "Absent" not in text
    assert any("which is a kind of it" in notice for notice in notices)
    below = features(("HP:0001250", "Seizure"), ("HP:0002373", "", True))
    text, notices = read(below, shipped_kb)
    assert "Absent: " in text
    assert len(notices) == 1


@pytest.mark.parametrize(
    ("feature", "said"),
    [
        (("HP:0999999", "Never heard of"), "HP:0999999 (Never heard of) is not in HPO"),
        (("HP:125", "Odd"), "HP:125 (Odd) is a malformed HPO id"),
        (("SNOMED:1", "Nothing here"), "SNOMED:1 (Nothing here) is no HPO term"),
        (("SNOMED:1", "Ataxia"), "was read by its label as Ataxia (HP:0001251)"),
        (("HP:0001251", "Macrocephaly"), "id and label disagree"),
        (("HP:0001251", "Broken arm"), "id and label disagree"),
        (("HP:0000006", "Autosomal dominant inheritance"), "HP:0000006"),
    ],
)
def test_what_cannot_be_used_as_it_stands_is_said_and_strictly_refused(
    feature: tuple[str, str], said: str, shipped_kb: KnowledgeBase
) -> None:
    data = features(feature, ("HP:0001250", "Seizure"))
    text, notices = read(data, shipped_kb)
    assert "Seizure" in text
    assert any(said in notice for notice in notices)
    with pytest.raises(InputError, match="strict"):
        read(data, shipped_kb, strict=True)


def test_any_name_of_a_term_fits_its_id(shipped_kb: KnowledgeBase) -> None:
    _, notices = read(
        features(("HP:0001250", "Epileptic seizure"), ("HP:0001249", "intellectual disability")), shipped_kb
    )
    assert len(notices) == 1


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ({"ageRange": {"start": {"iso8601duration": "P3Y"}, "end": {"iso8601duration": "P5Y"}}}, "3 to 5 years."),
        (
            {"ageRange": {"start": {"iso8601duration": "P18M"}, "end": {"iso8601duration": "P3Y"}}},
            "18 months to 3 years.",
        ),
        ({"ageRange": {"start": {"iso8601duration": "P3Y"}, "end": {"iso8601duration": "P3Y"}}}, "3 years."),
        ({"age": {"iso8601duration": "p3y"}}, "3 years."),
        ({"age": {"iso8601duration": "P3,5Y"}}, "3.5 years."),
        ({"age": "P3Y"}, "3 years."),
        ({"gestationalAge": {"weeks": 33, "days": 2}}, "33 weeks 2 days of gestation."),
    ],
)
def test_ages_are_said_in_words(time: dict[str, Any], said: str) -> None:
    text, _ = note(features(("HP:0001250",), subject={"timeAtLastEncounter": time}))
    assert text.splitlines()[0] == said


@pytest.mark.parametrize("age", ["P", "PXY", "-P3Y", "P400Y", "P5Y to P3Y"])
def test_an_age_that_is_none_is_left_out_and_said(age: str) -> None:
    data = features(("HP:0001250",), subject={"timeAtLastEncounter": {"age": {"iso8601duration": age}}})
    text, notices = note(data)
    assert text == "Findings: Seizure."
    assert any("no ISO 8601 duration" in notice for notice in notices)


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ({"timestamp": "2014-07-01T00:00:00Z"}, "4 years 5 months."),
        ({"interval": {"start": "2014-01-01", "end": "2016-01-01"}}, "4 years to 5 years 11 months."),
        ({"timestamp": "2009-07-01T00:00:00Z"}, "Findings: Seizure."),
        ({"gestationalAge": {"weeks": {"low": 3}}}, "Findings: Seizure."),
    ],
)
def test_an_age_is_computed_from_dates_where_it_is_not_said(time: dict[str, Any], said: str) -> None:
    subject = {"dateOfBirth": "2010-01-01T00:00:00Z", "timeAtLastEncounter": time}
    text, _ = note(features(("HP:0001250",), subject=subject))
    assert text.splitlines()[0] == said


# --- YAML ------------------------------------------------------------------------------------------------------------

YAML = """id: x
subject: {id: p, sex: FEMALE}
phenotypicFeatures:
  - type: {id: HP:0002540, label: Inability to walk}
  - type: &seizure
      id: HP:0001250
    excluded: true
metaData:
  created: 2024-01-01
"""


@pytest.mark.parametrize("name", ["p.yml", "p.YAML", "p", "standard input"])
def test_a_phenopacket_in_yaml_is_read_by_name_or_content(name: str) -> None:
    assert note(YAML.encode(), name)[0] == "Female.\nFindings: Inability to walk.\nAbsent: Seizure."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("phenotypicFeatures:\n  - type: [", "no YAML that can be read"),
        ("phenotypicFeatures: !!python/object/apply:os.system ['true']", "no YAML that can be read (line 1)"),
        (YAML + "phenotypicFeatures: []\n", "no YAML that can be read"),
        (YAML + "---\n" + YAML, "2 YAML documents"),
        ("phenotypicFeatures: " + "[" * 5000, "nested too deeply"),
        ("a: &a [x]\nphenotypicFeatures: [" + "*a, " * 1000 + "]", "more than 200 aliases"),
        ("note: She never walked.", "YAML, but no phenopacket"),
    ],
)
def test_yaml_that_is_no_phenopacket_or_tries_more_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        note(text.encode(), "p.yaml")
    assert said in str(caught.value)


def test_a_note_with_a_colon_is_no_yaml() -> None:
    text = "Phenotypic features: short stature.\nNote: she never walked."
    assert note(text.encode(), "n.txt")[0] == text


# --- JSON and other formats ------------------------------------------------------------------------------------------

SEIZURE = '{"type": {"id": "HP:0001250"}, "excluded": true%s}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"phenotypicFeatures": [' + SEIZURE % ', "excluded": false' + "]}", "a key stands twice"),
        ('{"phenotypicFeatures": [' + SEIZURE % ', "onset": NaN' + "]}", "NaN is no JSON"),
        ('{"phenotypicFeatures": [' + SEIZURE % f', "x": {"9" * 5000}' + "]}", "number too long"),
        ('<Bundle xmlns="http://hl7.org/fhir"><entry/></Bundle>', "FHIR as XML"),
        ('<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"/>', "CDA"),
        ("MSH|^~\\&|A|B\rOBX|1|ST|Seizures||No\r", "HL7 version 2"),
    ],
)
def test_what_could_be_read_two_ways_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_input(text.encode(), "n")


def test_what_else_a_phenopacket_holds_is_said(shipped_kb: KnowledgeBase) -> None:
    _, notices = read(features(("HP:0001250",), measurements=[{}, {}], medicalActions=[{}]), shipped_kb)
    assert any("2 measurements, 1 medicalActions" in notice for notice in notices)


def test_a_finding_that_names_none_is_left_out(shipped_kb: KnowledgeBase) -> None:
    note, notices = read(features(("HP:0000118",), ("HP:0001250",)), shipped_kb)
    assert "Phenotypic abnormality" not in note
    assert any("names no finding" in notice for notice in notices)


@pytest.mark.parametrize("excluded", [False, True])
def test_a_finding_whose_label_is_not_read_alone_is_given_with_its_id(
    shipped_kb: KnowledgeBase, excluded: bool
) -> None:
    names, lost = open_names(), ("HP:0031392", "HP:0002121", "HP:0030534", "HP:0001250")
    text, _ = read(features(*((hpo_id, "", excluded) for hpo_id in lost)), names.kb)
    said = {found.hpo_id: found.state for found in stated_findings(text, [], names)}
    assert {said[hpo_id] for hpo_id in lost} == {"absent" if excluded else "present"}
    assert "Seizure;" in text or "Seizure." in text, "a label that is read stands alone"
