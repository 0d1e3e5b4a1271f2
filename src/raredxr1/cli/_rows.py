"""`raredx diagnose --batch`: many rows to one file, with a bar, resumable."""

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from raredxr1.cli._errors import say
from raredxr1.cli._model import open_said
from raredxr1.diagnose.batch import run_batch
from raredxr1.diagnose.batched import ROWS
from raredxr1.diagnose.cluster import Cluster, Opening
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.opening import physical_cores
from raredxr1.diagnose.pipeline import Options, with_crr


def run_rows(
    source: Path,
    out: Path,
    options: Options,
    *,
    model: str | None,
    threads: int | None,
    knowledge: Path | None,
    crr: bool | None,
    deidentify: bool,
    strict: bool,
    resume: bool,
    force: bool,
    quiet: bool,
    connections: int = 4,
    by_meaning: bool = True,
    cluster: str | None = None,
    workers: int | None = None,
) -> bool:
    """Diagnose every row of a batch; see `diagnose.batch.run_batch`.

    Returns:
        Whether every row got its result.

    Raises:
        InputError: the batch, the model or the results file cannot be used.
    """
    names, opened = open_names(knowledge, by_meaning), open_said(model, threads, connections, deidentify)
    options = with_crr(options, opened, crr)
    answered = None
    if cluster is not None:
        opening = Opening(options, model, knowledge, threads or 1, connections, by_meaning, deidentify, strict)
        answered = Cluster(cluster, workers or physical_cores(), opening)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, disable=quiet or not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task("diagnosing", total=None)
        counts = run_batch(
            source,
            out,
            opened,
            names,
            options,
            resume=resume,
            force=force,
            deidentify=deidentify,
            strict=strict,
            chunk=max(ROWS, 2 * connections),
            advance=lambda done, rows: progress.update(task, completed=done, total=rows),
            answered=answered,
        )
    if not quiet:
        before = f", {counts.before} of them before" if counts.before else ""
        say(f"wrote {out}: {counts.rows} rows{before}, {counts.failed} failed")
    return counts.failed == 0
