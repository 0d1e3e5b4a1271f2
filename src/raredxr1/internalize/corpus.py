"""The stream of training examples: which diseases, which kinds in which phase, reproducible from a seed.

An example is a prompt and a completion; only the completion is learned. Example number n of a corpus depends on the
seed and n alone, so several processes can share the work and an interrupted run goes on where it stopped.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Generic, TypeVar

from tokenizers import Tokenizer

from raredxr1 import dialogue
from raredxr1.cases.annotated import read_annotated
from raredxr1.cases.notes import NoteWriter
from raredxr1.cases.patients import Patient, PatientSampler, phenotypes
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.records import Records, read_records, thinned
from raredxr1.errors import InputError
from raredxr1.internalize.config import InternalizeConfig, Mixture
from raredxr1.internalize.dialogues import DialogueWriter, names_wanted
from raredxr1.internalize.held_out import TRIES, HeldOutRule, training_knowledge
from raredxr1.internalize.qa.contrast import ContrastWriter
from raredxr1.internalize.qa.passages import Passages, PassageWriter, read_passages
from raredxr1.internalize.qa.profile import ProfileWriter
from raredxr1.internalize.qa.reverse import ReverseWriter
from raredxr1.internalize.qa.terms import TermWriter
from raredxr1.internalize.readings import CopyWriter, ReadingWriter
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import MAX_CANDIDATES, Case, DiseaseName, Form, Task

SOURCES = ["Human Phenotype Ontology and its disease annotations (hp.obo, phenotype.hpoa), HPO licence"]
"""What every corpus is written from."""
T = TypeVar("T")
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


Encoded = tuple[list[int], int]
"""Token ids of prompt and completion together, and how many of them are prompt."""


def encode(example: Example, tokenizer: Tokenizer) -> Encoded:
    """Encode prompt and completion apart, as serving does."""
    texts = [example.prompt, example.completion]
    # without offsets, which nobody reads: a third more dialogues a second (benchmarks/corpus.py)
    prompt, completion = (one.ids for one in tokenizer.encode_batch_fast(texts, add_special_tokens=False))
    return prompt + completion, len(prompt)


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
            orphanet = any(disease_id.startswith("ORPHA:") for disease_id in kb.disease_ids(disease))
            scored.append((2 * math.log1p(kb.publications(disease)) + 2 * math.log1p(findings) + orphanet, disease))
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
        short_names: int = MAX_CANDIDATES,
        again: Sequence[int] = (),
        materials: Materials | None = None,
        held_out: HeldOutRule | None = None,
        register_share: float = 0.0,
    ) -> None:
        """Prepare the generators.

        Args:
            kb: the knowledge base.
            diseases: those to write about.
            seed: fixes every example.
            plain_share: share of notes in the fixed plain style.
            hypotheses: how many diseases a full turn weighs.
            full_names: how many names the answer of a full turn holds at most.
            short_names: how many a differential of the short form holds at most.
            again: those of the diseases that come up more than once a round; one named twice comes up three times.
            materials: what else there is to learn from.
            held_out: which patients are never written about; `kb` must lack the wordings that are held out.
            register_share: share of notes, the plain ones aside, that are written in a register.
        """
        self.kb, self.diseases, self.seed = kb, diseases, seed
        self.full_names, self.short_names = full_names, short_names
        self._turns = [*diseases, *again]
        self._held_out = held_out
        self._patients = PatientSampler(kb, diseases)
        self._materials = materials or Materials()
        self._readings = self._materials.readings
        asides = self._readings.asides if self._readings else []
        unsaid = held_out.wording if held_out else None
        self._notes = NoteWriter(
            Phrases(kb),
            plain_share,
            asides,
            self._materials.aside_share,
            register_share,
            heard=self._readings.wordings if self._readings else None,
            unsaid=unsaid,
        )
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
                turn = self._dialogues.short(patient, task, names_wanted(rng, self.short_names))
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
            source=f"synthetic-{self.seed}",
        )

    def _passage(self, disease: int, rng: Random) -> tuple[str, str]:
        written = self._passages if self._passages.has(disease) else self._profiles
        return written.write(disease, rng)

    def _patient(self, disease: int, rng: Random, most: int | None) -> Patient:
        real = self._materials.records.patients.get(disease)
        for _ in range(TRIES):
            if real and rng.random() < self._materials.case_share:
                patient = thinned(rng.choice(real), rng, most)
            else:
                patient = self._patients.draw(disease, rng, most)
            if self._held_out is None or not self._held_out.patient(patient):
                break
        return patient

    def _disease(self, number: int) -> int:
        round_, place = divmod(number, len(self._turns))
        return self._turns[self._order(round_)[place]]

    def _order(self, round_: int) -> list[int]:
        if getattr(self, "_round", None) != round_:
            order = list(range(len(self._turns)))
            Random(f"{self.seed}/round/{round_}").shuffle(order)
            self._round, self._shuffled = round_, order
        return self._shuffled


class InTurn(Generic[T]):
    """Things that take turns by number, in an order shuffled anew every round; the name fixes the orders."""

    def __init__(self, things: Sequence[T], name: str) -> None:
        """Take the things."""
        self._things, self._name = things, name
        self._order = lru_cache(maxsize=2)(self._shuffled)

    def __getitem__(self, number: int) -> T:
        round_, place = divmod(number, len(self._things))
        return self._order(round_)[place]

    def _shuffled(self, round_: int) -> list[T]:
        return Random(f"{self._name}/{round_}").sample(self._things, len(self._things))


def make_corpus(config: InternalizeConfig, kb: KnowledgeBase, diseases: list[int]) -> tuple[Corpus, dict[str, float]]:
    """The corpus a recipe describes, and what its files held and was left out of them.

    Raises:
        InputError: a file cannot be read or has another form.
    """
    counts: dict[str, float] = {}
    again = _not_yet_taught(config.taught_before, kb, diseases)
    again += documented(kb, diseases, config.exposure or 0.0)
    if config.held_out:
        kb = training_knowledge(kb.path, config.held_out)
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
        config.short_names,
        again=again,
        materials=Materials(readings, config.aside_share, records, config.case_share, passages),
        held_out=HeldOutRule(config.held_out) if config.held_out else None,
        register_share=config.register_share,
    )
    return corpus, counts


def documented(kb: KnowledgeBase, diseases: Sequence[int], power: float) -> list[int]:
    """Diseases that come up again because they are published more often: (1 + articles cited) ** power times in all.

    How often a disease is published stands in for how often it is met: the annotations say nothing of prevalence, and
    Orphanet's classes of it come with an import only.
    """
    return [disease for disease in diseases for _ in range(round((1 + kb.publications(disease)) ** power) - 1)]


def _not_yet_taught(path: Path | None, kb: KnowledgeBase, diseases: list[int]) -> list[int]:
    if path is None:
        return []
    try:
        before = {kb.disease(disease_id) for disease_id in json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"taught_before {path}: no list of disease ids ({type(error).__name__})") from error
    return [disease for disease in diseases if disease not in before]
