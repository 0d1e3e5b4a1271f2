"""The command `raredx`: one thin module a command group. Heavy imports happen inside the commands."""

import gc
from typing import Annotated

import typer

from raredxr1.cli import (
    calibrate,
    diagnose,
    doctor,
    evaluate,
    export,
    history,
    knowledge,
    misses,
    paraphrase,
    serve,
    summary,
    train,
)
from raredxr1.cli._errors import DEBUG, Guarded
from raredxr1.version import VERSION

app = typer.Typer(cls=Guarded, pretty_exceptions_enable=False, rich_markup_mode="markdown")


def _shipped() -> list[str]:
    """The model and the knowledge that ship, one line each; what cannot be read is said to be so."""
    from raredxr1.diagnose.model import SHIPPED
    from raredxr1.errors import InputError
    from raredxr1.export import read_manifest
    from raredxr1.knowledge import load

    lines = []
    try:
        manifest = read_manifest(SHIPPED)
        lines.append(f"model {manifest.name} ({manifest.sha256[:12]})")
    except InputError as error:
        lines.append(f"model not usable: {error}")
    try:
        lines.append(f"knowledge {load().version}")
    except InputError as error:
        lines.append(f"knowledge not usable: {error}")
    return lines


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"raredx {VERSION}")
        for line in _shipped():
            typer.echo(line)
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the versions.")
    ] = False,
    debug: Annotated[bool, typer.Option(DEBUG, help="Show where a failure happened; may be put anywhere.")] = False,
) -> None:
    """An open, offline reasoning model for rare-disease diagnosis. For research; not a medical device."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


app.command("diagnose")(diagnose.diagnose)
app.command("doctor")(doctor.doctor)
app.command("summary")(summary.summary)
app.command("serve")(serve.serve)
app.command("mcp")(serve.mcp)
train.app.command("calibrate")(calibrate.calibrate)
app.add_typer(history.app, name="history")
app.command("evaluate")(evaluate.evaluate)
app.command("compare")(evaluate.compare)
app.command("misses")(misses.misses)
app.command("paraphrase")(paraphrase.paraphrase)
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(train.app, name="train")
app.add_typer(export.app, name="export")


def main() -> None:
    """Run the command line."""
    gc.set_threshold(100_000, 20, 100)  # what is read at the start is no garbage: looking for some doubles the time
    app(prog_name="raredx")
