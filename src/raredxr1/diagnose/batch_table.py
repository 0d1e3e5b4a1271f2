"""Tables of notes: CSV and TSV, as spreadsheets and people write them. A row that is not plainly one note fails.

Fields are held apart by comma, semicolon or tab, whichever the first line uses; fields with any of it, or with line
ends, stand in quotes (RFC 4180). A note that is cut at its first comma, or that holds the patients of the lines below
because a quote was never closed, would be diagnosed without a word: so a row with more cells than columns fails, and
so does one whose quotes are not in order - alone: reading goes on with the next line.
"""

import csv
import importlib
import io
from collections.abc import Iterator, Sequence

from raredxr1 import lazy_re as re
from raredxr1.diagnose.encodings import as_utf8
from raredxr1.errors import InputError, extra

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR = re.compile(r"\"?sep=.\"?\s*", re.IGNORECASE)
"""What Excel writes above the header, to say what holds the cells apart."""
_LONGEST = 5_000
"""Lines of one field at most; a quote that is open for longer was forgotten."""
_QUOTES = 'put the note in quotes, and write a quote within it twice ("")'


def read_table(data: bytes, name: str, suffix: str) -> Iterator[tuple[str, str | InputError]]:
    """Read id and note of every row; the id is empty where there is none.

    Args:
        data: the bytes of the file.
        name: what messages call it.
        suffix: .csv or .tsv.

    Raises:
        InputError: no UTF-8 (or UTF-16 with its mark), no column `note` or two of them, or no row at all.
    """
    lines = _LINE.findall(_decode(data, name))
    csv.field_size_limit(10_000_000)
    start, delimiter, columns = _header(lines, name, suffix)
    if columns.count("note") != 1 or columns.count("id") > 1:
        raise InputError(f"{name}: its first line must name one column 'note' (and one 'id', if any)")
    note, key = columns.index("note"), columns.index("id") if "id" in columns else None
    rows = 0
    while start < len(lines):
        cells, after = _record(lines, start, delimiter)
        if isinstance(cells, str):
            wrong: str | None = cells
            cells = next(csv.reader([lines[start]], delimiter=delimiter, skipinitialspace=True), [])
        elif not any(cell.strip() for cell in cells):
            start = after
            continue
        else:
            wrong = _wrong(cells, columns, note, key, delimiter)
            after = start + 1 if wrong else after
        stated = cells[key].strip() if key is not None and key < len(cells) else ""
        rows += 1
        yield stated[:200], InputError(f"line {start + 1}: {wrong}") if wrong else cells[note]
        start = after
    if not rows:
        raise InputError(f"{name}: no rows below its first line")


def read_parquet(data: bytes, name: str) -> Iterator[tuple[str, str | InputError]]:
    """Read id and note of every row of a Parquet file (extra: parquet); the id is empty where there is none.

    Args:
        data: the bytes of the file.
        name: what messages call it.

    Raises:
        InputError: the extra is not installed, no Parquet, no column `note`, or no row.
    """
    with extra(f"{name}: reading Parquet", "parquet"):
        parquet = importlib.import_module("pyarrow.parquet")
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        columns = [column for column in ("id", "note") if column in file.schema_arrow.names]
        rows = file.read(columns=columns).to_pylist()
    except (OSError, ValueError) as error:  # pyarrow's own errors are both
        raise InputError(f"{name}: not a Parquet file, or a damaged one") from error
    if "note" not in columns:
        raise InputError(f"{name}: has no column 'note'")
    if not rows:
        raise InputError(f"{name}: no rows")
    for number, row in enumerate(rows, 1):
        key, note = row.get("id"), row["note"]
        wrong = InputError(f"row {number}: its note is {'empty' if note is None else 'not a text'}")
        yield "" if key is None else str(key)[:200], note if isinstance(note, str) else wrong


def _decode(data: bytes, name: str) -> str:
    try:
        return as_utf8(data).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 (byte {error.start}); save it as UTF-8") from error


def _header(lines: Sequence[str], name: str, suffix: str) -> tuple[int, str, list[str]]:
    """Where the rows start, what holds cells apart, and the columns' names in lower case."""
    first = next((n for n, line in enumerate(lines) if line.strip() and not _SEPARATOR.fullmatch(line)), 0)
    for delimiter in ("\t", *_DELIMITERS) if suffix == ".tsv" else _DELIMITERS:
        try:
            cells = next(csv.reader([lines[first]], delimiter=delimiter, skipinitialspace=True, strict=True))
        except csv.Error:
            continue
        columns = [cell.strip().lower() for cell in cells]
        if "note" in columns:
            return first + 1, delimiter, columns
    raise InputError(f"{name}: no column 'note' in its first line")


def _record(lines: Sequence[str], start: int, delimiter: str) -> tuple[list[str] | str, int]:
    """The cells of the record that starts at a line, and the line after it; or what is wrong with its quotes."""
    last = min(len(lines), start + _LONGEST)
    reader = csv.reader((lines[n] for n in range(start, last)), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        cells = next(reader, [])
    except csv.Error:
        return f"its quotes are not in order, or one is not closed; {_QUOTES}", start + 1
    return cells, start + reader.line_num


def _wrong(cells: Sequence[str], columns: Sequence[str], note: int, key: int | None, delimiter: str) -> str | None:
    """What is wrong with the cells of a record."""
    if any(cell.strip() for cell in cells[len(columns) :]):
        return f"more cells than columns; {_QUOTES}"
    if len(cells) <= note:
        return f"fewer cells than columns: no note; {_QUOTES}"
    below = re.split(r"\r\n|\r|\n", cells[note])[1:]
    if key is not None and any(_is_row(line, cells[key], len(columns), key, delimiter) for line in below):
        return f"its note holds what looks like another row; is a quote not closed? {_QUOTES[0].upper()}{_QUOTES[1:]}"
    return None


def _is_row(line: str, stated: str, columns: int, key: int, delimiter: str) -> bool:
    """Whether a line within a note has the cells of a row and an id of the same make as the row it stands in."""
    cells = line.split(delimiter)
    return len(cells) >= columns and bool(stated.strip()) and _make(cells[key]) == _make(stated)


def _make(stated: str) -> str:
    """P-014 -> A-9: letters and figures of an id, not which."""
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "A", stated.strip().strip('"')))
