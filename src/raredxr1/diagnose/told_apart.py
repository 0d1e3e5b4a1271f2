"""Lines of the answer that are to be told apart: how likely each is, and what a question about them would teach.

Source: Lindley 1956, "On a measure of the information provided by an experiment".
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raredxr1.diagnose.lines import Named, apart, main_name, shared_name
from raredxr1.diagnose.result import Ranked
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.claims import typical_frequencies
from raredxr1.knowledge.closure import Closure

LEAST_GAIN = 0.05
"""Bits; less is not worth a test of genes."""
MOST, LEAST = 0.95, 0.02
"""No finding is quite sure or quite impossible in a disease: annotations err and patients differ."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Line:
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


def line_of(of: Sequence[tuple[int, Ranked]], kb: KnowledgeBase) -> Line:
    """The line that some members of the ranking, best first, stand on."""
    diseases, candidates = [disease for disease, _ in of], [one for _, one in of]
    named = [Named(kb.disease_names[disease], one.id) for disease, one in of]
    name = candidates[0].name if len(of) == 1 else shared_name([main_name(one, kb) for one in named])
    forms = [apart(one.name, name) for one in named]
    return Line(diseases, candidates, candidates[0].model_copy(update={"name": name}), forms)


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


def weights_of(lines: Sequence[Sequence[Ranked]]) -> Array:
    """Confidences of lines that sum to 1; where there are none, falling with rank as 1/rank."""
    given = np.array([sum(c.confidence or 0.0 for c in line) for line in lines])
    if given.sum() <= 0:
        given = np.array([1 / line[0].rank for line in lines])
    given = np.maximum(given, 0.02 * given.max())
    weights: Array = given / given.sum()
    return weights


def frequencies_of(kb: KnowledgeBase, disease: int) -> dict[int, float]:
    """How often a disease has each finding and each ancestor of one; 0: known to be absent."""
    found = {row.term: 0.0 for row in kb.annotations(disease) if row.aspect == "P" and row.negated}
    for term, frequency in typical_frequencies(kb, disease).items():
        for above in kb.term_ancestors[term] if frequency else [term]:
            found[above] = max(found.get(above, 0.0), frequency)
    return found


def chance(c: Closure, term: int, known: dict[int, float]) -> float:
    """P(finding | disease): as annotated; where it is not, as often as in any disease."""
    return min(max(known.get(term, float(c.background[term])), LEAST), MOST)
