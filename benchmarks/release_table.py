"""The text of benchmarks/results/release.md, from finished runs alone."""

import json
import math
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from release_bars import MEGABYTES, bars
from release_runs import BF16, CRR, INT8, STAGES, Found

from raredxr1.evaluate.compare import Comparison
from raredxr1.evaluate.metrics_schema import Figure
from raredxr1.evaluate.misses import analyse, kinds

STEPS = [("base", "+ internalized"), ("+ internalized", "+ RERS"), ("+ RERS", BF16), (BF16, INT8), (INT8, CRR)]
PUBLISHED = [
    ("phenopackets, GPT-4o, per-case results published with malco, n=6,687", "top-1 22.6, top-3 30.8, top-10 35.2"),
    ("phenopackets, best LLM against Exomiser (phenotype only), n=5,213 (EJHG 2026)", "top-1 23.6 against 35.5"),
    ("phenopackets, LIRICAL, n=2,000 (RareAgentBench)", "top-1 46.8"),
    ("RareBench public test, PhenoBrain", "top-1/3/10 30.4/48.3/64.0"),
    ("RareBench RAMEDIS sample, n=200: GPT-4o, Llama3-8B (DxGPT)", "top-1/5 55.5/67.0, 43/56"),
    ("RareArena RDS: GPT-4o, Qwen2.5-7B", "top-1 33.1, 13.2"),
]
HEAD = [
    "| system | note | n | @1 | @3 | @5 | @10 | MRR | unparsed % | grounded % | ECE | s/case |",
    "|---|---|---:|---|---|---|---|---|---:|---:|---:|---:|",
]
CHANGE = ["| set | from | to | n | recall@1 | p | recall@10 | p | MRR |", "|---|---|---|---:|---|---:|---|---:|---|"]


