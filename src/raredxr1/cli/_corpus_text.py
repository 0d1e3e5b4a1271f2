"""Figures of a corpus as a table: `raredx train data --stats`."""

from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from raredxr1.errors import InputError
from raredxr1.internalize.corpus import Corpus, Example
from raredxr1.internalize.stats import coverage_table, measure, words


def print_stats(examples: Sequence[Example], corpus: Corpus, model: Path | None, coverage: Path | None = None) -> None:
    """Print what a sample is like.

    Args:
        examples: the sample.
        corpus: what it was drawn from.
        model: a folder whose tokenizer counts tokens; None: words are counted.
        coverage: a file that gets a row a disease: how often it comes up, by kind.

    Raises:
        InputError: the folder has no tokenizer, or the file cannot be written.
    """
    diseases = len(corpus.diseases)
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
    if coverage:
        try:
            coverage.write_text(coverage_table(stats, corpus.kb, corpus.diseases), encoding="utf-8")
        except OSError as error:
            raise InputError(f"{coverage}: {error.strerror}") from error
        typer.echo(coverage)
