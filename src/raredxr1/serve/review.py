"""What a reader sees beside the model's list, and may correct: the findings, and what they say by themselves.

Findings are those the result states: the model's quotes where it can be relied on, and what a dictionary finds beside
them (`diagnose.stated`). From the findings as they stand after correction, the knowledge base alone says which
candidate explains which finding, what is still to be looked for, and how all diseases rank by likelihood ratio. None
of this changes the model's list; the page says which is which.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from raredxr1.diagnose import Names, Result
from raredxr1.diagnose.result import StatedFinding
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.closure import closure
from raredxr1.knowledge.likelihood import rank_likelihood
from raredxr1.knowledge.ranking import Contribution
from raredxr1.schemas import Span, Strict

AWAITED = 4
"""Findings to look for that are named for a candidate."""
TYPICAL = 0.5
"""A finding is typical of a disease if at least this share of patients has it."""
SPEAKS = 0.1
"""A finding speaks for or against a disease if its likelihood ratio is at least 10 ** this, or its inverse."""
UNEXPLAINED = 0.5
"""A finding is not explained by a disease in which it is less likely than at large by 10 ** this: nothing but broad
ancestors of it is annotated there."""
_MOST = 200

Origin = Literal["model", "dictionary", "reader"]


class Noted(Strict):
    """A finding as it stands now."""

    number: int = Field(ge=1)
    present: bool
    term: str = Field(description="HPO label where there is an id")
    hpo_id: str | None = None
    quote: str = Field(default="", description="words of the note; empty where the reader added it")
    span: Span | None = None
    origin: Origin
    flipped: bool = Field(default=False, description="the reader says the opposite of what was read")


class Review(Strict):
    """The findings of one diagnosis, and whether a reader has changed them."""

    findings: list[Noted] = Field(default_factory=list)
    removed: list[Noted] = Field(default_factory=list)

    @property
    def corrected(self) -> bool:
        """Whether a reader has changed anything."""
        return bool(self.removed) or any(f.flipped or f.origin == "reader" for f in self.findings)

    def by_number(self, number: int) -> Noted:
        """A finding by its number.

        Raises:
            InputError: there is none.
        """
        for finding in self.findings:
            if finding.number == number:
                return finding
        raise InputError(f"there is no finding {number}")


# --- what was read, and corrections to it ----------------------------------------------------------------------------


def read(result: Result) -> Review:
    """List the findings to start from.

    The model's own keep the numbers by which its reasoning refers to them; those of a model that invents its quotes are
    not among what a result states, and are left out.
    """
    findings: list[Noted] = []
    if any(stated.by == "model" for stated in result.stated):
        ids = {stated.quote: stated for stated in result.stated if stated.by == "model"}
        for quoted in result.diagnosis.findings:
            if quoted.span:
                known = ids.get(quoted.quote)
                findings.append(
                    Noted(
                        number=quoted.index,
                        present=quoted.present,
                        term=known.term if known else quoted.term,
                        hpo_id=quoted.hpo_id,
                        quote=quoted.quote,
                        span=quoted.span,
                        origin="model",
                    )
                )
    number = max((finding.number for finding in findings), default=0)
    for stated in result.stated:
        if stated.by == "dictionary" and len(findings) < _MOST:
            number += 1
            findings.append(Noted(**stated.model_dump(exclude={"by"}), number=number, origin="dictionary"))
    return Review(findings=findings)


def stated_of(review: Review) -> list[StatedFinding]:
    """The findings as they stand, for what goes by HPO terms alone; what a reader added has no place in the note."""
    return [
        StatedFinding(
            hpo_id=finding.hpo_id,
            term=finding.term,
            present=finding.present,
            quote=finding.quote,
            span=finding.span or Span(start=0, end=0),
            by="model" if finding.origin == "model" else "dictionary",
        )
        for finding in review.findings
        if finding.hpo_id
    ]


def flip(review: Review, number: int) -> Review:
    """Say the opposite of a finding."""
    wanted = review.by_number(number)
    turned = wanted.model_copy(update={"present": not wanted.present, "flipped": not wanted.flipped})
    if wanted.origin == "reader":
        turned = turned.model_copy(update={"flipped": False})
    return review.model_copy(update={"findings": [turned if f.number == number else f for f in review.findings]})


def remove(review: Review, number: int) -> Review:
    """Leave a finding out."""
    wanted = review.by_number(number)
    kept = [f for f in review.findings if f.number != number]
    removed = review.removed if wanted.origin == "reader" else [*review.removed, wanted]
    return Review(findings=kept, removed=removed)


def add(review: Review, kb: KnowledgeBase, hpo_id: str, present: bool = True) -> Review:
    """Add a term; one that is there already is only given the polarity asked for.

    Raises:
        InputError: an unknown id, or too many findings.
    """
    term = kb.term(hpo_id)
    current = kb.term_ids[term]
    for finding in review.findings:
        if finding.hpo_id == current:
            return review if finding.present == present else flip(review, finding.number)
    if len(review.findings) >= _MOST:
        raise InputError(f"more than {_MOST} findings")
    number = 1 + max((f.number for f in (*review.findings, *review.removed)), default=0)
    added = Noted(number=number, present=present, term=kb.term_names[term], hpo_id=current, origin="reader")
    return review.model_copy(update={"findings": [*review.findings, added]})


# --- what the findings say ---------------------------------------------------------------------------------------


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
    model_rank: int | None
    """Where the model has it."""
    weighed: Weighed


class Weigher:
    """The findings of a review, weighed by the knowledge base."""

    def __init__(self, review: Review, kb: KnowledgeBase) -> None:
        """Take the findings that have an id; free words tell the knowledge base nothing."""
        self._kb = kb
        self._review = review
        self._numbers: dict[tuple[int, bool], int] = {}
        for finding in review.findings:
            if finding.hpo_id and kb.resolve_term(finding.hpo_id):
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
        models = {kb.disease(candidate.id): candidate.rank for candidate in reversed(result.candidates) if candidate.id}
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
                    models.get(number),
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
    """Weigh each candidate of the model: as its turn did where it weighed anything, else by the knowledge base.

    Once a reader has corrected anything, what the model weighed no longer holds, and the knowledge base says it all.
    """
    standing = {finding.number for finding in review.findings if finding.origin == "model"}
    if standing and result.diagnosis.hypotheses and not review.corrected:
        return [
            Weighed(
                "model",
                [e.finding for e in candidate.supports if e.finding in standing],
                [e.finding for e in candidate.against if e.finding in standing],
                (),
                [(a.term, a.hpo_id) for a in candidate.awaited],
            )
            for candidate in result.candidates
        ]
    numbers = [names.kb.disease(candidate.id) if candidate.id else None for candidate in result.candidates]
    return [Weighed("none") if number is None else weigher.disease(number) for number in numbers]
