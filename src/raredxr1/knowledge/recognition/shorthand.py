"""Ward shorthand, its meaning settled by the note: "ASD" with a murmur is a septal defect, with poor speech autism.

An abbreviation of several meanings is left alone where no word of the note speaks for one of them, and where words
speak for several, the meaning with the nearest is taken (`data/recognition/shorthand.tsv`).
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from raredxr1 import lazy_re as re
from raredxr1.data import rows
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import Rare, rare

NEAR = 400
"""Letters on either side in which words speak for a meaning first."""
_WORD = 60
"""Letters that such words may have."""
_CHILD = r"\d+\s?-?\s?(?:yo|y/o|yr|year|month|mo|week|day)s?\b|child|infant|newborn|neonat|girl|boy\b|baby|toddler"
_NO_FINDING = re.compile(
    r"[- ](?:syndrome|gene|\d(?!\d{3}\b|\d?\s?%|\d?\s?dB|\d?\s?beats|\s?\/\s?6|\d?\s?(?:(?:\.\d)? ?(?:L|ml|litres?)|"
    r"flights?|blocks?|wks?|weeks?|mo|mos|months?|"
    r"yrs?|years?|y|d|days?|hrs?)\b)|spectro|imaging|angio|scan|venog|number|card)",
    re.IGNORECASE,
)
_CODE = 3
"""Letters of an abbreviation in small letters."""
_BEFORE, _BEHIND = re.compile(r"(?P<word>\w*)/$"), re.compile(r"/(?P<word>\w+)")
_EXPLAINED = re.compile(r"\(([A-Z][A-Za-z&/]{1,6})\)")


class Meaning(NamedTuple):
    """One meaning of an abbreviation."""

    term: str
    label: str
    context: re.Pattern[str] | None
    """Words one of which must stand in the note; None: none need."""


def abbreviations(text: str) -> Iterator[Hit]:
    """The abbreviations of a text whose meaning is settled."""
    known, pattern = _table()
    own = _explained(text)
    for place in pattern.finditer(text):
        if _NO_FINDING.match(text, place.end()) or not known.keys() >= _slashed(text, *place.span()):
            continue
        meanings = [m for m in known[place[0]] if place[0] not in own or _agrees(own[place[0]], m.label)]
        term = _meant(place.start(), place.end(), meanings, text)
        if term:
            yield Hit(term, place.start(), place.end(), "shorthand")


def _slashed(text: str, start: int, end: int) -> set[str]:
    """What a slash ties to an abbreviation: other ones, as in "DM/HTN", or what makes it something else."""
    found = _BEFORE.search(text, max(0, start - _WORD), start), _BEHIND.match(text, end)
    words = {match["word"] for match in found if match}
    return {word for word in words if not (word.islower() and len(word) > _CODE)}  # "no DM/HTN/epilepsy"


def _explained(text: str) -> dict[str, str]:
    """Abbreviations that the note explains itself, as in "imprinting defect (ID)", and the words before them."""
    found = {}
    for match in _EXPLAINED.finditer(text):
        words = text[max(0, match.start() - 60) : match.start()].lower().split()[-len(match[1]) :]
        if words and _initials(words, match[1]):
            found[match[1]] = " ".join(words)
    return found


def _initials(words: Sequence[str], abbreviation: str) -> bool:
    return words[-1][0] == abbreviation.rstrip("s")[-1:].lower()


def _agrees(words: str, label: str) -> bool:
    """Whether an explanation has a word of a meaning's label in it."""
    return any(word[:4] in words for word in label.lower().split() if len(word) > 3)


def _meant(start: int, end: int, meanings: Sequence[Meaning], text: str) -> str | None:
    best: tuple[int, str] | None = None
    for term, _, context in meanings:
        distance = 0 if context is None else _distance(start, end, context, text)
        if distance is not None and (best is None or distance < best[0]):
            best = (distance, term)
    return best and best[1]


def _distance(start: int, end: int, context: re.Pattern[str], text: str) -> int | None:
    """How far the nearest word of a context is from an abbreviation; None where there is none nearby."""
    around = context.finditer(text, max(0, start - NEAR - _WORD), end + NEAR + _WORD)
    places = [match.start() for match in around]
    distances = [start - place if place < start else place - end for place in places if not start <= place < end]
    return min((distance for distance in distances if distance <= NEAR), default=None)


@cache
def _table() -> tuple[dict[str, list[Meaning]], Rare]:
    known: dict[str, list[Meaning]] = {}
    for abbreviation, term, label, context in rows("recognition/shorthand"):
        # capitals are a word of their own, anything else is the beginning of one
        words = [
            _CHILD if word == "!" else re.escape(word) + (r"\b" if word.isupper() else "") for word in context.split()
        ]
        pattern = re.compile(rf"\b(?:{'|'.join(words)})", re.IGNORECASE)
        known.setdefault(abbreviation, []).append(Meaning(term, label, pattern if words else None))
    ordered = sorted(known, key=len, reverse=True)
    return known, rare(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ordered))})(?![\w-])")
