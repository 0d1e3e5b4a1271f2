"""Findings told by scores and by charts of power: "MoCA 19/30", "UL prox 3/5 dist 4/5", "sats 98% on air".

Limits of cognitive scales are those of their authors: MoCA below 26 (Nasreddine et al. 2005, J Am Geriatr Soc 53:695),
MMSE below 24 (Folstein et al. 1975, J Psychiatr Res 12:189), ACE below 82 (Mioshi et al. 2006, Int J Geriatr Psychiatry
21:1078). Grades of power are those of the Medical Research Council.
"""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

COGNITIVE_IMPAIRMENT, HYPOXEMIA = "HP:0100543", "HP:0012418"
_SCALES = {
    "moca": (26, 26, 30),
    "montreal": (26, 26, 30),
    "mmse": (24, 27, 30),
    "mini": (24, 27, 30),
    "ace": (82, 88, 100),
    "adden": (82, 88, 100),
}
"""Name of a scale as it begins -> below this it is impaired, from this on it is not, the greatest score."""
_SCALE = rare(
    r"\b(?P<scale>MoCA|MOCA|MMSE|(?i:Montreal cognitive assessment)|(?i:mini[- ]mental)(?: state)?(?: "
    r"examination| exam| test)?|"
    r"ACE[- ]?(?:III|R|3)|(?i:Addenbrooke)\S*(?: cognitive examination)?)\b"
    r"(?:\s*(?:\([^()\n]{1,20}\)|score|scored|of|was|is|at|only|today|total|:|=|,)){0,5}\s*"
    r"(?P<score>\d{1,3})(?:\s?(?:/|out of)\s?(?P<most>\d{2,3}))?(?![\d%]|\.\d|\s?(?:years|yrs|months))"
)
_GRADE = re.compile(r"(?<![\d/.])(?P<grade>[0-5])(?P<sign>[+-]?)(?:\s?(?:-|–|to)\s?[0-5][+-]?)?\s?/\s?5(?![\d/])")
_POWER = re.compile(r"\b(?:power|strength|MRC|weak\w*|prox\w*|dist\w*|motor)\b", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:(?P<upper>UL|UE|ULs|UEs|(?i:upper limbs?|upper extremit(?:y|ies)|arms?))|"
    r"(?P<lower>LL|LE|LLs|LEs|(?i:lower limbs?|lower extremit(?:y|ies)|legs?))|"
    r"(?P<prox>(?i:prox(?:imal(?:ly)?)?))|(?P<dist>(?i:dist(?:al(?:ly)?)?)))\b"
)
_SENTENCE = re.compile(r"[.;\n](?=\s|$)")
_REACH = 70
"""Letters before a grade in which its limb stands."""
_BEHIND = re.compile(
    r"[ \t]*(?:in |of |at )?(?:the |both |all )?(?:"
    r"(?P<prox>prox(?:imal(?:ly)?)?)|(?P<dist>dist(?:al(?:ly)?)?))\b(?!\s*[0-5][+-]?\s?/)",
    re.IGNORECASE,
)
_TERMS = {
    ("upper", ""): "HP:0003484",
    ("upper", "prox"): "HP:0008997",
    ("upper", "dist"): "HP:0008959",
    ("lower", ""): "HP:0007340",
    ("lower", "prox"): "HP:0008994",
    ("lower", "dist"): "HP:0009053",
    ("", "prox"): "HP:0003701",
    ("", "dist"): "HP:0002460",
}
_SATURATED = rare(
    r"\b(?i:sats?|SpO2|SaO2|(?:oxygen |O2 )?saturations?)\b(?:\s*(?:of|was|were|is|are|at|:|=))?\s*"
    r"(?P<value>9[6-9]|100)\s?%?"
    r"\s*,?\s*(?:\(|(?i:on|in|breathing)\s+)?(?:RA\b|(?i:room air|air)\b)"
)


def scores(text: str) -> Iterator[Hit]:
    """Such findings, in no order."""
    for match in _SCALE.finditer(text):
        named = match["scale"].lower()
        low, fine, most = next(limits for name, limits in _SCALES.items() if named.startswith(name))
        score = int(match["score"])
        if score <= most == int(match["most"] or most) and (score < low or score >= fine):
            yield Hit(COGNITIVE_IMPAIRMENT, *match.span(), "value", normal=score >= fine, measured=True)
    for match in _SATURATED.finditer(text) if "RA" in text or "air" in text else ():
        yield Hit(HYPOXEMIA, *match.span(), "value", normal=True, measured=True)
    yield from limb_grades(text)


def limb_grades(text: str) -> Iterator[Hit]:
    """Weakness of a limb or its near or far part, by a grade below 5 that stands behind its name."""
    for match in _GRADE.finditer(text) if "/5" in text or "/ 5" in text else ():
        if match["grade"] == "5":
            continue
        begin = max(0, match.start() - _REACH)
        begin = max((stop.end() for stop in _SENTENCE.finditer(text, begin, match.start())), default=begin)
        limb = part = ""
        start = match.start()
        for named in _PART.finditer(text, begin, match.start()):
            if named["upper"] or named["lower"]:
                limb, part = "upper" if named["upper"] else "lower", ""
                start = named.start()
            else:
                part = "prox" if named["prox"] else "dist"
                start = named.start() if _GRADE.search(text, start, match.start()) or not limb else start
        behind = _BEHIND.match(text, match.end())
        if behind:
            part = "prox" if behind["prox"] else "dist"
        if (term := _TERMS.get((limb, part))) and _POWER.search(text, begin, match.end()):
            yield Hit(term, start, match.end(), "value", measured=True)
