"""TRL's GRPOTrainer with the curriculum's sampler. The loss, the rollouts, vLLM and everything distributed are TRL's.

What is overridden: which prompts come next (`_get_train_sampler`), that prompts are encoded as serving encodes them,
the seed of the rollouts (a function of the run's seed, the batch and the process, so that an interrupted run goes on as
it would have), and listening in on the rewards, which every process learns whole, so that all draw the same next batch.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from accelerate.utils import gather
from torch.utils.data import Sampler
from trl import GRPOConfig, GRPOTrainer

from raredxr1.curriculum.config import RLConfig
from raredxr1.curriculum.schedule import Curriculum
from raredxr1.curriculum.scoring import Scorer
from raredxr1.errors import InputError
from raredxr1.runstore import write_json
from raredxr1.schemas import ProblemKind

STATE = "curriculum.json"


class CurriculumTrainer(GRPOTrainer):  # type: ignore[misc]
    """GRPO on the prompts that the curriculum draws."""

    def __init__(self, config: RLConfig, curriculum: Curriculum, scorer: Scorer, **trl: Any) -> None:
        """Take the curriculum and the rewards; `trl` are GRPOTrainer's own arguments.

        Args:
            config: the recipe.
            curriculum: draws the prompts and learns what they earned.
            scorer: the rewards.
            trl: passed on.
        """
        self.recipe, self.curriculum, self.scorer = config, curriculum, scorer
        self.unparsed, self.zero_variance = 0.0, 0.0
        self.on_rewards: Callable[[list[dict[str, Any]]], None] | None = None
        super().__init__(reward_funcs=scorer.functions(), **trl)

    @property
    def generation(self) -> int:
        """Number of the generation batch that is being trained on."""
        return int(self.state.global_step) // self.recipe.updates

    def _get_train_sampler(self, dataset: Any = None) -> Sampler[int]:
        repeat = self.num_iterations * self.args.steps_per_generation
        return GroupSampler(self.curriculum, self.num_generations, repeat, lambda: self.generation)

    def _tokenize_prompts(self, prompts: list[str]) -> tuple[list[list[int]], None, dict[str, Any]]:
        encoded = self._tokenizer.backend_tokenizer.encode_batch(prompts, add_special_tokens=False)
        return [one.ids for one in encoded], None, {}

    def _generate_single_turn(self, *arguments: Any, **options: Any) -> Any:
        torch.manual_seed(_seed(self.recipe.seed, self.generation, self.accelerator.process_index))
        return super()._generate_single_turn(*arguments, **options)

    def _calculate_rewards(
        self, inputs: list[dict[str, Any]], prompts: Any, completions: Any, completion_ids_list: list[list[int]]
    ) -> torch.Tensor:
        rewards: torch.Tensor = super()._calculate_rewards(inputs, prompts, completions, completion_ids_list)
        rollouts = self.scorer.read(completion_ids_list, [row["prompt_index"] for row in inputs])
        unparsed = [float(rollout.diagnosis.has(ProblemKind.UNPARSED)) for rollout in rollouts]
        local = [[float(row["prompt_index"]), one] for row, one in zip(inputs, unparsed, strict=True)]
        table = gather(torch.tensor(local, device=self.accelerator.device))
        self.unparsed = float(table[:, 1].mean())
        self.zero_variance = zero_variance(rewards, self.scorer.weights, self.num_generations)
        groups: dict[int, list[float]] = {}
        for prompt, accuracy in zip(table[:, 0].tolist(), rewards[:, 0].tolist(), strict=True):
            groups.setdefault(int(prompt), []).append(accuracy)
        self.curriculum.observe(self.generation, groups)
        if self.on_rewards:
            own = rewards[self.accelerator.process_index * len(inputs) :][: len(inputs)].tolist()
            self.on_rewards(
                [
                    {"rollout": rollout, "rewards": dict(zip(self.scorer.names, row, strict=True))}
                    for rollout, row in zip(rollouts, own, strict=True)
                ]
            )
        return rewards

    def measure(self) -> int:
        """Measure the pass rates that are due; returns how many prompts were measured.

        Every process samples its share, with the rollouts' own settings; all learn all results.
        """
        due = self.curriculum.due(self.generation)
        k, processes, rank = (
            self.curriculum.cases.samples,
            self.accelerator.num_processes,
            self.accelerator.process_index,
        )
        at_once = max(1, self.args.per_device_train_batch_size * self.args.steps_per_generation // k)
        for start in range(0, len(due), at_once * processes):
            wave = due[start : start + at_once * processes]
            # every process must take part in every wave, so the last one is filled up with prompts measured twice
            wave += [wave[0]] * (-len(wave) % processes)
            share = wave[rank * len(wave) // processes : (rank + 1) * len(wave) // processes]
            indexes = [prompt for prompt in share for _ in range(k)]
            accuracies = self._sample(indexes, k, start)
            table = gather(
                torch.tensor(list(zip(map(float, indexes), accuracies, strict=True))).to(self.accelerator.device)
            )
            groups: dict[int, list[float]] = {}
            for prompt, accuracy in table.tolist():
                groups.setdefault(int(prompt), []).append(accuracy)
            self.curriculum.measured(groups, self.generation)
        return len(due)

    def _sample(self, indexes: Sequence[int], k: int, start: int) -> list[float]:
        prompts = [self.scorer.prompts[index].text for index in indexes]
        ids, images, fields = self._tokenize_prompts(prompts)
        torch.manual_seed(_seed(self.recipe.seed, self.generation, self.accelerator.process_index, 1 + start))
        completion_ids, _ = super()._generate_single_turn(ids, images, fields, k)
        return [self.scorer.score(rollout)["accuracy"] for rollout in self.scorer.read(completion_ids, indexes)]

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Add where the curriculum stands to a log line."""
        if "loss" in logs:
            logs.update(self.curriculum.metrics(), unparsed=self.unparsed, zero_variance_groups=self.zero_variance)
        super().log(logs, start_time)

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        # before TRL's own files: a checkpoint counts as whole when trainer_state.json, written after these, is there
        if self.accelerator.is_main_process:
            folder = Path(self.args.output_dir) / f"checkpoint-{self.state.global_step}"
            folder.mkdir(parents=True, exist_ok=True)
            write_json(folder / STATE, self.curriculum.state())
        super()._save_checkpoint(model, trial)

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """Write none: the manifest says what the stage did."""


