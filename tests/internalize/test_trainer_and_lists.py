"""The optimizer is made for the model as it is when training starts; lists are as long as the recipe says."""

import torch

from raredxr1 import dialogue
from raredxr1.internalize.config import InternalizeConfig, Mixture
from raredxr1.internalize.corpus import Corpus, taught_diseases
from raredxr1.internalize.trainer import StageTrainer
from raredxr1.knowledge import load


def test_the_optimizer_is_made_for_the_sharded_model_and_only_once():
    trainer = StageTrainer.__new__(StageTrainer)
    trainer.recipe = InternalizeConfig(out="out", base="base", tokens=1, learning_rate=0.5)
    trainer.model, trainer.optimizer = torch.nn.Linear(2, 2), None
    sharded = torch.nn.Linear(2, 2)
    made = trainer.create_optimizer(sharded)
    held = {id(parameter) for group in made.param_groups for parameter in group["params"]}
    assert held == {id(parameter) for parameter in sharded.parameters()}
    assert made.param_groups[0]["lr"] == 0.5
    assert trainer.create_optimizer() is made


def test_short_differentials_hold_as_many_names_as_asked_for():
    kb = load()
    listing = Mixture(final=0, differential=1, full=0, profile=0)
    for most in (4, 10):
        corpus = Corpus(kb, taught_diseases(kb, 24), seed=3, short_names=most)
        turns = [dialogue.parse(corpus.example(n, listing).completion, "", "short") for n in range(12)]
        lengths = [len(turn.answer) for turn in turns]
        assert max(lengths) == most
        assert min(lengths) >= 3
