"""What the shipped model should reach on development data, and whether it does."""

from collections.abc import Callable, Iterable, Iterator

from release_runs import BF16, CRR, FULL, INT8, Found

from raredxr1.evaluate.compare import Comparison

RECALL = [
    ("phenopackets dev", INT8, 1, 0.24), ("phenopackets dev", INT8, 10, 0.51),
    ("phenopackets dev", CRR, 1, 0.28), ("phenopackets dev", CRR, 10, 0.56),
    ("RareBench RAMEDIS", INT8, 1, 0.25), ("RareBench RAMEDIS", INT8, 10, 0.60),
    ("cupcase, mapped", INT8, 10, 0.25),
]  # fmt: skip
"""Set, row, k, and the least recall@k; of CRR with the set left out of its fit."""
GROUNDED, UNPARSED, ECE, LOST, ROUNDING, MEGABYTES = 0.98, 0.005, 0.08, 0.04, 0.005, 150.0
"""Least grounded spans; most unparsed, calibration error, recall@10 lost to other words and to int8, size."""
Bar = tuple[str, str, str, bool | None]
"""What, wanted, measured, whether it is reached (None: not measured)."""


def bars(found: Found) -> Iterator[Bar]:
    """All bars, worst set first where several count."""
    for cases, system, k, wanted in RECALL:
        yield _bar(f"{cases}, {system}, recall@{k}", f"{wanted:.0%}", _recall(found, cases, system, k), least=wanted)
    yield _bar("grounded spans", f"{GROUNDED:.0%}", _worst(min, _column(found, FULL, "grounded")), least=GROUNDED)
    yield _bar("unparsed", f"{UNPARSED:.1%}", _worst(max, _column(found, INT8, "unparsed")), most=UNPARSED)
    errors = [row["ece"] for cases in found.sets if (row := found.left_out(cases))]
    yield _bar("calibration error, set left out", f"{ECE:.0%}", _worst(max, errors), most=ECE)
    plain = [(cases, "plain", INT8) for cases in found.sets]
    told = [found.change(place, (place[0], "paraphrased", INT8)) for place in plain]
    yield _bar("recall@10 lost to other words", f"{LOST:.0%}", _worst(max, [-lost for lost in _lost(told)]), most=LOST)
    int8 = [found.change((place[0], "plain", BF16), place) for place in plain]
    rounded = _worst(max, [abs(lost) for lost in _lost(int8)])
    yield _bar("recall@10 changed by int8", f"{ROUNDING:.1%}", rounded, most=ROUNDING)


def _bar(what: str, wanted: str, value: float | None, least: float = 0.0, most: float = 1.0) -> Bar:
    if value is None:
        return what, wanted, "not measured", None
    return what, wanted, f"{value:.1%}", least - 1e-9 <= value <= most + 1e-9


def _recall(found: Found, cases: str, system: str, k: int) -> float | None:
    if system == CRR:
        honest = found.left_out(cases)
        return float(honest[f"recall_at_{k}"]) if honest else None
    row = found.rows.get((cases, "plain", system))
    return float(row["strict"][f"recall@{k}"]["value"]) if row else None


def _column(found: Found, system: str, figure: str) -> list[float]:
    rows = [found.rows.get((cases, "plain", system)) for cases in found.sets]
    return [row[figure]["value"] for row in rows if row and row[figure]]


def _lost(changes: Iterable[Comparison | None]) -> list[float]:
    """Differences of recall@10."""
    of_all = [one for change in changes if change for one in change.differences]
    return [one.difference.value for one in of_all if one.figure == "strict recall@10"]


def _worst(pick: Callable[[list[float]], float], values: list[float]) -> float | None:
    return pick(values) if values else None
