"""Word lists and tables that clinicians can review: files beside this one.

A table (TSV) starts with comment lines (`#`: what it is, its source and licence), then one line of column names. Empty
cells at the end of a row may be left out.
`registers.yaml` holds the phrases of synthetic notes and of questions. The example notes stand with the assets; they
were written for this project, of nobody in particular.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


def lines(name: str) -> list[str]:
    """The lines of a file below this folder, less blank ones and comments."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a table, each as wide as the line of column names, which is left out.

    Args:
        name: path below this folder without `.tsv`.

    Raises:
        ValueError: a row with more cells than there are columns.
    """
    return _cells(name)[1:]


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table by column; see `rows`."""
    columns, *found = _cells(name)
    return tuple(dict(zip(columns, row, strict=True)) for row in found)


def _cells(name: str) -> tuple[tuple[str, ...], ...]:
    cells = [line.split("\t") for line in lines(f"{name}.tsv")]
    wide = len(cells[0])
    for row in cells:
        if len(row) > wide:
            raise ValueError(f"{name}.tsv: {len(row)} cells in the row that starts {row[0]!r}, {wide} columns")
    return tuple(tuple(row + [""] * (wide - len(row))) for row in cells)


def wordings(section: str) -> Mapping[str, tuple[str, ...]]:
    """The phrases of a section of registers.yaml, by topic."""
    return _registers()[section]


@cache
def _registers() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    import yaml  # who reads notes does without

    text = (FOLDER / "registers.yaml").read_text(encoding="utf-8")
    content = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {name: {topic: tuple(said) for topic, said in topics.items()} for name, topics in content.items()}


EXAMPLES = FOLDER.parent / "assets" / "examples"
EXAMPLE = EXAMPLES / "rett_clinic.txt"
"""What `raredx diagnose --example` and the self-test read."""
