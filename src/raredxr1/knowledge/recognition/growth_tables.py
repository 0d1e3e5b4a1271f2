"""Growth in tables whose head names the columns: "age  ht  SDS  wt" above rows of numbers.

A column of deviations or centiles belongs to the measure that heads it, or to the column of one before it. The last row
counts, for it is the latest; what is measured in centimetres alone is left to the reader of the note.
"""

from collections.abc import Iterator, Sequence

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.growth import TERMS
from raredxr1.knowledge.recognition.hits import Hit

_HEAD = re.compile(
    r"^(?=[^\n]*\b(?:hts?|heights?|lengths?|wts?|weights?|OFC|HC|head circ\w*)\b)"
    r"(?=[^\n]*(?:\bSDS\b|\bSD\b|\bz\b|z-score|centile|%ile))"
    r"(?=[^\n]*(?:\bage\b|\bdate\b))(?P<head>[^\n]+)\n(?:[ \t|:-]+\n)?(?P<rows>(?:[ \t|]*[\d(][^\n]*(?:\n|$))+)",
    re.IGNORECASE | re.MULTILINE,
)
_CELL = re.compile(r"[^\s|](?:[^\s|]| (?=[^\s|]))*")
_MEASURES = (
    ("height", re.compile(r"\bhts?\b|height|length", re.IGNORECASE)),
    ("weight", re.compile(r"\bwts?\b|weight", re.IGNORECASE)),
    ("head", re.compile(r"\bOFC\b|\bHC\b|\bhead", re.IGNORECASE)),
)
_DEVIATION = re.compile(r"\bSDS?\b|\bz\b|z-score", re.IGNORECASE)
_CENTILE = re.compile(r"centile|%ile", re.IGNORECASE)
_SIGNED = re.compile(r"(?P<sign>[-−–+]?)\s?(?P<z>\d(?:\.\d{1,2})?)$")
_RANKED = re.compile(r"(?P<below><?)\s?(?P<centile>\d{1,2}(?:\.\d)?)(?:st|nd|rd|th)?$")
_NORMAL = 1.5
_FAR = 2.0
_LOWEST, _LOWER, _UPPER, _HIGHEST = 3.0, 10.0, 90.0, 97.0


def growth_tables(text: str) -> Iterator[Hit]:
    """Findings that the last rows of growth tables speak for or against."""
    if not any(words in text for words in ("SDS", "SD ", "entile", "z-score", "Z-score", " z ", " Z ", "%ile")):
        return
    for table in _HEAD.finditer(text):
        heads = [match[0] for match in _CELL.finditer(table["head"])]
        rows = list(_lines(text, *table.span("rows")))
        start, line = rows[-1]
        cells = list(_CELL.finditer(line))
        if len(cells) > len(heads):
            continue
        for measure, column, centiles in _columns(heads):
            side = _side(cells[column][0], centiles) if column < len(cells) else None
            if side is None:
                continue
            term = TERMS[measure][0 if side <= 0 else 1]
            yield Hit(term, start + cells[column].start(), start + cells[column].end(), "growth", side == 0, True)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for line in text[start:end].splitlines(keepends=True):
        yield start, line.rstrip("\n")
        start += len(line)


def _columns(heads: Sequence[str]) -> Iterator[tuple[str, int, bool]]:
    """Columns that say how far a measure is from normal: the measure, its number, whether it has centiles."""
    measure = ""
    for number, head in enumerate(heads):
        measure = next((name for name, pattern in _MEASURES if pattern.search(head)), measure)
        if measure and (_DEVIATION.search(head) or _CENTILE.search(head)):
            yield measure, number, bool(_CENTILE.search(head))


def _side(cell: str, centiles: bool) -> int | None:
    """Low (-1), normal (0) or high (1); None: neither is sure."""
    if centiles:
        ranked = _RANKED.match(cell)
        if ranked is None:
            return None
        centile = float(ranked["centile"])
        if ranked["below"] or centile < _LOWEST:
            return -1 if centile <= _LOWEST else None
        return 1 if centile > _HIGHEST else 0 if _LOWER <= centile <= _UPPER else None
    signed = _SIGNED.match(cell)
    if signed is None:
        return None
    z = float(signed["z"]) * (-1 if signed["sign"] in ("-", "−", "–") else 1)
    return -1 if z <= -_FAR else 1 if z >= _FAR and signed["sign"] == "+" else 0 if abs(z) <= _NORMAL else None
