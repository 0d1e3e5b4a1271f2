"""Grounding: do the findings stand in the note, and as present or absent as the note says?

A quote counts where it is copied from the note, holds a word, is no longer than a finding, and uses words no other
quote used. Its polarity is judged by the case's HPO terms where it has them (a term that is not among the patient's,
nor related to one, does not count either: a real quote must not carry an invented finding), else by what the note says
there, as the one detector of the project reads it: a relative's finding is not the patient's.

The share of findings that count, times how many count against how many the note holds: quoting nothing, one word, or
the whole note earns next to nothing.
"""

import re

from raredxr1.curriculum.rollout import Rollout
from raredxr1.curriculum.terms import Terms
from raredxr1.knowledge.assertion import DECIDED, Assertion
from raredxr1.reflect.negation import DENIALS, said_of
from raredxr1.schemas import Finding, Span

LONGEST_QUOTE = 16
"""Words; a longer quote is a passage, no finding."""
EXPECTED = 3
"""Findings expected of a note where the case does not say how many it has."""
MOST_EXPECTED = 6
_WORD = re.compile(r"[^\W\d_]{2,}")


def grounding(rollout: Rollout, terms: Terms) -> float:
    """Score the findings: 0 to 1."""
    findings = rollout.diagnosis.findings
    taken: list[Span] = []
    for finding in findings:
        if _holds(finding, taken, rollout, terms) and finding.span:
            taken.append(finding.span)
    if not taken:
        return 0.0
    return len(taken) / len(findings) * min(1.0, len(taken) / expected(rollout))


def expected(rollout: Rollout) -> int:
    """How many grounded findings a turn should have: those the case is known to have, at most MOST_EXPECTED."""
    known = len(rollout.prompt.present) + len(rollout.prompt.absent)
    return min(known, MOST_EXPECTED) if known else EXPECTED


def _holds(finding: Finding, taken: list[Span], rollout: Rollout, terms: Terms) -> bool:
    span = finding.span
    if span is None or len(finding.quote.split()) > LONGEST_QUOTE or not _WORD.search(finding.quote):
        return False
    if any(span.start < other.end and other.start < span.end for other in taken):
        return False
    prompt = rollout.prompt
    if prompt.present or prompt.absent:
        term = terms.linked(finding.term)
        if term is None or (terms.number(finding.term) is None and term not in prompt.present | prompt.absent):
            return False
        is_present, is_absent = terms.related(term, prompt.present), terms.related(term, prompt.absent)
        if is_present != is_absent:
            return finding.present == is_present
        if not is_present:
            return False
    said = said_of(prompt.note, span, [f.span for f in rollout.diagnosis.findings if f.span and f.span != span])
    if DENIALS.search(finding.quote):  # "never walked" is a finding that is present, "no seizures" one that is absent
        return said in DECIDED
    return said is (Assertion.present if finding.present else Assertion.absent)
