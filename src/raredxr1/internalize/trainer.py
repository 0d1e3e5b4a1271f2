"""The Trainer of stages 1 and 2: TRL's SFTTrainer on packed rows, with the optimizer of a recipe.

A finished optimizer cannot be handed to a trainer whose model is still to be sharded (FSDP refuses it, ZeRO would train
parameters that are no longer there), so it is made where the trainer makes its own. Short turns on plain cores have a
loop of their own (`fit`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import TrainerCallback
from transformers.trainer_callback import PrinterCallback
from trl import SFTConfig, SFTTrainer
from trl.trainer import utils as trl_utils

from raredxr1.internalize.callbacks import DivergenceGuard, MetricsFile, ProgressBar, TimedSave, last_whole_checkpoint
from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.optimizer import make_optimizer
from raredxr1.internalize.packed_attention import attend_by_example
from raredxr1.internalize.packing import Row

# TRL leaves out positions that are not learned (nine of ten tokens of a short turn) only where Triton is: compilers of
# some other devices want equal shapes. A CPU takes any, and scoring them all was 40 % of a step of the tiny recipe.
_has_triton = trl_utils._use_triton
trl_utils._use_triton = lambda device: device.type == "cpu" or _has_triton(device)

STEPS = "steps"
"""The folder of checkpoints in a stage's folder."""


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


def stage_trainer(
    recipe: InternalizeConfig,
    schedule: Mapping[str, Any],
    model: Any,
    tokenizer: Any,
    dataset: Any,
    callbacks: Sequence[TrainerCallback],
    quiet: bool,
) -> StageTrainer:
    """Make the trainer of a stage.

    Args:
        recipe: how to learn, and where checkpoints go.
        schedule: of the learning rate, as arguments of SFTConfig.
        model: what learns.
        tokenizer: is saved with it.
        dataset: packed rows.
        callbacks: those of the stage, its metrics first; added are checkpoints by the clock and, unless quiet, a bar.
        quiet: no progress bar.
    """
    arguments = SFTConfig(
        output_dir=str(recipe.out / STEPS),
        max_steps=recipe.steps,
        per_device_train_batch_size=recipe.rows,
        gradient_accumulation_steps=recipe.accumulate,
        learning_rate=recipe.learning_rate,
        warmup_steps=max(1, int(recipe.warmup * recipe.steps)),
        max_grad_norm=1.0,
        bf16=recipe.bf16,
        torch_compile=recipe.compile,
        gradient_checkpointing=recipe.gradient_checkpointing,
        max_length=None,
        logging_steps=recipe.log_steps,
        logging_nan_inf_filter=False,
        save_strategy="no",
        save_total_limit=2,
        save_only_model=False,
        report_to=[],
        disable_tqdm=True,
        seed=recipe.seed,
        data_seed=recipe.seed,
        dataloader_num_workers=recipe.workers,
        dataloader_pin_memory=torch.cuda.is_available(),
        remove_unused_columns=False,
        dataset_kwargs={"skip_prepare_dataset": True},
        use_cpu=not torch.cuda.is_available(),
        **schedule,
    )
    if not recipe.compile:
        attend_by_example(model)
    metrics = next((one for one in callbacks if isinstance(one, MetricsFile)), None)
    bar = [] if quiet else [ProgressBar(tokens_a_step(recipe), metrics)]
    trainer = StageTrainer(
        recipe,
        model=model,
        args=arguments,
        train_dataset=dataset,
        data_collator=collate,
        processing_class=tokenizer,
        callbacks=[*callbacks, TimedSave(recipe.save_minutes), *bar],
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def metrics_file(recipe: InternalizeConfig, model: Any, peak: float | None) -> MetricsFile:
    """Where the figures of a stage go."""
    return MetricsFile(recipe.out / "metrics.jsonl", tokens_a_step(recipe), 6 * model.num_parameters(), peak)


def tokens_a_step(recipe: InternalizeConfig) -> int:
    """Tokens of an optimizer step on one process, padding included."""
    return recipe.row_tokens * recipe.rows * recipe.accumulate


def train_to_the_end(trainer: StageTrainer, guard: DivergenceGuard, checkpoint: Path) -> None:
    """Train from the last whole checkpoint there is, and save the weights.

    Raises:
        RuntimeError: training diverged.
    """
    begun = last_whole_checkpoint(Path(trainer.args.output_dir))
    trainer.train(resume_from_checkpoint=str(begun) if begun else None)
    if guard.reason:
        raise RuntimeError(f"training diverged: {guard.reason}")
    trainer.save_model(str(checkpoint))  # every process gives its shards


def collate(rows: list[Row]) -> dict[str, torch.Tensor]:
    """Stack rows into (rows, row_tokens) tensors."""
    return {key: torch.stack([torch.from_numpy(np.asarray(row[key])) for row in rows]) for key in rows[0]}
