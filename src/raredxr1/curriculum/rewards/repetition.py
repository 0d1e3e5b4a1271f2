"""Non-repetition: nothing is said twice - no disease under two names, no line, no run of words.

A list stuffed with synonyms of one disease would have more chances with a lenient reader; here every name beyond the
first for the same disease costs its share of the list.
"""

from collections.abc import Sequence

from raredxr1.curriculum.rollout import Rollout
from raredxr1.knowledge import names
from raredxr1.knowledge.linking import Linker
from raredxr1.schemas import ProblemKind

NGRAM = 4
"""Words in a row whose return counts as repetition, in the free text of a turn."""


def repetition(rollout: Rollout, linker: Linker) -> float:
    """Score how little is repeated: 0 to 1, the worst of names, lines and runs of words. Nothing written: 0."""
    diagnosis = rollout.diagnosis
    repeated = [p.detail for p in diagnosis.problems if p.kind == ProblemKind.DUPLICATE_NAME]
    keys = [_key(name, linker) for name in (*rollout.names, *repeated)]
    if not keys:
        return 0.0
    shares = [_distinct(keys)]
    if diagnosis.form == "full":
        findings = [f"{f.quote.casefold()} {f.term.casefold()}" for f in diagnosis.findings]
        hypotheses = [_key(hypothesis.name, linker) for hypothesis in diagnosis.hypotheses]
        words = diagnosis.weigh.casefold().split()
        runs = [" ".join(words[i : i + NGRAM]) for i in range(len(words) - NGRAM + 1)]
        shares += [_distinct(findings), _distinct(hypotheses), _distinct(runs)]
    return min(shares)


def _key(name: str, linker: Linker) -> str:
    """One string for all names of a disease."""
    link = linker.disease(name)
    return link.id if link else names.bag(name)


def _distinct(items: Sequence[str]) -> float:
    return len(set(items)) / len(items) if items else 1.0
