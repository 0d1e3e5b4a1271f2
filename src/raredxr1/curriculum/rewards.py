"""The rewards of stage 3: pure functions of one completion; `scoring.py` names and sums them."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from raredxr1.curriculum.prompts import Rollout
from raredxr1.diagnose.names import Names
from raredxr1.evaluate.matcher import Matcher, Verdict
from raredxr1.knowledge import KnowledgeBase, names
from raredxr1.knowledge.assertion import DECIDED, Assertion
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.linking import Link, Linker
from raredxr1.reflect.claims import claims, opposes
from raredxr1.reflect.masking import DENIALS, said_of
from raredxr1.schemas import Diagnosis, Finding, Hypothesis, Problem, ProblemKind, Span, Task

SPECIFIC_DEPTH = 4
"""Least number of a term's ancestors, itself included: below the organ systems. "Abnormality of the nervous system" is
true of nearly every patient and says nothing."""


class Terms(Linker):
    """The linker, remembering what it linked: the same names come back in thousands of completions."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base."""
        super().__init__(kb)
        self.truth = Claims(kb)
        self.disease = lru_cache(maxsize=65536)(super().disease)  # type: ignore[method-assign]
        self.term = lru_cache(maxsize=65536)(super().term)  # type: ignore[method-assign]

    def linked(self, text: str) -> int | None:
        """Term number of a finding in words; None where nothing fits."""
        link: Link | None = self.term(text)
        return self.kb.term(link.id) if link else None

    def number(self, text: str) -> int | None:
        """Like `linked`, and None where what fits is too general to say anything."""
        term = self.linked(text)
        return term if term is not None and len(self.kb.term_ancestors[term]) >= SPECIFIC_DEPTH else None

    def related(self, term: int, others: Iterable[int]) -> bool:
        """Whether one of the others is the term, a kind of it, or what it is a kind of."""
        above = self.kb.term_ancestors[term]
        return any(other in above or term in self.kb.term_ancestors[other] for other in others)


PARENT_SHARE = 0.3
"""What a small parent earns of the reward of its place."""


def accuracy(rollout: Rollout, matcher: Matcher) -> float:
    """Is the true disease named, and how high?

    The evaluation's own matcher decides, so that what is rewarded is what is measured. A differential earns 1 / rank of
    the true disease (its mean over cases is the MRR that evaluation reports); a final diagnosis earns 1 or nothing, and
    only the first name is looked at. A parent that covers at most ten diseases earns a capped share of what its place
    would: enough for a model to move towards the family, never as much as the disease itself. Siblings, members named
    for their family, categories, items that join several names, and whatever else is only near earn nothing. Score the
    answer: 0 to 1.
    """
    names = rollout.names[:1] if rollout.prompt.task == "final" else rollout.names
    return graded(matcher.judge_all(names, rollout.prompt.gold), rollout.prompt.task)


def graded(verdicts: Sequence[Verdict], task: Task) -> float:
    """Score verdicts in order of rank; the best single name counts, so that names never add up."""
    considered = verdicts[:1] if task == "final" else verdicts
    return max((_share(verdict) / rank for rank, verdict in enumerate(considered, 1)), default=0.0)


def _share(verdict: Verdict) -> float:
    if verdict.level == "strict":
        return 1.0
    return PARENT_SHARE if verdict.level == "subtype" and verdict.rule == "parent" else 0.0


COST = 0.25
"""What each smaller fault takes away."""
_WORTHLESS = frozenset({
    ProblemKind.UNPARSED, ProblemKind.TRUNCATED, ProblemKind.NO_ANSWER, ProblemKind.NO_REASONING,
    ProblemKind.TEXT_AFTER_ANSWER,
})  # fmt: skip
_FAULTS = frozenset({
    ProblemKind.BAD_LINE, ProblemKind.JOINED_NAMES, ProblemKind.TOO_MANY_NAMES, ProblemKind.UNKNOWN_FINDING,
})  # fmt: skip


