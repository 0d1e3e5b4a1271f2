"""The training loop for turns: the loss it takes, and that a run that was killed ends like one that was not."""

import json
import shutil
from pathlib import Path
from random import Random

import pytest
import torch
from transformers import AutoModelForCausalLM

from raredxr1.errors import InputError
from raredxr1.internalize.config import FitOptions
from raredxr1.internalize.fit import Encoded, completion_loss, fit, memory_gib
from raredxr1.internalize.models import shortened

pytestmark = pytest.mark.slow


def example(number: int) -> Encoded:
    rng = Random(number)
    ids = [rng.randrange(10, 300) for _ in range(rng.randint(8, 40))]
    return ids, len(ids) // 2


@pytest.fixture
def model(tiny_checkpoint: Path):
    return AutoModelForCausalLM.from_pretrained(tiny_checkpoint, dtype="float32")


OPTIONS = FitOptions(tokens=1500, step_tokens=100, part_tokens=60, longest=36, save_minutes=1e-9, log_seconds=0)


def test_the_loss_is_that_of_every_row_alone_over_its_completion(model):
    rows = [example(n) for n in range(4)]
    apart = 0.0
    for ids, begin in rows:
        labels = torch.tensor([[-100] * begin + ids[begin:]])
        apart += model(input_ids=torch.tensor([ids]), labels=labels).loss.item() * (len(ids) - begin)
    assert completion_loss(model, rows, 0).item() == pytest.approx(apart, rel=1e-4)


def test_a_killed_run_ends_as_one_that_was_left_alone(tiny_checkpoint: Path, tmp_path: Path):
    def trained(folder: Path, until: int | None) -> dict[str, torch.Tensor]:
        model = AutoModelForCausalLM.from_pretrained(tiny_checkpoint, dtype="float32")
        steps = []

        def say(line: str) -> None:
            steps.append(line)
            if until is not None and len(steps) > until:
                raise KeyboardInterrupt

        fit(model, example, 0, OPTIONS, folder, seed=3, say=say)
        return {name: value.clone() for name, value in model.state_dict().items()}

    alone = trained(tmp_path / "alone", None)
    for until in (3, 2, 4):
        with pytest.raises(KeyboardInterrupt):
            trained(tmp_path / "killed", until)
    # killed in the middle of putting a checkpoint in place, and of writing the next
    shutil.move(tmp_path / "killed" / "last", tmp_path / "killed" / "former")
    (tmp_path / "killed" / "writing").mkdir()
    killed = trained(tmp_path / "killed", None)
    assert all(torch.equal(alone[name], killed[name]) for name in alone)
    logged = [
        [json.loads(line)["loss"] for line in (tmp_path / name / "metrics.jsonl").read_text().splitlines()]
        for name in ("alone", "killed")
    ]
    assert logged[0] == logged[1]


def test_it_learns_says_what_it_takes_and_leaves_out_what_is_too_long(model, tmp_path: Path):
    said: list[str] = []
    options = OPTIONS.model_copy(update={"learning_rate": 1e-2, "tokens": 4000, "save_minutes": 1.0})
    progress = fit(model, lambda n: example(n % 5), 0, options, tmp_path, say=said.append)
    assert "GiB" in said[0] and "min left" in said[-1]
    losses = [json.loads(line)["loss"] for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert losses[-1] < losses[0]
    assert progress.tokens >= OPTIONS.tokens and 0 < progress.learned < progress.tokens
    with pytest.raises(RuntimeError, match="longer than 36"):
        fit(model, lambda n: (list(range(50)), 2), 0, OPTIONS, tmp_path / "long", say=said.append)


def test_the_clock_ends_a_run_that_has_tokens_left(model, tmp_path: Path):
    options = OPTIONS.model_copy(update={"tokens": 10**9, "minutes": 0.02})
    progress = fit(model, example, 0, options, tmp_path, say=lambda _: None)
    assert 0 < progress.tokens < 10**9 and progress.seconds >= 1.2


def test_a_loss_that_is_no_number_ends_the_run(model, tmp_path: Path):
    model.model.norm.weight.data.fill_(float("nan"))
    with pytest.raises(RuntimeError, match="diverged"):
        fit(model, example, 0, OPTIONS, tmp_path, say=lambda _: None)


def test_a_shorter_base_keeps_its_ends_and_still_runs(tiny_checkpoint: Path):
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=50, hidden_size=16, intermediate_size=16, num_hidden_layers=12, num_attention_heads=2
    )
    model = LlamaForCausalLM(config)
    layers = list(model.model.layers)
    before = memory_gib(model, OPTIONS)
    shortened(model, 7)
    kept = [layers.index(layer) for layer in model.model.layers]
    assert kept[:3] == [0, 1, 2] and kept[-1] == 11 and kept == sorted(set(kept)) and len(kept) == 7
    assert memory_gib(model, OPTIONS) < before
    ids = torch.tensor([[1, 2, 3]])
    with torch.no_grad():  # with a cache, as it is served
        assert model.generate(ids, max_new_tokens=3, do_sample=False).shape == (1, 6)
    with pytest.raises(InputError, match="layers 7: the base has 7"):
        shortened(model, 7)
