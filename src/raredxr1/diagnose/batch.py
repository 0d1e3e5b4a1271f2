"""Many inputs to one results file, a JSON line each: resumable, and no row ever stops another.

In: what `batch_inputs` reads. Out: one `BatchRow` a line, in the order of the input, appended chunk by chunk and
synced, so that a kill loses at most the chunk in work. Beside it OUT.batch.json says what the rows are of; going on
with other inputs or settings is refused, and so is a second batch that writes the same file at the same time.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from raredxr1.cases.json_text import mended
from raredxr1.diagnose.batch_inputs import Input, read_inputs
from raredxr1.diagnose.batched import ROWS, Given, diagnose_many, parts
from raredxr1.diagnose.inputs import note_of
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.pipeline import Options
from raredxr1.diagnose.result import Result
from raredxr1.errors import InputError, place_of, writing
from raredxr1.runstore import append_lines, cut_lines, held_file, whole_lines, write_json
from raredxr1.schemas import Strict
from raredxr1.version import VERSION


class BatchRow(Strict):
    """One line of the results."""

    row: int = Field(ge=1, description="its place in the input, from 1")
    id: str = Field(description="as the input names it, else 'row N'; for a folder the file's name")
    status: Literal["ok", "failed"]
    reason: str = Field(default="", description="why it failed")
    result: Result | None = None


Answered = Callable[[Sequence[Sequence[Input]]], Iterable[list[BatchRow]]]
"""Chunks of rows to the results of each, a chunk at a time, in any order."""


@dataclass(frozen=True)
class Counts:
    """How a batch went: rows in all, done before, and failed (of all)."""

    rows: int
    before: int
    failed: int


def run_batch(
    source: Path,
    out: Path,
    model: Model,
    names: Names,
    options: Options,
    *,
    resume: bool = False,
    force: bool = False,
    deidentify: bool = False,
    strict: bool = False,
    chunk: int = ROWS,
    advance: Callable[[int, int], None] | None = None,
    answered: Answered | None = None,
) -> Counts:
    """Diagnose every row.

    Args:
        source: JSONL file, CSV file or folder.
        out: the results.
        model: what answers.
        names: what answers are linked to.
        options: how to ask.
        resume: go on with results that are there.
        force: throw away results that are there.
        deidentify: replace names, dates and the like before anything reads a note.
        strict: a phenopacket or bundle of which something cannot be used fails.
        chunk: rows answered together, and written together.
        advance: told rows done and rows in all.
        answered: what answers chunks, by default this process with `model`; see `diagnose.cluster`.

    Raises:
        InputError: the input cannot be read as a whole; results are there, and neither `resume` nor `force` is said; or
            they are of other inputs or settings.
    """
    _refuse_own(source, out)
    inputs = list(read_inputs(source))
    asked = _asked(source, inputs, model, names, options, deidentify)
    with _kept(out):
        done = _begin(out, asked, resume, force)
        rows = [one for one in inputs if one.row not in done]
        failed = sum(status == "failed" for status in done.values())
        count = len(done)
        if advance:
            advance(count, len(inputs))
        chunks = parts(rows, chunk)
        if answered is None:
            answers: Iterable[list[BatchRow]] = (
                answer(one, model, names, options, deidentify, strict) for one in chunks
            )
        else:
            answers = answered(chunks)
        for said in answers:
            _append(out, said)
            failed += sum(row.status == "failed" for row in said)
            count += len(said)
            if advance:
                advance(count, len(inputs))
    return Counts(len(inputs), len(done), failed)


def _refuse_own(source: Path, out: Path) -> None:
    """Keep the results from replacing what is read, or from being read as a part of it when the batch goes on."""
    with suppress(OSError):  # what is wrong with either path is said where it is opened
        if out.exists() and out.samefile(source):
            raise InputError(f"{out}: is the batch itself; choose another file for the results")
        if source.is_dir() and source.resolve() in out.resolve().parents:
            raise InputError(f"{out}: lies in the folder that is read; choose a place outside of it")


def _append(out: Path, rows: Sequence[BatchRow]) -> None:
    """Write rows down for good."""
    with writing(out, "; what is finished stays, go on with --resume"):
        append_lines(out, (row.model_dump_json() for row in rows), durable=True)


@contextmanager
def _kept(out: Path) -> Iterator[None]:
    """Keep other batches off a results file; the hold goes with the process, whatever ends it."""
    if out.is_dir():
        raise InputError(f"{out}: a folder; a batch goes into one file, such as results.jsonl")
    with held_file(out.with_name(out.name + ".lock")) as held:
        if not held:
            raise InputError(f"{out}: another batch writes it now; wait for its end, or choose another file")
        yield


def answer(
    rows: Sequence[Input], model: Model, names: Names, options: Options, deidentify: bool = False, strict: bool = False
) -> list[BatchRow]:
    """Diagnose rows together; what fails together is tried one by one, so that a bad row fails alone."""
    try:
        return _answer(rows, model, names, options, deidentify, strict)
    except Exception as error:  # a fault of ours in one row must not stop the others: it becomes that row's reason
        if len(rows) == 1:
            return [
                BatchRow(row=rows[0].row, id=rows[0].id, status="failed", reason=f"a fault of ours: {place_of(error)}")
            ]
    return [row for one in rows for row in answer([one], model, names, options, deidentify, strict)]


def _answer(
    rows: Sequence[Input], model: Model, names: Names, options: Options, deidentify: bool, strict: bool
) -> list[BatchRow]:
    notes: list[Given | InputError] = []
    for row in rows:
        notes.append(_given(row, names, deidentify, strict))
    good = [note for note in notes if isinstance(note, Given)]
    results = iter(diagnose_many(good, model, names, options))
    said = [note if isinstance(note, InputError) else next(results) for note in notes]
    return [
        BatchRow(row=row.row, id=row.id, status="failed", reason=str(one))
        if isinstance(one, InputError)
        else BatchRow(row=row.row, id=row.id, status="ok", result=one)
        for row, one in zip(rows, said, strict=True)
    ]


def _given(row: Input, names: Names, deidentify: bool, strict: bool) -> Given | InputError:
    if isinstance(row.given, InputError):
        return row.given
    try:
        note, notices = note_of(row.given, row.id, names.kb, strict)
    except InputError as error:
        return error
    return Given.of(note, row.id, [*notices, *row.notices], deidentify)


# --- going on --------------------------------------------------------------------------------------------------------


def _asked(
    source: Path, inputs: Sequence[Input], model: Model, names: Names, options: Options, deidentify: bool
) -> dict[str, Any]:
    """What the results are of."""
    digest = hashlib.sha256()
    for one in inputs:
        digest.update(f"{one.row} {one.id} {one.given!r}\n".encode(errors="surrogatepass"))
    return {
        "input": mended(str(source)),
        "sha256": digest.hexdigest(),
        "rows": len(inputs),
        "raredxr1": VERSION,
        "model": model.name,
        "model_sha256": model.sha256,
        "knowledge": names.kb.version,
        "options": repr(options),
        "deidentify": deidentify,
    }


def _begin(out: Path, asked: dict[str, Any], resume: bool, force: bool) -> dict[int, str]:
    """Start the results, or take them up; gives the status of every row that is done."""
    beside = out.with_name(out.name + ".batch.json")
    if out.exists() and not force:
        if not resume:
            raise InputError(f"{out}: exists; go on with --resume, or replace it with --force")
        held = _read_json(beside)
        changed = [key for key in asked if key != "input" and held.get(key) != asked[key]]
        if changed:
            raise InputError(f"{out}: its rows are of another {', '.join(changed)}; choose another file")
        return _done(out)
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        write_json(beside, asked)
        out.write_bytes(b"")
    return {}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: missing or damaged, so nobody can tell what the rows are of; use --force") from error
    return value if isinstance(value, dict) else {}


def _done(out: Path) -> dict[int, str]:
    """Rows that are there; a last line that was cut off is dropped."""
    cut_lines(out)
    done: dict[int, str] = {}
    for number, line in enumerate(whole_lines(out), 1):
        try:
            row = json.loads(line)
            done[int(row["row"])] = str(row["status"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{out}: line {number} is damaged; mend it, or start again with --force") from error
    return done


# --- read again -------------------------------------------------------------------------------------------------------

Row = tuple[str, Result | None, str]
"""Name of the note, its result, and why there is none."""


def read_results(path: Path) -> Iterator[Row]:
    """Read the rows one by one.

    Raises:
        InputError: the file cannot be read, or a line of it is no result.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(line, f"{path}: line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as results of `raredx diagnose`") from error


def _row(line: str, place: str) -> Row:
    try:
        value = json.loads(line)
        if isinstance(value, dict) and "status" in value:
            row = BatchRow.model_validate(value)
            return row.id, row.result and row.result.model_copy(update={"input": row.id}), row.reason
        result = Result.model_validate(value)
    except ValueError:  # its message would hold words of the note
        raise InputError(f"{place} is no result of `raredx diagnose --batch` or `--format json`") from None
    return result.input, result, ""
