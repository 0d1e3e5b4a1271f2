"""Candidates side by side: findings by disease, filled by how many patients have each.

The rows are the findings of the note, and then what the note does not mention but would tell the chosen diseases apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from raredxr1.diagnose.output.glossary import in_sentence, shown
from raredxr1.diagnose.output.shown import ShownLine
from raredxr1.diagnose.output.words import how_often
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.described import described
from raredxr1.serve.evidence import Weigher
from raredxr1.serve.review import Review

COLUMNS = 5
"""Candidates that are compared at most."""
FIRST = 2
"""Candidates that are compared where none is chosen."""
EXPECTED = 8
"""Findings that the note does not mention, at most."""
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
    """A finding of the note, or one that it does not mention (number 0)."""

    number: int
    term: str
    hpo_id: str
    state: str
    cells: Sequence[Cell]

    @property
    def same(self) -> bool:
        """Whether the diseases do not differ in it."""
        return len({(cell.words, cell.clash) for cell in self.cells}) == 1


@dataclass(frozen=True)
class Column:
    """A candidate that can be compared."""

    place: int
    name: str
    chosen: bool


@dataclass(frozen=True)
class Grid:
    """The comparison."""

    columns: Sequence[Column]
    """Every candidate that can be chosen."""
    rows: Sequence[GridRow]
    expected: Sequence[GridRow]
    """Not mentioned in the note, frequent in one of the diseases; what differs most first."""

    @property
    def chosen(self) -> list[Column]:
        """The candidates that are compared."""
        return [column for column in self.columns if column.chosen]


def grid(lines: Sequence[ShownLine], review: Review, weigher: Weigher, places: Sequence[int] = ()) -> Grid:
    """Compare candidates that the knowledge base knows.

    Args:
        lines: the ranking.
        review: the findings as they stand.
        weigher: the findings, weighed as the evidence of each candidate shows them.
        places: numbers of the lines to compare; fewer than two: the first ones.
    """
    claims = weigher.claims
    kb = claims.kb
    known = {line.place: (line.name, kb.disease(line.id)) for line in lines if line.id}
    able = {place: (name, disease) for place, (name, disease) in known.items() if disease is not None}
    wanted = [place for place in dict.fromkeys(places) if place in able][:COLUMNS]
    chosen = sorted(wanted) if len(wanted) > 1 else list(able)[:FIRST]
    if len(chosen) < 2:
        return Grid([], [], [])
    diseases = [able[place][1] for place in chosen]
    weighed = [weigher.cells(disease) for disease in diseases]
    rows, mentioned = [], set()
    for finding in review.findings:
        if finding.hpo_id is None or not kb.resolve_term(finding.hpo_id):
            continue
        term = kb.term(finding.hpo_id)
        mentioned.add(term)
        if finding.present is None:
            continue
        number = finding.number
        cells = [
            _cell(claims, disease, term, *known.get(number, (0.0, "", False)))
            for disease, known in zip(diseases, weighed, strict=True)
        ]
        rows.append(GridRow(finding.number, in_sentence(finding.term), kb.term_ids[term], finding.state, cells))
    columns = [Column(place, name, place in chosen) for place, (name, _) in able.items()]
    return Grid(columns, rows, _expected(claims, diseases, mentioned))


def _expected(claims: Claims, diseases: Sequence[int], mentioned: set[int]) -> list[GridRow]:
    kb = claims.kb

    def spread(term: int) -> float:
        shares = [claims.frequency(disease, term) for disease in diseases]
        return max(shares) - min(shares)

    terms = {term for disease in diseases for term in claims.awaited(disease, mentioned)}
    first = sorted(terms, key=lambda term: (-spread(term), -claims.information(term), term))[:EXPECTED]
    return [
        GridRow(
            0,
            in_sentence(kb.term_names[term]),
            kb.term_ids[term],
            "",
            [_cell(claims, disease, term) for disease in diseases],
        )
        for term in first
    ]


def _cell(
    claims: Claims, disease: int, term: int, weighed: float = 0.0, rests_on: str = "", clash: bool = False
) -> Cell:
    """A cell; `weighed` is what the candidate's evidence shows, of the finding or of what it is a kind of."""
    own = claims.frequency(disease, term)
    frequency = weighed or own
    if not frequency:
        excluded = claims.kb.frequencies[disease].get(term) == 0
        return Cell(0, shown("never") if excluded else "–", clash)
    level = sum(frequency > least for least in _LEVELS)
    return Cell(level, how_often(frequency, rests_on or (described(claims.kb, disease, term) if own else "")), clash)
