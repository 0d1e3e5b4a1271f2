"""What the loops that train encoders share: the learning rate over the steps, and a checkpoint to go on from."""

import time
from pathlib import Path
from typing import Any

import torch
from torch import nn

from raredxr1 import runstore


def rates(optimizer: torch.optim.Optimizer, steps: int, warmup: float, decay: float) -> Any:
    """A schedule: linear warm-up, a plateau, then linear to a fiftieth; `warmup` and `decay` are shares of steps."""

    def rate(step: int) -> float:
        rising = min(1.0, (step + 1) / max(1.0, warmup * steps))
        return rising * min(1.0, max(0.02, (1 - step / steps) / decay))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, rate)


class Checkpoint:
    """Keeps a network and its optimizer in a file, some minutes apart."""

    def __init__(self, path: Path, network: nn.Module, optimizer: Any, schedule: Any, minutes: float) -> None:
        """Take what is kept; the clock starts."""
        self._path, self._network, self._optimizer, self._schedule = path, network, optimizer, schedule
        self._seconds, self._saved = minutes * 60, time.monotonic()

    def resume(self) -> int:
        """Take up what the file holds; the step to go on with, 0 where there is no file."""
        if not self._path.is_file():
            return 0
        state = torch.load(self._path, weights_only=True)
        self._network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._schedule.load_state_dict(state["rates"])
        torch.set_rng_state(state["torch"])
        step: int = state["step"]
        return step

    def keep(self, step: int) -> None:
        """Write it down if it is time; `step` is the one to go on with."""
        if time.monotonic() - self._saved <= self._seconds:
            return
        held = {
            "network": self._network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "rates": self._schedule.state_dict(),
            "torch": torch.get_rng_state(),
            "step": step,
        }
        with runstore.whole(self._path) as partial:
            torch.save(held, partial)
        self._saved = time.monotonic()
