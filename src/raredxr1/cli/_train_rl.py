"""`raredx train rl` and `rl-compare`: the commands of stage 3."""

import os
from pathlib import Path
from typing import Annotated

import typer

from raredxr1.errors import InputError

Recipe = Annotated[Path, typer.Option("--recipe", help="YAML with the stage's settings.")]
Overrides = Annotated[list[str] | None, typer.Argument(help="Settings to override, as key=value.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress bar.")]


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
    from raredxr1.recipe import read_config

    config = read_config(RLConfig, recipe, overrides or [])
    try:
        from raredxr1.curriculum.train import train_rl
    except ModuleNotFoundError as error:
        raise InputError(f"training needs {error.name}: pip install 'raredxr1[train]'") from error
    typer.echo(train_rl(config, quiet=quiet))
    if export and os.environ.get("RANK", "0") == "0":
        from raredxr1.cli.export import model

        model(config.out, export, serve=config.form, knowledge=config.knowledge)


def rl_compare(
    recipe: Recipe,
    out: Annotated[Path, typer.Option("--out", help="Folder for the runs and the table.")],
    overrides: Overrides = None,
    seeds: Annotated[int, typer.Option(min=1, help="Runs an arm; seeds 1, 2, ...")] = 3,
    arms: Annotated[str, typer.Option(help="Of none, case, task, both; with commas.")] = "none,case,task,both",
    cases: Annotated[
        list[Path] | None, typer.Option("--cases", help="Development cases (JSONL); may be given several times.")
    ] = None,
    synthetic: Annotated[int, typer.Option(min=1, help="Development cases to draw, where no file is given.")] = 300,
    development_seed: Annotated[int, typer.Option(help="Of the drawn cases; not the recipe's.")] = 72,
    quiet: Quiet = False,
) -> None:
    """Compare training without a curriculum, with tiers, with the order of tasks, and with both."""
    from raredxr1.curriculum.config import RLConfig, Synthetic
    from raredxr1.recipe import read_config

    config = read_config(RLConfig, recipe, overrides or [])
    try:
        from raredxr1.curriculum.comparison import compare
    except ModuleNotFoundError as error:
        raise InputError(f"training needs {error.name}: pip install 'raredxr1[train]'") from error
    drawn = config.synthetic or Synthetic(count=1, seed=0)
    development = cases or drawn.model_copy(update={"count": synthetic, "seed": development_seed})
    chosen = [arm.strip() for arm in arms.split(",")]
    table = compare(config, out, list(range(1, seeds + 1)), development, chosen, quiet)
    typer.echo(table.read_text(encoding="utf-8"))
    typer.echo(table)
