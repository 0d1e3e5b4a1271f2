"""Who a note is of, as the whole of it tells: who writes, the patient's gender, and their number in a pedigree."""

from typing import NamedTuple

from raredxr1 import lazy_re as re
from raredxr1.rare_re import rare

_BY_RELATIVE = rare(
    r"\b(?:my|our) (?:[a-z]+ )?(?:son|daughter|boy|girl|child|baby|grandson|granddaughter|little one)\b[^.]{0,60}|"
    r"\bI(?: am|'m|’m) (?:the|his|her|their|[a-z]+['’]s) (?:grand)?"
    r"(?:mother|father|mum|mom|mummy|dad|daddy|parent|ma|pa|gran|nan)\b",
    re.IGNORECASE,
)
"""Letters of parents: who says "I" there is no patient."""
_SCARED = rare(
    r"\bI(?: am|['’]m) (?:so |very |really )?(?:scared|frightened|terrified) (?:that )?(?:he|she|for (?:him|her))\b",
    re.IGNORECASE,
)
_OF_SELF = rare(
    r"\b(?:about|for) myself\b|\bI(?: am|'m|’m) (?:a |an )?\d|\bmy (?:own )?(?:symptoms|attacks|illness|diagnosis)\b",
    re.IGNORECASE,
)
_SHE = rare(r"\b(?:she|hers?)\b", re.IGNORECASE)
_HE = rare(r"\b(?:he|his|him)\b", re.IGNORECASE)
_BORN = rare(
    r"\b(?:year|yr|month|week)s?[- ]?old\s+(?:[\w-]+\s+){0,3}(?:boy|girl|child|man|male|infant|toddler|gentleman)\b|"
    r"\b(?:boy|girl|son|daughter|child)\b,? (?:of |aged |now )?\d",
    re.IGNORECASE,
)
"""Whom a note speaks of thus is born, and no pregnant woman: a fetus in it is somebody else."""
_CALLED = rare(
    r"\b(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[- ]?"
    r"(?:year|yr|month|week|day)s?[- ]old"
    r"(?: [\w-]+){0,3}? (?:(?P<f>girl|woman|lady|female)|boy|lad|man|gentleman|male)\b",
    re.IGNORECASE,
)
_HEAD, _MORE = 400, 2
"""What the patient is called at the head of a note, and how many times as often the pronoun stands at least."""
_OFTEN = 4
"""How often a pronoun stands at least, and how many times as often as the other, where it is the patient's."""
NUMBERED = re.compile(
    r"\s*(?:(?:individual|person|case|patient|member|subject) )?(?P<number>[IVX]{1,4}[-.:]\s?\d{1,2})"
    r"(?:\s*\((?P<who>[^()\n]{1,40})\))?(?:\s*[:,–—-](?=\s)|\s+(?=has\b|had\b|is\b|was\b|died\b|developed\b|presented\b|showed\b|with\b))",
    re.IGNORECASE,
)
"""Who is spoken of by a number of a pedigree: "III-2 (proband): ataxia"."""
_PROBAND = rare(
    r"\b(?P<number>[IVX]{1,4}[-.:]\s?\d{1,2})\s*[(,=]\s*(?:the\s+)?"
    r"(?:proband|index|patient|propositus|proposita|our patient)|"
    r"\b(?:proband|index (?:case|patient)|patient|propositus|proposita)\s*\(?\s*(?P<other>[IVX]{1,4}[-.:]\s?\d{1,2})\b",
    re.IGNORECASE,
)


class Patient(NamedTuple):
    """What a note tells of whose it is.

    Attributes:
        writer: who says "I": "patient", "relative" (a parent), or empty.
        gender: "f" or "m"; empty: the note leaves that open.
        born: whether they are born, so that a fetus is somebody else.
        number: theirs in a pedigree ("III-2"); empty: none is told.
    """

    writer: str
    gender: str
    born: bool
    number: str


def patient_of(text: str) -> Patient:
    """What a note tells of its patient."""
    gender = _gender(text)
    proband = _PROBAND.search(text)
    number = "".join((proband["number"] or proband["other"]).split()) if proband else ""
    return Patient(_writer(text), gender, bool(_BORN.search(text)) or gender == "m", number)


def _writer(text: str) -> str:
    """Who says "I": "patient", "relative" (a parent), or empty; where both seem to, the one who does so first."""
    own, other = _OF_SELF.search(text), _BY_RELATIVE.search(text, 0, 400)
    if own and not (other and other.start() < own.start()):
        return "patient"
    return "relative" if other or _SCARED.search(text) else ""


def _gender(text: str) -> str:
    """Gender of the patient, "f" or "m", where one pronoun stands far more often than the other; else empty."""
    she, he = len(_SHE.findall(text)), len(_HE.findall(text))
    if called := _CALLED.search(text, 0, _HEAD):
        girl = called["f"] is not None
        if (she >= _MORE * he) if girl else (he >= _MORE * she):
            return "f" if girl else "m"
    few, many = sorted((she, he))
    if many < _OFTEN or few * _OFTEN > many:
        return ""
    return "f" if she > he else "m"
