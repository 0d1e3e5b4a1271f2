"""The words of synthetic notes: openings, verbs, negations, family, background. Written for this project.

What stands around a finding in real notes: qualifiers before and after it, and slips of the keyboard in it.

They teach a model to copy what is written instead of what it expects to be written.
"""

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


BEFORE = (
    "severe", "mild", "marked", "progressive", "recurrent", "intermittent", "bilateral", "left-sided", "right-sided",
    "persistent", "moderate", "slight", "episodes of", "a history of", "striking", "long-standing", "early",
    "gradually worsening", "occasional", "worsening", "signs of", "subtle", "profound", "transient", "a degree of",
)  # fmt: skip
AFTER = (
    "since infancy", "from early on", "for several years", "noticed by the parents", "on both sides", "at rest",
    "over the past months", "that came on slowly", "confirmed on review", "which has not been explained",
    "since birth", "after the first year", "of unknown cause", "as documented elsewhere", "despite treatment",
    "without any trigger", "when last seen", "in the second decade", "during a febrile illness", "since school age",
)  # fmt: skip

_LEAST_LETTERS = 5


def qualifiers(rng: Random, share: float) -> tuple[str, str]:
    """Draw what to put before and after a finding, each with probability `share`; spaces included."""
    before = f"{rng.choice(BEFORE)} " if rng.random() < share else ""
    after = f" {rng.choice(AFTER)}" if rng.random() < share else ""
    return before, after


def misspell(text: str, rng: Random) -> str:
    """Make one slip in one longer word: letters swapped, left out or doubled. Short words are left as they are."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) >= _LEAST_LETTERS and word.isalpha()]
    if not long:
        return text
    place = rng.choice(long)
    word, at = words[place], rng.randrange(1, len(words[place]) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif kind == 1:
        word = word[:at] + word[at + 1 :]
    else:
        word = word[: at + 1] + word[at:]
    words[place] = word
    return " ".join(words)
