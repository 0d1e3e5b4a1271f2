"""The weights of the fusion, fitted listwise: a softmax over all diseases named for a case and "none of these".

The right disease of each case is made as likely as can be among all that anybody names, and "none of these" where
nobody names it. One fit takes seconds; cross-validation makes dozens, each from where the last one ended.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from raredxr1.calibrate.figures import Floats, set_weights
from raredxr1.calibrate.observe import Observation
from raredxr1.diagnose.calibration import Sigmoid
from raredxr1.diagnose.features import FEATURES

_PENALTY = 1.0
"""On the squares of the fusion's weights, which stand on values between -6 and 1."""
_PRIOR = {"stated": 4.0}
"""Where weights stand without cases that say otherwise: case reports end before the diagnosis, so hardly any of them
states it, and a note that does is believed."""
_STEPS = 300
_ENOUGH = 1e-7
"""The fit ends where a step improves the loss by no more than this share."""

Matrix = npt.NDArray[np.float32]
Scored = list[tuple[float, bool]]
"""One case's list: score and whether right, best first."""


@dataclass(frozen=True)
class Cases:
    """Observations with their numbers as arrays, made once for all fits.

    Attributes:
        observations: the cases.
        values: the features of every disease named for each; (diseases, FEATURES).
        right: which of these are right.
    """

    observations: Sequence[Observation]
    values: Sequence[Matrix]
    right: Sequence[npt.NDArray[np.bool_]]

    @classmethod
    def of(cls, observations: Sequence[Observation]) -> "Cases":
        """Read the numbers of all observations."""
        return cls(
            observations,
            [np.array([s.features for s in o.seen], np.float32).reshape(-1, len(FEATURES)) for o in observations],
            [np.array([s.right for s in o.seen], dtype=np.bool_) for o in observations],
        )

    def part(self, chosen: npt.NDArray[np.bool_]) -> "Cases":
        """Those of a mask."""
        places = np.flatnonzero(chosen).tolist()
        return Cases(
            [self.observations[place] for place in places],
            [self.values[place] for place in places],
            [self.right[place] for place in places],
        )

    @property
    def weights(self) -> Floats:
        """Under which every kind of note counts the same."""
        return set_weights(self.observations)

    @property
    def damped(self) -> Floats:
        """The same, the many patients of one disease in a set counting as the square root of their number."""
        sets = [o.cases for o in self.observations]
        alike = Counter((o.cases, o.disease) for o in self.observations)
        single = np.array([alike[o.cases, o.disease] ** -0.5 for o in self.observations])
        total, size = Counter[str](), Counter(sets)
        for name, weight in zip(sets, single.tolist(), strict=True):
            total[name] += weight
        damped: Floats = self.weights * single * np.array([size[name] / total[name] for name in sets])
        return damped

    def ranked(self, place: int, fusion: Sigmoid) -> Scored:
        """The fused list of a case: its ten likeliest diseases."""
        values = self.values[place]
        if not len(values):
            return []
        odds = fusion.intercept + values @ np.array([fusion.weights.get(name, 0.0) for name in FEATURES])
        highest = max(0.0, float(odds.max()))
        powers = np.exp(odds - highest)
        scores = powers / (powers.sum() + np.exp(-highest))
        order = np.argsort(-scores, kind="stable")[:10]
        return [(float(scores[one]), bool(self.right[place][one])) for one in order]


def fit_fusion(cases: Cases, start: Sigmoid | None = None) -> Sigmoid:
    """Fit the weights.

    Args:
        cases: what to fit them on.
        start: weights to begin at, such as those of nearly the same cases.
    """
    named = [place for place, values in enumerate(cases.values) if len(values)]
    x = np.concatenate([cases.values[place] for place in named])
    right = np.concatenate([cases.right[place] for place in named]).astype(np.float64)
    sizes = np.array([len(cases.values[place]) for place in named])
    begin = np.zeros(x.shape[1] + 1)
    begin[0] = -np.log(sizes.mean())
    if start:
        begin = np.array([start.intercept, *(start.weights.get(name, 0.0) for name in FEATURES)])
    prior = np.array([_PRIOR.get(name, 0.0) for name in FEATURES])
    loss = _listwise(x, right, sizes, cases.damped[named], prior)
    options = {"maxiter": _STEPS, "ftol": _ENOUGH}
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options=options).x
    kept = {name: round(float(weight), 5) for name, weight in zip(FEATURES, found[1:], strict=True)}
    return Sigmoid(intercept=round(float(found[0]), 5), weights=kept)


def _listwise(
    x: Matrix, right: Floats, sizes: npt.NDArray[np.int64], weights: Floats, prior: Floats
) -> Callable[[Floats], tuple[float, Floats]]:
    """Softmax over the diseases of a case and "none of these", whose score is 0."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    group = np.repeat(np.arange(len(sizes)), sizes)
    none_right = np.add.reduceat(right, starts) == 0

    def loss(values: Floats) -> tuple[float, Floats]:
        scores = values[0] + (x @ values[1:].astype(np.float32)).astype(np.float64)
        highest = np.maximum(np.maximum.reduceat(scores, starts), 0.0)
        powers, none = np.exp(scores - highest[group]), np.exp(-highest)
        total = np.add.reduceat(powers, starts) + none
        shares = powers / total[group]
        of_right = np.add.reduceat(shares * right, starts) + np.where(none_right, none / total, 0.0)
        of_right = np.maximum(of_right, np.finfo(np.float64).tiny)
        slope = (shares - shares * right / of_right[group]) * weights[group]
        away = values[1:] - prior
        penalty = _PENALTY * away
        gradient = np.concatenate([[slope.sum()], (slope.astype(np.float32) @ x).astype(np.float64) + penalty])
        return float(-(weights * np.log(of_right)).sum() + 0.5 * (penalty @ away)), gradient

    return loss
