"""Bootstrapped lessons in reflecting, written without a teacher, so that a small model can use feedback at all.

Two kinds. A *review* is asked by the very prompt that stage 2 samples with (note, failed answer, what was wrong, E, K)
and answered by the true turn. A *thought* is asked plainly and answered by a full turn that examines a wrong first
hypothesis and drops it: "At first X, but X does not explain 2; Y does."

The failed answer names a disease that looks alike (the likelihood ranking's best wrong ones); E comes from the same
rankings with terms withheld, and is therefore wrong at times, as it will be in sampling. Lesson n depends on the seed
and n alone. `Lessons.example` gives what stage 1's corpus gives, so a corpus can mix them in.
"""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from raredxr1 import dialogue
from raredxr1.cases.notes import Note, NoteWriter
from raredxr1.cases.patients import Patient, PatientSampler
from raredxr1.cases.phrases import Phrases
from raredxr1.diagnose.names import Names
from raredxr1.internalize.corpus import MOST_QUOTED, Example, InTurn
from raredxr1.internalize.dialogues import DialogueWriter, names_wanted
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.linking import Linker
from raredxr1.reflect.acceptance import Rejection, Shown
from raredxr1.reflect.config import LessonOptions
from raredxr1.reflect.masking import mask_note
from raredxr1.reflect.opinions import RANKINGS, Rankings
from raredxr1.reflect.prompts import candidates, profile, reflection
from raredxr1.reflect.sft_rows import with_turn_of_thought
from raredxr1.schemas import Candidate, Diagnosis

THOUGHT_SHARE = 0.25
"""Share of lessons in full form that are thoughts; in short form there are none."""
LOOK_ALIKES = 6
"""The failed answer names one of so many diseases that look most alike."""


class Lessons:
    """Writes lessons about the given diseases."""

    def __init__(self, kb: KnowledgeBase, diseases: Sequence[int], seed: int, options: LessonOptions) -> None:
        """Prepare the generators; `seed` fixes every lesson."""
        self.kb, self.diseases, self.seed, self.options = kb, list(diseases), seed, options
        self._patients = PatientSampler(kb, self.diseases)
        self._notes = NoteWriter(Phrases(kb), options.plain_share, register_share=options.register_share)
        self._dialogues = DialogueWriter(kb, self.diseases, options.hypotheses)
        self._rankings = Rankings(kb, self.diseases, RANKINGS)
        self._names, self._truth = Names(kb, Linker(kb)), Claims(kb)
        self._turns = InTurn(self.diseases, f"{seed}/lessons")

    def example(self, number: int) -> Example:
        """Write lesson `number`; diseases take turns in random order."""
        rng = Random(f"{self.seed}/lesson/{number}")
        disease = self._turns[number]
        full = self.options.form == "full"
        patient = self._patients.draw(disease, rng, MOST_QUOTED if full else None)
        note = self._notes.write(patient, rng)
        turn = self._turn(patient, note, names_wanted(rng, self.options.names))
        wrong = self._look_alike(patient, rng)
        if full and rng.random() < THOUGHT_SHARE:
            thought = with_turn_of_thought(turn, self.kb.disease_names[wrong], self._names, self._truth)
            if thought:
                prompt = dialogue.render_prompt(note.text, self.options.form, self.options.task)
                return self._made(prompt, thought, "thought", disease)
        return self._made(self._review(patient, note, wrong, rng), turn, "review", disease)

    def _made(self, prompt: str, turn: Diagnosis, kind: str, disease: int) -> Example:
        return Example(prompt, dialogue.render_turn(turn) + dialogue.TURN_END, kind, disease)

    def _turn(self, patient: Patient, note: Note, names: int) -> Diagnosis:
        if self.options.form == "full":
            return self._dialogues.full(patient, note, self.options.task, names)
        return self._dialogues.short(patient, self.options.task, names)

    def _look_alike(self, patient: Patient, rng: Random) -> int:
        likeliest = self._rankings.opinions(patient.present, patient.absent, LOOK_ALIKES + 1)[0].diseases
        return rng.choice([disease for disease in likeliest if disease != patient.disease])

    def _review(self, patient: Patient, note: Note, wrong: int, rng: Random) -> str:
        options = self.options
        failed = self._turn(replace(patient, disease=wrong), note, names_wanted(rng, options.names))
        failed = _without(failed, self.kb.disease_names[patient.disease])
        present = [t for t in patient.present if rng.random() >= options.mask_terms] or patient.present[:1]
        absent = [t for t in patient.absent if rng.random() >= options.mask_terms]
        opinions = self._rankings.opinions(present, absent, options.opinion_names)
        chosen = candidates(self.kb, [wrong], [opinion.diseases for opinion in opinions], options.profiles)
        shown = Shown(
            opinions=[opinion.line for opinion in opinions],
            profiles=[profile(self.kb, disease, options.profile_findings) for disease in chosen],
        )
        faults = [Rejection(filter="diagnosis", reason="not accepted")]
        # a quote must stand in the note the model reads, so a note is masked only where nothing is quoted
        read = note.text if options.form == "full" else mask_note(note.text, options.mask, rng)
        return reflection(read, failed, faults, shown, options.form, options.task).prompt


def _without(turn: Diagnosis, name: str) -> Diagnosis:
    """A failed answer in which the right disease does not stand first or at all."""
    kept = [candidate for candidate in turn.answer if candidate.name != name]
    return turn.model_copy(
        update={
            "answer": [Candidate(rank=i, name=candidate.name) for i, candidate in enumerate(kept, 1)],
            "hypotheses": [hypothesis for hypothesis in turn.hypotheses if hypothesis.name != name],
            "weigh": "" if name in turn.weigh else turn.weigh,
        }
    )
