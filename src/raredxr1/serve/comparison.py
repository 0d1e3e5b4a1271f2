"""Candidates side by side: the findings of the note by disease, filled by how many patients have each."""

from collections.abc import Sequence
from dataclasses import dataclass

from raredxr1.diagnose.output.glossary import how_frequent, in_sentence
from raredxr1.diagnose.output.shown import ShownLine
from raredxr1.knowledge.claims import FREQUENT, Claims
from raredxr1.serve.review import Review

COLUMNS = 5
"""Candidates that are compared."""
_LEVELS = (0.0, 0.05, 0.3, 0.8)
"""Shares of patients above which a cell is filled by one quarter more; those of the HPO's frequency terms."""


@dataclass(frozen=True)
class Cell:
    """One finding in one disease."""

    level: int
    """0: not annotated, to 4: in nearly all patients."""
    words: str
    clash: bool
    """Whether the note contradicts what is usual: absent though frequent, or present though known not to occur."""


@dataclass(frozen=True)
class GridRow:
    """A finding of the note."""

    number: int
    term: str
    state: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Grid:
    """The comparison."""

    columns: Sequence[str]
    rows: Sequence[GridRow]


def grid(lines: Sequence[ShownLine], review: Review, claims: Claims) -> Grid:
    """Compare the first candidates that the knowledge base knows."""
    kb = claims.kb
    known = [(line.name, kb.disease(line.id)) for line in lines if line.id]
    columns = [(name, disease) for name, disease in known if disease is not None][:COLUMNS]
    if len(columns) < 2:
        return Grid([], [])
    rows = []
    for finding in review.findings:
        if finding.hpo_id is None or finding.present is None or not kb.resolve_term(finding.hpo_id):
            continue
        term = kb.term(finding.hpo_id)
        cells = [_cell(claims, disease, term, finding.present) for _, disease in columns]
        rows.append(GridRow(finding.number, in_sentence(finding.term), finding.state, cells))
    return Grid([name for name, _ in columns], rows)


def _cell(claims: Claims, disease: int, term: int, present: bool) -> Cell:
    frequency = claims.frequency(disease, term)
    excluded = claims.kb.frequencies[disease].get(term) == 0
    if not frequency:
        return Cell(0, "known not to occur" if excluded else "–", present and excluded)
    level = sum(frequency > least for least in _LEVELS)
    return Cell(level, how_frequent(frequency), not present and frequency >= FREQUENT)