def zero_variance(rewards: torch.Tensor, weights: Sequence[float], group: int) -> float:
    """Share of groups whose completions all earned the same, and which so teach nothing.

    TRL counts those whose standard deviation is exactly 0, which the sum of equal rewards in float32 rarely has.

    Args:
        rewards: completions x rewards, the completions of a group beside one another.
        weights: of the rewards.
        group: completions a group.
    """
    totals = (rewards * torch.tensor(weights, device=rewards.device)).nansum(dim=1).view(-1, group)
    return float((totals.amax(dim=1) - totals.amin(dim=1) < 1e-6).float().mean())


def grpo_config(config: RLConfig, processes: int, steps_folder: Path) -> GRPOConfig:
    """Translate a recipe for TRL.

    Args:
        config: the recipe.
        processes: how many processes share the work.
        steps_folder: where checkpoints go.

    Raises:
        InputError: the batch cannot be shared out evenly.
    """
    slices = _slices(config, processes)
    dapo, vllm = config.dapo, config.vllm
    rollouts: dict[str, Any] = {}
    if vllm:
        rollouts = {
            "use_vllm": True,
            "vllm_mode": "server",
            "vllm_server_host": vllm.host,
            "vllm_server_port": vllm.port,
            "vllm_group_port": vllm.group_port,
            "vllm_server_timeout": vllm.timeout,
            "vllm_importance_sampling_mode": "token_truncate",
            "vllm_importance_sampling_clip_max": 2.0,
        }
    return GRPOConfig(
        output_dir=str(steps_folder),
        max_steps=config.steps,
        per_device_train_batch_size=config.batch // processes // slices,
        gradient_accumulation_steps=slices // config.updates,
        steps_per_generation=slices,
        num_generations=config.group,
        max_completion_length=config.completion_tokens,
        temperature=config.temperature,
        loss_type="dapo",
        epsilon=dapo.clip_low,
        epsilon_high=dapo.clip_high,
        beta=0.0,
        mask_truncated_completions=True,
        scale_rewards=dapo.scale,
        reward_weights=[getattr(config.weights, name) for name in _reward_names(config)],
        shuffle_dataset=False,
        learning_rate=config.learning_rate,
        lr_scheduler_type="warmup_stable_decay" if config.decay else "constant_with_warmup",
        lr_scheduler_kwargs={"num_decay_steps": max(1, int(config.decay * config.steps))} if config.decay else {},
        warmup_steps=int(config.warmup * config.steps),
        optim=config.optimizer,
        weight_decay=config.weight_decay,
        max_grad_norm=1.0,
        bf16=config.bf16,
        gradient_checkpointing=config.gradient_checkpointing,
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_strategy="steps",
        save_steps=config.save_steps,
        save_total_limit=2,
        ignore_data_skip=True,
        report_to=[],
        disable_tqdm=True,
        seed=config.seed,
        use_cpu=not torch.cuda.is_available(),
        dataloader_pin_memory=torch.cuda.is_available(),
        ddp_find_unused_parameters=False,
        **rollouts,
    )


