"""What one `raredx diagnose` call does: its inputs one after the other, or the rows of a batch.

A bad input is named and the others go on.
"""

import contextlib
import select
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from raredxr1.cli._destination import Format, refuse_existing, refuse_inputs
from raredxr1.cli._errors import say
from raredxr1.cli._model import open_said
from raredxr1.cli._sources import Source
from raredxr1.cli._writer import Writer, progress, watched
from raredxr1.diagnose.batched import ROWS, Given
from raredxr1.diagnose.inputs import Document, note_of, read_input
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.output.glossary import printable
from raredxr1.diagnose.pipeline import Options, diagnose, with_crr
from raredxr1.errors import InputError

_SECONDS_TO_WAIT = 0.3
"""For an answer from a pipe that may never hold one."""


@dataclass(frozen=True)
class Job:
    """An input, and the files its result goes to (none: standard output)."""

    source: Source
    files: dict[Format, Path]


@dataclass(frozen=True)
class Call:
    """What the options of the call say, whatever its inputs.

    Attributes:
        options: how to ask the model.
        model: path or name of the model; None: the shipped one.
        threads: to compute with; None: one for each physical core.
        knowledge: the knowledge base's path; None: the shipped one.
        crr: use CRR; None: where it measured better.
        deidentify: replace names, dates and the like first, and show what is left.
        strict: refuse an input of which something would have to be left out.
        force: replace files that exist.
        quiet: results only.
        connections: requests in flight at once with a model server.
        by_meaning: read findings by the sentence encoder too.
    """

    options: Options
    model: str | None
    threads: int | None
    knowledge: Path | None
    crr: bool | None
    deidentify: bool
    strict: bool
    force: bool
    quiet: bool
    connections: int
    by_meaning: bool

    def opened(self) -> tuple[Names, Model, Options]:
        """Open knowledge and model, and settle how it is asked.

        Raises:
            InputError: one of them cannot be opened.
        """
        names = open_names(self.knowledge, self.by_meaning)
        model = open_said(self.model, self.threads, self.connections, self.deidentify)
        return names, model, with_crr(self.options, model, self.crr)


def run(jobs: Sequence[Job], call: Call, shown: Format | None, verbosity: int = 0, explain: int | None = None) -> bool:
    """Diagnose the inputs and write the results.

    Args:
        jobs: the inputs.
        call: everything they share.
        shown: format on standard output; None: results go to files.
        verbosity: how much text says; see `output.text.print_result`.
        explain: the rank of the one candidate that text is to show.

    Returns:
        Whether every input got its result.

    Raises:
        InputError: the model or the knowledge base cannot be opened.
    """
    good = _read(jobs, call.force)
    if not good:
        return False
    with progress("opening the model", not call.quiet):
        names, model, options = call.opened()
    writer = Writer(shown, len(jobs) > 1, call.quiet, verbosity, explain)
    done = [_run(job, given, model, names, options, writer, call) for job, given in good]
    return all(done) and len(done) == len(jobs)


def _read(jobs: Sequence[Job], force: bool) -> list[tuple[Job, Document]]:
    """Read and check all inputs before a model is opened; name those that cannot be used, keep the others."""
    good = []
    for job in jobs:
        try:
            refuse_existing(job.files.values(), force)
            refuse_inputs(job.files.values(), [one.source.path for one in jobs if one.source.path])
            good.append((job, read_input(job.source.read(), job.source.name)))
        except InputError as error:
            say(str(error))
    return good


def _run(
    job: Job,
    given: Document,
    model: Model,
    names: Names,
    options: Options,
    writer: Writer,
    call: Call,
) -> bool:
    """Diagnose one input and write its result; whether that went well."""
    name = job.source.name
    try:
        note, notices = note_of(given, name, names.kb, call.strict)
        one = Given.of(note, name, notices, call.deidentify)
        if call.deidentify and not agreed(one, call.quiet, from_standard_input=job.source.path is None):
            say(f"{name}: not diagnosed")
            return False
        with watched(f"reading {name}", not call.quiet and options.samples == 1) as show:
            result = diagnose(one.note, model, names, options, name, show, one.notices, one.redactions)
        writer.end(result, job.files)
    except InputError as error:
        say(str(error))
        return False
    return True


def run_rows(source: Path, out: Path, call: Call, resume: bool, cluster: str | None, workers: int | None) -> bool:
    """Diagnose every row of a batch, with a bar; see `diagnose.batch.run_batch`.

    Returns:
        Whether every row got its result.

    Raises:
        InputError: the batch, the model or the results file cannot be used.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from raredxr1.diagnose.batch import run_batch

    names, model, options = call.opened()
    answered = None
    if cluster is not None:
        from raredxr1.diagnose.cluster import Cluster, Opening
        from raredxr1.diagnose.opening import physical_cores

        opening = Opening(
            options, call.model, call.knowledge, call.threads or 1, call.connections, call.by_meaning,
            call.deidentify, call.strict,
        )  # fmt: skip
        answered = Cluster(cluster, workers or physical_cores(), opening)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    unseen = call.quiet or not sys.stderr.isatty()
    with Progress(*columns, console=Console(file=sys.stderr), disable=unseen, transient=True) as shown:
        task = shown.add_task("diagnosing", total=None)
        counts = run_batch(
            source,
            out,
            model,
            names,
            options,
            resume=resume,
            force=call.force,
            deidentify=call.deidentify,
            strict=call.strict,
            chunk=max(ROWS, 2 * call.connections),
            advance=lambda done, rows: shown.update(task, completed=done, total=rows),
            answered=answered,
        )
    if not call.quiet:
        before = f", {counts.before} of them before" if counts.before else ""
        say(f"wrote {out}: {counts.rows} rows{before}, {counts.failed} failed")
    return counts.failed == 0


def agreed(given: Given, quiet: bool, from_standard_input: bool) -> bool:
    """Show the note as it will be read, on standard error; ask whether to go on where somebody can answer.

    At a terminal the question is asked; an answer that is piped in (`echo n | raredx ...`) is taken; where there is
    neither, it goes on.

    Args:
        given: the note after replacement.
        quiet: show and ask nothing.
        from_standard_input: then nobody is there to answer.

    Returns:
        Whether to go on.
    """
    if quiet:
        return True
    counted = ", ".join(f"{one.kind} {one.count}" for one in given.redactions) or "nothing"
    sys.stderr.write(f"== {printable(given.name)}: replaced {counted}; this is what will be read ==\n")
    sys.stderr.write(f"{printable(given.note).rstrip()}\n== end ==\n")
    sys.stderr.flush()
    if from_standard_input:
        return True
    if not sys.stdin.isatty():
        return _piped()
    if not sys.stderr.isatty():
        return True
    return typer.confirm("Go on with this text?", default=True, err=True)


def _piped() -> bool:
    """Whether an answer that is piped in agrees; nothing piped in agrees, anything but a yes or an empty line not."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # no descriptor to wait on: nobody pipes anything
        ready, _, _ = select.select([sys.stdin.fileno()], [], [], _SECONDS_TO_WAIT)
        if not ready:
            return True
        return sys.stdin.readline().strip().lower() in ("", "y", "yes")
    return True
