"""Stage 2, sampling: attempt, judge, reflect, accept, write back.

    raredx train reflect --recipe recipes/tiny/reflect.yaml

Round 0 asks plainly, `attempts` times a case, each time with other findings masked. Every further round gives failures
of the cases that have no accepted turn back to the teacher, with knowledge (K) and opinions (E). All of it is appended
to attempts.jsonl, batch by batch, so a run that was killed goes on and samples nothing twice. At the end accepted.jsonl
holds the examples to learn from, and report.md says what came of it.

`method: resample` is the control of the same cost: the same first attempts, then plain attempts on what is unsolved,
until as many tokens are spent.
"""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from raredxr1 import runstore
from raredxr1.diagnose.batched import parts
from raredxr1.diagnose.names import open_names
from raredxr1.errors import InputError, writing
from raredxr1.evaluate.case_set import CaseSet, Item
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.progress import bar
from raredxr1.reflect import attempt_log, planning
from raredxr1.reflect.attempt_log import Attempt
from raredxr1.reflect.config import ReflectConfig
from raredxr1.reflect.context import Context, Job
from raredxr1.reflect.opinions import Opinion, Rankings, open_further, opinion_of, split_sources
from raredxr1.reflect.patients import candidate_diseases, open_patients
from raredxr1.reflect.report import summarise, write_report
from raredxr1.reflect.sft_rows import write_back
from raredxr1.reflect.teacher import Teacher, open_teacher

MOST_PASSES = 500
"""Passes of resampling over the unsolved cases, at most; the budget ends it long before."""


def reflect(config: ReflectConfig, quiet: bool = False, teacher: Teacher | None = None) -> Path:
    """Run the stage; returns its folder. A complete stage is not run again, an interrupted one goes on.

    Args:
        config: the recipe.
        quiet: no progress bar.
        teacher: who answers; by default whom the recipe names.

    Raises:
        InputError: the folder holds another run, or something the recipe names is missing or cannot be used.
    """
    stage = runstore.Stage("reflect", config)
    if stage.finished():
        return config.out
    if config.like is not None and not (config.like / "manifest.json").is_file():
        raise InputError(f"like {config.like}: not the folder of a finished run of reflection")
    rankings, _ = split_sources(config.opinions)
    names = open_names(config.knowledge)
    diseases = candidate_diseases(config, names.kb)
    cases = open_patients(config, names.kb)
    facts = {"config": stage.settings, "knowledge": names.kb.version, "cases": cases.files, "teacher": config.teacher}
    rows = attempt_log.begin(config.out, facts)
    unusable = _unusable(config.out, cases)
    items = {item.key: item for item in cases.items if not item.error}
    if not items:
        raise InputError(f"none of the {len(cases.items)} cases can be used: {next(iter(unusable.values()))}")
    bench = Context(config, items, names, Matcher(names.kb, names.linker), Rankings(names.kb, diseases, rankings))
    bench.record(rows)
    if config.method == "reflect":
        bench.further = _further_opinions(config, bench)
    sampler = Sampler(bench, rows, teacher or open_teacher(config), quiet)
    if config.method == "reflect":
        _reflect_rounds(sampler)
    else:
        _resample(sampler, attempt_log.read_attempts(config.like or Path()))
    past = planning.history(sampler.rows)
    accepted = write_back(bench, past)
    _write_lines(config.out / attempt_log.ACCEPTED, [row.model_dump_json() for row in accepted])
    summary = summarise(config, bench, past, accepted, unusable, _rates(config.out))
    write_report(config.out, summary, past)
    stage.manifest(
        names.kb.provenance() | {Path(file["file"]).name: file["sha256"] for file in cases.files},
        _sources(list(items.values())),
        summary.counts(),
        {"teacher": config.teacher},
    )
    return config.out


class Sampler:
    """Gets jobs answered in batches, judges and writes each batch, and skips what is written already."""

    def __init__(self, bench: Context, rows: list[Attempt], teacher: Teacher, quiet: bool) -> None:
        """Take the turns a former run has left."""
        self.bench, self.rows, self._teacher, self._quiet = bench, rows, teacher, quiet
        self._done = {row.key for row in rows}

    @property
    def spent(self) -> int:
        """Tokens read and written so far."""
        return sum(row.cost for row in self.rows)

    def take(self, rows: Sequence[Attempt]) -> None:
        """Take over turns that were sampled elsewhere."""
        new = [row for row in rows if row.key not in self._done]
        self.bench.record(new)
        self._keep(new)

    def run(self, jobs: Sequence[Job], title: str, budget: int | None = None) -> None:
        """Sample the jobs that are not done yet, until the budget of tokens is spent."""
        waiting = [job for job in jobs if job.key not in self._done]
        with bar(title, len(jobs), len(jobs) - len(waiting), self._quiet) as advance:
            for batch in parts(waiting, self.bench.config.batch):
                if budget is not None and self.spent >= budget:
                    return
                self._batch(batch)
                advance(len(batch))

    def _batch(self, batch: Sequence[Job]) -> None:
        seed = Random(f"{self.bench.config.seed}/{'/'.join(map(str, batch[0].key))}").getrandbits(31)
        started = time.perf_counter()
        written = self._teacher.write([job.ask for job in batch], seed)
        seconds = time.perf_counter() - started
        rows = []
        for job, turn in zip(batch, written, strict=True):
            right, rejections = self.bench.verdict(job.case_id, turn, job.shown)
            row = Attempt(
                case_id=job.case_id,
                round=job.round,
                index=job.index,
                kind="hint" if job.shown.hint else "reflection" if job.of else "attempt",
                of=job.of,
                advice=self.bench.advice(job.case_id, job.opinions),
                system=job.ask.system,
                user=job.ask.user,
                text=turn.text,
                tokens=turn.tokens,
                prompt_tokens=turn.prompt_tokens,
                truncated=turn.truncated,
                status=turn.status,
                right=right,
                rejections=rejections,
            )
            self.bench.record([row])  # known before the next is judged, which may be its near-duplicate
            rows.append(row)
        self._keep(rows)
        tokens = sum(turn.tokens for turn in written)
        metrics = {"round": batch[0].round, "turns": len(batch), "seconds": round(seconds, 6), "tokens": tokens,
                   "rollouts_per_second": round(len(batch) / max(seconds, 1e-9), 2),
                   "tokens_per_second": round(tokens / max(seconds, 1e-9), 1)}  # fmt: skip
        attempt_log.add_lines(self.bench.config.out / attempt_log.METRICS, [metrics])

    def _keep(self, rows: Sequence[Attempt]) -> None:
        if rows:
            attempt_log.add_lines(self.bench.config.out / attempt_log.ATTEMPTS, rows)
        self.rows.extend(rows)
        self._done |= {row.key for row in rows}


