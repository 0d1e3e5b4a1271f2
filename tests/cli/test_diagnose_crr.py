"""`raredx diagnose` with opinions, next steps, de-identification and phenopackets, from the outside."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from crr_product import NOTE, fitted, scripted, tiny_names
from raredxr1.cli import _batch, app
from raredxr1.diagnose.model import Model

Run = Callable[..., Result]


@pytest.fixture
def model() -> Model:
    return scripted(fitted())


@pytest.fixture
def run(model: Model, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    names = tiny_names(tmp_path / "kb")
    monkeypatch.setattr(_batch, "open_said", lambda *_: model)
    monkeypatch.setattr(_batch, "open_names", lambda path, *_: names)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "girl.txt").write_text(NOTE, encoding="utf-8")
    return lambda *args: CliRunner().invoke(app, ["diagnose", "girl.txt", "--fast", *map(str, args)])


def test_crr_is_used_where_it_measured_better_and_can_be_refused(run: Run) -> None:
    by_default = json.loads(run("--format", "json").stdout)
    assert by_default["candidates"][0]["name"] == "Rett syndrome"
    assert by_default["crr"]["own"][0]["name"] == "Angelman syndrome"
    refused = json.loads(run("--format", "json", "--no-crr").stdout)
    assert refused["candidates"][0]["name"] == "Angelman syndrome"
    assert refused["crr"] is None


def test_the_text_says_who_said_what_and_how_sure_it_is(run: Run) -> None:
    shown = " ".join(run("-vv").stdout.split())
    assert "Who said what" in shown
    assert "language model (read the note): 1. Angelman syndrome 63%" in shown
    assert "how likely the findings are (read 3 findings present, 1 absent, as HPO terms): 1. Rett syndrome" in shown
    assert "place in each ranking: how likely the findings are 1st" in shown
    assert "were the right one in 120 development cases" in shown
    assert "What would tell them apart" in shown


def test_next_steps_can_be_left_out(run: Run) -> None:
    assert json.loads(run("--format", "json", "--next", "0").stdout)["next_steps"] == []
    assert len(json.loads(run("--format", "json", "--next", "2").stdout)["next_steps"]) == 2


def test_in_context_the_model_decides(run: Run) -> None:
    document = json.loads(run("--crr-mode", "context", "--format", "json").stdout)
    assert document["crr"]["mode"] == "context"
    assert "with the opinions before it" in document["crr"]["decided_by"]


def test_an_endpoint_is_asked_only_when_named(run: Run) -> None:
    refused = run("--no-crr", "--opinion", "openai:http://127.0.0.1:9/v1#m")
    assert (refused.exit_code, "only heard with --crr" in refused.stderr) == (2, True)


def test_what_is_left_of_the_note_is_shown_before_it_is_read(run: Run, tmp_path: Path, model: Model) -> None:
    (tmp_path / "girl.txt").write_text(f"Mrs Nora Quill came on 3 March 2023. {NOTE}", encoding="utf-8")
    result = run("--deidentify", "--format", "json")
    assert "== girl.txt: replaced date 1, name 1; this is what will be read ==" in result.stderr
    assert "Mrs [name] came on [date]. Girl of 4 years" in result.stderr
    document = json.loads(result.stdout)
    assert "Quill" not in result.stdout + result.stderr
    assert document["redactions"] == [{"kind": "date", "count": 1}, {"kind": "name", "count": 1}]
    assert all("Quill" not in prompt for prompt in model.engine.prompts)  # type: ignore[attr-defined]
    assert "Replaced in the note before it was read: date 1, name 1." in " ".join(run("--deidentify").stdout.split())


def test_a_reader_who_says_no_is_heard(run: Run, model: Model, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_batch, "agreed", lambda given, quiet, from_standard_input: False)
    result = run("--deidentify")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "raredx: girl.txt: not diagnosed\n")
    assert model.engine.prompts == []  # type: ignore[attr-defined]


def test_a_phenopacket_comes_out(run: Run, tmp_path: Path) -> None:
    assert run("--format", "phenopacket", "--out", "out").exit_code == 0
    packet = json.loads((tmp_path / "out" / "girl.phenopacket.json").read_text(encoding="utf-8"))
    assert packet["interpretations"][0]["diagnosis"]["disease"]["label"] == "Rett syndrome"
    assert len(packet["phenotypicFeatures"]) == 4


def test_resume_goes_with_a_batch(run: Run) -> None:
    assert "raredx: --resume goes with --batch" in run("--resume").stderr


def test_a_mode_of_what_is_left_out_makes_no_sense(run: Run) -> None:
    result = run("--no-crr", "--crr-mode", "context")
    assert result.exit_code == 2
    assert "give one of them" in result.stderr


def test_the_shipped_calibration_is_not_written_over() -> None:
    result = CliRunner().invoke(app, ["train", "calibrate", "--work", "w", "--cases", "cases.jsonl"])
    assert result.exit_code == 2
    assert "name --out" in result.stderr
