"""Figures of a corpus as a table: `raredx train data --stats`."""

from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from raredxr1.internalize.corpus import Example
from raredxr1.internalize.stats import measure, words


def print_stats(examples: Sequence[Example], diseases: int, model: Path | None) -> None:
    """Print what a sample is like.

    Args:
        examples: the sample.
        diseases: how many diseases the corpus is about.
        model: a folder whose tokenizer counts tokens; None: words are counted.

    Raises:
        InputError: the folder has no tokenizer.
    """
    count, unit = words, "words"
    if model:
        from raredxr1.export.tokenizer import read_tokenizer

        tokenizer, _ = read_tokenizer(model)
        unit = "tokens"

        def count(text: str) -> int:
            return len(tokenizer.encode(text, add_special_tokens=False).ids)

    stats = measure(examples, count)
    table = Table("kind", "examples", f"prompt {unit}", f"learned {unit}", "distinct-1", "distinct-2", "distinct-3")
    for kind, of in sorted(stats.kinds.items()):
        prompt, learned = (f"{total / of.examples:.0f}" for total in (of.prompt_tokens, of.learned_tokens))
        table.add_row(kind, f"{of.examples:,}", prompt, learned, *(f"{of.distinct(n):.3f}" for n in (1, 2, 3)))
    Console(width=110).print(table)
    total = sum(of.prompt_tokens + of.learned_tokens for of in stats.kinds.values())
    counts = sorted(stats.coverage.values())
    typer.echo(f"{total:,} {unit} in {len(examples):,} examples; {len(counts):,} of {diseases:,} diseases met")
    if counts:
        median = counts[len(counts) // 2]
        typer.echo(f"a disease that is met comes up {counts[0]} to {counts[-1]} times, {median} in the middle")
