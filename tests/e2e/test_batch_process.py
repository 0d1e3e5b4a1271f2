"""`raredx diagnose --batch` as a process, with the model that ships: killed outright, and taken up again."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from started import held_behind, kill, started_python

pytestmark = pytest.mark.slow

NOTE = "Girl of 4 years. Developmental regression, loss of speech, microcephaly, gait ataxia. No seizures so far."
ROWS = 18
"""Two chunks: it is killed behind the first."""
COMMAND = ["-m", "raredxr1", "diagnose", "--batch", "in.jsonl", "--out", "out.jsonl", "--fast", "-q"]


def test_a_killed_batch_loses_no_finished_answer(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    python = started_python(tmp_path_factory)

    def batch(*options: str, **more: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen([python, *COMMAND, *options], cwd=tmp_path, stderr=subprocess.DEVNULL, **more)

    lines = (json.dumps({"id": f"row-{number}", "note": f"{NOTE} Visit {number}."}) for number in range(ROWS))
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    out = tmp_path / "out.jsonl"
    process = batch(env=held_behind("raredxr1.diagnose.batch:_append"))
    try:
        while not (out.is_file() and out.stat().st_size):
            assert process.poll() is None, "it ended before anything was written"
            time.sleep(0.02)
    finally:
        kill(process)
    finished = out.read_bytes()
    whole = finished[: finished.rfind(b"\n") + 1]
    assert 1 <= whole.count(b"\n") < ROWS
    assert batch("--resume").wait(3000) == 0
    assert out.read_bytes().startswith(whole)
    rows = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert [row["id"] for row in rows] == [f"row-{number}" for number in range(ROWS)]
    assert {row["status"] for row in rows} == {"ok"}
    assert all(row["result"]["note"].endswith(f"Visit {number}.") for number, row in enumerate(rows))
