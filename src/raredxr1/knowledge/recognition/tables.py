"""Reads the word tables of recognition (`data/recognition/*.tsv`): tab separated, `#` comments, a heading line."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import product

from raredxr1 import lazy_re as re

_CHOICE = re.compile(r"\(([^()]*)\)")


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a table, heading and comments left out, each as wide as the heading.

    Args:
        name: file name without its ending.

    Raises:
        ValueError: a row with more cells than the heading.
    """
    text = (files("raredxr1") / "data" / "recognition" / f"{name}.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    wide = len(lines[0])
    for line in lines:
        if len(line) > wide:
            raise ValueError(f"{name}.tsv: {len(line)} cells where the heading has {wide}: {line[0]}")
    return tuple(tuple(line + [""] * (wide - len(line))) for line in lines[1:])


def choices(wording: str) -> Iterator[str]:
    """Every reading of a wording: "(low|poor) tone" is "low tone" and "poor tone"; an empty choice leaves it out."""
    parts = _CHOICE.split(wording)
    for chosen in product(*(part.split("|") if i % 2 else (part,) for i, part in enumerate(parts))):
        yield " ".join("".join(chosen).split())
