"""Durations as clinicians write them: "3 years 8 months", "3 8/12", "two and a half years", "18m", "6/52", "3-5 yrs".

`DURATION` is a fragment of a regular expression, `duration` reads what it matched. Twelfths, 52nds and 7ths are
months, weeks and days, as in British notes ("8/12", "6/52", "5/7").
"""

from dataclasses import dataclass

from raredxr1 import lazy_re as re

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: number for number, word in enumerate(_ONES)} | {
    f"{ten}{joint}{one}".rstrip(): 20 + 10 * i + number
    for i, ten in enumerate(_TENS)
    for joint, one, number in [("", "", 0), *((j, w, n) for n, w in enumerate(_ONES[1:10], 1) for j in "- ")]
}
_IN_WORDS = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-]?(?:{'|'.join(_ONES[1:10])}))?|{'|'.join(_ONES)})\b"
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "1/2": 0.5, "1/4": 0.25, "3/4": 0.75} | {
    "three quarters": 0.75, "three-quarters": 0.75, "half": 0.5, "quarter": 0.25,
}  # fmt: skip
_NUMBER = (
    rf"(?<![\w.,/;])(?:\d{{1,3}}(?:\.\d{{1,2}})?(?![\d/])(?:[\s-]*(?:and[\s-]+)?(?:[½¼¾]|1/2|1/4|3/4))?|[½¼¾]|{_IN_WORDS})"
    r"(?:[\s-]+and[\s-]+(?:a[\s-]+(?:half|quarter)|three[\s-]+quarters))?"
)
YEARS_OLD = rf"{_NUMBER}[\s-]*(?:y\.?\s?/?\s?o|m/o)(?![a-z])"
"""4yo, 4 y/o, 4 y.o.; 18 m/o."""

_UNIT = (
    r"(?:y\.?\s?/?\s?o(?![a-z])|m/o\b|years?(?:['’]s?)?|year['’]s|yrs?|y(?=\b|\d)|months?['’]?|mths?|mons?|mos?|"
    r"m(?=\b|\d)|weeks?['’]?|wks?|w(?=\b|\d)|days?|d\b)(?![a-z/])\.?"
)
_PARTS = r"\d{1,2}\s?/\s?(?:12|52|7|365)(?![\d/])"
"""8/12: eight months."""

SPELT = _NUMBER
"""A number alone, in figures or words: "two and a half"."""

DURATION = (
    rf"(?:(?:{_NUMBER}\s*(?:-|–|to|or|and)\s*)?{_NUMBER}[\s-]*{_UNIT}"
    rf"(?:[\s,-]*(?:and[\s-]+|&\s*)?(?:(?:{_NUMBER}|(?<=[a-z])\d{{1,2}})[\s-]*{_UNIT}|{_PARTS}))?"
    rf"|(?<![\d/.])\d{{1,2}}(?:\s+|\s?\+\s?|\s*and\s*){_PARTS}|(?<![\d/.]){_PARTS})"
)
"""With its unit; matched ignoring case."""

BARE = r"(?<![\w.,/])\d{1,3}(?:\.\d{1,2})?(?![\w/]|[.,]\d|\s*(?:%|mg|kg|g|cm|mm|ml|sd|weeks|wk)\b)"
"""A number that stands without a unit, for years."""

_SIZES = {"y": 1.0, "m": 1 / 12, "w": 7 / 365.25, "d": 1 / 365.25}
_DENOMINATORS = {"12": "m", "52": "w", "7": "d", "365": "d"}
_READ = re.compile(
    rf"(?P<parts>\d{{1,2}})\s?/\s?(?P<of>12|52|7|365)(?![\d/])|(?P<number>{_NUMBER}|(?<=[a-z])\d{{1,2}})(?:[\s-]*(?P<unit>{_UNIT}))?",
    re.I,
)


@dataclass(frozen=True)
class Duration:
    """A time in years, the same as an ISO 8601 duration, and the upper end of a range."""

    years: float
    iso8601: str
    to_years: float | None = None


