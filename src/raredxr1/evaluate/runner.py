"""Ask a system about every case and keep what it says; judge; count; report.

run.json, predictions.jsonl, times.jsonl  as it goes (`rows`)
judged.jsonl, metrics.json, report.html   when every case has its row
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raredxr1.errors import InputError
from raredxr1.evaluate import leakage, metrics
from raredxr1.evaluate.case_set import CaseSet, Item, Selection
from raredxr1.evaluate.judging import JudgedCase, judge_all, write_judged
from raredxr1.evaluate.leakage import Training
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.metrics import Grouper
from raredxr1.evaluate.metrics_schema import Metrics, MetricsRow
from raredxr1.evaluate.opinion import Judge
from raredxr1.evaluate.progress import bar
from raredxr1.evaluate.report import write_report
from raredxr1.evaluate.rows import METRICS, REPORT, Prediction, Run, append, create, read_predictions, read_times
from raredxr1.evaluate.systems import System
from raredxr1.runstore import write_json


@dataclass(frozen=True)
class Outcome:
    """A finished run."""

    out: Path
    judged: list[JudgedCase]
    rows: list[MetricsRow]


def check_overlap(cases: CaseSet, training: Training, allow: bool) -> list[str]:
    """Say where the cases overlap with what the model was trained on.

    Raises:
        InputError: they do, and it is not allowed: no headline figure would be honest.
    """
    found = leakage.overlaps(cases, training.sources, training.inputs)
    if found and not allow:
        raise InputError(
            f"the cases overlap with the training data ({'; '.join(found)}): a headline figure would not be honest; "
            "choose other cases, or say --allow-overlap"
        )
    return found


def settings_of(selection: Selection, **more: Any) -> dict[str, Any]:
    """Everything that decides what a system answers, for run.json."""
    return {**vars(selection), **more}


def evaluate(
    system: System,
    cases: CaseSet,
    out: Path,
    matcher: Matcher,
    settings: dict[str, Any],
    training: Training | None = None,
    *,
    batch: int | None = None,
    resume: bool = False,
    allow_overlap: bool = False,
    quiet: bool = False,
    judge: Judge | None = None,
    pages: int = 500,
) -> Outcome:
    """Run, judge, count and report.

    Args:
        system: what answers.
        cases: what it is asked.
        out: run folder.
        matcher: decides what is right.
        settings: see `settings_of`.
        training: what the model was trained on.
        batch: cases at once; by default what the system likes.
        resume: go on with a run that was interrupted.
        allow_overlap: evaluate on what was trained on, and say so in every output.
        quiet: no progress bar.
        judge: a language model's second opinion.
        pages: cases with a page of their own in the report, at most.

    Raises:
        InputError: the folder holds another run, or the cases overlap with the training data.
    """
    training = training or Training()
    overlap = check_overlap(cases, training, allow_overlap)
    run = Run(
        system=system.name,
        model=system.facts(),
        knowledge=matcher.kb.version,
        cases=cases.files,
        settings=settings,
        n=len(cases.items),
        batch=batch or system.batch,
    )
    predictions = ask(system, cases.items, out, run, resume, quiet)
    judged = judge_all(cases.items, predictions, matcher, read_times(out))
    if judge:
        judged = judge.opinions(cases.items, judged, out, quiet)
    grouper = Grouper(matcher.kb, training.taught, len(cases.files) > 1)
    for place, (item, case) in enumerate(zip(cases.items, judged, strict=True)):
        gold = matcher.gold(item.case.gold if item.case else [])
        flags = leakage.flags(item, gold, matcher.kb)
        judged[place] = case.model_copy(update={"flags": flags, "groups": grouper.groups(item, gold, flags)})
    write_judged(out, judged)
    rows = write_metrics(out, run, judged, overlap)
    write_report(out / REPORT, run, cases, predictions, judged, rows, pages)
    return Outcome(out, judged, rows)


def ask(system: System, items: Sequence[Item], out: Path, run: Run, resume: bool, quiet: bool) -> list[Prediction]:
    """Get the answers that are still lacking, batch by batch, and read them all back."""
    done = create(out, run, resume)
    with bar(run.system, run.n, done, quiet) as advance:
        for start in range(done, run.n, run.batch):
            batch = items[start : start + run.batch]
            started = time.perf_counter()
            good = [item for item in batch if not item.error]
            answered = {p.case_id: p for p in (system.predict(good) if good else [])}
            said = [_with_notices(answered.get(item.key) or unreadable(item), item) for item in batch]
            append(out, said, time.perf_counter() - started)
            advance(len(batch))
    predictions = read_predictions(out)
    if [p.case_id for p in predictions] != [item.key for item in items]:
        raise InputError(f"{out}: its predictions are of other cases; choose another folder")
    return predictions


def _with_notices(prediction: Prediction, item: Item) -> Prediction:
    return prediction.model_copy(update={"notices": [*item.notices, *prediction.notices]})


def unreadable(item: Item) -> Prediction:
    """The row of a case that cannot be evaluated."""
    return Prediction(case_id=item.key, status="unreadable", reason=item.error)


def write_metrics(out: Path, run: Run, judged: Sequence[JudgedCase], overlap: list[str]) -> list[MetricsRow]:
    """Write metrics.json."""
    beside = {
        "system": run.system,
        "model": run.model,
        "knowledge": run.knowledge,
        "cases": run.cases,
        "settings": run.settings,
        "overlap": overlap,
    }
    rows = [MetricsRow.model_validate({**row.model_dump(by_alias=True), **beside}) for row in metrics.rows(judged)]
    write_json(out / METRICS, json.loads(Metrics(rows).model_dump_json(by_alias=True)))
    return rows
