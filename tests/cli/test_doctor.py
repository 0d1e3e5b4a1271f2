"""`raredx doctor`: it says what is there, never fails to say it, and its code tells whether it works."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fake_product import FakeEngine, fake_model, fake_names
from raredxr1.cli import app
from raredxr1.diagnose import doctor
from raredxr1.errors import InputError


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    engine = FakeEngine()
    monkeypatch.setattr(doctor, "open_model", lambda path, threads: fake_model(engine))
    monkeypatch.setattr(doctor, "open_names", lambda path, *_: fake_names())
    return engine


@pytest.mark.usefixtures("engine")
def test_a_healthy_installation_passes() -> None:
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 0
    for said in (
        "fake-1",
        "test-knowledge-1",
        "Taught 5 diseases.",
        "synthetic recall@1: 0.5",
        "ctranslate2 ",
        "cache",
    ):
        assert said in result.stdout
    assert "passed" in result.stdout
    assert "Rett syndrome (OMIM:312750)" in result.stdout


@pytest.mark.usefixtures("engine")
def test_json_holds_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RAREDX_CACHE", str(tmp_path))
    document = json.loads(CliRunner().invoke(app, ["doctor", "--json", "--threads", "3"]).stdout)
    assert document["self_test"]["ok"] is True
    assert document["model"]["sha256"] == "ab" * 32
    assert document["knowledge"]["version"] == "test-knowledge-1"
    assert (document["threads"], document["cache"]) == (3, str(tmp_path))


def test_an_answer_that_cannot_be_read_fails_the_test(engine: FakeEngine) -> None:
    engine.beams = (("", -1.0),)
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "FAILED" in result.stdout


@pytest.mark.usefixtures("engine")
def test_a_missing_model_is_a_line_and_the_rest_is_still_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path | None, threads: int | None) -> None:
        raise InputError("this installation ships no model")

    monkeypatch.setattr(doctor, "open_model", fail)
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "problem    this installation ships no model" in result.stdout
    assert "test-knowledge-1" in result.stdout
    document = json.loads(CliRunner().invoke(app, ["doctor", "--json"]).stdout)
    assert document["model"] is None
    assert document["self_test"] == {"ok": False, "said": "not run", "seconds": None}
