"""Fine-tuning is distributed by configuration alone: two processes on CPU (gloo) learn what one learns."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from raredxr1 import runstore
from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.corpus import taught_diseases
from raredxr1.knowledge import load
from raredxr1.reflect.config import FinetuneConfig
from raredxr1.reflect.finetune import finetune
from started import started_python, two_processes
from tiny_model import make_tiny_checkpoint

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]  # a busy machine needs minutes to start the processes
STEPS, ROW_TOKENS, ROWS = 4, 1024, 2


def settings(folder: Path, internalized: Path, rows: int) -> FinetuneConfig:
    """Replay of stage 1 alone; a step of `rows` rows a process."""
    learning: dict[str, Any] = {
        "tokens": STEPS * ROW_TOKENS * rows, "row_tokens": ROW_TOKENS, "rows": rows, "learning_rate": 3e-3,
        "log_steps": 1, "warmup": 0.0,
    }  # fmt: skip
    shares = {"accepted_share": 0.0, "replay_share": 1.0, "lessons_share": 0.0}
    base = internalized / "checkpoint"
    return FinetuneConfig.model_validate(
        {"out": folder, "seed": 3, "base": str(base), "internalized": internalized, "learning": learning, **shares}
    )


@pytest.fixture(scope="module")
def internalized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a stage 1 on three diseases, with a random model."""
    folder = tmp_path_factory.mktemp("internalized")
    made = InternalizeConfig(out=folder, base="somewhere", tokens=1, diseases=3, hypotheses=1, full_names=1)
    runstore.write_json(folder / "taught.json", [load().disease_ids(d)[0] for d in taught_diseases(load(), 3)])
    runstore.write_manifest(folder, runstore.Manifest(stage="internalize", config=made.model_dump(mode="json"), seed=0))
    make_tiny_checkpoint(folder / "checkpoint", steps=0, max_position_embeddings=ROW_TOKENS)
    return folder


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def test_two_processes_reach_the_loss_of_one(internalized, tmp_path, tmp_path_factory):
    finetune(settings(tmp_path / "one", internalized, rows=ROWS), quiet=True)

    recipe = tmp_path / "finetune.yaml"
    recipe.write_text(settings(tmp_path / "two", internalized, rows=ROWS // 2).model_dump_json(exclude_none=True))
    arguments = ("-m", "raredxr1", "train", "finetune", "--recipe", str(recipe), "--quiet")
    two_processes(started_python(tmp_path_factory), *arguments)

    alone, shared = (lines(tmp_path / name) for name in ("one", "two"))
    alone, shared = ([row for row in rows if "loss" in row] for rows in (alone, shared))
    assert [row["step"] for row in alone] == [row["step"] for row in shared] == list(range(1, STEPS + 1))
    assert [row["loss"] for row in shared] == pytest.approx([row["loss"] for row in alone], abs=2e-3)
    assert [row["grad_norm"] for row in shared] == pytest.approx([row["grad_norm"] for row in alone], rel=2e-2)
    assert alone[-1]["loss"] < alone[0]["loss"], "something is learned"
    single, double = (load_file(tmp_path / name / "checkpoint" / "model.safetensors") for name in ("one", "two"))
    assert all(torch.allclose(single[name], double[name], atol=1e-3) for name in single)
