"""What would tell the candidates apart: the findings, tests and genes whose outcome is expected to teach most.

For each HPO term that a candidate has in the knowledge base and the note does not decide, the expected information gain
over the candidates, in bits: H(p) - sum over outcomes of P(outcome) H(p | outcome), where p are the candidates'
confidences, made to sum to 1, and P(present | disease) is the annotated frequency. Terms are chosen one after the
other; one that is above or below one chosen already would ask the same question again and is passed over. What is
told apart are lines of the answer: subtypes of one disease count as one. What the note mentions in any way is not
asked, nor is an adult asked about childhood development.

Genes are tested for a candidate: all of its genes, or those that no likelier one has; several make a panel. The test is
taken to find in each disease the share of its genes that it covers, so that one of many rare genes tells little.

Source: Lindley 1956, "On a measure of the information provided by an experiment"; used so for rare diseases since
Internist-1 and DXplain.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from raredxr1.data import table
from raredxr1.diagnose.genes import by_cause, causal
from raredxr1.diagnose.lines import Named, family_of, main_name
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import NextStep, Ranked, Separates, StatedFinding
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.assertion import DECIDED
from raredxr1.knowledge.closure import Closure, closure
from raredxr1.knowledge.families import subtypes
from raredxr1.knowledge.hpoa import frequency_of
from raredxr1.knowledge.linking import PHENOTYPE
from raredxr1.knowledge.store import UNSTATED_FREQUENCY

TOP = 5
"""Lines of candidates to be told apart."""
LEAST_GAIN = 0.05
"""Bits; less is not worth a question."""
NAMED = 4
"""Genes of a panel that are named."""
MOST, LEAST = 0.95, 0.02
"""No finding is quite sure or quite impossible in a disease: annotations err and patients differ."""
ADULT = 18.0
"""Years from which on nobody is asked about childhood development."""
LEAST_INFORMATION = 1.5
"""Terms that more than a fifth of all diseases have are too broad to ask for ("Abnormality of the eye")."""

Kind = Literal["finding", "laboratory", "imaging", "electrophysiology", "gene"]
_TESTS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("electrophysiology", ("HP:0002353", "HP:0003457", "HP:0030956", "HP:0000512", "HP:0030177")),
    ("laboratory", ("HP:0001939", "HP:0012379", "HP:0032180", "HP:0010876", "HP:0003110", "HP:0001877", "HP:0001881")),
    ("imaging", ("HP:0012443", "HP:0007364", "HP:0001627", "HP:0012210", "HP:0410042")),
)
"""Below which terms a finding is a test's: EEG, EMG, ECG, ERG, nerve conduction; blood and urine; brain, heart,
kidney, liver. The first that fits decides; any other is found by asking or examining."""
_MEASURED = re.compile(
    r"\b(?:circulating|serum|plasma|urinary|urine|CSF|cerebrospinal fluid|enzyme|hormone level|concentration)\b"
    r"|acid(?:uria|emia)\b",
    re.IGNORECASE,
)
"""Names of terms that stand elsewhere in the HPO (under the endocrine system, say) and are measured all the same."""

_EARLY = re.compile(r"\b(?:infantile|neonatal|childhood|infancy|birth|congenital|intrauterine|prenatal)\b", re.I)
"""Names of terms that say that they set in early."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Asked:
    """A question: its number in the knowledge base, the chance of a yes in each candidate, and what that rests on."""

    term: int
    chances: Array
    gain: float
    annotated: list[bool]
    """Whether the knowledge base says how often it is found in each candidate."""


def next_steps(
    candidates: Sequence[Ranked],
    stated: Sequence[StatedFinding],
    names: Names,
    limit: int,
    top: int = TOP,
    years: float | None = None,
) -> list[NextStep]:
    """Name what to look for next.

    Args:
        candidates: the ranking; those the knowledge base does not know are left out.
        stated: what the note mentions already, in whatever state.
        names: the knowledge base.
        limit: how many steps at most; a gene counts as one.
        top: how many lines of candidates are to be told apart.
        years: age of the patient; None: not known.

    Returns:
        The steps, most telling first; empty where fewer than two candidates are known or nothing separates them.
    """
    kb = names.kb
    by_line: dict[str, list[tuple[int, Ranked]]] = {}
    for candidate in candidates:
        disease = kb.disease(candidate.id) if candidate.id else None
        if disease is not None:
            line = family_of(main_name(Named(kb.disease_names[disease], candidate.id), kb))
            by_line.setdefault(line, []).append((disease, candidate))
    lines = list(by_line.values())[:top]
    if len(lines) < 2 or not limit:
        return []
    known = {line[0][0]: line[0][1] for line in lines}
    diseases, weights = list(known), _weights([[candidate for _, candidate in line] for line in lines])
    decided = [kb.term(f.hpo_id) for f in stated if f.state in DECIDED]
    grown = years is not None and years >= ADULT
    closed = {kb.term(f.hpo_id) for f in stated} | (_of_childhood(kb) if grown else set())
    closed.update(above for f in stated if f.state == "uncertain" for above in kb.term_ancestors[kb.term(f.hpo_id)])
    findings = _findings(kb, diseases, weights, decided, closed, limit)
    steps = [_finding_step(asked, kb, known) for asked in findings]
    steps += _genes(kb, known, [_genes_of([disease for disease, _ in line], kb) for line in lines], weights)
    return sorted(steps, key=lambda step: -step.gain)[:limit]


