"""Near-duplicates among accepted turns: the same patient told again with the same words teaches nothing new.

Two rows are near-duplicates when both their notes and their turns are alike, by rapidfuzz's ratio over words (the
normalised insertion-deletion distance). Only rows of the same disease are compared, which keeps it exact and fast:
MinHash would save time only with thousands of rows a disease.
"""

from collections import defaultdict

from rapidfuzz.distance import Indel


class Pool:
    """Accepted rows, by disease."""

    def __init__(self, threshold: float) -> None:
        """Take the similarity, 0 to 1, from which rows count as the same."""
        self._threshold = threshold
        self._rows: dict[str, list[tuple[str, list[str], list[str]]]] = defaultdict(list)

    def add(self, disease: str, name: str, note: str, turn: str) -> None:
        """Remember an accepted row under a name by which it can be pointed at."""
        self._rows[disease].append((name, note.split(), turn.split()))

    def like(self, disease: str, note: str, turn: str) -> str | None:
        """Name of an accepted row that this one nearly repeats; None where there is none."""
        words, said = note.split(), turn.split()
        for name, other_note, other_turn in self._rows[disease]:
            if alike(said, other_turn) >= self._threshold and alike(words, other_note) >= self._threshold:
                return name
        return None


def alike(a: list[str], b: list[str]) -> float:
    """Similarity of two texts given as words: 1 for equal ones, 0 where they share no word."""
    return float(Indel.normalized_similarity(a, b))
