"""What the note says of the parents and of the mother's brothers, and how far it fits a disease's inheritance.

Only three facts that letters state in so many words are read: that the parents are related, that one of them has what
the patient has, and that a man on the mother's side has it or died of it. Among 3,314 published narratives whose
diagnosis is named, parents were said to be related in 8 of 100 with a recessive disease, 2 of 270 with a dominant one
and 10 of 2,900 with neither known; a parent was affected likewise in 0, 3 and 1. Of men on the mother's side they say
nothing; invented notes (recipes/encoder) do for 4 of 28 X-linked diseases and 6 of 452 others. The factors used are
smaller than these counts give, for the counts are small.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.diagnose.result import StatedFinding
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.course import transmission

_RELATED_FACTOR = 5.0
_AFFECTED_FACTOR = 3.0
_MATERNAL_FACTOR = 4.0

_SENTENCE = re.compile(r"[^.;!?\n]*(?:\n(?!\s*\n)[^.;!?\n]*)*[.;!?]?")
"""Up to a full stop; a line break within a sentence is where it was wrapped."""
_RELATED = re.compile(
    r"\bconsanguin(?:eous|ity|ous)\b|\bcousin marriage\b|\bcousin parents\b|"
    r"\b(?:parents|mother and father|mum and dad|couple|my husband and i|we)\b(?:(?!\bgrandparents\b).){0,60}?"
    r"\b(?:(?:first|1st|second|2nd|third|3rd|double)[- ](?:degree )?cousins|cousins|"
    r"related to (?:each other|one another)|blood relatives|(?:are|were|is|be) (?:distantly |closely )?related)\b|"
    r"\b(?:parents|couple)\b(?:(?!\bgrandparents\b).){0,150}?\b(?:are|were)\s+(?:also\s+|themselves\s+|in fact\s+)?"
    r"(?:(?:first|1st|second|2nd|third|3rd|double)[- ](?:degree )?)?cousins\b",
    re.IGNORECASE | re.DOTALL,
)
_NOT_SO = re.compile(
    r"\bnon[- ]?consanguin|\bunrelated\b|\b(?:no|not|nor|never|denie[sd]|denying|without|deny|absen\w+|negative|"
    r"neither|unknown|unclear|possibl[ey]|suspect\w*|query|excluded|whether|if|grandparents|uncle|aunt)\b|\?|n't\b|"
    r"consanguinity\s*[:=–-]*\s*(?:\(-\)|-ve|0|nil|none)",
    re.IGNORECASE,
)
_PARENT = r"\b(?:mother|father|mum|mom|dad|parent)\b(?!['’]s)"
_AFFECTED = re.compile(
    rf"{_PARENT}(?:[^.;\n]{{0,25}}?\b(?:is|was|are|were|be)\s+(?:also|similarly|likewise|equally|mildly)\s+affected"
    rf"|[^.;\n]{{0,40}}?\b(?:has|had|with)\s+(?:the\s+same|(?:a\s+)?(?:very\s+)?similar|identical)\b"
    rf"|(?:\s*,[^,.;\n]{{0,20}},)?\s+(?:also|too)\s+(?:has|had|suffers?|suffered)\b|\s+(?:has|had)\s+(?:it|them)\s+too\b)"
    rf"|{_PARENT}[^.;:\n]{{0,30}}?\s(?:the )?(?:same|similar)\s+[\"“'‘]?(?:turns?|attacks?|episodes?|spells?|things?|"
    r"problems?|troubles?|complaints?|symptoms?|condition|illness|disease|lumps?|rash|marks|spots|eyes|hands|feet|gait|walk)\b"
    rf"|\b(?:similarly|also)\s+affected\s+(?:mother|father|parent)\b|\baffected\s+(?:mother|father|parent)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\b(?:no|not|nor|never|neither|without|whether|if|denie[sd]|grandmother|grandfather)\b|\?|n't\b", re.IGNORECASE
)
_ONES = re.compile(r"\b(?:mother|father|mum|mom|dad|husband|wife|partner|uncle|aunt|\w*parent)['’]s\s+$", re.IGNORECASE)
"""Before a relative of a relative: "dad's mother" is no parent."""
_MATERNAL = re.compile(
    r"\b(?:(?:maternal|mat\.?) (?:half[- ])?(?:great[- ])?uncles?|(?:mother|mum|mom)['’]?s (?:[a-z]+ ){0,2}brothers?|"
    r"maternal (?:male cousins?|cousin brothers?)|"
    r"(?:men|males|male relatives) on (?:the maternal|her|the mother['’]s) side)\b",
    re.IGNORECASE,
)
_HAD_IT = re.compile(
    r"\b(?:died|dead|deceased|passed away|lost (?:as|in|at)|affected|similar(?:ly)?|(?:the )?same|likewise|too)\b",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"\b(?:no(?! (?:autopsy|post-?mortem|cause|diagnosis|explanation|tests?)\b)|"
    r"not|nor|never|neither|without|unaffected|healthy|well|denie[sd]|whether|if|accident\w*|killed|drown\w*|war|"
    r"suicide|cancer|tumou?r|stroke|heart attack|infarct\w*|MI|diabetes|old age|paternal)\b|\?|n't\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Pedigree:
    """What is said of the family.

    Attributes:
        related: the parents are related by blood.
        affected: one of them has what the patient has.
        maternal: a brother of the mother, or another man on her side, has it or died.
    """

    related: bool = False
    affected: bool = False
    maternal: bool = False


def pedigree_of(note: str) -> Pedigree:
    """Read what is said of the parents and of the mother's brothers; what is denied, asked or unknown is not."""
    related = affected = maternal = False
    for sentence in _sentences(note):
        related = related or (bool(_RELATED.search(sentence)) and not _NOT_SO.search(sentence))
        affected = affected or (bool(_AFFECTED.search(sentence)) and not _NOBODY.search(sentence))
        fallen = bool(_MATERNAL.search(sentence)) and bool(_HAD_IT.search(sentence))
        maternal = maternal or (fallen and not _OTHERWISE.search(sentence))
    return Pedigree(related, affected, maternal)


