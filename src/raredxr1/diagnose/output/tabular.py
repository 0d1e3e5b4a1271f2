"""Results as tab-separated values: one line a disease, one line without a place for a note that got none.

What holds for all lines (what this is, what made it) stands once before the header, in lines that begin with #.
"""

from raredxr1.diagnose.output import words
from raredxr1.diagnose.output.glossary import printable
from raredxr1.diagnose.output.shown import ShownLine, shown_lines
from raredxr1.diagnose.result import Result

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


def header(result: Result) -> str:
    """The comment lines and the line of column names.

    Args:
        result: the first of the table; all were made alike.
    """
    said = (result.disclaimer, words.versions(result), *words.confidence_lines(result))
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
