"""Rows of tables of results: a name, one or more values, a unit, a range, a flag, in any order of columns.

What a cell is shows in how it is written: "133-146" and the last of several "<5" are a range, "H" is a flag, "118" a
value. Of several values (admission, discharge) one outside the range decides.
"""

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.analytes import (
    HIGH,
    LOW,
    NORMAL,
    NUMBER,
    TIMES,
    UNIT,
    UNIT_BEFORE,
    WORD,
    Analyte,
    analyte_at,
    number,
)
from raredxr1.knowledge.recognition.hits import Hit

_POWER = r"(?:[x×*]?\s?10\s?(?:\^|\*\*?|e|E)?\s?(?:[369³⁶⁹]|12)(?=\s?/))?"
_CELLS = re.compile(r"[ \t]*(?:\||\t|[ ]{2,}|(?<=[\d)HL*-])[ ]/[ ](?=[<>≤≥]?[ ]?[\d-]))[ \t|]*")
_ROW = re.compile(
    r"(?:[ ]?[/:][ ]?(?:creatinine|creat|crea|Cr)\b(?: ratio)?)?(?:[ ]?\([^()\n]{1,30}\))?"
    rf"(?:[ ](?P<unit>{UNIT})(?=[ \t]{{2,}}))?(?P<rest>(?:[ \t]*(?:\||"
    r"\t|[ ]{2,})|(?<=\))[ ](?=\S+(?:[ ]{2,}|\t)))[^\n]{0,160})(?=\n|$)",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"(?:^|[\n|])[ \t|*•-]*(?:serum |plasma |total |s-|p-|fs-|blood |random |sr?\.[ ]?|sr[ ])?$", re.IGNORECASE
)
_RANGE = re.compile(
    rf"[(\[]?\s*(?:ref\.?:?\s*)?(?P<low>{NUMBER})\s*(?:{UNIT})?\s*(?:-|–|—|"
    rf"to)\s*(?P<high>{NUMBER})\s*{_POWER}(?:{UNIT})?\s*[)\]]?\s*$"
)
_BOUND = re.compile(rf"[(\[]?\s*(?P<bound>[<>≤≥])\s*=?\s*(?P<limit>{NUMBER})\s*{_POWER}(?:{UNIT})?\s*[)\]]?\s*$")
_VALUE = re.compile(
    rf"(?P<mark>[<>≤≥~↑↓]?)\s*(?P<value>{NUMBER})(?![\w.-])?{TIMES}\s*(?P<unit>{UNIT})?\s*"
    r"\(?(?P<flag>HH|LL|H|L|high|low|↑+|↓+|\*)?\)?\s*(?:[(\[](?P<range>[^()\[\]]*)[)\]])?\s*$",
    re.IGNORECASE,
)
_BY_WORD = (
    (1, HIGH | {"INCREASED", "VERY HIGH"}),
    (-1, LOW | {"VERY LOW", "UNDETECTABLE"}),
    (0, NORMAL | {"NOT INCREASED", "NOT RAISED", "NOT ELEVATED", "NOT DETECTED"}),
)
"""A result in a word instead of a number."""
_EXPLAINED = re.compile(r"[(\[;,]")
_UNIT = re.compile(rf"(?:[x×]?\s?10\s?[\^*e]?\*?(?P<power>[369]|12)\s?)?(?:{UNIT})\s*$", re.IGNORECASE)


def judged_row(text: str, start: int, end: int, analyte: Analyte) -> tuple[list[Hit], int] | None:
    """Judge the row of a table that begins with the name of an analyte.

    Args:
        text: the note.
        start: where the name begins.
        end: where it ends.
        analyte: what it names.

    Returns:
        The findings, and where the row ends; None: it is no row, or one of another kind.
    """
    row = _ROW.match(text, end)
    if row is None or not _BEGINS.search(text, max(0, start - 30), start):
        return None
    cells = [cell for cell in _CELLS.split(row["rest"].lstrip(" ")) if cell]
    if not cells or any(_names_another(cell) for cell in cells):
        return None
    headed = UNIT_BEFORE.match(text, end)
    unit = headed["unit"] if headed else row["unit"]
    side = _side([*cells, unit] if unit else cells, analyte)
    if side is None:
        return None
    term = analyte.term(side)
    stop = row.end() - (len(row["rest"]) - len(row["rest"].rstrip(" \t|")))
    return ([Hit(term, start, stop, "value", side == 0, measured=True)] if term else []), stop


def _names_another(cell: str) -> bool:
    word = WORD.match(cell)
    return bool(word and word[0].isalpha() and len(word[0]) > 1 and analyte_at(cell, word)) and any(
        c.isdigit() for c in cell
    )


def _side(cells: list[str], analyte: Analyte) -> int | None:
    """Low, normal, high by all cells of a row; None: they do not tell."""
    ranges = [cell for cell in cells if _RANGE.match(cell)]
    bounds = [cell for cell in cells if _BOUND.match(cell)]
    others = [cell for cell in cells if cell not in ranges and cell not in bounds]
    numbers = [match for cell in others if (match := _VALUE.match(cell))]
    if ranges or not (numbers or len(bounds) > 1):
        reference, measured = (ranges or [""])[-1], bounds
    else:
        reference, measured = (bounds or [""])[-1], bounds[:-1]
    numbers += [match for cell in measured if (match := _VALUE.match(cell))]
    worded = next((side for cell in cells for side, known in _BY_WORD if _word(cell) in known), None)
    if not numbers:
        return worded
    sides = [_judged(match, reference or match["range"] or "", cells, analyte) for match in numbers]
    told = [side for side in sides if side is not None]
    return next((side for side in told if side), 0 if told else worded)


def _word(cell: str) -> str:
    """A cell as a word, without what explains it: "LOW" of "LOW (2.5-7.5), repeated"."""
    return _EXPLAINED.split(cell.strip("()* "), maxsplit=1)[0].strip("()* ").upper()


def _judged(match: re.Match[str], reference: str, cells: list[str], analyte: Analyte) -> int | None:
    value = number(match["value"])
    if found := _RANGE.match(reference):
        low, high = number(found["low"]), number(found["high"])
        if low < high:
            return -1 if value < low else int(value > high)
    if found := _BOUND.match(reference):
        limit = number(found["limit"])
        return int(value > limit) if found["bound"] in "<≤" else -int(value < limit)
    flags = {cell.strip("()* ").upper() for cell in (match["flag"] or "", match["mark"], *cells)}
    for side, known in ((1, HIGH), (-1, LOW), (0, NORMAL)):
        if flags & known:
            return side
    units = [found for cell in cells if (found := _UNIT.match(cell))]
    unit, power = match["unit"], match["power"]
    if unit is None and units:
        said = units[0][0].strip()
        power = units[0]["power"]
        unit = re.sub(r"^[x×]?\s?10\s?[\^*e]?\*?(?:[369]|12)\s?", "", said) if power else said
    return analyte.by_unit(value, unit, power)
