"""Rewards over evidence at small size: turns of a group are one row, sampled at once, and see nothing of each other."""

from pathlib import Path

import pytest
import torch
from benchmarks.turn_groups import group_loss, sample
from tests.tiny_model import make_tiny_checkpoint

from raredxr1.export.base import load_model

pytestmark = pytest.mark.slow

PROMPT, TURNS = [3, 5, 7, 9], [[4, 6, 8], [10], [4, 6, 11, 12, 2]]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> torch.nn.Module:
    folder: Path = make_tiny_checkpoint(tmp_path_factory.mktemp("rl") / "model", steps=0)
    loaded, _ = load_model(str(folder))
    return loaded.eval()


def alone(model: torch.nn.Module, turn: list[int]) -> torch.Tensor:
    """Cross entropy of a turn behind the prompt, with nothing beside it."""
    ids = torch.tensor([PROMPT + turn])
    logits = model(ids).logits[0, len(PROMPT) - 1 : -1].float() / 0.7
    return torch.nn.functional.cross_entropy(logits, torch.tensor(turn), reduction="sum")


def test_a_group_in_one_row_is_learned_from_as_each_turn_alone(model: torch.nn.Module) -> None:
    weights = [0.5, -2.0, 1.25]
    together = group_loss(model, PROMPT, TURNS, weights, 0.7)
    apart = sum(weight * alone(model, turn) for weight, turn in zip(weights, TURNS, strict=True))
    assert torch.allclose(together, apart, atol=1e-4)
    gradients = []
    for loss in (together, apart):
        model.zero_grad()
        loss.backward()
        gradients.append(torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None]))
    assert torch.allclose(*gradients, atol=1e-4) and gradients[0].abs().max() > 0.01


def test_turns_sampled_at_once_follow_the_model_behind_their_own_prompt(model: torch.nn.Module) -> None:
    def first(prompt: list[int]) -> torch.Tensor:
        with torch.no_grad():
            return torch.softmax(model(torch.tensor([prompt])).logits[0, -1].float() / 0.7, -1)

    prompts, samples, end = [[3, 5], [9, 7, 5, 3, 4]], 300, 2
    written = sample(model, prompts, samples, end, seed=1, temperature=0.7, limit=3)
    for prompt, turns in zip(prompts, written, strict=True):
        assert len(turns) == samples
        assert all(turn[-1] == end or len(turn) == 3 for turn in turns)
        assert all(end not in turn[:-1] for turn in turns)
        likeliest = int(first(prompt).argmax())
        share = sum(turn[0] == likeliest for turn in turns) / samples
        assert abs(share - float(first(prompt)[likeliest])) < 0.1
    assert written == sample(model, prompts, samples, end, seed=1, temperature=0.7, limit=3)
    assert written != sample(model, prompts, samples, end, seed=2, temperature=0.7, limit=3)
