"""What the ways of recognition have in common: a term at a place of a text, and the rule that found it."""

from collections.abc import Iterable
from typing import NamedTuple


class Hit(NamedTuple):
    """A term found.

    Attributes:
        hpo_id: the term.
        start: where its words begin in the text.
        end: where they end.
        rule: how it was found.
        normal: whether what was measured is as it should be, so that the finding is not there.
        measured: whether a measurement says so, and no word around it can deny it.
    """

    hpo_id: str
    start: int
    end: int
    rule: str
    normal: bool = False
    measured: bool = False


def apart(ranked: Iterable[Iterable[Hit]]) -> list[Hit]:
    """Hits that do not overlap, in order of place; hits of earlier kinds before those of later ones."""
    kept: list[Hit] = []
    for hits in ranked:
        new = sorted(hits, key=lambda hit: (hit.start, -hit.end))
        taken = sorted((hit.start, hit.end) for hit in kept) if new else []
        i, end = 0, 0
        for hit in new:
            while i < len(taken) and taken[i][1] <= hit.start:
                i += 1
            if hit.start >= end and (i == len(taken) or hit.end <= taken[i][0]):
                kept.append(hit)
                end = hit.end
    return sorted(kept, key=lambda hit: hit.start)
