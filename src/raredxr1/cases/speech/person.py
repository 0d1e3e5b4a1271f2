"""Who a note is about: what it may tell of age and sex without contradicting the findings, and the words for it."""

from dataclasses import dataclass
from functools import cached_property
from random import Random

from raredxr1.cases.patients import Patient
from raredxr1.cases.plain import age_in_words
from raredxr1.knowledge import KnowledgeBase

_MALE_ONLY = ("HP:0010461", "HP:0003251", "HP:0000040", "HP:0000045")
_FEMALE_ONLY = ("HP:0000140", "HP:0010460", "HP:0000132", "HP:0000868", "HP:0100608", "HP:0000141", "HP:0000786")
LEAST_AGES = (
    (
        15.0,
        (
            "HP:0000786",
            "HP:0000823",
            "HP:0000789",
            "HP:0003251",
            "HP:0000141",
            "HP:0000858",
            "HP:0000132",
            "HP:0000869",
            "HP:0008209",
            "HP:0000868",
        ),
    ),
    (
        6.0,
        (
            "HP:0000726",
            "HP:0001249",
            "HP:0001300",
            "HP:0007018",
            "HP:0000709",
            "HP:0000738",
            "HP:0001328",
            "HP:0000716",
            "HP:0002354",
            "HP:0002505",
            "HP:0000739",
            "HP:0003394",
            "HP:0002315",
            "HP:0012378",
        ),
    ),
    (
        3.0,
        (
            "HP:0001344",
            "HP:0000750",
            "HP:0000729",
            "HP:0031936",
            "HP:0002540",
            "HP:0001260",
            "HP:0002463",
            "HP:0000670",
            "HP:0002167",
            "HP:0001288",
            "HP:0000752",
            "HP:0002465",
        ),
    ),
    (1.0, ("HP:0001263", "HP:0012758", "HP:0001270", "HP:0002194", "HP:0001251", "HP:0000164", "HP:0002376")),
)
"""Findings nobody has, or nobody speaks of, before such an age in years."""


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
        table = {"he": he, "his": his, "him": him, "himself": self_, "noun": self.noun}
        table["patient"] = "the child" if self.is_child and self.noun in ("child", "baby") else "the patient"
        table["age"] = "" if self.years is None else age_in_words(self.years)
        return table


class People:
    """Decides what a note may tell of its patient."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Look up the terms that only one sex or certain ages can have."""
        self.kb = kb
        self._sexes = {
            "female": frozenset(_known(kb, _FEMALE_ONLY)),
            "male": frozenset(_known(kb, _MALE_ONLY)),
        }
        self._ages = [(years, frozenset(_known(kb, ids))) for years, ids in LEAST_AGES]
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


def _known(kb: KnowledgeBase, ids: tuple[str, ...]) -> list[int]:
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
