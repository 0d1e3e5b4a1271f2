"""What the note says of the parents, and how far it fits a disease's inheritance.

Only two facts that letters state in so many words are read: that the parents are related, and that one of them has
what the patient has. Among 3,314 published narratives whose diagnosis is named, parents were said to be related in 8
of 100 with a recessive disease, 2 of 270 with a dominant one and 10 of 2,900 with neither known; a parent was affected
likewise in 0, 3 and 1. The factors used are smaller than these counts give, for the counts are small.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.course import transmission

_RELATED_FACTOR = 5.0
_AFFECTED_FACTOR = 3.0

_SENTENCE = re.compile(r"[^.;!?\n]*(?:\n(?!\s*\n)[^.;!?\n]*)*[.;!?]?")
"""Up to a full stop; a line break within a sentence is where it was wrapped."""
_RELATED = re.compile(
    r"\bconsanguin(?:eous|ity|ous)\b|\bcousin marriage\b|\bcousin parents\b|"
    r"\b(?:parents|mother and father|mum and dad|couple|my husband and i|we)\b(?:(?!\bgrandparents\b).){0,60}?"
    r"\b(?:(?:first|1st|second|2nd|third|3rd|double)[- ](?:degree )?cousins|cousins|"
    r"related to (?:each other|one another)|blood relatives|(?:are|were|is|be) (?:distantly |closely )?related)\b",
    re.IGNORECASE | re.DOTALL,
)
_NOT_SO = re.compile(
    r"\bnon[- ]?consanguin|\bunrelated\b|\b(?:no|not|nor|never|denie[sd]|denying|without|deny|absen\w+|negative|"
    r"neither|unknown|unclear|possibl[ey]|suspect\w*|query|excluded|whether|if|grandparents|uncle|aunt)\b|\?|n't\b|"
    r"consanguinity\s*[:=–-]*\s*(?:\(-\)|-ve|0|nil|none)",
    re.IGNORECASE,
)
_PARENT = r"\b(?:mother|father|mum|mom|dad|parent)\b"
_AFFECTED = re.compile(
    rf"{_PARENT}(?:[^.;\n]{{0,25}}?\b(?:is|was|are|were|be)\s+(?:also|similarly|likewise|equally|mildly)\s+affected"
    rf"|[^.;\n]{{0,40}}?\b(?:has|had|with)\s+(?:the\s+same|(?:a\s+)?(?:very\s+)?similar|identical)\b"
    rf"|(?:\s*,[^,.;\n]{{0,20}},)?\s+(?:also|too)\s+(?:has|had|suffers?|suffered)\b|\s+(?:has|had)\s+(?:it|them)\s+too\b)"
    rf"|\b(?:similarly|also)\s+affected\s+(?:mother|father|parent)\b|\baffected\s+(?:mother|father|parent)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\b(?:no|not|nor|never|neither|without|whether|if|denie[sd]|grandmother|grandfather)\b|\?|n't\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Pedigree:
    """What is said of the parents.

    Attributes:
        related: they are related by blood.
        affected: one of them has what the patient has.
    """

    related: bool = False
    affected: bool = False


def pedigree_of(note: str) -> Pedigree:
    """Read whether the parents are related, and whether one is affected; what is denied, asked or unknown is not."""
    related = affected = False
    for sentence in _sentences(note):
        related = related or (bool(_RELATED.search(sentence)) and not _NOT_SO.search(sentence))
        affected = affected or (bool(_AFFECTED.search(sentence)) and not _NOBODY.search(sentence))
    return Pedigree(related, affected)


def _sentences(note: str) -> Iterator[str]:
    return (match.group() for match in _SENTENCE.finditer(note) if match.group().strip())


def fit_of(pedigree: Pedigree, disease: int, kb: KnowledgeBase) -> float:
    """What the parents add to the log odds of a disease; 0 where nothing is said, or no inheritance known.

    Args:
        pedigree: what the note says.
        disease: its number.
        kb: the knowledge base.
    """
    modes = transmission(kb)
    recessive, dominant = bool(modes["recessive"][disease]), bool(modes["dominant"][disease])
    if recessive == dominant:
        return 0.0
    value = math.log(_RELATED_FACTOR) * recessive * pedigree.related
    return value + math.log(_AFFECTED_FACTOR) * (dominant - recessive) * pedigree.affected


def fits_parents(pedigree: Pedigree, disease: int, kb: KnowledgeBase) -> str:
    """Why the parents speak for a disease, in words; empty where they do not."""
    if fit_of(pedigree, disease, kb) <= 0:
        return ""
    if transmission(kb)["recessive"][disease]:
        return "inherited recessively, and the parents are related"
    return "inherited dominantly, and a parent is said to be affected"
