"""Names and what they name: found as written, then normalised, then misspelt. Diseases and HPO terms both use it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from raredxr1.knowledge import names
from raredxr1.knowledge.spelling import Vocabulary, acronyms, alike, is_content

MIN_SCORE = 75.0
"""Least score of a fuzzy match. Measured by `benchmarks/knowledge.py`: the guards of `spelling` decide, not this."""

MARGIN = 2.0
"""By how much a fuzzy match must beat the best one of anything else."""

MAX_WORDS = 60
"""Longer texts are no names."""


@dataclass(frozen=True)
class Match:
    """What a name names: the targets (several: it is ambiguous), how surely (`tier`, `exact`), and the score."""

    targets: frozenset[int]
    tier: int = 0
    exact: bool = False
    fuzzy: bool = False
    score: float = 100.0


class NameIndex:
    """Looks names up. A name has a target and a tier; a lower tier wins: 0 for labels, more for lesser names."""

    def __init__(self, entries: Iterable[tuple[str, int, int]], bags: Sequence[str] | None = None) -> None:
        """Index (name, target, tier) entries.

        Args:
            entries: the names.
            bags: `names.bag` of each, where that is known; nothing is taken of another number of bags than of entries.
        """
        entries = list(entries)
        if bags is None or len(bags) != len(entries):
            bags = [names.bag(name) for name, _, _ in entries]
        self._names: list[str] = []
        self._targets: list[int] = []
        self._tiers = bytearray()
        self._bags: dict[str, int | tuple[int, ...]] = {}
        for entry, ((name, target, tier), bag) in enumerate(zip(entries, bags, strict=True)):
            self._names.append(name)
            self._targets.append(target)
            self._tiers.append(tier)
            held = self._bags.setdefault(bag, entry)
            if held != entry:
                self._bags[bag] = (*held, entry) if isinstance(held, tuple) else (held, entry)

    def find(self, name: str) -> Match | None:
        """Look a name up as written or normalised: the lowest tier, then letter for letter, then order of words."""
        return self._find(name, names.words(name))

    def find_misspelt(self, name: str) -> Match | None:
        """Look a name up whose spaces or letters are wrong; one target, or None where two are about as close."""
        words = names.words(name)
        if len(words) > MAX_WORDS:
            return None
        respaced = self._vocabulary.respaced(words)
        if respaced != words and (match := self._find(name, respaced)):
            return match
        found = self._near(words, {word for acronym in acronyms(name) for word in names.words(acronym)})
        if not found or found[0][0] < MIN_SCORE or (len(found) > 1 and found[0][0] - found[1][0] < MARGIN):
            return None
        return Match(frozenset([found[0][1]]), fuzzy=True, score=round(found[0][0], 1))

    def _find(self, name: str, words: list[str]) -> Match | None:
        entries = self._entries(names.bag_of(words)) if words else ()
        if not entries:
            return None
        folded, plain = " ".join(name.casefold().split()), " ".join(words)
        ranks = []
        for entry in entries:
            known = self._names[entry]
            exact = known.casefold() == folded
            in_order = exact or len(entries) == 1 or names.plain(known) == plain
            ranks.append((self._tiers[entry], not exact, not in_order))
        best = min(ranks)
        targets = frozenset(self._targets[e] for e, rank in zip(entries, ranks, strict=True) if rank == best)
        return Match(targets, tier=best[0], exact=not best[1])

    def _entries(self, bag: str) -> tuple[int, ...]:
        held = self._bags.get(bag, ())
        return held if isinstance(held, tuple) else (held,)

    def _near(self, words: Sequence[str], literal: set[str]) -> list[tuple[float, int]]:
        """Targets with names like these words, best first; words in `literal` stand for themselves only."""
        vocabulary = self._vocabulary
        readings = {word: {word: 0} if word in literal else vocabulary.readings(word) for word in set(words)}
        content = [[vocabulary.index[form] for form in r if form in vocabulary.index] for r in _content(readings)]
        if not content or not all(content):
            return []
        best: dict[int, float] = {}
        for bag in self._postings.with_all(content).tolist():
            key = self._keys[bag]
            score = alike(words, key.split(), readings)
            for entry in self._entries(key) if score else ():
                target = self._targets[entry]
                best[target] = max(best.get(target, 0.0), score or 0.0)
        return sorted(((score, target) for target, score in best.items()), key=lambda item: (-item[0], item[1]))

    @cached_property
    def _keys(self) -> list[str]:
        return list(self._bags)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(dict.fromkeys(word for key in self._keys for word in key.split()))

    @cached_property
    def _postings(self) -> "Postings":
        return Postings(self._keys, self._vocabulary)


def _content(readings: dict[str, dict[str, int]]) -> list[dict[str, int]]:
    return [forms for word, forms in readings.items() if is_content(word, forms)]


class Postings:
    """Which names use a word."""

    def __init__(self, keys: Sequence[str], vocabulary: Vocabulary) -> None:
        """Index names by the numbers of their words."""
        index = vocabulary.index
        content = np.array([is_content(word) for word in vocabulary.words])
        numbers = [[index[word] for word in set(key.split())] for key in keys]
        flat = np.array([number for row in numbers for number in row], np.int32)
        owners = np.repeat(np.arange(len(keys), dtype=np.int32), [len(row) for row in numbers])
        order = np.argsort(flat, kind="stable")
        self._names = owners[order]
        self._ptr = np.searchsorted(flat[order], np.arange(len(vocabulary.words) + 1)).tolist()
        self._content = np.bincount(owners[content[flat]], minlength=len(keys)).astype(np.uint8)

    def with_all(self, alternatives: Sequence[Sequence[int]]) -> npt.NDArray[np.int32]:
        """Names whose content words are one of each set of alternatives, and no more."""
        found, *others = sorted((self._using(words) for words in alternatives), key=len)
        for row in others:
            found = found[row.take(row.searchsorted(found), mode="clip") == found]
        complete: npt.NDArray[np.int32] = found[self._content[found] == len(alternatives)]
        return complete

    def _using(self, words: Sequence[int]) -> npt.NDArray[np.int32]:
        rows = [self._names[self._ptr[word] : self._ptr[word + 1]] for word in words]
        return rows[0] if len(rows) == 1 else np.unique(np.concatenate(rows))
