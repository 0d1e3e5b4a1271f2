"""Drills in the one sentence of a turn that cannot be copied: what one hypothesis explains and another does not.

Everything else of a turn over evidence stands in its prompt; this is a difference of two lists of numbers. A drill
gives hypotheses as they stand in a turn, with lists that were drawn, and asks for the true sentence: some hundred
tokens, so that many more are seen than in whole turns. Names and findings to look for are of the knowledge base, and
mean nothing.
"""

from random import Random

from raredxr1 import dialogue
from raredxr1.diagnose.lead_grammar import LEAST_HYPOTHESES, MOST_AWAITED, MOST_HYPOTHESES, WEIGH
from raredxr1.internalize.corpus import Example
from raredxr1.internalize.dialogues import weighing
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import Hypothesis

MOST_PRESENT, MOST_ABSENT = 12, 6
"""Findings that lists are drawn from."""
UNKNOWN, AWAITED = 0.04, 0.4
"""How often nothing is annotated of a hypothesis, and how often one has findings to look for."""


def comparison(kb: KnowledgeBase, rng: Random) -> Example:
    """Draw a drill: hypotheses up to the weighing, and the true sentence."""
    present = rng.randint(1, MOST_PRESENT)
    absent = range(present + 1, present + 1 + rng.randint(0, MOST_ABSENT))
    leading = _some(range(1, present + 1), rng.choice((0.3, 0.6, 0.9)), rng)
    names = rng.sample(kb.disease_names, rng.randint(LEAST_HYPOTHESES, MOST_HYPOTHESES))
    hypotheses = [_drawn(name, leading, i == 0, present, absent, kb, rng) for i, name in enumerate(names)]
    lines = "".join(f"{dialogue.render_hypothesis(one)}\n" for one in hypotheses)
    sentence = weighing(hypotheses, lambda number: -number)
    return Example(
        f"{dialogue.render_lead_prompt('')}{lines}{WEIGH}\n", f"{sentence}\n{dialogue.THINK_END}", "comparison", None
    )


def _drawn(
    name: str, leading: list[int], leads: bool, present: int, absent: range, kb: KnowledgeBase, rng: Random
) -> Hypothesis:
    if rng.random() < UNKNOWN:
        return Hypothesis(name=name)
    awaited = rng.sample(kb.term_names, MOST_AWAITED) if rng.random() < AWAITED else []
    return Hypothesis(
        name=name,
        supports=leading if leads else _alike(leading, present, rng),
        against=_some(absent, rng.choice((0.0, 0.3, 0.7)), rng),
        awaited=awaited,
    )


def _alike(leading: list[int], present: int, rng: Random) -> list[int]:
    """The list of another hypothesis: often the same or nearly so, as of diseases that are weighed."""
    kind = rng.random()
    if kind < 0.3:
        return leading
    if kind < 0.7:  # a few fewer, a few more
        keep = _some(leading, rng.choice((0.6, 0.85)), rng)
        more = _some([n for n in range(1, present + 1) if n not in leading], 0.3, rng)
        return sorted({*keep, *more})
    return _some(range(1, present + 1), rng.choice((0.3, 0.7)), rng)


def _some(numbers: range | list[int], share: float, rng: Random) -> list[int]:
    return [number for number in numbers if rng.random() < share]
