"""Accuracy: is the true disease named, and how high?

The evaluation's own matcher decides, so that what is rewarded is what is measured. A differential earns 1 / rank of the
true disease (its mean over cases is the MRR that evaluation reports); a final diagnosis earns 1 or nothing, and only
the first name is looked at. A parent that covers at most ten diseases earns a capped share of what its place would:
enough for a model to move towards the family, never as much as the disease itself. Siblings, members named for their
family, categories, items that join several names, and whatever else is only near earn nothing.
"""

from collections.abc import Sequence

from raredxr1.curriculum.rollout import Rollout
from raredxr1.evaluate.matcher import Matcher, Verdict
from raredxr1.schemas import Task

PARENT_SHARE = 0.3
"""What a small parent earns of the reward of its place."""


def accuracy(rollout: Rollout, matcher: Matcher) -> float:
    """Score the answer: 0 to 1."""
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
