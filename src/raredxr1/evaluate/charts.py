"""Plots as inline SVG, drawn by hand: the report opens without network and without a plotting library."""

from collections.abc import Sequence
from html import escape

from raredxr1.evaluate.metrics import KS
from raredxr1.evaluate.metrics_schema import Bin, Row

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


def calibration(bins: Sequence[Bin]) -> str:
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
