"""Word lists and tables that clinicians can review: files beside this one.

A table (TSV) starts with comment lines (`#`: what it is, its source and licence), then one line of column names.
`registers.yaml` holds the phrases of synthetic notes and of questions. The example notes stand with the assets; they
were written for this project, of nobody in particular.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Read a table.

    Args:
        name: file name without `.tsv`.

    Raises:
        ValueError: a row has more or fewer cells than there are columns.
    """
    lines = files(__name__).joinpath(f"{name}.tsv").read_text("utf-8").splitlines()
    columns, *rows = csv.reader(
        (line for line in lines if line and not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"{name}.tsv: {len(row)} cells in the row that starts {row[0]!r}, {len(columns)} columns")
    return tuple(dict(zip(columns, row, strict=True)) for row in rows)


def wordings(section: str) -> Mapping[str, tuple[str, ...]]:
    """The phrases of a section of registers.yaml, by topic."""
    return _registers()[section]


@cache
def _registers() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    import yaml  # who reads notes does without

    text = files(__name__).joinpath("registers.yaml").read_text("utf-8")
    content = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {name: {topic: tuple(said) for topic, said in topics.items()} for name, topics in content.items()}


EXAMPLES = Path(__file__).parent.parent / "assets" / "examples"
EXAMPLE = EXAMPLES / "rett_clinic.txt"
"""What `raredx diagnose --example` and the self-test read."""
