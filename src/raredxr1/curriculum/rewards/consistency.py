"""Consistency: is what the turn claims of diseases true in the knowledge base?

When a claim holds is decided where stages 1 and 2 decide it (`knowledge/claims.py`, `reflect/claims.py`). Here are the
guards against claims that are true and say nothing: a disease weighed twice argues once, a finding too general to tell
diseases apart supports nothing, and what nobody can check is not true.

The share of claims that hold, times how many findings are truly explained against the least a reasoned turn has: no
claims, no reward, and a turn that only speaks against straw men earns none either.
"""

from raredxr1.curriculum.rewards.grounding import expected
from raredxr1.curriculum.rollout import Rollout
from raredxr1.curriculum.terms import Terms
from raredxr1.diagnose.names import Names
from raredxr1.reflect.claims import claims, opposes
from raredxr1.schemas import Diagnosis, Hypothesis

EXPECTED = 3
"""Findings that a turn should truly explain, at least; fewer where the case has fewer."""


def consistency(rollout: Rollout, terms: Terms) -> float:
    """Score the claims: 0 to 1."""
    turn = rollout.diagnosis
    supports: list[bool] = []
    others = _of_weighing(turn, terms)
    seen: set[int] = set()
    for hypothesis in turn.hypotheses:
        link = terms.disease(hypothesis.name)
        disease = terms.kb.disease(link.id) if link else None
        if disease in seen:
            disease = None
        seen |= {disease} if disease is not None else set()
        supports += _supports(disease, hypothesis, turn, terms)
        others += _others(disease, hypothesis, turn, terms)
    made = [*supports, *others]
    if not made:
        return 0.0
    return sum(made) / len(made) * min(1.0, sum(supports) / min(EXPECTED, expected(rollout)))


def _supports(disease: int | None, hypothesis: Hypothesis, turn: Diagnosis, terms: Terms) -> list[bool]:
    findings = {finding.index: finding for finding in turn.findings}
    found = []
    for index in hypothesis.supports:
        term = terms.number(findings[index].term)
        true = disease is not None and term is not None and terms.truth.explains(disease, term)
        found.append(true and findings[index].present)
    return found


def _others(disease: int | None, hypothesis: Hypothesis, turn: Diagnosis, terms: Terms) -> list[bool]:
    """Whether each finding against, and each awaited, holds."""
    if disease is None:
        return [False] * (len(hypothesis.against) + len(hypothesis.awaited))
    findings = {finding.index: finding for finding in turn.findings}
    mentioned = {terms.number(finding.term) for finding in turn.findings}
    found = []
    for index in hypothesis.against:
        term = terms.number(findings[index].term)
        found.append(term is not None and opposes(terms.truth, disease, term, findings[index].present))
    awaited = [terms.number(text) for text in hypothesis.awaited]
    for place, term in enumerate(awaited):
        fresh = term not in mentioned and term not in awaited[:place]
        found.append(term is not None and fresh and terms.truth.frequency(disease, term) > 0)
    return found


def _of_weighing(turn: Diagnosis, terms: Terms) -> list[bool]:
    """Whether each thing that the weighing says holds."""
    structured = sum(len(h.supports) + len(h.against) + len(h.awaited) for h in turn.hypotheses)
    return [claim.holds is True for claim in claims(turn, Names(terms.kb, terms), terms.truth)[structured:]]
