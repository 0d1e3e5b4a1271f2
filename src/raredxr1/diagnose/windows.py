"""Stretches of a note that a model can read one by one, however long the note is.

Windows end where a sentence or line ends (where a word does, failing that; where a character does, failing that too).
Each begins with the last sentence of the one before, so that a clause which needs what was said just before it is read
with it. Together they are the whole note.
"""

from collections.abc import Callable, Iterator

from raredxr1 import lazy_re as re
from raredxr1.schemas import Span

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\s*\n+\s*")
_WORD = re.compile(r"\s+")
OVERLAP = 0.25
"""A window repeats no more than this share of its room from the one before."""


def windows(note: str, room: int, count: Callable[[str], int]) -> list[Span]:
    """Divide a note.

    Args:
        note: the whole note.
        room: what a window may hold, in the unit of `count`; at least 1.
        count: size of a text; that of two texts joined is at most about the sum of theirs.

    Returns:
        Spans in order, which overlap by at most a sentence and leave no character out; one where the note fits. A
        window is over the room only where a single character is.
    """
    if count(note) <= room:
        return [Span(start=0, end=len(note))]
    pieces = list(_pieces(note, 0, len(note), room, count))
    sizes = [count(note[start:end]) for start, end in pieces]
    found: list[Span] = []
    first = 0
    while True:
        last, size = first, sizes[first]
        while last + 1 < len(pieces) and size + sizes[last + 1] <= room:
            last += 1
            size += sizes[last]
        # what is counted piece by piece can come to a little less than the whole
        while last > first and count(note[pieces[first][0] : pieces[last][1]]) > room:
            last -= 1
        found.append(Span(start=pieces[first][0], end=pieces[last][1]))
        if last + 1 == len(pieces):
            return found
        again = last > first and sizes[last] <= room * OVERLAP and sizes[last] + sizes[last + 1] <= room
        first = last if again else last + 1


def _pieces(note: str, start: int, end: int, room: int, count: Callable[[str], int]) -> Iterator[tuple[int, int]]:
    """Sentences and lines with the space behind them; those that are too long, by words; words by characters."""
    for begins, ends in _cut(note, start, end, _SENTENCE):
        if count(note[begins:ends]) <= room:
            yield begins, ends
            continue
        waiting = begins
        for word, following in _cut(note, begins, ends, _WORD):
            if count(note[waiting:following]) <= room:
                continue
            if waiting < word:
                yield waiting, word
                waiting = word
            while count(note[waiting:following]) > room and following - waiting > 1:
                fits = _most(note, waiting, following, room, count)
                yield waiting, fits
                waiting = fits
        if waiting < ends:
            yield waiting, ends


def _cut(note: str, start: int, end: int, boundary: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    begins = start
    for match in boundary.finditer(note, start, end):
        if match.end() > begins:
            yield begins, match.end()
            begins = match.end()
    if begins < end:
        yield begins, end


def _most(note: str, start: int, end: int, room: int, count: Callable[[str], int]) -> int:
    """The furthest place up to which the note fits, by bisection; at least one character on."""
    low, high = start + 1, end
    while low < high:
        middle = (low + high + 1) // 2
        if count(note[start:middle]) <= room:
            low = middle
        else:
            high = middle - 1
    return low
