"""`raredx diagnose --batch`: every row gets an answer or a reason, and an interrupted run goes on."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fake_product import NOTE, FakeEngine, fake_model, fake_names
from raredxr1 import runstore
from raredxr1.cli import _batch, app
from raredxr1.diagnose import batch
from raredxr1.diagnose.batch import BatchRow
from raredxr1.diagnose.engine import Completion, GenerationSettings
from raredxr1.runstore import held_file

Run = Callable[..., Result]
PACKET = {"id": "packet-1", "phenotypicFeatures": [{"type": {"id": "HP:0002540", "label": "Inability to walk"}}]}
LINES: list[Any] = [
    {"id": "a", "note": NOTE},
    {"id": "b", "note": "  "},
    "She never walked unaided and wrings her hands.",
    PACKET,
    {"case_id": "c", "hpo_observed": ["HP:0001250"], "sex": "female"},
    {"case_id": "d", "hpo_observed": ["HP:9999999"]},
    [1, 2],
]


class Flaky(FakeEngine):
    """Fails whenever it is asked about a boy."""

    def generate(self, prompts: Any, settings: GenerationSettings) -> list[list[Completion]]:
        if any("Male" in prompt for prompt in prompts):
            raise RuntimeError("words of the note")
        return super().generate(prompts, settings)


@pytest.fixture
def engine() -> FakeEngine:
    return Flaky()


@pytest.fixture
def run(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setattr(_batch, "open_said", lambda *_: fake_model(engine))
    monkeypatch.setattr(_batch, "open_names", lambda path, *_: fake_names())
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(app, ["diagnose", "--fast", "--batch", *map(str, args)])


def rows(path: str = "out.jsonl") -> list[BatchRow]:
    return [BatchRow.model_validate_json(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def write_lines(*values: Any) -> None:
    text = "".join((value if isinstance(value, str) else json.dumps(value)) + "\n" for value in values)
    Path("in.jsonl").write_text(text, encoding="utf-8")


def test_every_row_gets_its_result_or_its_reason_in_order(run: Run) -> None:
    write_lines(*map(json.dumps, LINES), "{broken")
    result = run("in.jsonl", "--out", "out.jsonl")
    assert result.exit_code == 2
    assert result.stderr == "raredx: wrote out.jsonl: 8 rows, 4 failed\n"
    said = rows()
    assert [(row.row, row.id, row.status) for row in said] == [
        (1, "a", "ok"),
        (2, "b", "failed"),
        (3, "row 3", "ok"),
        (4, "packet-1", "ok"),
        (5, "c", "ok"),
        (6, "d", "failed"),
        (7, "row 7", "failed"),
        (8, "row 8", "failed"),
    ]
    assert said[0].result is not None
    assert said[0].result.candidates[0].name == "Rett syndrome"
    assert said[4].result is not None
    assert said[4].result.note == "Female.\nFindings: Seizure."
    assert [row.reason for row in said if row.status == "failed"] == [
        "line 2: no note, no phenopacket, no FHIR bundle",
        "d: none of its 1 findings can be used: HP:9999999 is not in HPO 2000-01-01 (a knowledge base built from a "
        "newer release may know it); it was left out.",
        "line 7: neither an object nor a text",
        "line 8: no JSON (column 2: Expecting property name enclosed in double quotes)",
    ]


def test_a_table_and_a_folder_are_batches_too(run: Run, tmp_path: Path) -> None:
    Path("in.csv").write_text(f'id,note\nx,"{NOTE}"\n,short\n', encoding="utf-8")
    assert run("in.csv", "--out", "csv.jsonl").exit_code == 2
    assert [(row.id, row.status) for row in rows("csv.jsonl")] == [("x", "ok"), ("row 2", "failed")]
    ward = tmp_path / "ward" / "deep"
    ward.mkdir(parents=True)
    (ward / "b.txt").write_text(NOTE)
    (tmp_path / "ward" / "a.json").write_text(json.dumps(PACKET))
    (tmp_path / "ward" / ".hidden").write_text("no")
    assert run("ward", "--out", "dir.jsonl").exit_code == 0
    assert [row.id for row in rows("dir.jsonl")] == ["a.json", "deep/b.txt"]


def test_a_row_that_breaks_the_engine_fails_alone_and_says_nothing_clinical(run: Run) -> None:
    boy = "A boy of 3 years wrings his hands."
    write_lines(*({"id": str(n), "note": f"{boy if n == 1 else NOTE} {n}"} for n in range(4)))
    assert run("in.jsonl", "--out", "out.jsonl").exit_code == 2
    said = rows()
    assert [row.status for row in said] == ["ok", "failed", "ok", "ok"]
    assert said[1].reason.startswith("a fault of ours: RuntimeError in ")
    assert "words of the note" not in said[1].reason


def test_a_run_that_was_killed_goes_on_and_loses_nothing_that_was_finished(
    run: Run, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lines(*({"id": str(n), "note": f"Girl of {n + 2} years. She wrings her hands."} for n in range(40)))
    assert run("in.jsonl", "--out", "whole.jsonl").exit_code == 0
    assert run("in.jsonl", "--out", "out.jsonl").exit_code == 0
    lines = Path("out.jsonl").read_bytes().splitlines(keepends=True)
    Path("out.jsonl").write_bytes(b"".join(lines[:20]) + lines[20][:50])  # as a kill leaves it
    engine.prompts.clear()
    result = run("in.jsonl", "--out", "out.jsonl", "--resume")
    assert result.stderr == "raredx: wrote out.jsonl: 40 rows, 20 of them before, 0 failed\n"
    assert len(engine.prompts) == 20
    assert Path("out.jsonl").read_bytes().startswith(b"".join(lines[:20]))
    assert [row.id for row in rows()] == [row.id for row in rows("whole.jsonl")]


def test_ctrl_c_keeps_the_chunks_that_were_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lines(*({"id": str(n), "note": f"{NOTE} {n}"} for n in range(40)))
    real, calls = batch.answer, []

    def interrupted(*args: Any) -> list[BatchRow]:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(batch, "answer", interrupted)
    assert run("in.jsonl", "--out", "out.jsonl").exit_code == 130
    assert len(rows()) == 16
    monkeypatch.setattr(batch, "answer", real)
    assert run("in.jsonl", "--out", "out.jsonl", "--resume").exit_code == 0
    assert [row.row for row in rows()] == list(range(1, 41))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["in.jsonl"], "--batch needs --out"),
        (["in.jsonl", "--out", "out.jsonl", "girl.txt"], "a batch is the only input"),
        (["in.jsonl", "--out", "out.jsonl", "--format", "html"], "--batch writes JSON lines"),
        (["none.jsonl", "--out", "out.jsonl"], "none.jsonl: cannot be read"),
        (["in.jsonl", "--out", "."], "a folder; a batch goes into one file"),
        (["in.txt", "--out", "out.jsonl"], "a batch is a .jsonl, .csv or .parquet file, or a folder"),
        (["bare.csv", "--out", "out.jsonl"], "no column 'note' in its first line"),
        (["in.jsonl", "--out", "there.jsonl"], "exists; go on with --resume, or replace it with --force"),
    ],
)
def test_what_makes_no_sense_gets_one_line(run: Run, args: list[str], said: str) -> None:
    write_lines({"id": "a", "note": NOTE})
    Path("in.txt").write_text(NOTE)
    Path("bare.csv").write_text("id,text\n1,2\n")
    Path("there.jsonl").write_text("mine\n")
    result = run(*args)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr
    assert Path("there.jsonl").read_text() == "mine\n"


def test_going_on_with_other_settings_or_rows_is_refused(run: Run) -> None:
    write_lines({"id": "a", "note": NOTE})
    assert run("in.jsonl", "--out", "out.jsonl").exit_code == 0
    other = run("in.jsonl", "--out", "out.jsonl", "--resume", "--seed", "4")
    assert "its rows are of another options; choose another file" in other.stderr
    write_lines({"id": "a", "note": NOTE + " More."})
    changed = run("in.jsonl", "--out", "out.jsonl", "--resume")
    assert "its rows are of another sha256" in changed.stderr
    assert run("in.jsonl", "--out", "out.jsonl", "--force").exit_code == 0


def test_a_batch_can_be_deidentified(run: Run) -> None:
    write_lines({"id": "a", "note": f"Mrs Nora Quill brought her girl. {NOTE}"})
    assert run("in.jsonl", "--out", "out.jsonl", "--deidentify").exit_code == 0
    (row,) = rows()
    assert row.result is not None
    assert "Quill" not in row.model_dump_json()
    assert [(one.kind, one.count) for one in row.result.redactions] == [("name", 1)]


def test_a_second_batch_on_the_same_results_is_refused_and_a_hold_is_never_stale(run: Run, tmp_path: Path) -> None:
    write_lines(*LINES)
    with held_file(tmp_path / "out.jsonl.lock") as held:
        assert held
        for how in ((), ("--resume",), ("--force",)):
            second = run("in.jsonl", "--out", "out.jsonl", *how)
            assert second.exit_code == 2
            assert (
                second.stderr
                == "raredx: out.jsonl: another batch writes it now; wait for its end, or choose another file\n"
            )
    (tmp_path / "out.jsonl.lock").write_bytes(b"")  # as a killed process leaves it
    assert run("in.jsonl", "--out", "out.jsonl").stderr.endswith("4 failed\n")
    assert not (tmp_path / "out.jsonl.lock").exists()


def test_a_full_disk_is_said_and_what_was_finished_is_gone_on_with(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lines(*(json.dumps({"id": str(n), "note": NOTE}) for n in range(40)))

    written = 0

    def fsync(number: int) -> None:
        nonlocal written
        written += 1
        if written == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(runstore.os, "fsync", fsync)
    result = run("in.jsonl", "--out", "out.jsonl")
    assert result.exit_code == 2
    assert result.stderr == (
        "raredx: out.jsonl: cannot be written (No space left on device); what is finished stays, go on with --resume\n"
    )
    assert run("in.jsonl", "--out", "out.jsonl", "--resume").exit_code == 0
    assert [row.row for row in rows()] == list(range(1, 41))


def test_results_never_replace_the_batch_nor_become_a_part_of_it(run: Run) -> None:
    write_lines({"id": "a", "note": NOTE})
    before = Path("in.jsonl").read_bytes()
    Path("same.jsonl").symlink_to("in.jsonl")
    for out in ("in.jsonl", "same.jsonl"):
        result = run("in.jsonl", "--out", out, "--force")
        assert (result.exit_code, "is the batch itself" in result.stderr) == (2, True)
    assert Path("in.jsonl").read_bytes() == before
    Path("notes").mkdir()
    Path("notes/a.txt").write_text(NOTE)
    result = run("notes", "--out", "notes/out.jsonl")
    assert (result.exit_code, "in the folder that is read" in result.stderr) == (2, True)
    assert [path.name for path in Path("notes").iterdir()] == ["a.txt"]
