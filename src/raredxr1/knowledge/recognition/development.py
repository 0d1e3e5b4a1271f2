"""Findings told by what a child could do before or cannot do yet: regression, lost words, milestones that are late.

"Regression" by itself is one of development only where the note speaks of a child's development or nervous system; of
a tumour or a rash it is another.
"""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.knowledge.recognition.milestones import AGE, months_of
from raredxr1.rare_re import rare

REGRESSION, LOSS_OF_SPEECH, LATE_SPEECH = "HP:0002376", "HP:0002371", "HP:0000750"
LATE_WALKING, LATE_SITTING = "HP:0031936", "HP:0025336"
_DEVELOPING = re.compile(
    r"\b(?:develop|milestone|speech|language|words|walk|autis|seiz|epilep|encephal|hypoton|ataxi|spastic|GDD|neuro|skills|"
    r"spasms|dystoni|microceph|macroceph|child|infant|boy\b|girl\b|hand movements)|\b(?:from|at|since) (?:age )?\d",
    re.IGNORECASE,
)
_REGRESSION = rare(
    r"(?:(?:^|[\n.;:,(/•*+?-]|\d[.)]|\b(?:no|any|and|or|of|with|had|has|is|without|denies|some|slow|rapid|gradual|clear|definite|"
    r"obvious|global|motor|language|speech|cognitive|psychomotor|developmental|autistic|early|further|marked|h/o|hx|subsequent|"
    r"then|episodes?|severe|skills|social|neurological|neurodevelopmental|possible|query|PC|HPC|dx))[ \t]*)"
    r"(?P<said>regression)\b"
    r"(?=[ \t]*(?:$|[\n.;:,)?(/–-]|(?:at|from|since|after|before|around|aged?|during|over|in|with|and|or|"
    r"following|was|has|noted|"
    r"began|started|of (?:skills|milestones|speech|language|development|motor))\b))",
    re.IGNORECASE,
)
_REGRESSED = rare(
    r"\b(?:he|she|child|boy|girl|son|daughter|development|skills|speech|language|they)\b[^.;\n]{0,25}?\b"
    r"(?P<said>regress(?:ed|ing|es)?)\b(?! (?:on|to the mean))",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"\b(?:caudal|tumou?r|lesions?|rash|LVH|hypertrophy|retin\w+|lymph\w*|metasta\w+|h[ae]+mangiomas?|disease|logistic|linear)\s*$",
    re.IGNORECASE,
)
_LOST_THIS = rare(
    r"\bcould\s+(?:sit|walk|stand|crawl|roll|speak|talk|say|hold|run|feed|reach|grasp|babble)\b[^.;\n]{0,60}?\b"
    r"(?:but|and)\s+(?:had |has |he had |she had |then |later |has since |had since )?"
    r"(?P<said>lost (?:this|that|it|these|the ability|all of this|this skill|these skills))\b",
    re.IGNORECASE,
)
_LOST = rare(
    r"words?\b[^.;\n]{0,50}?\b(?P<said>(?:lost|losing|loses|lose)\b(?: nearly| almost)?"
    r"(?: (?:all|most|many|some|both|several|one|two|three|four|five|half))?(?: of)? (?:them|these|those|all|most)\b)",
    re.IGNORECASE,
)
_NO_LONGER = rare(
    r"no longer (?:says|said|uses|used|has|had|speaks|speaking)\s+(?:any |his |her |single |his first |her first )?"
    r"(?:words?|sentences|phrases)\b|no longer (?:talks|speaks|talking|speaking)\b",
    re.IGNORECASE,
)
_UNTIL = (
    r"\s+(?:(?:un)?till? (?:he|she) was|until|till|til|before|by|at|by the age of|until the age of|at the age of|"
    r"until aged|aged|until after|"
    r"till after)\s+"
)
_NO_WORDS = rare(rf"no (?:\w+ )?words{_UNTIL}{AGE}", re.IGNORECASE)
_NOT_YET = rare(
    r"n(?:['’]t|t|ot|ever)\s+(?:yet |really |properly )?"
    r"(?:(?P<spoke>talk(?:ing)?|speak(?:ing)?|say (?:any|a single|his first|her first) words?|saying (?:any )?words)|"
    r"(?P<walked>walk(?:ing)?|take (?:his|her) first steps)(?: alone| unaided| independently)?|"
    r"sit(?:ting)?(?: up| alone| unsupported| unaided| independently)*)"
    rf"{_UNTIL}{AGE}",
    re.IGNORECASE,
)
_NO_WORDS_FROM, _NO_SPEECH_FROM, _NO_STEPS_FROM, _NOT_SITTING_FROM = 18, 20, 18, 9.5
"""Months from which on what has not come is late."""


