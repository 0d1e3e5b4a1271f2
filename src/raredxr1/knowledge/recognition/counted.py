"""Findings told by how often something happened: "four chest infections last winter", "fell five times"."""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

LEAST = 3
"""Times from which on something recurs."""
_NUMBERS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
}
_COUNT = (
    rf"(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)}|several|many|lots of|multiple|numerous|countless|endless|constant|"
    r"recurring)"
)
_EVENTS = {
    "chest": ("chest|lung|lower respiratory(?: tract)?", "HP:0002783"),
    "ear": ("ear|middle ear", "HP:0000403"),
    "throat": ("throat", "HP:0100776"),
    "sinus": ("sinus", "HP:0011108"),
    "urine": ("urine|urinary(?: tract)?|water|bladder|kidney", "HP:0000010"),
    "skin": ("skin", "HP:0001581"),
    "respiratory": ("respiratory(?: tract)?", "HP:0002205"),
}
_SITES = "|".join(f"(?P<{name}>{words})" for name, (words, _) in _EVENTS.items())
_GRADED = r"(?:(?:bad|severe|documented|proven|confirmed|further|other|more|separate|serious|nasty)\s+)?"
_INFECTION = rare(r"\binfections\b", re.IGNORECASE)
_INFECTIONS = re.compile(rf"\b{_COUNT}\s+{_GRADED}(?:{_SITES})\s+infections$", re.IGNORECASE)
_AHEAD = 60
"""Letters before "infections" in which their number stands."""
_NAMED = {
    "otitis media|otitis|OM|AOM": "HP:0000403",
    "pneumonia|pneumonias|LRTI|LRTIs": "HP:0006532",
    "tonsillitis": "HP:0011110",
    "sinusitis": "HP:0011108",
    "UTI|UTIs": "HP:0000010",
    "fractures|fracture": "HP:0002757",
}
_TIMES = "|".join(f"(?P<n{number}>{words})" for number, words in enumerate(_NAMED))
_SIGN = re.compile(r"[xX×]\s?(?P<count>\d{1,2})\b")
_BEFORE_SIGN = re.compile(rf"\b(?:{_TIMES})\s*\(?$", re.IGNORECASE)
_ORDINAL = rare(
    rf"\b(?:third|fourth|fifth|sixth|[3-9](?:rd|th))\s+(?:hospital )?(?:admission|episode|bout|attack|"
    rf"time)\s+(?:with|of|for|from)\s+"
    rf"(?:an? )?(?:{_TIMES})\b",
    re.IGNORECASE,
)
"""The third of what recurs: "his third admission with pneumonia"."""
_FALL = rare(r"\b(?:times|falls)\b", re.IGNORECASE)
_FALLS = re.compile(
    rf"\b(?:(?:fallen|fell|falls|falling|fall|tripped)(?: over| down)?\s+(?:about |some |at least )?{_COUNT}\s+times|"
    rf"{_COUNT.replace('count', 'falls')}\s+falls)$",
    re.IGNORECASE,
)
_BROKEN = rare(
    r"\b(?:fractured|broken?|breaking|fracturing)\s+"
    r"(?:(?:his|her|their|a|an|the|any|one|both|two)\s+)?(?:left |right |little |big )?"
    r"(?:arms?|legs?|wrists?|ankles?|hips?|ribs?|fingers?|toes?|collar ?bones?|clavicles?|elbows?|noses?|bones?|foot|"
    r"feet|hands?|anything|femurs?|tibias?|fibulas?|humerus|radius|ulna|forearms?|shoulders?|pelvis|vertebra\w*)\b|"
    r"\bfractures?(?=\s*(?:[.,;:)\n]|$|[–-]\s|or\b|so far|as a (?:child|boy|girl)))",
    re.IGNORECASE,
)
_HAD = re.compile(r"\b(?:no|any|never had|had|one|two|previous|past)\s+$", re.IGNORECASE)
"""Before "fractures", which without it belongs to a longer name."""


def counted(text: str) -> Iterator[Hit]:
    """Findings that recur, by count, and bones that broke."""
    for place in _INFECTION.finditer(text):
        match = _INFECTIONS.search(text, max(0, place.start() - _AHEAD), place.end())
        if match and _often(match["count"]):
            term = next(term for name, (_, term) in _EVENTS.items() if match[name])
            yield Hit(term, *match.span(), "value")
    for place in _SIGN.finditer(text):
        match = _BEFORE_SIGN.search(text, max(0, place.start() - _AHEAD), place.start())
        if match and _often(place["count"]):
            term = next(term for number, term in enumerate(_NAMED.values()) if match[f"n{number}"])
            yield Hit(term, match.start(), place.end(), "value")
    for match in _ORDINAL.finditer(text):
        yield Hit(
            next(term for number, term in enumerate(_NAMED.values()) if match[f"n{number}"]), *match.span(), "value"
        )
    for place in _FALL.finditer(text):
        match = _FALLS.search(text, max(0, place.start() - _AHEAD), place.end())
        if match and _often(match["count"] or match["falls"]):
            yield Hit("HP:0002359", *match.span(), "value")


