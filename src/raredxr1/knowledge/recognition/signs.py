"""Findings that words and figures tell together: bedside signs, bowels, bladder, waking, claudication, sex reversal."""

import re
from collections.abc import Iterator

from raredxr1.knowledge.recognition.hits import Hit

_SIGN = re.compile(
    r"\b(?P<name>Chvostek|Trousseau)(?:['’]?s)?(?:\s+signs?)?\s*(?::|=|was|were|is|both)?\s*"
    r"(?:(?P<there>positive|pos\b|\+ve|\+|present)|(?P<lacking>negative|neg\b|-ve|absent))",
    re.IGNORECASE,
)
_SIGNS = {"chvostek": "HP:0031990", "trousseau": "HP:6000919"}
_DAYS = (
    r"(?:(?P<days>\d{1,2})\s?(?:/7|d\b|days?)|(?P<said>three|four|five|six|seven|eight|nine|ten|several) days?|a week)"
)
_BOWELS = re.compile(
    rf"\b(?:(?-i:BNO)|bowels? (?:have |had |has |were |are |was )?not (?:been )?open(?:ed)?|"
    rf"(?:did|has|had|have) not open(?:ed)? (?:his|her|the|their) bowels|"
    rf"no (?:bowel (?:motions?|movements?)|stools?))\s*(?:x|for|in|since)?\s*(?:the (?:last|past) )?{_DAYS}",
    re.IGNORECASE,
)
_FEWEST = 3
"""Days without a motion that are constipation (Rome IV: fewer than three a week)."""
_BLADDER = re.compile(
    r"\bbladder\b[^.;\n]{0,60}?\b(?:catheter\w*|IDC|drained|residual|retention)\b[^.;\n]{0,25}?"
    r"(?P<amount>\d{3,4})\s?mls?\b",
    re.IGNORECASE,
)
_FULL = 400
"""Millilitres that a bladder holds back in retention."""
_EARLY = re.compile(
    r"\b(?:wakes|waking|(?:is|are) (?:wide |fully )?awake|s?he(?:['’]s|\s+is|\s+gets)\s+(?:wide\s+)?(?:up|awake))"
    r"(?: up)?(?: again| for the day| every (?:day|morning|night)|"
    r" fully| early)?,?\s+(?:at|by|from|since)\s+(?:around |about |half past |a quarter to )?"
    r"(?:[2-5](?:[.:][0-5]\d)?|two|three|four|five)(?:\s*(?:am|a\.m\.?|o['’]clock|in the morning)(?!\w)|"
    r"(?=\s*(?:[.,;)\n]|and\b|every|each|most|for the day|$)))",
    re.IGNORECASE,
)
_LIMB = r"(?:fore)?arms?|calf|calves|legs?|thighs?|buttocks?|hand"
_EXERTED = (
    r"(?:when|while|on|after|with|during)\s+(?:\w+\s+){0,3}?(?:walking|writing|using|lifting|climbing|exertion|exercise|"
    r"combing|brushing|hanging|working|effort)"
)
_RESTED = (
    r"(?:(?:settl|eas|reliev|go|subsid|resolv|pass|stop|disappear|better)\w*)\s+(?:\w+\s+){0,4}?(?:rest\w*|stopp\w*|standing|"
    r"pausing)"
)
_LIMPS = re.compile(
    rf"\b(?:cramp\w*|pains?|aches?|aching|heaviness|tiredness)\b[^.;\n]{{0,30}}?\b(?:{_LIMB})\b[^.;\n]{{0,15}}?\b{_EXERTED}\b"
    rf"[^.;\n]{{0,50}}?\b{_RESTED}",
    re.IGNORECASE,
)
_GENITALIA = re.compile(
    r"\bgenitalia\b\s*(?::|are|were|is|appear\w*|look\w*)?\s*(?:entirely |normal |phenotypically )?"
    r"(?P<one>female|male)\b|"
    r"\b(?P<two>female|male)[- ](?:appearing |looking |type )?(?:external )?genitalia\b",
    re.IGNORECASE,
)
_KARYOTYPE = re.compile(r"(?<![\w/])46,\s?X(?P<y>[XY])(?![\w,(/]|\s?/)")


def signs(text: str) -> Iterator[Hit]:
    """Such findings, in no order."""
    for match in _SIGN.finditer(text) if "ek" in text or "sseau" in text else ():
        yield Hit(_SIGNS[match["name"].lower()], *match.span(), "value", normal=bool(match["lacking"]), measured=True)
    for match in _BOWELS.finditer(text):
        if not match["days"] or int(match["days"]) >= _FEWEST:
            yield Hit("HP:0002019", *match.span(), "value", measured=True)
    for match in _BLADDER.finditer(text):
        if int(match["amount"]) >= _FULL:
            yield Hit("HP:0000016", *match.span(), "value", measured=True)
    for pattern, term in ((_EARLY, "HP:0031356"), (_LIMPS, "HP:0004417")):
        for match in pattern.finditer(text):
            yield Hit(term, *match.span(), "wording")
    yield from _sex_reversal(text)


def _sex_reversal(text: str) -> Iterator[Hit]:
    """A karyotype of one sex with the genitalia of the other."""
    karyotype = _KARYOTYPE.search(text)
    genitalia = _GENITALIA.search(text) if karyotype else None
    if karyotype and genitalia:
        told = "Y" if (genitalia["one"] or genitalia["two"]).lower() == "male" else "X"
        if told != karyotype["y"]:
            yield Hit("HP:0012245", *karyotype.span(), "value", measured=True)
