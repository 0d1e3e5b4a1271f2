"""For each candidate, what speaks for it, what against it and what to look for, with the words of the note."""

from collections.abc import Sequence

from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import Awaited, Evidence, Ranked
from raredxr1.schemas import Candidate, Diagnosis, Finding, Hypothesis


def with_evidence(candidates: Sequence[Candidate], diagnosis: Diagnosis, names: Names) -> list[Ranked]:
    """Resolve the hypotheses of a turn to quoted words and give each candidate its own.

    A candidate is matched to a hypothesis by disease, not by spelling; one that no hypothesis weighed has no evidence.
    A finding whose quote is not in the note is no evidence: it stays in the turn, and a problem names it.
    """
    findings = {finding.index: finding for finding in diagnosis.findings if finding.span}
    weighed: dict[str, Hypothesis] = {}
    for hypothesis in diagnosis.hypotheses:
        weighed.setdefault(names.key(hypothesis.name), hypothesis)
    ranked: list[Ranked] = []
    for candidate in candidates:
        considered = weighed.get(names.key(candidate.name), Hypothesis(name=candidate.name))
        ranked.append(
            Ranked(
                **candidate.model_dump(),
                supports=[_evidence(findings[number]) for number in considered.supports if number in findings],
                against=[_evidence(findings[number]) for number in considered.against if number in findings],
                awaited=[Awaited(term=term, hpo_id=names.term_id(term)) for term in considered.awaited],
            )
        )
    return ranked


def _evidence(finding: Finding) -> Evidence:
    return Evidence(
        finding=finding.index,
        present=finding.present,
        quote=finding.quote,
        term=finding.term,
        hpo_id=finding.hpo_id,
        span=finding.span,
    )
