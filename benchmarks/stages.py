"""What stage 2 is worth for the model that ships: reflection (RERS) against plain rejection sampling, at equal cost.

    python benchmarks/stages.py work/stages --words RANKER --learn CASES[,split=train][,limit=N] ...
        --judge CASES[,split=dev][,limit=N] ... [--arms resample,reflect,lessons,drills] [--tokens N] [--out FILE.md]

The shipped weights are opened for training (`raredx export checkpoint`: int8 is where they start from). Situations
are read and ranked as in use; raw turns over them, without the grammar, are sampled, judged and, where they fail, given
back (`weighing_attempts.py`) or attempted again, for as many tokens. Each arm then trains the same weights for the same
number of tokens on what it has accepted, and every model writes greedily over the judged cases, again raw.
`lessons` learns from the true turns of the same situations, with nothing sampled: what the sampling has to beat.
`drills` has with each of these turns twelve in the one sentence that weighs (`comparisons.py`).

Each step leaves a file in the folder and is not done again; costs are processor seconds of this process. CASES are as
in benchmarks/weighing.py. RANKER is a ranking by words that has not learned from the cases (recipes/smol/turns.yaml).
"""

import argparse
import json
import platform
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from comparisons import comparison
from weighing import cases
from weighing_attempts import (
    AT_ONCE,
    Situation,
    WeighedAttempt,
    accepted,
    attempt,
    plain,
    resampled,
    reviews,
    situation,
)

from raredxr1.diagnose.calibration import CALIBRATION_FILE, read_fitted
from raredxr1.diagnose.engine import Engine, GenerationSettings
from raredxr1.diagnose.model import SHIPPED
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.opening import open_engine
from raredxr1.evaluate.compare import mcnemar
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.resampling import Resamples
from raredxr1.export import convert, to_checkpoint, unbundle
from raredxr1.export.base import load_model
from raredxr1.internalize.config import FitOptions
from raredxr1.internalize.corpus import Example, encode
from raredxr1.internalize.fit import fit
from raredxr1.reflect.report import percent
from raredxr1.reflect.turns import freeze
from raredxr1.reflect.weighing import WeighingLessons
from raredxr1.runstore import append_lines, whole_lines, write_json, write_text

ARMS = ("resample", "reflect", "lessons", "drills")
DRILLS = 12
"""For each true turn."""
START = "shipped"
GREEDY = GenerationSettings(max_tokens=400)
LONGEST = 1400
"""Tokens of the longest turn with its prompt that is learned from."""


