"""Findings measured at the bedside or seen on the bones: pressure, dipsticks, lymph nodes, density, vertebrae."""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.fluids import stretches_of
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.knowledge.recognition.vital_signs import grown_up
from raredxr1.rare_re import rare

_PRESSURE = rare(
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
    r"\b(?:boy|girl|infant|baby|toddler|newborn|neonat|\d{1,2}[- ]?(?:month|week|day)s?[- ]old|"
    r"(?:aged? )?(?:[0-9]|1[0-2])[- ]?(?:y\b|yo\b|yrs?\b|years?\b)|pa?ediatric)",
    re.IGNORECASE,
)
_NEWBORN = rare(
    r"\bneonat\w+|\bnewborn|\bday \d{1,2} of life|\b\d{1,2}[- ]days?[- ](?:old|of age)|\bpreterm|"
    r"\bpremature baby|\bNICU\b|\bDOL\b",
    re.IGNORECASE,
)
_DIPSTICK = rare(
    r"\b(?:urine(?:[ ]dip(?:stick)?)?|dip(?:stick)?|urinalysis|UA)\b[ \t]*(?:\([^()\n]{0,30}\)|showed|shows|:|-|–|=|"
    r"was|revealed|positive for|[ \t])*(?P<pads>[^.;\n]{0,120})",
    re.IGNORECASE,
)
_PADS = {
    "prot|protein": "HP:0000093",
    "bld|blood|rbc|haem": "HP:0000790",
    "glu|gluc|glucose": "HP:0003076",
    "ket|ketones|ketone": "HP:0002919",
}
_PAD = re.compile(
    rf"\b(?P<name>{'|'.join(_PADS)})\b[ \t]*[:=]?[ \t]*(?P<result>[1-4]\+|\+{{1,4}}|[1-4](?=[,.;\s]|$)|"
    r"neg(?:ative)?\b|nil\b|none\b|-ve|absent\b|large\b|moderate\b)",
    re.IGNORECASE,
)
_PAD_NAME = re.compile(r"blood|protein|glucose|ketones?", re.IGNORECASE)
_STICK_SHOWED = rare(
    r"\b(?:dip(?:stick)?|urinalysis)\b[^.;\n]{0,60}?\b(?:showed|shows|revealed|had|positive for|found|with)\s+"
    r"(?P<pads>(?:blood|protein|glucose|ketones?)(?:\s*(?:,|and|&|/)\s*(?:and\s+)?(?:blood|protein|glucose|ketones?))*)\b"
    r"(?!\s*(?:\d|\+|:|neg))",
    re.IGNORECASE,
)
"""What a dipstick showed in words: "a dipstick, done for a sore throat, showed blood and protein"."""
_RESULT_FIRST = re.compile(
    rf"(?P<result>(?<!\d)[1-4]\+|\+{{1,4}}|\b(?:large|moderate|neg(?:ative)?|nil|no)\b)[ \t]*"
    rf"(?P<name>{'|'.join(_PADS)})\b",
    re.IGNORECASE,
)
"""Results that stand before what they are of: "UA 2+ blood 1+ prot"."""
_DENSITY = rare(
    r"\b(?:(?:DE?XA|BMD|bone (?:mineral )?density|densitometry)\b(?:(?!\bZ\b|\bT\b)[^;\n]){0,60}?|(?=T[- ]?score))"
    r"(?:\b(?P<kind>[TZ])(?:[- ]?scores?\b[^\d.;\n+−–-]{0,25}|\s?(?=[−–-]\s?\d))(?P<score>[+−–-]?\s?\d+(?:\.\d+)?)|"
    r"(?<=DEXA )(?P<bare>[−–-]\s?\d\.\d)\b)",
    re.IGNORECASE,
)
_LEVEL = r"(?:[TL]|D(?=\d))\d{1,2}"
_LEVELS = rf"{_LEVEL}(?:(?:\s*,\s*|\s*(?:and|&|[-–/])\s*)(?:{_LEVEL}|\d{{1,2}}))*"
_CRUSHED = r"(?P<{0}>compress\w*|collaps\w*|crush\w*)|(?P<{0}_wedged>wedg\w*)"
_VERTEBRAE = rare(
    rf"\b{_LEVELS}\b(?:\s+(?:vertebra\w*|bod(?:y|ies)|is|are|was|were|has|have|been|both|all|now|mildly|partly|anterior)\b)*\s+"
    rf"(?:{_CRUSHED.format('behind')})|"
    rf"\b(?:{_CRUSHED.format('before')})(?:\s+(?:fractures?|deformit\w+))?\s+(?:of|at|"
    rf"in)\s+(?:the\s+)?(?:vertebra\w*\s+)?{_LEVELS}\b",
    re.IGNORECASE,
)
_FELT = rare(
    r"\b(?P<organ>liver|spleen)(?:\s+(?:edge|tip|is|was|just|palpable|felt|enlarged|at|to|by|about|down|smooth|firm|soft|"
    r"non-?tender))*[ :=+]*\s*(?P<size>\d(?:\.\d)?)\s?cms?\b(?!\s*(?:in length|long|span|x|across))",
    re.IGNORECASE,
)
_FELT_LEAST = {"liver": 2.0, "spleen": 1.0}
_NO_SPLEEN = rare(
    r"\bno (?:palpable )?(?:(?:liver|kidneys?|mass(?:es)?|nodes?) ?(?:,|or|and|/) ?)?spleen\b"
    r"(?! (?:was |is |could be |can be )?(?:seen|visible|visuali[sz]ed|identified|found|present|on|tissue))",
    re.IGNORECASE,
)
_FELT_MOST = 9.0
"""Centimetres from which on it is felt to be enlarged, and up to which no span is meant."""
_SCANNED = re.compile(r"\b(?:ultraso\w+|USS?|CT|MRI?|scan\w*|sonogra\w+)\b", re.IGNORECASE)
_NONE = frozenset(("neg", "negative", "nil", "none", "-ve", "absent", "no"))


