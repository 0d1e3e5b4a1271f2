"""Attention by example: what whole rows under a mask give, and nothing else than that where rows are not packed."""

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from raredxr1.internalize import packed_attention
from raredxr1.internalize.packed_attention import attend_by_example

pytestmark = pytest.mark.slow

PACKED = torch.tensor([[*range(5), *range(3), *range(4)], [*range(1), *range(11)]])
IDS = torch.randint(0, 40, PACKED.shape, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def model() -> LlamaForCausalLM:
    """Two query heads share a key: repeated as transformers repeats them."""
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "intermediate_size": 16, "num_attention_heads": 4, "num_key_value_heads": 2}
    return LlamaForCausalLM(LlamaConfig(vocab_size=40, num_hidden_layers=2, initializer_range=0.3, **sizes))


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many examples were attended to by themselves, each time."""
    lengths, seen = packed_attention._lengths, []

    def counted(*given: torch.Tensor) -> list[int]:
        found = lengths(*given)
        seen.append(len(found))
        return found

    monkeypatch.setattr(packed_attention, "_lengths", counted)
    return seen


def learned(model: LlamaForCausalLM, positions: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits and gradients."""
    model.zero_grad()
    logits = model(input_ids=IDS, position_ids=positions, use_cache=False).logits
    torch.nn.functional.cross_entropy(logits.flatten(0, 1), IDS.flatten()).backward()
    return logits.detach(), torch.cat([p.grad.flatten() for p in model.parameters()])


def test_it_learns_what_masked_rows_learn(model, apart):
    masked = learned(model.train(), PACKED)
    attend_by_example(model)
    by_example = learned(model, PACKED)
    assert apart == [5, 5], "in both layers"
    for ours, theirs in zip(by_example, masked, strict=True):
        assert theirs.abs().max() > 0.01
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)
    one_example = learned(model, torch.arange(12).repeat(2, 1))[0]
    assert (one_example - by_example[0]).abs().max() > 0.01, "what stands before an example is kept from it"


@pytest.mark.parametrize(
    "positions", [torch.arange(12).repeat(2, 1), torch.arange(12)[None], 3 + torch.arange(12).repeat(2, 1)]
)
def test_rows_that_are_not_packed_are_as_before(model, positions):
    before = learned(model.train(), positions)
    attend_by_example(model)
    for ours, theirs in zip(learned(model, positions), before, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


def test_while_it_is_evaluated_and_in_its_checkpoint_nothing_is_other(model, apart, tmp_path):
    attend_by_example(model)
    model.eval()(input_ids=IDS, position_ids=PACKED)
    assert apart == []
    model.save_pretrained(tmp_path)
    assert LlamaForCausalLM.from_pretrained(tmp_path).config._attn_implementation == "sdpa"
