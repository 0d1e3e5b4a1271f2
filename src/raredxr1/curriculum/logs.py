"""What a run leaves to read: metrics.jsonl, a line a step; completions.txt, a few completions and what they earned."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from raredxr1.curriculum.abort import AbortRules
from raredxr1.curriculum.prompts import Rollout
from raredxr1.curriculum.scoring import Scorer
from raredxr1.curriculum.trainer import CurriculumTrainer
from raredxr1.runstore import append_jsonl

_NAMES = {
    "completions/mean_length": "length",
    "completions/clipped_ratio": "truncated",
}
_LEFT_OUT = ("completions/", "epoch", "num_tokens", "frac_reward_zero_std")


class Metrics(TrainerCallback):  # type: ignore[misc]
    """Appends one line a step to metrics.jsonl and asks the abort rules."""

    def __init__(self, path: Path, trainer: CurriculumTrainer, rules: AbortRules) -> None:
        """Take where to write, whose curriculum to look at, and the rules."""
        self.path, self.trainer, self.rules = path, trainer, rules
        self.started, self.first_tokens = time.monotonic(), 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Start the clock where training starts or goes on."""
        self.started, self.first_tokens = time.monotonic(), state.num_input_tokens_seen

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        """Write one line; every process judges, so that all stop together."""
        if not logs or "loss" not in logs:
            return
        if logs.get("reward") is not None:
            length = logs.get("completions/mean_length", 0.0)
            phase = self.trainer.curriculum.phase
            if self.rules.step(logs["reward"], length, self.trainer.unparsed, phase, task=phase[0]):
                control.should_training_stop = True
        if not state.is_world_process_zero:
            return
        seconds = time.monotonic() - self.started
        tokens = state.num_input_tokens_seen - self.first_tokens
        row: dict[str, Any] = {"step": state.global_step, "seconds": round(seconds, 2)}
        row["tokens_per_second"] = round(tokens / max(seconds, 1e-9))
        row |= {
            _name(key): _short(value) for key, value in logs.items() if key in _NAMES or not key.startswith(_LEFT_OUT)
        }
        append_jsonl(self.path, [row])


class Measuring(TrainerCallback):  # type: ignore[misc]
    """Has the trainer measure the pass rates that are due: before the first step, and between generation batches."""

    def __init__(self, trainer: CurriculumTrainer) -> None:
        """Take the trainer."""
        self.trainer = trainer

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Measure before the first batch is drawn."""
        self.trainer.measure()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Measure what has become due."""
        if state.global_step % self.trainer.recipe.updates == 0 and state.global_step < state.max_steps:
            self.trainer.measure()


class CompletionsFile:
    """Appends a few completions of a step to a text file, with prompt, parsed answer, linked ids and every reward."""

    def __init__(self, path: Path, trainer: CurriculumTrainer, scorer: Scorer, count: int, every: int) -> None:
        """Take where to write, and `count` completions every `every` generation batches."""
        self.path, self.trainer, self.scorer, self.count, self.every = path, trainer, scorer, count, every

    def __call__(self, rows: Sequence[dict[str, Any]]) -> None:
        """Take the local completions of a batch with their rewards."""
        number = self.trainer.generation
        if number % self.every or not self.count or not self.trainer.accelerator.is_main_process:
            return
        stride = max(1, len(rows) // self.count)  # so that several prompts are shown
        with self.path.open("a", encoding="utf-8") as file:
            for row in rows[::stride][: self.count]:
                file.write(describe(row["rollout"], row["rewards"], self.scorer, f"batch {number}"))


def describe(rollout: Rollout, rewards: dict[str, float], scorer: Scorer, head: str) -> str:
    """One completion as text for people."""
    prompt = rollout.prompt
    links = [(name, scorer.terms.disease(name)) for name in rollout.names]
    answer = [
        f"  {rank}. {name} -> {f'{link.id} {link.label} ({link.rule})' if link else 'unlinked'}"
        for rank, (name, link) in enumerate(links, 1)
    ]
    problems = sorted({problem.kind.value for problem in rollout.diagnosis.problems})
    earned = ", ".join(f"{name} {value:.3f}" for name, value in rewards.items())
    return "\n".join(
        [
            f"=== {head} | case {prompt.case_id} | {prompt.task}, {prompt.form} | gold: {prompt.gold.name}",
            "--- prompt",
            prompt.text.rstrip(),
            f"--- completion ({rollout.tokens} tokens{', truncated' if rollout.truncated else ''})",
            rollout.text.rstrip(),
            "--- read as",
            *(answer or ["  no name"]),
            *([f"  problems: {', '.join(problems)}"] if problems else []),
            f"--- rewards: {earned}; total {scorer.total(rewards):.3f}",
            "\n",
        ]
    )


def _name(key: str) -> str:
    return _NAMES.get(key, key.removesuffix("/mean"))


def _short(value: Any) -> Any:
    return float(f"{value:.6g}") if isinstance(value, float) else value
