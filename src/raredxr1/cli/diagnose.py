"""`raredx diagnose`: notes in, differentials out."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from raredxr1.cli._destination import Format, choose_formats, plan_files
from raredxr1.cli._model import (
    ConnectionsOption,
    FastOption,
    KnowledgeOption,
    MeaningOption,
    ModelOption,
    ThreadsOption,
    form_of,
)
from raredxr1.cli._sources import Terms, gather
from raredxr1.errors import InputError


def diagnose(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            help="Notes (plain text, PDF, Word, RTF, HTML), phenopackets (JSON or YAML) or FHIR R4 bundles "
            "(extra: fhir); - is standard input."
        ),
    ] = None,
    text: Annotated[str | None, typer.Option(help="A note, in words.")] = None,
    hpo: Annotated[
        str | None,
        typer.Option(
            help="Findings without a note: HPO ids or labels, those that are absent with a minus before them: "
            "HP:0001250,-Ataxia. Where a label holds a comma, separate with semicolons."
        ),
    ] = None,
    age: Annotated[str | None, typer.Option(help="4y, 18 months, 3 8/12; overrules what a note says.")] = None,
    sex: Annotated[str | None, typer.Option(help="female or male; overrules what a note says.")] = None,
    example: Annotated[bool, typer.Option("--example", help="Diagnose the example note that ships.")] = False,
    formats: Annotated[
        list[Format] | None,
        typer.Option(
            "--format",
            help="Repeatable. On standard output, json is one indented document for one input, and one line an input "
            "(JSON Lines) for several. Several formats, html for several inputs, and pdf (extra: pdf) need --out. "
            "phenopacket is a GA4GH phenopacket, version 2.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="A file (.txt, .json, .html, .pdf, .tsv) for one result; or a folder, which gets one file (one JSON "
            "document) for each input and format."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="The ranking alone; no progress.")] = False,
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose",
            "-v",
            count=True,
            help="In text, the evidence of the first five; -vv everything, and who said what.",
        ),
    ] = 0,
    explain: Annotated[
        int | None, typer.Option(min=1, max=10, metavar="RANK", help="In text, one candidate in full.")
    ] = None,
    fast: FastOption = None,
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
        bool, typer.Option("--truncate", hidden=True, help="Has no effect: notes of any length are read whole.")
    ] = False,
    crr: Annotated[
        bool | None,
        typer.Option(
            "--crr/--no-crr",
            help="Rank anew in the light of other diagnosers (rankings by the findings, by the words and by "
            "the meaning of the note); by default where that measured better for this model. The model's own list "
            "stays in view.",
        ),
    ] = None,
    crr_mode: Annotated[
        Literal["fusion", "context"] | None,
        typer.Option(
            help="fusion (the default): rankings are fused. context: the opinions go before the model, which decides. "
            "Naming one asks for CRR."
        ),
    ] = None,
    opinion: Annotated[
        list[str] | None,
        typer.Option(help="With --crr, a further diagnoser: openai:URL#model. The note is SENT there. Repeatable."),
    ] = None,
    next_steps: Annotated[
        int, typer.Option("--next", min=0, max=20, help="So many findings, tests and genes that tell candidates apart.")
    ] = 5,
    deidentify: Annotated[
        bool,
        typer.Option(
            "--deidentify",
            help="Replace names, dates, addresses, numbers and ids by rules first, and show what is left.",
        ),
    ] = False,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Refuse a phenopacket or FHIR bundle of which something cannot be used; else it is left out with a "
            "notice.",
        ),
    ] = False,
    batch: Annotated[
        Path | None,
        typer.Option(
            help="Many rows: a .jsonl, .csv or .parquet file (columns id, note) or a folder; --out is a .jsonl file."
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="With --batch: answer on a Ray cluster (extra: cluster), to whose machines the notes go: local, auto "
            "or HOST:PORT.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="With --cluster: processes at most; by default one a core of this machine."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="With --batch: go on where it was interrupted.")] = False,
    model: ModelOption = None,
    connections: ConnectionsOption = 4,
    by_meaning: MeaningOption = True,
    threads: ThreadsOption = None,
    knowledge: KnowledgeOption = None,
) -> None:
    """Write a reasoned, ranked differential of rare diseases for each note.

    Everything runs on this machine. An input that cannot be used is named in one line and the others go on; the exit
    code is then 2. For research use only, not a medical device.
    """
    from raredxr1.cli._batch import Call, Job, run, run_rows  # the program proper; `raredx --help` does without it
    from raredxr1.diagnose.overruled import stated_beside
    from raredxr1.diagnose.pipeline import Options

    wanted = list(dict.fromkeys([*(formats or []), *([Format.json] if as_json else [])]))
    options = Options(
        form=form_of(fast),
        ranking=ranking,
        samples=samples,
        max_tokens=max_tokens,
        temperature=temperature,
        seed=seed,
        truncate=truncate,
        crr=crr_mode or "fusion",
        endpoints=tuple(opinion or ()),
        next_steps=next_steps,
        patient=stated_beside(age, sex) if hpo is None and (age or sex) else None,
    )
    if crr_mode and crr is False:
        raise InputError("--crr-mode says how to do what --no-crr leaves out; give one of them")
    if opinion or crr_mode:
        crr = True if crr is None else crr
    if workers and not cluster:
        raise InputError("--workers goes with --cluster")
    call = Call(options, model, threads, knowledge, crr, deidentify, strict, force, quiet, connections, by_meaning)
    if batch is not None:
        _check_batch(batch, files, hpo or text or age or sex, example, wanted, out)
        well = run_rows(batch, out or Path(), call, resume, cluster, workers)
    else:
        if resume or cluster:
            raise InputError(f"{'--resume' if resume else '--cluster'} goes with --batch")
        sources = gather(files or [], text, example, Terms(hpo, age, sex))
        chosen = choose_formats(wanted, out, len(sources))
        plans = plan_files([source.stem for source in sources], chosen, out)
        jobs = [Job(source, plan) for source, plan in zip(sources, plans, strict=True)]
        well = run(jobs, call, None if out else chosen[0], verbose, explain)
    if not well:
        raise typer.Exit(2)


def _check_batch(
    batch: Path, files: list[str] | None, text: str | None, example: bool, formats: list[Format], out: Path | None
) -> None:
    """Refuse what does not go with a batch.

    Raises:
        InputError: other inputs, another format than JSON, or no file for the results.
    """
    if files or text is not None or example:
        raise InputError(f"--batch {batch}: a batch is the only input; leave the others out")
    if [one for one in formats if one != Format.json]:
        raise InputError("--batch writes JSON lines; other formats are for single inputs")
    if out is None:
        raise InputError("--batch needs --out, a file such as results.jsonl")
