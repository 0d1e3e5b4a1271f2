"""Counts of words become BM25 impacts: what each word says for each disease, before anything is learned.

The kinds of text are joined as in BM25F: each is normalised for its own length and weighed, their sum saturates, and
a word's rarity multiplies it (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from raredxr1.internalize.text_ranker.config import Impact
from raredxr1.internalize.text_ranker.documents import Counts
from raredxr1.knowledge.wording import damped

Floats = npt.NDArray[np.float64]
_RARE = 20.0
"""Narratives a word is taken to stand in beyond those it was seen in, so that few sightings decide little."""


@dataclass(frozen=True)
class Vocabulary:
    """Words and pairs by number; which of them are pairs."""

    numbers: dict[str, int]
    pairs: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, documents: Sequence[Counts]) -> "Vocabulary":
        """Every word, and the pairs that stand in the documents of two diseases at least."""
        seen: Counter[str] = Counter()
        for counts in documents:
            seen.update({gram for kind in counts.values() for gram in kind})
        grams = sorted(gram for gram, n in seen.items() if n > 1 or " " not in gram)
        return cls({gram: n for n, gram in enumerate(grams)}, np.array([" " in gram for gram in grams]))

    def matrix(self, rows: Sequence[Mapping[str, float]]) -> sp.csr_matrix:
        """Counts as a sparse matrix of shape (rows, words)."""
        cells = [
            (r, n, v) for r, row in enumerate(rows) for g, v in row.items() if (n := self.numbers.get(g)) is not None
        ]
        r, c, v = zip(*cells, strict=True) if cells else ((), (), ())
        shape = (len(rows), len(self.numbers))
        return sp.csr_matrix((np.array(v, np.float32), (np.array(r, int), np.array(c, int))), shape)

    def queries(self, rows: Sequence[Mapping[str, float]]) -> sp.csr_matrix:
        """Notes as the ranker reads them: repeated words damped."""
        return self.matrix([{gram: damped(n) for gram, n in row.items()} for row in rows])


class Impacts:
    """The matrix over the kinds of text; narratives may be added to it in parts, as cross-validation needs."""

    def __init__(
        self, documents: Sequence[Counts], vocabulary: Vocabulary, in_narratives: Floats, config: Impact
    ) -> None:
        """Sum the kinds of text up.

        Args:
            documents: of every disease.
            vocabulary: their words.
            in_narratives: share of narratives in which each word stands, times their number; the last value is it.
            config: weights.
        """
        self.vocabulary, self._config, self._diseases = vocabulary, config, len(documents)
        self._sum = sp.csr_matrix((len(documents), len(vocabulary.numbers)), dtype=np.float32)
        for kind, weight in config.weights.items():
            if kind != "case":
                self._sum = self._sum + self._normed(
                    vocabulary.matrix([one.get(kind, {}) for one in documents]), weight
                )
        counts, total = in_narratives[:-1], in_narratives[-1]
        rarity = np.log(1 + total / (counts + _RARE))
        self._rarity = (rarity / rarity.mean()) ** config.narrative_idf if total else np.ones(len(counts))

    def matrix(self, cases: Sequence[Mapping[str, float]], owners: Sequence[Sequence[int]]) -> sp.csr_matrix:
        """The impacts, shape (diseases, words), with narratives among the texts.

        Args:
            cases: words of each narrative.
            owners: its diseases.
        """
        config = self._config
        owned = [(disease, n) for n, diseases in enumerate(owners) for disease in diseases]
        rows, columns = zip(*owned, strict=True) if owned else ((), ())
        shape = (self._diseases, len(cases))
        belongs = sp.csr_matrix((np.ones(len(owned), np.float32), (np.array(rows, int), np.array(columns, int))), shape)
        weight = config.weights.get("case", 0.0)
        joined = (self._sum + self._normed(belongs @ self.vocabulary.queries(cases), weight)).tocsr()
        joined.data = joined.data * (config.saturation + 1) / (joined.data + config.saturation)
        found_in = np.bincount(joined.indices, minlength=len(self.vocabulary.numbers))
        idf = np.log(1 + (self._diseases - found_in + 0.5) / (found_in + 0.5)) * self._rarity
        idf[self.vocabulary.pairs] *= config.pair_weight
        return (joined @ sp.diags(idf.astype(np.float32))).tocsr()

    def _normed(self, counts: sp.csr_matrix, weight: float) -> sp.csr_matrix:
        """Counts weighed, long texts counting less a word."""
        length = np.asarray(counts[:, ~self.vocabulary.pairs].sum(axis=1)).ravel()
        mean = length[length > 0].mean() if (length > 0).any() else 1.0
        b = self._config.length_norm
        return sp.diags((weight / (1 - b + b * length / mean + 1e-9)).astype(np.float32)) @ counts


def in_narratives(vocabulary: Vocabulary, texts: Sequence[Mapping[str, float]]) -> Floats:
    """In how many narratives each word stands; the last value is the number of narratives."""
    counts = np.zeros(len(vocabulary.numbers) + 1)
    for text in texts:
        for gram in text:
            if (number := vocabulary.numbers.get(gram)) is not None:
                counts[number] += 1
    counts[-1] = len(texts)
    return counts
