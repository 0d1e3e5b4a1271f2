"""Which of several places of one finding is quoted, and which denial is of one side alone.

The worst value of a course is quoted, else the first that is said.

"K 2.9 on arrival, 1.9 an hour later, 3.2 after the drip": the second is what the patient had.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from raredxr1 import lazy_re as re
from raredxr1.schemas import Span

_FIGURE = re.compile(r"(?<![\d.])\d{1,6}(?:[.,]\d+)?(?![\d/])")
_UNIT = re.compile(r"\s*(?P<unit>(?:[^\W\d_]|µ|μ)+(?:/[^\W\d_]+)?|%)?")
_LOW = re.compile(
    r"\b(?:hypo(?!mel)|decreased|reduced|low\b|anemia|acidosis|impaired)|penia\b|anemia\b|hypoxemia", re.IGNORECASE
)
_HIGH = re.compile(r"\b(?:hyper|increased|elevated|high\b|tachy)|cytosis\b|philia\b|emia\b|uria\b", re.IGNORECASE)


class Placed(Protocol):
    """What has a place in a note."""

    @property
    def start(self) -> int:
        """Where it begins."""
        ...

    @property
    def end(self) -> int:
        """Where it ends."""
        ...


P = TypeVar("P", bound=Placed)


@lru_cache(maxsize=1 << 12)
def _sign(label: str) -> int:
    """Whether low (-1) or high (1) is worse; 0: a label does not tell."""
    return -1 if _LOW.search(label) else 1 if _HIGH.search(label) else 0


def worst(note: str, places: Sequence[P], label: str) -> P:
    """The place to quote.

    Args:
        note: the text.
        places: where the finding is said in one state, in order; at least one.
        label: what HPO calls it, which tells whether low or high is worse.

    Returns:
        The place of the lowest or highest figure, where all figures that are written with a unit have the same; the
        first place, where it has none or the label does not tell.
    """
    first = places[0]
    sign = _sign(label)
    if not sign or len(places) < 2:
        return first
    figures = [(place, _figure(note, place)) for place in places]
    told = [(place, figure) for place, figure in figures if figure]
    if not figures[0][1] or len(told) < 2:
        return first
    if len({unit for _, (_, unit) in told if unit}) > 1:
        return first
    return max(told, key=lambda one: sign * one[1][0])[0]


_SIDE = re.compile(
    r"(?i:\b(?:left|right|other (?:eye|ear|side|kidney|lung|arm|leg|hand|foot)|fellow eye)\b)|"
    r"\b(?:L|R|LE|RE|OS|OD|Lt|Rt)\b"
)
_BOTH = re.compile(
    r"\b(?:both|either|bilateral\w*|each|neither|R\s?(?:[&+/]|and)\s?L|L\s?(?:[&+/]|and)\s?R|OU)\b", re.IGNORECASE
)
_STOP = re.compile(r"[.;\n](?=\s|$)")
_BEHIND = 30
"""Letters behind what is denied in which its side may stand."""


def of_one_side(note: str, span: Span) -> bool:
    """Whether what is denied at a place is denied of the left or of the right: by the words before, or right behind."""
    begin = max((match.end() for match in _STOP.finditer(note, max(0, span.start - 120), span.start)), default=0)
    begin = max(begin, span.start - 120, 0)
    stop = _STOP.search(note, span.end, span.end + _BEHIND)
    end = stop.start() if stop else span.end + _BEHIND
    return bool(_SIDE.search(note, begin, end)) and not _BOTH.search(note, begin, end)


def _figure(note: str, place: Placed) -> tuple[float, str] | None:
    """The figure of a place with its unit (empty: none written), where it has exactly one before any range."""
    match = _FIGURE.search(note, place.start, place.end)
    if match is None:
        return None
    unit = _UNIT.match(note, match.end())
    written = (unit["unit"] or "") if unit and unit.end() <= place.end else ""
    return float(match[0].replace(",", ".")), written.lower()
