"""What is measured in blood, urine and at the bedside: names, units, usual ranges and terms, and how a value is judged.

The table is `data/recognition/laboratory.tsv`. Its usual ranges are wide enough for every age from one year on, so that
a value outside is abnormal and one well inside is normal; of what lies near an end nothing is said.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial

from raredxr1 import lazy_re as re
from raredxr1.data import rows
from raredxr1.rare_re import latin_words

NUMBER = r"\d{1,3}(?:[,  ]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
TIMES = r"(?:[ \t]*[x×*]?[ \t]*10[ \t]?(?:\^|\*\*?|e|E)?[ \t]?(?P<power>[369³⁶⁹]|12)(?=\s?/|\s?cells))?"
UNIT = (
    r"[nup]?mol/(?:hr?|min)/m[gLl](?:\s(?:protein|prot)\b)?|"
    r"(?:cells\s?)?(?:micro|milli|nano|pico|µ|μ|u|mc|m|n|p|f|k|K)?(?:grams?|g|moles?|mol|kat|IU|U|Eq|L|l|m|Osm|osm|osmol)\s?/\s?"
    r"(?:24\s?h(?:r|rs)?|\d*\s?(?:d|m|µ|μ|u|k)?(?:L|l|hr?|mol|g|day|d|min))\b"
    r"(?:/1\.73\s?m(?:2|²)|/1\.73|/h\b|[ ]?(?:of )?(?:creatinine|creat|crea|Cr)\b)?|"
    r"(?:µ|μ|u|mc|m|n|p|f|k|K)?(?:g|mol|IU|U|L|l|m)\s?%|"
    r"(?:cells\s?)?/\s?(?:mm\s?³|mm\s?3(?!\d)|cmm|[µμu]L|[µμu]l|mcL|L|l|min)\b|[kK]\s?/\s?(?:[µμu][Ll]|mcL)|mm/(?:1\s?)?hr?|mm\b|%|per\s?cent\b|"
    r"°\s?[CF]?|[CF]\b|fL|fl|celsius|g%|gm/d[Ll]|RU/mL|kPa|mmHg|mm Hg|bpm|beats/min|"
    r"kg/m[2²]|m\s?/\s?s(?:ec)?\b|[cm]m\s?(?:H2O|H20|CSF)|g[mr]\s?/\s?d?[Ll]|gm%|nmol/m[Ll]/h|[uU]/M[Ll]|msec|ms\b|milliseconds?\b|"
    r"(?<=\d)[kK](?![\w/])|beats per minute|sec(?:ond)?s?\b|s\b|[mµμun]?mol\b(?!\s?/)"
)
UNIT_BEFORE = re.compile(rf"[ \t]*[(\[][ \t]*(?P<unit>{UNIT})[ \t]*[)\]]")
"""A unit in brackets behind a name: "Hb (g/dl)"."""
HIGH = frozenset(("H", "HH", "HIGH", "ELEVATED", "RAISED", "↑", "↑↑", "↑↑↑", "+H", "HI"))
LOW = frozenset(("L", "LL", "LOW", "REDUCED", "DECREASED", "↓", "↓↓", "↓↓↓"))
NORMAL = frozenset(("N", "NORMAL", "WNL"))
_MARGIN = 0.3
WORD = re.compile(r"(?<![\w-])[^\W_]+")
_FIGURES = re.compile(r"[^\W_a-zA-Z](?<![\w-].)[^\W_]*")
"""Of these the words that do not begin with a Latin letter."""
_LETTERS = re.compile(r"[a-z]+")
_GROUPED = re.compile(r"\d{1,3}(?:[,  ]\d{3})+(?:\.\d+)?")
_OF_CREATININE = re.compile(r"\s?(?:of )?(?:creatinine|creat|crea|Cr)$")
_CONVENTIONAL = frozenset(("mg/dL", "g/dL", "ug/dL"))
_PER_LITRE = {"10^9/L": 1e9, "/uL": 1e6, "/mm3": 1e6}
"""How many a litre one of a unit is."""
_POWERS = {"3": 1e3, "³": 1e3, "6": 1e6, "⁶": 1e6, "9": 1e9, "⁹": 1e9, "12": 1e12}
_FLUIDS = ("CSF", "cerebrospinal", "urin", "24", "fecal", "faecal", "stool", "albumin/", "albumin:", "protein")


@dataclass(frozen=True, slots=True)
class Analyte:
    """A row of the table.

    Attributes:
        units: unit -> factor to the first unit.
        low: end of the usual range, first unit; None: none.
        high: the other end.
        low_term: HPO id of what a low value is.
        high_term: HPO id of what a high value is.
        bare: whether a value without a unit is one in the first.
        low_first: whether a normal value is told as the absence of the low finding.
        seen: least and greatest value that is met with, first unit; None: a value without a unit says nothing.
        seen_units: the units a value without one may be in.
        fluid: whether the name tells another fluid than blood.
        sure: greatest value that is normal at every age, where the range is wider for children; None: the range tells.
        grown: usual range of grown-ups, where it is narrower than that of every age.
        open: whether a value within the usual range may yet be abnormal, as with hormones of puberty: nothing is said.
    """

    units: dict[str, float]
    low: float | None
    high: float | None
    low_term: str
    high_term: str
    bare: bool
    low_first: bool
    seen: tuple[float, float] | None
    seen_units: tuple[str, ...]
    fluid: bool = False
    sure: float | None = None
    open: bool = False
    grown: tuple[float | None, float | None] | None = None

    def of_grown_ups(self) -> "Analyte":
        """The analyte with the usual range of grown-ups."""
        return self if self.grown is None else replace(self, low=self.grown[0], high=self.grown[1], grown=None)

    def term(self, side: int) -> str:
        """The term that a low (-1) or high (1) value is, or that a normal one (0) denies; empty: none."""
        if side:
            return self.low_term if side < 0 else self.high_term
        first, second = (self.low_term, self.high_term) if self.low_first else (self.high_term, self.low_term)
        return first or second

    def by_unit(self, value: float, unit: str | None, power: str | None = None) -> int | None:
        """Low (-1), normal (0) or high (1) by the usual range; None: not to be told."""
        if self.low is None and self.high is None:
            return None
        if unit is None and power is None and not self.bare:
            return self._without_unit(value)
        factor = self._factor(unit, power)
        return None if factor is None else self._against_usual(value * factor)

    def in_conventional_units(self) -> "Analyte":
        """The analyte where what has no unit is in those of the US, as far as it is given in them."""
        used = tuple(unit for unit in self.seen_units if unit in _CONVENTIONAL)
        return replace(self, seen_units=used) if used and len(used) < len(self.seen_units) else self

    def _without_unit(self, value: float) -> int | None:
        """By every unit in which such a value is met with, where they agree."""
        if self.seen is None:
            return None
        least, greatest = self.seen
        values = [value * self.units[unit] for unit in self.seen_units]
        sides = {self._against_usual(scaled) for scaled in values if least <= scaled <= greatest}
        if None in sides:  # near an end of the range in one unit: no more than that it may be normal
            sides = {0} if sides == {0, None} else {None}
        return sides.pop() if len(sides) == 1 else None

    def _against_usual(self, value: float) -> int | None:
        low, high = self.low, self.high
        if "-" in self.units and low is not None and value < 0.9 * low:
            return None  # a pH below 6.5 is one of something else
        if low is not None and value < low:
            return -1
        if high is not None and value > high:
            return 1
        # the usual range is wide: near its ends a value may be abnormal at some age, and nothing is said
        safe = (low is None or value >= low + _MARGIN * low) and (high is None or value <= high - _MARGIN * high)
        if low is not None and high is not None:
            safe = low + _MARGIN / 2 * (high - low) <= value <= high - _MARGIN / 2 * (high - low)
        safe = safe and (self.sure is None or value <= self.sure)
        return 0 if safe and not self.open else None

    def knows(self, unit: str | None) -> bool:
        """Whether a unit is one of the table's; no unit is."""
        return unit is None or self._factor(unit, None) is not None

    def _factor(self, unit: str | None, power: str | None) -> float | None:
        if unit is None and power is None:
            return 1.0
        plain = _plain(unit or "/L")
        if power is not None:
            per, others = ("/L", _PER_LITRE) if plain.upper() == "/L" else ("/uL", {})
            known = {per: 1.0, **others}
            return next((_POWERS[power] * self.units[one] / known[one] for one in known if one in self.units), None)
        if plain in self.units:
            return self.units[plain]
        lowered = {known.lower(): factor for known, factor in self.units.items()}
        return lowered.get(plain.lower())


