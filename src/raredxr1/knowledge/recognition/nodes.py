"""Lymph nodes by size: "cervical nodes 2 to 3 cm". From one centimetre on they are enlarged, in the groin from 1.5."""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import rare

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
    """Enlarged lymph nodes, of one site where one alone is named."""
    for match in _NODES.finditer(text):
        terms = {term for site, term in _SITES.items() if site in match["sites"].lower()}
        least = 1.5 if terms == {_SITES["groin"]} else 1.0
        if float(match["size"]) >= least:
            term = terms.pop() if len(terms) == 1 else _LYMPHADENOPATHY
            yield Hit(term, *match.span(), "value", measured=True)
