"""Names and what they name: found as written, then normalised, then misspelt. Diseases and HPO terms both use it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

from raredxr1.knowledge import names
from raredxr1.knowledge.imported import Arrays, LazyTexts, text, untext
from raredxr1.knowledge.spelling import Vocabulary, acronyms, alike, is_content, letters_of

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


def index_arrays(entries: Iterable[tuple[str, int, int]]) -> Arrays:
    """Index (name, target, tier) entries.

    Returns:
        `names`, `targets` and `tiers` of the entries; the distinct `keys` (`names.bag`) with the `entries` of key i
        from `ptr[i]`; the distinct `words` of the keys with their `letters`; which keys use a word: `posted`, of word
        i from `posted_ptr[i]`; how many words of each key say what is meant: `content`.
    """
    listed = list(entries)
    bags: dict[str, list[int]] = {}
    for entry, (name, _, _) in enumerate(listed):
        bags.setdefault(names.bag(name), []).append(entry)
    words = list(dict.fromkeys(word for key in bags for word in key.split()))
    number = {word: i for i, word in enumerate(words)}
    used = [[number[word] for word in set(key.split())] for key in bags]
    flat = np.array(list(chain.from_iterable(used)), np.int32)
    owners = np.repeat(np.arange(len(bags), dtype=np.int32), list(map(len, used)))
    order = np.lexsort((owners, flat))
    says = np.array([is_content(word) for word in words], np.bool_)
    return {
        "names": text(" ".join(name.split("\n")) for name, _, _ in listed),
        "targets": np.array([target for _, target, _ in listed], np.int32),
        "tiers": np.array([tier for _, _, tier in listed], np.uint8),
        "keys": text(bags),
        "entries": np.array(list(chain.from_iterable(bags.values())), np.int32),
        "ptr": np.concatenate([[0], np.cumsum(list(map(len, bags.values())))]).astype(np.int32),
        "words": text(words),
        "letters": np.array(list(map(letters_of, words)), np.uint32),
        "posted": owners[order],
        "posted_ptr": np.searchsorted(flat[order], np.arange(len(words) + 1)).astype(np.int32),
        "content": np.bincount(owners[says[flat]], minlength=len(bags)).astype(np.uint8),
    }


class NameIndex:
    """Looks names up. A name has a target and a tier; a lower tier wins: 0 for labels, more for lesser names."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take what `index_arrays` made."""
        self._arrays = arrays
        self._names = LazyTexts(arrays["names"])
        self._targets, self._tiers = arrays["targets"], arrays["tiers"]
        self._ptr = arrays["ptr"].tolist()
        self._keys = untext(arrays["keys"])[: len(self._ptr) - 1]
        self._bags = dict(zip(self._keys, range(len(self._keys)), strict=True))

    def names_of(self, target: int) -> list[str]:
        """Every name of a target, in the order of the entries."""
        return [self._names[entry] for entry in np.flatnonzero(self._targets == target).tolist()]

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
        entries = self._entries(names.bag_of(words)) if words else []
        if not entries:
            return None
        folded, plain = " ".join(name.casefold().split()), " ".join(words)
        ranks = []
        for entry in entries:
            known = self._names[entry]
            exact = known.casefold() == folded
            in_order = exact or len(entries) == 1 or names.plain(known) == plain
            ranks.append((int(self._tiers[entry]), not exact, not in_order))
        best = min(ranks)
        targets = frozenset(int(self._targets[e]) for e, rank in zip(entries, ranks, strict=True) if rank == best)
        return Match(targets, tier=best[0], exact=not best[1])

    def _entries(self, bag: str) -> list[int]:
        place = self._bags.get(bag)
        return [] if place is None else self._arrays["entries"][self._ptr[place] : self._ptr[place + 1]].tolist()

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
                target = int(self._targets[entry])
                best[target] = max(best.get(target, 0.0), score or 0.0)
        return sorted(((score, target) for target, score in best.items()), key=lambda item: (-item[0], item[1]))

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        letters = self._arrays["letters"]
        return Vocabulary(untext(self._arrays["words"])[: len(letters)], letters)

    @cached_property
    def _postings(self) -> "Postings":
        return Postings(self._arrays)


def _content(readings: dict[str, dict[str, int]]) -> list[dict[str, int]]:
    return [forms for word, forms in readings.items() if is_content(word, forms)]


class Postings:
    """Which names use a word."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take what `index_arrays` made."""
        self._names, self._content = arrays["posted"], arrays["content"]
        self._ptr = arrays["posted_ptr"].tolist()

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
