"""The questions: patients to name, diseases to describe, pairs of look-alikes to tell apart.

- *familiar notes*: a held-out patient in a note of the training generator, in wordings that training uses.
- *new notes*: another held-out patient in a frame of the probes' own; held-out synonyms where a term has any.
- *profiles*: a disease's name, asked for its findings in the probes' own words.
- *choices*: two neighbours and findings that separate them, asked for either of the two, so that a liking for one of
  the names earns one of two: chance is one half.

A held-out patient is one whose set of findings the corpus refuses to write (held_out.py). Without `held_out` in the
recipe patients are only fresh draws of another stream, and no synonym is kept back; the report says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from raredxr1 import dialogue
from raredxr1.cases.notes import NoteWriter
from raredxr1.cases.patients import Patient, PatientSampler
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.plain import age_in_words
from raredxr1.data import wordings
from raredxr1.internalize.config import InternalizeConfig, Probes
from raredxr1.internalize.held_out import TRIES, HeldOutRule, held_out_wordings, training_knowledge
from raredxr1.internalize.qa.contrast import ContrastWriter
from raredxr1.internalize.qa.profile import SYSTEM
from raredxr1.knowledge import KnowledgeBase

_WORDS = wordings("probes")
MOST_FINDINGS, MOST_ABSENT = 12, 6
CLUES = 3


@dataclass(frozen=True)
class NoteQuestion:
    """A note in the short form, to be answered with one name."""

    prompt: str
    note: str
    disease: int
    shows: tuple[int, ...]
    """The present findings, as term numbers."""


@dataclass(frozen=True)
class ProfileQuestion:
    """A name, to be answered with findings."""

    prompt: str
    disease: int


@dataclass(frozen=True)
class ChoiceQuestion:
    """Two names and findings that separate them."""

    prompt: str
    right: int
    wrong: int


@dataclass
class Questions:
    """Everything that is asked; what could not be asked is counted by reason."""

    familiar: list[NoteQuestion] = field(default_factory=list)
    new: list[NoteQuestion] = field(default_factory=list)
    profiles: list[ProfileQuestion] = field(default_factory=list)
    choices: list[ChoiceQuestion] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    said_in_new_words: float = 0.0
    """Share of the present findings of new notes that are said in a held-out synonym."""


def make_questions(config: InternalizeConfig, probes: Probes, kb: KnowledgeBase, diseases: Sequence[int]) -> Questions:
    """Draw the questions; they depend on the recipe's hold-out, the diseases and the probes' seed alone.

    Args:
        config: the recipe the model was (or is to be) trained with.
        probes: how many, and the seed.
        kb: the whole knowledge base.
        diseases: those that were taught.
    """
    return _Asker(config, probes, kb, diseases).ask()


class _Asker:
    def __init__(self, config: InternalizeConfig, probes: Probes, kb: KnowledgeBase, diseases: Sequence[int]) -> None:
        self.kb, self.probes, self.diseases = kb, probes, diseases
        self.rule = HeldOutRule(config.held_out) if config.held_out else None
        known = training_knowledge(kb.path, config.held_out) if config.held_out else kb
        self.phrases = Phrases(known)
        self.unknown = held_out_wordings(kb, config.held_out) if config.held_out else {}
        self.patients = PatientSampler(kb, diseases)
        unsaid = self.rule.wording if self.rule else None
        self.notes = NoteWriter(self.phrases, config.plain_share, register_share=config.register_share, unsaid=unsaid)
        self.contrast = ContrastWriter(kb, diseases)
        self.questions = Questions()
        self.said, self.said_new = 0, 0

    def ask(self) -> Questions:
        asked = self.questions
        for number, disease in enumerate(self._drawn()):
            for kind, questions, write in (("familiar", asked.familiar, self._familiar), ("new", asked.new, self._new)):
                rng = Random(f"probe/{self.probes.seed}/{kind}/{number}")
                patient = self._patient(disease, rng)
                if patient is None:
                    self._leave("a disease that shows no held-out picture")
                    continue
                note = write(patient, rng)
                prompt = dialogue.render_prompt(note, "short", "final")
                questions.append(NoteQuestion(prompt, note, disease, tuple(patient.present)))
            rng = Random(f"probe/{self.probes.seed}/facts/{number}")
            question = rng.choice(_WORDS["profiles"]).format(name=self.kb.disease_names[disease])
            asked.profiles.append(ProfileQuestion(dialogue.chat(SYSTEM, question), disease))
            self._choose(disease, rng)
        asked.said_in_new_words = round(self.said_new / max(1, self.said), 3)
        return asked

    def _drawn(self) -> list[int]:
        """The diseases asked about: each once, before any comes up again."""
        rng, drawn = Random(f"probe/{self.probes.seed}/diseases"), list[int]()
        while len(drawn) < self.probes.n:
            drawn += rng.sample(list(self.diseases), min(len(self.diseases), self.probes.n - len(drawn)))
        return drawn

    def _patient(self, disease: int, rng: Random) -> Patient | None:
        for _ in range(TRIES):
            patient = self.patients.draw(disease, rng, MOST_FINDINGS)
            if self.rule is None or self.rule.patient(patient):
                patient.absent = patient.absent[:MOST_ABSENT]
                return patient
        return None

    def _familiar(self, patient: Patient, rng: Random) -> str:
        return self.notes.write(patient, rng).text

    def _new(self, patient: Patient, rng: Random) -> str:
        joined = rng.choice(_WORDS["joined"])
        absent = rng.choice(_WORDS["absent"]).format(absent=joined.join(self._say(t, rng) for t in patient.absent))
        self.said += len(patient.present)
        self.said_new += sum(term in self.unknown for term in patient.present)
        return rng.choice(_WORDS["notes"]).format(
            who=_who(patient),
            present=joined.join(self._say(term, rng) for term in patient.present),
            absent=absent if patient.absent else "",
        )

    def _say(self, term: int, rng: Random) -> str:
        unknown = self.unknown.get(term)
        return self.phrases.inside(rng.choice(unknown)) if unknown else self.phrases.say(term, rng)

    def _choose(self, disease: int, rng: Random) -> None:
        neighbours = self.contrast.neighbours(disease)
        if not neighbours:
            self._leave("a disease without neighbours")
            return
        other = rng.choice(neighbours)
        apart = {
            (one, two): [t for t, _ in self.contrast.separating(one, two)][:CLUES]
            for one, two in ((disease, other), (other, disease))
        }
        if not all(apart.values()):
            self._leave("a pair that nothing separates one way")
            return
        frame, names = rng.choice(_WORDS["choices"]), [disease, other]
        rng.shuffle(names)
        a, b = (self.kb.disease_names[name] for name in names)
        for (right, wrong), terms in apart.items():
            clues = ", ".join(self._say(term, rng) for term in terms)
            prompt = dialogue.chat(SYSTEM, frame.format(a=a, b=b, clues=clues))
            self.questions.choices.append(ChoiceQuestion(prompt, right, wrong))

    def _leave(self, reason: str) -> None:
        self.questions.left_out[reason] = self.questions.left_out.get(reason, 0) + 1


def _who(patient: Patient) -> str:
    person = {"female": "female", "male": "male", None: "somebody"}[patient.sex]
    return person if patient.age_years is None else f"{person}, now {age_in_words(patient.age_years)}"
