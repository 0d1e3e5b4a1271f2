"""Likelihood-ratio ranking: how much likelier are these findings in a disease than in rare disease at large?

In the manner of LIRICAL (Robinson et al. 2020, AJHG 107:403), phenotypes only and without a prior over diseases. A
score is the sum of log10 likelihood ratios, one a finding:

- present: P(finding | disease) / P(finding | any disease). A disease has a finding as often as it has its commonest
  descendant. Where the patient's finding is more specific than what the disease is annotated with, the annotation
  speaks for it by the share of the background: P(h | D) = P(ancestor | D) * P(h) / P(ancestor), so that the ratio is
  the ancestor's own, times GENERAL_SHARE. The best of the finding and its ancestors counts.
- absent: (1 - P(finding | disease)) / (1 - P(finding | any disease)).

Ours: the background is the mean over all annotated diseases, each weighing the same; the constants below. They were
chosen on published patients (phenopackets) whose articles the annotations cite, as they are and with the annotations
from the patient's own article withheld.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from raredxr1.knowledge.ranking import RANK_CACHE_BYTES, Contribution, Ranking, Row, Rows, Scorer, ranked
from raredxr1.knowledge.store import KnowledgeBase

GENERAL_SHARE = 0.1
"""How much of an ancestor's likelihood ratio a more specific finding inherits; recall hardly moves from 0.02 to 0.5."""

FLOOR = 0.05
"""Least likelihood ratio of one present finding, known-absent ones included: records err, and patients have more than
one problem."""

ABSENT_CAP = 0.5
"""A finding reported absent counts as if the disease had it in at most half its patients: it may not have been looked
for, or may come later. Published patients lack what their disease is known for more often than its frequency says
(absences are recorded because they surprise), so a higher cap ranks them worse."""


class LikelihoodScorer(Scorer):
    """Scores diseases by likelihood ratio."""

    def _keep(self, diseases: npt.NDArray[np.int64] | None, cache_bytes: int) -> None:
        c = self._closure
        self._ratios = c.frequencies / np.repeat(c.background, c.disease_count)
        self._present = Rows(self._present_row, diseases, cache_bytes - cache_bytes // 4)
        self._absent = Rows(self._absent_row, diseases, cache_bytes // 4)

    def scores(self, present: Iterable[int], absent: Iterable[int] = ()) -> Row:
        """Score each disease for sets of present and absent term numbers: the sum of log10 likelihood ratios."""
        total = np.zeros(self._size, np.float32)
        self._present.add(present, total)
        self._absent.add(absent, total)
        return total

    def ratios(self, present: Iterable[int], places: npt.NDArray[np.int64]) -> Row:
        """The log10 likelihood ratio of each finding in the diseases at some places; shape (findings, places)."""
        return self._present.of(present, places)

    def information(self, term: int) -> float:
        """Information content of a term: -ln(share of diseases that have it or a descendant)."""
        return float(self._closure.information[term])

    def explain(self, disease: int, present: Iterable[int], absent: Iterable[int] = ()) -> list[Contribution]:
        """The log10 likelihood ratio of each finding in a disease, and the term of the disease it rests on."""
        c = self._closure
        parts = [self._explain_present(term, disease) for term in sorted(set(present))]
        for term in sorted(set(absent)):
            frequency = c.frequency(term, disease)
            score = float(_absent_score(np.array([frequency], np.float32), float(c.background[term]))[0])
            parts.append(Contribution(term, False, score, *((term, frequency) if frequency else ())))
        return parts

    def _explain_present(self, term: int, disease: int) -> Contribution:
        c = self._closure
        if c.excludes(term, disease) and not c.frequency(term, disease):
            return Contribution(term, True, float(np.log10(FLOOR)), term, 0.0)
        best = Contribution(term, True, float(np.log10(FLOOR)))
        # the finding itself first, then the most specific ancestor, so that equals name the closest term
        for ancestor in sorted(self._ancestors[term], key=lambda a: (a != term, -c.information[a], a)):
            frequency = c.frequency(ancestor, disease)
            if frequency:
                ratio = frequency / float(c.background[ancestor]) * (1 if ancestor == term else GENERAL_SHARE)
                if np.log10(ratio) > best.score:
                    best = Contribution(term, True, float(np.log10(ratio)), ancestor, frequency)
        return best

    def _present_row(self, term: int) -> Row:
        c, row = self._closure, np.full(self._count, FLOOR / GENERAL_SHARE, np.float32)
        for ancestor in self._ancestors[term]:
            if ancestor != term:
                self._raise(row, ancestor)
        row *= GENERAL_SHARE
        row[c.absent[c.absent_ptr[term] : c.absent_ptr[term + 1]]] = FLOOR
        self._raise(row, term)
        return np.log10(row)

    def _raise(self, row: Row, term: int) -> None:
        """Lift each disease that has the term to the term's likelihood ratio in it."""
        c = self._closure
        span = slice(c.ptr[term], c.ptr[term + 1])
        diseases = c.diseases[span]
        row[diseases] = np.maximum(row[diseases], self._ratios[span])

    def _absent_row(self, term: int) -> Row:
        c = self._closure
        frequency = np.zeros(self._count, np.float32)
        span = slice(c.ptr[term], c.ptr[term + 1])
        frequency[c.diseases[span]] = c.frequencies[span]
        return _absent_score(frequency, float(c.background[term]))


def _absent_score(frequency: Row, background: float) -> Row:
    return np.log10((1 - np.minimum(frequency, ABSENT_CAP)) / (1 - min(background, ABSENT_CAP)), dtype=np.float32)


@lru_cache(maxsize=4)
def _scorer(kb: KnowledgeBase) -> LikelihoodScorer:
    return LikelihoodScorer(kb, cache_bytes=RANK_CACHE_BYTES)


def information(kb: KnowledgeBase, term: int) -> float:
    """Information content of a term: -ln(share of diseases that have it or a descendant)."""
    return _scorer(kb).information(term)


def rank_likelihood(kb: KnowledgeBase, present: Iterable[int], absent: Iterable[int] = ()) -> Ranking:
    """Rank diseases by likelihood ratio for sets of present and absent term numbers."""
    terms, lacking = sorted(set(present)), sorted(set(absent))
    scorer = _scorer(kb)
    return ranked(
        "likelihood",
        scorer.scores(terms, lacking),
        lambda disease: scorer.explain(disease, terms, lacking),
        kb.rankable,
    )


def ratios(kb: KnowledgeBase, present: Iterable[int], diseases: npt.NDArray[np.int64]) -> Row:
    """The log10 likelihood ratio of each present finding in some diseases; shape (findings, diseases)."""
    return _scorer(kb).ratios(present, diseases)


def explain_likelihood(
    kb: KnowledgeBase, disease: int, present: Iterable[int], absent: Iterable[int] = ()
) -> list[Contribution]:
    """The log10 likelihood ratio of each finding in one disease, without ranking all others."""
    return _scorer(kb).explain(disease, present, absent)
