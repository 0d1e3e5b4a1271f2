"""Stage 3: train a checkpoint on rewards. TRL's GRPOTrainer does the work, with the DAPO loss; see `trainer.py`.

Cases become prompts, gold turns are scored to see that the rewards can be reached, pass rates are measured, and the
curriculum draws from there. Left out on purpose: a loss or a rollout engine of our own, and distributed code: the same
command runs under `accelerate launch`.

    raredx train rl --recipe recipes/tiny/rl.yaml
"""

import json
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from datasets import Dataset
from transformers import set_seed
from transformers.trainer_callback import PrinterCallback

from raredxr1 import runstore
from raredxr1.curriculum.abort import AbortRules
from raredxr1.curriculum.config import RLConfig
from raredxr1.curriculum.logs import CompletionsFile, Measuring, Metrics
from raredxr1.curriculum.prompts import PromptSet, make_prompts, write_unusable
from raredxr1.curriculum.rewards import Terms
from raredxr1.curriculum.schedule import Curriculum
from raredxr1.curriculum.scoring import Scorer
from raredxr1.curriculum.selftest import SelfTest, self_test
from raredxr1.curriculum.trainer import STATE, CurriculumTrainer, grpo_config, restore
from raredxr1.errors import InputError
from raredxr1.export import checkpoint_in
from raredxr1.export.base import load_model
from raredxr1.internalize.callbacks import ProgressBar, last_whole_checkpoint
from raredxr1.knowledge import load


def train_rl(config: RLConfig, quiet: bool = False) -> Path:
    """Run the stage; returns the checkpoint folder. A complete stage is not run again, an interrupted one goes on.

    Raises:
        InputError: the folder holds another run, the start cannot be loaded, no case is usable, the rewards cannot be
            reached.
        RuntimeError: an abort rule stopped the run.
    """
    stage, checkpoint = runstore.Stage("rl", config), config.out / "checkpoint"
    if stage.finished():
        return checkpoint
    stage.begin()
    set_seed(config.seed)
    run = prepare(config, quiet)
    begun = last_whole_checkpoint(config.out / "steps", STATE)
    if begun:
        restore(run.curriculum, begun)
    if run.trainer.is_world_process_zero():
        write_unusable(config.out / "unusable.jsonl", run.found)
        runstore.keep_steps(config.out / "metrics.jsonl", int(begun.name.rpartition("-")[2]) if begun else 0)
    run.trainer.train(resume_from_checkpoint=str(begun) if begun else None)
    if run.rules.reason:
        raise RuntimeError(f"training was stopped: {run.rules.reason}; see {config.out / 'completions.txt'}")
    run.trainer.save_model(str(checkpoint))
    if run.trainer.is_world_process_zero():
        run.tokenizer.save_pretrained(str(checkpoint))
        _finish(config, stage, run)
    run.trainer.accelerator.wait_for_everyone()
    return checkpoint


class Run:
    """Everything a run is made of, before its first step."""

    def __init__(self, config: RLConfig, quiet: bool) -> None:
        """Load, read, score gold turns, and build the trainer.

        Raises:
            InputError: see `train_rl`.
        """
        self.start = checkpoint_in(Path(config.start))
        config.out.mkdir(parents=True, exist_ok=True)
        self.model, self.tokenizer = load_model(str(self.start))
        _check_length(config, self.model)
        self.kb = load(config.knowledge)
        terms = Terms(self.kb)
        encode = self.tokenizer.backend_tokenizer.encode
        self.found: PromptSet
        scorer = Scorer(config, [], terms, self._decode)
        self.found = make_prompts(
            config,
            self.kb,
            scorer.matcher,
            self.start.parent if self.start.name == "checkpoint" else self.start,
            lambda text: len(encode(text, add_special_tokens=False).ids),
        )
        scorer.prompts = self.found.prompts
        self.tested: SelfTest = self_test(config, scorer, self.found.prompts)
        self.curriculum = Curriculum(
            [prompt.task for prompt in self.found.prompts],
            config.case_level,
            config.task_level,
            config.prompts,
            config.generations,
            config.seed,
        )
        self.rules = AbortRules(config.abort)
        self.trainer = CurriculumTrainer(
            config,
            self.curriculum,
            scorer,
            model=self.model,
            args=grpo_config(config, _processes(), config.out / "steps"),
            train_dataset=Dataset.from_list([{"prompt": p.text, "prompt_index": p.index} for p in self.found.prompts]),
            processing_class=self.tokenizer,
        )
        self.stops = frozenset(self.trainer.eos_token_ids)
        self.trainer.on_rewards = CompletionsFile(
            config.out / "completions.txt", self.trainer, scorer, config.show_completions, config.show_steps
        )
        self.trainer.remove_callback(PrinterCallback)
        self.trainer.add_callback(Measuring(self.trainer))
        self.trainer.add_callback(Metrics(config.out / "metrics.jsonl", self.trainer, self.rules))
        if not quiet and self.trainer.is_world_process_zero():
            self.trainer.add_callback(ProgressBar(config.batch))

    def _decode(self, ids: list[int]) -> tuple[str, bool]:
        """Text of a completion up to its end, and whether it has none."""
        ended = bool(ids) and ids[-1] in self.stops
        kept = ids[:-1] if ended else ids
        return self.tokenizer.backend_tokenizer.decode(kept, skip_special_tokens=False), not ended


def prepare(config: RLConfig, quiet: bool = True) -> Run:
    """Build everything of a run without training a step."""
    return Run(config, quiet)


def _processes() -> int:
    """How many processes share the work, as the launcher says."""
    return int(PartialState(cpu=not torch.cuda.is_available()).num_processes)


def _check_length(config: RLConfig, model: Any) -> None:
    context = getattr(model.config, "max_position_embeddings", None)
    needed = config.prompt_tokens + config.completion_tokens
    if context and needed > context:
        raise InputError(f"prompt_tokens + completion_tokens = {needed} exceed the model's context of {context}")


def _finish(config: RLConfig, stage: runstore.Stage, run: Run) -> None:
    before = run.start.parent if run.start.name == "checkpoint" else run.start
    taught = before / "taught.json"
    if taught.is_file():
        runstore.write_json(config.out / "taught.json", json.loads(taught.read_text(encoding="utf-8")))
    weights = run.start / "model.safetensors"
    inputs = run.kb.provenance() | run.found.inputs
    if weights.is_file():
        inputs["start_sha256"] = runstore.sha256(weights)
    found = {"cases": run.found.cases, "unusable": len(run.found.unusable), "steps": config.steps}
    processes = run.trainer.accelerator.num_processes
    tested = {"self_test": run.tested.means, "unreachable": run.tested.unreachable}
    stage.manifest(
        inputs,
        list(dict.fromkeys([*_earlier_sources(before), *run.found.sources])),
        found | {"completions": config.generations * config.batch, "processes": processes},
        tested | {"curriculum": run.curriculum.metrics()},
    )


def _earlier_sources(folder: Path) -> list[str]:
    """What the start was trained on, as its manifest says: the overlap check of evaluation reads the last one."""
    path = folder / "manifest.json"
    try:
        sources = json.loads(path.read_text(encoding="utf-8")).get("sources", [])
    except (OSError, ValueError, AttributeError):
        return []
    return [str(source) for source in sources]
