"""`raredx train` and `raredx export`: bad input is one line and exit code 2; previews print what would be learned."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raredxr1.cases.readers import read_cases
from raredxr1.cli import app

pytestmark = pytest.mark.slow

RECIPE = Path(__file__).parents[2] / "recipes" / "tiny" / "internalize.yaml"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output.strip()


def test_preview_prints_whole_dialogues():
    code, said = run("train", "data", "--recipe", str(RECIPE), "--preview", "6", "diseases=10")
    assert code == 0
    assert said.count("=== ") == 6
    assert said.count("<|im_start|>assistant") == 6
    assert said.endswith("<|im_end|>")


def test_synthetic_cases_can_be_evaluated_on(tmp_path):
    code, said = run("train", "data", "--recipe", str(RECIPE), "--cases", "12", "seed=77", "diseases=10")
    assert code == 0
    (tmp_path / "cases.jsonl").write_text(said + "\n")
    cases = read_cases(tmp_path / "cases.jsonl")
    assert len({case.case_id for case in cases}) == 12
    assert all(case.note and case.hpo_observed and case.gold[0].id for case in cases)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["train", "internalize", "--recipe", "absent.yaml"], "absent.yaml"),
        (["train", "internalize", "--recipe", str(RECIPE), "colour=blue"], "colour"),
        (["train", "data", "--recipe", str(RECIPE), "knowledge=absent.npz"], "absent.npz"),
        (["export", "model", "absent", "out"], "absent"),
        (["export", "bundle", "absent", "out", "--facts", "absent.yaml"], "absent.yaml"),
        (["export", "checkpoint", "absent"], "absent"),
    ],
)
def test_bad_input_is_one_line(arguments, named, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said = run(*arguments)
    assert code == 2
    assert named in said
    assert len(said.splitlines()) == 1
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


def test_facts_with_a_wrong_key_are_named(tmp_path):
    (tmp_path / "facts.yaml").write_text(json.dumps({"name": "x", "colour": "blue"}))
    code, said = run("export", "bundle", str(tmp_path), str(tmp_path / "out"), "--facts", str(tmp_path / "facts.yaml"))
    assert code == 2
    assert "facts.yaml" in said
    assert len(said.splitlines()) == 1


def test_a_bundle_comes_back_as_a_checkpoint(tiny_exported, tmp_path):
    code, _ = run("export", "checkpoint", str(tiny_exported), "--out", str(tmp_path / "checkpoint"))
    assert code == 0
    assert (tmp_path / "checkpoint" / "model.safetensors").is_file()
