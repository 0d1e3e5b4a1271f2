"""`raredx train text-ranker`: what texts say of diseases, as weights of words."""

from pathlib import Path
from typing import Annotated

import typer

from raredxr1.errors import InputError


def text_ranker(
    recipe: Annotated[Path, typer.Option("--recipe", help="YAML with the stage's settings.")],
    overrides: Annotated[
        list[str] | None, typer.Argument(help="Settings to override, as key=value.", show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing on the way.")] = False,
) -> None:
    """Stage 1, sparse: definitions, summaries, annotations and narratives become weights that rank diseases for a note.

    Takes some minutes on two cores; what it writes holds hashed words and numbers, from which no text can be read.
    """
    from raredxr1.internalize.text_ranker.config import TextRankerConfig
    from raredxr1.recipe import read_config

    config = read_config(TextRankerConfig, recipe, overrides or [])
    try:
        from raredxr1.internalize.text_ranker.train import train
    except ModuleNotFoundError as error:
        raise InputError(f"training needs {error.name}: pip install 'raredxr1[train]'") from error
    typer.echo(train(config, quiet))
