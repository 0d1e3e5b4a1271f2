"""Writes the case files that the fusion is fitted on beside those of the data folder, and prints the command that fits.

    python benchmarks/calibration_sets.py DATA WORK

RAMEDIS records are written as the register notes a doctor would paste (history, symptoms, laboratory values, line by
line); sentences of a history that name the patient's disease are left out. Laboratory values often name the defect all
the same, so registers are written for `raredx evaluate` and are not among the sets of the fit. Phenopackets of split
dev are told again.
"""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ABSENT = {"no", "non", "-"}
KINDS = {
    "e3c.jsonl.gz": "split=dev,kind=narratives,limit=150", "cupcase.jsonl.gz": "mapped=True,kind=narratives",
    "exam.jsonl.gz": "kind=vignettes,limit=100", "dxgpt_synthetic.jsonl.gz": "mapped=True,kind=lay,limit=80",
    "phenopackets.jsonl.gz": "split=dev,kind=lists,limit=200", "rarebench_RAMEDIS.jsonl.gz": "kind=lists,limit=150",
    "rarebench_PUMCH_ADM.jsonl.gz": "kind=lists",
}  # fmt: skip


def register_note(row: dict[str, Any]) -> str:
    """One RAMEDIS record as a note."""
    label = row["gold"][0]["label"].split("(")[0].strip().lower()
    stem = label.split(",")[0][:8]
    history = [s for s in (row["history"] or "").split(".") if s.strip() and stem not in s.lower()]
    lines = [f"Age: {row['age']}" if row["age"] else "", {"m": "Male", "f": "Female"}.get(row["sex"] or "", "")]
    lines.append(". ".join(sentence.strip() for sentence in history))
    lines += [f"{'No ' if value in ABSENT else ''}{name}" for name, _, value in row["symptoms"]]
    lines += [f"{name} ({where}): {amount} {quality}" for name, _, where, amount, quality in row["labs"]]
    return "\n".join(line for line in lines if line.strip())


def main(data: Path, work: Path) -> None:
    """Write the files and print the command."""
    work.mkdir(parents=True, exist_ok=True)
    cases = data / "cases"
    with gzip.open(cases / "ramedis_raw.jsonl.gz", "rt", encoding="utf-8") as rows:
        records = [json.loads(line) for line in rows]
    written = [{"case_id": r["case_id"], "note": register_note(r), "gold": r["gold"]} for r in records]
    registers = work / "ramedis_registers.jsonl"
    registers.write_text("".join(json.dumps(r) + "\n" for r in written if len(r["note"]) > 40), encoding="utf-8")
    told = work / "told.jsonl"
    told_again = [
        "paraphrase",
        str(cases / "phenopackets.jsonl.gz"),
        "--out",
        str(told),
        "--where",
        "split=dev",
        "--force",
    ]
    subprocess.run([sys.executable, "-m", "raredxr1", *told_again], check=True)
    chosen = [f"{cases / name},{what}" for name, what in KINDS.items()]
    chosen += [f"{told},kind=told,note=note_paraphrased,limit=100"]
    print("raredx train calibrate --fast \\")
    for one in chosen:
        print(f"  --cases {one} \\")
    print("  --ordinary tests/fixtures/ordinary_notes.jsonl,split=fit \\")
    print(f"  --work {work / 'observed'} --out {work / 'calibration.json'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
