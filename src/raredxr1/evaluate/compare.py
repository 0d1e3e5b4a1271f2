"""Two systems on the same cases: McNemar's exact test, paired bootstrap, and the cases that flipped.

McNemar (1947): of the cases that one system has right and the other wrong, as many should go each way if the two are
equally good; the exact two-sided binomial probability of a split at least as uneven. The bootstrap resamples cases,
both systems together.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from raredxr1.errors import InputError
from raredxr1.evaluate.judging import JudgedCase, read_judged
from raredxr1.evaluate.matcher import Level
from raredxr1.evaluate.metrics import KS, reached, reciprocal
from raredxr1.evaluate.metrics_schema import Figure
from raredxr1.evaluate.resampling import Resamples
from raredxr1.evaluate.rows import Run, read_run
from raredxr1.schemas import Strict


class Difference(Strict):
    """One figure of both systems, and what lies between them."""

    figure: str = Field(description="strict recall@1, ... or strict mrr")
    a: float
    b: float
    difference: Figure = Field(description="b - a, with its paired interval")
    only_a: int | None = Field(default=None, description="cases only the first has right")
    only_b: int | None = None
    mcnemar_p: float | None = Field(default=None, description="exact, two-sided; null for mrr")


class Flip(Strict):
    """A case on which the two differ at one k."""

    case_id: str
    gold: str
    k: int
    rank_a: int | None
    rank_b: int | None
    first_a: str
    first_b: str


class Comparison(Strict):
    """What `raredx compare` gives."""

    a: str
    b: str
    n: int
    notes: list[str]
    differences: list[Difference]
    flips: list[Flip]


def compare(folder_a: Path, folder_b: Path, level: Level = "strict", seed: int = 0) -> Comparison:
    """Compare two run folders.

    Raises:
        InputError: a folder is no finished run or of another version, or the two ran on different cases.
    """
    runs = read_run(folder_a), read_run(folder_b)
    a, b = read_judged(folder_a), read_judged(folder_b)
    _same_cases(folder_a, folder_b, runs, a, b)
    differences = [_recall(a, b, level, k, seed) for k in KS] + [_mrr(a, b, level, seed)]
    return Comparison(
        a=title(runs[0]),
        b=title(runs[1]),
        n=len(a),
        notes=_notes(*runs),
        differences=differences,
        flips=[flip for k in (1, 10) for flip in _flips(a, b, level, k)],
    )


def mcnemar(only_a: int, only_b: int) -> float:
    """Exact two-sided p of a split of the discordant cases at least this uneven; 1 where there are none."""
    n, least = only_a + only_b, min(only_a, only_b)
    if only_a == only_b:
        return 1.0
    logs = [math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) for i in range(least + 1)]
    return min(1.0, 2 * sum(math.exp(log - n * math.log(2)) for log in logs))


def title(run: Run) -> str:
    """What to call a run: its system, its model, and how it was asked."""
    said = [run.system]
    if run.model and run.model.get("name") and str(run.model["name"]) not in run.system:
        said.append(str(run.model["name"]))
    said += [str(run.settings[key]) for key in ("form", "ranking", "findings") if run.settings.get(key)]
    return " ".join(said)


def _same_cases(
    folder_a: Path, folder_b: Path, runs: tuple[Run, Run], a: Sequence[JudgedCase], b: Sequence[JudgedCase]
) -> None:
    hashes = [sorted(file["sha256"] for file in run.cases) for run in runs]
    if [case.case_id for case in a] == [case.case_id for case in b] and hashes[0] == hashes[1]:
        return
    shared = len({case.case_id for case in a} & {case.case_id for case in b})
    raise InputError(
        f"{folder_a} and {folder_b} ran on different cases ({len(a)} and {len(b)}, {shared} with the same id): "
        "run both on the same file with the same --limit and --seed"
    )


def _notes(a: Run, b: Run) -> list[str]:
    notes = []
    if a.knowledge != b.knowledge:
        notes.append(f"judged with different knowledge: {a.knowledge} and {b.knowledge}")
    differ = [key for key in ("note_field", "negatives") if a.settings.get(key) != b.settings.get(key)]
    return notes + [f"they read different notes ({key})" for key in differ]


def _recall(a: Sequence[JudgedCase], b: Sequence[JudgedCase], level: Level, k: int, seed: int) -> Difference:
    right_a, right_b = ([reached(case, level, k) for case in cases] for cases in (a, b))
    only_a = sum(x and not y for x, y in zip(right_a, right_b, strict=True))
    only_b = sum(y and not x for x, y in zip(right_a, right_b, strict=True))
    return Difference(
        figure=f"{level} recall@{k}",
        **_pair(right_a, right_b, seed),
        only_a=only_a,
        only_b=only_b,
        mcnemar_p=mcnemar(only_a, only_b),
    )


def _mrr(a: Sequence[JudgedCase], b: Sequence[JudgedCase], level: Level, seed: int) -> Difference:
    mean_a, mean_b = ([reciprocal(case, level) for case in cases] for cases in (a, b))
    return Difference(figure=f"{level} mrr", **_pair(mean_a, mean_b, seed))


def _pair(a: Sequence[float], b: Sequence[float], seed: int) -> dict[str, Any]:
    """Both means, and their difference with the interval of the paired bootstrap."""
    draw = Resamples({"a": a, "b": b, "b - a": [y - x for x, y in zip(a, b, strict=True)]}, seed)
    return {"a": draw.mean("a").value, "b": draw.mean("b").value, "difference": draw.mean("b - a")}


def _flips(a: Sequence[JudgedCase], b: Sequence[JudgedCase], level: Level, k: int) -> list[Flip]:
    found = []
    for one, other in zip(a, b, strict=True):
        if reached(one, level, k) != reached(other, level, k):
            found.append(
                Flip(
                    case_id=one.case_id,
                    gold=one.gold,
                    k=k,
                    rank_a=one.rank(level),
                    rank_b=other.rank(level),
                    first_a=one.names[0].name if one.names else "",
                    first_b=other.names[0].name if other.names else "",
                )
            )
    return found
