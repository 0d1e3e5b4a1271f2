"""Stage 1 as a stage: it learns, leaves a manifest, is not run twice, goes on after a kill, stops when it diverges."""

import json
import math
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file

from raredxr1.errors import InputError
from raredxr1.export.base import load_model
from raredxr1.internalize.callbacks import DivergenceGuard
from raredxr1.internalize.config import InternalizeConfig, NewModel
from raredxr1.internalize.models import train_tokenizer
from raredxr1.internalize.train import internalize
from started import held_behind, kill, started_python

pytestmark = pytest.mark.slow

STEPS = 30


def config(out: Path, **changes: object) -> InternalizeConfig:
    settings = {
        "out": out,
        "seed": 3,
        "new_model": NewModel(vocabulary=600, hidden=32, layers=1, heads=2, kv_heads=2, feed_forward=64, context=512),
        "diseases": 5,
        "tokens": 512 * STEPS,
        "row_tokens": 512,
        "rows": 1,
        "optimizer": "muon",
        "log_steps": 5,
        "hypotheses": 1,
        "full_names": 1,
    }
    return InternalizeConfig.model_validate(settings | changes)


def metrics(out: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("unbroken") / "run"
    internalize(config(out), quiet=True)
    return out


def test_the_loss_falls_and_the_manifest_says_what_was_done(unbroken):
    losses = [row["loss"] for row in metrics(unbroken) if "loss" in row]
    assert losses[-1] < losses[0] - 0.5
    manifest = json.loads((unbroken / "manifest.json").read_text())
    assert manifest["stage"] == "internalize"
    assert manifest["counts"]["steps"] == STEPS
    assert manifest["counts"]["diseases"] == len(json.loads((unbroken / "taught.json").read_text())) == 5
    assert len(manifest["inputs"]["knowledge_sha256"]) == 64
    assert {"torch", "trl", "raredxr1"} <= manifest["versions"].keys()


def test_a_complete_stage_is_not_run_again_and_other_settings_are_refused(unbroken):
    before = (unbroken / "metrics.jsonl").read_bytes()
    assert internalize(config(unbroken), quiet=True) == unbroken / "checkpoint"
    assert (unbroken / "metrics.jsonl").read_bytes() == before
    with pytest.raises(InputError, match="other settings"):
        internalize(config(unbroken, seed=4), quiet=True)


def test_a_killed_run_goes_on_and_ends_with_the_same_weights(unbroken, tmp_path, tmp_path_factory):
    out = tmp_path / "run"
    (tmp_path / "recipe.yaml").write_text(config(out, save_minutes=1e-6).model_dump_json(exclude_none=True))
    command = ["-m", "raredxr1", "train", "internalize", "--recipe", str(tmp_path / "recipe.yaml"), "--quiet"]
    held = held_behind("transformers.trainer:Trainer._maybe_log_save_evaluate")
    process = subprocess.Popen([started_python(tmp_path_factory), *command], stderr=subprocess.DEVNULL, env=held)
    while not list(out.glob("steps/checkpoint-*/trainer_state.json")) and process.poll() is None:
        time.sleep(0.02)
    kill(process)
    assert not (out / "manifest.json").exists(), "killed before the end"
    reached = max(int(path.name.split("-")[1]) for path in out.glob("steps/checkpoint-*"))
    assert 1 <= reached < STEPS
    torn = out / "steps" / f"checkpoint-{STEPS}"  # killed in the middle of writing the next
    torn.mkdir()
    (torn / "model.safetensors").write_bytes(b"\x08")

    internalize(config(out), quiet=True)
    ours, theirs = (load_file(run / "checkpoint" / "model.safetensors") for run in (out, unbroken))
    assert all(torch.allclose(ours[name], theirs[name], atol=1e-4) for name in theirs)


def test_divergence_stops_a_run():
    guard, state = DivergenceGuard(factor=2, patience=2), SimpleNamespace(global_step=7)
    for loss, stops in ((1.0, False), (2.5, False), (1.2, False), (2.5, False), (2.6, True)):
        control = SimpleNamespace(should_training_stop=False)
        guard.on_log(None, state, control, {"loss": loss})
        assert control.should_training_stop is stops
    control = SimpleNamespace(should_training_stop=False)
    DivergenceGuard().on_log(None, state, control, {"loss": math.nan})
    assert control.should_training_stop


def test_where_the_mixture_changes_the_loss_may_rise():
    guard, control = DivergenceGuard(factor=2, patience=2, changes=[20]), SimpleNamespace(should_training_stop=False)
    for step, loss in ((10, 1.0), (20, 0.9), (30, 5.0), (40, 4.8), (50, 4.5), (60, 3.0)):
        guard.on_log(None, SimpleNamespace(global_step=step), control, {"loss": loss})
    assert not control.should_training_stop and guard.best == 3.0
    for step in (70, 80):
        guard.on_log(None, SimpleNamespace(global_step=step), control, {"loss": 7.0})
    assert control.should_training_stop and "step 80" in guard.reason


def test_rows_longer_than_the_context_are_refused(tmp_path):
    with pytest.raises(InputError, match="exceeds the model's context"):
        internalize(config(tmp_path / "run", row_tokens=1024), quiet=True)


def test_a_base_that_is_no_model_is_named(tmp_path):
    with pytest.raises(InputError, match=r"without config\.json"):
        load_model(str(tmp_path))
    wheel = tmp_path / "file.gguf"
    wheel.write_bytes(b"nothing")
    with pytest.raises(InputError, match="no model can be loaded"):
        load_model(str(wheel))


def test_control_tokens_are_single_tokens_and_any_text_survives(tmp_path):
    tokenizer = train_tokenizer(["<think>\nFindings\nSeizure 12"] * 10, 400)
    assert len(tokenizer.encode("<|im_end|>").ids) == len(tokenizer.encode("<answer>").ids) == 1
    text = "Größe −3,4 SD; naïve 🧬"
    assert tokenizer.decode(tokenizer.encode(text).ids) == text
