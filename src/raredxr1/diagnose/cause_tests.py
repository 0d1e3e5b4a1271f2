"""Tests of the cause: genes, or what finds a cause that no sequencing does, and what errors of metabolism change.

Genes are tested for a candidate: all of its genes, or those that no likelier one has; several make a panel. The test is
taken to find in each disease the share of its genes that it covers, so that one of many rare genes tells little. What
kind of test can find the cause at all (`knowledge.mechanisms`) is said with it, and for an error of metabolism what is
measured (`metabolites`). A test is always named for the likeliest line: to confirm is worth one.
"""

from collections.abc import Collection, Sequence

import numpy as np

from raredxr1 import lazy_re as re
from raredxr1.data import table
from raredxr1.diagnose.genes import by_cause, causal
from raredxr1.diagnose.metabolites import metabolites
from raredxr1.diagnose.result import NextStep, Separates
from raredxr1.diagnose.told_apart import LEAST_GAIN, Array, Line, chance, frequencies_of, gains
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.closure import closure
from raredxr1.knowledge.families import subtypes
from raredxr1.knowledge.mechanisms import SEQUENCE, band, is_acquired, mechanism

NAMED = 4
"""Genes of a panel that are named."""
FEW = 2
"""Genes that are sequenced after another test of the cause was normal, at most."""
LIKELY = 0.05
"""How often a test must be expected to find a cause at all, but for one that confirms the likeliest line."""
SECOND = 0.15
"""How often a second test must be expected to find the cause where the first does not."""
_CLAUSE = 140
"""Letters of the note that are quoted."""
_TYPE = re.compile(r"^.*,\s*((?:type|form) \S+)$", re.IGNORECASE)
"""The number of a form at the end of a name that says the rest in other words than its line."""


def _genes_of(line: Sequence[int], kb: KnowledgeBase) -> list[str]:
    """The genes to test for the diseases of a line, the likeliest cause first; those of its subtypes if it has none.

    The genes of an infection, of a disease that has HLA genes or that arises in life, say who is prone to it, and test
    for nothing.
    """
    if all(is_acquired(kb, disease) for disease in line):
        return []
    own = [gene for disease in line for gene in by_cause(kb, disease) if gene in causal(kb, disease)]
    if any("infection" in kb.kinds(disease) for disease in line) or any(gene.startswith("HLA-") for gene in own):
        return []
    return list(dict.fromkeys(own)) or sorted(subtypes(kb).genes(line[0]))


def _tests_of(line: Line, kb: KnowledgeBase) -> tuple[str, list[str]]:
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


def gene_tests(kb: KnowledgeBase, lines: Sequence[Line], weights: Array, note: str) -> list[NextStep]:
    """The test of the cause that would tell most; where none tells much, that of the likeliest line.

    A second one goes with it where it would often find the cause that the first does not: the genes of two candidates
    that are about equally likely are asked for together.
    """
    kinds, of = zip(*(_tests_of(line, kb) for line in lines), strict=True)
    tests = [(kind, list(sought)) for kind, sought in zip(kinds, of, strict=True)]
    likelier: set[str] = set()
    for kind, sought in zip(kinds, of, strict=True):
        tests.append((kind, [one for one in sought if one not in likelier] if kind == SEQUENCE else []))
        likelier.update(sought)
    tests = [(kind, sought) for kind, sought in tests if sought]
    if not tests:
        return []
    found = np.array(
        [[len(set(own) & set(sought)) / len(own) if own else 0.0 for own in of] for _, sought in tests],
        dtype=np.float64,
    )
    gain = np.where(found @ weights >= LIKELY, gains(weights, found), 0.0)
    best = _most_telling(gain)
    if gain[best] < LEAST_GAIN:
        if not of[0]:
            return []
        best = 0  # that of the likeliest line, to confirm it
    steps = [_gene_step(kb, lines, of, tests[best], found[best], float(gain[best]), note)]
    then = (found * (weights * (1 - found[best]))).sum(axis=1)
    then[[i for i, (_, sought) in enumerate(tests) if set(sought) & set(tests[best][1])]] = 0.0
    second = _most_telling(then)
    if then[second] >= SECOND:
        steps.append(_gene_step(kb, lines, of, tests[second], found[second], float(gain[second]), note))
    return steps


def _most_telling(gain: Array) -> int:
    return min(range(len(gain)), key=lambda i: (-round(float(gain[i]), 3), i))


def _gene_step(
    kb: KnowledgeBase,
    lines: Sequence[Line],
    of: Sequence[Sequence[str]],
    test: tuple[str, Sequence[str]],
    shares: Array,
    gain: float,
    note: str,
) -> NextStep:
    """A test of the cause as a step: what is looked for, and the share of each line's causes that it covers."""
    kind, sought = test
    separates = [
        Separates(name=line.shown.name, id=line.shown.id or "", probability=round(float(share), 3), annotated=bool(own))
        for line, share, own in zip(lines, shares, of, strict=True)
    ]
    having = [one.name for one in separates if one.probability > 0]
    speaks = f"{_FOUND[kind != SEQUENCE]} would speak for {' or '.join(having[:3])}"
    line = lines[int(np.argmax(shares))]
    genes = [one for one in sought if not one.startswith(f"{kind} ")]
    place = sought[0].removeprefix(f"{kind} ") if len(genes) < len(sought) else ""
    words, finds = _in_words(kind, "" if place == line.shown.name else place, genes)
    return NextStep(kind="gene", label=_named(genes) if genes else words, hpo_id=None, gain=round(gain, 3),
                    reason=f"{speaks}; the gain is that of a test without misses.", separates=separates, genes=genes,
                    test=words, finds=finds, forms=_forms(line, genes, kb),
                    in_note=_said_of(kind, genes, note))  # fmt: skip


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


def _forms(line: Line, genes: Sequence[str], kb: KnowledgeBase) -> dict[str, str]:
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


def metabolite_test(
    kb: KnowledgeBase, lines: Sequence[Line], weights: Array, closed: Collection[int]
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
    chances = np.array([[chance(c, term, frequencies_of(kb, line.diseases[0])) for line in lines]])
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
