"""What happens beside the steps: a log line, a progress bar, a checkpoint every few minutes, a stop on divergence."""

import bisect
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from transformers import TrainerCallback

from raredxr1.stage import append_jsonl


class MetricsFile(TrainerCallback):  # type: ignore[misc]
    """Appends every log line to metrics.jsonl, with tokens/s and, where the peak is known, the share of it used."""

    def __init__(self, path: Path, tokens_a_step: int, flops_a_token: float, peak_tflops: float | None) -> None:
        """Take the path and what one step costs."""
        self.path, self.tokens, self.flops, self.peak = path, tokens_a_step, flops_a_token, peak_tflops
        self.started, self.first_step = time.monotonic(), 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Start the clock where training starts or goes on."""
        self.started, self.first_step = time.monotonic(), state.global_step

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        """Write one line."""
        seconds = time.monotonic() - self.started
        rate = (state.global_step - self.first_step) * self.tokens / max(seconds, 1e-9)
        row: dict[str, Any] = {
            "step": state.global_step,
            "seconds": round(seconds, 2),
            "tokens_per_second": round(rate),
        }
        if self.peak:
            row["utilisation"] = round(rate * self.flops / (self.peak * 1e12), 4)
        append_jsonl(self.path, [row | {key: float(f"{value:.6g}") for key, value in (logs or {}).items()}])


class ProgressBar(TrainerCallback):  # type: ignore[misc]
    """A bar on the terminal with loss, rate and the time left."""

    def __init__(self, tokens_a_step: int) -> None:
        """Take what one step holds."""
        self.tokens, self.task = tokens_a_step, TaskID(0)
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

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Leave the finished bar."""
        self.bar.stop()


class TimedSave(TrainerCallback):  # type: ignore[misc]
    """Asks for a checkpoint every so many minutes."""

    def __init__(self, minutes: float) -> None:
        """Take the interval."""
        self.interval, self.last = 60 * minutes, time.monotonic()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Look at the clock."""
        if time.monotonic() - self.last > self.interval:
            self.last, control.should_save = time.monotonic(), True


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
