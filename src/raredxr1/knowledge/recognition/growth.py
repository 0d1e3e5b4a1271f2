"""Findings from growth: centiles and standard deviations as stated, centimetres and kilograms that are far from normal.

"Height below the 3rd centile" is Short stature, "head circumference -3.4 SD" Microcephaly, "weight on the 50th centile"
says that neither is there. Centimetres and kilograms are compared with a rounded table (`data/growth.tsv`) that is good
to half a standard deviation, so only what lies two and a half from the median is stated (of weights above it three),
and only what lies within one denied.
Charts of their own (rcpchgrowth) need SciPy and are under the AGPL: not taken.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

_LOW, _HIGH = -2.0, 2.0
_FAR_LOW, _HEAVY = -2.5, 3.0
"""Deviations from which on a size is told, as the rounded table is good to half a one; weights lean upwards."""
_CENTILE_LOW, _CENTILE_HIGH = 3.0, 97.0
_NORMAL = 1.5
"""Standard deviations within which a measure says that there is nothing."""
_NORMAL_CENTILES = (10.0, 90.0)
REACH = 90
"""Letters behind the name of a measure in which its value stands."""
IN_A_ROW = 4
"""Measures that may share a value."""
TERMS = {
    "height": ("HP:0004322", "HP:0000098"),
    "head": ("HP:0000252", "HP:0000256"),
    "weight": ("HP:0004325", "HP:0004324"),
    "birth weight": ("HP:0001518", "HP:0001520"),
    "birth head": ("HP:0011451", "HP:0004488"),
    "birth height": ("", ""),
}
"""Measure -> terms for low and for high."""
_NAMES = {
    "head": r"head circumferences?|head(?=:? \d)|"
    r"(?:occipito-?frontal|fronto-?occipital) (?:head )?circumference|OFC|HC|FOC",
    "height": r"(?:body |standing )?(?:heights?|lengths?|stature)|Ht|"
    r"(?:short|small|tall)(?=:? ?\d{2,3} ?cm)|(?-i:L)(?= (?:[4-9]\d|1\d\d)(?:\.\d)? ?cm)",
    "weight": r"(?:body )?weights?|Wt|birthweight|BW|weighing|weighed",
}
_MEASURE = rare(
    r"\b(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _NAMES.items()) + r")\b"
    r"(?P<later>\s+at birth\b)?(?!\s+(?:gain|loss|prediction|of (?:the|a|an|each|both|stay|time)\b))",
    re.IGNORECASE,
)
_N = r"\d{1,3}(?:[.,]\d{1,2})?"
_SIGN = r"(?P<sign>[-+−–<>]|minus |plus |below |above )?\s?"
_SD = re.compile(
    rf"(?:z[- ]?scores?|SDS|SD score)\s*(?:\w+ )?[:=,]?\s*\(?{_SIGN}(?P<z>{_N})(?![\w.]|\s?(?:cm|kg|g|m)\b)"
    rf"|(?P<before>[-+−–]|minus |plus |[<>]\s?[-−–]?)?\s?(?P<n>{_N})\s?(?:SDS?\b|S\.D\.?|"
    r"standard deviations?\b|z\b|(?<=\([-+−–]\d\.\d)(?=\)))"
    r"(?:\s+(?:score\s+)?(?P<side>below|under|less than|above|over))?",
    re.IGNORECASE,
)
_CENTILE = re.compile(
    r"(?P<word><=?|>=?|≤|≥|\b(?:below|under|less than|above|over|greater than|more than)\b)?\s*(?:the\s+)?"
    rf"(?P<p>{_N})\s?(?:st|nd|rd|th|ᵗʰ|%)?(?:\s?(?:-|–|to|and)\s?(?:the )?(?P<to>{_N})\s?(?:st|nd|rd|th|%)?)?\s*"
    r"(?:(?:per)?centiles?\b|%[- ]?iles?\b|%tiles?\b|pc\b)"
    rf"|(?P<word2><|>|\b(?:under|below|over|above)\b)?\s?\bp\.?(?P<p2>\d{{1,2}})\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    rf"(?P<word>[<>≤≥])?\s?(?P<p>{_N})(?:st|nd|rd|th)(?:\s?[-–]\s?(?P<to>{_N})(?:st|nd|rd|th))?"
    r"(?![\w-]|\s(?:birthday|day|week|month|year|child|of|degree|grade|admission|visit|time|baby|babies|born|pregnancy|sibling|half|digit|finger|toe|rib))"
)
"""A centile by its number alone: "OFC 43.1 cm (<0.4th)", "Ht 50th"."""
_PLAIN = re.compile(
    r"(?P<value>\d{1,2}[ \u202f\xa0]\d{3}(?=\s?(?:g|gm|grams)\b)|\d{1,4}(?:[.,]\d{1,3})?)"
    r"\s?(?P<unit>cm|kg|kgs|g|gm|grams|m|kilograms?|centimet(?:er|re)s?)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"\s*(?:is |has |was )?(?:up|down|gone up|gained|lost|gain of|loss of)\b", re.IGNORECASE)
_CALLED = re.compile(
    r"\s*[,;]?\s*[(–=-]?\s*(?:i\.?e\.?,?\s+|which (?:is|was)\s+|(?:is|was)\s+|on the\s+|at the\s+|the\s+)?"
    r"(?:(?:mean|average|median|normal|appropriate|satisfactory)\b(?!\s+(?:arterial|of|height|range of))|"
    r"within normal limits|\bN(?=\s*[),.;]))"
)
"""What a note calls a size itself: "OFC 50.1 cm (mean)"."""
_OWNED = re.compile(
    r"(?:^|[-.,;:()\n/&•\t]|\b(?:his|her|their|the|and|or|was|were|is|with|a|of|at|had|has|to|for|in|by|measured?|measurements|"
    r"parameters|current|adult|final|body|low|normal|whose|but|while|that|showed|patient|child|poor|short|reduced)\b)\s*$",
    re.IGNORECASE,
)
"""What stands before a measure of the patient: the length of a kidney or a bone is another."""
_ROW = re.compile(r"[\s,/&]*(?:and|or)?[\s,/&]*(?:his|her|the)?\s*")
_SAME_LIST = 40
"""Letters from one measure to the next of a list."""
_ENDS_LIST = re.compile(
    r"[;\n]|\.(?=\s)|\b(?:now|today|current\w*|present\w*|at|aged?|years?|months?|weeks?|then|later|on examination)\b",
    re.IGNORECASE,
)
_AT_BIRTH = re.compile(r"\bat birth\b|\bbirth (?:growth |para|measure)", re.IGNORECASE)
_BORN = re.compile(r"\b(?:born|delivered|delivery|deliver)\b", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:now|today|current\w*|present\w*|later|then|since|aged?|months?|years?|yrs?|mo|examination|exam)\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"(?P<n>\d{1,2}(?:\.\d)?)[\s-]?(?P<unit>y/?o\b|years?\b|yrs?\b|months?\b|mos?\b|weeks?\b|days?\b|yo\b)",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"(?:^|[\s(:])(?P<n>\d{1,2})\s?[MF]\b")
"""An age with a letter for the sex: "2F"."""
_UNITS = {"y": 1.0, "m": 1 / 12, "w": 1 / 52.2, "d": 1 / 365.25}
_MALE = re.compile(r"\b(?:boy|man|male|he|his|him|son)\b", re.IGNORECASE)
_FEMALE = re.compile(r"\b(?:girl|woman|female|she|her|daughter)\b", re.IGNORECASE)
_RELATIVE = (
    r"(?:mother|father|mum|mom|dad|parent|brother|sister|sib|sibling|twin|maternal|paternal|mid-?parental|target)"
    r"s?(?:['’]s?)?"
)
_STOP = re.compile(rf"[;\n](?!\s*[a-z(])|\.\s(?=[A-Z])|(?i:\b{_RELATIVE}\b)")
_MEASURED = (
    r"(?:is|was|has|at|on|the|of|and|also|only|an?|final|adult|heights?|lengths?|Ht|weights?|Wt|head|circumference|OFC|HC|"
    r"BMI|BP|IQ|size|m|cm|kg|mm|mmHg|g|mmol|L|umol|mg|dL|U|IU|(?:per)?centiles?|SDS?|st|nd|rd|th|tall|high)"
)
_OF_RELATIVE = rare(
    rf"(?<=\()(?=[^()\n]*\d)(?:(?:his|her|their)\s)?{_RELATIVE}(?:\s*(?:{_MEASURED}\b|{_RELATIVE}|[\d.,:;=<>/%+–-]))*\s*(?=\))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Named:
    kind: str
    start: int
    end: int


def without_relatives_sizes(text: str) -> str:
    """A text of the same length without what a relative measures, in brackets: "height normal (father 176 cm)"."""
    return _OF_RELATIVE.sub(lambda match: " " * len(match[0]), text)


def growth(text: str) -> Iterator[Hit]:
    """Findings that measures of growth speak for or against."""
    named, done = list[_Named](), 0
    for match in _MEASURE.finditer(text):
        start = match.start() - len(_BIRTH)
        birth = start >= done and text[start : match.start() - 1].lower() == "birth" and text[match.start() - 1] in " -"
        done = match.end()
        if match["head"] or birth or _OWNED.search(text, max(0, match.start() - 20), match.start()):
            named.append(_named(text, match, birth))
    named = _with_birth(text, named)
    for i, one in enumerate(named):
        # "height, weight and head circumference were below the 3rd centile": names in a row share what follows the last
        last = i
        while last + 1 < min(len(named), i + IN_A_ROW) and _ROW.fullmatch(
            text[named[last].end : named[last + 1].start]
        ):
            last += 1
        end = min(named[last].end + REACH, named[last + 1].start if last + 1 < len(named) else len(text))
        stop = _STOP.search(text, named[last].end, end)
        span = text[named[last].end : stop.start() if stop else end]
        judged = _judged(text, one, span)
        if judged is not None:
            side, length = judged
            term = TERMS[one.kind][0 if side <= 0 else 1]
            if term:
                until = named[last].end + length if last == i else one.end
                yield Hit(term, one.start, until, "growth", side == 0, measured=True)


def _with_birth(text: str, named: Sequence[_Named]) -> list[_Named]:
    """Measures with those of birth told from others: "BW 2.9 kg, length 45 cm, OFC 35 cm" are all of birth."""
    told: list[_Named] = []
    for one in named:
        before = told[-1] if told else None
        if before and before.kind.startswith("birth ") and not one.kind.startswith("birth "):
            between = text[before.end : one.start]
            if len(between) <= _SAME_LIST and not _ENDS_LIST.search(between):
                one = _Named(f"birth {one.kind}", one.start, one.end)
        told.append(one)
    return told


_BIRTH = "birth "


def _named(text: str, match: re.Match[str], of_birth: bool) -> _Named:
    kind = next(name for name in _NAMES if match[name])
    start = match.start() - len(_BIRTH) * of_birth
    before = text[max(0, start - 160) : start]
    sentence = before[before.rfind(". ") + 1 :]
    birth = of_birth or match["later"] or match[0].lower() in ("birthweight", "bw") or _AT_BIRTH.search(sentence)
    if born := _BORN.search(sentence):
        birth = birth or match[0].lower() in ("weighing", "weighed") or not _LATER.search(sentence, born.end())
    return _Named(f"birth {kind}" if birth else kind, start, match.end())


def _judged(text: str, one: _Named, span: str) -> tuple[int, int] | None:
    """Low (-1), normal (0) or high (1), and where in the stretch behind the name that is said."""
    if (found := _SD.search(span)) and (z := _deviation(found)) is not None:
        side = -1 if z <= _LOW else 1 if z >= _HIGH else 0
        return (side, found.end()) if side or abs(z) <= _NORMAL else None
    if found := _CENTILE.search(span):
        known = _by_centile(found)
    elif found := _ORDINAL.search(span):
        known = _by_ordinal(found)
    elif (found := _PLAIN.search(span)) and not _CHANGED.match(span):
        if said := _CALLED.match(span, found.end()):
            return 0, said.end()
        known = _by_size(text, one, found, span)
    else:
        return None
    return None if known is None else (known, found.end())


def _deviation(found: re.Match[str]) -> float | None:
    if found["z"]:
        sign = (found["sign"] or "").strip().lower()
        return -_number(found["z"]) if sign in ("-", "−", "–", "minus", "below", "<") else _number(found["z"])
    sign = (found["before"] or "").strip().lower()
    side = (found["side"] or "").lower()
    if side in ("below", "under", "less than") or any(mark in sign for mark in ("-", "−", "–", "minus")):
        return -_number(found["n"])
    if side or sign.startswith(("+", "plus", ">")):
        return _number(found["n"])
    return None


def _by_centile(found: re.Match[str]) -> int | None:
    word = (found["word"] or found["word2"] or "").lower()
    centile = _number(found["p"] or found["p2"])
    upper = _number(found["to"]) if found["to"] else centile
    if any(mark in word for mark in ("<", "≤", "below", "under", "less")):
        return -1 if centile <= _CENTILE_LOW else None
    if any(mark in word for mark in (">", "≥", "above", "over", "greater", "more")):
        return 1 if centile >= _CENTILE_HIGH else None
    if centile < _CENTILE_LOW and upper <= _CENTILE_LOW:
        return -1
    if centile > _CENTILE_HIGH:
        return 1
    return 0 if _NORMAL_CENTILES[0] <= centile <= upper <= _NORMAL_CENTILES[1] else None


def _by_ordinal(found: re.Match[str]) -> int | None:
    centile = _number(found["p"])
    upper = _number(found["to"]) if found["to"] else centile
    if found["word"] in ("<", "≤") or upper <= _CENTILE_LOW - 1:
        return -1 if centile <= _CENTILE_LOW else None
    if found["word"] or centile > _CENTILE_HIGH:
        return 1 if centile >= _CENTILE_HIGH else None
    return 0 if _NORMAL_CENTILES[0] <= centile <= upper <= _NORMAL_CENTILES[1] else None


def _by_size(text: str, one: _Named, found: re.Match[str], span: str) -> int | None:
    """By centimetres or kilograms, where an age is known: what lies half a deviation (the heavy: one) beyond."""
    measure = one.kind.removeprefix("birth ")
    value, unit = _number(found["value"]), found["unit"].lower()
    if measure == "weight":
        value = value / 1000 if unit in ("g", "gm", "grams") else value if unit.startswith("k") else 0
    else:
        value = value * 100 if unit == "m" else value if unit.startswith("c") else 0
    years = 0.0 if one.kind.startswith("birth") else _age(text, one, span)
    if years is None or value <= 0:
        return None
    scores = [_score(measure, value, years, sex) for sex in _sexes(text)]
    if max(scores) <= _FAR_LOW and min(scores) > -12:
        return -1
    if min(scores) >= (_HEAVY if measure == "weight" else -_FAR_LOW) and max(scores) < 12:
        return 1
    return 0 if max(map(abs, scores)) <= 1.0 else None


def _age(text: str, one: _Named, span: str) -> float | None:
    """Years at the measurement: said beside it, or the first age of the note."""
    beside = _AGE.search(span) or _AGE.search(text, max(0, one.start - 60), one.start)
    match = beside or _AGE.search(text, 0, 600)
    if match is None and (letter := _LETTERED.search(text, 0, 200)):
        return float(letter["n"])
    return float(match["n"]) * _UNITS[match["unit"][0].lower()] if match else None


def _sexes(text: str) -> Sequence[str]:
    male, female = _MALE.search(text), _FEMALE.search(text)
    if male and (not female or male.start() < female.start()):
        return ("male",)
    return ("female",) if female else ("male", "female")


def _score(measure: str, value: float, years: float, sex: str) -> float:
    columns = _columns()
    median = _at(columns[f"{measure}_{sex}"], years)
    deviation = _at(columns[f"{measure}_sd"], years)
    return (value / median - 1) / deviation if measure == "weight" else (value - median) / deviation


def _at(values: Sequence[float], years: float) -> float:
    ages = _columns()["age"]
    i = bisect_right(ages, years)
    if i in (0, len(ages)):
        return values[min(i, len(ages) - 1)]
    share = (years - ages[i - 1]) / (ages[i] - ages[i - 1])
    return values[i - 1] + share * (values[i] - values[i - 1])


@cache
def _columns() -> dict[str, list[float]]:
    read = table("growth")
    return {name: [float(row[name]) for row in read] for name in read[0]}


def _number(text: str) -> float:
    return float("".join(text.split()).replace(",", "."))
