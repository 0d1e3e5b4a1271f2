"""The rows of a batch: lines of JSONL, rows of a CSV or Parquet table, files of a folder. A bad one is a row, too.

A JSONL line is {"id", "note"}, a case with phenotypes, a phenopacket, a FHIR bundle, or a bare string; a file whose
lines are FHIR resources (a bulk export) is a row for each patient. How tables are read says `batch_table`.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from raredxr1.cases.json_text import mended, parse_json
from raredxr1.cases.phenopackets import looks_like_phenopacket
from raredxr1.diagnose.batch_table import read_parquet, read_table
from raredxr1.diagnose.encodings import as_utf8
from raredxr1.diagnose.fhir import looks_like_fhir
from raredxr1.diagnose.given_terms import looks_like_terms, of_terms
from raredxr1.diagnose.inputs import Document, Packet, of_json, of_text, read_input
from raredxr1.errors import InputError, faults, reading
from raredxr1.schemas import Case

_ENOUGH = 20_000_000
"""Bytes read of a file of a folder at most; no input may have more."""


_LINK = "a link to a folder, which is not followed; name that folder itself"


@dataclass(frozen=True)
class Input:
    """One row of the input: what is to be diagnosed, or why that cannot be read."""

    row: int
    id: str
    given: Document | InputError
    notices: tuple[str, ...] = ()


def read_inputs(source: Path) -> Iterator[Input]:
    """Read every row. A name that an earlier row has is said in a notice: results tell such rows apart by number.

    Raises:
        InputError: missing, empty, of an unknown kind, or a table without a column `note`.
    """
    seen: dict[str, int] = {}
    for one in _rows(source):
        first = seen.setdefault(one.id, one.row)
        if first != one.row:
            notice = f"Row {first} has the same id; they are told apart by their row numbers."
            yield replace(one, notices=(*one.notices, notice))
        else:
            yield one


def _rows(source: Path) -> Iterator[Input]:
    if source.is_dir():
        yield from _of_folder(source)
        return
    with reading(source):
        data = source.read_bytes()
    if not data.strip():
        raise InputError(f"{source}: empty")
    suffix = source.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        yield from _of_lines(data)
    elif suffix in (".csv", ".tsv", ".parquet"):
        table = read_parquet(data, str(source)) if suffix == ".parquet" else read_table(data, str(source), suffix)
        for number, (name, note) in enumerate(table, 1):
            name = mended(name) or f"row {number}"
            yield Input(number, name, note) if isinstance(note, InputError) else _text(number, name, note)
    else:
        raise InputError(f"{source}: a batch is a .jsonl, .csv or .parquet file, or a folder")


def _of_folder(folder: Path) -> Iterator[Input]:
    files: list[Path] = []
    unread: dict[Path, str] = {}
    failures: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        unread.update({Path(place, name): _LINK for name in folders if Path(place, name).is_symlink()})
        files += [Path(place, name) for name in names if not name.startswith(".")]
    unread.update({Path(error.filename): f"a folder that cannot be read ({error.strerror})" for error in failures})
    if not files and not unread:
        raise InputError(f"{folder}: an empty folder")
    for row, path in enumerate(sorted([*files, *unread]), 1):
        name = mended(path.relative_to(folder).as_posix())
        if path in unread or (path.exists() and not path.is_file()):
            yield Input(row, name, InputError(f"{name}: {unread.get(path, 'no file but a pipe or a device')}"))
            continue
        try:
            with path.open("rb") as file:
                yield Input(row, name, read_input(file.read(_ENOUGH), name))
        except OSError as error:
            yield Input(row, name, InputError(f"{name}: cannot be read ({error.strerror})"))
        except InputError as error:
            yield Input(row, name, error)


# --- lines of JSON ---------------------------------------------------------------------------------------------------


def _of_lines(data: bytes) -> Iterator[Input]:
    lines = [(number, line) for number, line in enumerate(as_utf8(data).splitlines(), 1) if line.strip()]
    parsed = [_parsed(line, number) for number, line in lines]
    if patients := _of_export(parsed):
        yield from patients
        return
    for row, ((number, _), value) in enumerate(zip(lines, parsed, strict=True), 1):
        yield _of_value(row, number, value)


def _parsed(line: bytes, number: int) -> object:
    """The value of a line, or the InputError that says why it has none."""
    try:
        return parse_json(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError:
        return InputError(f"line {number}: not UTF-8")
    except json.JSONDecodeError as error:
        return InputError(f"line {number}: no JSON (column {error.colno}: {error.msg})")
    except InputError as error:
        return InputError(f"line {number}: {error}")


def _of_value(row: int, number: int, value: object) -> Input:
    name = f"row {row}"
    if isinstance(value, InputError):
        return Input(row, name, value)
    if isinstance(value, str):
        return _text(row, name, value)
    if not isinstance(value, dict):
        return Input(row, name, InputError(f"line {number}: neither an object nor a text"))
    stated = value.get("id") or value.get("case_id")
    name = str(stated) if isinstance(stated, (str, int, float)) and not isinstance(stated, bool) else name
    try:
        if isinstance(value.get("note"), str) and value["note"].strip():
            return _text(row, name, value["note"])
        if looks_like_phenopacket(value) or looks_like_fhir(value):
            return Input(row, name, of_json(value, name))
        terms = {key: value[key] for key in ("hpo", "age", "sex") if key in value}
        if looks_like_terms(terms):
            return Input(row, name, of_terms(terms, name))
        if value.get("hpo_observed") or value.get("hpo_excluded"):
            return Input(row, name, Packet(Case.model_validate({"case_id": name, **_plain(value)})))
    except ValidationError as error:
        return Input(row, name, InputError(f"line {number}: {faults(error.errors(include_input=False))}"))
    except InputError as error:
        return Input(row, name, error)
    return Input(row, name, InputError(f"line {number}: no note, no phenopacket, no FHIR bundle"))


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    return {key: value[key] for key in ("hpo_observed", "hpo_excluded", "age", "sex") if key in value}


def _of_export(values: Sequence[object]) -> list[Input]:
    """Lines that are FHIR resources, a row for each patient they are about; empty where they are something else."""
    if not all(isinstance(v, dict) and looks_like_fhir(v) and v["resourceType"] != "Bundle" for v in values):
        return []
    patients: dict[str, list[object]] = {}
    for value in values:
        assert isinstance(value, dict)
        about = value.get("subject") or value.get("patient")
        stated = about.get("reference") if isinstance(about, dict) else None
        own = f"Patient/{value.get('id')}" if value["resourceType"] == "Patient" else ""
        patients.setdefault(own or (stated if isinstance(stated, str) else ""), []).append({"resource": value})
    rows = []
    for row, (name, entries) in enumerate(patients.items(), 1):
        name = name or f"row {row}"
        try:
            given: Document | InputError = of_json(
                {"resourceType": "Bundle", "type": "collection", "entry": entries}, name
            )
        except InputError as error:
            given = error
        rows.append(Input(row, name, given))
    return rows


def _text(row: int, name: str, note: str) -> Input:
    try:
        return Input(row, name, of_text(note, name))
    except InputError as error:
        return Input(row, name, error)
