"""What imports add to a knowledge base: names, definitions, prevalence, parents, cross-references. Empty without any.

They lie in arrays of their own beside those of `build`, so that a program that knows nothing of imports reads the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from raredxr1.knowledge.build import Arrays, text, untext

ARRAYS = ("imported_ids", "imported_kinds", "imported_texts")
SYNONYM, DEFINITION, PREVALENCE, PARENT, GROUP, XREF = "synonym", "definition", "prevalence", "parent", "group", "xref"


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
    """

    synonyms: dict[str, list[str]] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    prevalences: dict[str, list[str]] = field(default_factory=dict)
    parents: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    xrefs: dict[str, str] = field(default_factory=dict)


def to_arrays(imported: Imported) -> Arrays:
    """Store as three arrays of equal length: id, kind and text of each fact."""
    facts = [(i, SYNONYM, t) for i, several in imported.synonyms.items() for t in several]
    facts += [(i, DEFINITION, t) for i, t in imported.definitions.items()]
    facts += [(i, PREVALENCE, t) for i, several in imported.prevalences.items() for t in several]
    facts += [(i, PARENT, t) for i, several in imported.parents.items() for t in several]
    facts += [(i, GROUP, t) for i, t in imported.groups.items()]
    facts += [(i, XREF, t) for i, t in imported.xrefs.items()]
    columns = zip(*facts, strict=True) if facts else ((), (), ())
    return {name: text(" ".join(cell.split()) for cell in column) for name, column in zip(ARRAYS, columns, strict=True)}


def from_arrays(arrays: Mapping[str, np.ndarray]) -> Imported:
    """Undo `to_arrays`; nothing where the arrays are not there."""
    found = Imported()
    if any(name not in arrays for name in ARRAYS):
        return found
    for key, kind, said in zip(*(untext(arrays[name]) for name in ARRAYS), strict=True):
        if kind in (SYNONYM, PREVALENCE, PARENT):
            several = {SYNONYM: found.synonyms, PREVALENCE: found.prevalences, PARENT: found.parents}[kind]
            several.setdefault(key, []).append(said)
        elif kind in (DEFINITION, GROUP, XREF):
            {DEFINITION: found.definitions, GROUP: found.groups, XREF: found.xrefs}[kind][key] = said
    return found
