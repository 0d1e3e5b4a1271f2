"""What the findings of a review say of each disease, and how all diseases rank by them: the knowledge base alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from raredxr1.diagnose import Names, Result
from raredxr1.diagnose.result import Ranked
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.closure import closure
from raredxr1.knowledge.likelihood import rank_likelihood
from raredxr1.knowledge.ranking import Contribution
from raredxr1.serve.review import Review, quoted_by_model

AWAITED = 4
"""Findings to look for that are named for a candidate."""
TYPICAL = 0.5
"""A finding is typical of a disease if at least this share of patients has it."""
SPEAKS = 0.1
"""A finding speaks for or against a disease if its likelihood ratio is at least 10 ** this, or its inverse."""
UNEXPLAINED = 0.5
"""A finding is not explained by a disease in which it is less likely than at large by 10 ** this: nothing but broad
ancestors of it is annotated there."""


@dataclass(frozen=True)
class Weighed:
    """What speaks for and against one disease, by number of finding."""

    basis: Literal["model", "knowledge", "none"]
    """model: as the turn weighed it. knowledge: by the knowledge base. none: nobody can say."""
    supports: Sequence[int] = ()
    against: Sequence[int] = ()
    unexplained: Sequence[int] = ()
    """Present, and nothing like it is known of the disease."""
    awaited: Sequence[tuple[str, str | None]] = ()
    """Term and HPO id of typical findings that nobody mentions."""


@dataclass(frozen=True)
class Place:
    """A line of the likelihood ranking."""

    rank: int
    id: str
    same_as: Sequence[str]
    name: str
    score: float
    """Sum of log10 likelihood ratios."""
    listed_rank: int | None
    """Where the ranking of the page has it."""
    weighed: Weighed


class Weigher:
    """The findings of a review, weighed by the knowledge base."""

    def __init__(self, review: Review, kb: KnowledgeBase) -> None:
        """Take the findings that have an id; free words tell the knowledge base nothing."""
        self._kb = kb
        self._review = review
        self._numbers: dict[tuple[int, bool], int] = {}
        for finding in review.findings:
            if finding.hpo_id and finding.present is not None and kb.resolve_term(finding.hpo_id):
                self._numbers.setdefault((kb.term(finding.hpo_id), finding.present), finding.number)
        self.present = [term for term, present in self._numbers if present]
        self.absent = [term for term, present in self._numbers if not present and (term, True) not in self._numbers]
        self._ranking = rank_likelihood(kb, self.present, self.absent) if self.present or self.absent else None

    def disease(self, number: int) -> Weighed:
        """Weigh a disease of the knowledge base."""
        if self._ranking is None:
            return Weighed("none")
        parts = self._ranking.per_finding(number)
        return Weighed(
            "knowledge",
            self._which(part for part in parts if part.score >= SPEAKS),
            self._which(part for part in parts if _against(part)),
            self._which(part for part in parts if part.present and part.score <= -UNEXPLAINED and not _against(part)),
            [(self._kb.term_names[term], self._kb.term_ids[term]) for term in self._awaited(number)],
        )

    def places(self, result: Result, limit: int = 10) -> list[Place]:
        """Rank all diseases by likelihood ratio; empty without a present finding."""
        if self._ranking is None or not self.present:
            return []
        kb = self._kb
        listed = {kb.disease(candidate.id): candidate.rank for candidate in reversed(result.candidates) if candidate.id}
        places = []
        for rank, number in enumerate(self._ranking.diseases[:limit].tolist(), 1):
            ids = kb.disease_ids(number)
            places.append(
                Place(
                    rank,
                    ids[0],
                    ids[1:],
                    kb.disease_names[number],
                    round(float(self._ranking.scores[rank - 1]), 2),
                    listed.get(number),
                    self.disease(number),
                )
            )
        return places

    def _which(self, parts: Iterable[Contribution]) -> list[int]:
        return sorted(self._numbers[part.term, part.present] for part in parts)

    def _awaited(self, number: int) -> list[int]:
        """Typical findings that no finding states, implies or denies; the most telling first."""
        kb = self._kb
        said = {ancestor for term in self.present for ancestor in kb.term_ancestors[term]}
        denied = set(self.absent)
        typical = [
            term
            for term, frequency in kb.frequencies[number].items()
            if frequency >= TYPICAL and term not in said and denied.isdisjoint(kb.term_ancestors[term])
        ]
        background = closure(kb).information
        frequencies = kb.frequencies[number]
        return sorted(typical, key=lambda term: (-frequencies[term] * float(background[term]), term))[:AWAITED]


def _against(part: Contribution) -> bool:
    """A finding that the disease is known not to have, or lacks though it is typical of it."""
    if part.present:
        return part.via is not None and part.frequency == 0
    return part.score <= -SPEAKS


def weigh(result: Result, review: Review, names: Names, weigher: Weigher) -> list[Weighed]:
    """Weigh each candidate: as the model's turn did where it weighed that one, else by the knowledge base.

    Once a reader has corrected anything, what the model weighed no longer holds, and the knowledge base says it all.
    """
    quoted = {(finding.index, finding.present) for finding in quoted_by_model(result)}
    standing = {finding.number for finding in review.findings if (finding.number, finding.present) in quoted}
    by_model = standing and result.diagnosis.hypotheses and not review.corrected
    weighed = []
    for candidate in result.candidates:
        number = names.kb.disease(candidate.id) if candidate.id else None
        if by_model and candidate.evidence_by == "turn":
            weighed.append(_by_turn(candidate, standing))
        else:
            weighed.append(Weighed("none") if number is None else weigher.disease(number))
    return weighed


def _by_turn(candidate: Ranked, standing: set[int]) -> Weighed:
    return Weighed(
        "model",
        [e.finding for e in candidate.supports if e.finding in standing],
        [e.finding for e in candidate.against if e.finding in standing],
        (),
        [(a.term, a.hpo_id) for a in candidate.awaited],
    )
