"""Findings from what is measured at the bedside and seen on the bones: pressure, dipsticks, density, vertebrae."""

import re
from collections.abc import Iterator

from raredxr1.knowledge.recognition.hits import Hit

_PRESSURE = re.compile(
    r"\b(?:BP|(?i:blood pressure))\b(?: (?:was|of|is|at|on)\b| arrival| admission|[:=,|]|\s){0,5}"
    r"(?P<systolic>\d{2,3})\s?/\s?(?P<diastolic>\d{2,3})(?!\d)(?P<behind>[^.;\n]{0,70})"
)
_HIGH_FOR_AGE = re.compile(
    r"(?:[\s,(–-]|\b(?:mmHg|which|is|was|in|the|right|left|arm|leg|sitting|lying|supine)\b)*"
    r"(?:(?:above|over|>|greater than|exceed\w*)\s*(?:the\s*)?9[0-9](?:\.\d)?(?:st|nd|rd|th)?\s*"
    r"(?:per)?cent|\b(?:high|raised|elevated)\b|\bhypertensive\b|stage [12]\b|H\b)",
    re.IGNORECASE,
)
_YOUNG = re.compile(
    r"\b(?:boy|girl|infant|baby|toddler|newborn|neonate|\d{1,2}[- ]?(?:month|week|day)s?[- ]old|"
    r"(?:aged? )?(?:[0-9]|1[0-2])[- ]?(?:y\b|yo\b|yrs?\b|years?\b)|pa?ediatric)",
    re.IGNORECASE,
)
_NEWBORN = re.compile(
    r"\bneonat\w+|\bnewborn|\bday \d{1,2} of life|\b\d{1,2}[- ]days?[- ](?:old|of age)|\bpreterm|"
    r"\bpremature baby|\bNICU\b|\bDOL\b",
    re.IGNORECASE,
)
_DIPSTICK = re.compile(
    r"\b(?:urine(?:[ ]dip(?:stick)?)?|dip(?:stick)?|urinalysis|UA)\b[ \t]*(?:\([^()\n]{0,30}\)|showed|shows|:|-|–|=|"
    r"was|revealed|positive for|[ \t])*(?P<pads>[^.;\n]{0,120})",
    re.IGNORECASE,
)
_PADS = {
    "prot|protein": "HP:0000093",
    "bld|blood|rbc|haem": "HP:0000790",
    "glu|glucose": "HP:0003076",
    "ket|ketones|ketone": "HP:0002919",
}
_PAD = re.compile(
    rf"\b(?P<name>{'|'.join(_PADS)})\b[ \t]*[:=]?[ \t]*(?P<result>[1-4]\+|\+{{1,4}}|[1-4](?=[,.;\s]|$)|"
    r"neg(?:ative)?\b|nil\b|none\b|-ve|absent\b|large\b|moderate\b)",
    re.IGNORECASE,
)
_DENSITY = re.compile(
    r"\b(?:DE?XA|BMD|bone (?:mineral )?density|densitometry)\b(?:(?!\bZ\b|\bT\b)[^;\n]){0,60}?"
    r"\b[TZ][- ]?scores?\b[^\d.;\n+−–-]{0,25}(?P<score>[+−–-]?\s?\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
_LEVEL = r"(?:[TL]|D(?=\d))\d{1,2}"
_LEVELS = rf"{_LEVEL}(?:(?:\s*,\s*|\s*(?:and|&|[-–/])\s*)(?:{_LEVEL}|\d{{1,2}}))*"
_CRUSHED = r"(?P<{0}>compress\w*|collaps\w*|crush\w*)|(?P<{0}_wedged>wedg\w*)"
_VERTEBRAE = re.compile(
    rf"\b{_LEVELS}\b(?:\s+(?:vertebra\w*|bod(?:y|ies)|is|are|was|were|has|have|been|both|all|now|mildly|partly|anterior)\b)*\s+"
    rf"(?:{_CRUSHED.format('behind')})|"
    rf"\b(?:{_CRUSHED.format('before')})(?:\s+(?:fractures?|deformit\w+))?\s+(?:of|at|in)\s+(?:the\s+)?(?:vertebra\w*\s+)?{_LEVELS}\b",
    re.IGNORECASE,
)
_FELT = re.compile(
    r"\b(?P<organ>liver|spleen)(?:\s+(?:edge|tip|is|was|just|palpable|felt|enlarged|at|to|by|about|down|smooth|firm|soft|"
    r"non-?tender))*[ :=+]*\s*(?P<size>\d(?:\.\d)?)\s?cms?\b(?!\s*(?:in length|long|span|x|across))",
    re.IGNORECASE,
)
_FELT_LEAST = {"liver": 2.0, "spleen": 1.0}
_FELT_MOST = 9.0
"""Centimetres from which on it is felt to be enlarged, and up to which no span is meant."""
_SCANNED = re.compile(r"\b(?:ultraso\w+|USS?|CT|MRI?|scan\w*|sonogra\w+)\b", re.IGNORECASE)
_NONE = frozenset(("neg", "negative", "nil", "none", "-ve", "absent"))


def pressures(text: str) -> Iterator[Hit]:
    """Hypertension and hypotension by blood pressure in mmHg: high at any age, low below every usual limit.

    What is normal for a grown-up may be high for a child: what the note says of it counts, and a pressure is called
    normal only where it is so at every age, or where nobody young is in the note.
    """
    young = of_a_child(text)
    for match in _PRESSURE.finditer(text):
        systolic, diastolic = int(match["systolic"]), int(match["diastolic"])
        place = match.start(), match.end("diastolic")
        if systolic >= 140 or diastolic >= 90 or _HIGH_FOR_AGE.match(match["behind"]):
            yield Hit("HP:0000822", *place, "value", measured=True)
        elif systolic < (50 if _NEWBORN.search(text) else 75):
            yield Hit("HP:0002615", *place, "value", measured=True)
        elif (systolic < 100 and diastolic < 65) or (systolic < 130 and diastolic < 85 and not young):
            yield Hit("HP:0000822", *place, "value", normal=True, measured=True)


def of_a_child(text: str) -> bool:
    """Whether somebody young is named at the head of a note."""
    return bool(_YOUNG.search(text, 0, 600))


def dipsticks(text: str) -> Iterator[Hit]:
    """Findings of urine dipsticks: "urine dip: prot 3+, blood neg, ketones ++"."""
    for stick in _DIPSTICK.finditer(text):
        for match in _PAD.finditer(text, *stick.span("pads")):
            term = next(term for names, term in _PADS.items() if match["name"].lower() in names.split("|"))
            yield Hit(term, *match.span(), "value", match["result"].lower() in _NONE, measured=True)


def bone_densities(text: str) -> Iterator[Hit]:
    """Bone density by its score: two standard deviations below the mean are low, one below is not."""
    for match in _DENSITY.finditer(text):
        score = float(re.sub(r"\s", "", match["score"]).replace("−", "-").replace("–", "-"))
        if score <= -2 or score >= -1:
            yield Hit("HP:0004349", *match.span(), "value", normal=score >= -1, measured=True)


def organs(text: str) -> Iterator[Hit]:
    """Liver and spleen by how far they are felt: "liver 3 cm", "spleen palpable 4cm"; not by their span on a scan."""
    for match in _FELT.finditer(text):
        size = float(match["size"])
        line = text[max(text.rfind("\n", 0, match.start()), match.start() - 60) + 1 : match.start()]
        if size < _FELT_LEAST[match["organ"].lower()] or size > _FELT_MOST or _SCANNED.search(line):
            continue
        yield Hit("HP:0002240" if match["organ"].lower() == "liver" else "HP:0001744", *match.span(), "value")


def vertebrae(text: str) -> Iterator[Hit]:
    """Vertebrae by their numbers that are compressed or wedged: "T7 and L2 are compressed"."""
    for match in _VERTEBRAE.finditer(text):
        wedged = match["behind_wedged"] or match["before_wedged"]
        yield Hit("HP:0008422" if wedged else "HP:0002953", match.start(), match.end(), "value")
