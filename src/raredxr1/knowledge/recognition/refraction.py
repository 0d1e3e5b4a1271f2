"""Refraction in dioptres: "-6.25 DS both eyes" is High myopia, "RE +5.50/-1.00 x 180" Hypermetropia.

The sphere tells, eye by eye: below -0.5 D is myopia, from -6 D on high myopia; above +2 D is
hypermetropia, as infants have up to two dioptres of it, and from +6 D on high hypermetropia. A number counts only in
a line that speaks of refraction or glasses, or with its unit.
"""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit

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
