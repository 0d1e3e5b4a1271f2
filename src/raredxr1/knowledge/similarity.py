"""One-sided Resnik similarity: how specific is what the patient's findings have in common with a disease's.

Each present finding counts the information content of the most informative term that is it or an ancestor of it and
that the disease has; a disease scores the mean over the findings. One-sided: findings of the disease that the patient
lacks cost nothing, and so do absent findings. Source: Koehler et al. 2009 (AJHG 85:457, "Phenomizer"), Resnik 1995.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from raredxr1.knowledge.ranking import RANK_CACHE_BYTES, Contribution, Ranking, Row, Rows, Scorer, ranked
from raredxr1.knowledge.store import KnowledgeBase


class SimilarityScorer(Scorer):
    """Scores diseases by similarity."""

    def _keep(self, diseases: npt.NDArray[np.int64] | None, cache_bytes: int) -> None:
        self._rows = Rows(self._row, diseases, cache_bytes)

    def scores(self, present: Iterable[int], absent: Iterable[int] = ()) -> Row:
        """Score each disease for a set of term numbers; all 0 without a present term. Absent terms are not used."""
        terms = set(present)
        total = np.zeros(self._size, np.float32)
        self._rows.add(terms, total)
        return total / np.float32(max(len(terms), 1))

    def shared(self, present: Iterable[int], places: npt.NDArray[np.int64]) -> Row:
        """The information that each finding has in common with the diseases at some places; (findings, places)."""
        return self._rows.of(present, places)

    def explain(self, disease: int, present: Iterable[int]) -> list[Contribution]:
        """What each present finding adds to a disease's score, and the common ancestor it is for."""
        terms, parts = sorted(set(present)), []
        for term in terms:
            via = self._shared(term, disease)
            if via is None:
                parts.append(Contribution(term, True, 0.0))
            else:
                score = float(self._closure.information[via]) / len(terms)
                parts.append(Contribution(term, True, score, via, self._closure.frequency(via, disease)))
        return parts

    def _row(self, term: int) -> Row:
        c, row = self._closure, np.zeros(self._count, np.float32)
        for ancestor in sorted(self._ancestors[term], key=c.information.__getitem__):
            row[c.diseases[c.ptr[ancestor] : c.ptr[ancestor + 1]]] = c.information[ancestor]
        return row

    def _shared(self, term: int, disease: int) -> int | None:
        """The most informative of a term and its ancestors that the disease has."""
        c = self._closure
        had = [ancestor for ancestor in self._ancestors[term] if c.frequency(ancestor, disease) > 0]
        return max(had, key=lambda a: (c.information[a], len(self._ancestors[a]), -a)) if had else None


@lru_cache(maxsize=4)
def _scorer(kb: KnowledgeBase) -> SimilarityScorer:
    return SimilarityScorer(kb, cache_bytes=RANK_CACHE_BYTES)


def rank_resnik(kb: KnowledgeBase, present: Iterable[int], absent: Iterable[int] = ()) -> Ranking:
    """Rank diseases by one-sided Resnik similarity to present terms (term numbers); absent ones are not used."""
    terms = sorted(set(present))
    scorer = _scorer(kb)
    return ranked("resnik", scorer.scores(terms), lambda disease: scorer.explain(disease, terms), kb.rankable)


def shared_information(kb: KnowledgeBase, present: Iterable[int], diseases: npt.NDArray[np.int64]) -> Row:
    """The information (nats) that present findings have in common with each of some diseases; shape (diseases,)."""
    total: Row = _scorer(kb).shared(present, diseases).sum(axis=0)
    return total
