"""The table of a comparison: mean and spread of every arm over its seeds, and differences between arms with intervals.

Two things vary: which cases the development set happens to hold, and how a run happens to go. The intervals hold both:
a bootstrap that draws cases and, for each arm, its seeds, with replacement. The cases are the same for both arms of a
difference, so it is paired in them. Three seeds say little of how runs vary; the intervals are that much too narrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

import numpy as np
import numpy.typing as npt

from raredxr1.curriculum.development import FIGURES, Judged

START = "start"
RESAMPLES = 1000
COMPARED = ("recall@1", "recall@10", "mrr", "final@1")
"""Figures whose differences are told."""


@dataclass(frozen=True)
class Row:
    """One checkpoint judged: the start (no seed), or the end of an arm's run with a seed."""

    arm: str
    seed: int | None
    judged: Judged


def table(rows: Sequence[Row]) -> str:
    """Two Markdown tables: every arm, and how far it is from the start and from the run without a curriculum."""
    arms = list(dict.fromkeys(row.arm for row in rows))
    lines = [
        f"Development cases: {len(rows[0].judged.differential)}. Greedy answers; mean over seeds ± standard deviation.",
        "",
        "| arm | seeds | " + " | ".join(FIGURES) + " |",
        "|---|---|" + "---|" * len(FIGURES),
    ]
    for arm in arms:
        own = [row.judged.figures for row in rows if row.arm == arm]
        cells = [_spread([figures[name] for figures in own]) for name in FIGURES]
        lines.append(f"| {arm} | {len(own) if arm != START else '-'} | " + " | ".join(cells) + " |")
    pairs = [(arm, base) for base in (START, "none") if base in arms for arm in arms if arm not in (START, base)]
    if pairs:
        lines += [
            "",
            "Differences, with 95% intervals (bootstrap over cases and seeds, paired in the cases):",
            "",
            "| difference | " + " | ".join(COMPARED) + " |",
            "|---|" + "---|" * len(COMPARED),
        ]
    for arm, base in pairs:
        one, other = (_values([row.judged for row in rows if row.arm == name]) for name in (arm, base))
        cells = [_signed(*difference(one[name], other[name])) for name in COMPARED]
        lines.append(f"| {arm} - {base} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def difference(
    one: npt.NDArray[np.float64], other: npt.NDArray[np.float64], seed: int = 0
) -> tuple[float, float, float]:
    """Difference of two arms' means, with its 95% interval.

    Args:
        one: seeds x cases: a figure's value of every case after every run.
        other: the same of the arm to compare with; the cases are the same, the number of seeds may differ.
        seed: of the draws.
    """
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES):
        cases = random.integers(0, one.shape[1], one.shape[1])
        means = [arm[random.integers(0, len(arm), len(arm))][:, cases].mean() for arm in (one, other)]
        drawn.append(means[0] - means[1])
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(one.mean() - other.mean()), float(low), float(high)


def _values(runs: Sequence[Judged]) -> dict[str, npt.NDArray[np.float64]]:
    by_case = [run.by_case() for run in runs]
    return {name: np.array([one[name] for one in by_case]) for name in COMPARED}


def _spread(values: Sequence[float]) -> str:
    return f"{mean(values):.3f}" + (f" ± {stdev(values):.3f}" if len(values) > 1 else "")


def _signed(value: float, low: float, high: float) -> str:
    return f"{value:+.3f} ({low:+.3f} to {high:+.3f})"
