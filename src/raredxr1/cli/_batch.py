"""The inputs of one `raredx diagnose` call, one after the other: a bad one is named and the others go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from raredxr1.cli._deidentified import agreed
from raredxr1.cli._destination import Format, refuse_existing, refuse_inputs
from raredxr1.cli._errors import say
from raredxr1.cli._model import open_said
from raredxr1.cli._sources import Source
from raredxr1.cli._writer import Writer, progress, watched
from raredxr1.diagnose.batched import Given
from raredxr1.diagnose.inputs import Document, note_of, read_input
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.pipeline import Options, diagnose, with_crr
from raredxr1.errors import InputError


@dataclass(frozen=True)
class Job:
    """An input, and the files its result goes to (none: standard output)."""

    source: Source
    files: dict[Format, Path]


def run(
    jobs: Sequence[Job],
    options: Options,
    shown: Format | None,
    *,
    model: str | None,
    threads: int | None,
    knowledge: Path | None,
    force: bool,
    quiet: bool,
    crr: bool | None = None,
    deidentify: bool = False,
    verbosity: int = 0,
    explain: int | None = None,
    strict: bool = False,
    by_meaning: bool = True,
) -> bool:
    """Diagnose the inputs and write the results.

    Args:
        jobs: the inputs.
        options: how to ask the model.
        shown: format on standard output; None: results go to files.
        model: path or name of the model; None: the shipped one.
        threads: to compute with; None: one for each physical core.
        knowledge: the knowledge base's path; None: the shipped one.
        force: replace files that exist.
        quiet: results only.
        crr: use CRR; None: where it measured better.
        deidentify: replace names, dates and the like first, and show what is left.
        verbosity: how much text says; see `output.text.print_result`.
        explain: the rank of the one candidate that text is to show.
        strict: refuse an input of which something would have to be left out.
        by_meaning: read findings by the sentence encoder too.

    Returns:
        Whether every input got its result.

    Raises:
        InputError: the model or the knowledge base cannot be opened.
    """
    good = _read(jobs, force)
    if not good:
        return False
    with progress("opening the model", not quiet):
        names, opened = open_names(knowledge, by_meaning), open_said(model, threads, deidentify=deidentify)
    options = with_crr(options, opened, crr)
    writer = Writer(shown, len(jobs) > 1, quiet, verbosity, explain)
    done = [_run(job, given, opened, names, options, writer, quiet, deidentify, strict) for job, given in good]
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
    quiet: bool,
    deidentify: bool,
    strict: bool,
) -> bool:
    """Diagnose one input and write its result; whether that went well."""
    name = job.source.name
    try:
        note, notices = note_of(given, name, names.kb, strict)
        one = Given.of(note, name, notices, deidentify)
        if deidentify and not agreed(one, quiet, from_standard_input=job.source.path is None):
            say(f"{name}: not diagnosed")
            return False
        with watched(f"reading {name}", not quiet, model.streams and options.samples == 1) as show:
            result = diagnose(one.note, model, names, options, name, show, one.notices, one.redactions)
        writer.end(result, job.files)
    except InputError as error:
        say(str(error))
        return False
    return True
