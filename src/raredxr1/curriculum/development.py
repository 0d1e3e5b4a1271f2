"""Where a checkpoint stands on development cases: greedy answers, judged by the matcher.

For the comparison of runs (`comparison.py`), without beams; for figures to publish, export the checkpoint and use
`raredx evaluate`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

import torch

from raredxr1.curriculum.prompts import Prompt, Rollout, read_rollout
from raredxr1.evaluate.matcher import Matcher

FIGURES = ("recall@1", "recall@10", "mrr", "final@1", "unparsed")


@dataclass(frozen=True)
class Judged:
    """What the matcher said of a checkpoint's answers, case by case, in the order of the prompts.

    Attributes:
        differential: rank of the true disease in each differential; None where it is not named.
        final: the same of each final diagnosis: 1 or None, where later names are not looked at.
        unparsed: share of completions without a readable name.
    """

    differential: list[int | None]
    final: list[int | None]
    unparsed: float

    @property
    def figures(self) -> dict[str, float]:
        """FIGURES: recall@1, recall@10 and MRR of the differential, recall@1 of the final diagnosis, share unparsed."""
        return {name: mean(values) for name, values in self.by_case().items()} | {"unparsed": self.unparsed}

    def by_case(self) -> dict[str, list[float]]:
        """Each figure's value of every case; what cannot be read counts as a miss."""
        return {
            "recall@1": [float(rank == 1) for rank in self.differential],
            "recall@10": [float(rank is not None) for rank in self.differential],
            "mrr": [1 / rank if rank else 0.0 for rank in self.differential],
            "final@1": [float(rank == 1) for rank in self.final],
        }


def judge(
    model: Any, tokenizer: Any, prompts: Sequence[Prompt], matcher: Matcher, max_tokens: int, batch: int = 64
) -> Judged:
    """Answer every prompt and judge.

    Args:
        model: a causal language model.
        tokenizer: its tokenizer.
        prompts: both tasks of each development case.
        matcher: the judge.
        max_tokens: limit of a completion.
        batch: prompts at once.
    """
    rollouts = answer(model, tokenizer, prompts, max_tokens, batch)
    ranks: dict[str, list[int | None]] = {"differential": [], "final": []}
    for rollout in rollouts:
        verdicts = matcher.judge_all(rollout.names, rollout.prompt.gold)
        ranks[rollout.prompt.task].append(next((i for i, v in enumerate(verdicts, 1) if v.level == "strict"), None))
    unparsed = sum(not rollout.names for rollout in rollouts) / max(len(rollouts), 1)
    return Judged(ranks["differential"], ranks["final"], unparsed)


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
