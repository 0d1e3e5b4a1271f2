"""`raredx history`: what `raredx serve` keeps, if it is switched on."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raredxr1.cli._destination import write_whole
from raredxr1.errors import InputError

if TYPE_CHECKING:
    from raredxr1.serve.history import Entry, History

app = typer.Typer(no_args_is_help=True, help="Diagnoses that `raredx serve` kept: off until you switch it on.")

Data = Annotated[
    Path | None, typer.Option(help="The server's folder; by default $RAREDX_DATA or raredx in your data folder.")
]


@app.command()
def on(data: Data = None) -> None:
    """Keep notes and results from now on, in a file only your account can read."""
    history = _history(data)
    history.switch(True)
    typer.echo(f"The history is on: {history.path}")


@app.command()
def off(data: Data = None) -> None:
    """Keep no more; what is kept already stays until you delete it."""
    history = _history(data)
    history.switch(False)
    kept = history.count()
    typer.echo(f"The history is off. Kept: {kept}{'; `raredx history delete --all` removes them' if kept else ''}.")


@app.command("list")
def list_(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD]...", help="Only those that hold every word.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    data: Data = None,
) -> None:
    """List what is kept, the newest first."""
    from dataclasses import asdict

    history = _history(data)
    lines = history.lines(" ".join(words or []), limit)
    if as_json:
        document = {"recording": history.recording, "total": history.count(), "entries": [asdict(x) for x in lines]}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for line in lines:
        typer.echo(f"{line.id}  {line.created}  {line.source:<4}  {line.first or 'no disease named'}")
    if not lines:
        typer.echo(f"Nothing to list; the history is {'on' if history.recording else 'off'}.")


@app.command()
def show(
    entry_id: Annotated[str, typer.Argument(metavar="ID", help="From `raredx history list`.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    data: Data = None,
) -> None:
    """Show an entry as `raredx diagnose` would, its note first."""
    from raredxr1.diagnose.output.glossary import printable
    from raredxr1.diagnose.output.text import text

    entry = _entry(_history(data), entry_id)
    if as_json:
        typer.echo(json.dumps(entry.document(), ensure_ascii=False, indent=2))
    else:
        typer.echo(f"{printable(entry.result.note).rstrip()}\n")
        typer.echo(text(entry.result, heading=f"{entry.created}, {entry.source}"), nl=False)
        if entry.review.corrected:
            from raredxr1.serve.corrected import remark

            typer.echo(f"\n{remark(entry.review, followed=False)}")


@app.command()
def delete(
    entry_ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Entries to delete.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    data: Data = None,
) -> None:
    """Delete entries for good; what they held is overwritten."""
    if bool(entry_ids) == everything:
        raise InputError("name the entries to delete, or --all")
    history = _history(data)
    for entry_id in entry_ids or []:
        if not history.holds(entry_id):
            raise InputError(f"the history has no entry {entry_id}; nothing was deleted")
    typer.echo(f"deleted: {history.delete(None if everything else entry_ids)}")


@app.command()
def export(
    out: Annotated[Path | None, typer.Option(help="A file to write; by default standard output.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    data: Data = None,
) -> None:
    """Write everything as JSON Lines: id, created, source, result (as `raredx diagnose --format json`), review."""
    lines = _history(data).export()
    if out is None:
        for line in lines:
            typer.echo(line, nl=False)
        return
    if out.exists() and not force:
        raise InputError(f"{out}: exists; --force replaces it")
    write_whole(out, "".join(lines))


def _history(data: Path | None) -> "History":
    from raredxr1.runstore import data_folder
    from raredxr1.serve.history import History

    return History(data or data_folder())


def _entry(history: "History", entry_id: str) -> "Entry":
    entry = history.get(entry_id)
    if entry is None:
        raise InputError(f"the history has no entry {entry_id}")
    return entry
