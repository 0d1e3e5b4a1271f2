"""What the findings of a review say of each disease, and how all diseases rank by them: the knowledge base alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from raredxr1.diagnose import Names, Result
from raredxr1.diagnose.evidence import EvidenceWeigher, known_evidence
from raredxr1.diagnose.expected import Told
from raredxr1.diagnose.result import Evidence, Ranked
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.likelihood import rank_likelihood
from raredxr1.schemas import Finding
from raredxr1.serve.review import Review, quoted_by_model


@dataclass(frozen=True)
class Place:
    """A line of the ranking by likelihood ratio."""

    rank: int
    name: str
    score: float
    """Sum of log10 likelihood ratios."""
    candidate: Ranked
    """With its evidence."""


class Weigher:
    """The findings of a review, weighed by the knowledge base."""

    def __init__(self, review: Review, names: Names, result: Result | None = None) -> None:
        """Take the findings that are present or absent and have an id; others tell the knowledge base nothing.

        Args:
            review: the findings as they stand.
            names: the knowledge base.
            result: whose note and patient say what is not to be called missing; None: nothing is known of them.
        """
        kb = self._kb = names.kb
        self.claims = names.claims or Claims(kb)
        self._review = review
        self._findings = {
            f.number: Finding(
                index=f.number, present=bool(f.present), quote=f.quote, term=f.term, hpo_id=f.hpo_id, span=f.span
            )
            for f in review.findings
            if f.present is not None
        }
        terms = {
            number: (kb.term(f.hpo_id), f.present)
            for number, f in self._findings.items()
            if f.hpo_id and kb.resolve_term(f.hpo_id)
        }
        self.terms = {number: term for number, (term, _) in terms.items()}
        open_terms = [f.hpo_id for f in review.findings if f.hpo_id and f.state in ("uncertain", "hypothetical")]
        mentioned = [kb.term(one) for one in open_terms if kb.resolve_term(one)]
        age = result.patient.age if result else None
        years = age.years if age and age.kind == "presentation" else None
        sex = result.patient.sex.value if result and result.patient.sex else None
        told = Told(result.note if result else "", years, sex, mentioned)
        self._weigher = EvidenceWeigher(self.claims, terms, told)

    def weigh(self, result: Result) -> list[Ranked]:
        """Give each candidate its evidence, by number of the review's findings.

        What the model said of a disease that the knowledge base does not know stands until a reader corrects anything.
        """
        quoted = {(finding.index, finding.present) for finding in quoted_by_model(result)}
        standing = {f.index for f in self._findings.values() if (f.index, f.present) in quoted}
        weighed = []
        for candidate in result.candidates:
            disease = self._kb.disease(candidate.id) if candidate.id else None
            if disease is not None:
                weighed.append(self.disease(candidate, disease))
            elif candidate.evidence_by == "turn" and not self._review.corrected:
                weighed.append(_standing(candidate, standing))
            else:
                weighed.append(_without(candidate))
        return weighed

    def disease(self, candidate: Ranked, disease: int) -> Ranked:
        """A candidate with what the findings say of a disease by number."""
        return known_evidence(candidate, disease, self._weigher.weigh(disease), self._findings, self._kb)

    def cells(self, disease: int) -> dict[int, tuple[float, str, bool]]:
        """By number of the finding: its frequency, what that rests on, and whether it is against the disease."""
        known = self._weigher.weigh(disease)
        shown = {one.finding: (one.frequency or 0.0, one.rests_on, False) for one in known.supports}
        return shown | {one.finding: (one.frequency or 0.0, one.rests_on, True) for one in known.against}

    def places(self, limit: int = 10) -> list[Place]:
        """Rank all diseases by likelihood ratio; empty without a present finding."""
        present, absent = self._weigher.present, self._weigher.absent
        if not present:
            return []
        kb, ranking = self._kb, rank_likelihood(self._kb, present, absent)
        places = []
        for rank, (number, score) in enumerate(ranking.best(limit), 1):
            first, *others = kb.disease_ids(number)
            one = Ranked(rank=rank, name=kb.disease_names[number], id=first, same_as=others)
            places.append(Place(rank, one.name, round(score, 2), self.disease(one, number)))
        return places


def _standing(candidate: Ranked, standing: set[int]) -> Ranked:
    def kept(items: Sequence[Evidence]) -> list[Evidence]:
        return [item for item in items if item.finding in standing]

    return candidate.model_copy(update={"supports": kept(candidate.supports), "against": kept(candidate.against)})


def _without(candidate: Ranked) -> Ranked:
    nothing: dict[str, object] = {key: [] for key in ("supports", "against", "unexplained", "awaited")}
    return candidate.model_copy(update={**nothing, "evidence_by": None})
