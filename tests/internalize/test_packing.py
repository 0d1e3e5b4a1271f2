"""Packing: nothing is lost, nothing is mixed, only completions are learned."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from raredxr1.internalize.packing import IGNORED, PackingCounts, pack

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
