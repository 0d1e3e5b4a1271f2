"""What happens beside the steps: a log line, a progress bar, a checkpoint every few minutes, a stop on divergence."""

import bisect
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from accelerate.utils import broadcast
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from transformers import TrainerCallback

from raredxr1.runstore import append_jsonl


class MetricsFile(TrainerCallback):  # type: ignore[misc]
    """Appends every log line to metrics.jsonl, with tokens/s and, where the peak is known, the share of it used.

    The share counts six FLOP a parameter and token (Kaplan et al. 2020, arXiv 2001.08361), attention left out.
    """

    def __init__(self, path: Path, tokens_a_step: int, flops_a_token: float, peak_tflops: float | None) -> None:
        """Take the path and what one step costs."""
        self.path, self.tokens, self.flops, self.peak = path, tokens_a_step, flops_a_token, peak_tflops
        self.started, self.first_step = time.monotonic(), 0
        self.paused = 0.0
        """Seconds spent on something else than training, which others add to."""
        self.last: dict[str, Any] = {}

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Start the clock where training starts or goes on."""
        self.started, self.first_step, self.paused = time.monotonic(), state.global_step, 0.0

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        """Write one line."""
        seconds = time.monotonic() - self.started - self.paused
        rate = (state.global_step - self.first_step) * self.tokens / max(seconds, 1e-9)
        row: dict[str, Any] = {
            "step": state.global_step,
            "seconds": round(seconds, 2),
            "tokens_per_second": round(rate),
        }
        if self.peak:
            row["utilisation"] = round(rate * self.flops / (self.peak * 1e12), 4)
        self.last = row | {key: float(f"{value:.6g}") for key, value in (logs or {}).items()}
        if state.is_world_process_zero:
            append_jsonl(self.path, [self.last])


class ProgressBar(TrainerCallback):  # type: ignore[misc]
    """A bar on the terminal with loss, rate and the time left; with the metrics, also a line for each log."""

    def __init__(self, tokens_a_step: int, metrics: MetricsFile | None = None) -> None:
        """Take what one step holds, and where the rate is known."""
        self.tokens, self.task, self.metrics = tokens_a_step, TaskID(0), metrics
        columns = "[progress.description]{task.description}", "{task.completed}/{task.total}", "{task.fields[note]}"
        self.bar = Progress(
            TextColumn(columns[0]), BarColumn(), TextColumn(columns[1]), TimeElapsedColumn(), TimeRemainingColumn(),
            TextColumn(columns[2]),
        )  # fmt: skip

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Show the bar."""
        self.task = self.bar.add_task("training", total=state.max_steps, completed=state.global_step, note="")
        self.bar.start()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Move it."""
        self.bar.update(self.task, completed=state.global_step)

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        """Show the loss."""
        if logs and "loss" in logs:
            self.bar.update(self.task, note=f"loss {logs['loss']:.3f}")
            if self.metrics:
                self.bar.console.print(rate_line(self.metrics), highlight=False)

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Leave the finished bar."""
        self.bar.stop()


def rate_line(metrics: MetricsFile) -> str:
    """The last log line, as people read it."""
    row = metrics.last
    said = f"step {row['step']}: loss {row['loss']:.3f}, {row['tokens_per_second']:,} tokens/s"
    if metrics.peak:
        said += f", {row['utilisation']:.1%} of {metrics.peak:,.3g} TFLOP/s"
    return said


class TimedSave(TrainerCallback):  # type: ignore[misc]
    """Asks for a checkpoint every so many minutes."""

    def __init__(self, minutes: float) -> None:
        """Take the interval."""
        self.interval, self.last = 60 * minutes, time.monotonic()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Look at the clock: the first process's, because all must save together."""
        due = torch.tensor(float(time.monotonic() - self.last > self.interval), device=args.device)
        if broadcast(due):
            self.last, control.should_save = time.monotonic(), True


def last_whole_checkpoint(folder: Path, beside: str = "trainer_state.json") -> Path | None:
    """The checkpoint with the most steps that was written to its end; None where there is none.

    Args:
        folder: of checkpoints. Of each the Trainer writes trainer_state.json last; a kill before that leaves it torn.
        beside: another file that must be there.
    """
    found = [path.parent for path in folder.glob("checkpoint-*/trainer_state.json") if (path.parent / beside).is_file()]
    return max(found, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


class DivergenceGuard(TrainerCallback):  # type: ignore[misc]
    """Stops a run whose loss is no number or has risen far above its best; `reason` says why.

    Where the mixture changes, the loss may rise for good reason: there the best is looked for anew.
    """

    def __init__(self, factor: float = 3.0, patience: int = 3, changes: Sequence[int] = ()) -> None:
        """Stop when the loss is `factor` times its best for `patience` log lines.

        Args:
            factor: how far above its best.
            patience: for so many lines in a row.
            changes: steps at which the mixture changes.
        """
        self.factor, self.patience, self.changes = factor, patience, sorted(changes)
        self.best, self.bad, self.reason = math.inf, 0, ""
        self._phase = -1

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        """Judge one loss."""
        loss = (logs or {}).get("loss")
        if loss is None:
            return
        # a log line covers steps since the one before, so the first after a change is still of both mixtures
        phase = bisect.bisect_left(self.changes, state.global_step)
        if phase != self._phase:
            self._phase, self.best, self.bad = phase, math.inf, 0
            if phase:
                return
        self.best = min(self.best, loss) if math.isfinite(loss) else self.best
        self.bad = self.bad + 1 if not math.isfinite(loss) or loss > self.factor * self.best else 0
        if not math.isfinite(loss) or self.bad >= self.patience:
            self.reason = f"loss {loss} at step {state.global_step}, best was {self.best:.3f}"
            control.should_training_stop = True
