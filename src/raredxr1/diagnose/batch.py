"""Many inputs to one results file, a JSON line each: resumable, and no row ever stops another.

In: a JSONL file (one object a line: {"id", "note"}, a case with phenotypes, a phenopacket or a FHIR bundle; or a bare
string), a CSV file with a column `note` (and `id`), or a folder of files as `raredx diagnose` takes them. Out: one
`BatchRow` a line, in the order of the input, appended chunk by chunk and synced, so that a kill loses at most the chunk
in work. Beside it OUT.batch.json says what the rows are of; going on with other inputs or settings is refused.
"""

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from raredxr1 import __version__
from raredxr1.cases.phenopackets import looks_like_phenopacket
from raredxr1.diagnose.batched import ROWS, Given, diagnose_many
from raredxr1.diagnose.fhir import looks_like_fhir
from raredxr1.diagnose.inputs import Packet, Text, note_of, of_json, of_text, read_input
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.pipeline import Options
from raredxr1.diagnose.result import Result
from raredxr1.errors import InputError, place_of
from raredxr1.schemas import Case, Strict
from raredxr1.stage import write_json


class BatchRow(Strict):
    """One line of the results."""

    row: int = Field(ge=1, description="its place in the input, from 1")
    id: str = Field(description="as the input names it, else 'row N'; for a folder the file's name")
    status: Literal["ok", "failed"]
    reason: str = Field(default="", description="why it failed")
    result: Result | None = None


