"""What is made from a knowledge base once and kept beside it, so that a program opens in a fraction of a second.

`knowledge.npz` has a folder `knowledge.prepared/` beside it, with one file of arrays a part: names filed by the forms
of their words, which diseases have which findings, and so on. A part is taken only where it was made from this very
base and these very tables of words, which its stamp says. Where its file is missing, damaged, or of another base, the
part is made anew in memory: that costs seconds and nothing else. `raredx knowledge prepare` writes all parts. They hold
what the base and the tables hold, and never a word of a note.
"""

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from raredxr1.knowledge.imported import Arrays, text, untext
from raredxr1.knowledge.term_store import DAMAGED
from raredxr1.runstore import whole

if TYPE_CHECKING:
    from raredxr1.knowledge.store import KnowledgeBase


@dataclass(frozen=True)
class Part:
    """One part of what is prepared.

    Attributes:
        name: of its file.
        format: raised whenever the program makes other arrays of the same base and tables.
        make: makes the arrays.
        tables: gives the content of the tables of words that it is made from, besides the base.
    """

    name: str
    format: int
    make: Callable[["KnowledgeBase"], Arrays]
    tables: Callable[[], Iterable[bytes]] = tuple

    def stamp(self, kb: "KnowledgeBase") -> str:
        """Tells what the part is made from."""
        total = 0
        for table in self.tables():
            total = zlib.crc32(table, total)
        return f"{self.format}-{total:08x}-{kb.checksum}"


def folder_of(path: Path) -> Path:
    """Where the parts of a knowledge base lie."""
    return path.with_suffix(".prepared")


def prepared(kb: "KnowledgeBase", part: Part) -> Mapping[str, np.ndarray]:
    """The arrays of a part: read where they are kept for this base and these tables, else made."""
    kept = _kept(kb, part)
    return part.make(kb) if kept is None else kept


def _kept(kb: "KnowledgeBase", part: Part) -> Mapping[str, np.ndarray] | None:
    """The arrays of a part as they are kept; None: there are none that fit."""
    if not getattr(kb, "checksum", ""):
        return None
    try:
        with np.load(folder_of(kb.path) / f"{part.name}.npz", allow_pickle=False) as file:
            if untext(file["stamp"]) != [part.stamp(kb)]:
                return None
            return {name: file[name] for name in file.files}
    except DAMAGED:
        return None


def write(kb: "KnowledgeBase", part: Part) -> Path:
    """Make a part of a knowledge base and write it beside it; what was there is replaced when all is written.

    Returns:
        The file.
    """
    file = folder_of(kb.path) / f"{part.name}.npz"
    arrays: dict[str, Any] = {**part.make(kb), "stamp": text([part.stamp(kb)])}
    with whole(file, shared=True) as partial:
        np.savez(partial, **arrays)  # not compressed: it is read at every start
    return file
