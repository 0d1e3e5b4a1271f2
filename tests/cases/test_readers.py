"""Cases from files: phenopackets and case JSONL, and what is said of those that cannot be read."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToJson, ParseDict
from phenopackets.schema.v2 import Phenopacket

from raredxr1.cases.phenopackets import case_of_phenopacket, looks_like_phenopacket
from raredxr1.cases.readers import RowError, iterate_cases, read_cases
from raredxr1.errors import InputError
from raredxr1.schemas import Case, DiseaseName

RETT = {"id": "OMIM:312750", "label": "Rett syndrome"}
PACKET: dict[str, Any] = {
    "id": "sparrow-1",
    "subject": {"id": "p1", "timeAtLastEncounter": {"age": {"iso8601duration": "P3Y2M"}}, "sex": "FEMALE"},
    "phenotypicFeatures": [
        {
            "type": {"id": "HP:0002540", "label": "Inability to walk"},
            "onset": {"age": {"iso8601duration": "P1Y"}},
            "modifiers": [{"id": "HP:0003676", "label": "Progressive"}],
            "severity": {"id": "HP:0012828", "label": "Severe"},
        },
        {"type": {"id": "HP:0001250", "label": "Seizure"}, "excluded": True},
    ],
    "interpretations": [{"id": "i1", "diagnosis": {"disease": RETT}, "progressStatus": "SOLVED"}],
    "diseases": [
        {"term": RETT, "onset": {"ontologyClass": {"id": "HP:0003593", "label": "Infantile onset"}}},
        {"term": {"id": "OMIM:105830", "label": "Angelman syndrome"}, "excluded": True},
    ],
    "metaData": {
        "externalReferences": [{"id": "DOI:1"}, {"id": "PMID:123"}],
        "phenopacketSchemaVersion": "2.0",
    },
}


def packet(**changes: object) -> dict[str, Any]:
    return {**PACKET, **changes}


def at(**time: object) -> dict[str, Any]:
    return {"timeAtLastEncounter": time}


def refusal(data: object) -> str:
    with pytest.raises(InputError) as caught:
        case_of_phenopacket(data, "p.json")
    return str(caught.value)


# --- phenopackets ----------------------------------------------------------------------------------------------------


def test_a_phenopacket_becomes_a_case() -> None:
    case = case_of_phenopacket(PACKET, "p.json")
    assert case.case_id == "sparrow-1"
    assert (case.hpo_observed, case.hpo_excluded) == (["HP:0002540"], ["HP:0001250"])
    assert (case.age, case.sex, case.pmid) == ("P3Y2M", "female", "PMID:123")
    assert case.gold == [DiseaseName(id="OMIM:312750", label="Rett syndrome")]
    extra = case.model_extra or {}
    assert extra["onset"] == "Infantile onset"
    assert extra["features"][0] == {
        "id": "HP:0002540",
        "label": "Inability to walk",
        "excluded": False,
        "onset": "P1Y",
        "modifiers": ["Progressive"],
        "severity": "Severe",
    }


@pytest.mark.parametrize("proto_names", [False, True])
def test_both_spellings_of_the_official_library_read_the_same(proto_names: bool) -> None:
    official = ParseDict(PACKET, Phenopacket())
    written = json.loads(MessageToJson(official, preserving_proto_field_name=proto_names))
    assert case_of_phenopacket(written, "p.json") == case_of_phenopacket(PACKET, "p.json")


@pytest.mark.parametrize(
    ("subject", "age"),
    [
        ({}, None),
        (at(ageRange={"start": {"iso8601duration": "P1Y"}, "end": {"iso8601duration": "P5Y"}}), "P1Y to P5Y"),
        (at(ontologyClass={"id": "HP:0003581", "label": "Adult onset"}), "Adult onset"),
        (at(gestationalAge={"weeks": 22}), "22 weeks of gestation"),
        ({"vitalStatus": {"status": "DECEASED", "timeOfDeath": {"age": {"iso8601duration": "P8D"}}}}, "P8D"),
        ({"dateOfBirth": "2010-01-15T00:00:00Z", **at(timestamp="2015-03-20T00:00:00Z")}, "P5Y2M"),
        ({"dateOfBirth": "2010-01-15T00:00:00Z", **at(timestamp="2010-01-18T00:00:00Z")}, "P3D"),
    ],
)
def test_age_is_read_from_where_it_stands(subject: dict[str, Any], age: str | None) -> None:
    assert case_of_phenopacket(packet(subject=subject), "p.json").age == age


@pytest.mark.parametrize(
    ("subject", "age"),
    [
        ({"ageAtCollection": {"age": "P4Y"}}, "P4Y"),
        ({"age_at_collection": {"age": "P4Y"}}, "P4Y"),
        ({"ageRangeAtCollection": {"start": {"age": "P4Y"}, "end": {"age": "P6Y"}}}, "P4Y to P6Y"),
    ],
)
def test_version_1_is_read_with_its_absent_findings_and_its_age(subject: dict[str, Any], age: str) -> None:
    features = [
        {"type": {"id": "HP:0001250", "label": "Seizure"}, "negated": True},
        {"type": {"id": "HP:0001251"}, "negated": False, "ageOfOnset": {"age": "P1Y"}},
    ]
    case = case_of_phenopacket({"id": "v1", "subject": subject, "phenotypes": features}, "p.json")
    assert (case.hpo_observed, case.hpo_excluded, case.age) == (["HP:0001251"], ["HP:0001250"], age)
    assert case.model_extra is not None
    assert case.model_extra["version"] == 1
    assert case.model_extra["features"][1]["onset"] == "P1Y"


@pytest.mark.parametrize(
    "written", ["hp:0001250", "HP_0001250", "HPO:0001250", "http://purl.obolibrary.org/obo/HP_0001250"]
)
def test_an_hpo_id_written_in_another_way_is_that_id(written: str) -> None:
    assert case_of_phenopacket(packet(phenotypicFeatures=[{"type": {"id": written}}]), "p").hpo_observed == [
        "HP:0001250"
    ]


@pytest.mark.parametrize(("sex", "read"), [("FEMALE", "female"), (1, "female"), (2, "male"), ("M", "male"), (0, None)])
def test_sex_is_an_enum_by_name_or_number(sex: object, read: str | None) -> None:
    assert case_of_phenopacket(packet(subject={"sex": sex}), "p").sex == read


def test_features_of_other_ontologies_are_kept_for_whoever_knows_terms() -> None:
    features = [{"type": {"id": "NCIT:C1", "label": "Ataxia"}}, {"type": {"id": "HP:0001250"}, "excluded": "true"}]
    case = case_of_phenopacket(packet(phenotypicFeatures=features), "p.json")
    assert (case.hpo_observed, case.hpo_excluded) == ([], ["HP:0001250"])
    assert [feature["id"] for feature in case.model_extra["features"]] == ["NCIT:C1", "HP:0001250"]  # type: ignore[index]


def test_a_finding_named_twice_is_one() -> None:
    features = [{"type": {"id": "HP:0001250"}}, {"type": {"id": "HP:0001250"}}]
    assert case_of_phenopacket(packet(phenotypicFeatures=features), "p.json").hpo_observed == ["HP:0001250"]


def test_a_phenopacket_without_an_id_is_called_after_its_file() -> None:
    assert case_of_phenopacket(packet(id=""), "dir/p.json").case_id == "p"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (packet(phenotypicFeatures=[]), "p.json: a phenopacket without phenotypicFeatures"),
        (packet(phenotypicFeatures=None), "without phenotypicFeatures"),
        (
            packet(phenotypicFeatures=[{"type": {"id": "HP:0001250"}}, {}]),
            "phenotypicFeatures[2] has neither an id nor a label",
        ),
        (packet(phenotypicFeatures=[{"type": {"id": "HP:0001250"}, "excluded": "no"}]), "excluded 'no'"),
        (packet(phenotypicFeatures="HP:0001250"), "phenotypicFeatures is no list"),
        (packet(phenotypicFeatures=["HP:0001250"]), "phenotypicFeatures[1] is no JSON object"),
        (
            packet(phenotypicFeatures=[{"type": {"id": "HP:0001250"}, "negated": True, "excluded": False}]),
            "both excluded and not",
        ),
        (packet(diseases=[{"term": {"id": "Rett"}}]), "disease id 'Rett' is malformed"),
        (packet(subject=[]), "subject is no JSON object"),
        (packet(id=7), "id is no text"),
        ({"proband": PACKET, "relatives": []}, "a family"),
        ({"members": [PACKET]}, "several phenopackets"),
        ({"phenopackets": [PACKET]}, "several phenopackets"),
        ([PACKET], "the document is no JSON object"),
    ],
)
def test_what_is_no_single_phenopacket_is_refused(data: object, said: str) -> None:
    assert said in refusal(data)


def test_other_json_does_not_look_like_a_phenopacket() -> None:
    assert looks_like_phenopacket({"phenotypic_features": []})
    assert not looks_like_phenopacket({"note": "A girl who never walked."})
    assert not looks_like_phenopacket(["phenotypicFeatures"])


# --- case JSONL ------------------------------------------------------------------------------------------------------

ROWS = [
    {"case_id": "a", "note": "Never walked.", "gold": [{"id": "OMIM:312750", "label": "Rett syndrome"}], "ward": 7},
    {"case_id": "b", "hpo_observed": ["HP:0001250"], "hpo_excluded": ["HP:0002540"], "age": "P1Y", "sex": "female"},
]


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_rows_become_cases_and_unknown_keys_stay(tmp_path: Path) -> None:
    cases = read_cases(write(tmp_path / "cases.jsonl", *map(json.dumps, ROWS)))
    assert [case.case_id for case in cases] == ["a", "b"]
    first = cases[0]
    assert isinstance(first, Case)
    assert first.model_extra == {"ward": 7}


def test_gzip_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, ROWS)).encode()))
    assert [case.case_id for case in read_cases(path)] == ["a", "b"]


def test_a_bad_row_keeps_its_place_and_is_named(tmp_path: Path) -> None:
    bad = [
        ("{", "no JSON"),
        ("[]", "no JSON object"),
        ('{"note": "secret words"}', "case_id: Field required"),
        ('{"case_id": "x", "note": 7}', "note: Input should be a valid string"),
        ('{"case_id": "y", "hpo_observed": ["HP:1"]}', "hpo_observed: 'HP:1' is no HPO id"),
        ('{"case_id": " "}', "case_id: is blank"),
        ('{"case_id": "a", "note": "again"}', "'a' was used on line 1"),
    ]
    rows = read_cases(write(tmp_path / "c.jsonl", json.dumps(ROWS[0]), "", *(line for line, _ in bad)))
    assert len(rows) == 1 + len(bad)
    for number, (row, (_, said)) in enumerate(zip(rows[1:], bad, strict=True), 3):
        assert isinstance(row, RowError)
        assert row.line == number
        assert said in row.reason
        assert "secret" not in str(row)
        assert str(row).startswith(f"{tmp_path / 'c.jsonl'}: line {number}: ")
    last = rows[-1]
    assert isinstance(last, RowError)
    assert last.case_id == "a"


def test_a_row_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_bytes(b'{"case_id": "\xff"}\n' + json.dumps(ROWS[0]).encode())
    first, second = iterate_cases(path)
    assert first == RowError(str(path), 1, "not UTF-8")
    assert isinstance(second, Case)


def test_files_that_are_no_case_files(tmp_path: Path) -> None:
    damaged = tmp_path / "d.jsonl.gz"
    damaged.write_bytes(gzip.compress(b"x" * 1000)[:-9])
    with pytest.raises(InputError, match="damaged gzip"):
        read_cases(damaged)
    with pytest.raises(InputError, match="a folder"):
        read_cases(tmp_path)
    with pytest.raises(InputError, match="No such file"):
        read_cases(tmp_path / "none")
    with pytest.raises(InputError, match="holds no cases"):
        read_cases(write(tmp_path / "empty.jsonl"))
