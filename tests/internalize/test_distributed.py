"""Stage 1 sharded over two processes (FSDP2, gloo) learns what one process learns; phases end where they should."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from raredxr1.internalize import train
from raredxr1.internalize.config import InternalizeConfig, Mixture, NewModel, Phase
from started import started_python, two_processes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]  # a busy machine needs minutes to start the processes
STEPS, ROW_TOKENS = 8, 512
SHARDED = {
    "ACCELERATE_USE_FSDP": "true", "FSDP_VERSION": "2", "FSDP_AUTO_WRAP_POLICY": "TRANSFORMER_BASED_WRAP",
    "FSDP_TRANSFORMER_CLS_TO_WRAP": "LlamaDecoderLayer", "FSDP_STATE_DICT_TYPE": "FULL_STATE_DICT",
    "FSDP_CPU_RAM_EFFICIENT_LOADING": "false", "FSDP_RESHARD_AFTER_FORWARD": "true", "FSDP_OFFLOAD_PARAMS": "false",
    "FSDP_ACTIVATION_CHECKPOINTING": "false",
}  # fmt: skip
"""What `accelerate launch --use_fsdp --fsdp_version 2 ...` says to the processes it starts."""


def settings(out: Path, rows: int) -> InternalizeConfig:
    nothing = {"final": 0, "differential": 0, "full": 0, "profile": 0}
    first, last = Mixture(**nothing | {"final": 1}), Mixture(**nothing | {"differential": 1})
    shape = NewModel(vocabulary=600, hidden=32, layers=2, heads=2, kv_heads=2, feed_forward=64, context=ROW_TOKENS)
    return InternalizeConfig(
        out=out, seed=3, new_model=shape, diseases=5, tokens=STEPS * ROW_TOKENS * rows, row_tokens=ROW_TOKENS,
        rows=rows, warmup=0.0, learning_rate=3e-3, log_steps=1, hypotheses=1, full_names=1,
        phases=[Phase(until=0.5, mixture=first), Phase(until=1.0, mixture=last)],
    )  # fmt: skip


def lines(out: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    return [row for row in rows if "loss" in row]


def test_sharded_over_two_processes_it_learns_what_one_learns(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = tmp_path / "two.yaml"
    recipe.write_text(settings(tmp_path / "two", rows=1).model_dump_json(exclude_none=True))
    two_processes(
        started_python(tmp_path_factory), str(Path(__file__).with_name("fsdp_on_cpu.py")), str(recipe), **SHARDED
    )

    for rank in range(2):
        seen = json.loads(recipe.with_suffix(f".{rank}.json").read_text())
        assert "FSDPModule" in seen["wrapped"], "sharded in earnest"
        assert seen["parameters"] == "DTensor"
        phases = seen["phases"][: 2 * STEPS]
        assert len(phases) == 2 * STEPS, "each process reads the rows of both"
        assert sum(phase == 0 for phase in phases) == pytest.approx(STEPS, abs=1), "a phase of half the rows"

    monkeypatch.setattr(train, "SAMPLED_EXAMPLES", 50)
    train.internalize(settings(tmp_path / "one", rows=2), quiet=True)
    alone, shared = lines(tmp_path / "one"), lines(tmp_path / "two")
    assert [row["step"] for row in shared] == [row["step"] for row in alone] == list(range(1, STEPS + 1))
    assert [row["loss"] for row in shared] == pytest.approx([row["loss"] for row in alone], abs=2e-3)
    assert [row["grad_norm"] for row in shared] == pytest.approx([row["grad_norm"] for row in alone], rel=2e-2)
    assert alone[-1]["loss"] < alone[0]["loss"], "something is learned"
    single, double = (load_file(tmp_path / name / "checkpoint" / "model.safetensors") for name in ("one", "two"))
    tied = double.pop("lm_head.weight")  # a gathered state names the embeddings' second use, too
    assert torch.equal(tied, double["model.embed_tokens.weight"])
    assert single.keys() == double.keys()
    assert all(torch.allclose(single[name], double[name], atol=1e-3) for name in single)
