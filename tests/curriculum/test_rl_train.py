"""Stage 3 as a stage: it learns, in the curriculum's order, leaves what readers need, goes on after a kill, stops."""

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import torch
from rl_runs import lines, small_config
from safetensors.torch import load_file
from trl import GRPOTrainer

from raredxr1.curriculum import train
from raredxr1.curriculum.schedule import Curriculum
from raredxr1.curriculum.train import prepare, train_rl
from raredxr1.curriculum.trainer import zero_variance
from raredxr1.errors import InputError
from started import held_behind, kill, started_python

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory, undecided: Path, rl_kb) -> Path:
    folder = tmp_path_factory.mktemp("rl")
    train_rl(small_config(folder, undecided, rl_kb.path), quiet=True)
    return folder / "run"


def test_a_line_of_metrics_a_step_with_every_reward_on_its_own(unbroken):
    rows = lines(unbroken / "metrics.jsonl")
    assert [row["step"] for row in rows] == list(range(1, 11))
    wanted = {
        "rewards/accuracy", "rewards/format", "rewards/repetition", "reward", "length", "entropy", "truncated",
        "zero_variance_groups", "curriculum/level", "curriculum/final", "pool/easy", "pool/aside", "tokens_per_second",
        "unparsed", "loss", "clip_ratio/high_mean",
    }  # fmt: skip
    for row in rows:
        assert wanted <= row.keys()
        assert any(key.startswith("tier_mix/") for key in row)
        assert any(key.startswith("pass_rate/") for key in row)
        assert 0 <= row["rewards/accuracy"] <= 1


def test_it_learns_which_answer_is_right(unbroken):
    earned = [row["rewards/accuracy"] for row in lines(unbroken / "metrics.jsonl")]
    assert sum(earned[:3]) / 3 < 0.85, "the start is in two minds"
    assert sum(earned[-3:]) / 3 > sum(earned[:3]) / 3


def test_the_manifest_says_from_what_it_was_made(unbroken):
    manifest = json.loads((unbroken / "manifest.json").read_text())
    assert manifest["stage"] == "rl"
    assert manifest["sources"] == ["made-up@1"]
    assert manifest["counts"]["cases"] == 6
    assert manifest["facts"]["self_test"]["accuracy"] == 1.0
    assert len(manifest["inputs"]["cases cases.jsonl"]) == 64


def test_people_can_read_what_was_written_and_what_it_earned(unbroken):
    text = (unbroken / "completions.txt").read_text()
    first = text.split("=== ")[1]
    for part in (
        "gold: ",
        "--- prompt",
        "<|im_start|>assistant",
        "--- completion (",
        "--- read as",
        "--- rewards: accuracy",
    ):
        assert part in first
    assert "-> OMIM:" in text or "-> ORPHA:" in text, "names are shown with the id they link to"


def test_a_complete_run_is_not_run_again_and_other_settings_are_refused(unbroken, undecided, rl_kb):
    before = (unbroken / "metrics.jsonl").read_bytes()
    same = small_config(unbroken.parent, undecided, rl_kb.path)
    assert train_rl(same, quiet=True) == unbroken / "checkpoint"
    assert (unbroken / "metrics.jsonl").read_bytes() == before
    with pytest.raises(InputError, match="other settings"):
        train_rl(same.model_copy(update={"seed": 4}), quiet=True)


def test_an_interrupted_run_goes_on_and_ends_with_the_same_weights(unbroken, undecided, rl_kb, tmp_path):
    again = small_config(tmp_path, undecided, rl_kb.path)
    shutil.copytree(unbroken, tmp_path / "run")
    for left in ("manifest.json", "begun.json", "checkpoint", "steps/checkpoint-10"):
        path = tmp_path / "run" / left
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert (tmp_path / "run" / "steps" / "checkpoint-5" / "curriculum.json").is_file()
    train_rl(again, quiet=True)
    assert [row["step"] for row in lines(tmp_path / "run" / "metrics.jsonl")] == list(range(1, 11))
    ours, theirs = (load_file(run / "checkpoint" / "model.safetensors") for run in (tmp_path / "run", unbroken))
    assert all(torch.allclose(ours[name], theirs[name], atol=1e-6) for name in theirs)


def test_a_killed_run_leaves_a_checkpoint_to_go_on_from(unbroken, undecided, rl_kb, tmp_path, tmp_path_factory):
    config = small_config(tmp_path, undecided, rl_kb.path, save_steps=1, steps=60)
    (tmp_path / "rl.yaml").write_text(config.model_dump_json(exclude_none=True))
    command = ["-m", "raredxr1", "train", "rl", "--recipe", str(tmp_path / "rl.yaml"), "--quiet"]
    held = held_behind("transformers.trainer:Trainer._maybe_log_save_evaluate")
    process = subprocess.Popen([started_python(tmp_path_factory), *command], stderr=subprocess.DEVNULL, env=held)
    while train.last_whole_checkpoint(config.out / "steps") is None and process.poll() is None:
        time.sleep(0.02)
    kill(process)
    assert not (config.out / "manifest.json").exists(), "killed before the end"
    assert train.last_whole_checkpoint(config.out / "steps") is not None


