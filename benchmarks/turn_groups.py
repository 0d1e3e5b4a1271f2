"""Groups of turns behind one prompt, on plain cores: sampled all at once, and learned from as one row.

What costs there is reading weights and prompts: a row more in a batch costs hardly anything, and a prompt that its
turns share is read once, in both directions.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn.functional import cross_entropy
from transformers import DynamicCache

LIMIT = 300
"""Tokens of a sampled turn."""


@torch.inference_mode()
def sample(
    model: Any,
    prompts: Sequence[Sequence[int]],
    samples: int,
    end: int,
    seed: int,
    temperature: float,
    limit: int = LIMIT,
) -> list[list[list[int]]]:
    """So many turns behind each prompt, all at once: on plain cores a row more costs hardly anything.

    Each prompt is read once. Turns end with the token `end`, or are cut at the limit and do not.
    """
    generator = torch.Generator().manual_seed(seed)
    longest = max(map(len, prompts))
    mask = torch.tensor([[0] * (longest - len(p)) + [1] * len(p) for p in prompts])
    ids = torch.tensor([[end] * (longest - len(p)) + list(p) for p in prompts])
    cache = DynamicCache(config=model.config)
    places = (mask.cumsum(1) - 1).clamp(min=0)
    head = model(ids, attention_mask=mask, position_ids=places, past_key_values=cache, logits_to_keep=1)
    cache.batch_repeat_interleave(samples)
    mask, place = mask.repeat_interleave(samples, 0), places[:, -1:].repeat_interleave(samples, 0)
    logits = head.logits[:, -1].repeat_interleave(samples, 0)
    rows: list[list[int]] = [[] for _ in range(len(prompts) * samples)]
    live = list(range(len(rows)))
    for _ in range(limit):
        chosen = torch.multinomial(torch.softmax(logits.float() / temperature, -1), 1, generator=generator)
        for row, token in zip(live, chosen[:, 0].tolist(), strict=True):
            rows[row].append(token)
        kept = [i for i, token in enumerate(chosen[:, 0].tolist()) if token != end]
        if not kept:
            break
        if len(kept) < len(live):
            cache.batch_select_indices(torch.tensor(kept))
            live, chosen, mask, place = [live[i] for i in kept], chosen[kept], mask[kept], place[kept]
        mask, place = torch.cat([mask, torch.ones_like(chosen)], 1), place + 1
        logits = model(chosen, attention_mask=mask, position_ids=place, past_key_values=cache).logits[:, -1]
    return [rows[start : start + samples] for start in range(0, len(rows), samples)]


def group_loss(
    model: Any, prompt: Sequence[int], turns: Sequence[Sequence[int]], weights: Sequence[float], temperature: float
) -> Any:
    """Cross entropy summed over the tokens of each turn, times its weight; one row, in which no turn sees another.

    Args:
        model: a causal language model with `sdpa` attention.
        prompt: tokens before each turn.
        turns: tokens of the turns.
        weights: of each turn.
        temperature: at which the turns were sampled.
    """
    ids, places, own, target, weight = list(prompt), list(range(len(prompt))), [0] * len(prompt), [], []
    at: list[int] = []
    for number, (turn, value) in enumerate(zip(turns, weights, strict=True), 1):
        at += [len(prompt) - 1, *range(len(ids), len(ids) + len(turn) - 1)]
        target += turn
        weight += [value] * len(turn)
        ids += turn
        places += range(len(prompt), len(prompt) + len(turn))
        own += [number] * len(turn)
    owner = torch.tensor(own)
    order = torch.arange(len(ids))
    seen = (order[None, :] <= order[:, None]) & ((owner[None, :] == 0) | (owner[None, :] == owner[:, None]))
    mask = torch.zeros(seen.shape).masked_fill(~seen, torch.finfo(torch.float32).min)[None, None]
    body = getattr(model, model.base_model_prefix)
    hidden = body(
        input_ids=torch.tensor([ids]), position_ids=torch.tensor([places]), attention_mask=mask, use_cache=False
    ).last_hidden_state[0]
    logits = model.get_output_embeddings()(hidden[at]).float() / temperature
    losses = cross_entropy(logits, torch.tensor(target), reduction="none")
    return (losses * torch.tensor(weight)).sum()
