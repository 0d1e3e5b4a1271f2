"""Findings from laboratory values and vital signs: "Ceruloplasmin 0.06 g/L (0.20-0.60)", "CK 15,000 U/L", "lactate ↑".

A value is judged by the range that stands behind it, else by a flag (H, L, an arrow), else by the usual range in its
unit (`data/recognition/laboratory.tsv`), which is wide enough for every age from one year on. A value inside its range
says that the finding is absent. What stands without unit, range and flag is left alone, except for a few analytes that
have one unit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.knowledge.recognition.tables import rows

_NUMBER = r"\d{1,3}(?:[,  ]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_TIMES = r"(?:\s?[x×*]?\s?10\s?(?:\^|\*\*|e|E)?\s?(?P<power>[369³⁶⁹]|12)(?=\s?/|\s?cells))?"
_UNIT = (
    r"(?:cells\s?)?(?:µ|μ|u|m|n|p|f|k|K)?(?:g|mol|kat|IU|U|Eq|L|l|m)\s?(?:%|/\s?(?:\d+\s?)?(?:d|m|µ|μ|u)?(?:L|l|h|hr|mol)\b)|"
    r"(?:cells\s?)?/\s?(?:mm³|mm3|cmm|[µμu]L|[µμu]l|mcL|L|l)\b|[kK]\s?/\s?[µμu][Ll]|mm/(?:1\s?)?hr?|mm\b|%|"
    r"°\s?[CF]?|[CF]\b|fL|fl|celsius|g%|gm/d[Ll]"
)
_VALUE = re.compile(
    r"(?:\s*\((?!\s*\d)[^()\n]{1,25}\))?"
    r"(?:\s*(?:,|:|=|-|–|of|was|were|is|at|level|levels|concentration|count|value|values|persistently|markedly|mildly|"
    r"elevated|raised|high|low|reduced|decreased|increased|to|up|only|measured|result|serum|plasma|about|around|"
    r"approximately|maximum|max|peak|peaked)\b|\s*[:=,~]){0,6}"
    r"\s*(?P<mark>[↑↓<>≤≥~]*)\s*(?P<value>" + _NUMBER + r")"
    r"(?!\d|/\d|\.\d|-(?:year|month|week|day)|\s?(?:years?|months?|weeks?|days?|th|st|nd|rd)\b)"
    + _TIMES + r"\s*(?P<unit>" + _UNIT + r")?(?![\w])"
    r"(?P<flag>\s*(?:\(\s*(?:H|L|high|low|elevated|raised|normal)\s*[);,]|\b(?:HH|LL|H|L|high|low)\b(?!-)|[↑↓]+|\*))?"
)  # fmt: skip
_RANGE = re.compile(
    r"\s*[,;]?\s*[(\[]?\s*(?:(?:reference|ref|normal|norm|normals|range|interval|values?|limits?|nl|NR|RR|N|n\.?v\.?|"
    r"laboratory|lab|for|age|is|are|being|of|upper|limit|ULN)\b\.?\s*[:=,]?\s*){0,5}"
    r"(?:(?P<low>" + _NUMBER + r")\s*(?:" + _UNIT + r")?\s*(?:-|–|—|to)\s*(?P<high>" + _NUMBER + r")"
    r"|(?P<bound>[<>≤≥])\s*(?P<limit>" + _NUMBER + r"))"
)  # fmt: skip
_ARROW_BEFORE = re.compile(r"[↑↓]+\s*(?:serum |plasma )?$")
_ARROW_BEHIND = re.compile(r"\s*:?\s*([↑↓])")
_OTHER_FLUID = re.compile(
    r"(?:urine|urinary|CSF|cerebrospinal|stool|fecal|faecal|pleural|ascitic|cord|glycated|fetal|sweat)\s(?:\w+\s)?$",
    re.I,
)
_MARGIN = 0.3
_WORD = re.compile(r"(?<![\w-])[A-Za-z0-9]+")
_PRESSURE = re.compile(
    r"\b(?:BP|(?i:blood pressure))\b(?: (?:was|of|is|at|on)\b| arrival| admission|[:=,]|\s){0,5}"
    r"(?P<systolic>\d{2,3})\s?/\s?(?P<diastolic>\d{2,3})(?!\d)"
)
_POWERS = {"3": 1e3, "³": 1e3, "6": 1e6, "⁶": 1e6, "9": 1e9, "⁹": 1e9, "12": 1e12}


@dataclass(frozen=True, slots=True)
class Analyte:
    """A row of the table."""

    units: dict[str, float]
    """Unit -> factor to the first unit."""
    low: float | None
    high: float | None
    low_term: str
    high_term: str
    bare: bool
    low_first: bool
    """Whether a normal value is told as the absence of the low finding."""


def values(text: str) -> Iterator[Hit]:
    """Findings that values speak for or against."""
    done = 0
    for word in _WORD.finditer(text):
        named = _analyte(text, word) if word.start() >= done else None
        if named is None:
            continue
        analyte, start, end = named
        done = end
        if _OTHER_FLUID.search(text, max(0, start - 25), start) and not text.startswith("CSF", start):
            continue
        judged = _judged(text, end, analyte) or _arrowed(text, start, end)
        if judged:
            side, end = judged
            term = analyte.low_term if side < 0 or (side == 0 and analyte.low_first) else analyte.high_term
            term = term or (analyte.high_term or analyte.low_term if side == 0 else "")
            if term:
                yield Hit(term, start, end, "value", side == 0, measured=True)


def pressures(text: str) -> Iterator[Hit]:
    """Hypertension and hypotension by blood pressure in mmHg: high at any age, low below every usual limit."""
    for match in _PRESSURE.finditer(text):
        systolic, diastolic = int(match["systolic"]), int(match["diastolic"])
        if systolic >= 140 or diastolic >= 90:
            yield Hit("HP:0000822", *match.span(), "value", measured=True)
        elif systolic < 75:
            yield Hit("HP:0002615", *match.span(), "value", measured=True)
        elif systolic < 130 and diastolic < 85:
            yield Hit("HP:0000822", *match.span(), "value", normal=True, measured=True)


def _judged(text: str, at: int, analyte: Analyte) -> tuple[int, int] | None:
    """Below (-1), in (0) or above (1) the range, and where what says so ends."""
    match = _VALUE.match(text, at)
    if match is None:
        return None
    value = _number(match["value"])
    behind = _RANGE.match(text, match.end())
    if behind and (behind["bound"] or _number(behind["low"]) < _number(behind["high"])):
        return _against(value, behind), behind.end()
    flag = (match["flag"] or "").strip(" ();,").upper()
    if "↑" in match["mark"] or flag in ("H", "HH", "HIGH", "ELEVATED", "RAISED") or "↑" in flag:
        return 1, match.end()
    if "↓" in match["mark"] or flag in ("L", "LL", "LOW") or "↓" in flag:
        return -1, match.end()
    if flag == "NORMAL":
        return 0, match.end()
    factor = _factor(match["unit"], match["power"], analyte)
    if factor is None or (analyte.low is None and analyte.high is None):
        return None
    value *= factor
    if "-" in analyte.units and analyte.low is not None and value < 0.9 * analyte.low:
        return None  # a pH below 6.5 is one of something else
    if (analyte.low is not None and value < analyte.low) or (analyte.high is not None and value > analyte.high):
        return (-1 if analyte.low is not None and value < analyte.low else 1), match.end()
    # the usual range is wide: near its ends a value may be abnormal at some age, and nothing is said
    low, high = analyte.low, analyte.high
    safe = (low is None or value >= low + _MARGIN * low) and (high is None or value <= high - _MARGIN * high)
    if low is not None and high is not None:
        safe = low + _MARGIN / 2 * (high - low) <= value <= high - _MARGIN / 2 * (high - low)
    return (0, match.end()) if safe else None


def _against(value: float, behind: re.Match[str]) -> int:
    if behind["bound"]:
        limit = _number(behind["limit"])
        if behind["bound"] in "<≤":
            return int(value > limit)
        return -int(value < limit)
    low, high = _number(behind["low"]), _number(behind["high"])
    return -1 if value < low else int(value > high)


def _factor(unit: str | None, power: str | None, analyte: Analyte) -> float | None:
    if unit is None:
        return 1.0 if analyte.bare and power is None else None
    plain = _plain(unit)
    if power is not None:
        per = "/L" if plain.upper() == "/L" else "/uL"
        return _POWERS[power] * analyte.units[per] if per in analyte.units else None
    if plain in analyte.units:
        return analyte.units[plain]
    lowered = {known.lower(): factor for known, factor in analyte.units.items()}
    return lowered.get(plain.lower())


def _plain(unit: str) -> str:
    unit = unit.replace("cells", "").replace(" ", "").replace("µ", "u").replace("μ", "u").replace("mm³", "mm3")
    return unit.replace("mcL", "uL").replace("1h", "h").replace("°", "", 1) if unit != "°C" else "°C"


def _arrowed(text: str, start: int, end: int) -> tuple[int, int] | None:
    before = _ARROW_BEFORE.search(text, max(0, start - 12), start)
    if before:
        return (1 if "↑" in before[0] else -1), end
    behind = _ARROW_BEHIND.match(text, end)
    return ((1 if behind[1] == "↑" else -1), behind.end()) if behind else None


def _number(text: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:[,  ]\d{3})+(?:\.\d+)?", text):
        return float(re.sub(r"[,  ]", "", text))
    return float(text.replace(",", "."))


def _analyte(text: str, word: re.Match[str]) -> tuple[Analyte, int, int] | None:
    """The analyte whose name begins with a word, with its place; the longest name wins."""
    for name, analyte in _by_word().get(word[0].lower(), ()):
        end = word.start() + len(name)
        said = text[word.start() : end]
        if (said == name if _cased(name) else said.lower() == name.lower()) and not text[end : end + 1].isalnum():
            return analyte, word.start(), end
    return None


def _cased(name: str) -> bool:
    """Whether a name is one only as it is written: "Ca", "pH", "ALT" are short and could be other words."""
    return len(name) <= 4 and not name.islower()


@cache
def _by_word() -> dict[str, list[tuple[str, Analyte]]]:
    """First word of a name in lower case -> names, the longest first."""
    found: dict[str, list[tuple[str, Analyte]]] = {}
    for names, units, low, high, low_term, high_term, bare in rows("laboratory"):
        factors = {}
        for unit in units.split(" "):
            name, _, factor = unit.partition("=")
            factors[name] = float(factor or 1)
        analyte = Analyte(factors, _limit(low), _limit(high), low_term, high_term, "yes" in bare, "low" in bare)
        for name in names.split("|"):
            match = _WORD.match(name)
            if match:
                found.setdefault(match[0].lower(), []).append((name, analyte))
    return {word: sorted(named, key=lambda pair: -len(pair[0])) for word, named in found.items()}


def _limit(text: str) -> float | None:
    return float(text) if text else None
