"""Questions put together from parts, so that few words give many wordings and no template can be learned by heart."""

from collections.abc import Sequence
from random import Random

from raredxr1.knowledge import KnowledgeBase

SYSTEM = "Rare disease knowledge."

OPENINGS = (
    "", "", "", "Please: ", "Briefly: ", "Exam question. ", "A colleague asks: ", "For teaching: ",
    "On the ward round: ", "Quick check: ",
)  # fmt: skip
CLOSINGS = ("", "", "", " Be brief.", " Facts only.", " As a list, please.", " Thank you.", " No discussion needed.")

IN_WORDS = ((0.99, "always"), (0.8, "very often"), (0.3, "often"), (0.05, "sometimes"), (0.0, "rarely"))
"""Frequencies from which on a word is used; the bounds are those of HPO's frequency terms."""


def ask(rng: Random, cores: Sequence[str], **names: str) -> str:
    """Put a question together: an opening, one of the cores with its names filled in, a closing."""
    return rng.choice(OPENINGS) + rng.choice(cores).format(**names) + rng.choice(CLOSINGS)


def frequency_said(frequency: float, style: int) -> str:
    """A frequency as nothing (style 0), as a number (1) or in a word (2), in brackets."""
    if style == 0:
        return ""
    if style == 1:
        return f" ({round(100 * frequency)}%)"
    return f" ({next(word for limit, word in IN_WORDS if frequency >= limit)})"


def name_of(kb: KnowledgeBase, disease: int, rng: Random) -> str:
    """One of the names a disease has: mostly the one that is taught as the answer."""
    if rng.random() < 0.7:
        return kb.disease_names[disease]
    return rng.choice([kb.record_names[record] for record in kb.disease_records[disease]])
