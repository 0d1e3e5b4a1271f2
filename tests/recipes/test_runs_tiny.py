"""runs/tiny.sh, the whole pipeline as a script: every stage leaves its manifest, a killed run goes on, none runs twice.

Stage 1 is the one that all tests share; the stages after it are a rehearsal of a few steps each.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from started import held_behind, started_python

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]  # a busy machine needs minutes
ROOT = Path(__file__).parents[2]
STAGES = {"lessons": "finetune", "reflect": "reflect", "finetune": "finetune", "rl": "rl"}
"""Folder -> what its manifest says it is."""


def start(
    work: Path, internalized: Path, output: Path, python: str, environment: Mapping[str, str] = os.environ
) -> subprocess.Popen[bytes]:
    """Start the script in a process group of its own."""
    environment = {**environment} | {
        "STEPS": "2", "PYTHON": python, "INTERNALIZED": str(internalized), "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    with output.open("wb") as file:
        command = ["bash", str(ROOT / "runs" / "tiny.sh"), str(work)]
        return subprocess.Popen(command, env=environment, stdout=file, stderr=file, start_new_session=True)


def finish(work: Path, internalized: Path, output: Path, python: str) -> str:
    """Run the script to its end; returns what it said."""
    assert start(work, internalized, output, python).wait(3000) == 0, output.read_text(errors="replace")[-3000:]
    return output.read_text(errors="replace")


def kill_when(process: subprocess.Popen[bytes], happened: Callable[[], bool]) -> None:
    """Kill the script and all it started at once, as a power cut would, as soon as something has happened."""
    while not happened() and process.poll() is None:
        time.sleep(0.1)
    assert process.poll() is None, "it ended before it could be killed"
    os.killpg(process.pid, signal.SIGUSR1)  # what a command of it runs is killed outright (started.py)
    process.wait(600)
    with suppress(ProcessLookupError):
        while True:
            os.killpg(process.pid, 0)
            time.sleep(0.02)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    return started_python(tmp_path_factory)


@pytest.fixture(scope="module")
def work(tiny_internalized: Path, tmp_path_factory: pytest.TempPathFactory, python: str) -> Path:
    """The folder of a run that was killed in the middle of sampling and started again."""
    folder = tmp_path_factory.mktemp("tiny run")  # a space: paths are quoted
    attempts = folder / "work" / "reflect" / "attempts.jsonl"
    held = held_behind("raredxr1.reflect.loop:Sampler._batch")
    killed = start(folder / "work", tiny_internalized, folder / "killed.txt", python, held)
    kill_when(killed, lambda: attempts.is_file() and attempts.stat().st_size > 0)
    (folder / "kept.jsonl").write_bytes(attempts.read_bytes())
    assert not (folder / "work" / "reflect" / "manifest.json").exists()
    finish(folder / "work", tiny_internalized, folder / "resumed.txt", python)
    return folder / "work"


def test_every_stage_leaves_its_manifest(work):
    for folder, name in STAGES.items():
        assert json.loads((work / folder / "manifest.json").read_text())["stage"] == name
    for folder in ("internalize", "rl"):
        rows = json.loads((work / "evaluated" / folder / "metrics.json").read_text())
        assert next(row for row in rows if row["group"] == "all")["n"] == 8
    assert (work / "evaluated" / "compared.json").is_file()
    assert json.loads((work / "exported" / "parity.json").read_text())


def test_a_killed_run_goes_on_and_does_nothing_twice(work):
    said = (work.parent / "resumed.txt").read_text()
    assert "=== lessons: complete" in said
    assert "=== reflect (" in said
    kept = [line for line in (work.parent / "kept.jsonl").read_text().splitlines(keepends=True) if line.endswith("\n")]
    written = (work / "reflect" / "attempts.jsonl").read_text().splitlines(keepends=True)
    assert written[: len(kept)] == kept, "what was sampled before the kill is kept, and sampled once"
    assert len(written) == len(set(written))


def test_the_exported_model_answers_with_a_valid_document(work):
    result = json.loads((work / "example.json").read_text())
    assert result["settings"]["form"] == "short"
    assert 1 <= len(result["candidates"]) <= 10
    assert any(candidate["id"] for candidate in result["candidates"]), "names it was taught link to ids"


def test_a_second_call_does_nothing_again(work, tiny_internalized, python):
    before = {path: path.stat().st_mtime_ns for path in work.rglob("*") if path.is_file()}
    said = finish(work, tiny_internalized, work.parent / "again.txt", python)
    assert {path: path.stat().st_mtime_ns for path in work.rglob("*") if path.is_file()} == before
    assert said.count(": complete") == 11
    assert "=== rl (" not in said
