"""The bootstrap: cases (or diseases) drawn again and again with replacement; a group's figures share the draws."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from raredxr1.evaluate.metrics_schema import Figure

Floats = npt.NDArray[np.float64]
RESAMPLES = 1000
_CELLS = 8_000_000
"""Counts held at once: 64 MB."""


class Resamples:
    """Columns of one value a case, and their sums in each resample. Same columns and seed: same numbers."""

    def __init__(self, columns: Mapping[str, Sequence[float]], seed: int, weights: Floats | None = None) -> None:
        """Draw.

        Args:
            columns: name -> one value a case, all of the same length.
            seed: of the draws.
            weights: units x cases, each row summing to 1, where a unit is a disease; None: a unit is a case.
        """
        self._place = {name: i for i, name in enumerate(columns)}
        values = np.array([np.asarray(column, float) for column in columns.values()]).T
        self._whole = (values != 0).sum(axis=0)
        self._values: Floats = values if weights is None else weights @ values
        self.n = len(self._values)
        self._sums = self._draw(seed)

    def mean(self, name: str) -> Figure:
        """Mean of a column over units."""
        place = self._place[name]
        return figure(float(self._values[:, place].mean()), self._sums[:, place] / self.n, self.n)

    def ratio(self, part: str, whole: str) -> Figure | None:
        """Sum of one column over the sum of another, both without negative values; see `distance`."""
        return self.distance((part,), whole)

    def distance(self, gaps: Sequence[str], whole: str) -> Figure | None:
        """Sum of the sizes of several columns' sums over the sum of another; None where that is 0.

        n counts the cases with a whole.
        """
        places, b = [self._place[name] for name in gaps], self._place[whole]
        total = float(self._values[:, b].sum())
        if not total:
            return None
        wholes = self._sums[:, b]
        drawn = np.where(wholes > 0, np.abs(self._sums[:, places]).sum(axis=1) / np.maximum(wholes, 1e-12), np.nan)
        value = float(np.abs(self._values[:, places].sum(axis=0)).sum()) / total
        return figure(value, drawn, int(self._whole[b]))

    def _draw(self, seed: int) -> Floats:
        random = np.random.default_rng(seed)
        rows = max(1, min(RESAMPLES, _CELLS // self.n))
        parts = []
        for start in range(0, RESAMPLES, rows):
            size = min(rows, RESAMPLES - start)
            picks = random.integers(0, self.n, (size, self.n)) + np.arange(size)[:, None] * self.n
            counts = np.bincount(picks.ravel(), minlength=size * self.n).reshape(size, self.n)
            parts.append(counts.astype(float) @ self._values)
        return np.concatenate(parts)


def figure(value: float, drawn: Floats, n: int) -> Figure:
    """A value with the middle 95 % of its resamples."""
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Figure(value=rounded(value), ci95=(rounded(float(low)), rounded(float(high))), n=n)


def rounded(value: float) -> float:
    """Five decimals: what a reader can use, and the same on every machine."""
    return round(value, 5)
