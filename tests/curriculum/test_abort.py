"""When a run is stopped: rewards, lengths or readability collapse; not when a new phase merely is harder."""

import math

import pytest

from raredxr1.curriculum.abort import AbortRules
from raredxr1.curriculum.config import Abort

RULES = Abort(window=4, reward=0.5, length=0.3, unparsed=0.5)


def fed(steps: list[tuple[float, float, float]], phases: list[tuple[bool, int]] | None = None) -> str:
    subject = AbortRules(RULES)
    for number, step in enumerate(steps):
        phase = phases[number] if phases else (False, 0)
        subject.step(*step, phase, task=phase[0])
    return subject.reason


WELL = [(1.0, 50.0, 0.0)] * 6


def test_a_steady_run_goes_on():
    assert fed(WELL * 5) == ""
    assert fed([*WELL, (0.1, 5.0, 1.0), *WELL]) == "", "one bad step is no collapse"


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ((0.2, 50.0, 0.0), "reward collapse"),
        ((1.0, 10.0, 0.0), "length collapse"),
        ((1.0, 50.0, 0.9), "no readable name"),
        ((math.nan, 50.0, 0.0), "no number"),
    ],
)
def test_a_collapse_is_named(after, reason):
    assert reason in fed(WELL + [after] * 6)


def test_a_harder_tier_or_a_shorter_task_is_no_collapse():
    steps = WELL + [(0.2, 10.0, 0.0)] * 6
    assert fed(steps, [(False, 0)] * 6 + [(True, 0)] * 6) == ""
    assert "reward collapse" in fed(steps, [(False, 0)] * 12)
    harder = WELL + [(0.2, 50.0, 0.0)] * 6
    assert fed(harder, [(False, 0)] * 6 + [(False, 1)] * 6) == ""


def test_lists_that_shrink_while_the_tiers_change_are_a_collapse():
    shrinking = [(1.0, 80.0 * 0.9**step, 0.0) for step in range(24)]
    assert "length collapse" in fed(shrinking, [(False, step // 6) for step in range(24)])


def test_unreadable_completions_stop_a_run_whatever_the_phase():
    assert "no readable name" in fed([(0.1, 50.0, 0.9)] * 8, [(False, step) for step in range(8)])
