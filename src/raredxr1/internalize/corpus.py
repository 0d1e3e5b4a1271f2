"""The stream of training examples: which diseases, which kinds in which phase, reproducible from a seed.

An example is a prompt and a completion; only the completion is learned. Example number n of a corpus depends on the
seed and n alone, so several processes can share the work and an interrupted run goes on where it stopped.
"""

import math
from dataclasses import dataclass
from random import Random

from raredxr1 import dialogue
from raredxr1.cases.notes import NoteWriter
from raredxr1.cases.patients import PatientSampler
from raredxr1.cases.phrases import Phrases
from raredxr1.internalize.config import Mixture
from raredxr1.internalize.dialogues import DialogueWriter, names_wanted
from raredxr1.internalize.profiles import ProfileWriter
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import MAX_CANDIDATES, Case, DiseaseName, Form, Task

KINDS = ("final", "differential", "full", "profile")
LEAST_FINDINGS = 5
MOST_QUOTED = 12
"""Full turns are taught on patients with at most so many present findings, to keep turns short."""


@dataclass(frozen=True)
class Example:
    """One prompt with the completion to learn, its kind and the disease it is about."""

    prompt: str
    completion: str
    kind: str
    disease: int


def taught_diseases(kb: KnowledgeBase, most: int = 0) -> list[int]:
    """Choose the diseases to teach, best documented first.

    Ranked by how often they were published and annotated: 2 ln(1 + articles cited) + ln(1 + findings) + 1 if both
    OMIM and Orphanet list them. Diseases with fewer than five findings are not taught: no note could tell them apart.

    Args:
        kb: the knowledge base.
        most: at most so many; 0 for all.
    """
    scored: list[tuple[float, int]] = []
    for disease, frequencies in enumerate(kb.frequencies):
        findings = sum(frequency > 0 for frequency in frequencies.values())
        if findings >= LEAST_FINDINGS:
            articles = sum(reference.startswith("PMID:") for reference in kb.references(disease))
            twin = len(kb.disease_ids(disease)) > 1
            scored.append((2 * math.log1p(articles) + math.log1p(findings) + twin, disease))
    scored.sort(key=lambda item: (-item[0], item[1]))
    return [disease for _, disease in scored[: most or None]]


class Corpus:
    """Writes examples about the given diseases."""

    def __init__(
        self,
        kb: KnowledgeBase,
        diseases: list[int],
        seed: int,
        plain_share: float = 0.4,
        hypotheses: int = 3,
        full_names: int = MAX_CANDIDATES,
    ) -> None:
        """Prepare the generators.

        Args:
            kb: the knowledge base.
            diseases: those to write about.
            seed: fixes every example.
            plain_share: share of notes in the fixed plain style.
            hypotheses: how many diseases a full turn weighs.
            full_names: how many names the answer of a full turn holds at most.
        """
        self.kb, self.diseases, self.seed, self.full_names = kb, diseases, seed, full_names
        self._patients = PatientSampler(kb, diseases)
        self._notes = NoteWriter(Phrases(kb), plain_share)
        self._dialogues = DialogueWriter(kb, diseases, hypotheses)
        self._profiles = ProfileWriter(kb)

    def example(self, number: int, mixture: Mixture) -> Example:
        """Write example `number`; diseases take turns, in an order shuffled anew every round."""
        rng = Random(f"{self.seed}/{number}")
        kind = rng.choices(KINDS, [getattr(mixture, kind) for kind in KINDS])[0]
        disease = self._disease(number)
        if kind == "profile":
            prompt, completion = self._profiles.write(disease, rng)
        else:
            patient = self._patients.draw(disease, rng, MOST_QUOTED if kind == "full" else None)
            note = self._notes.write(patient, rng)
            form: Form = "full" if kind == "full" else "short"
            task: Task = "final" if kind == "final" else "differential"
            if form == "full":
                turn = self._dialogues.full(patient, note, task, names_wanted(rng, self.full_names))
            else:
                turn = self._dialogues.short(patient, task, names_wanted(rng, MAX_CANDIDATES))
            prompt, completion = dialogue.render_prompt(note.text, form, task), dialogue.render_turn(turn)
        return Example(prompt, completion + dialogue.TURN_END, kind, disease)

    def case(self, number: int) -> Case:
        """Write patient `number` as a case to evaluate on. Use a seed that nothing was trained with."""
        rng = Random(f"{self.seed}/{number}")
        patient = self._patients.draw(self._disease(number), rng)
        note = self._notes.write(patient, rng)
        label = self.kb.disease_names[patient.disease]
        return Case(
            case_id=f"synthetic-{self.seed}-{number}",
            note=note.text,
            hpo_observed=[self.kb.term_ids[term] for term in patient.present],
            hpo_excluded=[self.kb.term_ids[term] for term in patient.absent],
            sex=patient.sex,
            gold=[DiseaseName(id=disease_id, label=label) for disease_id in self.kb.disease_ids(patient.disease)],
            source="synthetic",
        )

    def _disease(self, number: int) -> int:
        round_, place = divmod(number, len(self.diseases))
        return self.diseases[self._order(round_)[place]]

    def _order(self, round_: int) -> list[int]:
        if getattr(self, "_round", None) != round_:
            order = list(range(len(self.diseases)))
            Random(f"{self.seed}/round/{round_}").shuffle(order)
            self._round, self._shuffled = round_, order
        return self._shuffled
