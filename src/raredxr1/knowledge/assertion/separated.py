"""Tables whose cells are set apart by commas or semicolons: "Seizures;no" above "Ataxia;yes"."""

from collections.abc import Iterator

from raredxr1 import lazy_re as re

_ANSWERED = re.compile(
    r"(?P<sign>[;,])[ \t]{0,3}(?:yes|no|y|n|true|false|present|absent|not (?:present|seen|found)|positive|"
    r"negative|pos|neg|unknown|none|nil|[+-])[ \t]*(?:$|(?P=sign)[^;,\n]{0,60}$)",
    re.IGNORECASE | re.MULTILINE,
)
"""An answer in the last cell of a line, or before a last one with a remark."""
_LEAST = 2
"""Rows with an answer that make a table."""
_CELLS = 5


def with_bars(text: str) -> str:
    """A text of the same length in which bars stand for the commas or semicolons of such tables."""
    signs = [match["sign"] for match in _ANSWERED.finditer(text)]
    for sign in ";,":
        if signs.count(sign) >= _LEAST:
            for start, end in list(_blocks(text, sign)):
                text = text[:start] + text[start:end].replace(sign, "|") + text[end:]
    return text


def _blocks(text: str, sign: str) -> Iterator[tuple[int, int]]:
    """Where lines stand in a row that have as many of a sign, and end in an answer, but for the first."""
    at, first, cells, rows = 0, 0, 0, 0
    for line in [*text.split("\n"), ""]:
        count = line.count(sign)
        answered = _ANSWERED.search(line) is not None
        if not (rows and answered and count == cells):
            if rows > _LEAST or (rows == _LEAST and _ANSWERED.search(text[first : text.find("\n", first)])):
                yield first, at
            first, cells, rows = at, count, int(0 < count < _CELLS and not line.rstrip().endswith("."))
        else:
            rows += 1
        at += len(line) + 1
