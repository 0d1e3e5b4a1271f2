"""What is measured before training: the device's rate, and whether the largest batch fits."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from rich.console import Console

from raredxr1.errors import InputError
from raredxr1.export.base import load_model
from raredxr1.internalize.callbacks import DivergenceGuard, MetricsFile, ProgressBar, rate_line
from raredxr1.internalize.config import HeldOut, InternalizeConfig
from raredxr1.internalize.corpus import Example
from raredxr1.internalize.device import dry_step, matmul_tflops, name_of
from raredxr1.internalize.train import RowStream, _trainer
from tiny_model import PROMPTS, TURNS, make_tiny_checkpoint

pytestmark = pytest.mark.slow

CPU = torch.device("cpu")


class Model(torch.nn.Module):
    """Stands in for a model with TRL's head: says what it was asked, and fails where it is told to."""

    def __init__(self, fails: bool = False) -> None:
        super().__init__()
        self.table = torch.nn.Parameter(torch.ones(7))
        self.config, self.device, self.fails = SimpleNamespace(vocab_size=7), CPU, fails
        self.asked: dict[str, torch.Tensor] = {}

    def forward(self, **asked: Any) -> SimpleNamespace:
        self.asked = asked
        if self.fails:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return SimpleNamespace(log_probs=self.table[asked["input_ids"]])


def trainer(model: Model) -> SimpleNamespace:
    args = SimpleNamespace(gradient_checkpointing=False)
    return SimpleNamespace(model=model, args=args, compute_loss_context_manager=nullcontext)


def test_the_rate_is_measured_without_touching_the_random_numbers():
    torch.manual_seed(1)
    expected = torch.rand(2)
    torch.manual_seed(1)
    assert 0 < matmul_tflops(CPU, torch.float32, size=64, seconds=0.01) < 1000
    assert torch.equal(torch.rand(2), expected)
    assert name_of(CPU).startswith("cpu")


def test_the_dry_step_is_a_full_batch_of_one_example_a_row_all_learned():
    model = Model()
    assert dry_step(trainer(model), rows=3, row_tokens=20, state_bytes=100) == 0.0
    assert model.asked["input_ids"].shape == model.asked["labels"].shape == (3, 20)
    assert model.asked["position_ids"][2].tolist() == list(range(20)), "one example: the longest attention there is"
    assert int(model.asked["input_ids"].max()) < 7 and int(model.asked["labels"].min()) >= 0
    assert model.table.grad is None, "no gradient is left for the first step"


def test_the_dry_step_runs_on_the_trainer_of_the_stage_and_leaves_it_as_it_was(tmp_path):
    recipe = InternalizeConfig(
        out=tmp_path, base=str(make_tiny_checkpoint(tmp_path / "base", steps=0)), tokens=512, row_tokens=128, rows=2,
        gradient_checkpointing=True, held_out=HeldOut(), diseases=3,
    )  # fmt: skip
    model, tokenizer = load_model(recipe.base)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    corpus = SimpleNamespace(example=lambda number, mixture: Example(PROMPTS[0], TURNS[0], "final", 0))
    stream = RowStream(recipe, corpus, tokenizer.backend_tokenizer, tokenizer.pad_token_id)
    built = _trainer(recipe, model, tokenizer, stream, DivergenceGuard(), 1.0, None, quiet=True)
    mode, torch_state = model.training, torch.get_rng_state()
    assert dry_step(built, recipe.rows, recipe.row_tokens, 0) == 0.0
    assert model.training is mode and torch.equal(torch.get_rng_state(), torch_state)
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(torch.equal(weight, before[name]) for name, weight in model.state_dict().items())


def test_out_of_memory_is_said_with_what_to_lower():
    model = Model(fails=True)
    with pytest.raises(
        InputError, match=r"3 rows of 20 tokens .* lower rows .* row_tokens, or set gradient_checkpoint"
    ):
        dry_step(trainer(model), rows=3, row_tokens=20, state_bytes=100)
    assert model.table.grad is None


def test_a_log_line_says_the_rate_and_the_share_of_the_measured_peak(tmp_path, capsys):
    metrics = MetricsFile(tmp_path / "metrics.jsonl", tokens_a_step=1000, flops_a_token=6e6, peak_tflops=0.5)
    state = SimpleNamespace(global_step=0, max_steps=10, is_world_process_zero=True)
    metrics.on_train_begin(None, state, None)
    metrics.started -= 30
    metrics.paused += 20  # two thirds of the time went to something else
    state.global_step = 10
    metrics.on_log(None, state, None, {"loss": 2.5})
    rate = metrics.last["tokens_per_second"]
    assert 900 < rate <= 1000
    assert metrics.last["utilisation"] == pytest.approx(rate * 6e6 / 0.5e12, abs=1e-4)
    assert (
        rate_line(metrics)
        == f"step 10: loss 2.500, {rate:,} tokens/s, {metrics.last['utilisation']:.1%} of 0.5 TFLOP/s"
    )
    bar = ProgressBar(1000, metrics)
    bar.bar.live.console = Console(force_terminal=False)
    bar.on_train_begin(None, SimpleNamespace(global_step=0, max_steps=10), None)
    bar.on_log(None, state, None, {"loss": 2.5})
    bar.on_train_end(None, state, None)
    assert "tokens/s" in capsys.readouterr().out
