"""Who a note is about: what it may tell of age and sex without contradicting the findings, and the words for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from random import Random

from raredxr1.cases.patients import Patient
from raredxr1.cases.plain import age_in_words
from raredxr1.data import table
from raredxr1.knowledge import KnowledgeBase

_MALE_ONLY = ("HP:0010461", "HP:0003251", "HP:0000040", "HP:0000045")
_FEMALE_ONLY = ("HP:0000140", "HP:0010460", "HP:0000132", "HP:0000868", "HP:0100608", "HP:0000141", "HP:0000786")


@dataclass
class Person:
    """What is told of the patient, and words that stand for the patient in sentences."""

    years: float | None
    sex: str | None
    onset_years: float | None
    noun: str = ""

    @property
    def is_child(self) -> bool:
        """Under 16, as far as is known."""
        return self.years is not None and self.years < 16

    @cached_property
    def words(self) -> dict[str, str]:
        """Words by name, as the grammar's slots."""
        he, his, him, self_ = {
            "female": ("she", "her", "her", "herself"),
            "male": ("he", "his", "him", "himself"),
        }.get(self.sex or "", ("the child" if self.is_child else "the patient", "their", "them", "themselves"))
        words = {"he": he, "his": his, "him": him, "himself": self_, "noun": self.noun}
        words["patient"] = "the child" if self.is_child and self.noun in ("child", "baby") else "the patient"
        words["age"] = "" if self.years is None else age_in_words(self.years)
        return words


class People:
    """Decides what a note may tell of its patient."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Look up the terms that only one sex or certain ages can have."""
        self.kb = kb
        self._sexes = {
            "female": frozenset(_known(kb, _FEMALE_ONLY)),
            "male": frozenset(_known(kb, _MALE_ONLY)),
        }
        ages = groupby(table("least_ages"), key=lambda row: float(row["years"]))
        self._ages = [(years, frozenset(_known(kb, [row["hpo_id"] for row in rows]))) for years, rows in ages]
        self._cached: dict[int, tuple[str | None, float]] = {}

    def told(self, patient: Patient, rng: Random) -> Person:
        """The patient as the note presents them: what contradicts a finding is left untold."""
        sex, years, onset = patient.sex, patient.age_years, patient.onset_years
        for term in (*patient.present, *patient.absent):
            needed, least = self._of(term)
            if needed and sex and needed != sex:
                sex = None
            if years is not None and years < least:
                years = None
        if years is None:
            onset = None
        return Person(years, sex, onset, _noun(years, sex, rng))

    def anyone(self, term: int) -> bool:
        """Whether people of any age and either sex can have it."""
        return self._of(term) == (None, 0.0)

    def _of(self, term: int) -> tuple[str | None, float]:
        cached = self._cached.get(term)
        if cached is None:
            above = set(self.kb.term_ancestors[term])
            sex = next((name for name, terms in self._sexes.items() if terms & above), None)
            least = next((years for years, terms in self._ages if terms & above), 0.0)
            cached = self._cached[term] = (sex, least)
        return cached


def _known(kb: KnowledgeBase, ids: Sequence[str]) -> list[int]:
    return [kb.term(known) for known in map(kb.resolve_term, ids) if known]


_NOUNS: dict[str, dict[str | None, tuple[str, ...]]] = {
    "baby": {
        "female": ("girl", "baby girl", "infant"),
        "male": ("boy", "baby boy", "infant"),
        None: ("infant", "baby"),
    },
    "child": {"female": ("girl", "girl", "child"), "male": ("boy", "boy", "child"), None: ("child",)},
    "adult": {
        "female": ("woman", "woman", "female", "lady"),
        "male": ("man", "man", "male", "gentleman"),
        None: ("patient",),
    },
    "any": {"female": ("female patient",), "male": ("male patient",), None: ("patient",)},
}


def _noun(years: float | None, sex: str | None, rng: Random) -> str:
    kind = "any" if years is None else "baby" if years < 1 else "child" if years < 16 else "adult"
    return rng.choice(_NOUNS[kind][sex])
