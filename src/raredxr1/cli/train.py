"""`raredx train`: the stages of training, one command each."""

import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from raredxr1.cli._destination import write_whole
from raredxr1.errors import InputError, extra

if TYPE_CHECKING:
    from raredxr1.internalize.config import InternalizeConfig
    from raredxr1.knowledge import KnowledgeBase
    from raredxr1.schemas import Strict

C = TypeVar("C", bound="Strict")

app = typer.Typer(no_args_is_help=True, help="Train a model: one command a stage. Needs the [train] extra.")

Recipe = Annotated[Path, typer.Option("--recipe", help="YAML with the stage's settings.")]
Overrides = Annotated[list[str] | None, typer.Argument(help="Settings to override, as key=value.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]


@app.command()
def internalize(recipe: Recipe, overrides: Overrides = None, quiet: Quiet = False) -> None:
    """Stage 1: knowledge into weights. An interrupted run goes on where its last checkpoint stands."""
    from raredxr1.internalize.config import InternalizeConfig

    _run("internalize.train", "internalize", _read(InternalizeConfig, recipe, overrides), quiet)


@app.command()
def encoder(recipe: Recipe, overrides: Overrides = None, quiet: Quiet = False) -> None:
    """Train the encoder that finds findings in texts and links phrases to HPO terms; resumes where it stopped."""
    from raredxr1.encoder.config import EncoderConfig

    _run("encoder.train", "train_encoder", _read(EncoderConfig, recipe, overrides), quiet)


@app.command("text-ranker")
def text_ranker(recipe: Recipe, overrides: Overrides = None, quiet: Quiet = False) -> None:
    """Stage 1, sparse: definitions, summaries, annotations and narratives become weights that rank diseases for a note.

    Takes some minutes on two cores; what it writes holds hashed words and numbers, from which no text can be read.
    """
    from raredxr1.internalize.text_ranker.config import TextRankerConfig

    _run("internalize.text_ranker.train", "train", _read(TextRankerConfig, recipe, overrides), quiet)


@app.command("meaning-ranker")
def meaning_ranker(recipe: Recipe, overrides: Overrides = None, quiet: Quiet = False) -> None:
    """Stage 1, dense: a sentence encoder learns which texts about diseases a note is near to; resumes where it stopped.

    Takes an hour and a half of one core. What it writes holds weights and vectors, from which no text can be read.
    """
    from raredxr1.internalize.meaning_ranker.config import MeaningRankerConfig

    _run("internalize.meaning_ranker.train", "train", _read(MeaningRankerConfig, recipe, overrides), quiet)


@app.command()
def turns(recipe: Recipe, overrides: Overrides = None, quiet: Quiet = False) -> None:
    """Short turns for a base that has language: reading in windows, weighing what was read. Made for plain cores."""
    from raredxr1.reflect.config import TurnsConfig

    _run("reflect.turns", "turns", _read(TurnsConfig, recipe, overrides), quiet)


@app.command()
def reflect(recipe: Recipe, overrides: Overrides = None, quiet: Quiet = False) -> None:
    """Stage 2, sampling: attempts, and failures given back with knowledge and opinions; what passes is kept.

    Every turn is kept in attempts.jsonl with its verdict, the examples to learn from in accepted.jsonl. An interrupted
    run goes on, and samples nothing twice.
    """
    from raredxr1.reflect.config import ReflectConfig
    from raredxr1.reflect.loop import reflect as run
    from raredxr1.reflect.report import REPORT

    report = run(_read(ReflectConfig, recipe, overrides), quiet=quiet) / REPORT
    typer.echo(report.read_text(encoding="utf-8"))
    typer.echo(report)


@app.command()
def finetune(recipe: Recipe, overrides: Overrides = None, quiet: Quiet = False) -> None:
    """Stage 2, learning: fine-tune on accepted turns, with replay of stage 1 and lessons in reflecting."""
    from raredxr1.reflect.config import FinetuneConfig

    _run("reflect.finetune", "finetune", _read(FinetuneConfig, recipe, overrides), quiet)


@app.command()
def rl(
    recipe: Recipe,
    overrides: Overrides = None,
    export: Annotated[
        Path | None, typer.Option("--export", help="Also convert the result to CTranslate2 int8, into this folder.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Stage 3: curriculum reinforcement learning. An interrupted run goes on where its last checkpoint stands.

    Every step is a line of metrics.jsonl; completions.txt shows what the model writes and what it earns. Distributed:
    the same command under `accelerate launch`.
    """
    from raredxr1.curriculum.config import RLConfig

    config = _read(RLConfig, recipe, overrides)
    _run("curriculum.train", "train_rl", config, quiet)
    if export and os.environ.get("RANK", "0") == "0":
        from raredxr1.cli.export import model

        model(config.out, export, serve=config.form, knowledge=config.knowledge)


@app.command()
def probe(
    model: Annotated[str, typer.Argument(help="Stage folder, checkpoint folder, hub id, GGUF file or wheel.")],
    recipe: Annotated[Path, typer.Option("--recipe", help="YAML of stage 1: which diseases, and what it held out.")],
    overrides: Overrides = None,
    n: Annotated[int | None, typer.Option("--n", min=1, help="Diseases asked about.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Of the questions.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the figures as JSON here too.")] = None,
) -> None:
    """Ask a checkpoint what it knows, closed book: in words, and about patients, that stage 1 leaves out.

    The same questions that stage 1 asks while training. Findings to disease (first of ten names, among ten), disease to
    findings (precision and recall, with what chance gives), and which of two look-alikes fits.
    """
    from raredxr1.internalize.config import InternalizeConfig, Probes
    from raredxr1.internalize.corpus import taught_diseases
    from raredxr1.internalize.probes.judging import lines
    from raredxr1.knowledge import load

    config = _read(InternalizeConfig, recipe, overrides)
    changed = {key: value for key, value in (("n", n), ("seed", seed)) if value is not None}
    probes = Probes.model_validate((config.probes or Probes()).model_dump() | changed)
    with extra("probing"):
        import torch

        from raredxr1.export import checkpoint_in
        from raredxr1.export.base import load_model
        from raredxr1.internalize.probes.asking import Prober

    kb = load(config.knowledge)
    weights, tokenizer = load_model(str(checkpoint_in(Path(model))) if Path(model).is_dir() else model)
    weights.to("cuda" if torch.cuda.is_available() else "cpu")
    report = Prober(config, probes, kb, taught_diseases(kb, config.diseases)).ask(weights, tokenizer)
    if out:
        write_whole(out, report.model_dump_json(indent=2) + "\n")
    typer.echo("\n".join(lines(report)))


@app.command()
def data(
    recipe: Recipe,
    overrides: Overrides = None,
    preview: Annotated[int, typer.Option("--preview", min=1, help="How many examples to print.")] = 10,
    cases: Annotated[
        int | None,
        typer.Option(
            "--cases",
            min=1,
            help="Print so many synthetic cases (JSONL) to evaluate on instead; choose a seed "
            "that nothing was trained with.",
        ),
    ] = None,
    publish: Annotated[
        Path | None, typer.Option("--publish", help="Write a data set with splits and card (Parquet) into this folder.")
    ] = None,
    rows: Annotated[int, typer.Option("--rows", min=1, help="For --publish: how many examples of stage 1.")] = 20_000,
    accepted: Annotated[
        list[Path] | None,
        typer.Option("--accepted", help="For --publish: accepted.jsonl of stage 2, to be written instead (RareDxCOT)."),
    ] = None,
    weighing: Annotated[
        bool,
        typer.Option("--weighing", help="For --publish: lessons in weighing of a recipe of `train turns` (RareDxCOT)."),
    ] = False,
) -> None:
    """Print examples of what stage 1 would train on, or synthetic cases; or publish a data set."""
    from raredxr1.internalize.config import InternalizeConfig
    from raredxr1.internalize.corpus import make_corpus, taught_diseases
    from raredxr1.knowledge import load

    if weighing:
        _publish_weighing(recipe, overrides, publish, rows)
        return
    config = _read(InternalizeConfig, recipe, overrides)
    kb = load(config.knowledge)
    if publish:
        _publish(config, kb, publish, rows, accepted or [])
        return
    corpus, _ = make_corpus(config, kb, taught_diseases(kb, config.diseases))
    if cases:
        for number in range(cases):
            typer.echo(corpus.case(number).model_dump_json())
        return
    mixture = config.phases[-1].mixture
    for number in range(preview):
        example = corpus.example(number, mixture)
        about = "" if example.disease is None else f": {kb.disease_names[example.disease]}"
        typer.echo(f"=== {number} {example.kind}{about}")
        typer.echo(example.prompt + example.completion)


def _publish(config: "InternalizeConfig", kb: "KnowledgeBase", folder: Path, rows: int, accepted: list[Path]) -> None:
    with extra("publishing", "parquet"):
        from raredxr1.reflect.publish import publish_knowledge, publish_reasoning
    from raredxr1.reflect.sft_rows import accepted_sources, read_accepted

    if accepted:
        counts = publish_reasoning(read_accepted(accepted), accepted_sources(accepted), folder)
    else:
        counts = publish_knowledge(config, kb, folder, rows)
    _say_splits(folder, counts)


def _publish_weighing(recipe: Path, overrides: list[str] | None, folder: Path | None, rows: int) -> None:
    from raredxr1.knowledge import load
    from raredxr1.reflect.config import TurnsConfig

    if folder is None:
        raise InputError("--weighing is for --publish: name the folder to write")
    config = _read(TurnsConfig, recipe, overrides)
    with extra("publishing", "parquet"):
        from raredxr1.reflect.publish import publish_weighing
    _say_splits(folder, publish_weighing(config, load(config.knowledge), folder, rows))


def _say_splits(folder: Path, counts: dict[str, int]) -> None:
    typer.echo(f"{folder}: " + ", ".join(f"{count:,} {split}" for split, count in counts.items()))


def _read(kind: type[C], recipe: Path, overrides: list[str] | None) -> C:
    from raredxr1.recipe import read_config

    return read_config(kind, recipe, overrides or [])


def _run(module: str, function: str, config: Any, quiet: bool) -> None:
    """Import a stage, run it and print the folder it wrote; settings are read before torch is imported."""
    with extra("training"):
        stage = getattr(importlib.import_module(f"raredxr1.{module}"), function)
    typer.echo(stage(config, quiet=quiet))
