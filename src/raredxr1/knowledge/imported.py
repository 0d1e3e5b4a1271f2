"""What imports add to a knowledge base: names, definitions, prevalence, parents, cross-references. Empty without any.

They lie in arrays of their own beside those of `build`, so that a program that knows nothing of imports reads the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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


def from_arrays(arrays: Mapping[str, np.ndarray]) -> Imported:
    """Undo `to_arrays`; nothing where the arrays are not there."""
    found = Imported()
    if all(name in arrays for name in OLD_ARRAYS):
        for key, fact, said in zip(*(untext(arrays[name]) for name in OLD_ARRAYS), strict=True):
            _put(found, fact, [key], [said])
    for fact in (*SEVERAL, *ONE):
        if f"imported_{fact}_ids" in arrays:
            ids, texts = (untext(arrays[f"imported_{fact}_{part}"]) for part in ("ids", "texts"))
            _put(found, fact, ids, texts)
    return found


def one_fact(arrays: Mapping[str, np.ndarray], fact: str) -> dict[str, str]:
    """Read one of the facts of `ONE` and none of the others: id -> text."""
    ids, texts = f"imported_{fact}_ids", f"imported_{fact}_texts"
    if ids not in arrays:
        held: dict[str, str] = getattr(from_arrays(arrays), ONE[fact])
        return held
    keys = untext(arrays[ids])
    return {} if keys == [""] else dict(zip(keys, untext(arrays[texts]), strict=True))


def _put(found: Imported, fact: str, ids: list[str], texts: list[str]) -> None:
    if ids == [""]:
        return
    if fact in ONE:
        getattr(found, ONE[fact]).update(zip(ids, texts, strict=True))
    elif fact in SEVERAL:
        held = getattr(found, SEVERAL[fact])
        for i, said in zip(ids, texts, strict=True):
            held.setdefault(i, []).append(said)


def text(lines: Iterable[str]) -> np.ndarray:
    """Store lines of text as one array of UTF-8 bytes."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def untext(array: np.ndarray) -> list[str]:
    """Undo `text`."""
    return array.tobytes().decode().split("\n")