def pressures(text: str) -> Iterator[Hit]:
    """Hypertension and hypotension by blood pressure in mmHg: high at any age, low below every usual limit.

    What is normal for a grown-up may be high for a child: what the note says of it counts, and a pressure is called
    normal only where it is so at every age, or where nobody young is in the note.
    """
    young, adult = of_a_child(text), grown_up(text)
    for match in _PRESSURE.finditer(text):
        systolic, diastolic = int(match["systolic"]), int(match["diastolic"])
        place = match.start(), match.end("diastolic")
        if systolic >= 140 or diastolic >= 90 or _HIGH_FOR_AGE.match(match["behind"]):
            yield Hit("HP:0000822", *place, "value", measured=True)
        elif systolic < (50 if _NEWBORN.search(text) else 75) or (adult and _is_low(systolic, diastolic)):
            yield Hit("HP:0002615", *place, "value", measured=True)
        elif (systolic < 100 and diastolic < 65) or (systolic < 130 and diastolic < 85 and not young):
            yield Hit("HP:0000822", *place, "value", normal=True, measured=True)


_LYING, _STANDING = r"(?:lying|supine|flat|recumbent|sitting)", r"(?:standing|upright|erect|tilt)"
_TWO = r"(?P<{0}>\d{{2,3}})\s?/\s?(?P<{0}_low>\d{{2,3}})"
_POSTURAL = (
    rare(
        rf"\b{_LYING}\b[^.;\n\d]{{0,20}}{_TWO.format('first')}"
        rf"[^.;\n\d]{{0,40}}?\b{_STANDING}\b"
        rf"[^.;\n\d]{{0,20}}(?:\d{{1,2}} ?(?:min\w*|/60)[ ):,]*)?{_TWO.format('then')}",
        re.IGNORECASE,
    ),
    rare(
        rf"\b(?:BP|blood pressure)\b[^.;\n\d]{{0,15}}{_TWO.format('first')}[^.;\n\d]{{0,12}}\b{_LYING}\b"
        rf"[^.;\n\d]{{0,30}}{_TWO.format('then')}[^.;\n]{{0,35}}\b{_STANDING}\b",
        re.IGNORECASE,
    ),
)
_FALL, _FALL_LOW = 20, 10
"""mmHg that the pressure falls on standing in orthostatic hypotension (Freeman 2011, consensus statement)."""