def entropy(p: Array) -> Array:
    """Entropy in bits over the last axis; 0 log 0 is 0."""
    bits: Array = -np.sum(np.where(p > 0, p * np.log2(np.where(p > 0, p, 1.0)), 0.0), axis=-1)
    return bits


def gains(weights: Array, chances: Array) -> Array:
    """Expected information gain of yes-no questions.

    Args:
        weights: probability of each disease, summing to 1; shape (diseases,).
        chances: P(yes | disease); shape (questions, diseases).

    Returns:
        Bits; shape (questions,).
    """
    yes, no = weights * chances, weights * (1 - chances)
    expected = np.zeros(len(chances))
    for outcome in (yes, no):
        total = outcome.sum(axis=1, keepdims=True)
        expected += total[:, 0] * entropy(outcome / np.where(total > 0, total, 1.0))
    gain: Array = entropy(weights) - expected
    return np.maximum(gain, 0.0)


def _weights(lines: Sequence[Sequence[Ranked]]) -> Array:
    """Confidences of lines that sum to 1; where there are none, falling with rank as 1/rank."""
    given = np.array([sum(c.confidence or 0.0 for c in line) for line in lines])
    if given.sum() <= 0:
        given = np.array([1 / line[0].rank for line in lines])
    given = np.maximum(given, 0.02 * given.max())
    weights: Array = given / given.sum()
    return weights


@lru_cache(maxsize=4)
def _of_childhood(kb: KnowledgeBase) -> frozenset[int]:
    """Terms that are asked of a child and not of an adult."""
    roots = {kb.term(row["hpo_id"]) for row in table("childhood_terms") if kb.resolve_term(row["hpo_id"])}
    below = {term for term, above in enumerate(kb.term_ancestors) if not roots.isdisjoint(above)}
    return frozenset(below | {term for term, name in enumerate(kb.term_names) if _EARLY.search(name)})


def _findings(
    kb: KnowledgeBase,
    diseases: Sequence[int],
    weights: Array,
    stated: Sequence[int],
    closed: Collection[int],
    limit: int,
) -> list[_Asked]:
    c, frequencies = closure(kb), [_frequencies(kb, disease) for disease in diseases]
    decided = {above for term in stated for above in kb.term_ancestors[term]} | set(stated)
    root = kb.term(PHENOTYPE)
    terms = {term for known in frequencies for term, frequency in known.items() if frequency > 0}
    open_terms = [
        t
        for t in sorted(terms - decided - set(closed))
        if root in kb.term_ancestors[t] and c.information[t] >= LEAST_INFORMATION
        and not any(s in kb.term_ancestors[t] for s in stated)
    ]  # fmt: skip
    if not open_terms:
        return []
    chances = np.array([[_chance(c, t, known) for known in frequencies] for t in open_terms])
    gain = gains(weights, chances)
    chosen: list[_Asked] = []
    # of equals the more specific term: it says more precisely what to look for
    for place in sorted(
        range(len(open_terms)), key=lambda i: (-round(float(gain[i]), 3), -c.information[open_terms[i]])
    ):
        term = open_terms[place]
        if gain[place] < LEAST_GAIN or len(chosen) == limit:
            break
        if not any(_related(kb, term, one.term) for one in chosen):
            chosen.append(_Asked(term, chances[place], float(gain[place]), [term in known for known in frequencies]))
    return chosen


def _frequencies(kb: KnowledgeBase, disease: int) -> dict[int, float]:
    """How often a disease has each finding and each ancestor of one; 0: known to be absent.

    A frequency of one patient in one is not 100 %: each is drawn to one half as by one patient more on either side.
    """
    seen: dict[int, float] = defaultdict(float)
    of: dict[int, float] = defaultdict(float)
    never: set[int] = set()
    for row in kb.annotations(disease):
        if row.aspect != "P":
            continue
        if row.negated:
            never.add(row.term)
            continue
        share, patients = frequency_of(row.frequency) or (UNSTATED_FREQUENCY, 1.0)
        seen[row.term] += share * patients
        of[row.term] += patients
    found = dict.fromkeys(never, 0.0)
    for term, patients in of.items():
        frequency = (seen[term] + 1) / (patients + 2) if seen[term] else 0.0
        for above in kb.term_ancestors[term] if frequency else [term]:
            found[above] = max(found.get(above, 0.0), frequency)
    return found


