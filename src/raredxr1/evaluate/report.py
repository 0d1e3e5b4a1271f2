"""report.html: one file that opens without network: figures, plots, and a page a case (CSS shows the one asked for)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Template
from markupsafe import Markup

from raredxr1.diagnose.output.html import Mark, Segment, segments
from raredxr1.diagnose.output.templates import environment
from raredxr1.evaluate import charts
from raredxr1.evaluate.case_set import CaseSet, Item
from raredxr1.evaluate.judging import JudgedCase
from raredxr1.evaluate.metrics import KS
from raredxr1.evaluate.metrics_schema import Figure, MetricsRow
from raredxr1.evaluate.rows import Prediction, Run
from raredxr1.runstore import write_text
from raredxr1.schemas import Finding

CURVES = ("all", "in_kb", "seen", "unseen")
LEVEL_WORDS = {"strict": "right", "subtype": "right family", "category": "broader", None: "wrong"}


@dataclass(frozen=True)
class Page:
    """One case as the report shows it."""

    number: int
    item: Item
    case: JudgedCase
    prediction: Prediction
    segments: list[Segment]


def write_report(
    path: Path,
    run: Run,
    cases: CaseSet,
    predictions: Sequence[Prediction],
    judged: Sequence[JudgedCase],
    rows: Sequence[MetricsRow],
    pages: int,
) -> None:
    """Write the report, whole or not at all; at most `pages` cases get a page, spread evenly over the run."""
    text = render(run, cases, predictions, judged, rows, pages)
    write_text(path, text)


def _marks(findings: Sequence[Finding]) -> list[Mark]:
    return [Mark(f.span, "present" if f.present else "absent", f.term, f.index) for f in findings if f.span]


def render(
    run: Run,
    cases: CaseSet,
    predictions: Sequence[Prediction],
    judged: Sequence[JudgedCase],
    rows: Sequence[MetricsRow],
    pages: int,
) -> str:
    """The report as HTML."""
    shown = spread(len(judged), pages)
    made = [
        Page(
            i + 1,
            cases.items[i],
            judged[i],
            predictions[i],
            segments(cases.items[i].note, _marks(predictions[i].findings)),
        )
        for i in shown
    ]
    all_row = rows[0]
    return _template().render(
        run=run,
        rows=rows,
        all=all_row,
        warnings=cases.warnings,
        overlap=all_row.overlap,
        curves=Markup(charts.recall_curves([row for row in rows if row.group in CURVES])),
        calibration=Markup(charts.calibration(all_row.calibration)) if all_row.calibration else None,
        pages=made,
        left_out=len(judged) - len(made),
        level_words=LEVEL_WORDS,
        ks=KS,
        percent=percent,
        plain=plain,
    )


def spread(n: int, most: int) -> list[int]:
    """At most so many of n places, evenly spread, the first among them."""
    return list(range(n)) if n <= most else [i * n // most for i in range(most)]


def percent(figure: Figure | None) -> str:
    """A share with its interval: "16.3 (13.7-18.9)"."""
    if figure is None:
        return "-"
    return f"{100 * figure.value:.1f} ({100 * figure.ci95[0]:.1f}-{100 * figure.ci95[1]:.1f})"


def plain(figure: Figure | None) -> str:
    """Any other figure with its interval."""
    return "-" if figure is None else f"{figure.value:.3g} ({figure.ci95[0]:.3g}-{figure.ci95[1]:.3g})"


@cache
def _template() -> Template:
    return environment(Path(__file__).parent).get_template("report.html.j2")