class Work:
    """A folder of steps, each a file of rows and what it took."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def step(self, name: str, kind: type[Any], make: Callable[[], Sequence[Any]]) -> list[Any]:
        """Rows of a step: read where they are written, else made, written and timed."""
        path = self.folder / f"{name}.jsonl"
        if not path.is_file():
            rows = self.timed(name, make)
            write_text(path, "".join(row.model_dump_json() + "\n" for row in rows))
        return [kind.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def attempted(
        self, name: str, engine: Engine, settings: GenerationSettings, asked: Sequence[tuple[Situation, str]]
    ) -> list[WeighedAttempt]:
        """One turn behind each prompt; those of like length together, each batch written when it is there."""
        path = self.folder / f"{name}.jsonl"
        rows = [WeighedAttempt.model_validate_json(line) for line in whole_lines(path)]
        done = {row.case_id for row in rows}
        left = sorted((one for one in asked if one[0].case_id not in done), key=lambda one: len(one[1]))
        for start in range(0, len(left), AT_ONCE):
            part = left[start : start + AT_ONCE]
            seeded = settings.model_copy(update={"seed": settings.seed + len(rows)})
            written = self.timed(name, lambda p=part, s=seeded: attempt(engine, s, p, 0))
            append_lines(path, [row.model_dump_json() for row in written])
            rows += written
        by_id = {row.case_id: row for row in rows}
        return [by_id[case.case_id] for case, _ in asked]

    def timed(self, name: str, make: Callable[[], Any]) -> Any:
        """Do something, and add the processor seconds it took to what the step has taken."""
        began = time.process_time()
        made = make()
        spent = self.costs().get(name, 0.0) + time.process_time() - began
        write_json(self.folder / "costs.json", {**self.costs(), name: round(spent, 1)})
        print(f"{name}: {self.costs()[name]} s", flush=True)
        return made

    def costs(self) -> dict[str, float]:
        """Processor seconds of each step."""
        path = self.folder / "costs.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def situations(said: Sequence[str], words: Path | None) -> list[Situation]:
    """Read and rank the cases of files."""
    names = open_names()
    matcher = Matcher(names.kb, names.linker)
    weighing = WeighingLessons(names, read_fitted(SHIPPED / CALIBRATION_FILE), words)
    items = [item for one in said for item in cases(one, matcher)]
    return [found for item in items if (found := situation(item, weighing, matcher))]


def weighed(drawn: Sequence[Situation], most: int) -> list[Situation]:
    """So many of those in which the right disease is a candidate; in the others there is nothing to be right about.

    Half of them, where there are so many, are situations in which the fusion has another disease first.
    """
    there = [case for case in drawn if case.right]
    Random(0).shuffle(there)
    wrong = [case for case in there if case.names[0] not in case.right][: most // 2]
    right = [case for case in there if case.names[0] in case.right][: most - len(wrong)]
    print(f"{len(drawn)} read, in {len(there)} the right disease is a candidate", flush=True)
    return [case for case in there if case in wrong or case in right]


def train(examples: Sequence[Example], base: Path, folder: Path, options: FitOptions, frozen: int) -> None:
    """Train the base on examples, again and again until the tokens are spent, and make it servable."""
    model, tokenizer = load_model(str(base))
    freeze(model, frozen)
    rows = [encode(example, tokenizer.backend_tokenizer) for example in examples]
    rows = [row for row in rows if len(row[0]) <= options.longest]
    progress = fit(
        model, lambda n: rows[n % len(rows)], tokenizer.pad_token_id, options, folder / "steps", pool=len(rows)
    )
    write_json(folder / "progress.json", vars(progress) | {"rows": len(rows)})
    model.save_pretrained(str(folder / "checkpoint"))
    tokenizer.save_pretrained(str(folder / "checkpoint"))
    convert(folder / "checkpoint", folder / "served", "float32", ("short", "full"), "evidence")


def common_arguments(parser: argparse.ArgumentParser) -> None:
    """What every benchmark of a stage over situations asks for."""
    parser.add_argument("work", type=Path)
    parser.add_argument("--learn", nargs="+", required=True)
    parser.add_argument("--judge", nargs="+", required=True)
    parser.add_argument("--words", type=Path)
    parser.add_argument("--frozen", type=int, default=20, help="first layers that stay as they are")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path)


def main() -> None:
    """Do what is not done yet, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    common_arguments(parser)
    parser.add_argument("--most", type=int, default=64, help="situations to learn from")
    parser.add_argument("--arms", default="resample,reflect")
    parser.add_argument("--tokens", type=int, default=30_000, help="that each arm trains on")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--temperature", type=float, default=0.7)
    asked = parser.parse_args()
    work = Work(asked.work)
    learn = work.step("learn", Situation, lambda: weighed(situations(asked.learn, asked.words), asked.most))
    judged = work.step("judge", Situation, lambda: situations(asked.judge, None))
    start = unbundle(SHIPPED)
    sampling = GenerationSettings(max_tokens=400, temperature=asked.temperature, seed=1)
    engine = open_engine(start, asked.threads)
    first = work.attempted("first", engine, sampling, plain(learn))
    again = {"reflect": work.attempted("reflect", engine, sampling, reviews(learn, first))}
    budget = sum(row.cost for row in again["reflect"])
    again["resample"] = work.step("resample", WeighedAttempt, lambda: resampled(engine, sampling, learn, first, budget))
    answers = {START: work.attempted(f"answers-{START}", engine, GREEDY, plain(judged))}
    lines = [*sampled(learn, first, again), ""]
    options = FitOptions(
        tokens=asked.tokens, step_tokens=1600, part_tokens=1400, longest=LONGEST, learning_rate=asked.rate,
        warmup=0.1, decay=0.5, save_minutes=60,
    )  # fmt: skip
    base = asked.work / "base"
    if not base.is_dir():
        to_checkpoint(start, base)
    for arm in asked.arms.split(","):
        folder = asked.work / arm
        if arm in ("lessons", "drills"):
            examples = [Example(case.prompt, case.turn, "weighing", None) for case in learn]
            if arm == "drills":
                examples += [comparison(open_names().kb, Random(f"drill/{n}")) for n in range(DRILLS * len(learn))]
                Random(0).shuffle(examples)
        else:
            examples = accepted(learn, [*first, *again[arm]])
        if not (folder / "served").is_dir():
            work.timed(f"train-{arm}", lambda e=examples, f=folder: train(e, base, f, options, asked.frozen))
        trained = open_engine(folder / "served", asked.threads)
        answers[arm] = work.attempted(f"answers-{arm}", trained, GREEDY, plain(judged))
        lines += [f"{arm}: {(folder / 'progress.json').read_text(encoding='utf-8')}"]
        print("\n".join(compared(judged, answers)), flush=True)
    lines += ["", *compared(judged, answers), "", f"Machine: {platform.machine()}. Processor seconds: {work.costs()}"]
    print("\n".join(lines))
    if asked.out:
        write_text(asked.out, "\n".join(lines) + "\n")


