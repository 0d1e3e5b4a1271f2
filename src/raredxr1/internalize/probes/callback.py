"""Probes while training: before the first step, every so many minutes, and after the last."""

import json
import time
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from raredxr1.internalize.callbacks import MetricsFile
from raredxr1.internalize.probes.asking import Prober
from raredxr1.runstore import append_jsonl

FILE = "probes.jsonl"


class ProbeFile(TrainerCallback):  # type: ignore[misc]
    """Appends what the probes find to probes.jsonl: step, tokens, minutes of training, figures.

    The weights are the same with probes and without: they are asked in evaluation mode, greedily, with the state of the
    random numbers kept. Their time is taken out of the tokens a second.
    """

    def __init__(
        self, path: Path, prober: Prober, tokenizer: Any, tokens_a_step: int, metrics: MetricsFile | None = None
    ) -> None:
        """Take the questions, where to write, and whose clock is to stop meanwhile."""
        self.path, self.prober, self.tokenizer = path, prober, tokenizer
        self.tokens, self.metrics = tokens_a_step, metrics
        self.interval = 60 * prober.probes.every_minutes
        self.trained, self.since, self.asked_at = 0.0, time.monotonic(), -1

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Ask before the first step; where training goes on, go on with its minutes."""
        rows = read_rows(self.path)
        while rows and rows[-1]["step"] > state.global_step:
            rows.pop()
        self.trained = 60 * rows[-1]["minutes"] if rows else 0.0
        self.since = time.monotonic()
        if rows and rows[-1]["step"] == state.global_step:
            self.asked_at = state.global_step
        else:
            self._ask(state.global_step, kwargs["model"])

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Look at the clock."""
        if time.monotonic() - self.since >= self.interval:
            self._ask(state.global_step, kwargs["model"])

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Ask after the last step."""
        if self.asked_at != state.global_step:
            self._ask(state.global_step, kwargs["model"])

    def _ask(self, step: int, model: Any) -> None:
        began = time.monotonic()
        self.trained += began - self.since
        report = self.prober.ask(model, self.tokenizer)
        row = {"step": step, "tokens": step * self.tokens, "minutes": round(self.trained / 60, 3)}
        append_jsonl(self.path, [row | report.model_dump(mode="json")])
        self.since, self.asked_at = time.monotonic(), step
        if self.metrics:
            self.metrics.paused += self.since - began


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file with a `step`, less those that a resumed run went through again.

    A last line that a kill cut short is left out: what it said is asked again.
    """
    kept: list[dict[str, Any]] = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        while kept and kept[-1]["step"] > row["step"]:
            kept.pop()
        kept.append(row)
    return kept
