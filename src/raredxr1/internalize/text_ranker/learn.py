"""What each word is worth: learned by ranking narratives against the weights of the texts they are no part of.

The score of a disease is t * sum over words of g(word) * count(word) * impact(word, disease). The factors g and the
scale t are those under which the right disease of a narrative is likeliest among its strongest rivals (softmax over the
list), with a penalty on log g: a word few narratives speak about keeps the weight BM25 gives it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]
_SEEN = 3
"""A word in fewer lines is left as it is."""
_START = 0.05
_STEPS = 60


@dataclass
class Lists:
    """Narratives to learn from: for each its right diseases and strongest rivals, word by word."""

    rows: list[sp.csr_matrix] = field(default_factory=list)
    right: list[npt.NDArray[np.bool_]] = field(default_factory=list)

    def add(self, queries: sp.csr_matrix, impacts: sp.csr_matrix, owners: Sequence[Sequence[int]], rivals: int) -> None:
        """Add narratives; one whose disease shares no word with it teaches nothing.

        Args:
            queries: narratives by words.
            impacts: diseases by words, made without these narratives.
            owners: the right diseases of each.
            rivals: how many others.
        """
        for start in range(0, queries.shape[0], 100):
            scores = (queries[start : start + 100] @ impacts.T).toarray()
            for number, row in enumerate(scores, start):
                right = [disease for disease in owners[number] if row[disease] > 0]
                if right:
                    strongest = np.argpartition(-row, rivals)[:rivals] if len(row) > rivals else np.arange(len(row))
                    listed = np.unique(np.concatenate([strongest, right]))
                    self.rows.append(impacts[listed].multiply(queries[number]).tocsr())
                    self.right.append(np.isin(listed, right))


def word_factors(lists: Lists, words: int, penalty: float) -> tuple[Floats, dict[str, float]]:
    """Learn g.

    Args:
        lists: what to learn from.
        words: size of the vocabulary.
        penalty: on log g.

    Returns:
        The factor of each word, 1 where nothing was learned; and figures: lists, loss before and after.
    """
    factors = np.ones(words)
    if not lists.rows:
        return factors, {"lists": 0}
    all_words = sp.vstack(lists.rows).tocsr()
    known = np.flatnonzero(np.bincount(all_words.indices, minlength=words) >= _SEEN)
    loss = _loss(all_words, known, lists.right, penalty)
    start = np.zeros(len(known) + 1)
    start[0] = np.log(_START)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    factors[known] = np.exp(found.x[1:])
    before, after = loss(start)[0], float(found.fun)
    return factors, {"lists": len(lists.rows), "words_learned": len(known), "loss_before": before, "loss_after": after}


def _loss(
    words: sp.csr_matrix, known: npt.NDArray[np.int64], right: Sequence[npt.NDArray[np.bool_]], penalty: float
) -> Callable[[Floats], tuple[float, Floats]]:
    part = words[:, known].astype(np.float64).tocsr()
    transposed = part.T.tocsr()
    rest = np.asarray(words.sum(axis=1)).ravel() - np.asarray(part.sum(axis=1)).ravel()
    sizes = np.array([len(one) for one in right])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    group = np.repeat(np.arange(len(sizes)), sizes)
    good = np.concatenate(right).astype(np.float64)

    def loss(values: Floats) -> tuple[float, Floats]:
        scale, factors = np.exp(values[0]), np.exp(values[1:])
        plain = part @ factors + rest
        scores = scale * plain
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        shares = powers / np.add.reduceat(powers, starts)[group]
        of_right = np.add.reduceat(shares * good, starts)
        slope = (shares - shares * good / np.maximum(of_right, 1e-12)[group]) / len(sizes)
        worth = -np.log(of_right + 1e-12).mean() + 0.5 * penalty * float(values[1:] @ values[1:])
        gradient = scale * (transposed @ slope) * factors + penalty * values[1:]
        return float(worth), np.concatenate([[scale * float(slope @ plain)], gradient])

    return loss
