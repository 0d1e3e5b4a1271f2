"""Opposites: whether two wordings contradict each other, so that "high palate" never becomes a low one.

Vectors of sentences hold opposites close together, since they stand in the same contexts. A table of words that tell
them apart (`data/extraction/opposites.tsv`) is the guard: two wordings conflict where both name a pole of the same
axis and share none.
"""

from functools import lru_cache

from raredxr1 import lazy_re as re
from raredxr1.data import table

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def conflict(one: str, other: str) -> bool:
    """Whether two wordings name different poles of an axis ("hypotonia", "increased muscle tone")."""
    first, second = poles(one), poles(other)
    return any(not first[axis] & second[axis] for axis in first.keys() & second.keys())


def has_axis(text: str) -> bool:
    """Whether a wording names a pole of any axis."""
    return bool(poles(text))


@lru_cache(maxsize=1 << 16)
def poles(text: str) -> dict[str, frozenset[str]]:
    """The poles that a wording names, by axis."""
    words = set[str]()
    for word in _WORD.findall(text.lower()):
        words.update((word, *word.split("-")))
    found: dict[str, set[str]] = {}
    for word in words:
        for axis, pole in _poles_of(word):
            found.setdefault(axis, set()).add(pole)
    return {axis: frozenset(several) for axis, several in found.items()}


@lru_cache(maxsize=1 << 16)
def _poles_of(word: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (axis, pole)
        for axis, pole, wanted, unwanted in _table()
        if wanted.fullmatch(word) and not (unwanted and unwanted.fullmatch(word))
    )


@lru_cache(maxsize=1)
def _table() -> list[tuple[str, str, re.Pattern[str], re.Pattern[str] | None]]:
    rows = []
    for row in table("extraction/opposites"):
        words = row["words"].split()
        wanted = [word for word in words if word[0] != "!"]
        unwanted = [word[1:] for word in words if word[0] == "!"]
        rows.append((row["axis"], row["pole"], _pattern(wanted), _pattern(unwanted) if unwanted else None))
    return rows


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word).replace(r"\*", "[a-z-]*") for word in words))
