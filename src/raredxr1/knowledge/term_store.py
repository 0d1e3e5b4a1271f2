"""The built artifact, opened, and the HPO terms in it: ids, names, synonyms, definitions, the is-a graph, old ids.

Terms are numbered from 0, and arrays are indexed by those numbers. `store` adds diseases and annotations.
"""

import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np
import numpy.typing as npt

from raredxr1.errors import InputError
from raredxr1.knowledge.build import FORMAT, NONE
from raredxr1.knowledge.imported import untext
from raredxr1.knowledge.obo import SCOPES, Synonym
from raredxr1.runstore import sha256

DEFAULT_PATH = Path(__file__).parent.parent / "assets" / "knowledge.npz"
DAMAGED = (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, zipfile.BadZipFile, zlib.error)
"""What reading a damaged artifact raises."""


T = TypeVar("T")


class OnDemand(Sequence[T]):
    """A sequence of things that are each made when first asked for."""

    def __init__(self, length: int, make: Callable[[int], T]) -> None:
        """Take the length, and what makes the thing at a place."""
        self._make = make
        self._made: list[T | None] = [None] * length

    def __len__(self) -> int:
        return len(self._made)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        """The thing at a place."""
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        made = self._made[place]
        if made is None:
            made = self._made[place] = self._make(range(len(self))[place])
        return made