def _reward_names(config: RLConfig) -> Sequence[str]:
    from raredxr1.curriculum.scoring import reward_names

    return reward_names(config.form)


def _slices(config: RLConfig, processes: int) -> int:
    """Into how many slices each process cuts its share of a batch: the fewest that fit micro_batch."""
    share, rest = divmod(config.batch, processes)
    if rest:
        raise InputError(f"prompts * group = {config.batch} cannot be shared out to {processes} processes")
    if share % config.updates:
        raise InputError(f"updates: {share} completions a process cannot be cut into {config.updates}")
    for slices in range(config.updates, share + 1, config.updates):
        if share % slices == 0 and share // slices <= config.micro_batch:
            return slices
    raise InputError(f"updates: {share} completions a process cannot be cut into {config.updates} steps")


def _seed(*parts: int) -> int:
    """One seed for several numbers."""
    value = 0
    for part in parts:
        value = (value * 1_000_003 + part + 1) % (2**63 - 1)
    return value


def restore(curriculum: Curriculum, checkpoint: Path) -> None:
    """Give a curriculum the state it had at a checkpoint."""
    curriculum.restore(json.loads((checkpoint / STATE).read_text(encoding="utf-8")))


class GroupSampler(Sampler[int]):
    """Yields prompt indexes: each prompt of a batch `group` times in a row, the whole batch `repeat` times."""

    def __init__(self, curriculum: Curriculum, group: int, repeat: int, first: Callable[[], int]) -> None:
        """Take the curriculum and the shape of a batch.

        Args:
            curriculum: draws the batches.
            group: completions a prompt.
            repeat: slices of a batch that the trainer takes.
            first: number of the batch to begin with, asked when iteration begins (a resumed run begins later).
        """
        self.curriculum, self.group, self.repeat, self.first = curriculum, group, repeat, first

    def __iter__(self) -> Iterator[int]:
        """Yield the indexes of all batches that are left."""
        for number in range(self.first(), self.curriculum.generations):
            batch = self.curriculum.batch(number)
            for _ in range(self.repeat):
                for prompt in batch:
                    yield from [prompt] * self.group

    def __len__(self) -> int:
        """Indexes of the whole run."""
        return self.curriculum.generations * self.curriculum.size * self.group * self.repeat
