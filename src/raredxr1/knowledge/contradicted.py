"""What a patient's findings contradict of a disease: a low citrulline where the disease has a raised one.

Two findings are opposite where HPO has them under one term, their names say opposite directions, and nothing else sets
them apart ("Hypokalemia", "Hyperkalemia"). Only what is measured counts, and head size and stature: tone, pressure and
the like go both ways in the course of one disease.
"""

from functools import lru_cache
from typing import NamedTuple

from raredxr1 import lazy_re as re
from raredxr1.knowledge.claims import typical_frequencies
from raredxr1.knowledge.closure import closure
from raredxr1.knowledge.extraction.opposites import conflict
from raredxr1.knowledge.store import KnowledgeBase

NEARLY_ALL = 0.8
LEAST_INFORMATION = 5.5
"""Nats; what more than some fifty diseases have varies too much within each to speak against one by being normal."""
LEAST_FREQUENCY = 0.3
"""Of the annotated finding; what fewer patients have is contradicted by nobody."""
_MEASURED = re.compile(
    r"\b(?:circulating|serum|plasma|blood|urin\w+|CSF|fecal|erythrocyte|concentration|level|activity|count|volume)\b|"
    r"(?:emia|uria|penia|cytosis|philia)\b|cephaly\b|\bstature\b",
    re.IGNORECASE,
)
_NOT_MEASURED = re.compile(r"\b(?:pressure|volume|calvari\w+|skull|limb\w*|trunk|hyperbilirubinemia)\b", re.IGNORECASE)
_DIRECTION = re.compile(
    r"\b(?:low|lower|high|higher|raised|elevated|elevation|increased?|decreased?|reduced|reduction|deficien\w+|absent|"
    r"undetectable|excessive|short|tall|mild\w*|markedly|severe\w*|profound|chronic|persistent|recurrent|abnormal\w*|"
    r"circulating|serum|plasma|blood|concentrations?|levels?|activity|count|of|in|the|total)\b|\b(?:hyper|hypo|micro|macro)|"
    r"(?:emia|penia|cytosis|philia)\b",
    re.IGNORECASE,
)
_HEADS = {"Microcephaly": "HP:0000252", "Macrocephaly": "HP:0000256"}
_FAILURES = {
    "HP:0008163": "HP:0000846",  # cortisol, Adrenal insufficiency
    "HP:0031817": "HP:0000829",  # parathyroid hormone, Hypoparathyroidism
    "HP:0031507": "HP:0000821",  # T4, Hypothyroidism
    "HP:0033078": "HP:0000821",
}
"""Low hormones, and what says the same of the gland: an annotation beside it that says the opposite errs."""
_LETTERS = 6
"""Of a word, that tell it from others: "citrulline", "citrullinemia"."""


class Contradiction(NamedTuple):
    """A finding that is present, the opposite that the disease has by annotation, and how often: a share.

    Shares are those of `typical_frequencies`: one patient of one is no more than two thirds.
    """

    present: int
    annotated: int
    frequency: float


def contradictions(kb: KnowledgeBase, disease: int, present: tuple[int, ...]) -> list[Contradiction]:
    """What findings contradict of a disease.

    Args:
        kb: the knowledge base.
        disease: its number.
        present: term numbers of what the patient has.

    Returns:
        At most one for each finding; none for one that the disease has as well, or some kind of it.
    """
    known, found = kb.frequencies[disease], []
    for term in present:
        annotated = [other for other in opposites(kb, term) if known.get(other, 0.0) >= LEAST_FREQUENCY]
        if annotated and not _has(kb, known, term):
            shares = typical_frequencies(kb, disease)
            most = max(annotated, key=lambda other: shares[other])
            found.append(Contradiction(term, most, shares[most]))
    return found


def lacking(kb: KnowledgeBase, disease: int, absent: tuple[int, ...]) -> list[tuple[int, float]]:
    """Results that are normal in the patient and abnormal in nearly all with the disease, with how often: a share."""
    if not absent:
        return []
    known = typical_frequencies(kb, disease)
    found = []
    for term in absent:
        kinds = [share for one, share in known.items() if term == one or term in kb.term_ancestors[one]]
        if kinds and max(kinds) >= NEARLY_ALL:
            found.append((term, max(kinds)))
    return found


@lru_cache(maxsize=1 << 12)
def is_telling_result(kb: KnowledgeBase, term: int) -> bool:
    """Whether a finding is a result of one kind that few diseases have: no raised transaminase, nothing "Abnormal"."""
    name = kb.term_names[term]
    told = bool(_MEASURED.search(name)) and not _NOT_MEASURED.search(name) and not _general(kb, term)
    return told and float(closure(kb).information[term]) >= LEAST_INFORMATION


def _has(kb: KnowledgeBase, known: dict[int, float], term: int) -> bool:
    above = kb.term_ancestors[term]
    failure = _FAILURES.get(kb.term_ids[term])
    if failure and any(kb.term(failure) in (one, *kb.term_ancestors[one]) for one in known):
        return True
    return any(share > 0 and (one in above or term in kb.term_ancestors[one]) and not _general(kb, one)
               for one, share in known.items())  # fmt: skip


def _general(kb: KnowledgeBase, term: int) -> bool:
    return kb.term_names[term].startswith("Abnormal")


@lru_cache(maxsize=1 << 12)
def opposites(kb: KnowledgeBase, term: int) -> tuple[int, ...]:
    """Terms that say the opposite of a measured finding."""
    name = kb.term_names[term]
    if not _MEASURED.search(name) or _NOT_MEASURED.search(name):
        return ()
    own = _of_what(name)
    beside = {child for parent in kb.term_parents[term] for child in kb.term_children[parent]}
    if name in _HEADS:  # not under one term
        beside |= {kb.term(one) for label, one in _HEADS.items() if label != name}
    return tuple(
        sorted(one for one in beside if conflict(name, kb.term_names[one]) and _of_what(kb.term_names[one]) == own)
    )


def _of_what(name: str) -> frozenset[str]:
    """What a name measures, without the direction: "Low plasma citrulline" is of citrulline."""
    return frozenset(word[:_LETTERS] for word in re.findall(r"[a-z0-9]+", _DIRECTION.sub(" ", name.lower())))
