"""Stage 1: train a model on the corpus. TRL's SFTTrainer does the work; this file hands it rows and callbacks.

Rows are packed (packing.py) and carry positions, from which the model derives a mask that keeps examples apart; TRL's
head computes the loss on learned positions alone, so a large vocabulary costs no memory. Left out on purpose: any
trainer of our own, and distributed code (run it under `accelerate launch`).

    raredx train internalize --recipe recipes/tiny/internalize.yaml
"""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from datasets import IterableDataset
from rich.console import Console
from tokenizers import Tokenizer
from transformers import set_seed

from raredxr1 import runstore
from raredxr1.errors import InputError
from raredxr1.export.base import load_model
from raredxr1.internalize import device
from raredxr1.internalize.callbacks import DivergenceGuard
from raredxr1.internalize.config import InternalizeConfig, mixture_at
from raredxr1.internalize.corpus import SOURCES, Corpus, Encoded, encode, make_corpus, taught_diseases
from raredxr1.internalize.models import new_model, train_tokenizer
from raredxr1.internalize.packing import PackingCounts, Row, dataset_of, pack
from raredxr1.internalize.probes.asking import FILE, ProbeFile, Prober
from raredxr1.internalize.trainer import (
    StageTrainer,
    metrics_file,
    stage_trainer,
    tokens_a_step,
    train_to_the_end,
)
from raredxr1.knowledge import load

SAMPLED_EXAMPLES = 250
STATE_BYTES = {"adamw": 8, "muon": 4}
"""What an optimizer keeps of a parameter, at least."""


def internalize(config: InternalizeConfig, quiet: bool = False) -> Path:
    """Run the stage; returns the checkpoint folder. A complete stage is not run again, an interrupted one goes on.

    Raises:
        InputError: the folder holds another run, or the base cannot be loaded.
        RuntimeError: training diverged.
    """
    stage, checkpoint = runstore.Stage("internalize", config), config.out / "checkpoint"
    if stage.finished():
        return checkpoint
    stage.begin()
    config.out.mkdir(parents=True, exist_ok=True)
    set_seed(config.seed)
    kb = load(config.knowledge)
    diseases = taught_diseases(kb, config.diseases)
    corpus, left = make_corpus(config, kb, diseases)
    model, tokenizer = _model(config, corpus)
    # many workers, each a thread of its own: threads inside them would only stand in each other's way
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    stream = RowStream(config, corpus, tokenizer.backend_tokenizer, tokenizer.pad_token_id)
    sample = _sample(config, corpus, stream)
    prober = Prober(config, config.probes, kb, diseases) if config.probes and _processes() == 1 else None
    if config.probes and not prober:
        _say("probes are left out with several processes; ask checkpoints by `raredx train probe`", quiet)
    guard = DivergenceGuard(changes=[round(phase.until * config.steps) for phase in config.phases[:-1]])
    peak = _peak_tflops(config, quiet)
    trainer = _trainer(config, model, tokenizer, stream, guard, peak, prober, quiet)
    if torch.cuda.is_available() and _processes() == 1:
        state = sum(p.numel() for p in model.parameters()) * STATE_BYTES[config.optimizer]
        memory = device.dry_step(trainer, config.rows, config.row_tokens, state)
        _say(f"a full batch takes {memory:.1f} GiB", quiet)
    train_to_the_end(trainer, guard, checkpoint)
    if trainer.is_world_process_zero():
        tokenizer.save_pretrained(str(checkpoint))
        runstore.write_json(config.out / "taught.json", [kb.disease_ids(disease)[0] for disease in diseases])
        made = {"diseases": len(diseases), "steps": config.steps, "parameters": model.num_parameters()}
        stage.manifest(
            kb.provenance() | runstore.hashes(source.path for source in config.files),
            [*SOURCES, *(source.credit for source in config.files)],
            made | left | sample,
            {"device": device.name_of(trainer.args.device), "matmul_tflops": round(peak, 3)},
        )
    return checkpoint


