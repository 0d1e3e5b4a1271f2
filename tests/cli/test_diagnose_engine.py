"""`raredx diagnose` and `raredx doctor` with a real engine: a model that knows three dialogues, and no network."""

import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fake_product import fake_names
from raredxr1.cli import _batch, app
from raredxr1.diagnose import doctor
from tiny_model import NOTES

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(_batch, "open_names", lambda path, *_: fake_names())
    monkeypatch.setattr(doctor, "open_names", lambda path, *_: fake_names())


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "girl.txt"
    path.write_text(NOTES[0], encoding="utf-8")
    return path


def test_a_note_it_was_taught_is_diagnosed(note: Path, tiny_exported: Path) -> None:
    note.write_text(NOTES[2], encoding="utf-8")  # no age, no sex and no term: the model is asked by the note itself
    args = ["diagnose", str(note), "--fast", "--format", "json", "--model", str(tiny_exported), "--threads", "1"]
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    first = document["candidates"][0]
    assert first["name"] == "Marfan syndrome"
    assert first["confidence"] > 0.5
    assert sum(c["confidence"] for c in document["candidates"]) <= 1.001
    assert document["timings"]["tokens_per_second"] > 0


def test_what_it_was_never_taught_is_a_document_with_problems(note: Path, tiny_exported: Path) -> None:
    args = ["diagnose", str(note), "--full", "--format", "json", "--model", str(tiny_exported), "--threads", "1"]
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["diagnosis"]["problems"]


def test_samples_are_the_same_for_the_same_seed(note: Path, tiny_exported: Path) -> None:
    args = ["diagnose", str(note), "--fast", "--format", "json", "--model", str(tiny_exported), "--threads", "1"]
    several = [*args, "--samples", "3", "--seed", "5", "--max-tokens", "30"]
    first, second = (json.loads(CliRunner().invoke(app, several).stdout) for _ in range(2))
    assert first["turns"] == second["turns"]


def test_the_doctor_looks_at_a_model_given_by_path(tiny_exported: Path) -> None:
    result = CliRunner().invoke(app, ["doctor", "--json", "--model", str(tiny_exported), "--threads", "1"])
    document = json.loads(result.stdout)
    assert document["model"]["engine"] == "ctranslate2"
    assert document["model"]["context_length"] == 256
    # The example letter is far longer than this model's 256 tokens; it is read in windows. The model names no disease.
    assert result.exit_code == 1
    assert "no disease name" in document["self_test"]["said"]
