"""The release table: after every stage, on every development set, in plain and in other words, beside the peers.

    python benchmarks/release.py --data FOLDER --work work/smol --runs FOLDER [--base MODEL] [--knowledge enlarged.npz]
        [--sets "phenopackets dev" ...] [--limit N] [--full-limit N] [--threads N] [--watts W] [--grams G]

--data holds the case files that development.py names; --work is what runs/smol.sh left: `internalize`, `finetune`,
`rl`, `exported`. Stages that are not there are left out, and the table says so. Everything is run by `raredx evaluate`,
`paraphrase` and `train calibrate` (the exported model is given a calibration where it has none): what was interrupted
goes on, what is finished is only read. Writes benchmarks/results/release.md.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from development import HAS_TERMS, SETS
from release_runs import INT8, STAGES, Found, Job, jobs
from release_table import report

OUT = Path(__file__).parent / "results" / "release.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="the untrained base model, asked the same")
    parser.add_argument("--knowledge", type=Path)
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument("--limit", type=int, help="cases a set")
    parser.add_argument("--full-limit", type=int, default=100, help="cases a set that are asked for the full form")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--watts", type=float, default=700.0, help="of the GPU at full draw (H200: 700)")
    parser.add_argument("--grams", type=float, default=400.0, help="CO2 a kilowatt-hour where it was trained")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    options.runs.mkdir(parents=True, exist_ok=True)
    calibrate(options)
    made = jobs(options.sets, options.work, options.base, options.full_limit)
    for job in made:
        run(job, options)
    found = Found(made, options.runs, options.work)
    text = report(found, options.limit, options.knowledge, options.watts, options.grams)
    options.out.write_text(text, encoding="utf-8")
    print(options.out)


def case_file(cases: str, options: argparse.Namespace) -> tuple[Path, list[str]]:
    """The file of a set and which of its rows count; one of HPO terms is copied with a second note for every case."""
    file, where = SETS[cases]
    if cases not in HAS_TERMS:
        return options.data / file, where
    told = options.runs / f"{cases.replace(' ', '_')}.jsonl"
    if not told.is_file():
        raredx(options, "paraphrase", str(options.data / file), *where, "--out", str(told))
    return told, []


def run(job: Job, options: argparse.Namespace) -> None:
    out, (cases, text, system) = job.folder(options.runs), job.place
    if (out / "metrics.json").is_file():
        return
    print(f"== {cases}, {text}: {system}", flush=True)
    path, where = case_file(cases, options)
    command = ["evaluate", "--cases", str(path), *where, "--out", str(out), "--pages", "0", "--resume"]
    command += ["--note-field", "note_paraphrased"] if text == "paraphrased" else []
    command += ["--limit", str(options.limit)] if options.limit and "--limit" not in job.arguments else []
    command += ["--threads", str(options.threads)] if options.threads else []
    raredx(options, *command, *job.arguments)


def calibrate(options: argparse.Namespace) -> None:
    """Fit the exported model's calibration where it has none: CRR needs one."""
    exported = options.work / STAGES[INT8]
    if not exported.is_dir() or (exported / "calibration.json").is_file():
        return
    print("== calibrate", flush=True)
    command = ["train", "calibrate", "--fast", "--model", str(exported), "--work", str(options.runs / "calibration")]
    for cases in options.sets:
        path, where = case_file(cases, options)
        command += ["--cases", ",".join([str(path), *(part for part in where if "=" in part)])]
    command += ["--limit", str(options.limit)] if options.limit else []
    raredx(options, *command)


def raredx(options: argparse.Namespace, *arguments: str) -> None:
    knowledge = ["--knowledge", str(options.knowledge)] if options.knowledge else []
    subprocess.run([sys.executable, "-m", "raredxr1", *arguments, *knowledge], check=True)


if __name__ == "__main__":
    main()
