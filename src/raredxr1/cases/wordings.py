"""The words of synthetic notes: openings, verbs, negations, family, background. Written for this project."""

from random import Random

_CHILDREN = {"female": ("girl", "female", "child"), "male": ("boy", "male", "child"), None: ("child", "patient")}
_ADULTS = {"female": ("woman", "female", "lady"), "male": ("man", "male", "gentleman"), None: ("patient", "adult")}
SEXED = frozenset(["girl", "boy", "female", "male", "woman", "man", "lady", "gentleman", "she", "he"]) | {
    "female patient",
    "male patient",
}
"""Nouns and pronouns that tell the patient's sex."""
_ANY = {"female": ("female patient", "female"), "male": ("male patient", "male"), None: ("patient", "proband")}


def person(age_years: float | None, sex: str | None, rng: Random) -> str:
    """A noun for someone of this age and sex."""
    table = _ANY if age_years is None else _CHILDREN if age_years < 16 else _ADULTS
    return rng.choice(table[sex])


def subject(sex: str | None, rng: Random) -> str:
    """A pronoun or noun that begins a sentence about the patient."""
    return rng.choice({"female": ("she", "the patient"), "male": ("he", "the patient"), None: ("the patient",)}[sex])


def article(word: str) -> str:
    """The indefinite article before a word or a number."""
    return "an" if word[0] in "aeiou" or (word.startswith(("8", "11", "18")) and word not in ("110", "118")) else "a"


def short_age(years: float) -> str:
    """Ward shorthand: 3yo, 7mo, 10d."""
    days = years * 365.25
    if days < 30:
        return f"{int(days)}d "
    return f"{int(years * 12)}mo " if years < 2 else f"{int(years)}yo "
