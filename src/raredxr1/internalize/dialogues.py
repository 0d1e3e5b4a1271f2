"""A patient and a note become the turn the model should write.

Hypotheses come from the likelihood ranking of the diseases taught, with the sampled disease first; for, against and
awaited are computed from the annotations. So the reasoning taught is true, without a teacher.
"""

from collections.abc import Callable, Sequence
from random import Random

import numpy as np

from raredxr1.cases.draft import Mention, Note
from raredxr1.cases.patients import Patient
from raredxr1.cases.plain import age_in_words
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.likelihood import LikelihoodScorer
from raredxr1.schemas import MAX_CANDIDATES, Candidate, Context, Diagnosis, Finding, Hypothesis, Task

AWAITED = 2
"""Awaited findings that each hypothesis lists at most."""


class DialogueWriter:
    """Writes the true turn for a patient's note."""

    def __init__(self, kb: KnowledgeBase, diseases: Sequence[int], hypotheses: int = 3) -> None:
        """Prepare the ranking over the diseases taught.

        Args:
            kb: the knowledge base.
            diseases: the diseases taught; only they are named.
            hypotheses: how many are weighed in a full turn.
        """
        self.kb, self.hypotheses = kb, hypotheses
        self._diseases = np.array(diseases)
        self._scorer = LikelihoodScorer(kb, self._diseases)
        self._claims = Claims(kb)

    def short(self, patient: Patient, task: Task, names: int = MAX_CANDIDATES) -> Diagnosis:
        """The short form: the sampled disease, then (for the differential) the likeliest others."""
        ranked = (
            [patient.disease]
            if task == "final"
            else self._ranked(patient.disease, patient.present, patient.absent, names)
        )
        return Diagnosis(form="short", task=task, answer=self._answer(ranked))

    def full(self, patient: Patient, note: Note, task: Task = "differential", names: int = MAX_CANDIDATES) -> Diagnosis:
        """The full form: findings with their quotes, hypotheses weighed, then the answer."""
        present = [mention.term for mention in note.mentions if mention.present]
        absent = [mention.term for mention in note.mentions if not mention.present]
        ranked = self._ranked(patient.disease, present, absent, max(names, self.hypotheses))
        hypotheses = [self._hypothesis(disease, note.mentions) for disease in ranked[: self.hypotheses]]
        return Diagnosis(
            form="full",
            task=task,
            findings=[
                Finding(index=i, present=m.present, quote=note.text[m.start : m.end], term=self.kb.term_names[m.term])
                for i, m in enumerate(note.mentions, 1)
            ],
            context=Context(
                onset=age_in_words(patient.onset_years or 0.0) if "onset" in note.tells else None,
                sex=patient.sex if "sex" in note.tells else None,
                family=patient.family if "family" in note.tells else None,
            ),
            hypotheses=hypotheses,
            weigh=self._weigh(hypotheses, note.mentions),
            answer=self._answer(ranked[:1] if task == "final" else ranked[:names]),
        )

    def _ranked(self, disease: int, present: Sequence[int], absent: Sequence[int], names: int) -> list[int]:
        scores = self._scorer.scores(present, absent)
        best = np.argpartition(-scores, min(names, len(scores) - 1))[: names + 1]
        best = best[np.argsort(-scores[best], kind="stable")]
        others = [d for d in self._diseases[best].tolist() if d != disease]
        return [disease, *others][:names]

    def _answer(self, diseases: Sequence[int]) -> list[Candidate]:
        return [Candidate(rank=i, name=self.kb.disease_names[d]) for i, d in enumerate(diseases, 1)]

    def _hypothesis(self, disease: int, mentions: Sequence[Mention]) -> Hypothesis:
        claims = self._claims
        present = [(i, m.term) for i, m in enumerate(mentions, 1) if m.present]
        absent = [(i, m.term) for i, m in enumerate(mentions, 1) if not m.present]
        awaited = claims.awaited(disease, {m.term for m in mentions})
        return Hypothesis(
            name=self.kb.disease_names[disease],
            supports=[i for i, term in present if claims.explains(disease, term)],
            against=[i for i, term in absent if claims.absence_opposes(disease, term)],
            awaited=[self.kb.term_names[term] for term in awaited[:AWAITED]],
        )

    def _weigh(self, hypotheses: Sequence[Hypothesis], mentions: Sequence[Mention]) -> str:
        return weighing(hypotheses, lambda i: self._claims.information(mentions[i - 1].term))


def weighing(hypotheses: Sequence[Hypothesis], information: Callable[[int], float]) -> str:
    """What decides between hypotheses, in a sentence.

    Args:
        hypotheses: the one that leads, and the others.
        information: how specific a finding is, by its number.
    """
    first, *others = hypotheses
    known = [other for other in others if other.supports or other.against or other.awaited]
    found = sorted(first.supports, key=lambda i: (-information(i), i))
    if not found:
        better = next((other for other in others if other.supports), None)
        if better is None:
            return f"No finding is specific; {first.name} is only the least unlikely."
        if not (first.against or first.awaited):
            return f"Nothing is annotated of {first.name}; the words of the note name it."
        most = min(better.supports, key=lambda i: (-information(i), i))
        return f"{better.name} explains {most}, its most specific finding; {first.name} does not."
    for finding in found:
        lead = ", its most specific finding" if finding == found[0] else ""
        lacking = next((other for other in known if finding not in other.supports), None)
        if lacking:
            return f"{first.name} explains {finding}{lead}; {lacking.name} does not."
    for other in others:
        if against := [number for number in other.against if number not in first.against]:
            return f"{other.name} would explain the same, but {against[0]} speaks against it."
    ends = "; so do the others." if others and len(known) == len(others) else "."
    return f"{first.name} explains {found[0]}, its most specific finding{ends}"


def names_wanted(rng: Random, most: int) -> int:
    """How long a differential to write: usually the most, sometimes fewer, so that length is not all a model learns."""
    return most if rng.random() < 0.7 else rng.randint(min(3, most), most)
