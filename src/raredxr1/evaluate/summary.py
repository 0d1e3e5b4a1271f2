"""The terminal's summary of a run and of a comparison: plain lines that survive a pipe."""

from collections.abc import Sequence

from raredxr1.evaluate.compare import Comparison
from raredxr1.evaluate.metrics_schema import Figure, MetricsRow
from raredxr1.evaluate.report import percent, plain

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
