"""Results as tab-separated values: one line a candidate, one line without a rank for a note that got none."""

from raredxr1.diagnose.output import words
from raredxr1.diagnose.result import Ranked, Result

COLUMNS = (
    "input",
    "rank",
    "name",
    "id",
    "label",
    "same_as",
    "link_rule",
    "link_score",
    "confidence",
    "confidence_kind",
    "for",
    "against",
    "awaited",
    "model",
    "knowledge",
    "coverage",
    "disclaimer",
    "raw_confidence",
    "named by",
    "none_of_these",
)


def header() -> str:
    """The first line."""
    return "\t".join(COLUMNS) + "\n"


def rows(result: Result) -> str:
    """The lines of one result."""
    if not result.candidates:
        return _row(result, None)
    return "".join(_row(result, candidate) for candidate in result.candidates)


def _row(result: Result, candidate: Ranked | None) -> str:
    cells: dict[str, object] = {
        "input": result.input,
        "confidence_kind": result.confidence_kind,
        "model": result.versions.model,
        "knowledge": result.versions.knowledge,
        "coverage": words.coverage(result),
        "disclaimer": result.disclaimer,
        "none_of_these": result.calibration.none_of_these if result.calibration else None,
    }
    if candidate:
        plain = {"rank", "name", "id", "label", "link_rule", "link_score", "confidence", "raw_confidence"}
        cells |= candidate.model_dump(include=plain)
        cells["same_as"] = " ".join(candidate.same_as)
        cells |= dict(words.evidence_lines(candidate))
    return "\t".join(_cell(cells.get(column)) for column in COLUMNS) + "\n"


def _cell(value: object) -> str:
    return "" if value is None else " ".join(words.printable(str(value)).split())
