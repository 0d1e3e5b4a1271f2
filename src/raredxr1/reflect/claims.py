"""Is what a turn says of diseases true? Every claim it makes is taken apart and held against the knowledge base.

`knowledge.claims` decides what is true; this file reads which claims a turn makes: for, against and awaited of each
hypothesis, and what its weighing says that a disease explains.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from raredxr1.diagnose.names import Names
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.closure import closure
from raredxr1.schemas import Diagnosis, Finding, Hypothesis


@dataclass(frozen=True)
class Claim:
    """One thing a turn says: a hypothesis, the findings or term it is about, and whether it holds.

    `holds` is None where a name or term links to nothing, so that nobody can tell.
    """

    text: str
    holds: bool | None


def claims(turn: Diagnosis, names: Names, truth: Claims) -> list[Claim]:
    """Take a turn apart into what it claims, and check each claim."""
    findings = {finding.index: finding for finding in turn.findings}
    found: list[Claim] = []
    for hypothesis in turn.hypotheses:
        disease = disease_number(hypothesis.name, names)
        found += _of_hypothesis(hypothesis, disease, findings, names, truth)
    return found + _of_weighing(turn, findings, names, truth)


def disease_number(name: str, names: Names) -> int | None:
    """Disease a name links to; None where it links to nothing."""
    link = names.disease(name)
    return names.kb.disease(link.id) if link else None


def term_number(finding: Finding, names: Names) -> int | None:
    """HPO term of a finding; None where it has none."""
    hpo_id = finding.hpo_id or names.term_id(finding.term)
    return names.kb.term(hpo_id) if hpo_id else None


def _of_hypothesis(
    hypothesis: Hypothesis, disease: int | None, findings: dict[int, Finding], names: Names, truth: Claims
) -> list[Claim]:
    terms = {index: term_number(finding, names) for index, finding in findings.items()}
    found = []
    for number in hypothesis.supports:
        term, holds = terms[number], None
        if disease is not None and term is not None:
            holds = findings[number].present and truth.explains(disease, term)
        found.append(Claim(f"{hypothesis.name}: for {number}", holds))
    for number in hypothesis.against:
        term, holds = terms[number], None
        if disease is not None and term is not None:
            holds = opposes(truth, disease, term, findings[number].present)
        found.append(Claim(f"{hypothesis.name}: against {number}", holds))
    for text in hypothesis.awaited:
        term_id, holds = names.term_id(text), None
        if disease is not None and term_id is not None:
            term = names.kb.term(term_id)
            holds = truth.frequency(disease, term) > 0 and term not in terms.values()
        found.append(Claim(f"{hypothesis.name}: awaited {text}", holds))
    return found


def opposes(truth: Claims, disease: int, term: int, present: bool) -> bool:
    """Whether a finding speaks against a disease: absent though frequent there, or present though it is never there."""
    if present:
        return closure(truth.kb).excludes(term, disease) and not truth.explains(disease, term)
    return truth.absence_opposes(disease, term)


def _of_weighing(turn: Diagnosis, findings: dict[int, Finding], names: Names, truth: Claims) -> list[Claim]:
    """Read "X explains 2; Y does not" and "X does not explain 2; Y does", the wordings that are taught."""
    found: list[Claim] = []
    said = sorted({hypothesis.name for hypothesis in turn.hypotheses}, key=len, reverse=True)
    number: int | None = None
    for clause in re.split(r"[;.](?:\s+|$)", turn.weigh):
        for name, verb, stated in _assertions(clause, said):
            number = int(stated) if stated else number
            if number is None:
                continue
            if number not in findings:
                found.append(Claim(f"{name}: weighs finding {number}, which the turn does not have", False))
                continue
            disease, term = disease_number(name, names), term_number(findings[number], names)
            holds = None
            if disease is not None and term is not None:
                holds = truth.explains(disease, term) != ("not" in verb)
            found.append(Claim(f"{name} {verb} {number}", holds))
    return found


def _assertions(clause: str, said: Sequence[str]) -> list[tuple[str, str, str]]:
    """Name, verb and number of what a clause asserts; an empty number stands for the one last mentioned."""
    names = "|".join(map(re.escape, said))
    if not names:
        return []
    pattern = rf"({names}) (does not explain|explains|does not$|does$) ?(\d*)"
    return [(m[1], m[2], m[3]) for m in re.finditer(pattern, clause.strip())]
