"""Distributed by configuration alone: the same recipe as `accelerate launch` starts it, two processes on CPU (gloo)."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from rl_runs import lines, small_config
from rl_scripted import run
from safetensors.torch import load_file

from raredxr1.knowledge import KnowledgeBase
from started import started_python, two_processes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]  # a busy machine needs minutes to start the processes


def recipe(folder: Path, **settings: Any) -> Path:
    folder.mkdir()
    path = folder / "rl.yaml"
    # one group of six on two processes: its completions are parted, and its advantages need both
    path.write_text(
        small_config(folder, prompts=1, steps=4, save_steps=4, **settings).model_dump_json(exclude_none=True)
    )
    return path


@pytest.fixture(scope="module")
def shared(undecided: Path, rl_kb: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Recipes that two processes have run: one with scripted rollouts, one sampled by the command itself."""
    folder = tmp_path_factory.mktemp("two")
    made = [recipe(folder / name, start=undecided, knowledge=rl_kb.path) for name in ("scripted", "sampled")]
    two_processes(started_python(tmp_path_factory), str(Path(__file__).parent / "rl_scripted.py"), *map(str, made))
    return made[0], made[1]


def test_two_processes_reach_what_one_reaches(shared, undecided, rl_kb, tmp_path, monkeypatch):
    one, two = recipe(tmp_path / "one", start=undecided, knowledge=rl_kb.path), shared[0]
    run(one, monkeypatch.setattr)
    ours, theirs = (lines(path.parent / "run" / "metrics.jsonl") for path in (one, two))
    assert len(ours) == len(theirs) == 4
    for alone, shared in zip(ours, theirs, strict=True):
        assert shared["loss"] == pytest.approx(alone["loss"], abs=1e-4)
        assert shared["grad_norm"] == pytest.approx(alone["grad_norm"], rel=1e-3)
        same = ("reward", "rewards/accuracy", "curriculum/level", "pool/medium", "pool/aside", "length")
        assert {key: shared[key] for key in same} == pytest.approx({key: alone[key] for key in same})
    single, double = (load_file(path.parent / "run/checkpoint/model.safetensors") for path in (one, two))
    assert all(torch.allclose(single[name], double[name], atol=1e-3) for name in single)
    moved = load_file(undecided / "model.safetensors")
    assert any(not torch.allclose(single[name], moved[name], atol=1e-3) for name in single), "something was learned"
    counts = json.loads((two.parent / "run" / "manifest.json").read_text())["counts"]
    assert counts["processes"] == 2


def test_the_command_itself_samples_and_trains_on_two_processes(shared):
    path = shared[1]
    rows = lines(path.parent / "run" / "metrics.jsonl")
    assert [row["step"] for row in rows] == [1, 2, 3, 4]
    assert 0 < sum(row["rewards/accuracy"] for row in rows) / 4 < 1, "a start in two minds, sampled"
    assert (path.parent / "run" / "checkpoint" / "model.safetensors").is_file()
