"""Words that are a finding only of the organ that their line speaks of: "Kidneys 9 cm, no cysts".

The table is `data/recognition/bare_words.tsv`. The organ is the one named last before the word in its sentence, or at
the head of its line; a word that stands beside another noun ("sebaceous cysts", "cysts in the liver") belongs to that,
and is left to its name.
"""

from collections.abc import Iterator
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import rows
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.rare_re import latin_words

Pairs = list[tuple[str, str]]
"""Organs, as patterns, and terms."""
REACH = 140
"""Letters before a word in which its organ stands."""
BEFORE = 16
"""Letters in which the word before one stands."""
_FREE = re.compile(
    r"(?:^|[,:;(/.–-]|\b(?:no|nil|any|without|multiple|several|few|bilateral|simple|small|large|tiny|some|two|three|one|numerous|"
    r"scattered|diffuse|generali[sz]ed|mild|marked|severe|moderate|a|an|with|or|and|right|left|new|old|acute|not|is|are|was|were|"
    r"shows?|showed|looks?|looked|very|both|focal|lobar|watershed|vasogenic|cytotoxic|cerebral|(?:occipit|pariet|front|tempor)[ao]l?(?:-\w+)?|subcortical|periventricular|lacunar|embolic|isch[a]?emic|increased|bright|further|recent|significant|obvious|slightly|rather|trace|trivial|central|holosystolic|eccentric|moderate-to-severe|moderately|mildly|severely|also|it|R|L))\s*$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:(?<=\n)|(?<=[.;] )|^)[^.:;\n]{1,40}:")
"""The head of what follows on a line, sentence by sentence: "MRI brain: normal myelin. No mass."."""
_OWNED = re.compile(
    r"\s+(?!(?:at|in|of) (?:the |its |both )?(?:cortico-?medullary|medulla|cortex|(?:upper|lower|mid) poles?|"
    r"poles|left|right))"
    r"(?:of|in(?! keeping\b| line\b)|on|within|from|at|around|to|effect|gums|time|disorder|"
    r"tendency|diathesis|index|formation|syndrome|type|lesions?|per|"
    r"ratio|score)\b|-\w"
)


def bare_words(text: str) -> Iterator[Hit]:
    """The findings of such words, with the organ of their line."""
    known, organs = _table()
    for first in known.keys() & latin_words(text).keys():
        for word, pairs in known[first].items():
            at = text.find(word)
            while at >= 0:
                end = at + len(word)
                if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
                    term = _meant(text, at, end, pairs, organs)
                    if term:
                        yield Hit(term, at, end, "shorthand")
                at = text.find(word, end)


def _meant(text: str, start: int, end: int, pairs: Pairs, organs: dict[str, re.Pattern[str]]) -> str:
    line = text.rfind("\n", 0, start) + 1
    begin = max(line, text.rfind(". ", line, start) + 1, start - REACH)
    if _OWNED.match(text, end) or not _FREE.search(text, max(begin, start - BEFORE), start):
        return ""
    if own := _organ(pairs, organs, text, begin, start):
        return own
    labels = list(_LABEL.finditer(text, max(line, begin - 3 * REACH), begin))
    return _organ(pairs, organs, text, *labels[-1].span()) if labels else ""


def _organ(pairs: Pairs, organs: dict[str, re.Pattern[str]], text: str, begin: int, end: int) -> str:
    """The term of the organ that is named last in a stretch; empty: none is."""
    place, term = -1, ""
    for organ, hpo_id in pairs:
        for mention in organs[organ].finditer(text, begin, end):
            if mention.start() > place:
                place, term = mention.start(), hpo_id
    return term


@cache
def _table() -> tuple[dict[str, dict[str, Pairs]], dict[str, re.Pattern[str]]]:
    """Organ and term of each word, by the Latin letters that it begins with, and the patterns of organs."""
    known: dict[str, dict[str, Pairs]] = {}
    organs: dict[str, re.Pattern[str]] = {}
    for words, organ, term, _ in rows("recognition/bare_words"):
        organs[organ] = re.compile(rf"\b(?:{organ})", re.IGNORECASE)
        for word in words.split("|"):
            known.setdefault(next(iter(latin_words(word))), {}).setdefault(word, []).append((organ, term))
    return known, organs
