"""For each candidate, what speaks for it, what against it and what to look for, with the words of the note.

Where the knowledge base knows a candidate and the findings are HPO terms, its annotations say what the findings speak
for: what people are shown is true of the disease. The model's own weighing is used only for a candidate that the
knowledge base does not know.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from raredxr1 import lazy_re as re
from raredxr1.diagnose.expected import Told
from raredxr1.diagnose.genes import by_cause
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.person import Person, remarks_against, remarks_for
from raredxr1.diagnose.result import Awaited, Evidence, Ranked, StatedFinding
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.claims import Claims, typical_frequencies
from raredxr1.knowledge.contradicted import contradictions
from raredxr1.knowledge.describe import familiar_names
from raredxr1.knowledge.described import described
from raredxr1.knowledge.likelihood import explain_likelihood
from raredxr1.knowledge.named_by import named_findings
from raredxr1.schemas import Candidate, Diagnosis, Finding, Hypothesis

AWAITED = 3
"""Expected findings that are named for a candidate."""
UNEXPLAINED = 0.5
"""A finding is not explained by a disease in which it is less likely than at large by 10 ** this: nothing close to it
is annotated there. Between that and what explains it, annotations say too little either way."""
_UNSPECIFIC = re.compile(
    r"(?:Abnormal(?:ity)?|Morphological abnormality)\b|.*\b(?:abnormality|anomaly)$", re.IGNORECASE
)


def is_unspecific(term: str) -> bool:
    """Whether a term, by its HPO label, says no more than that something is abnormal: "Abnormality of the hand".

    A note that says "hands normal" denies every finding of the hand at once, and so contradicts many diseases a little.
    That is weak evidence, and never the first thing to say against a disease.
    """
    return bool(_UNSPECIFIC.match(term))


@dataclass(frozen=True)
class Weight:
    """One finding in the light of one disease.

    Attributes:
        finding: its number.
        frequency: share of patients with the disease who have it, as annotated; None where nothing is annotated.
        score: log10 of the likelihood ratio: how much likelier the finding, or its absence, is in this disease than in
            rare disease at large.
        rests_on: what the frequency rests on, where that is too little for a word ("1 of 1", "unstated").
    """

    finding: int
    frequency: float | None
    score: float
    rests_on: str = ""


@dataclass(frozen=True)
class DiseaseEvidence:
    """What the findings of a note say of one disease, strongest first.

    Attributes:
        supports: present findings that the disease explains.
        against: findings known not to occur in it or opposite to what it has, and absent ones that at least half of its
            patients have; those that rest on a handful of patients, and unspecific ones, last.
        unexplained: present findings that nothing annotated to the disease explains.
        awaited: term numbers and frequencies of typical findings that nobody mentions.
    """

    supports: list[Weight] = field(default_factory=list)
    against: list[Weight] = field(default_factory=list)
    unexplained: list[Weight] = field(default_factory=list)
    awaited: list[tuple[int, float]] = field(default_factory=list)


class EvidenceWeigher:
    """The findings of a note, weighed by the annotations of the knowledge base."""

    def __init__(
        self,
        claims: Claims,
        findings: Mapping[int, tuple[int, bool]],
        told: Told = Told(),
    ) -> None:
        """Take the findings.

        Args:
            claims: what can truly be said of a disease and a finding.
            findings: by number, the term and whether it is present. A term that is said both ways counts as present.
            told: what else the note says; it decides which typical findings are not to be called missing.
        """
        self._told = told
        self._claims, self._kb = claims, claims.kb
        self._numbers: dict[tuple[int, bool], int] = {}
        self._terms = dict(findings)
        for number, said in findings.items():
            self._numbers.setdefault(said, number)
        self.present = [term for term, present in self._numbers if present]
        self.absent = [term for term, present in self._numbers if not present and (term, True) not in self._numbers]

    def weigh(self, disease: int, awaited: int = AWAITED) -> DiseaseEvidence:
        """Weigh the findings for a disease by number."""
        known = DiseaseEvidence(awaited=self._awaited(disease, awaited))
        if not self.present and not self.absent:
            return DiseaseEvidence()
        for part in explain_likelihood(self._kb, disease, self.present, self.absent):
            number = self._numbers[part.term, part.present]
            frequency = self._claims.frequency(disease, part.term)
            rests_on = described(self._kb, disease, part.term) if frequency else ""
            weight = Weight(number, frequency or (part.frequency if part.via else None), part.score, rests_on)
            if part.present:
                if self.explains(disease, part.term):
                    known.supports.append(weight)
                else:
                    excluded = part.via is not None and part.frequency == 0
                    if excluded or contradictions(self._kb, disease, (part.term,)):
                        known.against.append(weight)
                    elif part.score <= -UNEXPLAINED:
                        known.unexplained.append(Weight(number, None, part.score))
            elif self._claims.absence_opposes(disease, part.term):
                known.against.append(weight)
        known.supports.sort(key=lambda weight: -weight.score)
        unspecific = {one.finding: bool(one.rests_on) or self._unspecific(one.finding) for one in known.against}
        known.against.sort(key=lambda weight: (unspecific[weight.finding], weight.score))
        known.unexplained.sort(key=lambda weight: weight.score)
        return known

    def explains(self, disease: int, term: int) -> bool:
        """Whether a disease has a finding, by its annotations or by its own name."""
        return self._claims.explains(disease, term) or term in named_findings(self._kb, disease)

    def _unspecific(self, number: int) -> bool:
        """Whether a finding that is absent is one near the root, which speaks against a disease only weakly."""
        term, present = self._terms[number]
        return not present and is_unspecific(self._kb.term_names[term])

    def _awaited(self, disease: int, most: int) -> list[tuple[int, float]]:
        """Typical findings that nobody mentions: the commonest and most telling first."""
        frequencies = typical_frequencies(self._kb, disease)
        mentioned = {*self.present, *self.absent}
        open_terms = [(t, frequencies.get(t, 0.0)) for t in self._claims.awaited(disease, mentioned)]
        open_terms.sort(key=lambda one: (-one[1] * self._claims.information(one[0]), one[0]))
        chosen: list[tuple[int, float]] = []
        for term, frequency in open_terms:  # of kinds of the same finding the first
            if self._told.rules_out(self._kb, term, mentioned, self._kb.disease_names[disease]):
                continue
            if not any(self._kb.related(term, other) for other, _ in chosen):
                chosen.append((term, frequency))
            if len(chosen) >= most:
                break
        return chosen


def with_evidence(
    candidates: Sequence[Candidate],
    diagnosis: Diagnosis,
    names: Names,
    stated: Sequence[StatedFinding] = (),
    person: Person | None = None,
    note: str = "",
) -> list[Ranked]:
    """Give each candidate its evidence.

    `evidence_by` says whose it is: the knowledge base's, where it knows the disease and a finding; else that of the
    model's turn, matched by disease, not by spelling. A finding whose quote is not in the note is no evidence: it stays
    in the turn, and a problem names it.

    Args:
        candidates: the ranking.
        diagnosis: the turn.
        names: the knowledge base and its linker.
        stated: the findings of the note as rankings by findings read them; where there are none, the turn's.
        person: age and sex of the patient; None: nothing is known of them.
        note: the text; what it has in other words is not called missing.
    """
    quoted = {finding.index: finding for finding in diagnosis.findings if finding.span}
    pool = numbered(diagnosis, stated) if stated else quoted
    years, sex = (person.years, person.sex) if person else (None, None)
    weigher = _weigher(pool, names, Told(note, years, sex, mentioned_only(stated, names.kb)))
    considered: dict[str, Hypothesis] = {}
    for hypothesis in diagnosis.hypotheses:
        considered.setdefault(names.key(hypothesis.name), hypothesis)
    ranked: list[Ranked] = []
    for candidate in candidates:
        disease = names.kb.disease(candidate.id) if candidate.id else None
        if weigher is not None and disease is not None:
            known = weigher.weigh(disease)
            ranked.append(known_evidence(Ranked(**candidate.model_dump()), disease, known, pool, names.kb))
        else:
            ranked.append(_by_turn(candidate, considered.get(names.key(candidate.name)), quoted, names))
        if disease is not None:
            more = {
                "genes": by_cause(names.kb, disease),
                "also_called": familiar_names(names.kb, disease),
                "annotated": len(names.kb.frequencies[disease]),
                "person_for": remarks_for(person, disease, names.kb) if person else [],
                "person_against": remarks_against(person, disease, names.kb) if person else [],
            }
            ranked[-1] = ranked[-1].model_copy(update=more)
    return ranked


def known_evidence(
    candidate: Ranked, disease: int, known: DiseaseEvidence, findings: Mapping[int, Finding], kb: KnowledgeBase
) -> Ranked:
    """A candidate with what the knowledge base says of it, in place of any other evidence.

    Args:
        candidate: a line of the ranking.
        disease: its number.
        known: the evidence, by number of finding.
        findings: by number.
        kb: for the names of expected findings.
    """

    def told(weights: Iterable[Weight]) -> list[Evidence]:
        return [_evidence(findings[weight.finding], weight) for weight in weights]

    said = known.supports or known.against or known.unexplained or known.awaited
    return candidate.model_copy(
        update={
            "evidence_by": "knowledge" if said else None,
            "supports": told(known.supports),
            "against": told(known.against),
            "unexplained": told(known.unexplained),
            "awaited": [
                Awaited(
                    term=kb.term_names[term],
                    hpo_id=kb.term_ids[term],
                    frequency=round(frequency, 3),
                    rests_on=described(kb, disease, term),
                )
                for term, frequency in known.awaited
            ],
        }
    )


def numbered(diagnosis: Diagnosis, stated: Sequence[StatedFinding]) -> dict[int, Finding]:
    """Findings present or absent by number: that of the turn where the turn quotes the same, else those that follow."""
    own = {(f.hpo_id, f.span.start): f.index for f in diagnosis.findings if f.span and f.hpo_id}
    following = max((f.index for f in diagnosis.findings), default=0)
    found: dict[int, Finding] = {}
    for one in stated:
        if one.present is None:
            continue
        index = own.get((one.hpo_id, one.span.start))
        if index is None:
            following += 1
            index = following
        found[index] = Finding(
            index=index, present=one.present, quote=one.quote, term=one.term, hpo_id=one.hpo_id, span=one.span
        )
    return found


def mentioned_only(stated: Iterable[StatedFinding], kb: KnowledgeBase) -> list[int]:
    """Terms that a note names of the patient without deciding them."""
    return [kb.term(one.hpo_id) for one in stated if one.state in ("uncertain", "hypothetical")]


def _weigher(findings: Mapping[int, Finding], names: Names, told: Told) -> EvidenceWeigher | None:
    """None where there is nothing to weigh."""
    if names.claims is None:
        return None
    terms = {i: (names.kb.term(f.hpo_id), f.present) for i, f in findings.items() if f.hpo_id}
    return EvidenceWeigher(names.claims, terms, told) if terms else None


def _by_turn(
    candidate: Candidate, considered: Hypothesis | None, findings: Mapping[int, Finding], names: Names
) -> Ranked:
    ranked = Ranked(**candidate.model_dump())
    if considered is None:
        return ranked
    said = considered.supports or considered.against or considered.awaited
    return ranked.model_copy(
        update={
            "evidence_by": "turn" if said else None,
            "supports": [_evidence(findings[number]) for number in considered.supports if number in findings],
            "against": [_evidence(findings[number]) for number in considered.against if number in findings],
            "awaited": [Awaited(term=term, hpo_id=names.term_id(term)) for term in considered.awaited],
        }
    )


def _evidence(finding: Finding, weight: Weight | None = None) -> Evidence:
    return Evidence(
        finding=finding.index,
        present=finding.present,
        quote=finding.quote,
        term=finding.term,
        hpo_id=finding.hpo_id,
        span=finding.span,
        frequency=round(weight.frequency, 3) if weight and weight.frequency is not None else None,
        weight=round(weight.score, 3) if weight else None,
        rests_on=weight.rests_on if weight else "",
    )