def test_the_order_of_the_curriculum_reaches_the_trainer(undecided, rl_kb, tmp_path, monkeypatch):
    """What is generated for is what was drawn: batch by batch, every prompt's completions beside one another."""
    config = small_config(tmp_path, undecided, rl_kb.path, steps=6, updates=2, micro_batch=3, save_steps=6)
    planned = [[3, 9], [0, 4], [11, 1]]
    monkeypatch.setattr(Curriculum, "batch", lambda self, number: planned[number])
    run, seen = prepare(config), []
    generate = GRPOTrainer._generate_and_score_completions

    def listen(self, inputs):
        seen.append([row["prompt_index"] for row in inputs])
        return generate(self, inputs)

    monkeypatch.setattr(GRPOTrainer, "_generate_and_score_completions", listen)
    run.trainer.train()
    assert seen == [[prompt for prompt in batch for _ in range(6)] for batch in planned]


def test_batches_are_drawn_while_training_goes_on(undecided, rl_kb, tmp_path, monkeypatch):
    """A batch is drawn at most two ahead of what was observed: the loader reads one ahead, not the whole run."""
    run = prepare(small_config(tmp_path, undecided, rl_kb.path, steps=5))
    drawn, ahead = [], []
    draw, observe = run.curriculum.batch, run.curriculum.observe
    monkeypatch.setattr(run.curriculum, "batch", lambda number: drawn.append(number) or draw(number))
    monkeypatch.setattr(
        run.curriculum, "observe", lambda number, groups: ahead.append(drawn[-1] - number) or observe(number, groups)
    )
    run.trainer.train()
    assert len(ahead) == 5
    assert max(ahead) <= 1


def test_the_dapo_settings_reach_trl(undecided, rl_kb, tmp_path):
    changes = {"dapo": {"clip_low": 0.1, "clip_high": 0.3, "overlong_tokens": 4, "scale": "none"}, "temperature": 0.9}
    arguments = prepare(small_config(tmp_path, undecided, rl_kb.path, **changes)).trainer.args
    assert (arguments.loss_type, arguments.beta, arguments.mask_truncated_completions) == ("dapo", 0.0, True)
    assert (arguments.epsilon, arguments.epsilon_high, arguments.temperature) == (0.1, 0.3, 0.9)
    assert (arguments.num_generations, arguments.max_completion_length) == (6, 32)
    assert arguments.scale_rewards == "none"


def test_a_collapse_stops_the_run_and_leaves_no_manifest(undecided, rl_kb, tmp_path):
    strict = {"window": 1, "unparsed": 1e-9}
    config = small_config(tmp_path, undecided, rl_kb.path, abort=strict, completion_tokens=9)
    with pytest.raises(RuntimeError, match="no readable name"):
        train_rl(config, quiet=True)
    assert not (config.out / "manifest.json").exists()


def test_rewards_that_cannot_be_reached_stop_a_run_before_it_starts(undecided, rl_kb, tmp_path):
    config = small_config(tmp_path, undecided, rl_kb.path)
    rows = lines(config.cases[0])
    for row in rows:
        row["gold"] = [{"id": "OMIM:999999", "label": ""}]
    config.cases[0].write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(InputError, match="self-test: the right answer earns no full reward in 6 of 6 cases"):
        train_rl(config, quiet=True)
    assert not (config.out / "metrics.jsonl").exists()


def test_rows_that_cannot_be_trained_on_are_listed_with_the_reason(undecided, rl_kb, tmp_path):
    config = small_config(tmp_path, undecided, rl_kb.path, steps=5)
    with config.cases[0].open("a") as file:
        file.write('{"case_id": "long", "note": "' + "seizure " * 300 + '", "gold": [{"label": "Rett syndrome"}]}\n')
        file.write("{not json\n" + '{"case_id": "empty", "gold": [{"label": "Rett syndrome"}]}\n')
        file.write('{"case_id": "no-gold", "note": "A girl.", "gold": []}\n')
    found = prepare(config).found
    assert found.cases == 6
    reasons = {row["case"]: row["reason"] for row in found.unusable}
    assert reasons.keys() == {"long", "line 8", "empty", "no-gold"}
    assert "prompt_tokens allows 200" in reasons["long"]
    assert "neither a note nor phenotypes" in reasons["empty"]
    assert "names no disease" in reasons["no-gold"]


def test_a_limit_beyond_the_model_is_refused(undecided, rl_kb, tmp_path):
    with pytest.raises(InputError, match="exceed the model's context of 256"):
        train_rl(small_config(tmp_path, undecided, rl_kb.path, prompt_tokens=250), quiet=True)


def test_groups_that_teach_nothing_are_counted_whatever_rounding_does():
    earned = torch.tensor([[0.0, 1.0, 1.0]] * 8 + [[1.0, 1.0, 1.0]] * 7 + [[0.0, 1.0, 1.0]])
    weights = [1.0, 0.2, 0.1]
    assert (earned[:8] * torch.tensor(weights)).sum(dim=1).std() > 1e-8, "equal, and still not exactly 0"
    assert zero_variance(earned, weights, 8) == 0.5
    assert zero_variance(earned, weights, 4) == 0.75
