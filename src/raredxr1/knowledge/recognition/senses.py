"""Sight and hearing as clinics write them: acuity, refraction in dioptres, tests of hearing.

Acuity: Snellen fractions, decimals, logMAR, counting fingers, light perception. The worst value behind one naming of it
counts, within the same sentence or so: "20/20 in the right eye and 20/200 in the left" is a reduced acuity. Values
between `_REDUCED` and `_NORMAL` are left alone.

Refraction ("-6.25 DS both eyes", "RE +5.50/-1.00 x 180"): the sphere tells, eye by eye. Below -0.5 D is myopia, from
-6 D on high myopia; above +2 D is hypermetropia, as infants have up to two dioptres of it, and from +6 D on high
hypermetropia. A number counts only in a line that speaks of refraction or glasses, or with its unit.
"""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

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
    r"\bperception of light|\bCF\b|\bHM\b|\bLP\b|\bPL\b)",
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


MYOPIA, HIGH_MYOPIA = -0.5, -6.0
"""Spheres in dioptres from which on an eye is short-sighted, and highly so."""
HYPERMETROPIA, HIGH_HYPERMETROPIA = 2.0, 6.0
"""Spheres in dioptres above which an eye is long-sighted, and highly so."""
_MOST = 30.0
_SIGNED = re.compile(
    r"(?<![\w.+−–/-])(?P<sign>[+−–-])\s?(?P<sphere>\d{1,2}(?:\.\d{1,2})?)(?!\d|\.\d|%)"
    r"(?:\s?(?P<unit>DS?\b|dpt\b|diopt(?:er|re)s?\b))?(?P<cylinder>\s?(?:DS?\s?)?/?\s?[+−–-]\s?\d{1,2}\.\d{2}(?:\s?DC)?\s?(?:[x×@]\s?\d{1,3})?)?",
)
_CONTEXT = re.compile(
    r"\b(?:refract\w*|cycloplegic|retinoscopy|glasses|spectacles|specs|lenses|prescription|Rx|sphere|sph|dioptres?|diopters?|"
    r"short-?sight\w*|long-?sight\w*|myop\w*|hyper(?:metr)?op\w*)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:z|SDS?|T)\s?-?\s?(?:score)?\s*[:=]?\s*$|\b(?:score|axis|cyl\w*|base excess|BE)\s*[:=]?\s*$", re.IGNORECASE
)


def refractions(text: str) -> Iterator[Hit]:
    """The refractive errors that figures tell."""
    if "+" not in text and not re.search(r"[-−–]\s?\d", text):
        return
    for match in _SIGNED.finditer(text):
        line = text.rfind("\n", 0, match.start()) + 1
        stop = text.find("\n", match.end())
        near = text[max(line, match.start() - 120) : match.end() + 40 if stop < 0 else min(stop, match.end() + 40)]
        if not (match["unit"] or _CONTEXT.search(near)) or _OTHER.search(
            text, max(0, match.start() - 20), match.start()
        ):
            continue
        sphere = float(match["sphere"]) * (1 if match["sign"] == "+" else -1)
        if (term := _term(sphere)) and abs(sphere) <= _MOST:
            yield Hit(
                term, match.start(), match.end("unit") if match["unit"] else match.end("sphere"), "value", measured=True
            )


def _term(sphere: float) -> str:
    if sphere <= HIGH_MYOPIA:
        return "HP:0011003"
    if sphere < MYOPIA:
        return "HP:0000545"
    if sphere >= HIGH_HYPERMETROPIA:
        return "HP:0008499"
    return "HP:0000540" if sphere > HYPERMETROPIA else ""


_EYE_PRESSURE = rare(
    r"\b(?:IOPs?|intraocular pressures?)\b[^\d\n.;]{0,25}(?P<one>\d{1,2})(?![\d.:/-]?\d{3}| ?(?:years|yrs|weeks))"
    r"(?:(?: ?mm ?Hg)?(?: ?[/,] ?| and )(?:[RL]E?:? |O[DS] )?(?P<other>\d{1,2})\b)?",
    re.IGNORECASE,
)
_EYE_HIGH, _EYE_LOW = 21, 8
"""mmHg above which the pressure of an eye is raised, and below which it is not called normal."""


def eye_pressures(text: str) -> Iterator[Hit]:
    """A raised pressure of an eye by its figure, the higher of two: "IOP 24/26"."""
    for match in _EYE_PRESSURE.finditer(text):
        highest = max(int(match["one"]), int(match["other"] or 0))
        if _EYE_LOW <= highest < 80:
            yield Hit("HP:0007906", *match.span(), "value", normal=highest <= _EYE_HIGH, measured=True)


_GRADES = {"profound": "HP:0012715", "severe": "HP:0012714", "moderate": "HP:0012713", "mild": "HP:0012712"}
"""The grades with their terms, the worst first."""
_TEST = r"\b(?:A?ABR|BERA|BAER|BSER|PTA|audiogram|audiometry|audiology|hearing tests?)\b"
_GRADE = r"(?:mild|moderate|severe|profound)"
_LOSS = rare(
    rf"{_TEST}[^.;\n\d]{{0,50}}?\b(?P<grades>{_GRADE}(?:\s*(?:to|-|–|/|and)\s*{_GRADE})?)\s+"
    rf"(?:bilateral\s+|binaural\s+)?loss(?:es)?\b(?P<behind>[^.;\n]{{0,40}})",
    re.IGNORECASE,
)
_REFERRED = rare(
    r"\b(?:A?ABR|OAEs?|(?:newborn |neonatal )?hearing screen(?:ing)?|NHSP)\b[^.;\n]{0,25}?"
    r"\b(?:(?:refer(?:red)?|fail(?:ed)?|no clear responses?)\s+(?:on |in |from |the )*"
    r"(?:both (?:sides|ears)|bilaterally|right|left|twice|R\b|L\b)|(?:no|absent) (?:responses?|waves|waveforms)\b)",
    re.IGNORECASE,
)
_SURE = re.compile(r"\b(?:no|not|without|never)\b", re.IGNORECASE)


def hearing_tests(text: str) -> Iterator[Hit]:
    """The loss that tests found, by its worst grade; a screen that sent a child on, as hearing impairment."""
    for match in _LOSS.finditer(text):
        if not _SURE.search(match[0]):
            said = f"{match['grades']} {match['behind']}".lower()
            term = next(term for grade, term in _GRADES.items() if grade in said)
            yield Hit(term, match.start(), match.start("behind"), "value", measured=True)
    for match in _REFERRED.finditer(text):
        yield Hit("HP:0000365", *match.span(), "value", measured=True)
