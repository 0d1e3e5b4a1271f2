"""Lessons in reasoning over what was read, with the opinions of others in: the prompts of CRR in context, made short.

What stands before the model is what stands there in use (`diagnose.crr_prompt`): age, sex and findings in plain words,
opinions with profiles of their candidates, and the findings numbered at the beginning of its turn. The patient is
drawn, so the right disease is known; each opinion is a ranking from which some findings were withheld, so that they
disagree and each is wrong at times: the rankings by findings, and the one by words. Prompts are of several sizes, as
what fits is in use. Learned is the rest of the turn: hypotheses among the named ones, weighing, answer.
Claims are computed (`internalize.dialogues`), so every one is true.

Left out on purpose: cases in which nobody names the right disease; there is nothing to weigh in them.
"""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from raredxr1 import dialogue
from raredxr1.cases.notes import NoteWriter
from raredxr1.cases.patients import Patient, PatientSampler
from raredxr1.cases.phrases import Phrases
from raredxr1.diagnose.crr_prompt import ROLE, written
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.opinions import TEXTS, WORDS, Heard, Voice
from raredxr1.diagnose.result import Opinion, OpinionLine
from raredxr1.internalize.corpus import Example
from raredxr1.internalize.dialogues import DialogueWriter
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.linking import Linker
from raredxr1.knowledge.text_ranker import text_ranker
from raredxr1.reflect.opinions import RANKINGS, Rankings
from raredxr1.schemas import MAX_CANDIDATES, Context

WITHHELD = 0.3
"""Share of findings that an opinion does not know of."""
FINDINGS = 8
"""A lesson has at most so many present; more make the turn long."""
HYPOTHESES = 3
TRIES = 20


class Size(NamedTuple):
    """How much stands in a prompt."""

    names: int
    """Diseases of each opinion."""
    profiles: int
    findings: int
    """Findings of each profile."""


SIZES = (Size(5, 3, 6), Size(5, 3, 3), Size(3, 3, 3))


class WeighingLessons:
    """Writes lessons about the given diseases."""

    def __init__(self, kb: KnowledgeBase, diseases: Sequence[int]) -> None:
        """Prepare the generators."""
        self.kb, self._diseases, self._names = kb, list(diseases), Names(kb, Linker(kb))
        self._patients = PatientSampler(kb, self._diseases)
        self._rankings, self._texts = Rankings(kb, self._diseases, RANKINGS), text_ranker(kb)
        self._known = frozenset(self._diseases)
        self._notes = NoteWriter(Phrases(kb), plain_share=1.0)

    def write(self, rng: Random) -> Example:
        """Draw a lesson; all choices come from `rng`.

        Raises:
            ValueError: after many tries, no patient whose disease anybody names.
        """
        size = rng.choice(SIZES)
        for _ in range(TRIES):
            patient = self._patients.draw(rng.choice(self._diseases), rng, rng.randint(3, FINDINGS))
            heard, named = self._heard(patient, size.names, rng)
            if patient.disease in named and len(named) >= HYPOTHESES:
                return self._lesson(patient, heard, named, size, rng)
        raise ValueError("no ranking names the disease of any patient drawn")

    def _heard(self, patient: Patient, names: int, rng: Random) -> tuple[list[Heard], list[int]]:
        """Opinions that know different findings, and whom they name, those named first by any before the others."""
        heard: list[Heard] = []
        places: dict[int, int] = {}
        for source in (*RANKINGS, TEXTS):
            present = [t for t in patient.present if rng.random() >= WITHHELD] or patient.present[:1]
            absent = [t for t in patient.absent if rng.random() >= WITHHELD]
            if source == TEXTS:
                read, diseases = WORDS, self._by_words(present, names)
            else:
                read = f"{len(present)} findings present, {len(absent)} absent, as HPO terms"
                said = self._rankings.opinions(present, absent, names)
                diseases = list(next(opinion for opinion in said if opinion.source == source).diseases)
            lines = [
                OpinionLine(rank=rank, name=self.kb.disease_names[d], id=self.kb.disease_ids(d)[0], score=None)
                for rank, d in enumerate(diseases, 1)
            ]
            if lines:
                heard.append(Heard(Opinion(source=source, read=read, lines=lines), Voice(source, {})))
            for rank, disease in enumerate(diseases):
                places[disease] = min(rank, places.get(disease, rank))
        return heard, sorted(places, key=lambda d: places[d])

    def _by_words(self, present: Sequence[int], names: int) -> list[int]:
        text = "; ".join(self.kb.term_names[term] for term in present)
        ranked = (disease for disease, _ in self._texts.rank(text, 4 * names))
        return [disease for disease in ranked if disease in self._known][:names]

    def _lesson(
        self, patient: Patient, heard: Sequence[Heard], named: Sequence[int], size: Size, rng: Random
    ) -> Example:
        note = self._notes.write(patient, rng)
        turn = DialogueWriter(self.kb, named, HYPOTHESES, awaited=2).full(
            patient, note, names=min(len(named), MAX_CANDIDATES)
        )
        turn = turn.model_copy(update={"context": Context()})  # the beginning that is given has no such line
        system = f"{dialogue.system_line('full', 'differential')} {ROLE}"
        opinions = written(heard, self._names, *size)
        begun = dialogue.render_findings(turn.findings)
        whole = dialogue.render_turn(turn)
        assert whole.startswith(begun), "the turn goes on where its findings end"
        prompt = dialogue.chat(system, f"{note.text}\n\n{opinions}") + begun
        return Example(prompt, whole.removeprefix(begun) + dialogue.TURN_END, "weighing", patient.disease)