@dataclass(frozen=True)
class Input:
    """One row of the input: what is to be diagnosed, or why that cannot be read."""

    row: int
    id: str
    given: Text | Packet | InputError


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
    chunk: int = ROWS,
    advance: Callable[[int, int], None] | None = None,
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
        chunk: rows answered together, and written together.
        advance: told rows done and rows in all.

    Raises:
        InputError: the input cannot be read as a whole; results are there, and neither `resume` nor `force` is said; or
            they are of other inputs or settings.
    """
    inputs = list(read_inputs(source))
    asked = _asked(source, inputs, model, names, options, deidentify)
    done = _begin(out, asked, resume, force)
    rows = [one for one in inputs if one.row not in done]
    failed = sum(status == "failed" for status in done.values())
    count = len(done)
    if advance:
        advance(count, len(inputs))
    with out.open("a", encoding="utf-8") as file:
        for start in range(0, len(rows), chunk):
            said = answer(rows[start : start + chunk], model, names, options, deidentify)
            file.write("".join(row.model_dump_json() + "\n" for row in said))
            file.flush()
            os.fsync(file.fileno())
            failed += sum(row.status == "failed" for row in said)
            count += len(said)
            if advance:
                advance(count, len(inputs))
    return Counts(len(inputs), len(done), failed)


def answer(
    rows: Sequence[Input], model: Model, names: Names, options: Options, deidentify: bool = False
) -> list[BatchRow]:
    """Diagnose rows together; what fails together is tried one by one, so that a bad row fails alone."""
    try:
        return _answer(rows, model, names, options, deidentify)
    except Exception as error:  # a fault of ours in one row must not stop the others: it becomes that row's reason
        if len(rows) == 1:
            return [
                BatchRow(row=rows[0].row, id=rows[0].id, status="failed", reason=f"a fault of ours: {place_of(error)}")
            ]
    return [row for one in rows for row in answer([one], model, names, options, deidentify)]


def _answer(rows: Sequence[Input], model: Model, names: Names, options: Options, deidentify: bool) -> list[BatchRow]:
    notes: list[Given | InputError] = []
    for row in rows:
        notes.append(_given(row, names, deidentify))
    good = [note for note in notes if isinstance(note, Given)]
    results = iter(diagnose_many(good, model, names, options))
    said = [note if isinstance(note, InputError) else next(results) for note in notes]
    return [
        BatchRow(row=row.row, id=row.id, status="failed", reason=str(one))
        if isinstance(one, InputError)
        else BatchRow(row=row.row, id=row.id, status="ok", result=one)
        for row, one in zip(rows, said, strict=True)
    ]


def _given(row: Input, names: Names, deidentify: bool) -> Given | InputError:
    if isinstance(row.given, InputError):
        return row.given
    try:
        note, notices = note_of(row.given, row.id, names.kb)
    except InputError as error:
        return error
    return Given.of(note, row.id, notices, deidentify)


# --- reading ---------------------------------------------------------------------------------------------------------


def read_inputs(source: Path) -> Iterator[Input]:
    """Read every row; one that cannot be read is a row with the reason.

    Raises:
        InputError: missing, empty, of an unknown kind, or a CSV file without a column `note`.
    """
    if source.is_dir():
        yield from _of_folder(source)
        return
    try:
        data = source.read_bytes()
    except OSError as error:
        raise InputError(f"{source}: cannot be read ({error.strerror})") from error
    if not data.strip():
        raise InputError(f"{source}: empty")
    suffix = source.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        yield from _of_lines(data)
    elif suffix in (".csv", ".tsv"):
        yield from _of_table(data, source, "\t" if suffix == ".tsv" else ",")
    else:
        raise InputError(f"{source}: a batch is a .jsonl or .csv file, or a folder")


def _of_folder(folder: Path) -> Iterator[Input]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    if not files:
        raise InputError(f"{folder}: an empty folder")
    for row, path in enumerate(files, 1):
        name = path.relative_to(folder).as_posix()
        try:
            yield Input(row, name, read_input(path.read_bytes(), name))
        except OSError as error:
            yield Input(row, name, InputError(f"{name}: cannot be read ({error.strerror})"))
        except InputError as error:
            yield Input(row, name, error)


def _of_lines(data: bytes) -> Iterator[Input]:
    row = 0
    for number, line in enumerate(data.splitlines(), 1):
        if line.strip():
            row += 1
            yield _of_line(row, number, line)


def _of_line(row: int, number: int, line: bytes) -> Input:
    name = f"row {row}"
    try:
        value = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError:
        return Input(row, name, InputError(f"line {number}: not UTF-8"))
    except json.JSONDecodeError as error:
        return Input(row, name, InputError(f"line {number}: no JSON (column {error.colno}: {error.msg})"))
    except RecursionError:
        return Input(row, name, InputError(f"line {number}: JSON nested too deeply"))
    if isinstance(value, str):
        return _text(row, name, value)
    if not isinstance(value, dict):
        return Input(row, name, InputError(f"line {number}: neither an object nor a text"))
    stated = value.get("id") or value.get("case_id")
    name = str(stated) if isinstance(stated, (str, int)) else name
    try:
        if isinstance(value.get("note"), str) and value["note"].strip():
            return _text(row, name, value["note"])
        if looks_like_phenopacket(value) or looks_like_fhir(value):
            return Input(row, name, of_json(value, name))
        if value.get("hpo_observed") or value.get("hpo_excluded"):
            return Input(row, name, Packet(Case.model_validate({"case_id": name, **_plain(value)})))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        return Input(row, name, InputError(f"line {number}: {'.'.join(map(str, first['loc']))}: {first['msg']}"))
    except InputError as error:
        return Input(row, name, error)
    return Input(row, name, InputError(f"line {number}: no note, no phenopacket, no FHIR bundle"))


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    return {key: value[key] for key in ("hpo_observed", "hpo_excluded", "age", "sex") if key in value}


def _of_table(data: bytes, source: Path, delimiter: str) -> Iterator[Input]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{source}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    csv.field_size_limit(10_000_000)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = {(name or "").strip().lower(): name for name in reader.fieldnames or []}
    if "note" not in columns:
        raise InputError(f"{source}: no column 'note' in its first line")
    for row, cells in enumerate(reader, 1):
        name = (cells.get(columns["id"]) or "").strip() if "id" in columns else ""
        yield _text(row, name or f"row {row}", cells.get(columns["note"]) or "")


def _text(row: int, name: str, note: str) -> Input:
    try:
        return Input(row, name, of_text(note, name))
    except InputError as error:
        return Input(row, name, error)


# --- going on --------------------------------------------------------------------------------------------------------


def _asked(
    source: Path, inputs: Sequence[Input], model: Model, names: Names, options: Options, deidentify: bool
) -> dict[str, Any]:
    """What the results are of."""
    digest = hashlib.sha256()
    for one in inputs:
        digest.update(f"{one.row} {one.id} {one.given!r}\n".encode(errors="surrogatepass"))
    return {
        "input": str(source),
        "sha256": digest.hexdigest(),
        "rows": len(inputs),
        "raredxr1": __version__,
        "model": model.name,
        "model_sha256": model.sha256,
        "knowledge": names.kb.version,
        "options": repr(options),
        "deidentify": deidentify,
    }


def _begin(out: Path, asked: dict[str, Any], resume: bool, force: bool) -> dict[int, str]:
    """Start the results, or take them up; gives the status of every row that is done."""
    if out.is_dir():
        raise InputError(f"{out}: a folder; a batch goes into one file, such as results.jsonl")
    beside = out.with_name(out.name + ".batch.json")
    if out.exists() and not force:
        if not resume:
            raise InputError(f"{out}: exists; go on with --resume, or replace it with --force")
        held = _read_json(beside)
        changed = [key for key in asked if key != "input" and held.get(key) != asked[key]]
        if changed:
            raise InputError(f"{out}: its rows are of another {', '.join(changed)}; choose another file")
        return _done(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_json(beside, asked)
        out.write_bytes(b"")
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror})") from error
    return {}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: missing or damaged, so nobody can tell what the rows are of; use --force") from error
    return value if isinstance(value, dict) else {}


def _done(out: Path) -> dict[int, str]:
    """Rows that are there; a last line that was cut off is dropped."""
    data = out.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        with out.open("r+b") as file:
            file.truncate(len(whole))
    done: dict[int, str] = {}
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            row = json.loads(line)
            done[int(row["row"])] = str(row["status"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{out}: line {number} is damaged; mend it, or start again with --force") from error
    return done
