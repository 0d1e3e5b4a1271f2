"""`raredx diagnose`: notes in, differentials out."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from raredxr1.cli._destination import Format, choose_formats, plan_files
from raredxr1.cli._sources import gather


def diagnose(
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Notes (plain text, UTF-8) or phenopackets (JSON, version 2); - is standard input."),
    ] = None,
    text: Annotated[str | None, typer.Option(help="A note, in words.")] = None,
    example: Annotated[bool, typer.Option("--example", help="Diagnose the example note that ships.")] = False,
    formats: Annotated[
        list[Format] | None,
        typer.Option(
            "--format",
            help="Repeatable. On standard output, json is one indented document for one input, and one line an input "
            "(JSON Lines) for several. Several formats, or html for several inputs, need --out.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="A file (.txt, .json, .html, .tsv) for one result; or a folder, which gets one file (one JSON "
            "document) for each input and format."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No reasoning, no progress: results only.")] = False,
    fast: Annotated[
        bool | None, typer.Option("--fast/--full", help="Without or with reasoning; by default what the model serves.")
    ] = None,
    ranking: Annotated[
        Literal["list", "scored", "beam"] | None,
        typer.Option(
            help="list: as the model lists them; scored: the same, with confidence; beam: by confidence. By default "
            "what the model does best."
        ),
    ] = None,
    samples: Annotated[int, typer.Option(min=1, max=64, help="Draw so many turns and fuse their rankings.")] = 1,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="At most so many tokens a turn.")] = None,
    temperature: Annotated[
        float | None, typer.Option(min=0, max=5, help="By default 0 for one turn, 0.7 for several.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of sampling.")] = 0,
    truncate: Annotated[
        bool, typer.Option("--truncate", help="Cut a note the model cannot read whole, and say what was left out.")
    ] = False,
    model: Annotated[
        Path | None, typer.Option(help="Exported model, bundle or checkpoint; by default the shipped one.")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="By default one for each physical core.")] = None,
    knowledge: Annotated[Path | None, typer.Option(help="Knowledge base; by default the shipped one.")] = None,
) -> None:
    """Write a reasoned, ranked differential of rare diseases for each note.

    Everything runs on this machine. An input that cannot be used is named in one line and the others go on; the exit
    code is then 2. For research use only, not a medical device.
    """
    from raredxr1.cli._batch import Job, run  # the program proper; `raredx --help` does without it
    from raredxr1.diagnose.pipeline import Options

    sources = gather(files or [], text, example)
    chosen = choose_formats(formats or [], out, len(sources))
    plans = plan_files([source.stem for source in sources], chosen, out)
    options = Options(
        form=None if fast is None else "short" if fast else "full",
        ranking=ranking,
        samples=samples,
        max_tokens=max_tokens,
        temperature=temperature,
        seed=seed,
        truncate=truncate,
    )
    jobs = [Job(source, plan) for source, plan in zip(sources, plans, strict=True)]
    shown = None if out else chosen[0]
    if not run(jobs, options, shown, model=model, threads=threads, knowledge=knowledge, force=force, quiet=quiet):
        raise typer.Exit(2)
