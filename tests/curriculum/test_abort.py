"""When a run is stopped: rewards, lengths or readability collapse; not when a new phase merely is harder."""

import math

import pytest

from raredxr1.curriculum.abort import AbortRules
from raredxr1.curriculum.config import Abort

RULES = Abort(window=4, reward=0.5, length=0.3, unparsed=0.5)


def fed(steps: list[tuple[float, float, float]], phases: list[object] | None = None) -> str:
    subject = AbortRules(RULES)
    for number, step in enumerate(steps):
        subject.step(*step, phases[number] if phases else None)
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
    assert fed(steps, [0] * 6 + [1] * 6) == ""
    assert "reward collapse" in fed(steps, [0] * 12)


def test_unreadable_completions_stop_a_run_whatever_the_phase():
    assert "no readable name" in fed([(0.1, 50.0, 0.9)] * 8, list(range(8)))
