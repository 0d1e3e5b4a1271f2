"""The optimizer is made for the model as it is when training starts; lists are as long as the recipe says."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch
from datasets import Dataset
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast
from trl import SFTConfig
from trl.trainer import utils as trl_utils

from raredxr1 import dialogue
from raredxr1.internalize.config import InternalizeConfig, Mixture
from raredxr1.internalize.corpus import Corpus, taught_diseases
from raredxr1.internalize.packing import IGNORED
from raredxr1.internalize.trainer import StageTrainer
from raredxr1.knowledge import load

pytestmark = pytest.mark.slow


class Enough(Exception):
    """Training would start now."""


def stage_trainer(checkpoint: Path, out: Path, rows: list[dict[str, list[int]]], collator: Any) -> StageTrainer:
    return StageTrainer(
        InternalizeConfig(out=out, base="base", tokens=1, learning_rate=0.5),
        model=AutoModelForCausalLM.from_pretrained(checkpoint),
        args=SFTConfig(output_dir=str(out), use_cpu=True, report_to=[], max_length=None,
                       dataset_kwargs={"skip_prepare_dataset": True}),
        train_dataset=Dataset.from_list(rows),
        data_collator=collator,
        processing_class=PreTrainedTokenizerFast.from_pretrained(checkpoint),
    )  # fmt: skip


def test_only_what_is_learned_goes_through_the_head(tiny_checkpoint, tmp_path, monkeypatch):
    """On a CPU too, where TRL would score every position; the loss is that of plain cross entropy."""
    scored: list[int] = []
    head = trl_utils._ChunkedLogProbFunction.apply

    def counted(hidden: torch.Tensor, *others: Any) -> Any:
        scored.append(len(hidden))
        return head(hidden, *others)

    monkeypatch.setattr(trl_utils._ChunkedLogProbFunction, "apply", counted)
    ids = torch.randint(5, 300, (2, 40), generator=torch.Generator().manual_seed(0))
    labels = torch.full_like(ids, IGNORED)
    labels[0, 30:], labels[1, 8:10] = ids[0, 30:], ids[1, 8:10]
    batch = {"input_ids": ids, "labels": labels, "position_ids": torch.arange(40).repeat(2, 1)}
    trainer = stage_trainer(tiny_checkpoint, tmp_path, [{"input_ids": [1, 2], "labels": [1, 2]}], list)
    loss = trainer.compute_loss(trainer.model, dict(batch))
    assert scored == [12], "of 80 positions"
    plain = cross_entropy(trainer.model(ids).logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
    assert float(loss.detach()) == pytest.approx(float(plain.detach()), abs=1e-4)


@pytest.mark.parametrize("late", [False, True], ids=["one device", "sharded"])
def test_the_optimizer_is_made_for_the_model_as_it_is_when_training_starts(tiny_checkpoint, tmp_path, late):
    """Sharding puts another model in the place of the one that was opened; transformers itself decides when."""
    trainer = stage_trainer(tiny_checkpoint, tmp_path, [{"input_ids": [1, 2, 3], "labels": [1, 2, 3]}], list)
    prepared: list[torch.nn.Module] = []

    def prepare(*what: Any) -> Any:
        """What accelerate does under FSDP: a model comes back as another one."""
        for one in what:
            if isinstance(one, torch.nn.Module):
                prepared.append(deepcopy(one) if late else one)
        return (
            prepared[-1] if len(what) == 1 and isinstance(what[0], torch.nn.Module) else what[-1:][0] if late else what
        )

    def start(*_: Any, **__: Any) -> None:
        raise Enough

    trainer.is_fsdp_enabled = late
    if late:
        trainer.accelerator.state.fsdp_plugin = None
    trainer.accelerator.prepare = prepare
    trainer.create_scheduler = start
    with pytest.raises(Enough):
        trainer.train()
    held = {id(parameter) for group in trainer.optimizer.param_groups for parameter in group["params"]}
    assert held == {id(parameter) for parameter in prepared[-1].parameters()}
    assert (prepared[-1] is trainer.model) is not late, "another model was put in its place, or none"
    assert {group["lr"] for group in trainer.optimizer.param_groups} == {0.5}
    assert trainer.create_optimizer() is trainer.optimizer, "made once"


def test_short_differentials_hold_as_many_names_as_asked_for():
    kb = load()
    listing = Mixture(final=0, differential=1, full=0, profile=0)
    for most in (4, 10):
        corpus = Corpus(kb, taught_diseases(kb, 24), seed=3, short_names=most)
        turns = [dialogue.parse(corpus.example(n, listing).completion, "", "short") for n in range(12)]
        lengths = [len(turn.answer) for turn in turns]
        assert max(lengths) == most
        assert min(lengths) >= 3