def duration(text: str) -> Duration | None:
    """Read what `DURATION` or `BARE` matched; a number without a unit is in years. None: over 120 years."""
    read = [(_amount(match), _unit(match)) for match in _READ.finditer(text)]
    units = [unit for _, unit in read]
    if not read:
        return None
    if units[-1] is None:
        units[-1] = "y"
    for i in range(len(units) - 2, -1, -1):
        if units[i] is None:
            # "3 8/12" is 3 years and 8 months; in "3 to 5 months" and "3-5 years" both ends have the one unit
            units[i] = "y" if read[i + 1][1] and "/" in text[-4:] else units[i + 1]
    amounts = [(amount, unit or "y") for (amount, _), unit in zip(read, units, strict=True)]
    if len(amounts) > 1 and amounts[0][1] == amounts[1][1]:
        low, high = (amount * _SIZES[unit] for amount, unit in amounts[:2])
        if not low < high <= 120:
            amounts = amounts[1:]
        else:
            return Duration(round(low, 4), _iso(amounts[:1]), round(high, 4))
    years = sum(amount * _SIZES[unit] for amount, unit in amounts)
    return Duration(round(years, 4), _iso(amounts)) if years <= 120 else None


def _amount(match: re.Match[str]) -> float:
    if match["parts"]:
        return float(match["parts"])
    words = re.sub(r"\s+", " ", match["number"].lower()).strip()
    total = 0.0
    for written, value in _FRACTIONS.items():
        if (found := re.search(rf"(?<!\d/){re.escape(written)}(?![\d/])", words)) and (
            not written[0].isascii() or not words[: found.start()].endswith(tuple("0123456789"))
        ):
            total, words = value, words[: found.start()] + words[found.end() :]
            break
    words = re.sub(r"[\s-]*\band\b.*$", "", words).strip(" -")
    if not words:
        return total
    return total + (float(words) if words[0].isdigit() else float(_WORDS[words]))


def _unit(match: re.Match[str]) -> str | None:
    if match["parts"]:
        return _DENOMINATORS[match["of"]]
    return match["unit"][0].lower() if match["unit"] else None


def _iso(amounts: list[tuple[float, str]]) -> str:
    """Whole numbers of years, months, weeks and days; what is left of a year is months, of a month or week days."""
    counts = dict.fromkeys("YMWD", 0.0)
    for amount, unit in amounts:
        counts[unit.upper()] += amount
    for unit, below, many in (("Y", "M", 12), ("M", "D", 30), ("W", "D", 7)):
        whole, rest = divmod(counts[unit], 1)
        counts[unit] = whole
        counts[below] += rest * many
    counts = {unit: round(count) for unit, count in counts.items()}
    if counts["W"] and any(counts[unit] for unit in "YMD"):
        counts["D"] += counts.pop("W") * 7
    written = "".join(f"{count}{unit}" for unit, count in counts.items() if count)
    return f"P{written or '0D'}"


ANY_AGE = rf"(?:{DURATION}|{BARE})"
OLD = r"(?:[\s-]*(?:old|of\s+age)\b)"
LETTER = r"(?:[\s/,-]{0,2}(?P<letter>(?-i:[MF])|(?<=[yo.] )[mf]|(?<=[yo.])[mf]|♀|♂)(?![\w'/-]))"
HEAD = r"(?:(?:age|sex|gender)\s*(?:/|and|&)\s*(?:sex|gender|age))"

_ABOUT = r"(?:about|around|approximately|only|just|roughly|the\s+age\s+of)?"
_SEEN_AT = r"at\s+(?:presentation|referral|examination|review)\s*:?"
_NOT_SINCE = r"(?!\s*(?:ago|history|earlier|later|before|after|prior|following|duration|weeks|(?:of\s+)?gest))"
_NOT_AFTER = (
    r"(?!\s*(?:ago|later|after|before|prior|earlier|post|follow|of\s+(?:gest|preg|treat|therapy|follow)|gest|preg|into|"
    r"in\s+utero|intervals?|antenat|prenat))"
)
_NOT_A_BABY = (
    r"(?!\s+(?:screen|period|hearing|nurser|intensive|unit|care|blood|metabolic|seizure|jaundice|exam|check|sepsis))"
)
TENS = "twent|thirt|fort|fift|sixt|sevent|eight|ninet"

