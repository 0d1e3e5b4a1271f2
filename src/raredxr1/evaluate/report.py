"""report.html: one file that opens without network: figures, plots, and a page a case (CSS shows the one asked for)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Template
from markupsafe import Markup

from raredxr1.diagnose.output.html import Mark, Segment, segments
from raredxr1.diagnose.output.pages import environment
from raredxr1.evaluate.case_set import CaseSet, Item
from raredxr1.evaluate.compare import Comparison
from raredxr1.evaluate.judging import JudgedCase
from raredxr1.evaluate.metrics import KS
from raredxr1.evaluate.metrics_schema import Bin, Figure, MetricsRow, Row
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
        curves=Markup(recall_curves([row for row in rows if row.group in CURVES])),
        calibration=Markup(calibration_chart(all_row.calibration)) if all_row.calibration else None,
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


WIDTH, HEIGHT, MARGIN = 460, 300, 42
COLOURS = ("#1f5fa8", "#b3541e", "#4d7a36", "#7a4d8f", "#8a8a8a")


def recall_curves(rows: Sequence[Row]) -> str:
    """Strict recall@k of several groups, each with its interval."""
    ticks = [(k, str(k)) for k in KS]
    parts = [_frame("k (names looked at)", "strict recall@k", ticks, max(KS))]
    for row, colour in zip(rows, COLOURS, strict=False):
        points = [(_x(k, max(KS)), _y(row.strict.recall(k).value)) for k in KS]
        for k, (x, _) in zip(KS, points, strict=True):
            low, high = row.strict.recall(k).ci95
            parts.append(f'<line x1="{x:.1f}" y1="{_y(low):.1f}" x2="{x:.1f}" y2="{_y(high):.1f}" stroke="{colour}"/>')
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
    legend = [
        f'<text x="{MARGIN + 10}" y="{20 + 16 * i}" fill="{COLOURS[i]}">{escape(row.group)} (n={row.n})</text>'
        for i, row in enumerate(rows[: len(COLOURS)])
    ]
    return _svg([*parts, *legend], "Recall curves")


def calibration_chart(bins: Sequence[Bin]) -> str:
    """Confidence of the first name against how often it is right; the diagonal is perfect."""
    ticks = [(v / 4, f"{v / 4:g}") for v in range(5)]
    parts = [_frame("confidence of the first name", "share that is right", ticks, 1.0)]
    parts.append(
        f'<line x1="{_x(0, 1)}" y1="{_y(0)}" x2="{_x(1, 1)}" y2="{_y(1)}" stroke="#999" stroke-dasharray="4 4"/>'
    )
    most = max((b.n for b in bins), default=1)
    for b in bins:
        x, y, size = _x(b.confidence, 1), _y(b.accuracy), 3 + 7 * (b.n / most) ** 0.5
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{COLOURS[0]}" fill-opacity="0.7">'
            f"<title>n={b.n}: confidence {b.confidence:.2f}, right {b.accuracy:.2f}</title></circle>"
        )
    return _svg(parts, "Calibration")


def _x(value: float, most: float) -> float:
    return MARGIN + (WIDTH - MARGIN - 16) * value / most


def _y(value: float) -> float:
    return HEIGHT - MARGIN - (HEIGHT - MARGIN - 16) * value


def _frame(across: str, up: str, ticks: Sequence[tuple[float, str]], most: float) -> str:
    parts = [
        f'<rect x="{MARGIN}" y="16" width="{WIDTH - MARGIN - 16}" height="{HEIGHT - MARGIN - 16}" class="frame"/>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(across)}</text>',
        f'<text x="12" y="{HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 12 {HEIGHT / 2})">'
        f"{escape(up)}</text>",
    ]
    for step in range(6):
        y = _y(step / 5)
        parts.append(f'<line x1="{MARGIN}" y1="{y:.1f}" x2="{WIDTH - 16}" y2="{y:.1f}" class="grid"/>')
        parts.append(f'<text x="{MARGIN - 4}" y="{y + 4:.1f}" text-anchor="end">{step / 5:g}</text>')
    for value, said in ticks:
        parts.append(f'<text x="{_x(value, most):.1f}" y="{HEIGHT - MARGIN + 15}" text-anchor="middle">{said}</text>')
    return "".join(parts)


def _svg(parts: Sequence[str], title: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


FLIPS = 20
IN_REPORT = ("findings:", "organ:", "negatives:")
"""Groups that only the report and metrics.json show."""


def run_lines(rows: Sequence[MetricsRow], warnings: Sequence[str]) -> list[str]:
    """The figures of every group; strict first, the other columns apart."""
    first = rows[0]
    lines = [f"{first.system}: {first.n} cases, knowledge {first.knowledge}"]
    lines += [f"NOT HONEST: {line}" for line in first.overlap]
    lines += [f"note: {line}" for line in warnings[:5]]
    if len(warnings) > 5:
        lines.append(f"note: {len(warnings) - 5} more remarks in the report")
    on_lines = ["lines @1", "@10"] if first.lines else []
    table = [["group", "n", "strict @1", "@3", "@5", "@10", "MRR", *on_lines, "family @10", "category @10"]]
    for row in rows:
        if row.group.startswith(IN_REPORT):
            continue
        recalls = [percent(row.strict.recall(k)) for k in (1, 3, 5, 10)]
        others = [percent(row.subtype.recall(10)), percent(row.category.recall(10))]
        lined = [percent(row.lines.recall(k)) if row.lines else "-" for k in (1, 10)] if on_lines else []
        table.append([row.group, str(row.n), *recalls, f"{row.strict.mrr.value:.3f}", *lined, *others])
    lines += ["", *_aligned(table), ""]
    if on_lines:
        lines.append("lines: as the answer is shown, subtypes and twins on one line, right if one of them is")
    lines.append("more groups (number of findings, organ system, negatives) stand in the report")
    lines.append(
        f"unparsed {percent(first.unparsed)}, failed {percent(first.failed)}, "
        f"names unlinked {percent(first.unlinked)}, grounded {percent(first.grounded)}, "
        f"calibration error {plain(first.ece)}"
    )
    lines.append(
        f"findings precision {percent(first.findings_precision)}, recall {percent(first.findings_recall)}; "
        f"{plain(first.seconds_per_case)} s and {plain(first.tokens_per_case)} tokens a case"
    )
    if first.cost is not None:
        lines.append(f"cost {first.cost:g}, refused {first.refused}")
    if first.opinion:
        lines.append(f"second opinion @1 {percent(first.opinion)}, agrees with strict {percent(first.opinion_agrees)}")
    return lines


def comparison_lines(result: Comparison) -> list[str]:
    """Differences with their tests, then the cases that flipped."""
    lines = [f"A: {result.a}", f"B: {result.b}", f"{result.n} cases", *(f"note: {note}" for note in result.notes)]
    table = [["", "A", "B", "B - A", "only A", "only B", "McNemar p"]]
    for d in result.differences:
        share = d.mcnemar_p is not None
        numbers = [f"{100 * d.a:.1f}", f"{100 * d.b:.1f}"] if share else [f"{d.a:.3f}", f"{d.b:.3f}"]
        between = _signed(d.difference, 100 if share else 1)
        tested = [str(d.only_a), str(d.only_b), f"{d.mcnemar_p:.2g}"] if share else ["", "", ""]
        table.append([d.figure, *numbers, between, *tested])
    lines += ["", *_aligned(table)]
    if result.flips:
        table = [["flipped @", "case", "disease", "A", "B", "A says", "B says"]]
        for flip in result.flips[:FLIPS]:
            ranks = [str(flip.rank_a or "-"), str(flip.rank_b or "-")]
            said = [flip.gold[:40], *ranks, flip.first_a[:40], flip.first_b[:40]]
            table.append([str(flip.k), flip.case_id[:40], *said])
        lines += ["", *_aligned(table)]
        if len(result.flips) > FLIPS:
            lines.append(f"and {len(result.flips) - FLIPS} more flips: --json or --out gives all")
    return lines


def _signed(figure: Figure, scale: float) -> str:
    digits = 1 if scale == 100 else 3
    low, high = (scale * bound for bound in figure.ci95)
    return f"{scale * figure.value:+.{digits}f} ({low:+.{digits}f} to {high:+.{digits}f})"


def _aligned(table: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
