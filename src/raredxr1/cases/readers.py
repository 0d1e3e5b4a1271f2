"""The case JSONL of the evaluation: one case a line, plain or gzipped.

A row that cannot be read is not skipped: it comes back as a RowError in its place, so that whoever counts cases counts
it too. Unknown keys are kept.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from raredxr1.cases.json_text import parse_json
from raredxr1.cases.phenopackets import is_hpo_id
from raredxr1.errors import InputError, faults
from raredxr1.schemas import Case

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class RowError:
    """A row that gives no case. `reason` names the field and the mend, never what a note says."""

    path: str
    line: int
    reason: str
    case_id: str | None = None

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.path}: line {self.line}: {self.reason}"


def read_cases(path: Path) -> list[Case | RowError]:
    """Read every row of a case file, in order; blank lines are no rows.

    Raises:
        InputError: missing, a folder, damaged, or without a single row.
    """
    rows = list(iterate_cases(path))
    if not rows:
        raise InputError(f"{path}: holds no cases")
    return rows


def iterate_cases(path: Path) -> Iterator[Case | RowError]:
    """Like `read_cases`, one row at a time; an empty file gives nothing."""
    seen: dict[str, int] = {}
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        row = _read_row(line, str(path), number)
        if isinstance(row, Case):
            first = seen.setdefault(row.case_id, number)
            if first != number:
                reason = f"the case_id {row.case_id!r} was used on line {first}; every case needs its own"
                row = RowError(str(path), number, reason, row.case_id)
        yield row


def _lines(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        raise InputError(f"{path}: a folder; name the case file in it")
    try:
        with path.open("rb") as raw:
            start = raw.read(2)
            raw.seek(0)
            if start == _GZIP:
                with gzip.open(raw) as stream:
                    yield from stream
            else:
                yield from raw
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path}: a damaged gzip file") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def _read_row(line: bytes, path: str, number: int) -> Case | RowError:
    try:
        data = parse_json(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError:
        return RowError(path, number, "not UTF-8")
    except json.JSONDecodeError as error:
        return RowError(path, number, f"no JSON (column {error.colno}: {error.msg})")
    except InputError as error:
        return RowError(path, number, str(error))
    if not isinstance(data, dict):
        return RowError(path, number, "no JSON object")
    case_id = data.get("case_id")
    known_id = case_id if isinstance(case_id, str) else None
    try:
        case = Case.model_validate(data)
    except ValidationError as error:
        return RowError(path, number, faults(error.errors()), known_id)
    if not case.case_id.strip():
        return RowError(path, number, "case_id: is blank")
    for field in ("hpo_observed", "hpo_excluded"):
        for hpo_id in getattr(case, field):
            if not is_hpo_id(hpo_id):
                return RowError(path, number, f"{field}: {hpo_id!r} is no HPO id such as HP:0001250", case.case_id)
    return case