class TermStore:
    """An opened artifact, and its HPO terms. Cheap to open; each table is read when first used."""

    def __init__(self, path: Path = DEFAULT_PATH) -> None:
        """Open an artifact.

        Raises:
            InputError: missing, damaged, or of another format version.
        """
        if not path.is_file():
            raise InputError(f"{path}: no knowledge base here; build one with `raredx knowledge build`")
        try:
            self._file, self._process = np.load(path, allow_pickle=False), os.getpid()
            meta = untext(self._file["meta"])
        except DAMAGED as error:
            raise InputError(f"{path}: not a knowledge base, or a damaged one") from error
        if meta[0] != str(FORMAT):
            raise InputError(f"{path}: knowledge format {meta[0]}, this program reads {FORMAT}; build it again")
        self.hpo_version, self.annotation_version = meta[1], meta[2]
        self.extra_versions = meta[3:]
        self.version = "+".join([f"hpo-{meta[1]}", f"hpoa-{meta[2]}", *meta[3:]])
        self.path = path

    def provenance(self) -> dict[str, str]:
        """Version and hash of the file, as manifests name them."""
        return {"knowledge": self.version, "knowledge_sha256": sha256(self.path)}

    def __reduce__(self) -> tuple[type["TermStore"], tuple[Path]]:
        """Travel between processes as the path alone."""
        return type(self), (self.path,)

    @cached_property
    def checksum(self) -> str:
        """Tells its content from that of any other; empty: what is made of it must not be kept (`prepared`)."""
        members = [(member.filename, member.CRC) for member in self._file.zip.infolist()]
        return f"{zlib.crc32(repr(members).encode()):08x}"

    def _own_file(self) -> Any:
        """The open artifact; a forked process opens it anew, as two would move one place in an open file."""
        if self._process != os.getpid():
            self._file, self._process = np.load(self.path, allow_pickle=False), os.getpid()
        return self._file

    def _array(self, name: str) -> npt.NDArray[Any]:
        try:
            array: npt.NDArray[Any] = self._own_file()[name]
        except DAMAGED as error:
            raise InputError(f"{self.path}: damaged at {name}; build it again") from error
        return array

    def _texts(self, name: str) -> list[str]:
        return untext(self._array(name))

    # terms

    @cached_property
    def term_ids(self) -> list[str]:
        """HPO id of each term."""
        return [f"HP:{number:07d}" for number in self._array("term_ids").tolist()]

    @cached_property
    def term_names(self) -> list[str]:
        """HPO label of each term."""
        return self._texts("term_names")

    @cached_property
    def term_definitions(self) -> list[str]:
        """Definition of each term; empty where the HPO has none."""
        return self._texts("term_definitions")

    @cached_property
    def term_synonyms(self) -> Sequence[list[Synonym]]:
        """Synonyms of each term."""
        owners, texts, kinds = self._array("synonym_terms"), self._texts("synonym_texts"), self._texts("synonym_kinds")
        scopes = self._array("synonym_scopes").tolist()
        ptr = np.searchsorted(owners, np.arange(len(self.term_ids) + 1)).tolist()

        def synonyms(term: int) -> list[Synonym]:
            return [Synonym(texts[i], SCOPES[scopes[i]], kinds[i]) for i in range(ptr[term], ptr[term + 1])]

        return OnDemand(len(self.term_ids), synonyms)

    @cached_property
    def term_parents(self) -> Sequence[list[int]]:
        """Direct is-a parents of each term."""
        flat, ptr = self._array("term_parents").tolist(), self._array("term_parents_ptr").tolist()
        return OnDemand(len(ptr) - 1, lambda term: flat[ptr[term] : ptr[term + 1]])

    @cached_property
    def term_children(self) -> Sequence[list[int]]:
        """Direct is-a children of each term."""
        parents, ptr = self._array("term_parents"), self._array("term_parents_ptr")
        order = np.argsort(parents, kind="stable")
        children = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))[order].tolist()
        begins = np.searchsorted(parents[order], np.arange(len(ptr))).tolist()
        return OnDemand(len(ptr) - 1, lambda term: children[begins[term] : begins[term + 1]])

    @cached_property
    def term_ancestors(self) -> Sequence[list[int]]:
        """Each term's ancestors and the term itself, sorted by number."""
        parents = self.term_parents

        def close(term: int) -> list[int]:
            return sorted({term}.union(*(closed[parent] for parent in parents[term])))

        closed = OnDemand(len(parents), close)
        return closed

    def descendants(self, roots: Iterable[int]) -> set[int]:
        """Terms and all that lie below them, by number."""
        found, waiting = set[int](), list(roots)
        while waiting:
            term = waiting.pop()
            if term not in found:
                found.add(term)
                waiting += self.term_children[term]
        return found

    @cached_property
    def _term_index(self) -> dict[str, int]:
        index = {hpo_id: i for i, hpo_id in enumerate(self.term_ids)}
        for key in ("alternative_ids", "alternative_terms"), ("obsolete_ids", "obsolete_replaced"):
            for old, term in zip(*(self._array(column).tolist() for column in key), strict=True):
                if term != NONE:
                    index.setdefault(f"HP:{old:07d}", term)
        return index

    @cached_property
    def obsolete_names(self) -> dict[str, str]:
        """HPO id -> name of every obsolete term, with or without a successor."""
        ids = self._array("obsolete_ids").tolist()
        # not strict: no names at all read back as one empty line
        return {f"HP:{i:07d}": name for i, name in zip(ids, self._texts("obsolete_names"), strict=False)}

    def related(self, one: int, other: int) -> bool:
        """Whether one of two terms is a kind of the other."""
        return one in self.term_ancestors[other] or other in self.term_ancestors[one]

    def resolve_term(self, hpo_id: str) -> str | None:
        """Current id of a current, alternative or replaced HPO id; None where there is none."""
        term = self._term_index.get(hpo_id)
        return None if term is None else self.term_ids[term]

    def term(self, hpo_id: str) -> int:
        """Number of a term by its id (alternative and replaced ids included).

        Raises:
            InputError: unknown, or obsolete without a successor.
        """
        term = self._term_index.get(hpo_id)
        if term is None:
            why = "obsolete, without a successor" if hpo_id in self.obsolete_names else "unknown"
            raise InputError(f"HPO id {hpo_id!r}: {why} in HPO {self.hpo_version}")
        return term

    def term_name(self, hpo_id: str) -> str:
        """HPO label of an id; see `term` for errors."""
        return self.term_names[self.term(hpo_id)]
