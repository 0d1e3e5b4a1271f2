"""The stream of training examples: which diseases, which kinds in which phase, reproducible from a seed.

An example is a prompt and a completion; only the completion is learned. Example number n of a corpus depends on the
seed and n alone, so several processes can share the work and an interrupted run goes on where it stopped.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from raredxr1 import dialogue
from raredxr1.cases.annotated import read_annotated
from raredxr1.cases.notes import NoteWriter
from raredxr1.cases.patients import Patient, PatientSampler, phenotypes
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.records import Records, read_records, thinned
from raredxr1.errors import InputError
from raredxr1.internalize.config import InternalizeConfig, Mixture
from raredxr1.internalize.copying import CopyWriter
from raredxr1.internalize.dialogues import DialogueWriter, names_wanted
from raredxr1.internalize.qa.contrast import ContrastWriter
from raredxr1.internalize.qa.passages import Passages, PassageWriter, read_passages
from raredxr1.internalize.qa.profile import ProfileWriter
from raredxr1.internalize.qa.reverse import ReverseWriter
from raredxr1.internalize.qa.terms import TermWriter
from raredxr1.internalize.readings import ReadingWriter
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import MAX_CANDIDATES, Case, DiseaseName, Form, Task

KINDS = ("final", "differential", "full", "profile", "reverse", "contrast", "term", "text", "copying", "reading")
LEAST_FINDINGS = 5
MOST_QUOTED = 12
"""Full turns are taught on patients with at most so many present findings, to keep turns short."""


@dataclass(frozen=True)
class Example:
    """One prompt with the completion to learn, its kind and the disease it is about (None: a lesson about none)."""

    prompt: str
    completion: str
    kind: str
    disease: int | None


def taught_diseases(kb: KnowledgeBase, most: int = 0) -> list[int]:
    """Choose the diseases to teach, best documented first.

    Ranked by how often they were published and annotated: 2 ln(1 + articles cited) + 2 ln(1 + findings) + 1 if Orphanet
    lists them (its entries are what clinicians name, and cite no articles of their own). Diseases with fewer than five
    findings are not taught: no note could tell them apart.

    Args:
        kb: the knowledge base.
        most: at most so many; 0 for all.
    """
    scored: list[tuple[float, int]] = []
    for disease, frequencies in enumerate(kb.frequencies):
        findings = sum(frequency > 0 for frequency in frequencies.values())
        if findings >= LEAST_FINDINGS:
            articles = sum(reference.startswith("PMID:") for reference in kb.references(disease))
            orphanet = any(disease_id.startswith("ORPHA:") for disease_id in kb.disease_ids(disease))
            scored.append((2 * math.log1p(articles) + 2 * math.log1p(findings) + orphanet, disease))
    scored.sort(key=lambda item: (-item[0], item[1]))
    return [disease for _, disease in scored[: most or None]]


@dataclass(frozen=True)
class Materials:
    """What may be learned from beside the knowledge base: real texts, real patients, encyclopaedic passages."""

    readings: ReadingWriter | None = None
    """Writes reading lessons; needed where a mixture has any, and for asides."""
    aside_share: float = 0.0
    """Share of notes with real sentences in between."""
    records: Records = field(default_factory=Records)
    case_share: float = 0.0
    """Share of a disease's patients that are real, where it has any."""
    passages: Passages = field(default_factory=Passages)


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
        twice: Sequence[int] = (),
        materials: Materials | None = None,
    ) -> None:
        """Prepare the generators.

        Args:
            kb: the knowledge base.
            diseases: those to write about.
            seed: fixes every example.
            plain_share: share of notes in the fixed plain style.
            hypotheses: how many diseases a full turn weighs.
            full_names: how many names the answer of a full turn holds at most.
            twice: those of the diseases that come up twice a round.
            materials: what else there is to learn from.
        """
        self.kb, self.diseases, self.seed, self.full_names = kb, diseases, seed, full_names
        self._turns = [*diseases, *twice]
        self._patients = PatientSampler(kb, diseases)
        self._materials = materials or Materials()
        self._readings = self._materials.readings
        asides = self._readings.asides if self._readings else []
        self._notes = NoteWriter(Phrases(kb), plain_share, asides, self._materials.aside_share)
        self._dialogues = DialogueWriter(kb, diseases, hypotheses)
        self._copying = CopyWriter(kb)
        self._profiles = ProfileWriter(kb)
        self._passages = PassageWriter(kb, self._materials.passages)
        self._questions: dict[str, Callable[[int, Random], tuple[str, str]]] = {
            "profile": self._profiles.write,
            "reverse": ReverseWriter(kb).write,
            "contrast": ContrastWriter(kb, diseases).write,
            "term": TermWriter(kb, diseases).write,
            "text": self._passage,
        }

    def example(self, number: int, mixture: Mixture) -> Example:
        """Write example `number`; diseases take turns, in an order shuffled anew every round."""
        rng = Random(f"{self.seed}/{number}")
        kind = rng.choices(KINDS, [getattr(mixture, kind) for kind in KINDS])[0]
        disease = self._disease(number)
        if kind == "reading":
            assert self._readings is not None, "a mixture with reading lessons needs annotated texts"
            return Example(*self._readings.write(rng), kind, None)
        if kind == "copying":
            prompt, completion = self._copying.write(rng)
            return Example(prompt, completion + dialogue.TURN_END, kind, None)
        if kind in self._questions:
            prompt, completion = self._questions[kind](disease, rng)
        else:
            patient = self._patient(disease, rng, MOST_QUOTED if kind == "full" else None)
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

    def _passage(self, disease: int, rng: Random) -> tuple[str, str]:
        written = self._passages if self._passages.has(disease) else self._profiles
        return written.write(disease, rng)

    def _patient(self, disease: int, rng: Random, most: int | None) -> Patient:
        real = self._materials.records.patients.get(disease)
        if real and rng.random() < self._materials.case_share:
            return thinned(rng.choice(real), rng, most)
        return self._patients.draw(disease, rng, most)

    def _disease(self, number: int) -> int:
        round_, place = divmod(number, len(self._turns))
        return self._turns[self._order(round_)[place]]

    def _order(self, round_: int) -> list[int]:
        if getattr(self, "_round", None) != round_:
            order = list(range(len(self._turns)))
            Random(f"{self.seed}/round/{round_}").shuffle(order)
            self._round, self._shuffled = round_, order
        return self._shuffled