def number(text: str) -> float:
    """A number as written: 1,240 and 1 240 are thousands, 3,4 is a fraction."""
    if _GROUPED.fullmatch(text):
        return float(re.sub(r"[,  ]", "", text))
    return float(text.replace(",", "."))


def analyte_at(text: str, word: re.Match[str]) -> tuple[Analyte, int, int] | None:
    """The analyte whose name begins with a word, with its place; the longest name wins."""
    start = word.start()
    named = _by_word().get(word[0].lower())
    if named is None:
        return None
    said = text[start : start + len(named[0][0])].lower()
    for name, lowered, made in named:
        if said.startswith(lowered) if lowered else text.startswith(name, start):
            end = start + len(name)
            if not text[end : end + 1].isalnum():
                return made(), start, end
    return None


class _KnownWords(dict[str, bool]):
    """For words as they stand in a text, whether the name of an analyte begins with them."""

    def __missing__(self, word: str) -> bool:
        if len(self) >= _REMEMBERED:
            self.clear()
        known = self[word] = word.lower() in _by_word()
        return known


_REMEMBERED = 1 << 16
_known_words = cache(_KnownWords)


def may_name_analytes(text: str) -> list[re.Match[str]]:
    """The words of a text that the name of an analyte begins with, in order."""
    known, said = _known_words(), latin_words(text)
    words = [WORD.match(text, place) for letters in _beginnings() & said.keys() for place in said[letters]]
    words += _FIGURES.finditer(text)
    begun = [word for word in words if word and known[word[0]]]
    return sorted(begun, key=lambda word: word.start())


