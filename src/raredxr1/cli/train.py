"""`raredx train`: the stages of training, one command each."""

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raredxr1.cli import _train_encoder, _train_probe, _train_reflect, _train_rl, _train_text
from raredxr1.errors import InputError

if TYPE_CHECKING:
    from raredxr1.internalize.config import InternalizeConfig
    from raredxr1.knowledge import KnowledgeBase

app = typer.Typer(no_args_is_help=True, help="Train a model: one command a stage. Needs the [train] extra.")

Recipe = Annotated[Path, typer.Option("--recipe", help="YAML with the stage's settings.")]
Overrides = Annotated[list[str] | None, typer.Argument(help="Settings to override, as key=value.", show_default=False)]


@app.command()
def internalize(
    recipe: Recipe,
    overrides: Overrides = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Stage 1: knowledge into weights. An interrupted run goes on where its last checkpoint stands."""
    from raredxr1.internalize.config import InternalizeConfig
    from raredxr1.recipe import read_config

    config = read_config(InternalizeConfig, recipe, overrides or [])
    try:
        from raredxr1.internalize.train import internalize as run
    except ModuleNotFoundError as error:
        raise InputError(f"training needs {error.name}: pip install 'raredxr1[train]'") from error
    try:
        checkpoint = run(config, quiet=quiet)
    finally:
        _draw(config.out)  # of a run that stopped, too: its curve tells why
    typer.echo(checkpoint)


@app.command()
def data(
    recipe: Recipe,
    overrides: Overrides = None,
    preview: Annotated[int, typer.Option("--preview", min=1, help="How many examples to print.")] = 10,
    stats: Annotated[
        int | None,
        typer.Option("--stats", min=1, help="Print figures of so many examples of the last mixture instead."),
    ] = None,
    tokenizer: Annotated[
        Path | None,
        typer.Option("--tokenizer", help="For --stats: a model folder whose tokens to count; else words are counted."),
    ] = None,
    coverage: Annotated[
        Path | None, typer.Option("--coverage", help="For --stats: write how often each disease comes up (TSV) here.")
    ] = None,
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
) -> None:
    """Print examples of what stage 1 would train on, figures of a sample, or synthetic cases; or publish a data set."""
    from raredxr1.cli._corpus_text import print_stats
    from raredxr1.internalize.config import InternalizeConfig
    from raredxr1.internalize.corpus import make_corpus, taught_diseases
    from raredxr1.knowledge import load
    from raredxr1.recipe import read_config

    config = read_config(InternalizeConfig, recipe, overrides or [])
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
    if stats:
        sample = [corpus.example(number, mixture) for number in range(stats)]
        print_stats(sample, corpus, tokenizer, coverage)
        return
    for number in range(preview):
        example = corpus.example(number, mixture)
        about = "" if example.disease is None else f": {kb.disease_names[example.disease]}"
        typer.echo(f"=== {number} {example.kind}{about}")
        typer.echo(example.prompt + example.completion)


def _publish(config: "InternalizeConfig", kb: "KnowledgeBase", folder: Path, rows: int, accepted: list[Path]) -> None:
    try:
        from raredxr1.reflect.publish import publish_knowledge, publish_reasoning
    except ModuleNotFoundError as error:
        raise InputError(f"publishing needs {error.name}: pip install 'raredxr1[parquet]'") from error
    from raredxr1.reflect.writeback import accepted_sources, read_accepted

    if accepted:
        counts = publish_reasoning(read_accepted(accepted), accepted_sources(accepted), folder)
    else:
        counts = publish_knowledge(config, kb, folder, rows)
    typer.echo(f"{folder}: " + ", ".join(f"{count:,} {split}" for split, count in counts.items()))


def _draw(out: Path) -> None:
    """Draw the curves of a run where it has any, as the first of several processes."""
    if (out / "metrics.jsonl").is_file() and os.environ.get("RANK", "0") == "0":
        from raredxr1.internalize.curves import draw

        with contextlib.suppress(InputError):  # too few steps for a single loss
            draw(out)


app.command()(_train_encoder.encoder)
app.command()(_train_probe.probe)
app.command()(_train_probe.curves)
app.command()(_train_reflect.reflect)
app.command()(_train_reflect.finetune)
app.command()(_train_reflect.turns)
app.command("compare-sampling")(_train_reflect.compare_sampling)
app.command("rl")(_train_rl.rl)
app.command("rl-compare")(_train_rl.rl_compare)
app.command("text-ranker")(_train_text.text_ranker)
