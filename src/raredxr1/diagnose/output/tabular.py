"""Results as tab-separated values: one line a disease, one line without a place for a note that got none.

What holds for all lines (what this is, what made it) stands once before the header, in lines that begin with #.
"""

from collections.abc import Iterable, Iterator

from raredxr1.diagnose.output import words
from raredxr1.diagnose.output.glossary import printable
from raredxr1.diagnose.output.shown import ShownLine, shown_lines
from raredxr1.diagnose.result import DISCLAIMER, Result

COLUMNS = (
    "input",
    "rank",
    "name",
    "id",
    "confidence",
    "confidence_kind",
    "subtypes",
    "same_as",
    "written_as",
    "link_rule",
    "link_score",
    "for",
    "against",
    "expected_not_mentioned",
    "not_explained",
    "raw_confidence",
    "named_by",
    "none_of_these",
    "verdict",
)


def table(rows_: Iterable[tuple[str, Result | None, str]]) -> Iterator[str]:
    """A whole table, piece by piece; a note without a result has one line that says why.

    Args:
        rows_: name of the note, its result, and why there is none.
    """
    begun = False
    early: list[str] = []  # those that failed before there was a result to head the table
    for name, result, reason in rows_:
        if result is None:
            line = "\t".join(_cell(failed(name, reason).get(column)) for column in COLUMNS) + "\n"
            early.append(line)
            if not begun:
                continue
        elif not begun:
            yield header(result)
            begun = True
        yield from early
        early.clear()
        if result is not None:
            yield rows(result)
    if not begun:
        yield header(None)
        yield from early


def failed(name: str, reason: str) -> dict[str, object]:
    """The row of a note without a result."""
    return {"input": name, "verdict": f"failed: {reason}" if reason else "failed"}


def header(result: Result | None) -> str:
    """The comment lines and the line of column names.

    Args:
        result: the first of the table; all were made alike. None: there is none.
    """
    said = (result.disclaimer, words.versions(result), *words.confidence_lines(result)) if result else (DISCLAIMER,)
    return "".join(f"# {_cell(line)}\n" for line in said) + "\t".join(COLUMNS) + "\n"


def rows(result: Result) -> str:
    """The lines of one result."""
    return "".join("\t".join(_cell(row.get(column)) for column in COLUMNS) + "\n" for row in records(result))


def records(result: Result) -> list[dict[str, object]]:
    """The rows of one result, by column; numbers stay numbers."""
    return [_record(result, line) for line in shown_lines(result)] or [_record(result, None)]


def _record(result: Result, line: ShownLine | None) -> dict[str, object]:
    cells: dict[str, object] = {
        "input": result.input,
        "confidence_kind": result.confidence_kind,
        "none_of_these": result.calibration.none_of_these if result.calibration else None,
        "verdict": result.verdict.kind,
    }
    if line:
        cells |= {"rank": line.place, "name": line.name, "id": line.id, "confidence": line.confidence}
        if line.folded:
            cells["subtypes"] = "; ".join(f"{one.name} ({one.id or 'no id'})" for one in line.members)
    if line and (candidate := line.candidate):
        cells |= candidate.model_dump(include={"link_rule", "link_score", "raw_confidence"})
        cells["same_as"] = " ".join(candidate.same_as)
        cells["written_as"] = candidate.name if candidate.name.casefold() != line.name.casefold() else ""
        cells |= words.evidence_cells(candidate)
    return cells


def _cell(value: object) -> str:
    return "" if value is None else " ".join(printable(str(value)).split())
