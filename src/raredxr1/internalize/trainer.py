"""TRL's SFTTrainer with the optimizer of a recipe.

A finished optimizer cannot be handed to a trainer whose model is still to be sharded (FSDP refuses it, ZeRO would train
parameters that are no longer there), so it is made where the trainer makes its own.
"""

from typing import Any

import torch
from trl import SFTTrainer

from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.optimizer import make_optimizer


class StageTrainer(SFTTrainer):  # type: ignore[misc]
    """SFTTrainer for stages 1 and 2."""

    optimizer: torch.optim.Optimizer | None

    def __init__(self, recipe: InternalizeConfig, **trl: Any) -> None:
        """Take whose optimizer to make; `trl` are SFTTrainer's own arguments."""
        self.recipe = recipe
        super().__init__(**trl)

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        """Make the recipe's optimizer for the model, sharded by now where it is to be."""
        if self.optimizer is None:
            self.optimizer = make_optimizer(self.model if model is None else model, self.recipe)
        return self.optimizer