def _chance(c: Closure, term: int, known: dict[int, float]) -> float:
    """P(finding | disease): as annotated; where it is not, as often as in any disease."""
    return min(max(known.get(term, float(c.background[term])), LEAST), MOST)


def _related(kb: KnowledgeBase, term: int, other: int) -> bool:
    return term in kb.term_ancestors[other] or other in kb.term_ancestors[term]


def _finding_step(asked: _Asked, kb: KnowledgeBase, known: dict[int, Ranked]) -> NextStep:
    c = closure(kb)
    told = [(disease, float(chance)) for disease, chance in zip(known, asked.chances, strict=True)]
    told.sort(key=lambda one: -one[1])
    label = kb.term_names[asked.term]
    annotated = dict(zip(known, asked.annotated, strict=True))
    having = [(d, p) for d, p in told if c.frequency(asked.term, d)]
    lacking = [d for d, _ in told if not c.frequency(asked.term, d)]
    said = " and ".join(f"{known[d].name} ({p:.0%})" for d, p in having[:2])
    reason = f"Reported in {said}"
    if lacking:
        reason += f"; not reported in {' or '.join(known[d].name for d in lacking[:2])}"
    elif len(having) > 1:
        rarest, share = having[-1]
        reason += f"; rarer in {known[rarest].name} ({share:.0%})" if len(having) > 2 else ""
    return NextStep(
        kind=_kind(kb, asked.term),
        label=label,
        hpo_id=kb.term_ids[asked.term],
        gain=round(asked.gain, 3),
        reason=f"{reason}.",
        separates=[
            Separates(
                name=known[d].name,
                id=known[d].id or "",
                probability=round(p, 3),
                annotated=annotated[d],
            )
            for d, p in told
        ],
    )


def _kind(kb: KnowledgeBase, term: int) -> Kind:
    above = {kb.term_ids[ancestor] for ancestor in kb.term_ancestors[term]}
    by_name: Kind = "laboratory" if _MEASURED.search(kb.term_names[term]) else "finding"
    return next((kind for kind, roots in _TESTS if above & set(roots)), by_name)


def _genes_of(line: Sequence[int], kb: KnowledgeBase) -> list[str]:
    """The genes to test for the diseases of a line, the likeliest cause first; those of its subtypes if it has none.

    The genes of an infection, and of a disease that has HLA genes, say who is prone to it, and test for nothing.
    """
    own = [gene for disease in line for gene in by_cause(kb, disease) if gene in causal(kb, disease)]
    if any("infection" in kb.kinds(disease) for disease in line) or any(gene.startswith("HLA-") for gene in own):
        return []
    return list(dict.fromkeys(own)) or sorted(subtypes(kb).genes(line[0]))


def _genes(kb: KnowledgeBase, known: dict[int, Ranked], of: Sequence[list[str]], weights: Array) -> list[NextStep]:
    """The test of genes that would tell most, if any tells anything; further ones add little and cost the same."""
    tests = [list(genes) for genes in of]
    likelier: set[str] = set()
    for genes in of:
        tests.append([gene for gene in genes if gene not in likelier])
        likelier.update(genes)
    tests = [genes for genes in tests if genes]
    if not tests:
        return []
    found = [[len(set(own) & set(genes)) / len(own) if own else 0.0 for own in of] for genes in tests]
    gain = gains(weights, np.array(found, dtype=np.float64))
    best = min(range(len(tests)), key=lambda i: (-round(float(gain[i]), 3), len(tests[i]), i))
    if gain[best] < LEAST_GAIN:
        return []
    separates = [
        Separates(name=one.name, id=one.id or "", probability=round(share, 3), annotated=bool(own))
        for one, share, own in zip(known.values(), found[best], of, strict=True)
    ]
    having = [one.name for one in separates if one.probability > 0]
    reason = (
        f"A pathogenic variant would speak for {' or '.join(having[:3])}; the gain is that of a test without misses."
    )
    return [NextStep(kind="gene", label=_named(tests[best]), hpo_id=None, gain=round(float(gain[best]), 3),
                     reason=reason, separates=separates, genes=tests[best])]  # fmt: skip


def _named(genes: Sequence[str]) -> str:
    """Genes to test: "MECP2"; "UBE3A, SNRPN"; "panel of 22 genes (BBS1, BBS10, BBS2, BBS4, ...)"."""
    few = ", ".join(genes[:NAMED])
    return few if len(genes) <= NAMED else f"panel of {len(genes)} genes ({few}, ...)"
