"""`raredx evaluate`, `raredx compare` and `raredx knowledge import` from the outside."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner, Result

from raredxr1.cli import app
from raredxr1.evaluate.metrics_schema import Metrics
from raredxr1.schemas import schema_text
from tiny_cases import BAD_LINES, CASES, RETT, write_cases
from tiny_knowledge import make_tiny_kb


def raredx(*args: Any) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args])


def test_a_ranker_on_case_files_ends_with_a_table_whose_counts_add_up(tmp_path: Path) -> None:
    first = write_cases(tmp_path / "a.jsonl.gz", lines=BAD_LINES)
    second = write_cases(tmp_path / "b.jsonl", [{"case_id": "z", "hpo_observed": ["HP:0012171"], "gold": [RETT]}])
    result = raredx("evaluate", "--cases", first, second, "--system", "likelihood", "--out", tmp_path / "run", "-q")
    assert result.exit_code == 0, result.output
    assert "likelihood: 14 cases" in result.stdout and "file: b.jsonl" in result.stdout
    rows = json.loads((tmp_path / "run" / "metrics.json").read_text())
    jsonschema.validate(rows, json.loads(schema_text(Metrics)))
    n = {row["group"]: row["n"] for row in rows}
    assert n["all"] == 14 == n["file: a.jsonl.gz"] + n["file: b.jsonl"]
    assert (tmp_path / "run" / "report.html").is_file()
    assert len((tmp_path / "run" / "predictions.jsonl").read_text().splitlines()) == 14


@pytest.mark.slow
def test_two_systems_are_compared(tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "a.jsonl")
    for system in ("resnik", "likelihood"):
        done = raredx("evaluate", "--cases", cases, "--system", system, "--out", tmp_path / system, "-q", "--pheval")
        assert done.exit_code == 0, done.output
    assert len(list((tmp_path / "resnik" / "pheval_disease_results").iterdir())) == len(CASES)
    result = raredx("compare", tmp_path / "resnik", tmp_path / "likelihood")
    assert result.exit_code == 0 and "A: resnik gold" in result.stdout and "McNemar p" in result.stdout
    document = raredx("compare", tmp_path / "resnik", tmp_path / "likelihood", "--json", "--out", tmp_path / "c.json")
    assert json.loads(document.stdout) == json.loads((tmp_path / "c.json").read_text())


@pytest.mark.slow
def test_a_model_is_evaluated_and_resumed(tmp_path: Path, tiny_exported: Path) -> None:
    notes = ["Girl of 4, never walked unaided, wrings her hands.", "Tall, lens off axis."]
    rows = [{"case_id": f"c{i}", "note": note, "gold": [RETT]} for i, note in enumerate(notes)]
    cases = write_cases(tmp_path / "a.jsonl", rows)
    common = ["--cases", cases, "--system", "model", "--model", tiny_exported, "--fast", "--max-tokens", 40, "-q"]
    result = raredx("evaluate", *common, "--out", tmp_path / "run", "--threads", 1)
    assert result.exit_code == 0, result.output
    bytes_ = (tmp_path / "run" / "predictions.jsonl").read_bytes()
    again = raredx("evaluate", *common, "--out", tmp_path / "run", "--threads", 1, "--resume")
    assert again.exit_code == 0 and (tmp_path / "run" / "predictions.jsonl").read_bytes() == bytes_
    rows = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert rows[0]["model"]["name"] and rows[0]["tokens_per_case"]["value"] > 0
    assert rows[0]["model"]["crr"] is None  # no fit lies beside this model, so it is not its default
    heard = raredx("evaluate", *common, "--out", tmp_path / "heard", "--threads", 1, "--crr", "--ranking", "beam")
    assert heard.exit_code == 0, heard.output
    rows = json.loads((tmp_path / "heard" / "metrics.json").read_text())
    assert rows[0]["model"]["crr"] == "fusion"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--system", "nothing"], "--system nothing: no such system"),
        (["--system", "model", "--model", "nowhere"], "the model nowhere does not exist"),
        (["--system", "resnik", "--note-field", "nope"], "no case has a field 'nope'"),
        (["--system", "resnik", "--where", "source=nowhere"], "no case has source=nowhere"),
        (["--system", "resnik", "--where", "split"], "--where split: write key=value"),
        (["--system", "openai:https://x.org/v1"], "write openai:URL#model"),
        (["--system", "resnik", "--knowledge", "nowhere.npz"], "nowhere.npz: no knowledge base here"),
        (["--system", "resnik", "--judge", "likelihood"], "write openai:URL#model"),
    ],
)
def test_bad_input_gets_one_line_and_code_2(tmp_path: Path, args: list[str], said: str) -> None:
    result = raredx("evaluate", "--cases", write_cases(tmp_path / "a.jsonl"), "--out", tmp_path / "run", *args)
    assert result.exit_code == 2
    assert said in result.stderr and result.stderr.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_case_files_that_are_missing_or_empty_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    for name, said in (("missing.jsonl", "cannot be read"), ("empty.jsonl", "holds no cases")):
        result = raredx("evaluate", "--cases", tmp_path / name, "--system", "resnik", "--out", tmp_path / "run")
        assert result.exit_code == 2 and said in result.stderr


def test_a_set_that_was_trained_on_is_refused_unless_allowed(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"sources": ["made-up@1"]}')
    common = ["evaluate", "--cases", write_cases(tmp_path / "a.jsonl"), "--system", "resnik", "-q",
              "--training-manifest", tmp_path / "manifest.json", "--out", tmp_path / "run"]  # fmt: skip
    refused = raredx(*common)
    assert refused.exit_code == 2 and "2 cases come from made-up" in refused.stderr
    allowed = raredx(*common, "--allow-overlap")
    assert allowed.exit_code == 0 and "NOT HONEST" in allowed.stdout


def test_an_older_run_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "run.json").write_text('{"format": 0}')
    result = raredx("compare", tmp_path / "old", tmp_path / "old")
    assert result.exit_code == 2 and "format 0, this program reads 1" in result.stderr


def test_knowledge_is_imported_and_used(tmp_path: Path) -> None:
    make_tiny_kb(tmp_path)
    entry = {"id": "ORPHA:778", "label": "Rett syndrome", "type": "Disease", "synonyms": ["Wringing malady of Vienna"]}
    (tmp_path / "o.jsonl").write_text(json.dumps(entry) + "\n")
    out = tmp_path / "big.npz"
    own = ("--knowledge", tmp_path / "knowledge.npz")
    result = raredx("knowledge", "import", "--orphapacket", tmp_path / "o.jsonl", "--out", out, *own)
    assert result.exit_code == 0, result.output
    assert "synonyms 1" in result.stdout and f"--knowledge {out}" in " ".join(result.stdout.split())
    shown = raredx("knowledge", "show", "Wringing malady of Vienna", "--knowledge", out)
    assert "Rett syndrome" in shown.stdout
    nothing = raredx("knowledge", "import", "--out", out)
    assert nothing.exit_code == 2 and "nothing to import" in nothing.stderr
