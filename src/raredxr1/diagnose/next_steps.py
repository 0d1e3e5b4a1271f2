"""What would tell the candidates apart: the findings, tests and genes whose outcome is expected to teach most.

For each HPO term that a candidate has in the knowledge base and the note does not decide, the expected information gain
over the candidates, in bits: H(p) - sum over outcomes of P(outcome) H(p | outcome), where p are the candidates'
confidences, made to sum to 1, and P(present | disease) is the annotated frequency. Terms are chosen one after the
other; one that is above or below one chosen already would ask the same question again and is passed over. What is
told apart are lines of the answer: subtypes of one disease count as one. What the note mentions in any way is not
asked, nor is an adult asked about childhood development.

Genes are tested for a candidate: all of its genes, or those that no likelier one has; several make a panel. The test is
taken to find in each disease the share of its genes that it covers, so that one of many rare genes tells little. What
kind of test can find the cause at all (`knowledge.mechanisms`) is said with it, and for an error of metabolism what is
measured (`metabolites`). A test is always named for the likeliest line: to confirm is worth one.

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
from raredxr1.diagnose.evidence import is_unspecific
from raredxr1.diagnose.expected import too_young_for
from raredxr1.diagnose.genes import by_cause, causal
from raredxr1.diagnose.lines import Named, apart, family_of, main_name, shared_name
from raredxr1.diagnose.measured import analytes_in
from raredxr1.diagnose.metabolites import metabolites
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import NextStep, Ranked, Separates, StatedFinding
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.assertion import DECIDED
from raredxr1.knowledge.closure import Closure, closure
from raredxr1.knowledge.families import subtypes
from raredxr1.knowledge.hpoa import frequency_of
from raredxr1.knowledge.linking import PHENOTYPE
from raredxr1.knowledge.mechanisms import SEQUENCE, band, mechanism
from raredxr1.knowledge.store import UNSTATED_FREQUENCY

TOP = 5
"""Lines of candidates to be told apart."""
_TYPE = re.compile(r"^.*,\s*((?:type|form) \S+)$", re.IGNORECASE)
"""The number of a form at the end of a name that says the rest in other words than its line."""
_CLAUSE = 140
"""Letters of the note that are quoted."""
LEAST_GAIN = 0.05
"""Bits; less is not worth a test of genes."""
LEAST_SHARE = 0.2
"""Of the gain of the test of genes; a finding that tells less beside it is not asked for, but for the first ones."""
ALWAYS = 2
"""Findings that are asked for however much a test of genes tells."""
NAMED = 4
"""Genes of a panel that are named."""
FEW = 2
"""Genes that are sequenced after another test of the cause was normal, at most."""
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

_FELT = re.compile(r"^(?:Palpitations|Syncope|Tachycardia|Bradycardia|Sudden|Cardiac arrest)\b", re.IGNORECASE)
"""Names of terms that stand with those of an ECG, and are told by the patient or felt at the pulse."""
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
    note: str = "",
) -> list[NextStep]:
    """Name what to look for next.

    Args:
        candidates: the ranking; those the knowledge base does not know are left out.
        stated: what the note mentions already, in whatever state.
        names: the knowledge base.
        limit: how many steps at most; a gene counts as one.
        top: how many lines of candidates are to be told apart.
        years: age of the patient; None: not known.
        note: the text; what it measures is not advised, and a test of genes that it speaks of is said to be there.

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
    lines = [_line(of, kb) for of in list(by_line.values())[:top]]
    if len(lines) < 2 or not limit:
        return []
    diseases, weights = [line.diseases[0] for line in lines], _weights([line.candidates for line in lines])
    known = {line.diseases[0]: line.candidates[0] for line in lines}
    decided = [kb.term(f.hpo_id) for f in stated if f.state in DECIDED]
    grown = years is not None and years >= ADULT
    closed = {kb.term(f.hpo_id) for f in stated} | (_of_childhood(kb) if grown else set())
    closed.update(above for f in stated if f.state == "uncertain" for above in kb.term_ancestors[kb.term(f.hpo_id)])
    closed |= _measured(kb, note)
    if years is not None and (later := too_young_for(kb, years)):
        closed.update(term for term, above in enumerate(kb.term_ancestors) if not later.isdisjoint((term, *above)))
    tests = _genes(kb, lines, weights, note)
    if measured := _metabolites(kb, lines, weights, closed):
        step, terms = measured
        tests.append(step)
        closed.update(above for term in terms for above in kb.term_ancestors[term])
    findings = _findings(kb, diseases, weights, decided, closed, limit)
    steps = [_finding_step(asked, kb, known) for asked in findings]
    least = LEAST_SHARE * max((step.gain for step in tests), default=0.0)
    ordered = sorted(steps, key=lambda step: -step.gain)
    kept = [step for place, step in enumerate(ordered) if place < ALWAYS or step.gain >= least]
    kept = kept[: max(limit - len(tests), 0)]
    return sorted([*tests, *kept], key=lambda step: -step.gain)[:limit]


