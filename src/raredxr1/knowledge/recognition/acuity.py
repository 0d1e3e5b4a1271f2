"""Visual acuity as eye clinics write it: Snellen fractions, decimals, logMAR, counting fingers, light perception.

The worst value behind one naming of acuity counts, within the same sentence or so: "20/20 in the right eye and 20/200
in the left" is a reduced acuity. Values between `_REDUCED` and `_NORMAL` are left alone.
"""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit

REDUCED, SEVERE, NO_LIGHT = "HP:0007663", "HP:0001141", "HP:0030553"
_REDUCED = 0.7
"""Decimal acuity below which it is reduced."""
_NORMAL = 0.9
REACH = 130
"""Letters behind the naming of acuity that its values stand in."""
_NAMED = re.compile(
    r"\b(?:(?:best[- ]corrected |corrected |uncorrected |unaided |distance |initial |presenting ){0,3}"
    r"visual acuit(?:y|ies)|BCVA|UCVA|VA|vision (?:was|of|is|at))\b(?:\s?\(\w{2,5}\))?",
    re.IGNORECASE,
)
_PARTS = ("acuit", "Acuit", "ACUIT", "VA", "va ", "vision ", "Vision ", "VISION ")
"""One of these is in every naming of acuity."""
_VALUE = re.compile(
    r"(?P<logmar>\d\.\d+ ?logMAR)|\b(?P<over>20|6|5)\s?/\s?(?P<under>\d{1,4}(?:\.\d)?)\b|"
    r"(?<![\d.,/])(?P<decimal>[01]\.\d{1,3})(?![\d/])|"
    r"(?P<none>\bno (?:light perception|perception of light)|\bNLP\b)|"
    r"(?P<low>\bcount(?:ing)? fingers?|\bfinger counting|\bhand (?:motions?|movements?)|\blight perception|"
    r"\bperception of light|\bCF\b|\bHM\b|\bLP\b)",
    re.IGNORECASE,
)
_END = re.compile(r"[.;](?=\s)|\n\s*\n|\b(?:intraocular pressure|IOP|refraction|axial length)\b", re.IGNORECASE)


_IN_WORDS = re.compile(
    r"\b(?:vision|eyesight|sight|visual acuity|acuity|VA)\s+(?:in|of|on)\s+(?:both|the|either|his|her|each|one|R|L)\s*"
    r"(?:right |left |other |better |worse )?(?:eyes?)?\s+(?:is|was|were|had been|has been|has become|became|"
    r"had become|being)\s+"
    r"(?:\w+ly |very |quite |rather |only |now ){0,2}(?:reduced|poor|impaired|decreased|diminished|low|blurred|"
    r"worse|bad|subnormal)\b",
    re.IGNORECASE,
)


_SOMEWHERE = ("sion in", "sion of", "sion on", "sight in", "sight of", "acuity in", "acuity of", "va in", "va on")


def acuities_in_words(text: str) -> Iterator[Hit]:
    """Acuity that is called reduced with an eye named in between: "vision in both eyes was reduced"."""
    if not any(words in text.lower() for words in _SOMEWHERE):
        return
    for match in _IN_WORDS.finditer(text):
        yield Hit(REDUCED, *match.span(), "wording")


def acuities(text: str) -> Iterator[Hit]:
    """Findings that a visual acuity speaks for or against."""
    done = 0
    if not any(part in text for part in _PARTS):
        return
    for named in _NAMED.finditer(text):
        if named.start() < done:
            continue
        stop = _END.search(text, named.end(), named.end() + REACH)
        end = stop.start() if stop else min(len(text), named.end() + REACH)
        places = list(_VALUE.finditer(text, named.end(), end))
        if not places:
            continue
        place = min(places, key=_decimal)
        decimal, done = _decimal(place), places[-1].end()
        if decimal < _REDUCED:
            term = NO_LIGHT if place["none"] else SEVERE if place["low"] else REDUCED
            yield Hit(term, named.start(), place.end(), "value", measured=True)
        elif decimal >= _NORMAL:
            yield Hit(REDUCED, named.start(), place.end(), "value", normal=True, measured=True)


def _decimal(place: re.Match[str]) -> float:
    if place["none"]:
        return -1.0
    if place["low"]:
        return 0.0
    if place["logmar"]:
        return float(10 ** -float(place["logmar"].split()[0].lower().removesuffix("logmar")))
    return float(place["decimal"]) if place["decimal"] else float(place["over"]) / max(float(place["under"]), 1.0)
