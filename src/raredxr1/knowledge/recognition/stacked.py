"""Adjectives that stand one behind the other before what both are said of: "low set posteriorly rotated ears".

The last of them and the noun are a name; so is the first and the noun, and nothing parts the two adjectives.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from raredxr1.knowledge.recognition.tokens import Word
from raredxr1.knowledge.recognition.words import kind

_LONGEST = 2


def stacked(words: Sequence[Word], first: int, taken: Callable[[int], bool]) -> list[int]:
    """The adjective right before a name of several words, as numbers of words; empty: there is none.

    Args:
        words: a stretch.
        first: the first word of the name.
        taken: whether a word is part of a name.
    """
    for length in range(_LONGEST, 0, -1):
        own = list(range(first - length, first))
        if own[0] < 0 or words[own[0]].said not in kind("stacked"):
            continue
        if any(taken(at) or words[at].form is None for at in own):
            continue
        if all(words[right].start - words[left].end <= 1 for left, right in pairwise([*own, first])):
            return own
    return []