def _reflect_rounds(sampler: Sampler) -> None:
    bench = sampler.bench
    config = bench.config
    sampler.run(planning.first_attempts(bench, 0, config.attempts, list(bench.items)), "attempts")
    last = config.rounds + (config.hint != "none")
    for round_ in range(1, last + 1):
        jobs = planning.reflections(bench, planning.history(sampler.rows), round_, hint=round_ > config.rounds)
        sampler.run(jobs, f"reflection {round_}")


def _resample(sampler: Sampler, like: Sequence[Attempt]) -> None:
    """Try again what a run of reflection did not solve at first, for as many tokens as it spent."""
    bench = sampler.bench
    config = bench.config
    first = [row for row in like if row.round == 0]
    if {row.case_id for row in first} != set(bench.items):
        raise InputError(f"like {config.like}: a run on other cases; give both the same cases and seeds")
    sampler.take(first)
    budget = sum(row.cost for row in like)
    each = config.failures * config.revisions
    for round_ in range(1, MOST_PASSES + 1):
        left = planning.unsolved(bench, planning.history(sampler.rows), round_)
        if not left or sampler.spent >= budget:
            return
        sampler.run(planning.first_attempts(bench, round_, each, left), f"again {round_}", budget)


def _further_opinions(config: ReflectConfig, bench: Context) -> dict[str, list[Opinion]]:
    """Ask further models once about every case; what they said, or why not, is kept in opinions.jsonl."""
    path = config.out / attempt_log.OPINIONS
    runstore.cut_lines(path)
    held: dict[tuple[str, str], list[str]] = {}
    for row in map(json.loads, runstore.whole_lines(path)):
        held[row["source"], row["case_id"]] = row["names"]
    for source, system in open_further(config, bench.names).items():
        waiting = [item for item in bench.items.values() if (source, item.key) not in held]
        for batch in parts(waiting, system.batch):
            rows: list[dict[str, Any]] = [
                {"source": source, "case_id": p.case_id, "names": [a.name for a in p.answer], "reason": p.reason}
                for p in system.predict(batch)
            ]
            attempt_log.add_lines(path, rows)
            held.update({(source, row["case_id"]): row["names"] for row in rows})
    found: dict[str, list[Opinion]] = {}
    for place, source in enumerate(split_sources(config.opinions)[1], 1):
        for case_id in bench.items:
            opinion = opinion_of(f"model {place}", held[source, case_id], config.opinion_names, bench.names)
            found.setdefault(case_id, []).append(opinion)
    return found


def _unusable(out: Path, cases: CaseSet) -> dict[str, str]:
    """Write down which cases cannot be used, and why."""
    found = {item.key: item.error for item in cases.items if item.error}
    _write_lines(out / attempt_log.UNUSABLE, [json.dumps({"case_id": k, "reason": why}) for k, why in found.items()])
    return found


def _sources(items: Sequence[Item]) -> list[str]:
    """Where the cases come from, by repository and split, as evaluation looks for overlap; else by file."""
    found = []
    for item in items:
        source = (item.case.source or "") if item.case else ""
        split = getattr(item.case, "split", None)
        name = source.split("@")[0].strip() or f"{item.file} (cases)"
        found.append(f"{name} (split: {split})" if isinstance(split, str) else name)
    return list(dict.fromkeys(found))


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    with writing(path):
        runstore.write_text(path, "".join(line + "\n" for line in lines))


def _rates(out: Path) -> dict[str, float]:
    """Turns and generated tokens a second over all batches."""
    path = out / attempt_log.METRICS
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []
    seconds = sum(row["seconds"] for row in rows)
    if not seconds:
        return {}
    return {
        "rollouts_per_second": round(sum(row["turns"] for row in rows) / seconds, 2),
        "tokens_per_second": round(sum(row["tokens"] for row in rows) / seconds, 1),
    }
