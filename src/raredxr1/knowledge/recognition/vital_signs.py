"""Findings from numbers that need no laboratory: pulse, breathing, Glasgow scale, body mass, IQ, weeks at birth.

Breathing and body mass are judged in grown-ups alone, where one limit holds for all of them: from 22 a minute on, below
18.5 and from 25 kg/m2 on (WHO 1995, Technical Report 854); a pulse is fast above 100, in children by their age. Levels
of IQ are those of ICD-10.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit

_GROWN = 18
_AGE = re.compile(
    r"\b(?P<age>\d{1,3})[\s-]?(?:y/?o\b|years?\b|yrs?\b|y\b|[MF]\b)|"
    r"\b(?i:aged?|(?:wo)?man of|lady of|gentleman of)(?:[ ]|:\s*)(?P<said>\d{1,3})\b(?! ?(?:m|w|d|/))|"
    r"(?m:^)(?P<typed>\d{2,3}) ?[mf]\b(?=[ ,])|"
    r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w'’-]+,? \(?(?P<titled>\d{2,3})(?=[,.) ])|"
    r"\b(?P<months>\d{1,2})[\s-]?(?:months?|weeks?|days?|/12|/52)\b"
)
_HEAD = 600
"""Letters at the head of a note in which the age of the patient stands."""
_IS = r"(?:\s*(?:(?:sat |ran |rose |went up |was )?(?:at|to)|of|was|is|:|=))?\s*"
_END = r"\b(?!/(?! ?min)|%|\.\d)"
_PULSE = re.compile(
    rf"(?:\b(?i:HR|heart rate|pulse(?: rate)?)\b{_IS}(?:(?:about|around|up to|between)\s)?|"
    rf"(?<=\d )P[ :]|(?<=\d  )P[ :])(?P<rate>\d{{2,3}}){_END}"
)
_BEATS = re.compile(
    r"(?P<rate>\d{2,3})\s?(?:bpm\b|/\s?(?:min|mn)\s+(?:heart|pulse)|(?:heart)?beats?\s?(?:per|/|a)\s?m(?:in|n))"
)
"""A pulse that stands before its name, or alone in its unit: "115 bpm, BP 110/70"."""
_SYSTOLIC = re.compile(
    rf"\b[Ss]ystolic (?:arterial |blood )*(?:pressure|BP){_IS}(?P<value>\d{{2,3}})(?![\d/]|\s?/)(?=\s?mm|[\s,.;)])"
)
_RACING = re.compile(rf"\b(?i:tachy(?:cardic|cardia)?){_IS}(?P<rate>1\d\d|2\d\d){_END}")
_BREATHS = re.compile(rf"\b(?i:RR|resp(?:iratory)? rate){_IS}(?P<rate>\d{{2}}){_END}")
_COMA = re.compile(rf"\b(?i:GCS|Glasgow coma (?:scale|score)){_IS}(?P<score>\d{{1,2}})\b(?!\s?(?:-|–|to|\.)\d)")
_BODY_MASS = re.compile(rf"\b(?:BMI|body mass index){_IS}(?P<value>\d{{2}}(?:\.\d{{1,2}})?)(?![\d/%]|\s?(?:SD|[-–+]))")
_IQ = re.compile(
    r"\bIQ\b(?:\s*(?:score|of|was|is|at|about|around|estimated|measured|total|tested|"
    r"assessed|scored|put|in the|region|range|order|near|nearly|full|scale|a|been|has|came out|between|:|=|"
    r"\(?(?:WISC|WAIS|WPPSI|Leiter)[\w-]*\)?)"
    r"){0,6}\s*(?P<low>\d{2,3})(?:\s?(?:-|–|to)\s?(?P<high>\d{2,3}))?\b"
)
_PART = re.compile(r"\b(?:verbal|performance)\s+$", re.IGNORECASE)
_LEVELS = ((20, "HP:0002187"), (35, "HP:0010864"), (50, "HP:0002342"), (70, "HP:0001256"))
_BY = (
    r"(?:\s+(?:by|via)\s+(?:an? )?(?:emergency |elective |planned )?"
    r"(?:LS?CS|C-?sections?|c(?:a?e|æ)sare?an(?: section)?|section|SVD|NVD|ventouse|forceps))?"
)
_WEEKS = re.compile(
    rf"\b(?:(?:born|delivered|delivery|birth|arrived)\b{_BY}(?:\s+(?:vaginally|early|prematurely|"
    rf"preterm))?,?\s+(?:at|in)?\s*"
    r"(?:only |about |around |just |the )?|"
    r"ex[- ]|twins?,?\s+(?:at |of )?)(?P<weeks>2[2-9]|3[0-6])"
    r"(?:\s?\+\s?[0-6]\b(?:\s?/\s?40|\s?(?:weeks?|wks?))?|\s?/\s?40\b|[ -]?(?:weeks?|weekers?|wks?)\b|"
    r"(?:th|rd|nd|st) (?:gestational )?week\b)"
    r"(?:\s+(?:of\s+)?(?:gestation(?:al age)?|GA)\b)?",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"\b(?:(?:lost|lose|losing|dropped|shed)\s+(?:about |nearly |almost |some |over |around )?"
    r"(?:\d{1,2}(?:\.\d)?|an?|two|three|four|half an?)\s?(?:kgs?|kilos?|kilograms?|lbs?|pounds?|stones?|st)|"
    r"(?:wt|weight)\s+(?:loss|fell|dropped|has fallen|has dropped|down))\b|\b(?:wt|weight)\s?↓",
    re.IGNORECASE,
)
_REFLEXES = re.compile(
    rf"\b(?:(?:reflexes|DTRs?|jerks){_IS})(?:all |globally |very )?(?:\+{{3,4}}(?!\+)|[34]\+(?:\s?/\s?4)?)",
    re.IGNORECASE,
)


def vital_signs(text: str) -> Iterator[Hit]:
    """Findings that such numbers tell, in no order."""
    if (fastest := _fastest(text)) is not None:
        yield from _fast_pulses(text, fastest)
    if grown_up(text):
        yield from _of_grown_ups(text)
    for match in _found(text, _RACING, ("tachy", "Tachy")):
        yield Hit("HP:0001649", *match.span(), "value", measured=True)
    for match in _found(text, _COMA, ("GCS", "Glasgow")):
        score = int(match["score"])
        if 3 <= score <= 15:
            yield Hit("HP:0004372", *match.span(), "value", normal=score == 15, measured=True)
    for match in _found(text, _IQ, ("IQ",)):
        low = int(match["low"])
        mean = (low + int(match["high"] or low)) / 2
        part = _PART.search(text, max(0, match.start() - 14), match.start())
        if not part and 10 <= mean <= 160 and (mean < 70 or mean >= 85):
            level = next((term for limit, term in _LEVELS if mean < limit), "HP:0001249")
            yield Hit(level, *match.span(), "value", normal=mean >= 85, measured=True)
    for pattern, words, term in _SAID:
        for match in _found(text, pattern, words):
            yield Hit(term, *match.span(), "value")


_SAID = (
    (
        _WEEKS,
        ("born", "Born", "elivered", "elivery", "birth", "Birth", "rrived", "ex ", "Ex ", "ex-", "Ex-", "twin", "Twin"),
        "HP:0001622",
    ),
    (_LOST, ("lost ", "lose ", "losing ", "dropped ", "shed ", "weight", "Weight", "wt", "Wt"), "HP:0001824"),
    (_REFLEXES, ("eflexes", "DTR", "jerks"), "HP:0001347"),
)
"""A pattern, words of which each of its matches begins with one (a capital may stand before), and its term."""


def _found(text: str, pattern: re.Pattern[str], words: Sequence[str]) -> Iterator[re.Match[str]]:
    """Matches of a pattern that begin with one of some words, which is far faster than to look everywhere."""
    for word in words:
        at = text.find(word)
        while at >= 0:
            begin = at - 1 if at and text[at - 1].isalpha() else at
            if match := pattern.match(text, begin):
                yield match
            at = text.find(word, at + len(word))


def _fast_pulses(text: str, fastest: int) -> Iterator[Hit]:
    beats = _BEATS.finditer(text) if "bpm" in text or "beat" in text or "/m" in text else ()
    for match in chain(_found(text, _PULSE, ("HR", "hr ", "eart rate", "ulse", "P ", "P:")), beats):
        if fastest < int(match["rate"]) < 250:
            yield Hit("HP:0001649", *match.span(), "value", measured=True)


def _of_grown_ups(text: str) -> Iterator[Hit]:
    for match in _found(text, _SYSTOLIC, ("ystolic",)):
        pressure = int(match["value"])
        if 40 < pressure < 90 or 140 <= pressure < 260:
            yield Hit("HP:0002615" if pressure < 90 else "HP:0000822", *match.span(), "value", measured=True)
    for match in _found(text, _BREATHS, ("RR", "rr ", "esp rate", "espiratory rate")):
        if 22 <= int(match["rate"]) < 70:
            yield Hit("HP:0002789", *match.span(), "value", measured=True)
    for match in _found(text, _BODY_MASS, ("BMI", "body mass index")):
        value = float(match["value"])
        if 10 <= value < 18.5 or 25 <= value < 30:
            yield Hit("HP:0045082" if value < 20 else "HP:0025502", *match.span(), "value", measured=True)


_BORN_LONG_AGO = re.compile(
    r"\b(?:d\.?o\.?b\.?|born|b\.|date of birth)[ :(]{0,3}(?:\d{1,2}[./ -](?:\d{1,2}|"
    r"[A-Za-z]{3,9})[./ -])?(?:19\d\d|200[0-5])\b",
    re.IGNORECASE,
)
"""A date of birth of somebody who is grown up, where no age is told."""


_TEENS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPELT = re.compile(
    rf"\b(?:(?P<ten>{'|'.join(_TENS)})(?:[ -](?P<one>{'|'.join(_TEENS[:9])}))?|(?P<teen>{'|'.join(_TEENS)}))"
    r"[ -]years?[ -]olds?\b",
    re.IGNORECASE,
)


def spelt_years(text: str) -> tuple[int, int] | None:
    """Where the head of a note tells an age in words, and its years: "this sixteen-year-old"; None: nowhere."""
    match = _SPELT.search(text, 0, _HEAD)
    if match is None:
        return None
    tens = 20 + 10 * _TENS.index(match["ten"].lower()) if match["ten"] else 0
    ones = match["one"] or match["teen"]
    return match.start(), tens + (_TEENS.index(ones.lower()) + 1 if ones else 0)


def _in_words(text: str, match: re.Match[str] | None) -> int | None:
    """The years of an age in words, where no age in figures stands before it."""
    spelt = spelt_years(text)
    return spelt[1] if spelt and (match is None or spelt[0] < match.start()) else None


def is_toddler(text: str) -> bool:
    """Whether the first age at the head of a note is below three years, when most milk teeth are not through yet."""
    years = _years(text)
    return years is not None and years < 3


def grown_up(text: str) -> bool:
    """Whether the first age at the head of a note is one of a grown-up."""
    years = _years(text)
    return bool(_BORN_LONG_AGO.search(text, 0, _HEAD)) if years is None else _GROWN <= years < 120


@lru_cache(maxsize=4)
def _years(text: str) -> float | None:
    """The first age at the head of a note, in years; None: it has none. Several ways of reading ask for it."""
    match = _AGE.search(text, 0, _HEAD)
    if (spelt := _in_words(text, match)) is not None:
        return spelt
    if match is None:
        return None
    if match["months"]:
        months = "m" in match[0].lower() or "/12" in match[0]
        return int(match["months"]) / 12 if months else int(match["months"]) / 52
    return int(match["age"] or match["said"] or match["typed"] or match["titled"])


_FASTEST = (
    (0.25, 181), (0.5, 175), (0.75, 168), (1, 161), (1.5, 156), (2, 149), (3, 142), (4, 136), (6, 131), (8, 123),
    (12, 115), (15, 108), (18, 104),
)  # fmt: skip
"""Ages in years, and the 99th centile of the pulse below each (Fleming 2011, Lancet 377:1011)."""


def _fastest(text: str) -> int | None:
    """The pulse above which it is fast at the age of a note's patient; None: the age is not told."""
    years = _years(text)
    if years is None or years >= _GROWN:
        return 100 if grown_up(text) else None
    return next(limit for age, limit in _FASTEST if years < age)
