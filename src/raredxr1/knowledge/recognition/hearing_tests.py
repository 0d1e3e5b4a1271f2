"""Hearing loss as tests tell it: "ABR: profound loss on the right, moderate on the left", "AABR referred twice"."""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

_GRADES = {"profound": "HP:0012715", "severe": "HP:0012714", "moderate": "HP:0012713", "mild": "HP:0012712"}
"""The grades with their terms, the worst first."""
_TEST = r"\b(?:A?ABR|BERA|BAER|BSER|PTA|audiogram|audiometry|audiology|hearing tests?)\b"
_GRADE = r"(?:mild|moderate|severe|profound)"
_LOSS = rare(
    rf"{_TEST}[^.;\n\d]{{0,50}}?\b(?P<grades>{_GRADE}(?:\s*(?:to|-|–|/|and)\s*{_GRADE})?)\s+"
    rf"(?:bilateral\s+|binaural\s+)?loss(?:es)?\b(?P<behind>[^.;\n]{{0,40}})",
    re.IGNORECASE,
)
_REFERRED = rare(
    r"\b(?:A?ABR|OAEs?|(?:newborn |neonatal )?hearing screen(?:ing)?|NHSP)\b[^.;\n]{0,25}?"
    r"\b(?:refer(?:red)?|fail(?:ed)?|no clear responses?)\s+(?:on |in |from |the )*"
    r"(?:both (?:sides|ears)|bilaterally|right|left|twice|R\b|L\b)",
    re.IGNORECASE,
)
_SURE = re.compile(r"\b(?:no|not|without|never)\b", re.IGNORECASE)


def hearing_tests(text: str) -> Iterator[Hit]:
    """The loss that tests found, by its worst grade; a screen that sent a child on, as hearing impairment."""
    for match in _LOSS.finditer(text):
        if not _SURE.search(match[0]):
            said = f"{match['grades']} {match['behind']}".lower()
            term = next(term for grade, term in _GRADES.items() if grade in said)
            yield Hit(term, match.start(), match.start("behind"), "value", measured=True)
    for match in _REFERRED.finditer(text):
        yield Hit("HP:0000365", *match.span(), "value", measured=True)
