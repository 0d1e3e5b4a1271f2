"""Whether a note tells the forms of one disease apart, and what would: their genes, and findings that one form has.

The form that is ranked first is often the one whose patients were described in most detail. So it is only called the
likelier one where a finding of the note belongs to it alone, and nothing that it should have is absent.
"""

from collections.abc import Sequence
from itertools import pairwise

from raredxr1.diagnose.lines import apart
from raredxr1.diagnose.result import Line, StatedFinding
from raredxr1.diagnose.stated import terms
from raredxr1.knowledge.claims import FREQUENT, Claims
from raredxr1.knowledge.described import described

LEAST = 10
"""Annotated findings from which on it says something that one is not among them."""
MOST = 4
"""Forms that are told apart."""


def with_forms(line: Line, stated: Sequence[StatedFinding], claims: Claims) -> Line:
    """A line of the answer with what tells its forms apart; as it is where it has one form only.

    Args:
        line: the line.
        stated: the findings of the note.
        claims: the knowledge base.
    """
    kb = claims.kb
    of = [(one, kb.disease(one.id)) for one in line.members[:MOST] if one.id]
    known = [(apart(one.name, line.name) or one.name, disease) for one, disease in of if disease is not None]
    if len(line.members) < 2 or len(known) < 2:
        return line
    diseases = [disease for _, disease in known]
    present, absent = terms(stated, kb)
    mentioned = {*present, *absent}
    told = [*_by_gene(known, claims), *(_by_finding(name, one, diseases, mentioned, claims) for name, one in known)]
    favoured = _favours(diseases[0], diseases[1:], present, absent, claims)
    return line.model_copy(update={"favoured": favoured, "told_apart_by": [one for one in told if one]})


def _favours(first: int, others: Sequence[int], present: Sequence[int], absent: Sequence[int], claims: Claims) -> bool:
    """Whether each of the others lacks a finding that the first has, and no denial speaks against the first alone."""
    if any(len(claims.kb.frequencies[one]) < LEAST for one in others):
        return False
    own = [term for term in present if claims.frequency(first, term) >= FREQUENT]
    alone = all(any(not claims.explains(other, term) for term in own) for other in others)
    lacking = any(
        claims.absence_opposes(first, term) and not any(claims.absence_opposes(other, term) for other in others)
        for term in absent
    )
    return alone and not lacking


def _by_gene(known: Sequence[tuple[str, int]], claims: Claims) -> list[str]:
    """The genes of forms that have genes of their own: "SLC37A4 (type Ib), G6PC1 (type IA)"."""
    genes = [(name, frozenset(claims.kb.genes(disease))) for name, disease in known]
    having = [(name, own) for name, own in genes if own and len(own) <= 2]
    if len(having) < 2 or any(one & other for (_, one), (_, other) in pairwise(having)):
        return []
    return ["the gene: " + ", ".join(f"{'/'.join(sorted(own))} ({name})" for name, own in having)]


def _by_finding(name: str, disease: int, all_of: Sequence[int], mentioned: set[int], claims: Claims) -> str:
    """The most telling finding that one form often has and no other is annotated with; empty: none."""
    kb, others = claims.kb, [one for one in all_of if one != disease]
    if any(len(kb.frequencies[one]) < LEAST for one in all_of):
        return ""
    typical = [
        (frequency * claims.information(term), term)
        for term, frequency in kb.frequencies[disease].items()
        if frequency >= FREQUENT
        and not any(claims.explains(other, term) for other in others)
        and not mentioned.intersection((term, *kb.term_ancestors[term]))
        and not described(kb, disease, term)
    ]
    if not typical:
        return ""
    label = kb.term_names[max(typical)[1]]
    return f"{label[:1].lower() + label[1:] if label[1:2].islower() else label} ({name})"
