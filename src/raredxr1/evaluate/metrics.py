"""Figures of a group of cases, each with a 95 % bootstrap interval over cases, seeded: same cases, same interval.

A case counts at k in the best level its first k names reach, once: strict, else subtype, else category. So the three
columns never count a case twice, and a sum of them is a choice the reader makes.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from raredxr1.evaluate.groups import ALL, DISEASE_AVERAGE, order
from raredxr1.evaluate.judging import JudgedCase
from raredxr1.evaluate.matcher import LEVELS, Level
from raredxr1.evaluate.metrics_schema import Bin, Figure, Levels, Row

Floats = npt.NDArray[np.float64]
KS = (1, 3, 5, 10)
RESAMPLES = 1000
BINS = 10
_CHUNK = 4_000_000


def rows(judged: Sequence[JudgedCase], seed: int = 0) -> list[Row]:
    """Figures of every group, and of the average over diseases (each disease weighs the same)."""
    places = order(judged)
    found = [row(group, [judged[i] for i in held], seed) for group, held in places.items()]
    diseases = {case.gold_ids[0] if case.gold_ids else case.gold for case in judged}
    if len(diseases) > 1:
        found.insert(1, row(DISEASE_AVERAGE, judged, seed, by_disease=True))
    return found


def row(group: str, judged: Sequence[JudgedCase], seed: int = 0, by_disease: bool = False) -> Row:
    """Figures of one group.

    Args:
        group: its name.
        judged: its cases, at least one.
        seed: of the bootstrap.
        by_disease: average over diseases instead of cases, and resample diseases.
    """
    weights = _disease_weights(judged) if by_disease else None
    n = len(judged) if weights is None else int(weights.shape[0])
    draw = Bootstrap(n, seed, weights)
    levels = {level: _level(judged, level, draw) for level in LEVELS}
    right = np.array([case.strict == 1 for case in judged], float)
    sure = np.array([math.nan if case.confidence is None else case.confidence for case in judged])
    answered = ~np.isnan(sure)
    priced = [case for case in judged if case.cost is not None]
    return Row(
        group=group,
        n=n,
        strict=levels["strict"],
        subtype=levels["subtype"],
        category=levels["category"],
        unparsed=draw.mean([case.unparsed for case in judged]),
        failed=draw.mean([case.status != "ok" for case in judged]),
        unlinked=draw.ratio([case.unlinked for case in judged], [case.answered for case in judged]),
        grounded=draw.ratio([case.grounded for case in judged], [case.quoted for case in judged]),
        findings_precision=draw.ratio([case.shared for case in judged], [case.found for case in judged]),
        findings_recall=draw.ratio([case.shared for case in judged], [case.true for case in judged]),
        ece=_ece(sure[answered], right[answered], draw.seed) if answered.any() else None,
        calibration=bins(sure[answered], right[answered]),
        seconds_per_case=draw.mean([case.seconds for case in judged]),
        tokens_per_case=draw.mean([case.tokens for case in judged]),
        cost=round(sum(case.cost or 0.0 for case in priced), 6) if priced else None,
        refused=sum(case.status == "refused" for case in judged),
        opinion=draw.mean([case.opinion == 1 for case in judged]) if _asked(judged) else None,
        opinion_agrees=draw.mean([(case.opinion == 1) == (case.strict == 1) for case in judged])
        if _asked(judged)
        else None,
    )


class Bootstrap:
    """Resamples cases (or diseases) and gives means and ratios with intervals."""

    def __init__(self, n: int, seed: int, weights: Floats | None = None) -> None:
        """Prepare.

        Args:
            n: units to resample.
            seed: of the draws.
            weights: units x cases, each row summing to 1, where a unit is a disease; None: a unit is a case.
        """
        self.n, self.seed, self._weights = n, seed, weights

    def units(self, values: Sequence[float]) -> Floats:
        """One value a unit."""
        array = np.asarray(values, float)
        if self._weights is None:
            return array
        averages: Floats = self._weights @ array
        return averages

    def mean(self, values: Sequence[float]) -> Figure:
        """Mean over units."""
        units = self.units(values)
        return self.figure(lambda picked: picked[0].mean(axis=1), [units], float(units.mean()), self.n)

    def ratio(self, part: Sequence[float], whole: Sequence[float]) -> Figure | None:
        """Sum of parts over sum of wholes; None where there is no whole. n counts the cases with one."""
        a, b = self.units(part), self.units(whole)
        if not b.sum():
            return None

        def share(picked: list[Floats]) -> Floats:
            wholes = picked[1].sum(axis=1)
            shares: Floats = np.where(wholes > 0, picked[0].sum(axis=1) / np.maximum(wholes, 1e-12), np.nan)
            return shares

        return self.figure(share, [a, b], float(a.sum() / b.sum()), sum(1 for x in whole if x))

    def figure(
        self, statistic: Callable[[list[Floats]], Floats], columns: list[Floats], value: float, n: int
    ) -> Figure:
        """Interval of a statistic of resampled columns (each: resamples x units)."""
        random = np.random.default_rng(self.seed)
        size = max(1, min(RESAMPLES, _CHUNK // max(self.n, 1)))
        drawn: list[Floats] = []
        for start in range(0, RESAMPLES, size):
            picks = random.integers(0, self.n, (min(size, RESAMPLES - start), self.n))
            drawn.append(statistic([column[picks] for column in columns]))
        low, high = np.nanpercentile(np.concatenate(drawn), [2.5, 97.5])
        return Figure(value=_rounded(value), ci95=(_rounded(float(low)), _rounded(float(high))), n=n)


def reached(case: JudgedCase, level: Level, k: int) -> bool:
    """Whether a level is the best that the first k names of a case reach."""
    for better in LEVELS:
        rank = case.rank(better)
        if rank is not None and rank <= k:
            return better == level
    return False


def _level(judged: Sequence[JudgedCase], level: Level, draw: Bootstrap) -> Levels:
    ranks = [case.rank(level) if reached(case, level, max(KS)) else None for case in judged]
    figures = {f"recall@{k}": draw.mean([reached(case, level, k) for case in judged]) for k in KS}
    figures["mrr"] = draw.mean([1 / rank if rank else 0.0 for rank in ranks])
    median = float(np.median([rank or math.inf for rank in ranks]))
    return Levels.model_validate({**figures, "median_rank": None if math.isinf(median) else median})


def bins(sure: Floats, right: Floats) -> list[Bin]:
    """Ten bins of equal width over the confidence of the first name."""
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    found = []
    for b in range(BINS):
        held = place == b
        if held.any():
            found.append(
                Bin(
                    low=b / BINS,
                    high=(b + 1) / BINS,
                    n=int(held.sum()),
                    confidence=_rounded(float(sure[held].mean())),
                    accuracy=_rounded(float(right[held].mean())),
                )
            )
    return found


def _ece(sure: Floats, right: Floats, seed: int) -> Figure:
    """Expected calibration error: mean distance of confidence and accuracy over the bins, weighted by their cases."""
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    gap = sure - right

    def error(picks: npt.NDArray[np.int64]) -> float:
        sums = np.bincount(place[picks], gap[picks], minlength=BINS)
        return float(np.abs(sums).sum() / len(picks))

    random = np.random.default_rng(seed)
    n = len(sure)
    drawn = [error(random.integers(0, n, n)) for _ in range(RESAMPLES)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    value = error(np.arange(n))
    return Figure(value=_rounded(value), ci95=(_rounded(float(low)), _rounded(float(high))), n=n)


def _disease_weights(judged: Sequence[JudgedCase]) -> Floats:
    keys = [case.gold_ids[0] if case.gold_ids else case.gold for case in judged]
    place = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    weights = np.zeros((len(place), len(judged)))
    for column, key in enumerate(keys):
        weights[place[key], column] = 1
    averages: Floats = weights / weights.sum(axis=1, keepdims=True)
    return averages


def _asked(judged: Sequence[JudgedCase]) -> bool:
    return any(case.opinion is not None for case in judged)


def _rounded(value: float) -> float:
    return round(value, 5)


__all__ = ["ALL", "KS", "Bootstrap", "bins", "reached", "row", "rows"]