def make_corpus(config: InternalizeConfig, kb: KnowledgeBase, diseases: list[int]) -> tuple[Corpus, dict[str, float]]:
    """The corpus a recipe describes, and what its files held and was left out of them.

    Raises:
        InputError: a file cannot be read or has another form.
    """
    counts: dict[str, float] = {}
    readings = None
    if config.annotated:
        texts = read_annotated([source.path for source in config.annotated], kb)
        findings = [term for disease in diseases for term in phenotypes(kb, disease)]
        readings = ReadingWriter(kb, texts, findings)
        counts["annotated_texts"] = len(texts.documents)
        counts |= {f"annotations left out: {reason}": count for reason, count in texts.left_out.items()}
    records = read_records([source.path for source in config.cases], kb, diseases)
    if config.cases:
        counts["real_patients"] = len(records)
        counts |= {f"cases left out: {reason}": count for reason, count in records.left_out.items()}
    passages = read_passages([source.path for source in config.passages], kb)
    if config.passages:
        counts["diseases_with_passages"] = len(passages.by_disease)
        counts |= {f"passages left out: {reason}": count for reason, count in passages.left_out.items()}
    corpus = Corpus(
        kb,
        diseases,
        config.seed,
        config.plain_share,
        config.hypotheses,
        config.full_names,
        twice=_not_yet_taught(config.taught_before, kb, diseases),
        materials=Materials(readings, config.aside_share, records, config.case_share, passages),
    )
    return corpus, counts


def _not_yet_taught(path: Path | None, kb: KnowledgeBase, diseases: list[int]) -> list[int]:
    if path is None:
        return []
    try:
        before = {kb.disease(disease_id) for disease_id in json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"taught_before {path}: no list of disease ids ({type(error).__name__})") from error
    return [disease for disease in diseases if disease not in before]
