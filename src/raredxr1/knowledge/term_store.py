"""The built artifact, opened, and the HPO terms in it: ids, names, synonyms, definitions, the is-a graph, old ids.

Terms are numbered from 0, and arrays are indexed by those numbers. `store` adds diseases and annotations.
"""

import zipfile
import zlib
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from raredxr1.errors import InputError
from raredxr1.knowledge import names
from raredxr1.knowledge.build import FORMAT, NONE
from raredxr1.knowledge.imported import untext
from raredxr1.knowledge.obo import SCOPES, Synonym

DEFAULT_PATH = Path(__file__).parent.parent / "assets" / "knowledge.npz"
DAMAGED = (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, zipfile.BadZipFile, zlib.error)
"""What reading a damaged artifact raises."""


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
            self._file = np.load(path, allow_pickle=False)
            meta = untext(self._file["meta"])
        except DAMAGED as error:
            raise InputError(f"{path}: not a knowledge base, or a damaged one") from error
        if meta[0] != str(FORMAT):
            raise InputError(f"{path}: knowledge format {meta[0]}, this program reads {FORMAT}; build it again")
        self.hpo_version, self.annotation_version = meta[1], meta[2]
        self.extra_versions = meta[3:]
        self.version = "+".join([f"hpo-{meta[1]}", f"hpoa-{meta[2]}", *meta[3:]])
        self.path = path

    def __reduce__(self) -> tuple[type["TermStore"], tuple[Path]]:
        """Travel between processes as the path alone."""
        return type(self), (self.path,)

    def _array(self, name: str) -> npt.NDArray[Any]:
        try:
            array: npt.NDArray[Any] = self._file[name]
        except DAMAGED as error:
            raise InputError(f"{self.path}: damaged at {name}; build it again") from error
        return array

    def _texts(self, name: str) -> list[str]:
        return untext(self._array(name))

    def bags(self, index: str) -> list[str] | None:
        """The keys of the "disease" or "term" name index as the build stored them; None where it has none that fit."""
        if f"{index}_bags" not in self._file or self._texts("bag_stamp") != [names.stamp()]:
            return None
        return self._texts(f"{index}_bags")

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
    def term_synonyms(self) -> list[list[Synonym]]:
        """Synonyms of each term."""
        synonyms: list[list[Synonym]] = [[] for _ in self.term_ids]
        columns = zip(
            self._array("synonym_terms").tolist(),
            self._texts("synonym_texts"),
            self._array("synonym_scopes").tolist(),
            self._texts("synonym_kinds"),
            strict=False,  # no synonyms at all read back as one empty line
        )
        for term, text, scope, kind in columns:
            synonyms[term].append(Synonym(text, SCOPES[scope], kind))
        return synonyms

    @cached_property
    def term_parents(self) -> list[list[int]]:
        """Direct is-a parents of each term."""
        flat, ptr = self._array("term_parents").tolist(), self._array("term_parents_ptr").tolist()
        return [flat[a:b] for a, b in pairwise(ptr)]

    @cached_property
    def term_children(self) -> list[list[int]]:
        """Direct is-a children of each term."""
        children: list[list[int]] = [[] for _ in self.term_ids]
        for child, parents in enumerate(self.term_parents):
            for parent in parents:
                children[parent].append(child)
        return children

    @cached_property
    def term_ancestors(self) -> list[list[int]]:
        """Each term's ancestors and the term itself, sorted by number."""
        done: list[set[int] | None] = [None] * len(self.term_ids)

        def close(term: int) -> set[int]:
            known = done[term]
            if known is None:
                known = done[term] = {term}.union(*(close(parent) for parent in self.term_parents[term]))
            return known

        return [sorted(close(term)) for term in range(len(self.term_ids))]

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
