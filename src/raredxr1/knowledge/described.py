"""What an annotated frequency rests on: enough patients to be said in a word, a handful, or nothing that was stated.

One patient described with a finding makes a frequency of 1/1. To call that "always" would mislead.
"""

from collections.abc import Sequence
from functools import lru_cache

from raredxr1.knowledge.hpoa import frequency_of
from raredxr1.knowledge.store import Annotation, KnowledgeBase

FEW = 3
"""Patients up to whom a share is no frequency."""
UNSTATED = "unstated"


def described(kb: KnowledgeBase, disease: int, term: int) -> str:
    """What the frequency of a finding in a disease rests on.

    Args:
        kb: the knowledge base.
        disease: its number.
        term: a finding; that of its commonest annotated kind counts, as everywhere.

    Returns:
        "1 of 1", "2 of 3": so many of so few patients. "unstated": annotated without a frequency. Empty: a frequency
        that a word can stand for, or nothing annotated.
    """
    own = kb.frequencies[disease]
    kinds = [one for one, share in own.items() if share > 0 and term in kb.term_ancestors[one]]
    if not kinds:
        return ""
    most = max(own[one] for one in kinds)
    rows = _rows(kb, disease)
    told = [_rests_on(rows.get(one, ())) for one in kinds if own[one] == most]
    return "" if "" in told else max(told, key=lambda one: (one != UNSTATED, one))


def _rests_on(rows: Sequence[Annotation]) -> str:
    stated = [row.frequency for row in rows if row.frequency]
    if not stated:
        return UNSTATED if rows else ""
    counts = [frequency_of(one) for one in stated if "/" in one]
    if len(counts) < len(stated):
        return ""  # a percentage, or a word of the HPO
    patients = sum(of for _, of in filter(None, counts))
    seen = sum(share * of for share, of in filter(None, counts))
    return f"{seen:.0f} of {patients:.0f}" if patients <= FEW else ""


@lru_cache(maxsize=256)
def _rows(kb: KnowledgeBase, disease: int) -> dict[int, list[Annotation]]:
    found: dict[int, list[Annotation]] = {}
    for row in kb.annotations(disease):
        if row.aspect == "P" and not row.negated:
            found.setdefault(row.term, []).append(row)
    return found