def falls_on_standing(text: str) -> Iterator[Hit]:
    """Orthostatic hypotension by pressures in two positions: "BP lying 118/70 standing 84/50"."""
    for pattern in _POSTURAL:
        for match in pattern.finditer(text):
            fall = int(match["first"]) - int(match["then"]), int(match["first_low"]) - int(match["then_low"])
            there = fall[0] >= _FALL or fall[1] >= _FALL_LOW
            if not there and max(fall) > _FALL_LOW / 2:
                continue  # it falls, not so far
            yield Hit("HP:0001278", match.start("then"), match.end(), "value", normal=not there, measured=True)


def _is_low(systolic: int, diastolic: int) -> bool:
    """Whether a pressure is low in a grown-up: below 90, or below 60 where the systolic is low, too."""
    return systolic < 90 or (systolic < 98 and diastolic < 60)


def of_a_child(text: str) -> bool:
    """Whether somebody young is named at the head of a note."""
    return bool(_YOUNG.search(text, 0, 600))


def dipsticks(text: str) -> Iterator[Hit]:
    """Findings of urine dipsticks: "urine dip: prot 3+, blood neg, ketones ++"."""
    for stick in _DIPSTICK.finditer(text):
        pad = _RESULT_FIRST if _RESULT_FIRST.match(text, stick.start("pads")) else _PAD
        for match in pad.finditer(text, *stick.span("pads")):
            yield _of_pad(match)
    yield from (_of_pad(match) for match in _PLUSES.finditer(text))
    for found in _STICK_SHOWED.finditer(text):
        for match in _PAD_NAME.finditer(text, *found.span("pads")):
            term = next(term for names, term in _PADS.items() if match[0].lower() in names.split("|"))
            yield Hit(term, *match.span(), "wording")
    for start, end, fluid in stretches_of(text):
        for match in _PAD.finditer(text, start, end) if fluid == "urine" else ():
            if not match["result"].isdigit():  # "protein 3 g/day"
                yield _of_pad(match)


def _of_pad(match: re.Match[str]) -> Hit:
    term = next(term for names, term in _PADS.items() if match["name"].lower() in names.split("|"))
    return Hit(term, *match.span(), "value", match["result"].lower() in _NONE, measured=True)


_PLUSES = rare(r"\b(?P<name>ketones?|protein|glucose)[ :]{1,2}(?P<result>[1-4]\+)(?!\d)", re.IGNORECASE)
"""Results that a dipstick alone has, wherever they stand: "ketones 4+ in urine"."""


def bone_densities(text: str) -> Iterator[Hit]:
    """Bone density by its score: two standard deviations below the mean are low, one below is not.

    Two and a half below that of young adults (T) are osteoporosis (WHO 1994, Technical Report 843).
    """
    for match in _DENSITY.finditer(text):
        score = float(re.sub(r"\s", "", match["score"] or match["bare"]).replace("−", "-").replace("–", "-"))
        if score <= -2 or score >= -1:
            term = "HP:0000939" if score <= -2.5 and match["kind"] in ("T", "t") else "HP:0004349"
            yield Hit(term, *match.span(), "value", normal=score >= -1, measured=True)


