"""For each candidate, what speaks for it, what against it and what to look for, with the words of the note."""

from collections.abc import Sequence

from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import Awaited, Evidence, Ranked, StatedFinding
from raredxr1.schemas import Candidate, Diagnosis, Finding, Hypothesis

AWAITED = 2
"""Findings awaited that the knowledge base names at most, as many as a turn is taught to."""


def with_evidence(
    candidates: Sequence[Candidate], diagnosis: Diagnosis, names: Names, stated: Sequence[StatedFinding] = ()
) -> list[Ranked]:
    """Resolve the hypotheses of a turn to quoted words and give each candidate its own.

    A candidate is matched to a hypothesis by disease, not by spelling. For one that no hypothesis weighed, the
    knowledge base says what the findings stated speak for (those the model quoted, where no others were gathered);
    `evidence_by` tells the two apart. A finding whose quote is not in the note is no evidence: it stays in the turn,
    and a problem names it.

    Args:
        candidates: the ranking.
        diagnosis: the turn.
        names: the knowledge base and its linker.
        stated: the findings of the note as rankings by findings read them.
    """
    findings = {finding.index: finding for finding in diagnosis.findings if finding.span}
    known = numbered(diagnosis, stated) if stated else findings
    weighed: dict[str, Hypothesis] = {}
    for hypothesis in diagnosis.hypotheses:
        weighed.setdefault(names.key(hypothesis.name), hypothesis)
    ranked: list[Ranked] = []
    for candidate in candidates:
        considered, by = weighed.get(names.key(candidate.name)), "turn"
        if considered is None:
            considered, by = _known(candidate, known, names), "knowledge"
        pool = findings if by == "turn" else known
        said = considered.supports or considered.against or considered.awaited
        ranked.append(
            Ranked(
                **candidate.model_dump(),
                evidence_by=by if said else None,
                supports=[_evidence(pool[number]) for number in considered.supports if number in pool],
                against=[_evidence(pool[number]) for number in considered.against if number in pool],
                awaited=[Awaited(term=term, hpo_id=names.term_id(term)) for term in considered.awaited],
            )
        )
    return ranked


def numbered(diagnosis: Diagnosis, stated: Sequence[StatedFinding]) -> dict[int, Finding]:
    """Stated findings by number: that of the turn where the turn quotes the same, else numbers after the turn's."""
    own = {(f.hpo_id, f.span.start): f.index for f in diagnosis.findings if f.span and f.hpo_id}
    following = max((f.index for f in diagnosis.findings), default=0)
    found: dict[int, Finding] = {}
    for one in stated:
        index = own.get((one.hpo_id, one.span.start))
        if index is None:
            following += 1
            index = following
        found[index] = Finding(
            index=index, present=one.present, quote=one.quote, term=one.term, hpo_id=one.hpo_id, span=one.span
        )
    return found


def _known(candidate: Candidate, findings: dict[int, Finding], names: Names) -> Hypothesis:
    """What the knowledge base says of findings and a disease; nothing where there are none."""
    disease = names.kb.disease(candidate.id) if candidate.id and names.claims else None
    terms = {i: names.kb.term(f.hpo_id) for i, f in findings.items() if f.hpo_id} if names.claims else {}
    if names.claims is None or disease is None or not terms:
        return Hypothesis(name=candidate.name)
    claims = names.claims
    return Hypothesis(
        name=candidate.name,
        supports=[i for i, term in terms.items() if findings[i].present and claims.explains(disease, term)],
        against=[i for i, term in terms.items() if not findings[i].present and claims.absence_opposes(disease, term)],
        awaited=[names.kb.term_names[term] for term in claims.awaited(disease, set(terms.values()))[:AWAITED]],
    )


def _evidence(finding: Finding) -> Evidence:
    return Evidence(
        finding=finding.index,
        present=finding.present,
        quote=finding.quote,
        term=finding.term,
        hpo_id=finding.hpo_id,
        span=finding.span,
    )