_YEARS = (
    r"\d{1,2}(?:[\s-]*(?:years?|yrs?|y\.?o?|(?=\s\d{1,2}/12))\b)"
    r"(?:[\s,]*(?:and\s+)?\d{1,2}(?:\s*(?:months?|mths?|m)\b|/12))?"
)
"""Of a name at the head of a note, where a drug may stand as well, an age is one in years."""

AGES: tuple[tuple[str, str], ...] = (
    ("heading", r"(?m:^)[ \t]*(?:re|ref|regarding|patient|name|seen|reviewed)\b\.?[ \t]*[:–-][^\n]{0,60}?[,()–-][ \t]*"
                rf"(?P<age>{DURATION})(?=[ \t]*(?:old\b|[,.;)\n/]|$|CHI\b|NHS\b|DOB\b|MRN\b|[ ]{{2}}))"),
    ("name", r"(?m:^)[ \t]*(?-i:(?:[A-Z][\w.'’-]*[ \t]+){0,3}[A-Z][\w.'’-]*)[ \t]*[,(–-][ \t]*"
             rf"(?P<age>{_YEARS})(?=[ \t]*(?:old\b|[,.;)/\n]|$))"),
    ("said", rf"\b(?:he|she)(?:['’]s|\s+is)\s+(?:now\s+|just\s+|only\s+|currently\s+)?(?P<age>{DURATION}|{SPELT})"
             r"(?=\s*(?:[.;!)\n]|,(?!\s*\d)|and\s+(?:he|she|has|is|in)\b|$))"),
    ("said", r"(?:(?:^|(?<=[.,;(] )|(?<=\n)|(?<=[.,;(])|(?<=\band ))(?:is\s+|she['’]s\s+|he['’]s\s+)?now\s+)"
             r"(?:aged\s+)?"
             rf"(?P<age>{DURATION}|(?<![\w.])(?:[1-9]|[1-9]\d)(?!\w|[./]\d|[/%:+-]|"
             r"\s?(?:kg|cm|mm|mg|ml|st\b|words?|weeks?|months?|times?|of\b|out\b|per\b|to\b)))"
             r"(?=\s*(?:[.;!)\n]|,\s|and\s+(?:he|she|has|is|in|was)\b|$))"),
    ("said", r"(?<!when )(?<!until )(?<!before )(?<!since )(?<!after )(?<!time )(?<!once )\b(?:he|she)"
             rf"(?:['’]s|\s+has|\s+is)?\s+(?:(?:only|just|now|recently)\s+)*turn(?:ed|s|ing)\s+(?P<age>{DURATION}|{SPELT})"
             r"(?=\s*(?:[.;!)\n]|(?:last|this|next|in|on|and)\b|$))"),
    ("said", r"\b(?:my|our)\s+(?:(?:little|younger|older|elder|eldest|youngest|middle|first|second|third|baby)\s+)*"
             r"(?:son|daughter|boy|girl|child|baby)(?:,?\s+(?-i:[A-Z][a-z]+),?)?(?:,?\s+who)?(?:['’]s|\s+is|\s+has)?"
             rf"\s+(?:(?:now|just|only|nearly|almost|turned)\s+)*(?P<age>{DURATION}|{SPELT})"
             r"(?=\s*(?:[.;!)\n]|,(?!\s*\d)|and\s+(?:he|she|has|is|in|was|can|cannot|keeps)\b|$))"),
    ("said", r"(?-i:\b[A-Z][a-z]+|\b[Hh]e|\b[Ss]he)\s+(?:will\s+be|is\s+going\s+to\s+be|is\s+about\s+to\s+(?:be|turn)|"
             r"is\s+coming\s+up\s+(?:to|for)|will\s+turn)\s+"
             rf"(?P<age>{DURATION}|{SPELT}|\d{{1,2}})"
             r"(?=\s+(?:in|on|next|this|at|just|soon|tomorrow|after)\b)"),
    ("heading", r"\bage\s+(?:at|on|when)\s+(?:the\s+)?(?:time\s+of\s+)?(?:assessment|review|visit|referral|clinic|"
                rf"examination|test(?:ing)?|admission|consultation|appointment|seen)\s*[:=-]\s*(?P<age>{DURATION})"),
    ("given", r"(?-i:\b[A-Z][a-z]+)(?:\s*\([^()\n]{1,40}\))?(?:,?\s+who)?\s+is\s+(?:now\s+|just\s+|only\s+)?"
              rf"(?P<age>{DURATION}|{SPELT})"
              r"(?=\s*(?:[.;!)\n]|,(?!\s*\d)|and\s+(?:he|she|has|is|in)\b))"),
    ("given", rf"(?-i:\b[A-Z][a-z]+)\s*\((?P<age>{DURATION}|\d{{1,2}})(?:, [^()\n]{{1,60}})?\)\s+"
              r"(?=(?:has|is|was|had|presents?|presented|came)\b)"),
    ("heading", r"\b(?:d\.?o\.?b\.?|date\s+of\s+birth)\b[ :]*[^\n()]{4,22}\(\s*(?P<age>\d{1,3})\s*(?:y\w*\s*)?\)"),
    ("heading", rf"\b{HEAD}\s*[:=|-]?\s*(?:(?:fe)?male|[mf])?\s*[/,]?\s*(?P<age>{ANY_AGE})\s*(?:old)?"),
    ("old", rf"(?P<age>{YEARS_OLD}|{DURATION}(?={OLD})){OLD}?"),
    ("old", rf"(?P<age>{DURATION})\s*(?=(?:[a-z-]+\s+){{0,2}}(?:PATIENT)\b)"),
    ("letter", rf"(?P<age>(?:{DURATION}|(?<![\w.,/])\d{{1,3}}))(?:{OLD})?{LETTER}"),
    ("letter", r"(?m:^)[ \t]*(?P<age>\d{2,3}) ?(?P<letter>(?-i:[mf]))(?=[ ,](?!walk|tall|long|high|deep|from|away))"),
    ("letter", rf"(?<![\w'])(?P<letter>(?-i:[MF])|♀|♂)\s?[/,]?\s?(?P<age>(?:{DURATION}|\d{{1,3}}))(?![\w/.%])"),
    ("aged", r"\b(?:aged?|ages)\b(?:\s*[:=(|]\s*|"
             rf"\s+(?:of|is|was|now|about|around|approximately|only|{_SEEN_AT})\s+|\s+|-)(?P<age>{ANY_AGE})"),
    ("noun", rf"\b(?:PATIENT)\s+(?P<age>{DURATION})(?=\s*(?:old\b|[.,;:)\n]|$))"),
    ("noun", r"\b(?:PATIENT)\b\s*(?:,|\(|\bof\b|\bwho\s+is\b|\bis\b|:)\s*(?:now\s+|currently\s+)?"
             rf"(?P<age>{ANY_AGE}){_NOT_SINCE}"),
    ("title", r"(?-i:\b(?:Mrs?|Ms|Miss|Master)\b\.?(?:\s+[A-Z][\w'-]*\.?){1,3})"
              r"\s*(?:,|\(|\bis\b|\s[-–](?=\s))\s*(?:aged\s+|now\s+)?"
              rf"(?P<age>{ANY_AGE})"
              r"(?=\s*[,.;()]|\s+(?:years?|yrs?|y)?\s*(?:old|was|is|presents?|presented|has|with)\b)"),
    ("life", r"\b(?:day|dol)\s+(?P<day>\d{1,2})(?:\s+of\s+life)?\b|"
             r"\b(?P<day2>\d{1,2})(?:st|nd|rd|th)?\s+day\s+of\s+life"),
    ("event", rf"\b(?:at|when|by|from|since|until)\s+{_ABOUT}\s*(?P<age>{DURATION}){_NOT_AFTER}"),
    ("decade", r"\bin\s+(?:his|her|their|the)\s+(?:early|mid|middle|late)?[\s-]*(?P<decade>[2-9]0)['’]?s\b"),
    ("decade", rf"\bin\s+(?:his|her|their|the)\s+(?:early|mid|middle|late)?[\s-]*(?P<decade>{TENS})ies\b"),
    ("decade", r"\b(?P<decade>second|third|fourth|fifth|sixth|seventh|eighth)\s+decade\b"),
    ("newborn", rf"\b(?:newborn|neonate)\b{_NOT_A_BABY}"),
)  # fmt: skip
"""Kind and pattern; PATIENT stands for the words for persons who are no relatives."""
