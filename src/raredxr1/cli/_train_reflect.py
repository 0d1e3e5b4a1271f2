"""`raredx train reflect`, `finetune` and `compare-sampling`: the commands of stage 2."""

from pathlib import Path
from typing import Annotated

import typer

from raredxr1.errors import InputError

Recipe = Annotated[Path, typer.Option("--recipe", help="YAML with the stage's settings.")]
Overrides = Annotated[list[str] | None, typer.Argument(help="Settings to override, as key=value.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress bar.")]


def reflect(recipe: Recipe, overrides: Overrides = None, quiet: Quiet = False) -> None:
    """Stage 2, sampling: attempts, and failures given back with knowledge and opinions; what passes is kept.

    Every turn is kept in attempts.jsonl with its verdict, the examples to learn from in accepted.jsonl. An interrupted
    run goes on, and samples nothing twice.
    """
    from raredxr1.recipe import read_config
    from raredxr1.reflect.config import ReflectConfig
    from raredxr1.reflect.loop import reflect as run
    from raredxr1.reflect.report import REPORT

    out = run(read_config(ReflectConfig, recipe, overrides or []), quiet=quiet)
    typer.echo((out / REPORT).read_text(encoding="utf-8"))
    typer.echo(out / REPORT)


def finetune(recipe: Recipe, overrides: Overrides = None, quiet: Quiet = False) -> None:
    """Stage 2, learning: fine-tune on accepted turns, with replay of stage 1 and lessons in reflecting."""
    from raredxr1.recipe import read_config
    from raredxr1.reflect.config import FinetuneConfig

    config = read_config(FinetuneConfig, recipe, overrides or [])
    try:
        from raredxr1.reflect.finetune import finetune as run
    except ModuleNotFoundError as error:
        raise InputError(f"training needs {error.name}: pip install 'raredxr1[train]'") from error
    typer.echo(run(config, quiet=quiet))


def turns(recipe: Recipe, overrides: Overrides = None, quiet: Quiet = False) -> None:
    """Short turns for a base that has language: reading in windows, weighing what was read. Made for plain cores."""
    from raredxr1.recipe import read_config
    from raredxr1.reflect.config import TurnsConfig

    config = read_config(TurnsConfig, recipe, overrides or [])
    try:
        from raredxr1.reflect.turns import turns as run
    except ModuleNotFoundError as error:
        raise InputError(f"training needs {error.name}: pip install 'raredxr1[train]'") from error
    typer.echo(run(config, quiet=quiet))


def compare_sampling(
    reflected: Annotated[Path, typer.Argument(help="Finished run of `raredx train reflect`.")],
    resampled: Annotated[Path, typer.Argument(help="One with method: resample and like: the first.")],
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of the bootstrap.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Write the figures as JSON here.")] = None,
) -> None:
    """Compare reflection with plain resampling on the same cases at the same cost, with intervals.

    For the models that learned from each, run `raredx evaluate` on development cases and `raredx compare`.
    """
    from raredxr1.reflect.comparison import compare, lines

    result = compare(reflected, resampled, seed)
    if out:
        try:
            out.write_text(result.model_dump_json(indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise InputError(f"{out}: {error.strerror}") from error
    typer.echo("\n".join(lines(result)))
