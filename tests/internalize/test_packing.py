"""Packing: nothing is lost, nothing is mixed, only completions are learned."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.corpus import Example, encode
from raredxr1.internalize.packing import IGNORED, PackingCounts, pack
from raredxr1.internalize.train import RowStream
from tiny_model import PROMPTS, TURNS, make_tiny_tokenizer

pytestmark = pytest.mark.slow

PAD = 0
examples = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 20)), max_size=200)


@given(examples, st.integers(20, 64))
def test_every_example_that_fits_is_packed_once_and_the_rest_is_counted(sizes, row_tokens):
    # the example's number is its every token, so that rows can be read back
    encoded = [([i + 1] * (prompt + learned), prompt) for i, (prompt, learned) in enumerate(sizes)]
    counts = PackingCounts()
    rows = list(pack(encoded, row_tokens, PAD, counts))
    seen = np.bincount(np.concatenate([r["input_ids"] for r in rows] or [np.array([0])]), minlength=len(sizes) + 1)
    for i, (tokens, _) in enumerate(encoded):
        assert seen[i + 1] == (len(tokens) if len(tokens) <= row_tokens else 0)
    assert counts.too_long == sum(len(tokens) > row_tokens for tokens, _ in encoded)
    assert counts.prompt_tokens + counts.learned_tokens + counts.padding == row_tokens * len(rows)


@given(examples)
def test_positions_restart_and_labels_cover_completions_alone(sizes):
    encoded = [([i + 1] * (prompt + learned), prompt) for i, (prompt, learned) in enumerate(sizes)]
    learned = {i + 1: tokens for i, (_, tokens) in enumerate(sizes)}
    for row in pack(encoded, 64, PAD, PackingCounts()):
        ids, labels, positions = row["input_ids"], row["labels"], row["position_ids"]
        starts = np.flatnonzero(positions == 0)
        assert starts[0] == 0
        for start, end in zip(starts, [*starts[1:], len(ids)], strict=True):
            assert list(positions[start:end]) == list(range(end - start))
            assert len(set(ids[start:end])) == 1, "an example does not share its positions with another"
            kept = labels[start:end][labels[start:end] != IGNORED]
            assert len(kept) == (0 if ids[start] == PAD else learned[ids[start]])
            assert all(kept == ids[start])


def test_rows_are_well_filled():
    rng = np.random.default_rng(0)
    encoded = [([1] * int(size), 1) for size in rng.integers(20, 200, 2000)]
    counts = PackingCounts()
    list(pack(encoded, 512, PAD, counts))
    assert counts.padding / (counts.padding + counts.prompt_tokens + counts.learned_tokens) < 0.03


def stream(workers: int) -> RowStream:
    """Rows of examples that say their own number."""
    recipe = InternalizeConfig(out=Path("none"), base="none", tokens=10_000, row_tokens=64, rows=2, workers=workers)
    corpus = SimpleNamespace(example=lambda number, mixture: Example(f"note {number}", f" name {number}", "final", 0))
    return RowStream(recipe, corpus, make_tiny_tokenizer(), PAD)


def test_prompt_and_completion_are_encoded_apart_as_serving_does():
    tokenizer = make_tiny_tokenizer()
    for prompt, turn in zip(PROMPTS, TURNS, strict=True):
        apart = [tokenizer.encode(text, add_special_tokens=False).ids for text in (prompt, turn)]
        assert encode(Example(prompt, turn, "final", None), tokenizer) == (apart[0] + apart[1], len(apart[0]))


def test_workers_share_the_examples_and_write_the_same_rows_every_time():
    tokenizer = make_tiny_tokenizer()

    def numbers(shard: int, of: int) -> list[str]:
        rows = stream(of).rows([shard], of)
        return tokenizer.decode([t for _ in range(4) for t in next(rows)["input_ids"]]).split("note ")[1:]

    first, second = numbers(0, 2), numbers(1, 2)
    assert first and all(int(text.split()[0]) % 2 == 0 for text in first)
    assert second and all(int(text.split()[0]) % 2 == 1 for text in second)
    assert numbers(0, 2) == first and set(first).isdisjoint(second)
