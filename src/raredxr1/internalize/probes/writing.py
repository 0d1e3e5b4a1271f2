"""Greedy and beam search with transformers, on a model that may be in the middle of its training.

Nothing is drawn at random, no gradient is kept, and the model is left in the mode it was found in.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn.functional import log_softmax


@contextmanager
def asking(model: Any, bf16: bool) -> Iterator[None]:
    """Evaluation mode, no gradients, the state of torch's random numbers as it was afterwards."""
    was_training = model.training
    devices = [model.device.index or 0] if model.device.type == "cuda" else []
    with (
        torch.random.fork_rng(devices=devices),
        torch.no_grad(),
        torch.autocast(model.device.type, torch.bfloat16, enabled=bf16 and model.device.type == "cuda"),
    ):
        model.eval()
        try:
            yield
        finally:
            model.train(was_training)


def write(
    model: Any, tokenizer: Any, prompts: Sequence[str], tokens: int, beams: int = 1, batch: int = 32
) -> list[list[str]]:
    """Answer each prompt with its `beams` most probable turns, most probable first.

    Args:
        model: a causal language model of transformers.
        tokenizer: its fast tokenizer; turns end at its eos token.
        prompts: whole prompts; one that leaves no room in the model's context is answered with nothing.
        tokens: of a turn, at most.
        beams: 1 is greedy search.
        batch: prompts at once.
    """
    encoded = [tokenizer.backend_tokenizer.encode(prompt, add_special_tokens=False).ids for prompt in prompts]
    room = model.config.max_position_embeddings - tokens
    order = sorted((i for i, ids in enumerate(encoded) if len(ids) <= room), key=lambda i: -len(encoded[i]))
    answers: list[list[str]] = [[] for _ in prompts]
    for begin in range(0, len(order), batch):
        chosen = order[begin : begin + batch]
        ids, mask = _left_padded([encoded[i] for i in chosen], tokenizer.pad_token_id, model.device)
        written = model.generate(
            ids,
            attention_mask=mask,
            max_new_tokens=tokens,
            num_beams=beams,
            num_return_sequences=beams,
            do_sample=False,
            use_cache=True,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
            **({"length_penalty": 0.0} if beams > 1 else {}),
        )
        texts = [_decoded(tokenizer, row) for row in written[:, ids.shape[1] :].tolist()]
        for place, i in enumerate(chosen):
            answers[i] = texts[place * beams : (place + 1) * beams]
    return answers


def log_likelihoods(model: Any, tokenizer: Any, asked: Sequence[tuple[str, str]], batch: int = 32) -> list[float]:
    """Log-probability of each continuation after its prompt, summed over its tokens."""
    encode = tokenizer.backend_tokenizer.encode
    rows = [[encode(text, add_special_tokens=False).ids for text in pair] for pair in asked]
    order = sorted(range(len(rows)), key=lambda i: -sum(map(len, rows[i])))
    found = [0.0] * len(rows)
    for begin in range(0, len(order), batch):
        chosen = order[begin : begin + batch]
        width = max(sum(map(len, rows[i])) for i in chosen)
        filled = [rows[i][0] + rows[i][1] for i in chosen]
        pad = tokenizer.pad_token_id
        ids = torch.tensor([row + [pad] * (width - len(row)) for row in filled], device=model.device)
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in filled], device=model.device)
        keep = width - min(len(rows[i][0]) for i in chosen) + 1
        logits = model(ids, attention_mask=mask, logits_to_keep=keep).logits
        for place, i in enumerate(chosen):
            prompt, said = rows[i]
            begin_at = len(prompt) - 1 - (width - keep)
            scores = log_softmax(logits[place, begin_at : begin_at + len(said)].float(), -1)
            found[i] = float(scores.gather(1, ids[place, len(prompt) : len(prompt) + len(said), None]).sum())
    return found


def _left_padded(rows: Sequence[list[int]], pad: int, device: Any) -> tuple[torch.Tensor, torch.Tensor]:
    width = max(map(len, rows))
    ids = torch.tensor([[pad] * (width - len(row)) + row for row in rows], device=device)
    mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows], device=device)
    return ids, mask


def _decoded(tokenizer: Any, ids: list[int]) -> str:
    end = ids.index(tokenizer.eos_token_id) if tokenizer.eos_token_id in ids else len(ids)
    text: str = tokenizer.backend_tokenizer.decode(ids[:end], skip_special_tokens=False)
    return text
