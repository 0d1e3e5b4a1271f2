"""What release.py runs, and what it found there: one folder a system, development set and kind of note."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from development import HAS_TERMS

from raredxr1.evaluate.compare import Comparison, compare

STAGES = {"+ internalized": "internalize", "+ RERS": "finetune", "+ DCRL": "rl", "exported, int8": "exported"}
"""Row of the table -> folder that runs/smol.sh writes."""
BF16, INT8, CRR, FULL = "+ DCRL", "exported, int8", "exported + CRR", "exported, full form"
LEFT_OUT = "CRR, fitted fusion (set left out)"
"""What calibration.json calls the fusion measured on a set that it was not fitted on."""
Place = tuple[str, str, str]
"""Development set, "plain" or "paraphrased", row of the table."""


@dataclass(frozen=True)
class Job:
    """One run of `raredx evaluate`: its place in the table, and the arguments but for cases, folder and knowledge."""

    place: Place
    arguments: list[str] = field(default_factory=list)

    def folder(self, runs: Path) -> Path:
        """Where the run lies."""
        return runs / "-".join(part.replace(",", "").replace(" ", "_") for part in self.place)


def jobs(sets: Sequence[str], work: Path, base: Path | None, full_limit: int) -> list[Job]:
    """Every run, in the order of the table; stages that are not there are left out."""
    found = []
    for cases in sets:
        for text in ["plain", "paraphrased"] if cases in HAS_TERMS else ["plain"]:
            asked = _models(work, base, full_limit) | {"retrieval": ["--system", "retrieval", "--findings", "note"]}
            if text == "plain" and cases in HAS_TERMS:
                for ranker in ("likelihood", "resnik"):
                    asked[f"{ranker}, true terms"] = ["--system", ranker, "--findings", "gold"]
            found += [Job((cases, text, system), arguments) for system, arguments in asked.items()]
    return found


def _models(work: Path, base: Path | None, full_limit: int) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {}
    if base:
        asked["base"] = ["--system", "base", "--model", str(base), "--fast", "--ranking", "list"]
    for system, folder in STAGES.items():
        if (work / folder).is_dir():
            asked[system] = ["--system", "model", "--model", str(work / folder), "--fast", "--no-crr"]
    shipped = work / STAGES[INT8]
    if shipped.is_dir():
        model = ["--model", str(shipped)]
        asked[CRR] = ["--system", "model", *model, "--fast", "--crr"]
        asked[FULL] = ["--system", "model", *model, "--full", "--no-crr", "--limit", str(full_limit)]
        for ranker in ("likelihood", "resnik"):
            asked[f"{ranker}, terms the model quotes"] = ["--system", ranker, "--findings", "model", *model]
    return asked


class Found:
    """The figures of finished runs."""

    def __init__(self, made: Sequence[Job], runs: Path, work: Path) -> None:
        """Read metrics.json of every run, and calibration.json of the exported model where it has one."""
        self.work = work
        self.folders: dict[Place, Path] = {job.place: job.folder(runs) for job in made}
        self.rows: dict[Place, dict[str, Any]] = {place: _all(folder) for place, folder in self.folders.items()}
        path = work / STAGES[INT8] / "calibration.json"
        measured = json.loads(path.read_text(encoding="utf-8"))["measured"] if path.is_file() else []
        self._left_out = {row["cases"]: row for row in measured if row["system"] == LEFT_OUT}

    @property
    def sets(self) -> list[str]:
        """The development sets."""
        return list(dict.fromkeys(cases for cases, _, _ in self.rows))

    def left_out(self, cases: str) -> dict[str, Any] | None:
        """Figures of the fusion on a set, fitted without it; None where that was not measured."""
        row = self.rows.get((cases, "plain", CRR))
        return self._left_out.get(Path(row["cases"][0]["file"]).name) if row else None

    def change(self, before: Place, after: Place) -> Comparison | None:
        """Two runs on the same cases; None where one is missing."""
        if before not in self.folders or after not in self.folders:
            return None
        return compare(self.folders[before], self.folders[after])


def _all(folder: Path) -> dict[str, Any]:
    rows: list[dict[str, Any]] = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    return next(row for row in rows if row["group"] == "all")