@dataclass(frozen=True)
class _Line:
    """A line of the answer that is to be told apart.

    Attributes:
        diseases: numbers of its members, best first.
        candidates: the members.
        shown: the best member, under the name of the line.
        forms: what each member is called beside the line's name; empty: nothing.
    """

    diseases: list[int]
    candidates: list[Ranked]
    shown: Ranked
    forms: list[str]


def _line(of: Sequence[tuple[int, Ranked]], kb: KnowledgeBase) -> _Line:
    diseases, candidates = [disease for disease, _ in of], [one for _, one in of]
    named = [Named(kb.disease_names[disease], one.id) for disease, one in of]
    name = candidates[0].name if len(of) == 1 else shared_name([main_name(one, kb) for one in named])
    forms = [apart(one.name, name) for one in named]
    return _Line(diseases, candidates, candidates[0].model_copy(update={"name": name}), forms)


def _measured(kb: KnowledgeBase, note: str) -> set[int]:
    """Terms that a value of the note decides, and all kinds of them."""
    said = {kb.term(one) for one in analytes_in(note) if kb.resolve_term(one)}
    return {term for term, above in enumerate(kb.term_ancestors) if not said.isdisjoint(above)} if said else set()


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
        and not any(s in kb.term_ancestors[t] for s in stated) and not is_unspecific(kb.term_names[t])
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
    if _FELT.match(kb.term_names[term]):
        return "finding"
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


def _tests_of(line: _Line, kb: KnowledgeBase) -> tuple[str, list[str]]:
    """The mechanism of a line, and what a test of it looks for: genes, before them the place that no sequencing finds.

    A line whose forms have genes of their own is of the mechanism of its best member.
    """
    genes = _genes_of(line.diseases, kb)
    kind = mechanism(kb, line.diseases[0])
    if kind == SEQUENCE or (kind in ("repeat", "copies") and not genes):
        return SEQUENCE, genes
    if kind in ("repeat", "copies"):
        return kind, genes
    place = next(filter(None, (band(kb, disease) for disease in line.diseases)), "")
    return kind, [f"{kind} {place or line.shown.name}", *(genes if len(genes) <= FEW else [])]


def _genes(kb: KnowledgeBase, lines: Sequence[_Line], weights: Array, note: str) -> list[NextStep]:
    """The test of the cause that would tell most; where none tells much, that of the likeliest line."""
    kinds, of = zip(*(_tests_of(line, kb) for line in lines), strict=True)
    tests = [(kind, list(sought)) for kind, sought in zip(kinds, of, strict=True)]
    likelier: set[str] = set()
    for kind, sought in zip(kinds, of, strict=True):
        tests.append((kind, [one for one in sought if one not in likelier] if kind == SEQUENCE else []))
        likelier.update(sought)
    tests = [(kind, sought) for kind, sought in tests if sought]
    if not tests:
        return []
    found = [[len(set(own) & set(sought)) / len(own) if own else 0.0 for own in of] for _, sought in tests]
    gain = gains(weights, np.array(found, dtype=np.float64))
    best = min(range(len(tests)), key=lambda i: (-round(float(gain[i]), 3), i))
    if gain[best] < LEAST_GAIN:
        if not of[0]:
            return []
        best = 0  # that of the likeliest line, to confirm it
    kind, sought = tests[best]
    separates = [
        Separates(name=line.shown.name, id=line.shown.id or "", probability=round(share, 3), annotated=bool(own))
        for line, share, own in zip(lines, found[best], of, strict=True)
    ]
    having = [one.name for one in separates if one.probability > 0]
    speaks = f"{_FOUND[kind != SEQUENCE]} would speak for {' or '.join(having[:3])}"
    reason = f"{speaks}; the gain is that of a test without misses."
    line = lines[found[best].index(max(found[best]))]
    genes = [one for one in sought if not one.startswith(f"{kind} ")]
    place = sought[0].removeprefix(f"{kind} ") if len(genes) < len(sought) else ""
    test, finds = _in_words(kind, "" if place == line.shown.name else place, genes)
    forms = _forms(line, genes, kb)
    return [NextStep(kind="gene", label=_named(genes) if genes else test, hpo_id=None, gain=round(float(gain[best]), 3),
                     reason=reason, separates=separates, genes=genes, test=test, finds=finds, forms=forms,
                     in_note=_said_of(kind, genes, note))]  # fmt: skip


