"""Format: is it the turn that was asked for, whole and nothing else?

Some faults make a turn worthless to a reader or are how answers are smuggled past a parser: an answer that is missing
or not closed, text after it, reasoning that is missing or empty. They earn 0. Others cost a share each.

A differential is a list: each name it is short of the least asked for is a fault. Without that the safest differential
is one name, which no reward on ranks tells from a list (docs/log.md). Names given twice do not count; what else they
cost is repetition's to say.
"""

from raredxr1.curriculum.rollout import Rollout
from raredxr1.knowledge.linking import Linker
from raredxr1.schemas import Problem, ProblemKind

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
    """Score the form: 0 to 1.

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