def organs(text: str) -> Iterator[Hit]:
    """Liver and spleen by how far they are felt: "liver 3 cm", "spleen palpable 4cm"; not by their span on a scan."""
    for match in _FELT.finditer(text):
        size = float(match["size"])
        line = text[max(text.rfind("\n", 0, match.start()), match.start() - 60) + 1 : match.start()]
        organ = match["organ"].lower()
        small = size < _FELT_LEAST[organ]
        if size <= _FELT_MOST and not _SCANNED.search(line) and not (small and organ == "spleen"):
            yield Hit("HP:0002240" if organ == "liver" else "HP:0001744", *match.span(), "value", normal=small)
    for match in _NO_SPLEEN.finditer(text):
        yield Hit("HP:0001744", *match.span(), "value", normal=True)


def vertebrae(text: str) -> Iterator[Hit]:
    """Vertebrae by their numbers that are compressed or wedged: "T7 and L2 are compressed"."""
    for match in _VERTEBRAE.finditer(text):
        wedged = match["behind_wedged"] or match["before_wedged"]
        yield Hit("HP:0008422" if wedged else "HP:0002953", match.start(), match.end(), "value")


_WASTED = {
    "magnesium|mg|femg": "HP:0005567",
    "potassium|k": "HP:0000128",
    "sodium|na|salt": "HP:0000127",
    "phosphate|po4|phosphorus": "HP:0000117",
}
_WASTING = rare(
    rf"\b(?P<salt>{'|'.join(_WASTED)})\b(?:(?!\b(?:{'|'.join(_WASTED)})\b)(?:[^.;\n]|\.(?=\d))){{0,60}}?"
    r"\b(?:renal|urinary|kidney|tubular) (?:wasting|losses|loss)\b",
    re.IGNORECASE,
)


def wastings(text: str) -> Iterator[Hit]:
    """Salts that the kidney wastes, said behind their value: "magnesium 6.2 mmol, renal wasting"."""
    for match in _WASTING.finditer(text):
        term = next(term for names, term in _WASTED.items() if match["salt"].lower() in names.split("|"))
        yield Hit(term, *match.span(), "value")


_UNELICITED = rare(
    r"(?:(?:could|can|did|was|were|is|are)(?:n['’]t| not|not) (?:able to )?|unable to |difficult to )"
    r"(?:elicit|obtain|get|find|produce)\s+(?:any |his |her |the |either |both )?(?P<one>knee|ankle|patellar|"
    r"achilles|lower limb|leg|"
    r"upper limb|arm|deep tendon|tendon|biceps)?\s*(?:jerks?|reflexes|reflex|DTRs)\b|"
    r"\b(?P<other>knee|ankle|patellar|achilles|lower limb|leg|upper limb|arm|deep tendon|tendon|"
    r"biceps)?\s*(?:jerks|reflexes|DTRs)\s+"
    r"(?:(?:could|can) ?not be|were not|are not|not|un)\s?-?(?:elicited|elicitable|obtained|obtainable|"
    r"elicit(?:ed)?)\b",
    re.IGNORECASE,
)
_JERK = rare(r"[Jj]erk|[Rr]eflex|DTR")
_REFLEXES = {
    "knee": "HP:0006844",
    "patellar": "HP:0006844",
    "ankle": "HP:0003438",
    "achilles": "HP:0003438",
    "lower limb": "HP:0002522",
    "leg": "HP:0002522",
}
_YEARS = r"\s?(?i:y|yrs?|years?|yo)?(?:[ ,]*(?:and )?(?P<{0}_months>\d{{1,2}})\s?(?i:m|mo|mths?|months?))?\b"
_BONE_AGE = rare(
    r"\b(?:BA|(?i:bone age|skeletal age))\b(?i: (?:was|is|of|reported|read|as|at|by|only|about|TW[23]|G&P)\b|"
    rf"[:=~ ]){{0,4}}\s*(?P<bone>\d{{1,2}}(?:\.\d{{1,2}})?){_YEARS.format('bone')}"
    r"(?:[ ,;(/-]*(?i:(?:at|for|with|and|vs\.?|against|when) ?)?(?i:an? |the |her |his )?"
    r"(?:(?:CA|(?i:chronological(?: age)?|chron(?:\.| age)|actual age|age))(?i: (?:was|is|of)|[:= ]){0,3}|"
    r"(?<=at )|(?<=vs )|(?<=vs\. )|(?<=against ))"
    rf"\s*(?P<years>\d{{1,2}}(?:\.\d{{1,2}})?){_YEARS.format('years')})?"
)
_NO_AGE = re.compile(
    r"[ ,(]*(?:years? |yrs? |y )?(?:behind|delay\w*|advance\w*|ahead|below|above|less|more|\d|at\b|when\b|in \d|"
    r"then\b)"
)
"""Behind a number of years that is no bone age of today."""
_TODAY = re.compile(
    rf"\b(?P<years>\d{{1,2}}(?:\.\d)?)(?=[\s-]?(?i:y)){_YEARS.format('years')}(?i:[- ]?(?:years?)?[- ]?(?:old|"
    rf"of age))?"
)
"""The age at the head of a note."""
_APART = 1.9
"""Years that bone age and age are apart where it is delayed or advanced, some two standard deviations."""
_ALIKE = 1.0


