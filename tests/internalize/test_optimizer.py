"""Muon on a CPU: torch's own, but for the type it is computed in."""

import pytest
import torch

from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.optimizer import Float32Muon, MuonWithAdamW, make_optimizer

pytestmark = pytest.mark.slow


def test_float32_muon_does_what_torchs_own_does() -> None:
    torch.manual_seed(0)
    starts = [torch.randn(24, 16), torch.randn(8, 40)]  # one tall, one wide
    settings = {"lr": 0.02, "weight_decay": 0.1, "momentum": 0.95, "adjust_lr_fn": "match_rms_adamw"}
    ours, theirs = ([torch.nn.Parameter(start.clone()) for start in starts] for _ in range(2))
    both = Float32Muon(ours, **settings), torch.optim.Muon(theirs, **settings)
    for _ in range(5):
        for mine, other in zip(ours, theirs, strict=True):
            mine.grad = torch.randn_like(mine)
            other.grad = mine.grad.clone()
        for optimizer in both:
            optimizer.step()
    for mine, other, start in zip(ours, theirs, starts, strict=True):
        moved = (other - start).norm()
        assert moved > 0.3
        assert (mine - other).norm() < 0.03 * moved, "nothing but bfloat16's rounding is between them"
    assert both[0].state_dict()["state"].keys() == both[1].state_dict()["state"].keys(), "a run can go on with either"


def test_a_model_on_a_cpu_is_trained_with_it() -> None:
    config = InternalizeConfig(out="out", base="base", tokens=1, optimizer="muon")
    made = make_optimizer(torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.LayerNorm(4)), config)
    assert isinstance(made, MuonWithAdamW) and isinstance(made.parts[0], Float32Muon)
