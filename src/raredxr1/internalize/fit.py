"""The training loop for turns: fast on plain cores, the same on a GPU.

Rows are whole turns, never packed: turns of like length stand together, padded on the right, so that causal attention
needs no mask. Only the positions of the completion go through the head; a large vocabulary then costs little. A step
gathers rows until it has its tokens, in parts that fit the memory; what that takes is said before the first.

A checkpoint holds weights, optimizer and the number of the next turn; written aside and put in place at once, so a
process that is killed goes on from the last one exactly. Example n depends on the seed and n alone.

Left out on purpose: several processes (stage 1 at large size runs through the Trainer), and any mask.
"""

import math
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch
from safetensors.torch import load_model as load_weights
from torch.nn.functional import cross_entropy

from raredxr1.internalize.config import FitOptions
from raredxr1.internalize.corpus import Encoded
from raredxr1.processor import fast_bfloat16
from raredxr1.runstore import append_jsonl, keep_steps

STATE, METRICS = "state.pt", "metrics.jsonl"
LAST, FORMER, ASIDE = "last", "former", "writing"
POOL = 256
"""So many turns are sorted by length together."""


@dataclass
class Progress:
    """Where a run stands. Everything a resumed run needs besides tensors."""

    step: int = 0
    tokens: int = 0
    learned: int = 0
    """Tokens of completions among them."""
    pool: int = 0
    """The pool in work: examples from pool times its size on."""
    part: int = 0
    """Parts of the pool that are done."""
    too_long: int = 0
    seconds: float = 0.0


