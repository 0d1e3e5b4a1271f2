"""Stage 2, learning: fine-tune on accepted turns, with replay of stage 1 and lessons in reflecting.

    raredx train finetune --recipe recipes/tiny/finetune.yaml

Accepted turns are drawn so that every disease weighs the same, and within a disease every tier of difficulty. Replay is
newly written by the stage-1 corpus with its last mixture, so nothing is forgotten while the new is learned. With
`accepted_share: 0` the same stage teaches reflecting alone. TRL's SFTTrainer does the work, on rows packed as in
stage 1.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from datasets import IterableDataset
from tokenizers import Tokenizer
from transformers import set_seed

from raredxr1 import runstore
from raredxr1.errors import InputError
from raredxr1.export.base import load_model
from raredxr1.internalize.callbacks import DivergenceGuard
from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.corpus import SOURCES, Encoded, Example, InTurn, encode, make_corpus
from raredxr1.internalize.packing import PackingCounts, Row, dataset_of, pack
from raredxr1.internalize.trainer import metrics_file, stage_trainer, train_to_the_end
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.reflect.config import FinetuneConfig, LessonOptions
from raredxr1.reflect.lessons import Lessons
from raredxr1.reflect.patients import StageOne, read_stage_one
from raredxr1.reflect.sft_rows import Accepted, accepted_sources, manifest_beside, read_accepted

SAMPLED_EXAMPLES = 250


def finetune(config: FinetuneConfig, quiet: bool = False) -> Path:
    """Run the stage; returns the checkpoint folder. A complete stage is not run again, an interrupted one goes on.

    Raises:
        InputError: the folder holds another run, the base cannot be loaded, or nothing was accepted.
        RuntimeError: training diverged.
    """
    stage, checkpoint = runstore.Stage("finetune", config), config.out / "checkpoint"
    if stage.finished():
        return checkpoint
    kb = load(config.knowledge)
    stage_one = read_stage_one(config.internalized, kb)
    accepted = read_accepted(config.accepted)
    model, tokenizer = load_model(config.base)
    _check_context(model, config)
    set_seed(config.seed)
    source = Mixed(config, kb, stage_one, accepted)
    stream = Rows(config, source, tokenizer.backend_tokenizer, tokenizer.pad_token_id)
    sample = stream.sample()
    stage.begin()
    config.out.mkdir(parents=True, exist_ok=True)
    guard = DivergenceGuard()
    recipe = _as_stage_one(config)
    callbacks = [metrics_file(recipe, model, None), guard]
    schedule = {"lr_scheduler_type": "linear"}
    trainer = stage_trainer(recipe, schedule, model, tokenizer, stream.dataset(), callbacks, quiet)
    train_to_the_end(trainer, guard, checkpoint)
    if trainer.is_world_process_zero():
        tokenizer.save_pretrained(str(checkpoint))
        runstore.write_json(config.out / "taught.json", [kb.disease_ids(disease)[0] for disease in stage_one.diseases])
        hashes = {f"accepted {i}": runstore.sha256(file) for i, file in enumerate(config.accepted)}
        learned = {"accepted": len(accepted), "accepted_diseases": len({row.disease for row in accepted})}
        stage.manifest(
            kb.provenance() | hashes | _case_files(config.accepted),
            [*SOURCES, *accepted_sources(config.accepted)],
            learned | {"steps": config.learning.steps, "parameters": model.num_parameters()} | sample,
        )
    return checkpoint


class Balanced:
    """Accepted turns in an order in which every disease comes up equally often, and in it every tier it has."""

    def __init__(self, rows: Sequence[Accepted], seed: int) -> None:
        """Sort the rows by disease and tier."""
        by_disease: dict[str, dict[str, list[Accepted]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            by_disease[row.disease][row.tier].append(row)
        self._turns = InTurn(sorted(by_disease), f"{seed}/balanced")
        self._rows, self._seed = by_disease, seed

    def example(self, number: int) -> Example:
        """Draw example `number`; it depends on the seed and the number alone."""
        rng = Random(f"{self._seed}/drawn/{number}")
        tiers = self._rows[self._turns[number]]
        row = rng.choice(tiers[rng.choice(sorted(tiers))])
        return Example(row.prompt, row.completion, row.kind, None)


class Mixed:
    """Accepted turns, replay and lessons, mixed by their shares."""

    def __init__(self, config: FinetuneConfig, kb: KnowledgeBase, one: StageOne, accepted: Sequence[Accepted]) -> None:
        """Prepare the three sources; one whose share is zero is not made."""
        self._seed = config.seed
        self._makers: dict[str, Callable[[int], Example]] = {}
        shares = {"accepted": config.accepted_share, "replay": config.replay_share, "lessons": config.lessons_share}
        self._shares = {name: share for name, share in shares.items() if share > 0}
        if config.accepted_share:
            self._makers["accepted"] = Balanced(accepted, config.seed).example
        if config.replay_share:
            replayed = one.config.model_copy(update={"seed": one.config.seed + 7919 * (config.seed + 1)})
            corpus, _ = make_corpus(replayed, kb, one.diseases)
            mixture = one.config.phases[-1].mixture
            self._makers["replay"] = lambda number: corpus.example(number, mixture)
        if config.lessons_share:
            lessons = Lessons(kb, one.diseases, config.seed, lesson_options(config, one))
            self._makers["lessons"] = lessons.example

    def example(self, number: int) -> tuple[str, Example]:
        """Give example `number` and the source it comes from."""
        rng = Random(f"{self._seed}/mixed/{number}")
        source = rng.choices(list(self._shares), list(self._shares.values()))[0]
        return source, self._makers[source](number)


def lesson_options(config: FinetuneConfig, one: StageOne) -> LessonOptions:
    """Lessons in the form that is reflected in, with the notes and turns of stage 1."""
    return config.lessons.model_copy(
        update={
            "plain_share": one.config.plain_share,
            "register_share": one.config.register_share,
            "hypotheses": one.config.hypotheses,
            "names": one.config.full_names if config.lessons.form == "full" else 10,
        }
    )


class Rows:
    """Packed rows without end."""

    def __init__(self, config: FinetuneConfig, source: Mixed, tokenizer: Tokenizer, pad: int) -> None:
        """Take what examples are made of and how they are encoded."""
        self.config, self.source, self.tokenizer, self.pad = config, source, tokenizer, pad
        self._first: list[Encoded] = []

    def dataset(self) -> IterableDataset:
        """The rows as a dataset."""
        return dataset_of(self.rows)

    def rows(self) -> Iterator[Row]:
        """Yield them."""
        first = list(self._first)
        later = (encode(self.source.example(number)[1], self.tokenizer) for number in itertools.count(len(first)))
        yield from pack(itertools.chain(first, later), self.config.learning.row_tokens, self.pad, PackingCounts())

    def sample(self) -> dict[str, float]:
        """What the first examples are like: how many of each source, how many of them too long for a row.

        They are kept, as rows begin with them.

        Raises:
            InputError: not one accepted turn fits into a row.
        """
        seen: dict[str, int] = defaultdict(int)
        long: dict[str, int] = defaultdict(int)
        for number in range(SAMPLED_EXAMPLES):
            source, example = self.source.example(number)
            self._first.append(encode(example, self.tokenizer))
            seen[source] += 1
            long[source] += len(self._first[-1][0]) > self.config.learning.row_tokens
        lost = [source for source, count in seen.items() if long[source] == count]
        if lost:
            raise InputError(f"row_tokens {self.config.learning.row_tokens}: every example of {lost[0]} is longer")
        counts = {f"sampled_{source}": float(count) for source, count in seen.items()}
        return counts | {f"sampled_{source}_too_long": float(long[source]) for source in seen}


def _check_context(model: Any, config: FinetuneConfig) -> None:
    context = getattr(model.config, "max_position_embeddings", None)
    if context is not None and config.learning.row_tokens > context:
        raise InputError(f"row_tokens {config.learning.row_tokens} exceeds the model's context {context}")


def _case_files(accepted: Sequence[Path]) -> dict[str, str]:
    """Case files behind accepted turns, with their hashes: evaluation refuses to score on them."""
    inputs = [manifest_beside(path).get("inputs", {}) for path in accepted]
    return {str(k): str(v) for held in inputs for k, v in held.items() if str(k).endswith((".jsonl", ".jsonl.gz"))}


def _as_stage_one(config: FinetuneConfig) -> InternalizeConfig:
    """The settings of learning, as the trainer of both stages reads them."""
    return InternalizeConfig(out=config.out, seed=config.seed, base=config.base, **config.learning.model_dump())
