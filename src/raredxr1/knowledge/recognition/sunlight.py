"""Skin that bears no sun: "within ten minutes of going outdoors he feels burning", "her face blisters in the sun"."""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

_SUN = (
    r"(?:(?:the |bright |strong |direct |spring |summer |any |even |brief )*"
    r"(?:sun(?:light|shine| exposure)?|daylight)\b)"
)
_HURTS = (
    r"(?:burn(?:s|t|ed|ing)?|blister(?:s|ed|ing)?|swell(?:s|ed|ing)?|swollen|itch(?:es|ed|y|ing)?|prickl(?:es|ed|ing)|"
    r"sting(?:s|ing)?|stung|rash(?:es)?|we?als?|hives|redness|reddens?|go(?:es)? red|went red|tingl(?:es|ed|ing))"
)
_AT_ONCE = rare(
    r"\b(?:within|after|in)\s+(?:only |just |about |as little as |a few |half an |an |\w+ (?:to|or) )?(?:\w+ )?"
    r"(?:seconds?|minutes?|mins?|hours?)"
    rf"(?:'|’)? (?:of |in |out in |outdoors in |spent in )(?:being |going |playing |sitting |stepping "
    rf")?(?:out(?:doors|side)?\b"
    rf"|(?:in |into |out in |out into )?{_SUN})[^.;]{{0,90}}?\b{_HURTS}\b",
    re.IGNORECASE,
)
_IN_THE_SUN = rare(
    rf"\b{_HURTS}\b(?: (?:up|badly|easily|very|quickly|at once|and \w+|in a rash)){{0,3}} (?:in|after|on|from|"
    rf"with|by|when in|"
    rf"when out in|if in|on exposure to|after exposure to) {_SUN}(?! ?(?:cream|screen|block|hat|burn))",
    re.IGNORECASE,
)
_EYES = re.compile(r"\beyes?\b|\bvision\b|\bsunburn", re.IGNORECASE)
_AROUND = 30


def sunlight(text: str) -> Iterator[Hit]:
    """Skin that reacts to sunlight, told by what it does there."""
    for pattern in (_AT_ONCE, _IN_THE_SUN):
        for match in pattern.finditer(text):
            if not _EYES.search(text, max(0, match.start() - _AROUND), match.end()):
                yield Hit("HP:0000992", *match.span(), "wording")
