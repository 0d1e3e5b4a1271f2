"""Stretches of a text that the encoder reads at once: whole sentences and lines, and some of what stands before them.

What stands before is read for its meaning alone ("Reflexes:" makes "brisk" a finding); findings are taken from the
rest, so that every word is read once. Training divides its texts in the same way.
"""

import itertools
from typing import NamedTuple

from raredxr1 import lazy_re as re

WORDS, CONTEXT = 80, 25
"""Words of a window, and of what is read before it, at most; a longer sentence is a window of its own."""
LETTERS = 600
"""A longer sentence is divided between words, and a window of several is no longer than this."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"“(])|\n+")


class Window(NamedTuple):
    """`text[context:end]` is read, and findings are taken from `text[start:end]`."""

    context: int
    start: int
    end: int


def windows(text: str) -> list[Window]:
    """Divide a text; the parts from `start` to `end` follow one another and hold every word."""
    units = list(_units(text))
    sizes = [len(text[start:end].split()) for start, end in units]
    found, at = list[Window](), 0
    while at < len(units):
        stop, words = at + 1, sizes[at]
        while stop < len(units) and words + sizes[stop] <= WORDS and units[stop][1] - units[at][0] <= LETTERS:
            words += sizes[stop]
            stop += 1
        before, words = at, 0
        while before > 0 and words + sizes[before - 1] <= CONTEXT and units[at][0] - units[before - 1][0] <= LETTERS:
            before -= 1
            words += sizes[before]
        found.append(Window(units[before][0], units[at][0], units[stop - 1][1]))
        at = stop
    return found


def _units(text: str) -> list[tuple[int, int]]:
    """Sentences and lines with what parts them, long ones cut."""
    cuts = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    found = list[tuple[int, int]]()
    for start, end in itertools.pairwise(cuts):
        while end - start > LETTERS:
            blank = text.rfind(" ", start + 1, start + LETTERS)
            cut = blank + 1 if blank > start else start + LETTERS
            found.append((start, cut))
            start = cut
        if text[start:end].strip():
            found.append((start, end))
    return found
