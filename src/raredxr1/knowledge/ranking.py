"""What both rankings share: a scored order of diseases, what each finding adds to it, and a bounded store of rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from raredxr1.knowledge.closure import closure
from raredxr1.knowledge.store import KnowledgeBase

Row = npt.NDArray[np.float32]
Method = Literal["resnik", "likelihood"]

CACHE_BYTES = 64 * 2**20
"""Rows a scorer keeps by default: the terms of 1,500 diseases, nearly all of them."""

RANK_CACHE_BYTES = 16 * 2**20
"""Rows kept by one-off rankings over all diseases, each 47 kB; making one costs a third of a millisecond."""


@dataclass(frozen=True)
class Contribution:
    """What one finding of the query adds to a disease's score.

    Attributes:
        term: term number of the finding asked about.
        present: whether the patient has it.
        score: what it adds; log10 of the likelihood ratio, or information content over the number of findings.
        via: the term of the disease that it meets: itself, or the ancestor that counts most; None where nothing does.
        frequency: how often `via` occurs in the disease; None without `via`.
    """

    term: int
    present: bool
    score: float
    via: int | None = None
    frequency: float | None = None


@dataclass(frozen=True, eq=False)
class Ranking:
    """The diseases that may be answered and have findings, best first; ties in order of disease number.

    Attributes:
        method: which ranking this is.
        diseases: int64, disease numbers.
        scores: float32, the score of each, falling.
    """

    method: Method
    diseases: npt.NDArray[np.int64]
    scores: Row
    _explain: Callable[[int], list[Contribution]]

    def per_finding(self, disease: int) -> list[Contribution]:
        """What each finding adds to the score of a disease: present ones first, each kind by term number."""
        return self._explain(disease)

    def best(self, most: int) -> list[tuple[int, float]]:
        """The first diseases with their scores."""
        return list(zip(self.diseases[:most].tolist(), self.scores[:most].tolist(), strict=True))

    def rank(self, disease: int) -> int:
        """Place of a disease, from 1; one that cannot be ranked comes after all others."""
        found = np.flatnonzero(self.diseases == disease)
        return int(found[0]) + 1 if len(found) else len(self.diseases) + 1


def ranked(
    method: Method, scores: Row, explain: Callable[[int], list[Contribution]], among: npt.NDArray[np.bool_]
) -> Ranking:
    """Order the diseases of a mask by score, the highest first."""
    order = np.flatnonzero(among)
    order = order[np.argsort(-scores[order], kind="stable")]
    return Ranking(method, order.astype(np.int64), scores[order], explain)


class Scorer:
    """What both rankings score with: a knowledge base, and a row a term, so that repeated queries are fast."""

    def __init__(
        self, kb: KnowledgeBase, diseases: npt.NDArray[np.int64] | None = None, cache_bytes: int = CACHE_BYTES
    ) -> None:
        """Prepare to score.

        Args:
            kb: the knowledge base.
            diseases: score only these disease numbers, in this order; all by default.
            cache_bytes: memory for rows.
        """
        self._closure, self._ancestors = closure(kb), kb.term_ancestors
        self._count = len(kb.disease_records)
        self._size = self._count if diseases is None else len(diseases)
        self._keep(diseases, cache_bytes)

    def _keep(self, diseases: npt.NDArray[np.int64] | None, cache_bytes: int) -> None:
        """Make the stores of rows."""
        raise NotImplementedError


class Rows:
    """A float32 row a term over the diseases ranked, made when first asked for; the oldest leave when it is full."""

    def __init__(self, make: Callable[[int], Row], diseases: npt.NDArray[np.int64] | None, cache_bytes: int) -> None:
        """Take the function that makes a term's row over all diseases, and the diseases to keep of it."""
        self._make, self._diseases, self._free = make, diseases, cache_bytes
        self._rows: dict[int, Row] = {}

    def add(self, terms: Iterable[int], total: Row) -> None:
        """Add each term's row to the total, once a term, in order of number (so that sums do not depend on order)."""
        rows = self._rows
        for term in sorted(set(terms)):
            row = rows.get(term)
            total += self._fill(term) if row is None else row

    def of(self, terms: Iterable[int], places: npt.NDArray[np.int64]) -> Row:
        """Each term's row at some places, in the order of the terms; shape (terms, places)."""
        found: Row = np.array([(self._fill(t) if (row := self._rows.get(t)) is None else row)[places] for t in terms])
        return found

    def _fill(self, term: int) -> Row:
        row = self._make(term)
        if self._diseases is not None:
            row = row[self._diseases]
        self._free -= row.nbytes
        while self._free < 0 and self._rows:
            self._free += self._rows.pop(next(iter(self._rows))).nbytes
        self._rows[term] = row
        return row
