"""The comparison of curricula: four arms from one start, judged on cases that nothing was trained on."""

import json

import numpy as np
import pytest
from benchmarks.curriculum_arms import ARMS, Judged, Row, arm_config, compare, difference, table
from rl_runs import small_config, write_cases
from typer.testing import CliRunner

from raredxr1.cli import app
from raredxr1.curriculum.config import Synthetic
from raredxr1.errors import InputError

pytestmark = pytest.mark.slow


def test_arms_differ_in_the_two_levels_alone(undecided, rl_kb, tmp_path):
    config = small_config(tmp_path, undecided, rl_kb.path)
    made = {arm: arm_config(config, arm, 7, tmp_path / arm) for arm in ARMS}
    assert {arm: (c.case_level.on, c.task_level.on) for arm, c in made.items()} == ARMS
    plain = [c.model_dump(exclude={"out": True, "case_level": {"on"}, "task_level": {"on"}}) for c in made.values()]
    assert all(one == plain[0] for one in plain)
    assert made["none"].seed == 7


def test_runs_and_start_are_judged_and_tabled(undecided, rl_kb, tmp_path):
    config = small_config(tmp_path, undecided, rl_kb.path, steps=2, save_steps=2)
    development = write_cases(tmp_path / "development.jsonl", copies=1)
    written = compare(config, tmp_path / "out", [1, 2], [development], ["none", "both"], quiet=True)
    rows = json.loads((tmp_path / "out" / "comparison.json").read_text())["rows"]
    assert [(row["arm"], row["seed"]) for row in rows] == [
        ("start", None), ("none", 1), ("both", 1), ("none", 2), ("both", 2),
    ]  # fmt: skip
    assert all(0 <= row[figure] <= 1 for row in rows for figure in ("recall@1", "recall@10", "mrr", "final@1"))
    assert "| both | 2 |" in written.read_text()
    before = (tmp_path / "out" / "both-1" / "metrics.jsonl").read_bytes()
    compare(config, tmp_path / "out", [1, 2], [development], ["none", "both"], quiet=True)
    assert (tmp_path / "out" / "both-1" / "metrics.jsonl").read_bytes() == before, "what is done is not done again"


def row(arm: str, seed: int | None, ranks: list[int | None]) -> Row:
    return Row(arm, seed, Judged(differential=ranks, final=[1 if rank == 1 else None for rank in ranks], unparsed=0.0))


RUNS = [
    row("start", None, [2, None, 1, 2] * 10),
    row("none", 1, [2, None, 1, 2] * 10),
    row("none", 2, [2, None, 1, 1] * 10),
    row("both", 1, [1, 1, 1, 2] * 10),
    row("both", 2, [1, 1, 1, 1] * 10),
]


def test_the_table_gives_mean_and_spread():
    told = table(RUNS)
    assert "| start | - | 0.250 | 0.750 | 0.500 | 0.250 | 0.000 |" in told
    assert "| both | 2 | 0.875 ± 0.177 | 1.000 ± 0.000 | 0.938 ± 0.088 | 0.875 ± 0.177 | 0.000 ± 0.000 |" in told


def test_the_table_gives_differences_with_intervals():
    told = table(RUNS)
    for name in ("none - start", "both - start", "both - none"):
        assert f"| {name} | " in told
    gained = next(line for line in told.splitlines() if line.startswith("| both - none"))
    assert gained.startswith("| both - none | +0.500 (+")


def test_a_difference_between_equal_arms_is_nothing_and_an_interval_holds_both_kinds_of_chance():
    values = np.array([[1.0, 0.0] * 50])
    assert difference(values, values) == (0.0, 0.0, 0.0), "the same cases after the same run"
    paired, low, high = difference(values + 0.25, values)
    assert paired == pytest.approx(0.25)
    assert (low, high) == pytest.approx((0.25, 0.25)), "paired: which cases were drawn makes no difference"
    apart, low, high = difference(np.array([[0.0] * 50, [1.0] * 50]), values[:, :50])
    assert apart == pytest.approx(0.0)
    assert low < -0.4, "runs that differ make it wide"
    assert high > 0.4


def test_development_cases_must_be_held_out(undecided, rl_kb, tmp_path):
    config = small_config(tmp_path, undecided, rl_kb.path)
    with pytest.raises(InputError, match="the recipe trains on it"):
        compare(config, tmp_path / "out", [1], config.cases, ["both"])
    drawn = config.model_copy(update={"synthetic": Synthetic(count=3, seed=5)})
    with pytest.raises(InputError, match="the recipe trains on it"):
        compare(drawn, tmp_path / "out", [1], Synthetic(count=3, seed=5), ["both"])


def test_an_unknown_arm_is_named(undecided, rl_kb, tmp_path):
    with pytest.raises(InputError, match="'everything': choose from none, case, task, both"):
        compare(
            small_config(tmp_path, undecided, rl_kb.path), tmp_path, [1], Synthetic(count=1, seed=1), ["everything"]
        )


def test_the_command_names_a_bad_recipe_in_one_line(tmp_path):
    (tmp_path / "rl.yaml").write_text("out: out\nstart: nowhere\nsteps: 1\n")
    result = CliRunner().invoke(app, ["train", "rl", "--recipe", str(tmp_path / "rl.yaml")])
    assert result.exit_code == 2
    assert "nothing to train on" in result.output


def test_a_start_that_is_no_model_is_named(tmp_path):
    (tmp_path / "rl.yaml").write_text(f"out: {tmp_path / 'out'}\nstart: {tmp_path}\nsteps: 1\ncases: [cases.jsonl]\n")
    result = CliRunner().invoke(app, ["train", "rl", "--recipe", str(tmp_path / "rl.yaml"), "--quiet"])
    assert result.exit_code == 2
    assert "no checkpoint" in result.output