_FOUND = ("A pathogenic variant", "An abnormal result")


def _in_words(kind: str, place: str, genes: Sequence[str]) -> tuple[str, str]:
    """The test of a mechanism and what of it speaks for the disease; empty where genes are sequenced."""
    if kind == SEQUENCE:
        return "", ""
    row = next(row for row in table("gene_tests") if row["mechanism"] == kind)
    if kind in ("repeat", "copies"):
        return f"{row['test']} of {_named(genes)}", row["result"]
    test = row["test"] + (f" of {place}" if place and kind == "imprinting" else f", for {place}" if place else "")
    return test + (f"; if normal, sequencing of {_named(genes)}" if genes else ""), row["result"]


def _forms(line: _Line, genes: Sequence[str], kb: KnowledgeBase) -> dict[str, str]:
    """Which form of a disease each gene stands for, where its forms have other genes."""
    own = [(form, set(kb.genes(disease))) for form, disease in zip(line.forms, line.diseases, strict=True)]
    of = {
        gene: [form for form, known in own if gene in known and form and not form.startswith("due to")]
        for gene in genes[:NAMED]
    }
    told = {gene: _TYPE.sub(r"\1", found[0]) for gene, found in of.items() if len(found) == 1}
    return told if len(own) > 1 and len(set(told.values())) == len(told) else {}


def _said_of(kind: str, genes: Sequence[str], note: str) -> str:
    """The clause of a note that speaks of a test of a mechanism, or of the genes; empty: none does."""
    row = next((row for row in table("gene_tests") if row["mechanism"] == kind), None)
    sought = [rf"\b(?:{row['mentions']})\b"] if row else []
    sought += [rf"(?<![\w-]){re.escape(gene)}(?![\w-])" for gene in genes]
    matches = (re.search(rf"(?i:{one})" if i < len(sought) - len(genes) else one, note) for i, one in enumerate(sought))
    match = next(filter(None, matches), None)
    if match is None:
        return ""
    before, behind = note[: match.start()], note[match.end() :]
    start = max((before.rfind(sign) + len(sign) for sign in (". ", "\n", "; ")), default=0)
    ends = [at for sign in (". ", ".\n", "\n", "; ") if (at := behind.find(sign)) >= 0]
    clause = before[start:] + match[0] + behind[: min(ends, default=len(behind))]
    return " ".join(clause.split())[:_CLAUSE].strip(" .")


def _metabolites(
    kb: KnowledgeBase, lines: Sequence[_Line], weights: Array, closed: Collection[int]
) -> tuple[NextStep, list[int]] | None:
    """What is measured to confirm the likeliest line, if it is an error of metabolism, and its terms; None: nothing."""
    c, first = closure(kb), lines[0]
    for disease in first.diseases:
        found = metabolites(kb, disease, closed)
        if found:
            break
    else:
        return None
    term = found[0].term
    chances = np.array([[_chance(c, term, _frequencies(kb, line.diseases[0])) for line in lines]])
    separates = [
        Separates(name=line.candidates[0].name, id=line.shown.id or "", probability=round(float(p), 3),
                  annotated=bool(c.frequency(term, line.diseases[0])))
        for line, p in zip(lines, chances[0], strict=True)
    ]  # fmt: skip
    separates[0] = separates[0].model_copy(update={"probability": max(separates[0].probability, 0.5)})
    told = [f"{kb.term_names[one.term]} is reported in {first.shown.name}" for one in found[:1]]
    step = NextStep(
        kind="laboratory",
        label=kb.term_names[term],
        hpo_id=kb.term_ids[term],
        gain=round(float(gains(weights, chances)[0]), 3),
        reason=f"{told[0]}.",
        separates=separates,
        test=", ".join(one.words for one in found),
        finds="abnormal",
    )
    return step, [one.term for one in found]


def _named(genes: Sequence[str]) -> str:
    """Genes to test: "MECP2"; "UBE3A, SNRPN"; "panel of 22 genes (BBS1, BBS10, BBS2, BBS4, ...)"."""
    few = ", ".join(genes[:NAMED])
    return few if len(genes) <= NAMED else f"panel of {len(genes)} genes ({few}, ...)"
