"""Examples become rows of equal length: several examples a row, positions starting anew at each.

Attention stays inside an example because the model derives its mask from the positions. An example longer than a row is
set aside and counted; the spare places at the end of a row are padding that is not learned.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from datasets import IterableDataset
from datasets.iterable_dataset import ExamplesIterable

from raredxr1.internalize.corpus import Encoded

IGNORED = -100
POOL = 64


@dataclass
class PackingCounts:
    """What went into rows: learned and prompt tokens, padding, and examples too long for a row."""

    examples: int = 0
    too_long: int = 0
    prompt_tokens: int = 0
    learned_tokens: int = 0
    padding: int = 0
    kinds: dict[str, int] = field(default_factory=dict)


Row = dict[str, npt.NDArray[np.int64]]


def pack(examples: Iterable[Encoded], row_tokens: int, pad: int, counts: PackingCounts) -> Iterator[Row]:
    """Fill rows from a small pool of waiting examples, always taking the longest that still fits.

    Yields:
        input_ids, labels (IGNORED where nothing is learned) and position_ids, each of `row_tokens`.
    """
    pool: list[Encoded] = []
    for example in examples:
        counts.examples += 1
        if len(example[0]) > row_tokens:
            counts.too_long += 1
            continue
        pool.append(example)
        if len(pool) >= POOL:
            yield _row(pool, row_tokens, pad, counts)
    while pool:
        yield _row(pool, row_tokens, pad, counts)


def dataset_of(rows: Callable[..., Iterator[Row]], **arguments: Any) -> IterableDataset:
    """Rows as a dataset; a list among the arguments is shared out to worker processes.

    `IterableDataset.from_generator` would pickle all that the rows are made of, the whole knowledge base, to name a
    cache that nothing is ever written to: ten seconds before the first step.
    """

    def numbered(**shard: Any) -> Iterator[tuple[int, Row]]:
        yield from enumerate(rows(**shard))

    return IterableDataset(ExamplesIterable(numbered, arguments))


def _row(pool: list[Encoded], row_tokens: int, pad: int, counts: PackingCounts) -> Row:
    """Take examples out of the pool to fill one row. The oldest goes first, so none waits for ever."""
    ids = np.full(row_tokens, pad, np.int64)
    labels = np.full(row_tokens, IGNORED, np.int64)
    positions = np.zeros(row_tokens, np.int64)
    at, chosen = 0, 0
    while chosen is not None:
        tokens, prompt = pool.pop(chosen)
        end = at + len(tokens)
        ids[at:end] = tokens
        labels[at + prompt : end] = tokens[prompt:]
        positions[at:end] = np.arange(len(tokens))
        counts.prompt_tokens += prompt
        counts.learned_tokens += len(tokens) - prompt
        at = end
        fitting = [(len(waiting[0]), -i) for i, waiting in enumerate(pool) if at + len(waiting[0]) <= row_tokens]
        chosen = -max(fitting)[1] if fitting else None  # type: ignore[assignment]
    positions[at:] = np.arange(row_tokens - at)
    counts.padding += row_tokens - at
    return {"input_ids": ids, "labels": labels, "position_ids": positions}
