"""`raredx train encoder`: the sentence encoder that finds findings and links phrases to HPO terms."""

from pathlib import Path
from typing import Annotated

import typer

from raredxr1.errors import InputError


def encoder(
    recipe: Annotated[Path, typer.Option("--recipe", help="YAML with the stage's settings.")],
    overrides: Annotated[
        list[str] | None, typer.Argument(help="Settings to override, as key=value.", show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print no losses.")] = False,
) -> None:
    """Train the encoder that finds findings in texts and links phrases to HPO terms; resumes where it stopped."""
    from raredxr1.encoder.config import EncoderConfig
    from raredxr1.recipe import read_config

    config = read_config(EncoderConfig, recipe, overrides or [])
    try:
        from raredxr1.encoder.train import train_encoder
    except ModuleNotFoundError as error:
        raise InputError(f"training needs {error.name}: pip install 'raredxr1[train]'") from error
    typer.echo(train_encoder(config, quiet=quiet))
