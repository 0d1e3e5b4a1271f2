"""Puberty and periods that have not begun, or periods that have stopped, by the age of the patient.

No periods up to 14 are no finding, from 15 on Primary amenorrhea; periods that stopped six months ago are Secondary
amenorrhea up to 44, and what comes to everybody later (ACOG Committee Opinion 651, 2015: no menarche by 15). "Breasts
Tanner 1" is delayed puberty in girls from 13 on, testes under 4 mL in boys from 14 on (Palmert and Dunkel 2012, N Engl
J Med 366:443); below those ages the first stage is none, and nothing is said.
"""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.knowledge.recognition.vital_signs import spelt_years
from raredxr1.rare_re import rare

_PRIMARY, _SECONDARY = "HP:0000786", "HP:0000869"
_LATE = 15
"""Years from which on no menarche is a finding."""
_EARLIEST, _MENOPAUSE, _SPARE = 11, 45, 5
"""Years in which periods that stop are a finding; some years later they are none."""
_AGE = re.compile(
    r"\b(?P<age>\d{1,3})(?:[\s-]?(?:years?|yrs?|y/?o|y)\b|[ ]?[FM]\b)|"
    r"\b(?:girl|woman|lady|she|female),? (?:is |of |aged )?(?P<of>\d{1,3})\b|\baged?[: ]{1,2}(?P<aged>\d{1,3})\b",
    re.IGNORECASE,
)
_HEAD = 600
_N = r"(?:\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|many|some|a few)"
_FEW = re.compile(r"\b(?:a|one|two|1|2)\b", re.IGNORECASE)
_MENSES = r"(?:menstrual )?(?:periods?|menses|menstruation|menarche|bleeds)"
_HAD = (
    rf"(?:had (?:a |her |any )?(?:first )?{_MENSES}|"
    rf"(?:started|begun|commenced) (?:her |having )?(?:{_MENSES}|menstruating))"
)
_NOT_BEGUN = rare(
    rf"\b(?:(?:no|nil) {_MENSES} (?:yet|so far|to date|as yet|at present)|"
    rf"(?:has|had|is|have) (?:not|never) (?:yet )?(?:{_HAD}|menstruated|reached menarche|attained menarche)(?: yet)?|"
    rf"(?:hasn|hadn)['’]t (?:yet )?{_HAD}(?: yet)?|"
    rf"(?:her )?{_MENSES} (?:has|have|had)(?: not|n['’]t) (?:yet )?"
    r"(?:started|begun|come|arrived|occurred|commenced|happened)|"
    r"not yet (?:had (?:her |any |a )?(?:periods?|menses)|menstruating|menstruated|"
    r"reached menarche)|pre-?menarch(?:e|al)|never menstruated|"
    rf"no {_MENSES}(?= ?[.,;)\n]))",
    re.IGNORECASE,
)
_STOPPED = rare(
    r"\b(?:(?:her |the )?(?:periods|menses|menstruation) (?:have |has |had )?(?:stopped|ceased|disappeared)|"
    r"(?:has |have |had )?(?:stopped|ceased) menstruating|"
    rf"no (?:periods?|menses) (?:for|in|over) (?:the (?:last|past) |about |over |nearly )?(?P<time>{_N}) "
    rf"(?P<unit>weeks?|months?|years?))(?: (?:about |some |over )?{_N} (?:weeks?|months?|years?) ago)?",
    re.IGNORECASE,
)
_SINCE = re.compile(
    rf" (?:since (?!birth|ever)|for (?:about |over |nearly |some |more than )?(?:the )?(?:last |past )?{_N}\b)"
)
_MENOPAUSE_TOLD = re.compile(
    r"\b(?:her |the )?(?:periods|menses|menstruation) (?:have |has |had )?(?:stopped|ceased) at (?:the age of |"
    r"age )?(?:4[5-9]|5\d)\b",
    re.IGNORECASE,
)
_UNSURE = re.compile(rf"no {_MENSES}", re.IGNORECASE)
"""Of a grown-up that may be of either kind."""
_PARTS = ("eriod", "mens", "Mens", "enarch")


def menses(text: str) -> Iterator[Hit]:
    """Findings of periods; a hit without a term where what is said is none at that age."""
    if not any(part in text for part in _PARTS):
        return
    for match in _MENOPAUSE_TOLD.finditer(text):
        yield Hit("", *match.span(), "value")
    age = years_at_head(text)
    for match in _NOT_BEGUN.finditer(text):
        if _SINCE.match(text, match.end()):  # "has not menstruated since 2019"
            stopped = age is None or _EARLIEST <= age < _MENOPAUSE
            yield Hit(_SECONDARY if stopped else "", *match.span(), "value", measured=True)
            continue
        if age is not None and (age < _LATE or not _UNSURE.fullmatch(match[0])):
            yield Hit(_PRIMARY if age >= _LATE else "", *match.span(), "value", measured=age >= _LATE)
    if age is None:
        return
    for match in _STOPPED.finditer(text):
        unit, time = match["unit"] or "", match["time"] or ""
        brief = unit.startswith("week") or (unit.startswith("month") and _FEW.search(time))
        if _EARLIEST <= age < _MENOPAUSE and not brief:
            yield Hit(_SECONDARY, *match.span(), "value", measured=True)
        elif age >= _MENOPAUSE + _SPARE and not time:
            yield Hit("", *match.span(), "value")


def years_at_head(text: str) -> int | None:
    """Years of age that the head of a note names; None: it names none."""
    match, spelt = _AGE.search(text, 0, _HEAD), spelt_years(text)
    if spelt and (match is None or spelt[0] < match.start()):
        return spelt[1]
    return int(match["age"] or match["of"] or match["aged"]) if match else None


_DELAYED = "HP:0000823"
_FIRST = r"(?:1|I|one)(?![\w/]|\.\d|\s*(?:cm|mm|ml|side))"
_TANNER = r"(?:Tanner(?:\s+stage)?|stage|B(?=1))"
_BREASTS = rare(
    rf"\bbreasts?(?:\s+(?:development|buds?))?\s*(?:is|are|was|were|at|:|-)?\s*{_TANNER}\s*{_FIRST}|"
    rf"\bTanner(?:\s+stage)?\s+{_FIRST}\s+(?:for\s+)?breasts?\b|\bB1[ ,/]{{0,2}}P[1-5]\b|\bprepubertal breasts?\b|"
    r"\bbreasts? (?:is |are |were |was )?prepubertal\b",
    re.IGNORECASE,
)
_TESTES = rare(
    rf"\bgenital(?:ia|s)?\s*(?:is|are|was|were|at|:|-)?\s*{_TANNER}\s*{_FIRST}|\bprepubertal (?:testes|genitalia)\b|"
    r"\b(?:testes|genitalia) (?:are |were |is |was )?prepubertal\b",
    re.IGNORECASE,
)
_GIRLS, _BOYS, _GROWN = 13, 14, 30
"""Years from which a first stage is late, and from which it is no longer told of the patient."""


def puberty(text: str) -> Iterator[Hit]:
    """Delayed puberty by a first stage at an age at which it has begun in others."""
    for pattern, least in ((_BREASTS, _GIRLS), (_TESTES, _BOYS)):
        for match in pattern.finditer(text):
            years = years_at_head(text)
            if years is not None and least <= years < _GROWN:
                yield Hit(_DELAYED, *match.span(), "value", measured=True)
