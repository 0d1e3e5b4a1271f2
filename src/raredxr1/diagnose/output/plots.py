"""Bar charts as inline SVG: no script, no plotting library, nothing from outside; good on paper and in the dark."""

from collections.abc import Sequence
from html import escape

from raredxr1.diagnose.output.glossary import printable

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
