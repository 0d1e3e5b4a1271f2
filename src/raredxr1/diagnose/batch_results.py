"""Read the results of many notes again: the rows of a batch, or results as JSON lines."""

import json
from collections.abc import Iterator
from pathlib import Path

from raredxr1.diagnose.batch import BatchRow
from raredxr1.diagnose.result import Result
from raredxr1.errors import InputError

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