def sampled(
    learn: Sequence[Situation], first: Sequence[WeighedAttempt], again: dict[str, list[WeighedAttempt]]
) -> list[str]:
    """What the sampling yielded."""
    failed = [row for row in first if not row.accepted]
    unsound = {row.case_id for row in failed if any(one.filter == "claims" for one in row.faults)}
    wrong = {row.case_id for row in failed if any(one.filter == "diagnosis" for one in row.faults)}
    kinds = {"unsound only": unsound - wrong, "wrong only": wrong - unsound, "both": unsound & wrong}
    there = sum(bool(case.right) for case in learn)
    lines = [
        f"{len(learn)} situations, in {there} the right disease is a candidate (first of the fusion in "
        f"{sum(case.names[0] in case.right for case in learn)}). First attempts: {len(first) - len(failed)} accepted, "
        + ", ".join(f"{len(ids)} {kind}" for kind, ids in kinds.items())
        + f"; {sum(row.cost for row in first):,} tokens.",
        "",
        f"| | turns | tokens | written | mended of {len(failed)} | " + " | ".join(kinds) + " |",
        "|---|---:|---:|---:|---:|" + "---:|" * len(kinds),
    ]
    for arm, rows in again.items():
        mended = {row.case_id for row in rows if row.accepted}
        cells = [f"{len(mended & ids)} of {len(ids)}" for ids in kinds.values()]
        spent = f"{sum(row.cost for row in rows):,} | {sum(row.written for row in rows):,}"
        lines.append(f"| {arm} | {len(rows)} | {spent} | {len(mended)} | {' | '.join(cells)} |")
    return lines


def compared(judged: Sequence[Situation], answers: dict[str, list[WeighedAttempt]]) -> list[str]:
    """Each model over the judged cases, and the differences, paired."""
    columns: dict[str, list[float]] = {}
    lines = ["| model | sound | of each file | right first, by the fusion | by the model | as the fusion |"]
    lines.append("|---|---|---|---:|---:|---:|")
    files = list(dict.fromkeys(case.file for case in judged))
    for arm, rows in answers.items():
        both = list(zip(judged, rows, strict=True))
        sound = [float(not any(one.filter == "claims" for one in row.faults)) for row in rows]
        firsts = [case.first(row.text) for case, row in both]
        columns[f"{arm} sound"] = sound
        columns[f"{arm} right"] = [float(n in case.right) for case, n in zip(judged, firsts, strict=True)]
        by_file = [f"{sum(s for s, c in zip(sound, judged, strict=True) if c.file == file):.0f}" for file in files]
        lines.append(
            f"| {arm} | {sum(sound):.0f} of {len(sound)} | {', '.join(by_file)} | "
            f"{sum(case.names[0] in case.right for case in judged)} | {sum(columns[f'{arm} right']):.0f} | "
            f"{sum(n == case.names[0] for case, n in zip(judged, firsts, strict=True))} |"
        )
    pairs = [(a, b) for i, a in enumerate(answers) for b in list(answers)[i + 1 :]]
    for a, b in pairs:
        for what in ("sound", "right"):
            columns[f"{b}-{a} {what}"] = [
                y - x for x, y in zip(columns[f"{a} {what}"], columns[f"{b} {what}"], strict=True)
            ]
    drawn = Resamples(columns, seed=0)
    lines += [""] + [f"- {name}: {percent(drawn.mean(name))}" for name in columns if name.endswith("sound")]
    for a, b in pairs:
        for what in ("sound", "right"):
            gaps = columns[f"{b}-{a} {what}"]
            only = gaps.count(-1.0), gaps.count(1.0)
            lines.append(f"- {what}, only {a} / only {b}: {only[0]} / {only[1]}, p = {mcnemar(*only):.2f}")
    for arm, rows in answers.items():
        kinds = Counter(one.reason.partition(":")[0] for row in rows for one in row.faults if one.filter == "claims")
        lines.append(f"- faults of {arm}: {dict(kinds.most_common(6))}")
    return lines


if __name__ == "__main__":
    main()
