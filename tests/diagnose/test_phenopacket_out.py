"""A Result as a phenopacket: read back by the standard's own package, and by this program."""

import datetime
import json
from pathlib import Path

import phenopackets
from google.protobuf.json_format import Parse

from crr_product import NOTE, fitted, scripted, tiny_names
from fake_product import NOTE as GIRL
from fake_product import fake_model, fake_names
from raredxr1.cases.phenopackets import case_of_phenopacket
from raredxr1.diagnose.output.phenopacket import phenopacket
from raredxr1.diagnose.pipeline import Options, diagnose

WHEN = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)


def test_the_standards_own_package_reads_it() -> None:
    result = diagnose(GIRL, fake_model(), fake_names(), Options(form="full"))
    packet = Parse(phenopacket(result, WHEN), phenopackets.Phenopacket())
    assert packet.subject.sex == phenopackets.FEMALE
    assert [(f.type.id, f.excluded) for f in packet.phenotypic_features] == [
        ("HP:0002540", False),
        ("HP:0012171", False),
        ("HP:0001250", True),
    ]
    assert packet.meta_data.phenopacket_schema_version == "2.0"
    assert packet.meta_data.created.ToJsonString() == "2026-01-02T03:04:05Z"
    first, _, unlinked = packet.interpretations
    assert (first.diagnosis.disease.id, first.diagnosis.disease.label) == ("OMIM:312750", "Rett syndrome")
    assert "confidence 84% (beam probability)" in first.summary
    # a name that links to nothing is kept in words: a phenopacket cannot name a disease without an id
    assert not unlinked.HasField("diagnosis")
    assert "Hand-wringing disease of Atlantis" in unlinked.summary


def test_without_quoted_findings_those_the_note_names_are_given_and_say_so(tmp_path: Path) -> None:
    names = tiny_names(tmp_path)
    result = diagnose(NOTE, scripted(fitted()), names, Options(form="short"))
    packet = json.loads(phenopacket(result))
    assert [(f["type"]["id"], f.get("excluded", False)) for f in packet["phenotypicFeatures"]] == [
        ("HP:0000252", False),
        ("HP:0001250", False),
        ("HP:0000733", False),
        ("HP:0001251", True),
    ]
    assert packet["phenotypicFeatures"][0]["description"] == "“small head” (found by name in the note)"
    assert NOTE not in json.dumps(packet)


def test_what_goes_out_can_come_in_again(tmp_path: Path) -> None:
    result = diagnose(NOTE, scripted(), tiny_names(tmp_path), Options(form="short"))
    case = case_of_phenopacket(json.loads(phenopacket(result)), "p.json")
    assert case.hpo_observed == ["HP:0000252", "HP:0001250", "HP:0000733"]
    assert case.hpo_excluded == ["HP:0001251"]


def test_age_and_sex_go_with_it(tmp_path: Path) -> None:
    note = f"18-month-old boy. {NOTE}"
    result = diagnose(note, scripted(), tiny_names(tmp_path), Options(form="short"))
    case = case_of_phenopacket(json.loads(phenopacket(result)), "p.json")
    assert (case.age, case.sex) == ("P18M", "male")


def test_an_age_of_an_event_is_no_age_at_the_encounter(tmp_path: Path) -> None:
    note = "Seizures since the age of 3 years, and microcephaly."
    result = diagnose(note, scripted(), tiny_names(tmp_path), Options(form="short"))
    assert json.loads(phenopacket(result))["subject"] == {"id": "proband"}


def test_what_is_uncertain_or_of_a_relative_is_no_feature_and_is_said(tmp_path: Path) -> None:
    note = "Girl of 3 years with a small head. Possible seizures. Her brother has ataxia. Repetitive movements."
    result = diagnose(note, scripted(), tiny_names(tmp_path), Options(form="short"))
    assert {one.state for one in result.stated} == {"present", "uncertain", "other"}
    packet = Parse(phenopacket(result, WHEN), phenopackets.Phenopacket())
    assert {f.type.label for f in packet.phenotypic_features} == {"Microcephaly", "Motor stereotypy"}
    (remark,) = packet.meta_data.updates
    assert "uncertain: Seizure (HP:0001250); relative: Ataxia (HP:0001251)" in remark.comment
    assert remark.timestamp.ToJsonString() == "2026-01-02T03:04:05Z"
