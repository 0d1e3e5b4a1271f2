"""Findings from antibodies and their results: "ANA 1:640", "AQP4/MOG neg", "anti-Ro and anti-La were positive".

The names stand in `data/recognition/antibodies.tsv`. A name says nothing without a result: a word, a titre, or a value
with the range that it is judged by. Names in a row share what stands behind the last of them.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import rows
from raredxr1.knowledge.recognition.analytes import NUMBER, number
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import Rare, rare

_TITRE, _NO_TITRE = 160, 40
"""Dilution from which on a titre is positive, and up to which it is negative."""
_KIND = (
    r"(?:[ -]?(?:auto-?antibod(?:y|ies)|antibod(?:y|ies)|Abs?|titres?|titers?|serology|levels?|tests?|screen|Ig[GMA]))*"
)
_RESULT = re.compile(
    _KIND
    + r"(?:[:=–(-](?!ve)|[ \t|]|\b(?:was|were|is|are|came back|again|also|both|all|strongly|weak|weakly|persistently|"
    r"repeatedly|moderately|clearly|highly|low|high|at|in a titre of|of)\b){0,40}?"
    r"(?:(?P<positive>positive|pos\b|\+ve|(?<![\d+])\+{1,4}(?![\w+])|raised|elevated|detected|present\b)|"
    r"(?P<negative>negative|neg\b|[-−–]ve|not detected|undetect\w+|absent\b|nil\b|normal\b)|"
    rf"1\s?[:/]\s?(?P<titre>\d{{2,5}})|"
    rf"(?P<value>{NUMBER})(?P<unit>[ \t]*(?:[kK]?I?U/m?L|EliA\w*|u/ml|units?|AU|GPL|MPL)?)[ \t|]*+,?[ \t]*+[(\[]?"
    rf"(?:(?:ref|normal|range|NR|N)\.?:?[ \t]*)?(?:(?P<bound>[<≤])[ \t]?(?P<limit>{NUMBER})|"
    rf"{NUMBER}[ \t]?[-–][ \t]?(?P<high>{NUMBER})))",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:(?P<positive>positive|raised|elevated|\+ve|high titres?)|(?P<negative>negative|[-−]ve))(?:[ \t]+(?:for|"
    r"of))?[ \t]+$",
    re.IGNORECASE,
)
_JOIN = re.compile(rf"{_KIND}[ \t]*(?:,|/|&|\+|\band\b|\bor\b|,[ \t]*and\b)[ \t]*", re.IGNORECASE)


def antibodies(text: str) -> Iterator[Hit]:
    """Antibodies that a result says to be there, or not."""
    row: list[tuple[str, int, int]] = []
    before: bool | None = None
    for term, start, end in _named(text):
        if row and not _JOIN.fullmatch(text, row[-1][2], start):
            yield from _told(row, before)
            row = []
        if not row:
            ahead = _BEFORE.search(text, max(0, start - 30), start)
            before = bool(ahead["positive"]) if ahead else None
        row.append((term, start, end))
        result = _RESULT.match(text, end)
        side = _side(result) if result else None
        if result and side is not None:
            yield from _told(row[:-1], side)
            yield Hit(term, start, result.end(), "value", not side, measured=True)
            row = []
    yield from _told(row, before)


def _told(row: Sequence[tuple[str, int, int]], positive: bool | None) -> Iterator[Hit]:
    for term, start, end in row if positive is not None else ():
        yield Hit(term, start, end, "value", not positive, measured=True)


def _side(result: re.Match[str]) -> bool | None:
    """Whether a result is positive; None: it does not tell."""
    if result["positive"]:
        return True
    if result["negative"]:
        return False
    if result["titre"]:
        titre = int(result["titre"])
        return True if titre >= _TITRE else False if titre <= _NO_TITRE else None
    return number(result["value"]) > number(result["limit"] or result["high"])


def _named(text: str) -> list[tuple[str, int, int]]:
    """The antibodies named in a text, as term and place, in order."""
    patterns, known = _names()
    found = [(known[match[0]], *match.span()) for pattern in patterns for match in pattern.finditer(text)]
    return sorted(found, key=lambda one: one[1])


@cache
def _names() -> tuple[list[Rare], dict[str, str]]:
    """Names that begin with a capital, and others, which may hold one of those; those in other letters apart."""
    known = {name: term for names, term in rows("recognition/antibodies") for name in names.split("|")}
    kinds: dict[tuple[bool, bool], list[str]] = {}
    for name in sorted(known, key=len, reverse=True):
        kinds.setdefault((name[0].islower(), name[0].isascii() and name[0].isalpha()), []).append(re.escape(name))
    return [rare(rf"(?<![\w-])(?:{'|'.join(names)})(?![\w-])") for names in kinds.values()], known
