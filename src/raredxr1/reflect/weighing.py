"""Lessons in weighing: the evidence that is before the lead diagnostician in use (`diagnose.lead`), and the true turn.

A case is read and ranked as in use, by a ranking by words that has not learned from it, so that the opinions are as
often wrong as they are for a stranger's note. Learned is what to do then: the right disease leads the hypotheses and
the answer, the others follow in the order they had; every claim is copied from the evidence, where it was computed.
Cases are notes with a diagnosis, and patients drawn from the knowledge base.

Left out on purpose: cases in which the right disease is not among the candidates; there is nothing to weigh in them.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random

from raredxr1 import dialogue
from raredxr1.cases.demographics import read_demographics
from raredxr1.cases.notes import NoteWriter
from raredxr1.cases.patients import PatientSampler
from raredxr1.cases.phrases import Phrases
from raredxr1.diagnose.calibration import Fitted, log_mass
from raredxr1.diagnose.crr import patient_of
from raredxr1.diagnose.fused import fuse
from raredxr1.diagnose.lead import Evidence, Weighed, evidence
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.opinions import gather, ranks_of
from raredxr1.diagnose.stated import stated_findings
from raredxr1.evaluate.case_set import Selection, open_cases
from raredxr1.evaluate.gold import prepare
from raredxr1.internalize.corpus import Example
from raredxr1.internalize.dialogues import weighing
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.meaning_ranker import MEANING_RANKER
from raredxr1.knowledge.text_ranker import TEXT_RANKER
from raredxr1.reflect.config import CaseSource
from raredxr1.schemas import Candidate, Diagnosis, Hypothesis

HYPOTHESES = 3
AWAITED = 2
"""Findings to look for that a hypothesis names."""
TRIES = 50


class WeighingLessons:
    """Draws lessons from notes with a diagnosis, or from patients of the knowledge base."""

    def __init__(self, names: Names, fitted: Fitted | None, words: Path | None = None) -> None:
        """Take what reads and ranks.

        Args:
            names: the knowledge base, and how notes are read.
            fitted: how opinions are fused.
            words: weights of a ranking by words that has not learned from the cases; None: the shipped one. Beside
                others the ranking by meaning is not asked, which may have learned from them.
        """
        self._names, self._fitted, self._words = names, fitted, words or TEXT_RANKER
        self._meaning = None if words else MEANING_RANKER
        self._claims = names.claims or Claims(names.kb)

    def of_cases(self, source: CaseSource) -> partial[Example]:
        """A writer of lessons about the cases of a file.

        Raises:
            InputError: the file cannot be read.
        """
        kb, linker = self._names.kb, self._names.linker
        items = open_cases([source.path], kb, Selection(where=tuple(source.where))).items
        notes = [
            (item.note, prepare(item.case.gold, kb, linker).diseases) for item in items if item.case and not item.error
        ]
        return partial(self._of_case, [(note, diseases) for note, diseases in notes if diseases])

    def of_patients(self, diseases: Sequence[int]) -> partial[Example]:
        """A writer of lessons about patients drawn, who have one of the diseases."""
        sampler, writer = PatientSampler(self._names.kb, diseases), NoteWriter(Phrases(self._names.kb), plain_share=0.5)
        return partial(self._of_patient, sampler, writer, diseases)

    def evidence(self, note: str) -> Evidence:
        """Read a note and rank, as in use."""
        stated = stated_findings(note, [], self._names)
        heard = gather(note, stated, self._names, words=self._words, meaning=self._meaning)
        patient = patient_of(note, stated, self._names)
        fused = fuse([], heard, log_mass([]), patient, self._names, self._fitted, note=note)
        scores: Sequence[float | None] = fused.scores or [None] * len(fused.candidates)
        ranked = [
            (c.label or c.name, score, ranks_of(self._names.key(c.name), heard))
            for c, score in zip(fused.candidates, scores, strict=True)
        ]
        return evidence(read_demographics(note), stated, ranked, self._names)

    def _of_case(self, notes: Sequence[tuple[str, frozenset[int]]], rng: Random) -> Example:
        for _ in range(TRIES):
            note, right = rng.choice(notes)
            if lesson := self._lesson(note, right, rng):
                return lesson
        raise ValueError("the right disease is a candidate in no case that was drawn")

    def _of_patient(self, sampler: PatientSampler, writer: NoteWriter, diseases: Sequence[int], rng: Random) -> Example:
        for _ in range(TRIES):
            patient = sampler.draw(rng.choice(diseases), rng)
            if lesson := self._lesson(writer.write(patient, rng).text, frozenset([patient.disease]), rng):
                return lesson
        raise ValueError("the right disease is a candidate of no patient that was drawn")

    def _lesson(self, note: str, right: frozenset[int], rng: Random) -> Example | None:
        before = self.evidence(note)
        twins = frozenset(key for d in right for key in self._names.kb.disease_ids(d))
        led = [one for one in before.candidates if one.disease in right or self._shares(one, twins)]
        if not led or not before.findings:
            return None
        order = [led[0], *(one for one in before.candidates if one is not led[0])]
        return Example(before.prompt(), self.turn(before, order), "weighing", led[0].disease)

    def _shares(self, one: Weighed, ids: frozenset[str]) -> bool:
        return one.disease is not None and not ids.isdisjoint(self._names.kb.disease_ids(one.disease))

    def turn(self, before: Evidence, order: Sequence[Weighed]) -> str:
        """What is to be written behind the prompt where the candidates have this order."""
        terms = {f.index: self._names.kb.term(f.hpo_id) for f in before.findings if f.hpo_id}
        hypotheses = [
            Hypothesis(
                name=one.name,
                supports=list(one.supports),
                against=list(one.against),
                awaited=list(one.awaited[:AWAITED]),
            )
            for one in order[:HYPOTHESES]
        ]
        turn = Diagnosis(
            form="full",
            findings=list(before.findings),
            hypotheses=hypotheses,
            weigh=weighing(hypotheses, lambda i: self._claims.information(terms[i])),
            answer=[Candidate(rank=rank, name=one.name) for rank, one in enumerate(order, 1)],
        )
        return dialogue.render_turn(turn).removeprefix(before.begun()) + dialogue.TURN_END
