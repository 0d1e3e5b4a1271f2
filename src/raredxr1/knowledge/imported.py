"""What imports add to a knowledge base: names, definitions, prevalence, parents, cross-references. Empty without any.

They lie in arrays of their own beside those of `build`, so that a program that knows nothing of imports reads the rest.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

import numpy as np

Arrays = dict[str, np.ndarray]


OLD_ARRAYS = ("imported_ids", "imported_kinds", "imported_texts")
"""All facts in one table, as bases built before 0.2 have them."""

SEVERAL = {"synonym": "synonyms", "prevalence": "prevalences", "parent": "parents"}
ONE = {
    "definition": "definitions", "group": "groups", "xref": "xrefs", "name": "names", "kind": "kinds",
    "excluded": "excluded",
}  # fmt: skip
"""Name of a fact -> attribute that holds it: several texts an id, or one."""


@dataclass(frozen=True)
class Imported:
    """By id of a record (or a group, for `groups` and `parents`).

    Attributes:
        synonyms: its other names.
        definitions: what it is, in a sentence or two.
        prevalences: such as "Point prevalence, Worldwide: 1-9 / 100 000".
        parents: ids of the entries directly above it.
        groups: names of entries that are no diseases.
        xrefs: other id (MONDO:...) -> record id.
        names: the name its disease is shown under, where that is not the record's.
        kinds: what kinds of disease it is, words between spaces: "genetic metabolic".
        excluded: why it is no disease and never a candidate: "group", "susceptibility", "trait" ...
    """

    synonyms: dict[str, list[str]] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    prevalences: dict[str, list[str]] = field(default_factory=dict)
    parents: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    xrefs: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    excluded: dict[str, str] = field(default_factory=dict)


def to_arrays(imported: Imported) -> Arrays:
    """Store each fact as two arrays of equal length, ids and texts."""
    arrays: Arrays = {}
    for fact, attribute in {**SEVERAL, **ONE}.items():
        held = getattr(imported, attribute)
        rows = [(i, t) for i, several in held.items() for t in several] if fact in SEVERAL else list(held.items())
        arrays[f"imported_{fact}_ids"] = text(i for i, _ in rows)
        arrays[f"imported_{fact}_texts"] = text(" ".join(t.split()) for _, t in rows)
    return arrays


class Stored(Imported):
    """What imports added to an artifact, each fact read when it is first asked for: all take a fifth of a second."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        """Take what reads a fact by its name."""
        object.__setattr__(self, "_read", read)

    def __getattr__(self, attribute: str) -> Any:
        """Read a fact that was not asked for yet."""
        if attribute not in _FACT_OF:
            raise AttributeError(attribute)
        held = self._read(_FACT_OF[attribute])
        object.__setattr__(self, attribute, held)
        return held


_FACT_OF = {attribute: fact for fact, attribute in {**SEVERAL, **ONE}.items()}


def read_fact(arrays: Mapping[str, np.ndarray], fact: str) -> Any:
    """Read one of the facts that `to_arrays` stored; nothing where it is not there.

    Returns:
        id -> text; of the facts of SEVERAL, id -> texts.
    """
    ids, texts = _columns(arrays, fact)
    if fact in ONE:
        return dict(zip(ids, texts, strict=True))
    held: dict[str, list[str]] = {}
    for i, said in zip(ids, texts, strict=True):
        held.setdefault(i, []).append(said)
    return held


def _columns(arrays: Mapping[str, np.ndarray], fact: str) -> tuple[list[str], list[str]]:
    """The ids and texts of a fact."""
    if f"imported_{fact}_ids" in arrays:
        ids, texts = (untext(arrays[f"imported_{fact}_{part}"]) for part in ("ids", "texts"))
        return ([], []) if ids == [""] else (ids, texts)
    if not all(name in arrays for name in OLD_ARRAYS):
        return [], []
    rows = zip(*(untext(arrays[name]) for name in OLD_ARRAYS), strict=True)
    ours = [(i, said) for i, kind, said in rows if kind == fact]
    return [i for i, _ in ours], [said for _, said in ours]


def text(lines: Iterable[str]) -> np.ndarray:
    """Store lines of text as one array of UTF-8 bytes."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


class LazyTexts(Sequence[str]):
    """Lines stored by `text`, each decoded when it is asked for."""

    def __init__(self, array: np.ndarray) -> None:
        """Find where the lines begin."""
        self._bytes = array.tobytes()
        self._ends = [*np.flatnonzero(array == ord("\n")).tolist(), len(self._bytes)]

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """The line at a place."""
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        place = range(len(self._ends))[place]
        return self._bytes[self._ends[place - 1] + 1 if place else 0 : self._ends[place]].decode()


def untext(array: np.ndarray) -> list[str]:
    """Undo `text`."""
    return array.tobytes().decode().split("\n")
