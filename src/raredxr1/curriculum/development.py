"""Where a checkpoint stands on development cases: greedy answers, judged by the matcher.

A point estimate for the comparison of runs, without linking, beams or intervals; for figures to publish, export the
checkpoint and use `raredx evaluate`.
"""

from collections.abc import Sequence
from typing import Any

import torch

from raredxr1.curriculum.prompts import Prompt
from raredxr1.curriculum.rollout import Rollout, read_rollout
from raredxr1.evaluate.matcher import Matcher

FIGURES = ("recall@1", "recall@10", "mrr", "final@1", "unparsed")


def measure(
    model: Any, tokenizer: Any, prompts: Sequence[Prompt], matcher: Matcher, max_tokens: int, batch: int = 64
) -> dict[str, float]:
    """Answer every prompt and judge.

    Args:
        model: a causal language model.
        tokenizer: its tokenizer.
        prompts: both tasks of each development case.
        matcher: the judge.
        max_tokens: limit of a completion.
        batch: prompts at once.

    Returns:
        recall@1, recall@10 and MRR of the differential, recall@1 of the final diagnosis (final@1), and the share of
        completions without a readable name. What cannot be read counts as a miss.
    """
    rollouts = answer(model, tokenizer, prompts, max_tokens, batch)
    ranks: dict[str, list[int | None]] = {"differential": [], "final": []}
    for rollout in rollouts:
        verdicts = matcher.judge_all(rollout.names, rollout.prompt.gold)
        ranks[rollout.prompt.task].append(next((i for i, v in enumerate(verdicts, 1) if v.level == "strict"), None))
    listed, final = ranks["differential"], ranks["final"]
    return {
        "recall@1": _share(listed, 1),
        "recall@10": _share(listed, 10),
        "mrr": sum(1 / rank for rank in listed if rank) / max(len(listed), 1),
        "final@1": _share(final, 1),
        "unparsed": sum(not rollout.names for rollout in rollouts) / max(len(rollouts), 1),
    }


def answer(model: Any, tokenizer: Any, prompts: Sequence[Prompt], max_tokens: int, batch: int = 64) -> list[Rollout]:
    """Answer prompts greedily, shortest first so that little is padded; returns them in the order given."""
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i].text))
    found: dict[int, Rollout] = {}
    encode, decode = tokenizer.backend_tokenizer.encode, tokenizer.backend_tokenizer.decode
    model.eval()
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        rows = [encode(prompts[i].text, add_special_tokens=False).ids for i in chosen]
        width = max(map(len, rows))
        ids = torch.tensor([[tokenizer.pad_token_id] * (width - len(row)) + row for row in rows])
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows])
        with torch.no_grad():
            written = model.generate(
                input_ids=ids.to(model.device),
                attention_mask=mask.to(model.device),
                max_new_tokens=max_tokens,
                do_sample=False,
                eos_token_id=tokenizer.eos_token_id,
                pad_token_id=tokenizer.pad_token_id,
            )[:, width:].tolist()
        for i, tokens in zip(chosen, written, strict=True):
            ended = tokenizer.eos_token_id in tokens
            kept = tokens[: tokens.index(tokenizer.eos_token_id)] if ended else tokens
            text = decode(kept, skip_special_tokens=False)
            found[i] = read_rollout(prompts[i], text, len(kept) + ended, truncated=not ended)
    return [found[i] for i in range(len(prompts))]


def _share(ranks: Sequence[int | None], k: int) -> float:
    return sum(rank is not None and rank <= k for rank in ranks) / max(len(ranks), 1)
