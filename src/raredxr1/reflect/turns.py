"""Short turns for a base model that has language already: reading in windows, and weighing what was read.

    raredx train turns --recipe recipes/smol/turns.yaml

A base such as SmolLM2 copies and reads; what it needs is the form, the terms, and what to do with opinions. Both kinds
of lesson are a few hundred tokens long, so they are trained on by `internalize.fit`, which is made for short rows on
plain cores. A run that was killed goes on at its last checkpoint.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console

from raredxr1 import runstore
from raredxr1.cases.patients import PatientSampler
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.registers.writer import RegisterWriter
from raredxr1.diagnose.calibration import CALIBRATION_FILE, read_fitted
from raredxr1.diagnose.model import SHIPPED
from raredxr1.diagnose.names import Names
from raredxr1.export.base import load_model
from raredxr1.internalize.corpus import SOURCES, Example, encode, taught_diseases
from raredxr1.internalize.fit import fit
from raredxr1.internalize.models import shortened
from raredxr1.internalize.window_lessons import WindowLessons, as_marked, read_marked, with_repeats
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.linking import Linker
from raredxr1.knowledge.recognition import Recogniser
from raredxr1.reflect.config import TurnsConfig
from raredxr1.reflect.weighing import WeighingLessons

STEPS = "steps"
"""The folder of checkpoints and figures in a run."""


def turns(config: TurnsConfig, quiet: bool = False) -> Path:
    """Run the stage; returns the checkpoint folder. A complete stage is not run again, an interrupted one goes on.

    Raises:
        InputError: the folder holds another run, or the base or a file cannot be read.
        RuntimeError: training diverged.
    """
    stage, checkpoint = runstore.Stage("turns", config), config.out / "checkpoint"
    if stage.finished():
        return checkpoint
    kb = load(config.knowledge)
    lessons = TurnLessons(config, kb)
    model, tokenizer = load_model(config.base)
    if config.layers:
        shortened(model, config.layers)
    freeze(model, config.frozen_layers)
    stage.begin()
    console = Console(stderr=True, quiet=quiet)
    progress = fit(
        model,
        lambda number: encode(lessons.example(number), tokenizer.backend_tokenizer),
        tokenizer.pad_token_id,
        config.learning,
        config.out / STEPS,
        seed=config.seed,
        say=lambda line: console.print(line, highlight=False),
    )
    model.save_pretrained(str(checkpoint))
    tokenizer.save_pretrained(str(checkpoint))
    counts = {"steps": progress.step, "tokens": progress.tokens, "learned_tokens": progress.learned}
    stage.manifest(
        kb.provenance() | runstore.hashes(_files(config)),
        [*SOURCES, *(source.credit for source in (*config.annotated, *config.cases))],
        counts | {"too_long": progress.too_long},
        {"training_seconds": round(progress.seconds, 1)},
    )
    return checkpoint


class TurnLessons:
    """The lessons of a recipe, mixed by their shares; lesson n depends on the seed and n alone."""

    def __init__(self, config: TurnsConfig, kb: KnowledgeBase) -> None:
        """Read the annotated texts and prepare the writers of those kinds that have a share.

        Raises:
            InputError: a file cannot be read or has another form.
        """
        self.kb, self._seed = kb, config.seed
        self._makers: list[Callable[[Random], Example]] = []
        self._shares: list[float] = []
        recogniser = Recogniser(kb)
        for source in config.annotated:
            texts = read_marked(source.path, kb)
            texts = [with_repeats(text, recogniser) for text in texts] if source.repeats else texts
            self._add(source.share, partial(_window, WindowLessons(kb, texts)))
        self._diseases = taught_diseases(kb, config.diseases)
        if config.registers_share:
            self._patients, self._writer = PatientSampler(kb, self._diseases), RegisterWriter(Phrases(kb))
            self._add(config.registers_share, self._register)
        if config.cases or config.weighing_share:
            fitted = read_fitted(SHIPPED / CALIBRATION_FILE)
            weighing = WeighingLessons(Names(kb, Linker(kb), Claims(kb), by_meaning=True), fitted, config.words)
            for cases in config.cases:
                self._add(cases.share, weighing.of_cases(cases))
            if config.weighing_share:
                self._add(config.weighing_share, weighing.of_patients(self._diseases))

    def example(self, number: int) -> Example:
        """Write lesson `number`."""
        rng = Random(f"{self._seed}/turn/{number}")
        return rng.choices(self._makers, self._shares)[0](rng)

    def _add(self, share: float, make: Callable[[Random], Example]) -> None:
        if share:
            self._makers.append(make)
            self._shares.append(share)

    def _register(self, rng: Random) -> Example:
        patient = self._patients.draw(rng.choice(self._diseases), rng)
        return _window(WindowLessons(self.kb, [as_marked(self._writer.write(patient, rng))]), rng, patient.disease)


def _window(lessons: WindowLessons, rng: Random, disease: int | None = None) -> Example:
    prompt, completion = lessons.write(rng)
    return Example(prompt, completion, "window", disease)


def freeze(model: Any, layers: int) -> None:
    """Keep the embeddings and so many first layers as they are: nothing is computed for them on the way back.

    What is tied to the embeddings stays as it is with them.
    """
    if layers:
        body = getattr(model, model.base_model_prefix)
        for module in (body.get_input_embeddings(), *body.layers[:layers]):
            module.requires_grad_(False)


def _files(config: TurnsConfig) -> list[Path]:
    weighed = config.cases or config.weighing_share
    words = [config.words] if weighed and config.words else []
    return [*(source.path for source in (*config.annotated, *config.cases)), *words]
