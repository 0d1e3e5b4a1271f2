"""How hard is a prompt for the model as it is now? Pass rates, the four tiers they give, and what is set aside.

A prompt's pass rate is its mean accuracy reward over k samples: for a final diagnosis the share of right answers, for a
differential the mean of 1 / rank. Its tier is fixed when it is measured, not by every group trained on: else the tiers
would always hold what fits their limits, and no moving average within one could ever rise.

A prompt whose samples all earn the same (always or never solved, mostly) has no advantage and so no gradient: measured
so, or seen so in several groups in a row, it is set aside. One group with variance brings it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from raredxr1.curriculum.config import CaseLevel

TIERS = ("easy", "medium", "hard", "extreme")


def tier_of(rate: float, level: CaseLevel) -> int:
    """Place of a pass rate's tier in TIERS."""
    return sum(rate < limit for limit in (level.easy, level.medium, level.hard))


def is_flat(accuracies: Sequence[float]) -> bool:
    """Whether all samples earned the same."""
    return max(accuracies) - min(accuracies) < 1e-9


@dataclass
class Standing:
    """What is known of one prompt.

    Attributes:
        tier: place in TIERS; None: not measured.
        rate: pass rate when it was measured last.
        measured: generation batch of that measurement; -1: never.
        flat: groups without variance in a row.
        drawn: how often it was trained on.
    """

    tier: int | None = None
    rate: float | None = None
    measured: int = -1
    flat: int = 0
    drawn: int = 0


class PassRates:
    """The standing of every prompt."""

    def __init__(self, count: int, level: CaseLevel) -> None:
        """Start with nothing known of `count` prompts."""
        self.level, self.standings = level, [Standing() for _ in range(count)]

    def measure(self, prompt: int, accuracies: Sequence[float], generation: int) -> None:
        """Take a measurement: pass rate and tier are set anew."""
        standing = self.standings[prompt]
        standing.rate = sum(accuracies) / len(accuracies)
        standing.tier = tier_of(standing.rate, self.level)
        standing.measured = generation
        standing.flat = self.level.flat_groups if is_flat(accuracies) else 0

    def observe(self, prompt: int, accuracies: Sequence[float]) -> None:
        """Take a group that was trained on: it can set the prompt aside, or bring it back."""
        standing = self.standings[prompt]
        standing.flat = standing.flat + 1 if is_flat(accuracies) else 0

    def is_aside(self, prompt: int) -> bool:
        """Whether a prompt is set aside."""
        return self.standings[prompt].flat >= self.level.flat_groups

    def pools(self, prompts: Sequence[int]) -> tuple[list[list[int]], list[int], list[int]]:
        """Sort prompts into the four tiers, those set aside, and those not measured."""
        tiers: list[list[int]] = [[] for _ in TIERS]
        aside: list[int] = []
        unknown: list[int] = []
        for prompt in prompts:
            tier = self.standings[prompt].tier
            (aside if self.is_aside(prompt) else unknown if tier is None else tiers[tier]).append(prompt)
        return tiers, aside, unknown

    def due(self, prompts: Sequence[int], generation: int) -> list[int]:
        """Prompts to measure now: those never measured; on schedule also the others, longest ago first."""
        new = [prompt for prompt in prompts if self.standings[prompt].measured < 0]
        if generation == 0 or generation % self.level.remeasure_every:
            return new
        old = [prompt for prompt in prompts if 0 <= self.standings[prompt].measured < generation]
        old.sort(key=lambda prompt: self.standings[prompt].measured)
        return new + old[: self.level.remeasure_prompts or None]

    def state(self) -> list[list[Any]]:
        """Everything known, as JSON."""
        return [[s.tier, s.rate, s.measured, s.flat, s.drawn] for s in self.standings]

    def restore(self, state: Sequence[Sequence[Any]]) -> None:
        """Take back what `state` gave."""
        self.standings = [Standing(*row) for row in state]