_RELATIVE = re.compile(
    r"\b(?P<parent>mother|father|mum|mom|dad|parents?)\b(?!['’]s)|\b(?:grand\w+|gran|nan|aunts?|uncles?|cousins?|brothers?|"
    r"sisters?|sibs?|siblings?|sons?|daughters?|nephews?|nieces?|husband|wife|partner|patient|he|she|his|her|mother['’]s|"
    r"father['’]s|mum['’]s|dad['’]s|half-\w+|twins?)\b",
    re.IGNORECASE,
)
_BOUND = re.compile(r"[.;!?\n](?=\s|$)")
_FAR = 90
"""Letters from a parent to what the parent has."""


def with_findings(pedigree: Pedigree, note: str, stated: Sequence[StatedFinding], kb: KnowledgeBase) -> Pedigree:
    """A pedigree in which a parent who has a finding of the patient is affected: "Dad had nosebleeds all his life".

    Args:
        pedigree: what the note says in so many words.
        note: the note.
        stated: what it states of the patient and, elsewhere, of others.
        kb: the knowledge base.
    """
    affected = pedigree.affected or any(
        place.state == "other" and _of_parent(note, place.span.start) and not _is_common(one.hpo_id, kb)
        for one in stated
        if one.state == "present"
        for place in one.elsewhere
    )
    return replace(pedigree, affected=affected)


def _of_parent(note: str, at: int) -> bool:
    """Whether the relative named last before a place, in its sentence, is a parent, and nothing there denies it."""
    begin = max(0, at - _FAR)
    begin = max((stop.end() for stop in _BOUND.finditer(note, begin, at)), default=begin)
    named = list(_RELATIVE.finditer(note, begin, at))
    if not named or not named[-1]["parent"] or _ONES.search(note, begin, named[-1].start()):
        return False
    return not _NOBODY.search(note, begin, at)


def _is_common(hpo_id: str, kb: KnowledgeBase) -> bool:
    common = _common()
    return any(kb.term_ids[above] in common for above in kb.term_ancestors[kb.term(hpo_id)])


@cache
def _common() -> frozenset[str]:
    return frozenset(row["term"] for row in table("common_findings"))


def _sentences(note: str) -> Iterator[str]:
    return (match.group() for match in _SENTENCE.finditer(note) if match.group().strip())


def fit_of(pedigree: Pedigree, disease: int, kb: KnowledgeBase) -> float:
    """What the family adds to the log odds of a disease; 0 where nothing is said, or no inheritance known.

    Args:
        pedigree: what the note says.
        disease: its number.
        kb: the knowledge base.
    """
    modes = transmission(kb)
    recessive, dominant, x_linked = (bool(modes[mode][disease]) for mode in ("recessive", "dominant", "x_linked"))
    value = math.log(_MATERNAL_FACTOR) * pedigree.maternal if x_linked else 0.0
    if recessive == dominant:
        return value
    value += math.log(_RELATED_FACTOR) * recessive * pedigree.related
    return value + math.log(_AFFECTED_FACTOR) * (dominant - recessive) * pedigree.affected


def fits_parents(pedigree: Pedigree, disease: int, kb: KnowledgeBase) -> str:
    """Why the family speaks for a disease, in words; empty where it does not."""
    if fit_of(pedigree, disease, kb) <= 0:
        return ""
    modes = transmission(kb)
    if modes["x_linked"][disease] and pedigree.maternal:
        return "X-linked, and a man on the mother's side is said to have been affected or to have died"
    if modes["recessive"][disease]:
        return "inherited recessively, and the parents are related"
    return "inherited dominantly, and a parent is said to be affected"
