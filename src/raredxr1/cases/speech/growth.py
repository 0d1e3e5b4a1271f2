"""Growth in figures: what a head circumference, height or weight is so many standard deviations from the median.

Medians and standard deviations are rounded from the WHO growth standards (2006, to five years), its reference (2007)
and common adult tables; head circumference beyond five years follows Nellhaus (1968). Good to about half a standard
deviation and therefore for examples only: a value is computed from the deviation it is said to have, never the reverse.
"""

from bisect import bisect_right
from random import Random
from typing import Literal

from raredxr1.data import table

Sex = Literal["female", "male"]
Measure = Literal["head", "height", "weight"]

_ROWS = [[float(row[name]) for name in row] for row in table("growth")]
_COLUMNS: list[tuple[float, ...]] = list(zip(*_ROWS, strict=True))
AGES = _COLUMNS[0]
"""Years at which the tables stand; between them values are interpolated, beyond them the last holds."""
MEDIANS: dict[Measure, dict[Sex, tuple[float, ...]]] = {
    "head": {"male": _COLUMNS[1], "female": _COLUMNS[2]},
    "height": {"male": _COLUMNS[3], "female": _COLUMNS[4]},
    "weight": {"male": _COLUMNS[5], "female": _COLUMNS[6]},
}
"""Centimetres and kilograms."""
DEVIATIONS: dict[Measure, tuple[float, ...]] = {"head": _COLUMNS[7], "height": _COLUMNS[8], "weight": _COLUMNS[9]}
"""Centimetres; for weight, a share of the median."""


def value(measure: Measure, z: float, years: float, sex: Sex) -> float:
    """The centimetres or kilograms at `z` standard deviations from the median of this age and sex."""
    median = _at(MEDIANS[measure][sex], years)
    deviation = _at(DEVIATIONS[measure], years)
    return float(median * (1 + deviation) ** z if measure == "weight" else median + z * deviation)


def centile(z: float, rng: Random) -> str:
    """A centile that is true of this deviation: "below the 3rd centile", "on the 50th centile"."""
    word = rng.choice(("centile", "percentile"))
    distance = abs(z)
    if distance < 1.9:
        nearest = min(
            ((-1.3, "10th"), (-0.67, "25th"), (0.0, "50th"), (0.67, "75th"), (1.3, "90th")),
            key=lambda pair: abs(pair[0] - z),
        )
        return f"{rng.choice(('on', 'at'))} the {nearest[1]} {word}"
    low = ["3rd", *(["1st"] if distance > 2.4 else []), *(["0.4th"] if distance > 2.7 else [])]
    high = ["97th", *(["99th"] if distance > 2.4 else []), *(["99.6th"] if distance > 2.7 else [])]
    if z < 0:
        return rng.choice((f"below the {rng.choice(low)} {word}", f"<{rng.choice(low)} {word}"))
    return rng.choice((f"above the {rng.choice(high)} {word}", f">{rng.choice(high)} {word}"))


def deviation(z: float, rng: Random) -> str:
    """The deviation in figures: "-3.4 SD", "Z-score -3.4"."""
    figure = f"{z:+.1f}".replace("-", rng.choice(("-", "-", "−")))
    return rng.choice((f"{figure} SD", f"{figure} SDS", f"Z-score {figure}", f"z {figure}", f"{figure} SD for age"))


def _at(table: tuple[float, ...], years: float) -> float:
    place = bisect_right(AGES, years)
    if place == len(AGES):
        return table[-1]
    if place == 0:
        return table[0]
    low, high = AGES[place - 1], AGES[place]
    share = (years - low) / (high - low)
    return table[place - 1] * (1 - share) + table[place] * share
