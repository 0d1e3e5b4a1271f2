"""A run: appended as it goes, resumed to the same bytes, counted whole."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from running import FULL, go

from raredxr1.diagnose.names import Names
from raredxr1.errors import InputError
from raredxr1.evaluate import runner
from raredxr1.evaluate.case_set import CaseSet, Item, open_cases
from raredxr1.evaluate.leakage import Training
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.report import run_lines
from raredxr1.evaluate.rows import Prediction, read_predictions, read_run
from raredxr1.evaluate.systems.model import ModelSystem
from tiny_cases import BAD_LINES, CASES, scripted_model, write_cases


@pytest.fixture
def cases(tmp_path: Path, shipped_matcher: Matcher) -> CaseSet:
    return open_cases([write_cases(tmp_path / "a.jsonl", lines=BAD_LINES)], shipped_matcher.kb)


@pytest.fixture
def system(shipped_matcher: Matcher) -> ModelSystem:
    return ModelSystem("model", scripted_model(), Names(shipped_matcher.kb, shipped_matcher.linker), FULL, batch=3)


class Killed(Exception):
    """Stands for the kill."""


class Dying:
    """A system that dies at its third batch."""

    def __init__(self, system: ModelSystem) -> None:
        self.system, self.name, self.batch, self.left = system, system.name, system.batch, 2

    def facts(self) -> dict[str, Any]:
        return self.system.facts()

    def predict(self, items: Sequence[Item]) -> list[Prediction]:
        self.left -= 1
        if self.left < 0:
            raise Killed
        return self.system.predict(items)


def test_every_row_of_the_file_has_its_row(
    tmp_path: Path, cases: CaseSet, system: ModelSystem, shipped_matcher: Matcher
) -> None:
    outcome = go(system, cases, tmp_path / "run", shipped_matcher)
    assert len(outcome.judged) == len(read_predictions(tmp_path / "run")) == len(CASES) + len(BAD_LINES)
    by_id = {case.case_id: case for case in outcome.judged}
    assert by_id["rett-1"].strict == 1 and by_id["rett-2"].strict == 2
    assert by_id["marfan-1"].strict == 2 and by_id["marfan-1"].names[2].rule == "other"
    assert (by_id["joubert-1"].strict, by_id["joubert-1"].subtype, by_id["joubert-1"].category) == (None, 1, 2)
    assert by_id["unknown-1"].unparsed and by_id["unknown-1"].status == "ok"
    assert by_id["no-gold"].status == "unreadable" and by_id["no-gold"].strict is None
    assert "self-named" in by_id["rett-3"].flags


def test_counts_add_up(tmp_path: Path, cases: CaseSet, system: ModelSystem, shipped_matcher: Matcher) -> None:
    rows = go(system, cases, tmp_path / "run", shipped_matcher, training=Training(taught=["ORPHA:778"])).rows
    n = {row.group: row.n for row in rows}
    assert n["all"] == len(cases.items)
    assert n["in_kb"] + n["not_in_kb"] == n["seen"] + n["unseen"] == n["self-named"] + n["not self-named"] == n["all"]
    for kind in ("findings: ", "organ: ", "negatives: "):
        assert sum(count for group, count in n.items() if group.startswith(kind)) == n["all"]
    assert n["seen"] == 4  # three patients, and the row that says nothing but its diagnosis
    first = rows[0]
    assert first.strict.recall_10.value == pytest.approx(6 / 13, abs=1e-4)
    assert first.failed.value == pytest.approx(4 / 13, abs=1e-4)
    text = "\n".join(run_lines(rows, cases.warnings))
    assert "13 cases" in text and "disease average" in text and "1 more remarks in the report" in text


@pytest.mark.parametrize("tail", ["", '{"case_id": "half a row'])
def test_a_killed_run_resumes_to_the_same_bytes(
    tmp_path: Path, cases: CaseSet, system: ModelSystem, shipped_matcher: Matcher, tail: str
) -> None:
    go(system, cases, tmp_path / "whole", shipped_matcher)
    with pytest.raises(Killed):
        go(Dying(system), cases, tmp_path / "killed", shipped_matcher)
    killed = tmp_path / "killed" / "predictions.jsonl"
    assert len(killed.read_text().splitlines()) == 6
    lines = killed.read_text().splitlines(keepends=True)
    killed.write_text("".join(lines[:5]) + tail)  # the kill came in the middle of the second batch
    go(system, cases, tmp_path / "killed", shipped_matcher, resume=True)
    assert killed.read_bytes() == (tmp_path / "whole" / "predictions.jsonl").read_bytes()
    assert len((tmp_path / "killed" / "times.jsonl").read_text().splitlines()) == len(cases.items)


def test_resuming_a_finished_run_asks_nothing(
    tmp_path: Path, cases: CaseSet, system: ModelSystem, shipped_matcher: Matcher
) -> None:
    go(system, cases, tmp_path / "run", shipped_matcher)
    dead = Dying(system)
    dead.left = 0
    assert go(dead, cases, tmp_path / "run", shipped_matcher, resume=True).rows[0].n == 13


def test_a_folder_that_holds_something_else_is_refused(
    tmp_path: Path, cases: CaseSet, system: ModelSystem, shipped_matcher: Matcher
) -> None:
    out = tmp_path / "run"
    go(system, cases, out, shipped_matcher)
    with pytest.raises(InputError, match="go on with --resume"):
        go(system, cases, out, shipped_matcher)
    with pytest.raises(InputError, match="another settings"):
        runner.evaluate(system, cases, out, shipped_matcher, {"note_field": "other"}, quiet=True, resume=True)
    with pytest.raises(InputError, match="another batch"):
        go(system, cases, out, shipped_matcher, resume=True, batch=5)
    run = json.loads((out / "run.json").read_text())
    (out / "run.json").write_text(json.dumps({**run, "format": 99}))
    with pytest.raises(InputError, match="format 99, this program reads 1"):
        go(system, cases, out, shipped_matcher, resume=True)
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is a file"):
        go(system, cases, tmp_path / "file", shipped_matcher)


def test_damaged_predictions_are_named(
    tmp_path: Path, cases: CaseSet, system: ModelSystem, shipped_matcher: Matcher
) -> None:
    go(system, cases, tmp_path / "run", shipped_matcher)
    path = tmp_path / "run" / "predictions.jsonl"
    path.write_text(path.read_text().replace('"case_id":"rett-2"', '"case_idd":"rett-2"'))
    with pytest.raises(InputError, match="line 2 is damaged"):
        go(system, cases, tmp_path / "run", shipped_matcher, resume=True)


def test_an_overlap_that_is_allowed_is_said_in_every_output(
    tmp_path: Path, cases: CaseSet, system: ModelSystem, shipped_matcher: Matcher
) -> None:
    training = Training(sources=["made-up"])
    with pytest.raises(InputError, match="--allow-overlap"):
        go(system, cases, tmp_path / "run", shipped_matcher, training=training)
    assert not (tmp_path / "run").exists()
    outcome = go(system, cases, tmp_path / "run", shipped_matcher, training=training, allow_overlap=True)
    assert outcome.rows[0].overlap
    assert "NOT HONEST" in "\n".join(run_lines(outcome.rows, []))
    assert "Not an honest figure" in (tmp_path / "run" / "report.html").read_text()


def test_metrics_json_says_what_it_was_measured_on(
    tmp_path: Path, cases: CaseSet, system: ModelSystem, shipped_matcher: Matcher
) -> None:
    go(system, cases, tmp_path / "run", shipped_matcher)
    rows = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert rows[0]["group"] == "all" and rows[0]["system"] == "model" and rows[0]["model"]["name"] == "scripted"
    assert rows[0]["cases"] == cases.files and rows[0]["knowledge"] == shipped_matcher.kb.version
    assert read_run(tmp_path / "run").n == 13
