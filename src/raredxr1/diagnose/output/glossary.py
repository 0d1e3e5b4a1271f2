"""The words that people see, in one place: `data/glossary.tsv`; and how terms stand inside a sentence."""

from collections.abc import Sequence
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import table

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_FREQUENCIES = ((0.995, "obligate"), (0.8, "very frequent"), (0.3, "frequent"), (0.05, "occasional"))


def printable(text: str) -> str:
    """Text without control characters and direction overrides: a note or a model cannot steer a terminal."""
    return _CONTROL.sub("\ufffd", text)


def shown(key: str) -> str:
    """What people read for one of the program's own words; a word that is in no glossary stays as it is."""
    return _glossary().get(key, (printable(key), ""))[0]


def meaning(key: str) -> str:
    """One sentence on such a word; empty where none is needed."""
    return _glossary().get(key, ("", ""))[1]


def how_frequent(share: float | None) -> str:
    """The HPO's word for a share of patients ("very frequent": 80 to 99 of 100); empty for None."""
    if share is None:
        return ""
    return shown(next((key for least, key in _FREQUENCIES if share >= least), "very rare"))


def in_sentence(term: str) -> str:
    """A label as it stands inside a sentence: "Gait ataxia" -> "gait ataxia"; names and abbreviations keep theirs."""
    term = printable(term)
    first = re.match(r"[^\W\d_]+", term)
    if first is None or len(first[0]) < 2 or not first[0][1:].islower() or first[0] in _capitals():
        return term
    return term if term[first.end() :].startswith(("'s", "’s")) else term[0].lower() + term[1:]


def listed(items: Sequence[str], conjunction: str = "and") -> str:
    """["a", "b", "c"] -> "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def counted(number: int, noun: str) -> str:
    """1, "finding" -> "1 finding"; 1200 -> "1,200 findings"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@cache
def _glossary() -> dict[str, tuple[str, str]]:
    return {row["key"]: (row["words"], row["meaning"]) for row in table("glossary")}


@cache
def _capitals() -> frozenset[str]:
    return frozenset(row["word"] for row in table("capitals"))