def reflexes(text: str) -> Iterator[Hit]:
    """Reflexes that could not be elicited, which is no denial of them but a finding."""
    done = 0
    for named in _JERK.finditer(text):
        match = _UNELICITED.search(text, max(done, named.start() - 60), named.start() + 60)
        if match is None:
            continue
        done = match.end()
        which = (match["one"] or match["other"] or "").lower()
        yield Hit(_REFLEXES.get(which, "HP:0001284"), *match.span(), "value", measured=True)


def bone_ages(text: str) -> Iterator[Hit]:
    """Skeletal maturation by bone age and age: "BA 11.5 at CA 14.0"."""
    if not any(words in text for words in ("BA", "one age", "keletal age", "ONE AGE")):
        return
    for match in _BONE_AGE.finditer(text):
        beside = match if match["years"] else None
        if beside is None and not _NO_AGE.match(text, match.end()):
            beside = _TODAY.search(text, 0, min(300, match.start()))
        if beside is None:
            continue
        apart = _in_years(match, "bone") - _in_years(beside, "years")
        if abs(apart) >= _APART:
            yield Hit("HP:0002750" if apart < 0 else "HP:0005616", *match.span(), "value", measured=True)
        elif abs(apart) <= _ALIKE:
            yield Hit("HP:0002750", *match.span(), "value", normal=True, measured=True)


def _in_years(match: re.Match[str], name: str) -> float:
    return float(match[name]) + float(match[f"{name}_months"] or 0) / 12


_NODES = rare(
    r"(?P<sites>(?:\b(?:cervical|axillary|inguinal|supraclavicular|neck|groin|posterior|anterior|left|right|and|bilateral)\s+)*)"
    r"\b(?:lymph )?nodes?\b(?:\s+(?:of|up|to|measuring|palpable|enlarged|were|are|was|both|bilaterally|about|felt|at|"
    r"shotty|firm|rubbery|soft|the|largest|being)){0,5}\s+"
    r"(?:[\d.]+\s?(?:x|-|to)\s?)?(?P<size>\d(?:\.\d)?)\s?cms?\b",
    re.IGNORECASE,
)
_SITES = {
    "cervical": "HP:0025289",
    "neck": "HP:0025289",
    "axillary": "HP:0034752",
    "inguinal": "HP:0034751",
    "groin": "HP:0034751",
    "supraclavicular": "HP:0034750",
}
_LYMPHADENOPATHY = "HP:0002716"


def lymph_nodes(text: str) -> Iterator[Hit]:
    """Enlarged lymph nodes, from 1 cm on, in the groin from 1.5 ("cervical nodes 2 cm"); of a site if one is named."""
    for match in _NODES.finditer(text):
        terms = {term for site, term in _SITES.items() if site in match["sites"].lower()}
        least = 1.5 if terms == {_SITES["groin"]} else 1.0
        if float(match["size"]) >= least:
            term = terms.pop() if len(terms) == 1 else _LYMPHADENOPATHY
            yield Hit(term, *match.span(), "value", measured=True)
