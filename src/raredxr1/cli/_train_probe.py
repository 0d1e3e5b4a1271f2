"""`raredx train probe` and `curves`: what a checkpoint knows, and how a run went."""

from pathlib import Path
from typing import Annotated

import typer

from raredxr1.errors import InputError

Recipe = Annotated[Path, typer.Option("--recipe", help="YAML of stage 1: which diseases, and what it held out.")]
Overrides = Annotated[list[str] | None, typer.Argument(help="Settings to override, as key=value.", show_default=False)]


def probe(
    model: Annotated[str, typer.Argument(help="Stage folder, checkpoint folder, hub id, GGUF file or wheel.")],
    recipe: Recipe,
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
    from raredxr1.knowledge import load
    from raredxr1.recipe import read_config

    config = read_config(InternalizeConfig, recipe, overrides or [])
    changed = {key: value for key, value in (("n", n), ("seed", seed)) if value is not None}
    probes = Probes.model_validate((config.probes or Probes()).model_dump() | changed)
    try:
        import torch

        from raredxr1.export.base import load_model
        from raredxr1.internalize.probes.asking import Prober
    except ModuleNotFoundError as error:
        raise InputError(f"probes need {error.name}: pip install 'raredxr1[train]'") from error
    from raredxr1.internalize.probes import lines

    kb = load(config.knowledge)
    inner = Path(model) / "checkpoint"
    weights, tokenizer = load_model(str(inner) if inner.is_dir() else model)
    weights.to("cuda" if torch.cuda.is_available() else "cpu")
    report = Prober(config, probes, kb, taught_diseases(kb, config.diseases)).ask(weights, tokenizer)
    if out:
        try:
            out.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise InputError(f"{out}: {error.strerror}") from error
    typer.echo("\n".join(lines(report)))


def curves(run: Annotated[Path, typer.Argument(help="Folder of stage 1, finished or not.")]) -> None:
    """Draw loss and probes of a run: curves.svg in its folder."""
    try:
        from raredxr1.internalize.curves import draw
    except ModuleNotFoundError as error:
        raise InputError(f"curves need {error.name}: pip install 'raredxr1[train]'") from error
    typer.echo(draw(run))