class RowStream:
    """Packed rows without end. Shard s of n writes examples s, s + n, ...; the mixture follows the rows written."""

    def __init__(self, config: InternalizeConfig, corpus: Corpus, tokenizer: Tokenizer, pad: int) -> None:
        """Take what examples are made of and how they are encoded."""
        self.config, self.corpus, self.tokenizer, self.pad = config, corpus, tokenizer, pad
        # of several processes each writes every row and trains on its share of them (trl has accelerate not dispatch)
        self.total = config.steps * config.rows * config.accumulate * _processes()

    def dataset(self) -> IterableDataset:
        """The rows as a dataset with a shard for each worker process."""
        shards = max(1, self.config.workers)
        return dataset_of(self.rows, shards=list(range(shards)), of=shards)

    def rows(self, shards: list[int], of: int = 1) -> Iterator[Row]:
        """Yield the rows of the first of the shards given (a worker is given one)."""
        written = 0

        def examples() -> Iterator[Encoded]:
            for number in itertools.count(shards[0], of):
                example = self.corpus.example(number, mixture_at(self.config, written * of / self.total))
                yield encode(example, self.tokenizer)

        for row in pack(examples(), self.config.row_tokens, self.pad, PackingCounts()):
            yield row
            written += 1


def _model(config: InternalizeConfig, corpus: Corpus) -> tuple[Any, Any]:
    if config.new_model is None:
        return load_model(config.base or "")
    if config.row_tokens > config.new_model.context:
        raise InputError(f"row_tokens {config.row_tokens} exceeds the model's context {config.new_model.context}")
    mixture = config.phases[-1].mixture
    # as many examples as tokens: some 150 words for each
    examples = (corpus.example(-1 - n, mixture) for n in range(config.new_model.vocabulary))
    tokenizer = train_tokenizer((e.prompt + e.completion for e in examples), config.new_model.vocabulary)
    return new_model(config.new_model, tokenizer, config.seed)


def _sample(config: InternalizeConfig, corpus: Corpus, stream: RowStream) -> dict[str, float]:
    """What examples of the last mixture are like, on average."""
    counts = PackingCounts()
    mixture = config.phases[-1].mixture
    examples = [encode(corpus.example(-1 - n, mixture), stream.tokenizer) for n in range(SAMPLED_EXAMPLES)]
    for _ in pack(examples, config.row_tokens, stream.pad, counts):
        pass
    return {
        "sampled_examples": counts.examples,
        "sampled_too_long": counts.too_long,
        "tokens_an_example": round((counts.prompt_tokens + counts.learned_tokens) / counts.examples, 1),
        "learned_share": round(counts.learned_tokens / (counts.prompt_tokens + counts.learned_tokens), 3),
        "padding_share": round(counts.padding / (counts.padding + counts.prompt_tokens + counts.learned_tokens), 3),
    }


def _processes() -> int:
    return int(os.environ.get("WORLD_SIZE", "1"))


def _peak_tflops(config: InternalizeConfig, quiet: bool) -> float:
    """The measured rate of matrix products in the precision trained in, against which the use is reported."""
    if config.peak_tflops:
        return config.peak_tflops
    place = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
    where = torch.device(place if torch.cuda.is_available() else "cpu")
    dtype = torch.bfloat16 if config.bf16 else torch.float32
    peak = device.matmul_tflops(where, dtype)
    _say(f"{device.name_of(where)}: {str(dtype).removeprefix('torch.')} matrix products at {peak:,.3g} TFLOP/s", quiet)
    return peak


def _say(line: str, quiet: bool) -> None:
    if not quiet and int(os.environ.get("RANK", "0")) == 0:
        Console(stderr=True).print(line, highlight=False)


def _trainer(
    config: InternalizeConfig,
    model: Any,
    tokenizer: Any,
    stream: RowStream,
    guard: DivergenceGuard,
    peak: float,
    prober: Prober | None,
    quiet: bool,
) -> StageTrainer:
    metrics = metrics_file(config, model, peak)
    probes = [ProbeFile(config.out / FILE, prober, tokenizer, tokens_a_step(config), metrics)] if prober else []
    decay = {"num_decay_steps": max(1, int(config.decay * config.steps)), "decay_type": "1-sqrt"}
    schedule = {"lr_scheduler_type": "warmup_stable_decay", "lr_scheduler_kwargs": decay}
    return stage_trainer(config, schedule, model, tokenizer, stream.dataset(), [metrics, guard, *probes], quiet)