def analyte_named(name: str) -> Analyte | None:
    """The analyte of a name, whatever its case."""
    word = WORD.match(name)
    found = analyte_at(name.lower(), word) if word else None
    return found[0] if found and found[2] == len(name) else None


def _plain(unit: str) -> str:
    unit = _OF_CREATININE.sub("", unit)
    unit = unit.replace("cells", "").replace(" ", "").replace("µ", "u").replace("μ", "u").replace("mm³", "mm3")
    unit = re.sub(
        r"^micro(?=[gm])",
        "u",
        re.sub(r"grams?|moles?", lambda said: said[0].rstrip("s").removesuffix("ram").removesuffix("e"), unit),
    )
    unit = re.sub(r"^(milli|nano|pico)(?=[gm])", lambda said: said[0][0], unit)
    unit = unit.replace("mcL", "uL").replace("mcg", "ug").replace("1h", "h").replace("hrs", "h").replace("²", "2")
    unit = re.sub(r"24hr?$", "24h", re.sub(r"^per\s?cent$", "%", unit))
    return unit if unit == "°C" else unit.replace("°", "", 1)


def _cased(name: str) -> bool:
    """Whether a name is one only as it is written: "Ca", "pH", "ALT" are short and could be other words."""
    return len(name) <= 4 and not name.islower()


@cache
def _beginnings() -> frozenset[str]:
    """The Latin letters that the first words of names begin with: "hba" of "hba1c"."""
    return frozenset(letters[0] for word in _by_word() if (letters := _LETTERS.match(word)))


@cache
def _by_word() -> dict[str, list[tuple[str, str, Callable[[], Analyte]]]]:
    """First word of a name in lower case -> the names that begin with it, the longest first.

    Each with its lower case, empty where it is one only as it is written, and what makes its analyte.
    """
    found: dict[str, list[tuple[str, Callable[[], Analyte]]]] = {}
    known: set[str] = set()
    for row in rows("recognition/laboratory"):
        for name in row[0].split("|"):
            if match := WORD.match(name):
                fluid = name.startswith(_FLUIDS) or name.lower().startswith(_FLUIDS)
                found.setdefault(match[0].lower(), []).append((name, partial(_of_row, row, fluid)))
                known.add(name.lower())
    for name, made in _metabolites():
        match = WORD.match(name)
        if match and name.lower() not in known:
            found.setdefault(match[0].lower(), []).append((name, made))
    return {
        word: [
            (name, "" if _cased(name) else name.lower(), made)
            for name, made in sorted(named, key=lambda pair: -len(pair[0]))
        ]
        for word, named in found.items()
    }


@cache
def _of_row(row: tuple[str, ...], fluid: bool) -> Analyte:
    """The analyte of a row of the table, by a name that tells another fluid than blood or does not."""
    _, units, low, high, low_term, high_term, how, seen = row
    factors = {}
    for unit in units.split(" "):
        plain, _, factor = unit.partition("=")
        factors[plain] = float(factor or 1)
    window, *allowed = seen.split(" ") if seen else [""]
    least, _, greatest = window.partition("-")
    return Analyte(
        factors,
        _limit(low),
        _limit(high),
        low_term,
        high_term,
        "yes" in how,
        "low" in how,
        (float(least), float(greatest)) if window else None,
        tuple(allowed) or tuple(factors),
        fluid,
        float(how.partition("sure:")[2].split(" ")[0]) if "sure:" in how else None,
        "open" in how,
        _range(how.partition("grown:")[2].split(" ")[0]),
    )


def _metabolites() -> Iterator[tuple[str, Callable[[], Analyte]]]:
    """Names of what is judged by the range in the note alone, in blood and in urine (`metabolites.tsv`)."""
    for names, plasma_low, plasma_high, urine_low, urine_high in rows("recognition/metabolites"):
        blood = partial(_by_range, plasma_low, plasma_high, False)
        urine = partial(_by_range, urine_low, urine_high, True)
        for name in names.split("|"):
            yield from ((f"{fluid}{name}", blood) for fluid in ("", "plasma ", "serum "))
            yield from ((f"{fluid} {name}", urine) for fluid in ("urine", "urinary", "24h urine", "u"))


@cache
def _by_range(low_term: str, high_term: str, fluid: bool) -> Analyte:
    return Analyte({"-": 1.0}, None, None, low_term, high_term, False, False, None, (), fluid=fluid)


def _range(text: str) -> tuple[float | None, float | None] | None:
    low, _, high = text.partition("-")
    return (_limit(low), _limit(high)) if text else None


def _limit(text: str) -> float | None:
    return float(text) if text else None
