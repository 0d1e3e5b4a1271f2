"""Reflection against plain resampling: the same first attempts, the same cost."""

import pytest
from benchmarks.sampling import compare, lines
from scripted import WRONG, ScriptedTeacher, is_review, learns_on_review, who
from trajectories import PATIENTS

from raredxr1.errors import InputError
from raredxr1.reflect.attempt_log import read_attempts
from raredxr1.reflect.loop import reflect


@pytest.fixture
def reflected(config, tmp_path):
    return reflect(config(out=tmp_path / "reflected"), quiet=True, teacher=ScriptedTeacher(learns_on_review))


def resampled(config, tmp_path, say, name="resampled"):
    settings = config(out=tmp_path / name, method="resample", like=tmp_path / "reflected", batch=1)
    teacher = ScriptedTeacher(say)
    return reflect(settings, quiet=True, teacher=teacher), teacher


def test_resampling_shares_the_first_attempts_and_asks_plainly_until_as_much_is_spent(config, tmp_path, reflected):
    out, teacher = resampled(config, tmp_path, lambda ask: WRONG)
    a, b = read_attempts(reflected), read_attempts(out)
    assert [row for row in a if row.round == 0] == [row for row in b if row.round == 0]
    assert len(teacher.asked) == sum(row.round > 0 for row in b), "first attempts are not paid for twice"
    assert not any(is_review(ask) for ask in teacher.asked)
    assert {who(ask) for ask in teacher.asked} == {"marfan", "zellweger"}
    budget, spent = sum(row.cost for row in a), sum(row.cost for row in b)
    assert budget <= spent < budget + max(row.cost for row in b)


def test_the_comparison_counts_what_each_way_repaired(config, tmp_path, reflected):
    out, _ = resampled(config, tmp_path, lambda ask: WRONG)
    result = compare(reflected, out)
    assert (result.cases, result.unsolved_at_first) == (3, 2)
    assert result.reflected.solved.value == pytest.approx(2 / 3, abs=1e-4)
    assert result.resampled.solved.value == pytest.approx(1 / 3, abs=1e-4)
    assert result.reflected.repaired and result.reflected.repaired.value == 0.5
    assert result.difference.value == pytest.approx(1 / 3, abs=1e-4)
    assert (result.only_reflected, result.only_resampled) == (1, 0)
    assert result.resampled.tokens <= result.reflected.tokens, "turns beyond the budget are left out"
    assert "reflection - resampling: +33.3 points" in lines(result)[-1]


def test_a_teacher_that_solves_without_feedback_makes_resampling_win(config, tmp_path, reflected):
    out, _ = resampled(config, tmp_path, lambda ask: PATIENTS[who(ask)].turn)
    result = compare(reflected, out)
    assert result.resampled.solved.value == 1.0
    assert result.difference.value < 0
    assert result.only_resampled == 1


def test_runs_that_share_no_first_attempts_cannot_be_compared(config, tmp_path, reflected):
    other = reflect(config(out=tmp_path / "other", attempts=1), quiet=True, teacher=ScriptedTeacher(learns_on_review))
    with pytest.raises(InputError, match="does not share the first attempts"):
        compare(reflected, other)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no sampled turns"):
        compare(reflected, tmp_path / "empty")
    again = config(out=tmp_path / "x", method="resample", like=tmp_path / "empty")
    with pytest.raises(InputError, match="not the folder of a finished run"):
        reflect(again, quiet=True, teacher=ScriptedTeacher(learns_on_review))
    fewer = config(out=tmp_path / "y", method="resample", like=reflected, limit=1)
    with pytest.raises(InputError, match="a run on other cases"):
        reflect(fewer, quiet=True, teacher=ScriptedTeacher(learns_on_review))
