"""Tables in notes: rows of cells set apart by tabs, bars or columns of blanks, with or without a header row."""

import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from raredxr1 import lazy_re as re
from raredxr1.knowledge.assertion.headings import known
from raredxr1.knowledge.assertion.lines import Line
from raredxr1.knowledge.assertion.states import Assertion, foremost

_CELL = re.compile(r"[^\t|]+")
_COLUMNS = re.compile(r"\S+(?:[ ]\S+)*")
_RULE = re.compile(r"^[\s|:+=_-]+$")
_YES = re.compile(
    r"^(?:\(?\+{1,4}\)?|yes|y|present|positive|pos|\+ve|true|1|x|✓|✔|☑|☒|■|●|\[x\]|\[\+\]|confirmed|affected|"
    r"detected|observed|severe|moderate|mild|marked)(?![\w/])",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^(?:\(?[-−–—]\)?(?=\s*$|ve)|no|n|not (?:present|seen|found|observed|noted|detected)|none|nil|never|"
    r"absent|absence|negative|neg|-ve|false|0|✗|✘|✕|□|☐|\[ ?\]|\[-\]|denied|denies|excluded|normal|unaffected|without|"
    r"unremarkable)(?![\w/])|^[-−–]ve\b|^[-−–—]$",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"^(?:\?|n/?a\b|n/?d\b|n/?k\b|nr\b|unknown|uncertain|possible|possibly|probable|suspected|not (?:known|tested|"
    r"assessed|done|reported|available|examined|evaluated|applicable)|likely|equivocal|unclear|pending|±|\+/-|y/n|yes/no)",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"\s*(?:$|[^\w\s\[☐☑☒]|\d)|(?<=[-+−–])\w|\s+(?:since|at|in|on|from|until|for|after|before|both|bilateral\w*|now|today|so|by|as|"
    r"but|when|with|and|or|left|right|of|to|currently|previously|x|yet|known|seen|found|reported|noted|present|affected|"
    r"evidence|history|progressive|intermittent|focal|general\w*|occasional\w*|degree|only|age|during|if|not|requiring)\b",
    re.IGNORECASE,
)
"""What may follow an answer in its cell; anything else makes it the beginning of a sentence."""
_PATIENTS = re.compile(
    r"\b(?:patient|proband|index|case|subject|individual|child|he|she|our|this|pt|affected|present(?! in)|status|value|"
    r"result|finding|II[-.:]\d)\b",
    re.IGNORECASE,
)
_MARKED = re.compile(r"^(?:x|✓|✔|☑|☒|■|●|\[x\]|\*|yes|y|\+|•)$", re.IGNORECASE)

_GENERIC = re.compile(
    r"\b(?:features?|findings?|symptoms?|signs?|phenotypes?|manifestations?|items?|problems?|conditions?|terms?|hpo|"
    r"questions?|clinical|system|abnormalit\w+|anomal\w+|characteristics?|criteri\w+|diagnos\w+|diseases?|history|name)\b",
    re.IGNORECASE,
)
"""Titles of a column of findings."""
_TITLE = 6
"""Words of the title of a column."""


@dataclass(slots=True)
class Row:
    """A row of a table.

    Attributes:
        cells: where each begins and ends.
        table: number of the table.
    """

    cells: list[tuple[int, int]]
    table: int


def rows_of(text: str, lines: Sequence[Line]) -> dict[int, Row]:
    """The rows of all tables, by number of line."""
    rows: dict[int, Row] = {}
    number, before = 0, -2
    for at, line in enumerate(lines):
        cells = _cells(text, line)
        if cells is None:
            if at == before + 1 and at and not line.after_blank and line.indent > lines[before].indent:
                before = at  # a remark on the row above, set in: "   If yes, explain:"
            continue
        if at != before + 1 or line.after_blank:
            number += 1
        before = at
        if cells:
            rows[at] = Row(cells, number)
    sizes: dict[int, int] = {}
    for row in rows.values():
        sizes[row.table] = sizes.get(row.table, 0) + 1
    _with_empty_corner(text, lines, rows)
    spaced = {at for at, row in rows.items() if sizes[row.table] < 2 and not _separated(text, lines[at])}
    return {at: row for at, row in rows.items() if at not in spaced}


def _with_empty_corner(text: str, lines: Sequence[Line], rows: dict[int, Row]) -> None:
    """Give the first row of a table the empty cell that a tab before its titles stands for, as others have it."""
    first: dict[int, int] = {}
    for at, row in rows.items():
        head = first.setdefault(row.table, at)
        begin = lines[head].start - lines[head].indent
        if head != at and len(row.cells) == len(rows[head].cells) + 1 and "\t" in text[begin : lines[head].start]:
            rows[head].cells.insert(0, (begin, begin))


def _separated(text: str, line: Line) -> bool:
    return "\t" in text[line.start : line.end] or "|" in text[line.start : line.end]


def _cells(text: str, line: Line) -> list[tuple[int, int]] | None:
    """The cells of a line; empty for a rule between rows, None for a line of no table."""
    said = text[line.start : line.end]
    if "\n" in said:
        return None
    if ("|" in said or "+" in said) and _RULE.match(said) and len(said) > 2:
        return []
    if "\t" in said or "|" in said:
        bars = "|" in said
        begin = line.start + (1 if bars and said[0] == "|" else 0)
        end = line.end - (1 if bars and said[-1] == "|" and len(said) > 1 else 0)
        edges = [begin, *(p + 1 for p in range(begin, end) if text[p] in "\t|"), end + 1]
        return [_trimmed(text, a, b - 1) for a, b in pairwise(edges)]
    pieces = [m.span() for m in _COLUMNS.finditer(text, line.start, line.end)]
    apart = [b[0] - a[1] for a, b in pairwise(pieces)]
    if len(pieces) < 2 or min(apart) < 2 or max(apart) < 2 or text[line.end - 1] in ".;":
        return None
    return pieces


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class Table:
    """One table: its header, its columns, and what they say of the findings named in it."""

    def __init__(self, text: str, rows: Sequence[Row], has_finding: Sequence[bool]) -> None:
        """Take the rows in order, and whether a finding stands in the first cell of each."""
        self._text = text
        self._rows = rows
        self.first = rows[0]
        first = [self._said(cell) for cell in rows[0].cells]
        answers = [cell for cell in first[1:] if cell]
        finding = has_finding[0] or (len(answers) == 1 and bool(first[0]) and not _GENERIC.search(first[0]))
        answered = bool(answers) and finding and all(_header(cell) or _value(cell) is not None for cell in answers)
        named = known(first[0]) == "other" or any(
            _PATIENTS.search(cell) or _header(cell) or known(cell) for cell in first[1:]
        )
        valued = any(_value(cell) is not None for cell in first[1:] if cell and not _header(cell))
        self.header = first if len(rows) > 1 and not (has_finding[0] and not named) and (named or not valued) else None
        prose = any(len(cell.split()) > _TITLE for cell in first)
        if self.header and (answered or prose or (len(first) > 1 and has_finding[0] and not named)):
            self.header = None

    def _said(self, cell: tuple[int, int]) -> str:
        return self._text[cell[0] : cell[1]].strip(" *_:")

    @property
    def of_relatives(self) -> bool:
        """Whether the first column is one of the family history."""
        return self.header is not None and known(self.header[0]) == "other"

    def of_row(self, row: Row) -> Assertion | None:
        """What a row says of the finding in its first cell; None: it says nothing by yes or no."""
        values = [self._said(cell) for cell in row.cells[1:]]
        head = self.header[1:] if self.header and row is not self._rows[0] else []
        states: list[tuple[bool, Assertion]] = []
        choices, answers = 0, sum(_header(title) is not None for title in head)
        columns = self._columns(row)
        for place, value in enumerate(values):
            column = columns[place + 1] - 1
            title = head[column] if column < len(head) else ""
            chosen = _header(title)
            if chosen is not None:
                choices += 1
                if _MARKED.match(value):
                    states.append((True, chosen))
                elif choices == answers == 1 and (state := _value(value)) is not None:
                    states.append((True, _against(state) if chosen is Assertion.absent else state))
                continue
            if known(title) == "other":
                if value:
                    states.append((False, Assertion.other))
                continue
            if (state := _value(value)) is not None:
                states.append((True, state))
        own = [state for of_patient, state in states if of_patient]
        if own:
            return foremost(own)
        return Assertion.other if states else None

    def _columns(self, row: Row) -> Sequence[int]:
        """The column of each cell: in a table of blanks with empty cells, that whose title stands above."""
        count = len(row.cells)
        titles = self.first.cells
        begin = self._text.rfind("\n", 0, row.cells[0][0]) + 1
        said = self._text[begin : row.cells[-1][1]]
        if self.header is None or count >= len(titles) or "\t" in said or "|" in said:
            return range(count)
        head = self._text.rfind("\n", 0, titles[0][0]) + 1
        return [
            min(range(len(titles)), key=lambda title: abs((titles[title][0] - head) - (cell[0] - begin)))
            if place
            else 0
            for place, cell in enumerate(row.cells)
        ]

    def answer_behind(self, row: Row, cell: int) -> Assertion | None:
        """What the cell behind one says of what stands in it: "Kidney | nephrocalcinosis | N"; None: no yes or no."""
        behind = [said for said in map(self._said, row.cells[cell + 1 :]) if said]
        return _value(behind[0]) if len(behind) == 1 else None

    def of_header(self, column: int) -> Assertion | None:
        """What the rows say of a finding that heads a column."""
        own: list[Assertion] = []
        others: list[Assertion] = []
        if self.header is None:
            return None
        for row in self._rows[1:]:
            if column >= len(row.cells):
                continue
            state = _value(self._said(row.cells[column]))
            if state is not None:
                (others if known(self._said(row.cells[0])) == "other" else own).append(state)
        if own:
            return foremost(own)
        return Assertion.other if others else None

    def column_state(self, row: Row, column: int) -> str:
        """What the title of a column or of a row says of findings in its cells: a state, or nothing."""
        label = known(self._said(row.cells[0])) if column else None
        if label and label != "patient":
            return label
        title = self.header[column] if self.header and column < len(self.header) and row is not self._rows[0] else ""
        chosen = _header(title)
        return known(title) or (chosen.value if chosen else "") or ""


def cell_of(row: Row, place: int) -> int:
    """Which cell a place stands in."""
    return max(0, bisect_right(row.cells, (place, sys.maxsize)) - 1)


def _header(title: str) -> Assertion | None:
    """A column for one answer: Present, Absent, Yes, No."""
    title = title.strip().lower()
    if title in ("yes", "y", "present", "+", "positive", "pos", "+ve", "affected", "✓", "observed"):
        return Assertion.present
    if title in ("no", "n", "absent", "-", "–", "negative", "neg", "-ve", "not present", "excluded", "unaffected"):
        return Assertion.absent
    if title in (
        "unknown",
        "uncertain",
        "?",
        "not known",
        "not assessed",
        "n/a",
        "not tested",
        "suspected",
        "possible",
    ):
        return Assertion.uncertain
    return None


def _value(said: str) -> Assertion | None:
    """An answer: yes, no, unknown; None: the cell is empty, or says something else ("no sacral dimple")."""
    for pattern, state in (
        (_OPEN, Assertion.uncertain),
        (_NO, Assertion.absent),
        (_YES, Assertion.present),
    ):
        if match := pattern.match(said):
            return state if _ANSWERED.match(said, match.end()) else None
    return None


def _against(state: Assertion) -> Assertion:
    return {Assertion.present: Assertion.absent, Assertion.absent: Assertion.present}.get(state, state)