def report(found: Found, limit: int | None, knowledge: Path | None, watts: float, grams: float) -> str:
    """The whole file.

    Args:
        found: the runs.
        limit: cases a set, where not all.
        knowledge: the knowledge base, where not the shipped one.
        watts: of the GPU at full draw.
        grams: CO2 a kilowatt-hour.
    """
    parts = [
        *intro(found, limit),
        *(line for cases in found.sets for line in table(cases, found)),
        "## What each step adds", "",
        "Paired on the same plain notes; strict; points with 95 % bootstrap intervals, McNemar's exact p.", "",
        *CHANGE, *steps(found), "",
        "## In other words", "",
        "The same patients told by `raredx paraphrase`, less the plain notes. Models that met registers in training",
        "have met many of these wordings.", "",
        *CHANGE, *retold(found), "",
        "## Bars", "",
        "Of the worst set, where several count.", "",
        "| bar | wanted | measured | reached |", "|---|---:|---:|---|",
        *(f"| {what} | {wanted} | {value} | {_word(holds)} |" for what, wanted, value, holds in bars(found)), "",
        "## Why cases are missed", "",
        "Of 50 misses of the exported model with CRR at rank 10, by the rules of `raredx misses`.", "",
        "| set | kind | cases | % | what would mend it |", "|---|---|---:|---|---|",
        *misses(found, knowledge), "",
        "## Size, time and cost", "", *costs(found.work, watts, grams), "",
        "## Published figures", "", "Not the same work: other cases, other versions, other judges.", "",
        "| set | figure |", "|---|---|", *(f"| {name} | {figure} |" for name, figure in PUBLISHED),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def intro(found: Found, limit: int | None) -> Iterator[str]:
    yield from ["# Release table", ""]
    yield "Made by `benchmarks/release.py` from what `runs/smol.sh` left. Strict matches in percent with 95 % bootstrap"
    yield "intervals; every case counts, whatever became of it. Short form, ranked by ten beams, unless said otherwise."
    yield "The fusion of opinions (CRR) is fitted on these sets: only the row with the set left out is honest (Wilson"
    yield "intervals), and bars are judged by it."
    knowledge = next(iter(found.rows.values()))["knowledge"]
    yield ""
    yield f"Knowledge {knowledge}; {platform.processor() or platform.machine()}, {os.cpu_count()} cores, shared."
    if limit:
        yield f"At most {limit} cases a set."
    missing = [folder for folder in STAGES.values() if not (found.work / folder).is_dir()]
    if missing:
        yield f"Not there, and left out: {', '.join(missing)}."
    yield ""


def table(cases: str, found: Found) -> Iterator[str]:
    yield from [f"## {cases}", "", *HEAD]
    for (of, text, system), row in found.rows.items():
        if of != cases:
            continue
        strict = row["strict"]
        cells = [system, text, str(row["n"]), *(_interval(strict[f"recall@{k}"]) for k in (1, 3, 5, 10))]
        cells += [f"{strict['mrr']['value']:.3f}", _percent(row["unparsed"]), _percent(row["grounded"])]
        cells += ["-" if row["ece"] is None else f"{row['ece']['value']:.3f}"]
        yield f"| {' | '.join(cells)} | {row['seconds_per_case']['value']:.2f} |"
        honest = found.left_out(cases) if (text, system) == ("plain", CRR) else None
        if honest:
            n, recall = honest["n"], [wilson(honest[f"recall_at_{k}"], honest["n"]) for k in (1, 3, 10)]
            cells = [f"{CRR}, set left out", text, str(n), *recall[:2], "-", recall[2], f"{honest['mrr']:.3f}"]
            yield f"| {' | '.join(cells)} | - | - | {honest['ece']:.3f} | - |"
    yield ""


def steps(found: Found) -> Iterator[str]:
    for cases in found.sets:
        for a, b in STEPS:
            change = found.change((cases, "plain", a), (cases, "plain", b))
            if change:
                yield f"| {cases} | {a} | {b} | {_said(change)} |"


def retold(found: Found) -> Iterator[str]:
    for cases, text, system in found.rows:
        change = found.change((cases, "plain", system), (cases, text, system)) if text == "paraphrased" else None
        if change:
            yield f"| {cases} | {system}, plain | paraphrased | {_said(change)} |"


def misses(found: Found, knowledge: Path | None) -> Iterator[str]:
    """Counts only: the cases are other people's."""
    for cases in found.sets:
        folder = found.folders.get((cases, "plain", CRR))
        for kind in kinds(analyse(folder, at=10, n=50, seed=0, knowledge=knowledge).misses) if folder else []:
            low, high = kind.ci95
            yield f"| {cases} | {kind.kind} | {kind.n} | {kind.share:.0%} ({low:.0%}-{high:.0%}) | {kind.fix} |"


def costs(work: Path, watts: float, grams: float) -> Iterator[str]:
    """Seconds of each stage as its manifest says; energy at full draw, so an upper bound for the GPU alone."""
    yield from ["| stage | minutes | kWh at most | kg CO2 at most |", "|---|---:|---:|---:|"]
    seconds = {}
    for stage in ("internalize", "lessons", "reflect", "finetune", "rl"):
        path = work / stage / "manifest.json"
        if path.is_file():
            seconds[stage] = float(json.loads(path.read_text(encoding="utf-8"))["seconds"])
    for stage, spent in [*seconds.items(), ("all", sum(seconds.values()))]:
        energy = spent / 3600 * watts / 1000
        yield f"| {stage} | {spent / 60:.1f} | {energy:.3f} | {energy * grams / 1000:.3f} |"
    yield from ["", f"At {watts:.0f} W and {grams:.0f} g a kilowatt-hour."]
    exported = work / STAGES[INT8]
    if exported.is_dir():
        size = sum(path.stat().st_size for path in exported.rglob("*") if path.is_file()) / 1e6
        yield f"Exported: {size:.1f} MB, of {MEGABYTES:.0f} at most: {_word(size <= MEGABYTES)}."


def wilson(value: float, n: int) -> str:
    """A share in percent with Wilson's 95 % interval."""
    z = 1.96
    middle, half = value + z * z / (2 * n), z * math.sqrt(value * (1 - value) / n + z * z / (4 * n * n))
    low, high = (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    return f"{100 * value:.1f} ({100 * low:.1f}-{100 * high:.1f})"


def _said(change: Comparison) -> str:
    by_name = {one.figure.removeprefix("strict "): one for one in change.differences}
    cells = [str(change.n)]
    for name in ("recall@1", "recall@10"):
        cells += [_signed(by_name[name].difference, 100, 1), f"{by_name[name].mcnemar_p:.3g}"]
    return " | ".join([*cells, _signed(by_name["mrr"].difference, 1, 3)])


def _signed(figure: Figure, times: int, digits: int) -> str:
    value, low, high = (f"{times * one:+.{digits}f}" for one in (figure.value, *figure.ci95))
    return f"{value} ({low} to {high})"


def _interval(figure: dict[str, Any]) -> str:
    low, high = figure["ci95"]
    return f"{100 * figure['value']:.1f} ({100 * low:.1f}-{100 * high:.1f})"


def _percent(figure: dict[str, Any] | None) -> str:
    return "-" if figure is None else f"{100 * figure['value']:.1f}"


def _word(holds: bool | None) -> str:
    return "-" if holds is None else "yes" if holds else "no"