def breaks(text: str) -> Iterator[Hit]:
    """Bones that broke: "fractured his wrist", "never broken a bone", "no fractures"."""
    for match in _BROKEN.finditer(text):
        headed = text[match.end() : match.end() + 1] == ":"
        before = _HAD.search(text, max(0, match.start() - 12), match.start())
        if " " in match[0] or "\n" in match[0] or headed or before:
            yield Hit("HP:0020110", *match.span(), "wording")


_FITS = rare(
    r"(?<!\bit )(?<!\bthis )(?<!\bthat )(?<!\bwhich )(?<!\bpicture )(?<!\ball )(?<!\bclothing )\bfits\b"
    r"(?!\s+(?:with|the|in|into|well|a|this|our|criteria|better|best|his|her|him|them|perfectly|neatly|all|of (?:anger|"
    r"rage|laughter|"
    r"temper|crying|pique|coughing|giggles))\b)(?! and starts)|"
    r"\b(?:a|another|first|one|any|further|febrile) fit\b(?=\s*(?:[.,;?!)\n]|$|(?:from|because|at|in|on|when|last|"
    r"this|for|lasting|and|or|"
    r"with|yesterday|today|while|during|after|before|since|as)\b))",
    re.IGNORECASE,
)
_FITTED = rare(
    r"\b(?:he|she|baby|child|patient)\s+(?:has |had |then |again |also )?(?P<said>fitted)\b(?!\s+(?:in|with|"
    r"into|well|the|"
    r"him|her|a\b|better|nicely))|\b(?:was|is|started|began|been|still|stopped|kept)\s+(?P<doing>fitting)\b"
    r"(?!\s+(?:in|with|into|the|a\b|his|her|for|room))",
    re.IGNORECASE,
)
_ABOUT_FITS = re.compile(
    r"\b(?:keep|keeps|kept|got|is|was|fairly|mother|father|mum|dad|well|labels?|diagnos[ie]s|neither|nothing|none|"
    r"pattern|phenotype|history|story|picture|name|term|description|best|also|everything|gene|variant|syndrome|"
    r"disease|disorder|hardly|barely)\s+$",
    re.IGNORECASE,
)


def fits(text: str) -> Iterator[Hit]:
    """Seizures that are called fits; what fits, and who is fit, is another word."""
    for match in _FITTED.finditer(text):
        yield Hit("HP:0001250", *match.span("said" if match["said"] else "doing"), "shorthand")
    for match in _FITS.finditer(text) if "fits" in text or " fit" in text or "Fits" in text or "FITS" in text else ():
        word = match.end() - (4 if match[0].lower().endswith("fits") else 3)
        if not _ABOUT_FITS.search(text, max(0, match.start() - 16), match.start()):
            yield Hit("HP:0001250", word, match.end(), "shorthand")


_LOST_WEIGHT = rare(
    r"\b(?:wt|weight|weighs?|weighed)\b[^.;\n]{0,25}?\b(?:down(?: by| from)?|lost|loss of|fallen (?:by|from)|"
    r"dropped(?: by| from)?)\s+"
    r"(?:about |some |around |nearly )?\d+(?:\.\d)?\s?(?:kgs?|lbs?|stones?|st|kilos?)\b|"
    r"\b(?:down|dropped|gone|drifted|fallen|fell|slipped) from (?P<was>\d+(?:\.\d)?)\s?(?:kgs?|lbs?|stones?|st|"
    r"kilos?)? (?:down )?to (?P<now>\d+(?:\.\d)?)\s?(?:kgs?|lbs?|stones?|st|kilos?)\b",
    re.IGNORECASE,
)


def weight_lost(text: str) -> Iterator[Hit]:
    """Weight loss told by kilograms: "Wt 51 kg, down 6 kg in a year", "down from 84 kg to 76 kg"."""
    if "down" in text or "lost" in text or "loss" in text or "dropped" in text or "fallen" in text or "from" in text:
        for match in _LOST_WEIGHT.finditer(text):
            if match["was"] and float(match["was"]) <= float(match["now"]):
                continue
            yield Hit("HP:0001824", *match.span(), "value", measured=True)


def _often(said: str) -> bool:
    said = said.lower()
    number = int(said) if said.isdigit() else _NUMBERS.get(said, LEAST)
    return number >= LEAST
