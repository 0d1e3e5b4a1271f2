"""Writes a note in one of the registers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random

from raredxr1 import lazy_re as re
from raredxr1.cases.draft import Mention, Note
from raredxr1.cases.patients import Patient
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.registers import discharge, family_words, letter, problems, report, shorthand, summary
from raredxr1.cases.registers.note_writer import Teller, Tools
from raredxr1.cases.registers.phrasing import BIRTH, EXAMINATION, Background, Sorter
from raredxr1.cases.speech.person import People
from raredxr1.cases.speech.speech import Speech
from raredxr1.cases.speech.table import entries
from raredxr1.cases.speech.wording import Voice

REGISTERS: dict[str, tuple[Callable[[Teller], None], Voice, bool]] = {
    "letter": (letter.write, "clinical", False),
    "discharge": (discharge.write, "clinical", True),
    "shorthand": (shorthand.write, "terse", False),
    "problems": (problems.write, "terse", False),
    "report": (report.write, "clinical", True),
    "summary": (summary.write, "clinical", False),
    "family": (family_words.write, "lay", False),
}
"""How each writes, whose voice it is, and whether it is told in the past tense."""
WEIGHTS = {
    "letter": 1.0,
    "discharge": 1.0,
    "shorthand": 1.0,
    "problems": 0.8,
    "report": 1.4,
    "summary": 1.4,
    "family": 0.8,
}
_SEXED = {
    "female": re.compile(r"\b(?:she|her|herself|girl|woman|lady|female|daughter|wife)\b", re.IGNORECASE),
    "male": re.compile(r"\b(?:he|his|him|himself|boy|man|gentleman|male|son|husband)\b", re.IGNORECASE),
}


class RegisterWriter:
    """Writes notes in registers; one for each process."""

    def __init__(
        self,
        phrases: Phrases,
        heard: Mapping[int, Sequence[str]] | None = None,
        unsaid: Callable[[str], bool] | None = None,
    ) -> None:
        """Prepare what all notes are written with.

        Args:
            phrases: labels and synonyms.
            heard: what real people called findings, by term.
            unsaid: says of words whether they must not be written for a finding.
        """
        kb = phrases.kb
        people = People(kb)
        known = [kb.term(i) for i in entries() if kb.resolve_term(i)]
        sorter = Sorter(kb)
        doubtful = tuple(t for t in known if people.anyone(t) and sorter.part(t) not in (EXAMINATION, BIRTH))
        self._tools = Tools(kb, Speech(kb, phrases, heard, unsaid), sorter, people, Background(kb), doubtful)
        self._names, self._weights = list(WEIGHTS), list(WEIGHTS.values())

    def write(self, patient: Patient, rng: Random, register: str | None = None) -> Note:
        """Write one note; all choices come from `rng`.

        Args:
            patient: whom it is about.
            rng: source of all randomness.
            register: one of REGISTERS; drawn where not given.
        """
        write, voice, past = REGISTERS[register or rng.choices(self._names, self._weights)[0]]
        teller = Teller(self._tools, patient, voice, past, rng)
        write(teller)
        note = teller.draft.note()
        sex = teller.person.sex
        if sex and _SEXED[sex].search(note.text):
            note = replace(note, tells=note.tells | {"sex"})
        return trimmed(note)


def trimmed(note: Note) -> Note:
    """The note without white space at its ends."""
    begun = len(note.text) - len(note.text.lstrip())
    mentions = (
        [Mention(m.term, m.present, m.start - begun, m.end - begun) for m in note.mentions] if begun else note.mentions
    )
    return Note(note.text.strip(), mentions, note.tells)
