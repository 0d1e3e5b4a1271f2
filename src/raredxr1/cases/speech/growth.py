"""Growth in figures: what a head circumference, height or weight is so many standard deviations from the median.

Medians and standard deviations are rounded from the WHO growth standards (2006, to five years), its reference (2007)
and common adult tables; head circumference beyond five years follows Nellhaus (1968). Good to about half a standard
deviation and therefore for examples only: a value is computed from the deviation it is said to have, never the reverse.
"""

from bisect import bisect_right
from random import Random
from typing import Literal

Sex = Literal["female", "male"]
Measure = Literal["head", "height", "weight"]

AGES = (0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 12.0, 14.0, 16.0, 19.0)
"""Years at which the tables stand; between them values are interpolated, beyond them the last holds."""
MEDIANS: dict[Measure, dict[Sex, tuple[float, ...]]] = {
    "head": {
        "male": (34.5, 40.5, 43.3, 46.1, 48.3, 49.5, 50.7, 52.0, 52.8, 53.5, 54.4, 55.5, 56.3),
        "female": (33.9, 39.5, 42.2, 44.9, 47.2, 48.5, 49.9, 51.3, 52.1, 53.0, 53.9, 54.4, 54.8),
    },
    "height": {
        "male": (49.9, 61.4, 67.6, 75.7, 87.1, 96.1, 110.0, 127.3, 137.8, 149.1, 163.2, 172.9, 176.5),
        "female": (49.1, 59.8, 65.7, 74.0, 85.7, 95.1, 109.4, 126.6, 138.6, 151.2, 159.8, 162.5, 163.2),
    },
    "weight": {
        "male": (3.3, 6.4, 7.9, 9.6, 12.2, 14.3, 18.3, 25.4, 31.2, 39.0, 50.0, 60.5, 70.0),
        "female": (3.2, 5.8, 7.3, 8.9, 11.5, 13.9, 18.2, 25.0, 31.9, 41.0, 49.0, 54.0, 58.0),
    },
}
"""Centimetres and kilograms."""
DEVIATIONS: dict[Measure, tuple[float, ...]] = {
    "head": (1.25, 1.2, 1.25, 1.3, 1.4, 1.4, 1.4, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5),
    "height": (1.9, 2.05, 2.2, 2.5, 3.1, 3.75, 4.7, 5.7, 6.3, 7.1, 7.4, 7.0, 6.8),
    "weight": (0.13, 0.12, 0.115, 0.11, 0.115, 0.12, 0.13, 0.15, 0.16, 0.17, 0.17, 0.15, 0.15),
}
"""Centimetres; for weight, a share of the median."""


def value(measure: Measure, z: float, years: float, sex: Sex) -> float:
    """The centimetres or kilograms at `z` standard deviations from the median of this age and sex."""
    median = _at(MEDIANS[measure][sex], years)
    deviation = _at(DEVIATIONS[measure], years)
    return float(median * (1 + deviation) ** z) if measure == "weight" else median + z * deviation


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
