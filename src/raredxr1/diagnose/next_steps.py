"""What would tell the candidates apart: the findings, tests and genes whose outcome is expected to teach most.

For each HPO term that a candidate has in the knowledge base and the note does not decide, the expected information gain
over the candidates, in bits: H(p) - sum over outcomes of P(outcome) H(p | outcome), where p are the candidates'
confidences, made to sum to 1, and P(present | disease) is the annotated frequency. Terms are chosen one after the
other; one that is above or below one chosen already would ask the same question again and is passed over. What is
told apart are lines of the answer: subtypes of one disease count as one. What the note mentions in any way is not
asked, nor its opposite, nor a candidate by its own name; nor is an adult asked about childhood development.

Genes and other tests of the cause stand beside them (`cause_tests`).

Source: Lindley 1956, "On a measure of the information provided by an experiment"; used so for rare diseases since
Internist-1 and DXplain.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.diagnose.cause_tests import gene_tests, metabolite_test
from raredxr1.diagnose.evidence import is_unspecific
from raredxr1.diagnose.expected import analytes_in, is_opposed, of_the_other_sex, says_nothing_new, too_young_for
from raredxr1.diagnose.lines import line_family
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import NextStep, Ranked, Separates, StatedFinding
from raredxr1.diagnose.told_apart import LEAST_GAIN, Array, chance, frequencies_of, gains, line_of, weights_of
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.assertion import DECIDED
from raredxr1.knowledge.closure import closure
from raredxr1.knowledge.linking import PHENOTYPE

TOP = 5
"""Lines of candidates to be told apart."""
LEAST_SHARE = 0.2
"""Of the gain of the test of genes; a finding that tells less beside it is not asked for, but for the first ones."""
ALWAYS = 2
"""Findings that are asked for however much a test of genes tells."""
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

_FELT = re.compile(r"^(?:Palpitations|Syncope|Tachycardia|Bradycardia|Sudden|Cardiac arrest)\b|itis$", re.IGNORECASE)
"""Names of terms that stand with those of an ECG or a picture, and are told by the patient or found at the bedside."""
_STAGE = re.compile(r"Stage \d (.+)")
_EARLY = re.compile(r"\b(?:infantile|neonatal|childhood|infancy|birth|congenital|intrauterine|prenatal)\b", re.I)
"""Names of terms that say that they set in early."""


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
    years: float | None = None,
    sex: str | None = None,
    note: str = "",
) -> list[NextStep]:
    """Name what to look for next.

    Args:
        candidates: the ranking; those the knowledge base does not know are left out.
        stated: what the note mentions already, in whatever state.
        names: the knowledge base.
        limit: how many steps at most; a gene counts as one.
        years: age of the patient; None: not known.
        sex: "female" or "male"; None: not known.
        note: the text; what it measures is not advised, and a test of genes that it speaks of is said to be there.

    Returns:
        The steps, most telling first; empty where fewer than two candidates are known or nothing separates them.
    """
    kb = names.kb
    by_line: dict[str, list[tuple[int, Ranked]]] = {}
    for candidate in candidates:
        disease = kb.disease(candidate.id) if candidate.id else None
        if disease is not None:
            line = line_family(candidate.name, candidate.id, kb)
            by_line.setdefault(line, []).append((disease, candidate))
    by_name: dict[str, list[tuple[int, Ranked]]] = {}
    for of in by_line.values():
        by_name.setdefault(line_of(of, kb).shown.name.casefold(), []).extend(of)
    lines = [line_of(of, kb) for of in list(by_name.values())[:TOP]]
    if len(lines) < 2 or not limit:
        return []
    diseases, weights = [line.diseases[0] for line in lines], weights_of([line.candidates for line in lines])
    known = {line.diseases[0]: line.candidates[0] for line in lines}
    decided = [kb.term(f.hpo_id) for f in stated if f.state in DECIDED]
    present = [kb.term(f.hpo_id) for f in stated if f.state == "present"]
    grown = years is not None and years >= ADULT
    closed = {kb.term(f.hpo_id) for f in stated} | (_of_childhood(kb) if grown else set())
    closed.update(above for f in stated if f.state == "uncertain" for above in kb.term_ancestors[kb.term(f.hpo_id)])
    closed |= _measured(kb, note) | _of_stages(kb, present)
    if years is not None and (later := too_young_for(kb, years)):
        closed |= kb.descendants(later)
    closed |= kb.descendants(of_the_other_sex(kb, sex))
    tests = gene_tests(kb, lines, weights, note)
    if measured := metabolite_test(kb, lines, weights, closed):
        step, terms = measured
        tests.append(step)
        closed.update(above for term in terms for above in kb.term_ancestors[term])

    def teaches(term: int) -> bool:
        name = kb.term_names[term]
        named_so = any(says_nothing_new(name, line.shown.name) for line in lines)
        return not named_so and not is_opposed(kb, term, present)

    findings = _findings(kb, diseases, weights, decided, closed, teaches, limit)
    steps = [_finding_step(asked, kb, known) for asked in findings]
    least = LEAST_SHARE * max((step.gain for step in tests), default=0.0)
    ordered = sorted(steps, key=lambda step: -step.gain)
    kept = [step for place, step in enumerate(ordered) if place < ALWAYS or step.gain >= least]
    kept = kept[: max(limit - len(tests), 0)]
    return sorted([*tests, *kept], key=lambda step: -step.gain)[:limit]


def _measured(kb: KnowledgeBase, note: str) -> set[int]:
    """Terms that a value of the note decides, and all kinds of them."""
    said = {kb.term(one) for one in analytes_in(note) if kb.resolve_term(one)}
    return kb.descendants(said)


def _of_stages(kb: KnowledgeBase, present: Collection[int]) -> set[int]:
    """All stages of what a patient has in one: who is in stage 3 is in no other."""
    reached = {name[1] for term in present if (name := _STAGE.match(kb.term_names[term]))}
    if not reached:
        return set()
    return {term for term, name in enumerate(kb.term_names) if (at := _STAGE.match(name)) and at[1] in reached}


@lru_cache(maxsize=4)
def _of_childhood(kb: KnowledgeBase) -> frozenset[int]:
    """Terms that are asked of a child and not of an adult."""
    roots = {kb.term(row["hpo_id"]) for row in table("childhood_terms") if kb.resolve_term(row["hpo_id"])}
    return frozenset(kb.descendants(roots) | {term for term, name in enumerate(kb.term_names) if _EARLY.search(name)})


def _findings(
    kb: KnowledgeBase,
    diseases: Sequence[int],
    weights: Array,
    stated: Sequence[int],
    closed: Collection[int],
    teaches: Callable[[int], bool],
    limit: int,
) -> list[_Asked]:
    c, frequencies = closure(kb), [frequencies_of(kb, disease) for disease in diseases]
    decided = {above for term in stated for above in kb.term_ancestors[term]} | set(stated)
    root = kb.term(PHENOTYPE)
    terms = {term for known in frequencies for term, frequency in known.items() if frequency > 0}
    open_terms = [
        t
        for t in sorted(terms - decided - set(closed))
        if root in kb.term_ancestors[t] and c.information[t] >= LEAST_INFORMATION
        and not any(s in kb.term_ancestors[t] for s in stated) and not is_unspecific(kb.term_names[t])
    ]  # fmt: skip
    if not open_terms:
        return []
    chances = np.array([[chance(c, t, known) for known in frequencies] for t in open_terms])
    gain = gains(weights, chances)
    chosen: list[_Asked] = []
    # of equals the more specific term: it says more precisely what to look for
    for place in sorted(
        range(len(open_terms)), key=lambda i: (-round(float(gain[i]), 3), -c.information[open_terms[i]])
    ):
        term = open_terms[place]
        if gain[place] < LEAST_GAIN or len(chosen) == limit:
            break
        if not any(kb.related(term, one.term) for one in chosen) and teaches(term):
            chosen.append(_Asked(term, chances[place], float(gain[place]), [term in known for known in frequencies]))
    return chosen


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
    if _FELT.search(kb.term_names[term]):
        return "finding"
    by_name: Kind = "laboratory" if _MEASURED.search(kb.term_names[term]) else "finding"
    return next((kind for kind, roots in _TESTS if above & set(roots)), by_name)