def fit(
    model: Any,
    example: Callable[[int], Encoded],
    pad: int,
    options: FitOptions,
    folder: Path,
    *,
    seed: int = 0,
    pool: int = POOL,
    say: Callable[[str], None] = print,
) -> Progress:
    """Train a causal language model in place; goes on from the checkpoint in `folder` where there is one.

    Args:
        model: a causal language model of transformers, with `model.model` (or its base_model_prefix) and `lm_head`.
        example: number to encoded turn.
        pad: id that fills rows; never learned.
        options: how long and how fast.
        folder: where the checkpoint and metrics.jsonl go.
        seed: orders the parts of a pool.
        pool: so many turns are sorted by length together; of a few turns learned again and again, their number.
        say: takes lines for people.

    Returns:
        Where the run stands: complete, or out of time.

    Raises:
        RuntimeError: the loss is no number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    precision = "bfloat16" if fast_bfloat16(next(model.parameters()).device) else "float32"
    optimizer = _optimizer(model, options)
    progress = _resume(folder, model, optimizer)
    millions = sum(p.numel() for p in model.parameters()) / 1e6
    resumed = f"; goes on at {progress.tokens:,} tokens" if progress.step else ""
    say(f"{millions:.1f}M parameters, {precision}, about {memory_gib(model, options):.1f} GiB{resumed}")
    model.train()
    began, before, first = time.monotonic(), progress.seconds, progress.tokens
    saved = said = began
    parts = _parts(example, options, progress, seed, pool)
    losses: list[tuple[float, int]] = []
    while (share := _share(progress, options)) < 1:
        rate = options.learning_rate * _rate(share, options)
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss, tokens, learned = _step(model, optimizer, parts, pad, options.step_tokens)
        if not math.isfinite(loss):
            raise RuntimeError(f"training diverged at step {progress.step}: the loss is {loss}")
        losses.append((loss, learned))
        now = time.monotonic()
        progress.step += 1
        progress.tokens += tokens
        progress.learned += learned
        progress.seconds = before + now - began
        if now - said >= options.log_seconds or _share(progress, options) >= 1:
            mean = sum(value * weight for value, weight in losses) / sum(weight for _, weight in losses)
            speed = (progress.tokens - first) / max(now - began, 1e-9)
            _log(folder, progress, mean, rate, speed)
            left = _minutes_left(progress, options, speed)
            say(f"{progress.tokens:,} tokens, loss {mean:.3f}, {speed:,.0f} tokens/s, {left:.0f} min left")
            said, losses = now, []
        if now - saved >= options.save_minutes * 60:
            _save(folder, model, optimizer, progress)
            saved = time.monotonic()
    _save(folder, model, optimizer, progress)
    return progress


def _step(
    model: Any, optimizer: torch.optim.Optimizer, parts: Iterator[list[Encoded]], pad: int, wanted: int
) -> tuple[float, int, int]:
    """One step over at least so many tokens: the mean loss, tokens and learned tokens."""
    device = next(model.parameters()).device
    step: list[list[Encoded]] = []
    tokens = 0
    while tokens < wanted:
        step.append(next(parts))
        tokens += sum(len(ids) for ids, _ in step[-1])
    learned = sum(len(ids) - begin for rows in step for ids, begin in rows)
    loss = 0.0
    for rows in step:
        with torch.autocast(device.type, torch.bfloat16, enabled=fast_bfloat16(device)):
            part = completion_loss(model, rows, pad) / learned
        part.backward()  # type: ignore[no-untyped-call]
        loss += float(part.detach())
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss, tokens, learned


def completion_loss(model: Any, rows: Sequence[Encoded], pad: int) -> torch.Tensor:
    """Cross entropy summed over the tokens of completions; nothing else goes through the head."""
    device = next(model.parameters()).device
    longest = max(len(ids) for ids, _ in rows)
    ids = torch.tensor([row + [pad] * (longest - len(row)) for row, _ in rows], device=device)
    learned = torch.zeros(ids.shape, dtype=torch.bool, device=device)
    for i, (row, begin) in enumerate(rows):
        learned[i, max(begin, 1) : len(row)] = True
    # right padding behind a causal mask is never seen by what stands before it, so no mask is handed over
    hidden = getattr(model, model.base_model_prefix)(input_ids=ids, use_cache=False).last_hidden_state
    logits = model.get_output_embeddings()(hidden[:, :-1][learned[:, 1:]])
    return cross_entropy(logits.float(), ids[:, 1:][learned[:, 1:]], reduction="sum")


def memory_gib(model: Any, options: FitOptions) -> float:
    """What training takes at most, by count: weights, what the optimizer keeps, and what the backward pass needs."""
    shape = model.config
    layer = 12 * shape.hidden_size + 5 * shape.intermediate_size
    kept = options.part_tokens * (shape.num_hidden_layers * layer + 3 * shape.vocab_size)
    weights = sum(p.numel() * (4 if p.requires_grad else 1) for p in model.parameters())
    return float(4 * (weights + kept) / 2**30)


def _optimizer(model: Any, options: FitOptions) -> torch.optim.Optimizer:
    matrices = [p for p in model.parameters() if p.requires_grad and p.dim() > 1]
    others = [p for p in model.parameters() if p.requires_grad and p.dim() <= 1]
    groups = [{"params": matrices, "weight_decay": options.weight_decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=options.learning_rate, betas=(0.9, 0.95), fused=True)


def _parts(
    example: Callable[[int], Encoded], options: FitOptions, progress: Progress, seed: int, pool: int
) -> Iterator[list[Encoded]]:
    """Rows of like length without end; `progress` says where to begin and is kept."""
    while True:
        rows = [example(n) for n in range(progress.pool * pool, (progress.pool + 1) * pool)]
        fitting = sorted((row for row in rows if len(row[0]) <= options.longest), key=lambda row: len(row[0]))
        if not fitting:
            raise RuntimeError(f"every one of {pool} turns is longer than {options.longest} tokens")
        parts = _cut(fitting, options.part_tokens)
        Random(f"{seed}/{progress.pool}").shuffle(parts)
        while progress.part < len(parts):
            progress.part += 1
            yield parts[progress.part - 1]
        progress.too_long += len(rows) - len(fitting)
        progress.pool, progress.part = progress.pool + 1, 0


def _cut(rows: Sequence[Encoded], room: int) -> list[list[Encoded]]:
    """Divide sorted rows so that each part, padded, has the room; a row alone may be over it."""
    parts: list[list[Encoded]] = []
    for row in rows:
        if parts and (len(parts[-1]) + 1) * len(row[0]) <= room:
            parts[-1].append(row)
        else:
            parts.append([row])
    return parts


def _share(progress: Progress, options: FitOptions) -> float:
    by_time = progress.seconds / (options.minutes * 60) if options.minutes else 0.0
    return max(progress.tokens / options.tokens, by_time)


def _rate(share: float, options: FitOptions) -> float:
    """Warm up, stay, fall to zero as one minus a square root."""
    if share < options.warmup:
        return max(0.02, share / options.warmup)
    falling = (share - (1 - options.decay)) / options.decay
    return 1.0 if falling <= 0 else max(0.0, 1 - math.sqrt(falling))


def _minutes_left(progress: Progress, options: FitOptions, speed: float) -> float:
    by_tokens = max(0.0, options.tokens - progress.tokens) / max(speed, 1e-9) / 60
    return min(by_tokens, max(0.0, options.minutes - progress.seconds / 60)) if options.minutes else by_tokens


def _log(folder: Path, progress: Progress, loss: float, rate: float, speed: float) -> None:
    line = {"step": progress.step, "tokens": progress.tokens, "learned": progress.learned, "loss": round(loss, 4)}
    line |= {"rate": rate, "tokens_a_second": round(speed, 1), "seconds": round(progress.seconds, 1)}
    append_jsonl(folder / METRICS, [line])


def _save(folder: Path, model: Any, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
    aside = folder / ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    model.save_pretrained(str(aside))
    torch.save({"optimizer": optimizer.state_dict(), "progress": vars(progress)}, aside / STATE)
    old, new = folder / FORMER, folder / LAST
    shutil.rmtree(old, ignore_errors=True)
    if new.exists():
        new.replace(old)
    aside.replace(new)
    shutil.rmtree(old, ignore_errors=True)


def _resume(folder: Path, model: Any, optimizer: torch.optim.Optimizer) -> Progress:
    last = next((folder / name for name in (LAST, FORMER) if (folder / name / STATE).is_file()), None)
    if last is None:
        return Progress()
    load_weights(model, str(last / "model.safetensors"), strict=False)
    state = torch.load(last / STATE, map_location="cpu", weights_only=True)
    optimizer.load_state_dict(state["optimizer"])
    progress = Progress(**state["progress"])
    keep_steps(folder / METRICS, progress.step)
    return progress
