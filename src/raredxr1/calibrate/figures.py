"""Figures over observations: recall, reciprocal rank, calibration error; and the interval of a difference."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raredxr1.calibrate.observe import Observation
from raredxr1.diagnose.calibration import Measured

BINS = 10
KS = (1, 3, 10)
DRAWS = 2000

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """What one way of ranking made of one case: rank of the right disease (None: not listed), sureness of the first."""

    rank: int | None
    confidence: float | None


def rank_of(right: Sequence[bool]) -> int | None:
    """Rank of the first right one among the first ten."""
    return next((rank for rank, good in enumerate(right[:10], 1) if good), None)


def measured(system: str, cases: str, judged: Sequence[Judged]) -> Measured:
    """The figures of one way of ranking on some cases."""
    n = max(len(judged), 1)
    recall = {k: sum(j.rank is not None and j.rank <= k for j in judged) / n for k in KS}
    sure = [(j.confidence, j.rank == 1) for j in judged if j.confidence is not None]
    return Measured(
        cases=cases,
        system=system,
        n=len(judged),
        recall_at_1=round(recall[1], 4),
        recall_at_3=round(recall[3], 4),
        recall_at_10=round(recall[10], 4),
        mrr=round(sum(1 / j.rank for j in judged if j.rank) / n, 4),
        ece=round(ece(*zip(*sure, strict=True)), 4) if sure else None,
    )


def ece(confidences: Sequence[float], right: Sequence[bool], weights: Sequence[float] | None = None) -> float:
    """Expected calibration error: ten bins of equal width, each weighing as many cases as it holds.

    Args:
        confidences: of the first name of each case.
        right: whether that name was right.
        weights: of the cases; by default each weighs the same.
    """
    held = np.asarray(weights if weights is not None else np.ones(len(confidences)), dtype=np.float64)
    gaps = (np.asarray(confidences, dtype=np.float64) - np.asarray(right, dtype=np.float64)) * held
    places = np.minimum((np.asarray(confidences) * BINS).astype(int), BINS - 1)
    return float(np.abs(np.bincount(places, gaps, minlength=BINS)).sum() / held.sum())


def set_weights(observations: Sequence[Observation]) -> Floats:
    """Weights under which every kind of note counts the same, and within a kind every case set; their mean is 1."""
    sets = [(o.kind or o.cases, o.cases) for o in observations]
    kinds = [kind for kind, _ in set(sets)]
    return np.array([len(sets) / (len(set(kinds)) * kinds.count(one[0]) * sets.count(one)) for one in sets])


def better_by(new: Sequence[Judged], old: Sequence[Judged], weights: Floats, k: int) -> tuple[float, float, float]:
    """How much one way's recall@k is better on the same cases, and the 95 % interval of a paired bootstrap."""
    gain = np.array([_hit(a, k) - _hit(b, k) for a, b in zip(new, old, strict=True)])
    draw = np.random.default_rng(0)
    places = draw.integers(0, len(gain), (DRAWS, len(gain)))
    means = (gain * weights)[places].sum(axis=1) / weights[places].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float((gain * weights).sum() / weights.sum()), float(low), float(high)


def _hit(judged: Judged, k: int) -> float:
    return float(judged.rank is not None and judged.rank <= k)