def development(text: str) -> Iterator[Hit]:
    """Regression, lost words, and milestones that had not come by an age."""
    lowered = text.lower()
    found = list(_late(text, lowered))
    if "birthday" in lowered:
        found += _by_birthday(text)
    if "regress" in lowered or "lost" in lowered:
        found += _regression(text)
    if " lo" in lowered and "word" in lowered:
        found += [Hit(LOSS_OF_SPEECH, *match.span("said"), "wording") for match in _LOST.finditer(text)]
    if "no longer" in lowered:
        found += [Hit(LOSS_OF_SPEECH, *match.span(), "wording") for match in _NO_LONGER.finditer(text)]
    yield from sorted(found, key=lambda hit: (hit.start, -hit.end))


def _late(text: str, lowered: str) -> Iterator[Hit]:
    for match in _NO_WORDS.finditer(text) if "words" in lowered else ():
        yield from _by_age(match, LATE_SPEECH, _NO_WORDS_FROM)
    for match in _NOT_YET.finditer(text):
        if match["spoke"]:
            yield from _by_age(match, LATE_SPEECH, _NO_SPEECH_FROM)
        elif match["walked"]:
            yield from _by_age(match, LATE_WALKING, _NO_STEPS_FROM)
        else:
            yield from _by_age(match, LATE_SITTING, _NOT_SITTING_FROM)


_BIRTHDAY = rare(
    r"(?:\b(?P<words>(?:first|single) words?|(?:a|any) words?|talk(?:ed|ing)?|spoke|speak(?:ing)?)|"
    r"\b(?P<steps>first steps|walk(?:ed|ing)?))\b"
    r"[^.;\n\d]{0,40}?\b(?:after|around|about|at|by|near|on|until|before|past)\s+(?:well after |just after )?"
    r"(?:his|her|the|their)\s+(?P<ordinal>second|third|fourth|fifth|2nd|3rd|4th|5th)\s+birthday",
    re.IGNORECASE,
)
_BEFORE_TWO = re.compile(r"\b(?:before|by)\s+(?:his|her|the|their)\s+(?:second|2nd)", re.IGNORECASE)


def _by_birthday(text: str) -> Iterator[Hit]:
    """Words or steps that came about a second or a later birthday: "first words came after her third birthday"."""
    for match in _BIRTHDAY.finditer(text):
        if _BEFORE_TWO.search(match[0]) and not re.search(r"\bnot\b|n['’]t\b|\bnever\b", text[: match.start()][-20:]):
            continue
        yield Hit(LATE_SPEECH if match["words"] else LATE_WALKING, *match.span(), "value", measured=True)


def _by_age(match: re.Match[str], term: str, late: float) -> Iterator[Hit]:
    months = months_of(match["age"], match["unit"], in_years=term != LATE_SITTING)
    if months is not None and months >= late:
        yield Hit(term, *match.span(), "value", measured=True)


def _regression(text: str) -> Iterator[Hit]:
    yield from (Hit(REGRESSION, *match.span("said"), "wording") for match in _LOST_THIS.finditer(text))
    found = [
        match.span("said")
        for pattern in (_REGRESSION, _REGRESSED)
        for match in pattern.finditer(text)
        if not _OTHERWISE.search(text, max(0, match.start("said") - 20), match.start("said"))
    ]
    if found and _DEVELOPING.search(text):
        yield from (Hit(REGRESSION, *place, "wording") for place in sorted(set(found)))
