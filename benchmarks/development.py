"""The development table: every system that runs here, on every development set, by `raredx evaluate`.

    python benchmarks/development.py --data FOLDER --runs FOLDER [--knowledge enlarged.npz] [--model FOLDER]
        [--base CHECKPOINT] [--systems "resnik, true" retrieval] [--limit N] [--threads N]

--data holds phenopackets.jsonl.gz, rarebench_RAMEDIS.jsonl.gz, rarebench_PUMCH_ADM.jsonl.gz, cupcase.jsonl.gz and
dxgpt_synthetic.jsonl.gz. Runs that were interrupted go on, finished ones are only read. Writes the table to
benchmarks/results/development.md, with n and 95 % intervals; runs that are not there yet leave no row.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SETS = {
    "phenopackets dev": ("phenopackets.jsonl.gz", ["--where", "split=dev"]),
    "RareBench RAMEDIS": ("rarebench_RAMEDIS.jsonl.gz", []),
    "RareBench PUMCH-ADM": ("rarebench_PUMCH_ADM.jsonl.gz", []),
    "cupcase, mapped": ("cupcase.jsonl.gz", ["--where", "mapped=true"]),
    "dxgpt synthetic": ("dxgpt_synthetic.jsonl.gz", []),
}
HAS_TERMS = ("phenopackets dev", "RareBench RAMEDIS", "RareBench PUMCH-ADM")
SYSTEMS = {
    "likelihood, true terms": ["likelihood", "--findings", "gold"],
    "likelihood, true terms, no negatives": ["likelihood", "--findings", "gold", "--no-negatives"],
    "resnik, true terms": ["resnik", "--findings", "gold"],
    "retrieval, note": ["retrieval", "--findings", "note"],
    "model, short form": ["model", "--fast"],
    "model, short form, no negatives": ["model", "--fast", "--no-negatives"],
    "model, full form": ["model", "--full"],
    "likelihood, terms the model quotes": ["likelihood", "--findings", "model"],
    "resnik, terms the model quotes": ["resnik", "--findings", "model"],
    "base, short form": ["base", "--fast", "--ranking", "list"],
}
OUT = Path(__file__).parent / "results" / "development.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--knowledge", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--systems", nargs="*", default=[""], help="only systems whose name begins with one of these")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    wanted = tuple(options.systems)
    for set_name in SETS:
        for system in SYSTEMS:
            if system.startswith(wanted) and runs_here(set_name, system, options):
                run(set_name, system, options)
    options.out.write_text(table(options.runs), encoding="utf-8")
    print(options.out)


def runs_here(set_name: str, system: str, options: argparse.Namespace) -> bool:
    if "true terms" in system and set_name not in HAS_TERMS:
        return False
    if "no negatives" in system and set_name != "phenopackets dev":
        return False  # the other sets have no excluded findings
    return not system.startswith("base") or options.base is not None


def run(set_name: str, system: str, options: argparse.Namespace) -> None:
    file, selection = SETS[set_name]
    name, *how = SYSTEMS[system]
    out = folder(options.runs, set_name, system)
    command = [sys.executable, "-m", "raredxr1", "evaluate", "--cases", str(options.data / file), *selection]
    command += ["--system", name, *how, "--out", str(out), "--resume", "--pages", "200"]
    for flag, value in (("--knowledge", options.knowledge), ("--limit", options.limit), ("--threads", options.threads)):
        command += [flag, str(value)] if value else []
    model = options.base if name == "base" else options.model
    if model and (name in ("model", "base") or "model" in how):
        command += ["--model", str(model)]
    print(f"== {set_name}: {system}", flush=True)
    subprocess.run(command, check=True)


def folder(runs: Path, set_name: str, system: str) -> Path:
    return runs / f"{set_name} - {system}".replace(",", "").replace(" ", "_")


def table(runs: Path) -> str:
    lines = ["# Development table", ""]
    lines += [
        "Strict recall in percent with 95 % bootstrap intervals; every case counts, whatever became of it. `in_kb`:",
        "cases whose disease the knowledge base knows; `taught`: cases whose disease the model was taught; `disease",
        "average`: each disease weighs the same. Made by `benchmarks/development.py`; rows of a set with the same n",
        "saw the same cases.",
        "",
    ]
    about: set[str] = set()
    for set_name in SETS:
        rows: list[str] = []
        for system in SYSTEMS:
            path = folder(runs, set_name, system) / "metrics.json"
            if path.is_file():
                found = {row["group"]: row for row in json.loads(path.read_text(encoding="utf-8"))}
                about.add(said(found["all"]))
                rows += rows_of(system, found)
        if rows:
            lines += [f"## {set_name}", "", HEAD, "|---|---|---:|---|---|---|---|---|---|---:|---:|", *rows, ""]
    return "\n".join([*lines, *sorted(about)]) + "\n"


HEAD = "| system | cases | n | @1 | @3 | @5 | @10 | MRR | family only @10 | failed % | s/case |"
GROUPS = {
    "all": "all",
    "disease average": "disease average",
    "in_kb": "in_kb",
    "seen": "taught",
    "unseen": "not taught",
}


def rows_of(system: str, found: dict[str, Any]) -> list[str]:
    lines = []
    for group, label in GROUPS.items():
        row = found.get(group)
        if row is None or (group == "in_kb" and row["n"] == found["all"]["n"]):
            continue
        strict = row["strict"]
        cells = [share(strict[f"recall@{k}"]) for k in (1, 3, 5, 10)]
        cells += [f"{strict['mrr']['value']:.3f}", share(row["subtype"]["recall@10"])]
        cells += [f"{100 * row['failed']['value']:.1f}", f"{row['seconds_per_case']['value']:.2f}"]
        lines.append(f"| {system if group == 'all' else ''} | {label} | {row['n']} | {' | '.join(cells)} |")
    return lines


def share(figure: dict[str, Any]) -> str:
    low, high = figure["ci95"]
    return f"{100 * figure['value']:.1f} ({100 * low:.1f}-{100 * high:.1f})"


def said(row: dict[str, Any]) -> str:
    model = f"; model {row['model']['name']}" if row["model"] else ""
    return f"- knowledge {row['knowledge']}{model}"


if __name__ == "__main__":
    main()
