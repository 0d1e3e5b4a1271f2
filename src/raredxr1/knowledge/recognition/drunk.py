"""How much somebody drinks or passes in a day: "drinks three and a half litres a day", "5 L of urine in 24 hours".

Grown-ups pass polyuria from 3 litres a day on; a child who drinks 2 litres drinks much at most ages.
"""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.bedside import of_a_child
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

_NUMBERS = {"two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0, "ten": 10.0}
_AMOUNT = rf"(?P<much>\d{{1,2}}(?:[.,]\d)?|{'|'.join(_NUMBERS)})(?P<half> and a half|½)?(?:\s?(?:-|–|to|or)\s?\w+)?"
_DAY = (
    r"(?:\b(?:a|per|each|every|in (?:the|a)|in 24)\s?(?:day|24\s?h\w*|hours?|night)\b|/\s?(?:day|d|24\s?h)|\bdaily\b)"
)
_DRUNK = rare(
    r"\b(?:drinks?|drinking|drank|drunk|takes?|taking|gets? through|getting through|intake(?: of)?)\b[^.;\d]{0,40}?\b"
    rf"{_AMOUNT}\s?(?:litres?|liters?|L)\b(?! of (?:oxygen|O2|feed))[^.;]{{0,25}}?{_DAY}",
    re.IGNORECASE,
)
_MUCH = rare(r"\b(?:drinks|drinking|drank) (?:litres|liters)\b", re.IGNORECASE)
_PASSED = rare(
    r"\b(?:passes|passing|passed|pass|voids?|voiding|urine output|output|urine volumes?)\b[^.;\d]{0,30}?\b"
    rf"{_AMOUNT}\s?(?:litres?|liters?|L)\b[^.;]{{0,25}}?{_DAY}",
    re.IGNORECASE,
)
_GROWN_UPS, _CHILDREN = 3.5, 2.0
"""Litres a day that are more than is usual."""
_OF_DRINK = re.compile(
    r"\b(?:oxygen|wine|beer|cider|advised|should|must|target|restrict\w*|limit\w*|aim\w*|encourage\w*|milk feeds?)\b",
    re.IGNORECASE,
)
_AROUND = 40


def drunk(text: str) -> Iterator[Hit]:
    """Polydipsia and polyuria told by litres a day."""
    if "itre" not in text and "iter" not in text and "L" not in text:
        return
    for match in _MUCH.finditer(text):
        yield Hit("HP:0001959", *match.span(), "wording")
    for pattern, term in ((_DRUNK, "HP:0001959"), (_PASSED, "HP:0000103")):
        for match in pattern.finditer(text):
            much = _NUMBERS.get(match["much"].lower()) or float(match["much"].replace(",", "."))
            much += 0.5 if match["half"] else 0.0
            least = _CHILDREN if of_a_child(text) else _GROWN_UPS
            if much >= least and not _OF_DRINK.search(text, max(0, match.start() - _AROUND), match.end()):
                yield Hit(term, *match.span(), "value", measured=True)
