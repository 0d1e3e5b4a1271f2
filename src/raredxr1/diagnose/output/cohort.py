"""Many results at a glance: one page with plots and a line a patient, for the rows of a batch.

Rows are read one by one, and only what the page shows of each is kept: a batch of a hundred thousand notes fits. The
plots are inline SVG: no script, no plotting library, nothing from outside; good on paper and in the dark.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Template

from raredxr1.diagnose.output import words
from raredxr1.diagnose.output.glossary import in_sentence, printable
from raredxr1.diagnose.output.pages import environment
from raredxr1.diagnose.output.shown import shown_lines
from raredxr1.diagnose.result import DISCLAIMER, Result

NAMED = 3
"""Candidates of each patient that the page names."""
MOST = 15
"""Bars of a chart of names."""
_TENTHS = [tenth / 10 for tenth in range(10)]
_AGES = (("under 1 year", 0), ("1 to 4", 1), ("5 to 11", 5), ("12 to 17", 12), ("18 to 39", 18), ("40 and older", 40))
_FOUND = (("none", 0), ("1", 1), ("2 to 4", 2), ("5 to 9", 5), ("10 to 19", 10), ("20 and more", 20))


@dataclass(frozen=True)
class Patient:
    """What the page says of one result.

    Attributes:
        name: as the input names it.
        who: sex and age.
        findings: how many are present.
        candidates: name, id and confidence of the first lines; empty where nothing stands out or none is likely.
        none: probability that the right disease is not listed.
        failure: why there is no result; empty where there is one.
    """

    name: str
    who: str = ""
    findings: int = 0
    candidates: Sequence[tuple[str, str, str]] = ()
    none: float | None = None
    failure: str = ""


@dataclass
class Cohort:
    """The results of a batch, counted."""

    patients: list[Patient] = field(default_factory=list)
    first: Counter[str] = field(default_factory=Counter)
    present: Counter[str] = field(default_factory=Counter)
    sexes: Counter[str] = field(default_factory=Counter)
    ages: list[float] = field(default_factory=list)
    confidences: list[float] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    """What made the results; one entry where all were made alike."""
    remarks: set[str] = field(default_factory=set)

    def add(self, name: str, result: Result | None, failure: str = "") -> None:
        """Count one result, or one that failed."""
        if result is None:
            self.patients.append(Patient(printable(name), failure=printable(failure) or "no reason was kept"))
            return
        lines = [] if words.says_nothing(result) else shown_lines(result)
        present = {one.term for one in result.stated if one.state == "present"}
        self.present.update(in_sentence(term) for term in present)
        self.sexes[result.patient.sex.value if result.patient.sex else "not stated"] += 1
        if result.patient.age:
            self.ages.append(result.patient.age.years)
        if lines:
            self.first[lines[0].name] += 1
            if lines[0].confidence is not None:
                self.confidences.append(lines[0].confidence)
        self.made.add(words.versions(result))
        self.remarks.update(words.confidence_lines(result))
        self.patients.append(
            Patient(
                printable(name),
                words.in_words(result.patient),
                len(present),
                [(line.name, line.id or "no id", line.share) for line in lines[:NAMED]],
                result.calibration.none_of_these if result.calibration else None,
            )
        )

    @property
    def failed(self) -> list[Patient]:
        """Those without a result."""
        return [one for one in self.patients if one.failure]

    @property
    def nothing(self) -> int:
        """In how many nothing stands out."""
        return sum(not one.candidates and not one.failure for one in self.patients)


def cohort(rows: Iterable[tuple[str, Result | None, str]]) -> Cohort:
    """Count rows of (name, result, why it failed)."""
    counted = Cohort()
    for name, result, failure in rows:
        counted.add(name, result, failure)
    return counted


def cohort_page(known: Cohort, title: str) -> str:
    """The page: no scripts, nothing from outside.

    Args:
        known: the results.
        title: what the page is called, such as the name of the file.
    """
    findings = [one.findings for one in known.patients if not one.failure]
    charts = [
        (
            "Confidence of the first disease",
            "Where a disease stands out. " + " ".join(sorted(known.remarks)),
            binned(known.confidences, _TENTHS, [f"{int(t * 100)} to {int(t * 100) + 10}%" for t in _TENTHS]),
        ),
        ("Most often first", "", known.first.most_common(MOST)),
        ("Most frequent findings", "Read as present.", known.present.most_common(MOST)),
        ("Findings present in a note", "", binned(findings, [e for _, e in _FOUND], [name for name, _ in _FOUND])),
        ("Age", f"Stated in {len(known.ages):,}.", binned(known.ages, [e for _, e in _AGES], [n for n, _ in _AGES])),
        ("Sex", "", known.sexes.most_common()),
    ]
    return _template().render(
        title=printable(title),
        known=known,
        charts=[(name, said, bars(items, name)) for name, said, items in charts if any(n for _, n in items)],
        disclaimer=DISCLAIMER,
        words=words,
        named=NAMED,
    )


@cache
def _template() -> Template:
    return environment(Path(__file__).parent).get_template("cohort.html.j2")


WIDTH = 640
_LABEL, _ROW, _COUNT = 300, 22, 48


def bars(items: Sequence[tuple[str, int]], title: str) -> str:
    """Horizontal bars with their labels and counts.

    Args:
        items: label and count, in the order to show.
        title: what screen readers call the picture.
    """
    most = max((count for _, count in items), default=0) or 1
    room = WIDTH - _LABEL - _COUNT
    rows = []
    for place, (label, count) in enumerate(items):
        y, width = place * _ROW, room * count / most
        rows.append(
            f'<text class="label" x="{_LABEL - 8}" y="{y + 15}" text-anchor="end">{_cut(label)}'
            f"<title>{escape(printable(label))}</title></text>"
            f'<rect class="track" x="{_LABEL}" y="{y + 4}" width="{room}" height="14"/>'
            f'<rect class="bar" x="{_LABEL}" y="{y + 4}" width="{width:.1f}" height="14"/>'
            f'<text class="count" x="{_LABEL + room + 6}" y="{y + 15}">{count:,}</text>'
        )
    height = max(len(items), 1) * _ROW
    said = "; ".join(f"{label}: {count:,}" for label, count in items)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(printable(f"{title}. {said}"))}">'
        f"{''.join(rows)}</svg>"
    )


def binned(values: Sequence[float], edges: Sequence[float], labels: Sequence[str]) -> list[tuple[str, int]]:
    """How many values lie from each edge up to the next; the last takes all that is above.

    Args:
        values: the values; those below the first edge are left out.
        edges: lower ends, rising.
        labels: what to call each.
    """
    counts = [0] * len(edges)
    for value in values:
        above = [place for place, edge in enumerate(edges) if value >= edge]
        if above:
            counts[above[-1]] += 1
    return list(zip(labels, counts, strict=True))


def _cut(label: str, most: int = 44) -> str:
    label = printable(label)
    return escape(label if len(label) <= most else f"{label[: most - 1]}…")
