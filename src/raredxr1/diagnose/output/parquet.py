"""The table of results as Parquet (extra: parquet): the columns of the TSV with their types."""

import importlib
import importlib.util
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from raredxr1.diagnose.output import tabular, words
from raredxr1.diagnose.result import Result
from raredxr1.errors import InputError, extra

_CHUNK = 5_000
"""Rows written at a time."""
_NUMBERS = {"confidence", "link_score", "raw_confidence", "none_of_these"}


def write_parquet(path: Path, rows: Iterable[tuple[str, Result | None, str]]) -> int:
    """Write the table and give the number of its rows.

    Args:
        path: the file.
        rows: name of the note, its result, and why there is none.

    Raises:
        InputError: the extra is not installed, or there is no result.
    """
    with extra("Parquet", "parquet"):
        arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    writer, kept, count = None, [], 0
    try:
        for name, result, reason in rows:
            kept += [tabular.failed(name, reason)] if result is None else tabular.records(result)
            if writer is None and result is not None:
                writer = parquet.ParquetWriter(path, _schema(arrow, result))
            if writer is not None and len(kept) >= _CHUNK:
                count += _write(arrow, writer, kept)
                kept = []
        if writer is None:
            raise InputError("no note has a result: there is no table to write")
        return count + _write(arrow, writer, kept)
    finally:
        if writer is not None:
            writer.close()


def _write(arrow: Any, writer: Any, rows: list[dict[str, object]]) -> int:
    full = [{column: row.get(column) for column in tabular.COLUMNS} for row in rows]
    writer.write_table(arrow.Table.from_pylist(full, schema=writer.schema))
    return len(full)


def _schema(arrow: Any, result: Result) -> Any:
    kinds = {"rank": arrow.int32()} | dict.fromkeys(_NUMBERS, arrow.float64())
    said = {
        "disclaimer": result.disclaimer,
        "versions": words.versions(result),
        "confidence": " ".join(words.confidence_lines(result)),
    }
    return arrow.schema([(column, kinds.get(column, arrow.string())) for column in tabular.COLUMNS], metadata=said)
