"""How notes write a patient's age: one pattern a way, by kind, in order of reading."""

from raredxr1.cases.ages import BARE, DURATION, SPELT, YEARS_OLD

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
    ("heading", r"(?m:^)[ \t]*(?:re|ref|regarding|patient|name)\b\.?[ \t]*[:–-][^\n]{0,60}?[,()–-][ \t]*"
                rf"(?P<age>{DURATION})(?=[ \t]*(?:old\b|[,.;)\n/]|$|CHI\b|NHS\b|DOB\b|MRN\b|[ ]{{2}}))"),
    ("name", r"(?m:^)[ \t]*(?-i:(?:[A-Z][\w.'’-]*[ \t]+){0,3}[A-Z][\w.'’-]*)[ \t]*[,(–-][ \t]*"
             rf"(?P<age>{_YEARS})(?=[ \t]*(?:old\b|[,.;)/\n]|$))"),
    ("said", rf"\b(?:he|she)(?:['’]s|\s+is)\s+(?:now\s+|just\s+|only\s+|currently\s+)?(?P<age>{DURATION}|{SPELT})"
             r"(?=\s*(?:[.;!)\n]|,(?!\s*\d)|and\s+(?:he|she|has|is|in)\b|$))"),
    ("said", r"(?<!when )(?<!until )(?<!before )(?<!since )(?<!after )(?<!time )(?<!once )\b(?:he|she)"
             rf"(?:['’]s|\s+has|\s+is)?\s+(?:(?:only|just|now|recently)\s+)*turn(?:ed|s|ing)\s+(?P<age>{DURATION}|{SPELT})"
             r"(?=\s*(?:[.;!)\n]|(?:last|this|next|in|on|and)\b|$))"),
    ("heading", r"\bage\s+(?:at|on|when)\s+(?:the\s+)?(?:time\s+of\s+)?(?:assessment|review|visit|referral|clinic|"
                rf"examination|test(?:ing)?|admission|consultation|appointment|seen)\s*[:=-]\s*(?P<age>{DURATION})"),
    ("given", rf"(?-i:\b[A-Z][a-z]+)\s+is\s+(?:now\s+|just\s+|only\s+)?(?P<age>{DURATION}|{SPELT})"
              r"(?=\s*(?:[.;!)\n]|,(?!\s*\d)|and\s+(?:he|she|has|is|in)\b))"),
    ("heading", rf"\b{HEAD}\s*[:=-]?\s*(?:(?:fe)?male|[mf])?\s*[/,]?\s*(?P<age>{ANY_AGE})\s*(?:old)?"),
    ("old", rf"(?P<age>{YEARS_OLD}|{DURATION}(?={OLD})){OLD}?"),
    ("old", rf"(?P<age>{DURATION})\s*(?=(?:[a-z-]+\s+){{0,2}}(?:PATIENT)\b)"),
    ("letter", rf"(?P<age>(?:{DURATION}|(?<![\w.,/])\d{{1,3}}))(?:{OLD})?{LETTER}"),
    ("letter", rf"(?<![\w'])(?P<letter>(?-i:[MF])|♀|♂)\s?[/,]?\s?(?P<age>(?:{DURATION}|\d{{1,3}}))(?![\w/.%])"),
    ("aged", r"\b(?:aged?|ages)\b(?:\s*[:=(]\s*|"
             rf"\s+(?:of|is|was|now|about|around|approximately|only|{_SEEN_AT})\s+|\s+|-)(?P<age>{ANY_AGE})"),
    ("noun", r"\b(?:PATIENT)\b\s*(?:,|\(|\bof\b|\bwho\s+is\b|\bis\b|:)\s*(?:now\s+|currently\s+)?"
             rf"(?P<age>{ANY_AGE}){_NOT_SINCE}"),
    ("title", r"(?-i:\b(?:Mrs?|Ms|Miss|Master)\b\.?(?:\s+[A-Z][\w'-]*){1,3})\s*(?:,|\(|\bis\b)\s*(?:aged\s+|now\s+)?"
              rf"(?P<age>{ANY_AGE})"
              r"(?=\s*[,.;)]|\s+(?:years?|yrs?|y)?\s*(?:old|was|is|presents?|presented|has|with)\b)"),
    ("life", r"\b(?:day|dol)\s+(?P<day>\d{1,2})(?:\s+of\s+life)?\b|"
             r"\b(?P<day2>\d{1,2})(?:st|nd|rd|th)?\s+day\s+of\s+life"),
    ("event", rf"\b(?:at|when|by|from|since|until)\s+{_ABOUT}\s*(?P<age>{DURATION}){_NOT_AFTER}"),
    ("decade", r"\bin\s+(?:his|her|their|the)\s+(?:early|mid|middle|late)?[\s-]*(?P<decade>[2-9]0)['’]?s\b"),
    ("decade", rf"\bin\s+(?:his|her|their|the)\s+(?:early|mid|middle|late)?[\s-]*(?P<decade>{TENS})ies\b"),
    ("decade", r"\b(?P<decade>second|third|fourth|fifth|sixth|seventh|eighth)\s+decade\b"),
    ("newborn", rf"\b(?:newborn|neonate)\b{_NOT_A_BABY}"),
)  # fmt: skip
"""Kind and pattern; PATIENT stands for the words for persons who are no relatives."""
