"""Whom a sentence goes on with who was spoken of before: "His father has an ICD. He was diagnosed at 40".

A pronoun or a sentence without a subject behind one about a relative is about that relative, until the patient is
named again. Where the patient may be meant as well, what the sentence says decides: who is older than the patient is
not the patient, and who was born, referred or examined is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from raredxr1 import lazy_re as re
from raredxr1.knowledge.assertion.cues import FINDING, Word
from raredxr1.knowledge.assertion.vocabulary import (
    AGED_AT,
    ELLIPTIC,
    FEMALE,
    MALE,
    NO_NAMES,
    OWN_STORY,
    PRESENT_TENSE,
    UNHURT,
)
from raredxr1.rare_re import rare

_AGE = re.compile(
    r"\b(?:(?P<years>\d{1,3})[\s-]?(?:y/?o\b|years?\b|yrs?\b|y\b|[MF]\b)|(?i:aged?)[ :]{1,2}(?P<aged>\d{1,3})\b|"
    r"(?m:^)(?P<typed>\d{2,3}) ?[mf]\b(?=[ ,])|"
    r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w'’-]+,? \(?(?P<titled>\d{2,3})(?=[,.) ])|"
    r"(?i:girl|boy|lad|child|man|woman|lady|gentleman|he|she) (?:is|of|aged) (?P<of>\d{1,3})\b|"
    r"\d{1,2}[\s-]?(?:months?|weeks?|days?)[\s-](?:old|of age)\b)"
)
_HEAD = 500
_OLD = re.compile(r"(?:mid|early|late)?-?(?:twent|thirt|fort|fift|sixt|sevent|eight)ies")
GROWN = 18
_VERB = 4
"""Words from the pronoun in which the verb stands."""
_OLDEST = 110
_RELATIVE = (
    r"(?:mother|mum|mom|sister|aunt|grandmother|gran|daughter|niece|wife|father|dad|brother|uncle|grandfather|son|"
    r"nephew|husband|cousin|sibling|twin|partner)"
)
_NAME = r"(?P<name>[A-Z][a-z]{2,})"
_CALLED = rare(rf"\b(?i:{_RELATIVE}(?:,? (?:called|named)|,)?)(?= {_NAME}\b(?!['’-]))")
"""A relative and, behind it, the name."""
_OF_PATIENT = (
    re.compile(
        r"(?m:^)[ \t]{0,8}(?:Re|RE|Name|NAME|Patient|Patient name|Proband|Child)[ \t]?:[ \t]{0,8}"
        rf"(?:(?:Mr|Mrs|Ms|Miss|Master|Baby)\.?\s+)?{_NAME}"
    ),
    re.compile(
        rf"(?:^|[.\n:][ \t]{{0,3}}){_NAME}(?: [A-Z][A-Za-z'’-]+)?(?:,? (?:is|was)|, who is)? "
        r"(?:a|an|our|now|aged|the|this) "
        r"(?:\d{1,3}[- ](?:year|month|week|day|yr|y)|\d{1,3}\b(?=[ ,.])|"
        r"(?:[\w-]+ ){0,3}(?:boy|girl|man|woman|gentleman|lady|infant|baby|toddler)\b)"
    ),
    rare(rf"\b{_NAME}['’]s (?:[a-z]+ )?(?:mother|father|mum|mom|dad|parents|sister|brother)\b"),
    rare(rf"\b(?:[Tt]his (?:boy|girl)|(?:[Mm]y|[Oo]ur) (?:son|daughter)|(?:[Mm]y|[Yy]our) patient),? {_NAME}\b"),
)
_TITLED = rare(rf"\b(?:Mr|Mrs|Ms|Miss)\.? {_NAME}\b")
"""In the letter of a grown-up; in that of a child a parent is meant."""


def years_of(text: str) -> int | None:
    """The age of the patient in whole years, as the head of a note has it; None: it has none."""
    match = _AGE.search(text, 0, _HEAD)
    if match is None:
        return None
    return int(match["years"] or match["aged"] or match["of"] or match["typed"] or match["titled"] or 0)


def names_of(text: str, years: int | None) -> tuple[frozenset[str], dict[str, str]]:
    """Names of the patient, and those of relatives with their gender ("f", "m", empty), in small letters.

    What the text has in small letters elsewhere is a word and no name.
    """
    patterns = (*_OF_PATIENT, _TITLED) if years is not None and years >= GROWN else _OF_PATIENT
    patient = {match["name"].lower() for pattern in patterns for match in pattern.finditer(text)}
    relatives: dict[str, str] = {}
    for match in _CALLED.finditer(text):
        relatives[match["name"].lower()] = gender_of(match[0].lower())
    words = {name for name in patient | relatives.keys() if any(f" {name}{end}" in text for end in " ,.;:)\n")}
    words |= NO_NAMES
    return (
        frozenset(patient - words),
        {name: gender for name, gender in relatives.items() if name not in words and name not in patient},
    )


def gender_of(said: str) -> str:
    """Gender of a relative by what he or she is called, in small letters: "f", "m", or empty."""
    if re.match(r"mother|mum|mom|sister|aunt|grandm|gran\b|daughter|niece|wife", said):
        return "f"
    return "m" if re.match(r"father|dad|brother|uncle|grandf|son|nephew|husband", said) else ""


@dataclass(frozen=True, slots=True)
class Carried:
    """A relative whom a sentence was about.

    Attributes:
        gender: "f", "m", or empty where it is not told.
        past: whether the sentence was told in the past alone, as of one who is dead or spoken of at another time.
    """

    gender: str
    past: bool = False


def is_past(words: Sequence[Word]) -> bool:
    """Whether the verbs of a sentence are all in the past."""
    return any(word.text in _PAST for word in words) and not _in_present(words)


_PAST = frozenset(("had", "was", "were", "did", "died", "developed", "suffered", "underwent", "needed"))


def _in_present(words: Sequence[Word]) -> bool:
    """Whether a verb of today stands there, and not "to have had"."""
    return any(
        word.text in PRESENT_TENSE and (not at or words[at - 1].text not in ("to", "may", "might", "must"))
        for at, word in enumerate(words)
    )


def goes_on(words: Sequence[Word], relative: Carried, patient: str, years: int | None) -> bool:
    """Whether a sentence goes on with the relative whom the one before was about.

    Args:
        words: the sentence.
        relative: that one.
        patient: gender of the patient, as far as it is known.
        years: age of the patient, as far as it is known.
    """
    if not words:
        return False
    first, gender = words[0].text, relative.gender
    if len(words) > 1 and words[1].text in ("himself", "herself"):
        return False
    pronoun = first in FEMALE or first in MALE
    if pronoun and gender and (first in FEMALE) != (gender == "f"):
        return False
    if not pronoun and first not in ELLIPTIC:
        return False
    if pronoun and gender and patient and gender != patient:
        return True
    if _older(words, years):
        return True
    if first in ("his", "her") and (len(words) == 1 or words[1].text != FINDING):
        return False  # "his seizures began at two", and not "his growth"
    said = {word.text for word in words}
    if pronoun and relative.past and _in_present(words[1:_VERB]):
        return False  # "an aunt had deafness. She has fainted twice."
    return not (said & OWN_STORY or said & UNHURT)


def is_headed(words: Sequence[Word], relative: str, patient: str) -> bool:
    """Whether a sentence begins with a pronoun of the relative who heads its line: "Mother: aged 33. She takes ..."."""
    if not relative or relative == patient or not words:
        return False
    return words[0].text in (FEMALE if relative == "f" else MALE)


def _older(words: Sequence[Word], years: int | None) -> bool:
    """Whether the sentence tells of an age that the patient has not reached."""
    for at, word in enumerate(words):
        if _OLD.fullmatch(word.text) and (years is None or years < GROWN):
            return True
        if not word.text.isdigit() or not at or words[at - 1].text not in AGED_AT:
            continue
        behind = words[at + 1].text if at + 1 < len(words) else "."
        least = max(GROWN - 1, years or 0)  # a younger age may be one of another visit
        if least < int(word.text) < _OLDEST and behind in (
            ".",
            ",",
            "and",
            "of",
            "with",
            "years",
            "from",
            ")",
            ";",
            FINDING,
        ):
            return True
    return False
