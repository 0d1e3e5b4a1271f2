"""Findings that the site beside them makes more special: "pain and swelling of the left wrist" is Wrist pain.

HPO names what hurts, swells or grows by its place, and a text tells the place before the finding ("pubic pain") or
behind it and a preposition ("a tumour within the head of the pancreas"). The table is `data/recognition/sites.tsv`.
"""

from functools import cache
from typing import NamedTuple

from raredxr1 import lazy_re as re
from raredxr1.data import rows
from raredxr1.knowledge.recognition.hits import Hit

AHEAD, BEHIND = 80, 130
"""Letters before and behind a finding in which its site stands."""
WORDS = 4
"""Words of a site that stands before."""
_LAST = re.compile(r"[\w-]+(?=[ -]+$)")
_KIND = frozenset(
    """
    mild moderate severe acute chronic diffuse slight intense pitting non-pitting soft tissue stromal squamous cell
    squamous-cell adenosquamous metastatic malignant benign primary invasive infiltrating left right large small giant
    saccular fusiform region area
    """.split()  # noqa: SIM905
)
"""Words between a site and the finding: "abdominal saccular aneurysm"."""
_LEADS = re.compile(
    r"(?:(?:,\s?(?:and\s)?|\s(?:and|or|with)\s)(?:(?!(?:of|in|on|at|the|no|not)\b)(?:\w++|-)+\s?){1,3}){0,3}"
    r"\s*\b(?:of|in|on|at|over|within|around|throughout|affecting|involving|from|arising (?:from|in)|"
    r"originating (?:from|in)|located (?:in|at|on)|locali[sz]ed (?:to|in)|during|under|infiltrating)\s+",
    re.IGNORECASE,
)
"""Between a finding and its site: other findings of the same site, and a preposition. A word is taken whole: to try all
its pieces as words took seconds."""
_WORDS = (
    r"(?:(?:the|his|her|their|both|all|a|an|one|left|right|lower|upper|distal|proximal|anterior|posterior|medial|lateral|"
    r"bilateral|entire|whole|head|body|tail|wall|apex|base|middle|central|outer|inner|dominant|transverse|of|side|part|"
    r"region|area|first|second|third|affected|same)[ -]+)*?"
)


class _Row(NamedTuple):
    said: re.Pattern[str] | None
    site: re.Pattern[str]
    becomes: str


class _Sites(NamedTuple):
    rows: list[_Row]
    any: re.Pattern[str]
    """Any site of the rows, alone; what stands behind a preposition."""
    behind: re.Pattern[str]


def in_its_place(text: str, hit: Hit) -> Hit:
    """A finding with the site that stands beside it.

    Args:
        text: the note.
        hit: what was found.

    Returns:
        The finding of that site, or what was found where no site stands beside it or HPO has no term of it.
    """
    sites = _table().get(hit.hpo_id)
    if sites is None:
        return hit
    quote = text[hit.start : hit.end]
    for site in (_ahead(text, hit.start, sites), _behind(text, hit.end, sites), quote):
        for row in sites.rows if site else ():
            if (row.said is None or row.said.search(quote)) and _is(row, site, site is quote):
                return hit._replace(hpo_id=row.becomes)
    return hit


def _is(row: _Row, site: str, inside: bool) -> bool:
    return bool(row.site.search(site) if inside else row.site.fullmatch(site))


def _ahead(text: str, start: int, sites: _Sites) -> str:
    """The site right before a place; empty: none."""
    at, words = start, list[tuple[int, int]]()
    while len(words) < WORDS and (word := _last(text, max(0, start - AHEAD), at)):
        at = word.start()
        if words or word[0].lower() not in _KIND:
            words.insert(0, word.span())
        elif sites.any.fullmatch(word[0]):
            return word[0]
    for begin, _ in words:
        site = " ".join(text[begin : words[-1][1]].split())
        if sites.any.fullmatch(site):
            return site
    return ""


def _last(text: str, begin: int, end: int) -> re.Match[str] | None:
    """The last word of a stretch, with blanks or hyphens behind it, as `_LAST.search` finds it.

    The search tries every letter before it gets there; here it is gone back to.
    """
    at = end
    while at > begin and text[at - 1] in " -":
        at -= 1
    last = at
    while at > begin and (text[at - 1].isalnum() or text[at - 1] in "_-"):
        at -= 1
    return _LAST.match(text, at, end) if at < last < end else _LAST.search(text, begin, end)


def _behind(text: str, end: int, sites: _Sites) -> str:
    """The site behind a place and a preposition; empty: none."""
    lead = _LEADS.match(text, end, end + BEHIND)
    found = sites.behind.match(text, lead.end()) if lead else None
    return " ".join(found["site"].split()) if found else ""


@cache
def _table() -> dict[str, _Sites]:
    of_term: dict[str, list[tuple[str, str, str]]] = {}
    for terms, said, site, becomes, _ in rows("recognition/sites"):
        for term in terms.split("|"):
            of_term.setdefault(term, []).append((said, site, becomes))
    found = {}
    for term, listed in of_term.items():
        every = "|".join(site for _, site, _ in listed)
        found[term] = _Sites(
            [
                _Row(_compiled(said) if said else None, _compiled(rf"\b(?:{site})\b"), term)
                for said, site, term in listed
            ],
            _compiled(every),
            _compiled(rf"{_WORDS}(?P<site>{every})(?![\w-])"),
        )
    return found


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