def form(rollout: Rollout, linker: Linker, least_names: int = 1) -> float:
    """Is it the turn that was asked for, whole and nothing else?

    Some faults make a turn worthless to a reader or are how answers are smuggled past a parser: an answer that is
    missing or not closed, text after it, reasoning that is missing or empty. They earn 0. Others cost a share each.

    A differential is a list: each name it is short of the least asked for is a fault. Without that the safest
    differential is one name, which no reward on ranks tells from a list (docs/log.md). Names given twice do not count;
    what else they cost is repetition's to say. Score the form: 0 to 1.

    Args:
        rollout: the completion.
        linker: tells a disease called "X or Y" from two names in one item.
        least_names: different names that a differential should hold.
    """
    diagnosis = rollout.diagnosis
    if any(problem.kind in _WORTHLESS for problem in diagnosis.problems):
        return 0.0
    faults = sum(_is_fault(problem, linker) for problem in diagnosis.problems)
    if rollout.prompt.task == "differential":
        faults += max(0, least_names - len(diagnosis.answer))
    if diagnosis.form == "full":
        if not (diagnosis.findings and diagnosis.hypotheses and diagnosis.weigh):
            return 0.0
        weighed = {hypothesis.name.casefold() for hypothesis in diagnosis.hypotheses}
        faults += diagnosis.answer[0].name.casefold() not in weighed  # concluded without having been reasoned about
    return max(0.0, 1.0 - COST * faults)


def _is_fault(problem: Problem, linker: Linker) -> bool:
    if problem.kind == ProblemKind.JOINED_NAMES:  # some diseases are truly called "X or Y"
        link = linker.disease(problem.detail)
        return link is None or link.rule == "fuzzy"
    return problem.kind in _FAULTS


NGRAM = 4
"""Words in a row whose return counts as repetition, in the free text of a turn."""


def repetition(rollout: Rollout, linker: Linker) -> float:
    """Nothing is said twice - no disease under two names, no line, no run of words.

    A list stuffed with synonyms of one disease would have more chances with a lenient reader; here every name beyond
    the first for the same disease costs its share of the list. Score how little is repeated: 0 to 1, the worst of
    names, lines and runs of words. Nothing written: 0.
    """
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


LONGEST_QUOTE = 16
"""Words; a longer quote is a passage, no finding."""
EXPECTED = 3
"""Findings expected of a note where the case does not say how many it has."""
MOST_EXPECTED = 6
_WORD = re.compile(r"[^\W\d_]{2,}")


def grounding(rollout: Rollout, terms: Terms) -> float:
    """Do the findings stand in the note, and as present or absent as the note says?

    A quote counts where it is copied from the note, holds a word, is no longer than a finding, and uses words no other
    quote used. Its polarity is judged by the case's HPO terms where it has them (a term that is not among the
    patient's, nor related to one, does not count either: a real quote must not carry an invented finding), else by what
    the note says there, as the one detector of the project reads it: a relative's finding is not the patient's.

    The share of findings that count, times how many count against how many the note holds: quoting nothing, one word,
    or the whole note earns next to nothing. Score the findings: 0 to 1.
    """
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


EXPLAINED = 3
"""Findings that a turn should truly explain, at least; fewer where the case has fewer."""


def consistency(rollout: Rollout, terms: Terms) -> float:
    """Is what the turn claims of diseases true in the knowledge base?

    When a claim holds is decided where stages 1 and 2 decide it (`knowledge/claims.py`, `reflect/claims.py`). Here are
    the guards against claims that are true and say nothing: a disease weighed twice argues once, a finding too general
    to tell diseases apart supports nothing, and what nobody can check is not true.

    The share of claims that hold, times how many findings are truly explained against the least a reasoned turn has: no
    claims, no reward, and a turn that only speaks against straw men earns none either. Score the claims: 0 to 1.
    """
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
    return sum(made) / len(made) * min(1.0, sum(supports) / min(EXPLAINED, expected(rollout)))


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


def length(rollout: Rollout, limit: int, overlong: int) -> float:
    """DAPO's soft punishment (arXiv 2503.14476, equation 13).

    Nothing up to the last `overlong` tokens before the limit, then a straight line down to -1 at the limit. Score the
    length: -1 to 0.

    Args:
        rollout: the completion.
        limit: tokens a completion may have.
        overlong: tokens before the limit over which the punishment grows.
    """
    if rollout.truncated:
        return -1.0
    return -min(1.0, max(0.0, (rollout.tokens - (limit - overlong)) / overlong))
