"""The run folder: what a system answered, one JSON line a case, appended batch by batch.

`predictions.jsonl` holds nothing that differs between two runs of the same settings; seconds stand in `times.jsonl`.
A run that was killed is cut back to its last whole batch and goes on, so it ends in the same bytes.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from raredxr1 import dialogue
from raredxr1.errors import InputError
from raredxr1.runstore import append_lines, cut_lines, read_models, whole_lines, write_json
from raredxr1.schemas import Candidate, Finding, Form, Problem, Strict
from raredxr1.version import VERSION

FORMAT = 1
RUN, PREDICTIONS, TIMES, JUDGED, METRICS, REPORT = (
    "run.json", "predictions.jsonl", "times.jsonl", "judged.jsonl", "metrics.json", "report.html",
)  # fmt: skip

Status = Literal["ok", "unreadable", "failed", "timeout", "refused"]


class Answer(Candidate):
    """A candidate with the score of a ranker."""

    score: float | None = Field(default=None, description="of a ranker: the higher, the better")


class OnLine(Strict):
    """A disease on a line of the answer as it is shown."""

    rank: int = Field(description="in the ranking of single diseases; above 10 it is no candidate of its own")
    name: str
    id: str | None


class Text(Strict):
    """A text the model wrote."""

    role: str
    text: str
    truncated: bool = False


class Prediction(Strict):
    """One line of predictions.jsonl."""

    case_id: str
    status: Status = "ok"
    reason: str = Field(default="", description="why there is no answer")
    notices: list[str] = Field(default_factory=list)
    note_sha256: str = ""
    form: Form | None = Field(default=None, description="asked of a model; only the full form writes findings")
    answer: list[Answer] = Field(default_factory=list)
    lines: list[list[OnLine]] = Field(
        default_factory=list, description="the answer as it is shown, subtypes and twins on one line; empty: no lines"
    )
    confidence_kind: str | None = None
    findings: list[Finding] = Field(default_factory=list)
    problems: list[Problem] = Field(default_factory=list)
    turns: list[Text] = Field(default_factory=list, description="every text the model wrote")
    prompt_tokens: int = 0
    tokens: int = Field(default=0, description="generated")
    retries: int = Field(default=0, description="requests that had to be sent again")
    cost: float | None = Field(default=None, description="in the currency of the prices given; null: not known")


class Run(Strict):
    """run.json: what was asked of whom."""

    format: int = FORMAT
    raredxr1: str = VERSION
    dialogue: str = dialogue.VERSION
    system: str
    model: dict[str, Any] | None = Field(description="name, sha256, coverage; null for systems without one")
    knowledge: str
    cases: list[dict[str, str]] = Field(description="file and sha256")
    settings: dict[str, Any]
    n: int
    batch: int


def create(out: Path, run: Run, resume: bool) -> int:
    """Start or take up a run folder; returns how many whole predictions it holds.

    Raises:
        InputError: it holds a run already (without `resume`), another run, or one of another version.
    """
    path = out / RUN
    if not path.is_file():
        if out.exists() and not out.is_dir():
            raise InputError(f"{out}: is a file; name a folder")
        if (out / PREDICTIONS).exists():
            raise InputError(f"{out}: holds predictions without {RUN}; choose another folder")
        out.mkdir(parents=True, exist_ok=True)
        write_json(path, run.model_dump(mode="json"))
        return 0
    if not resume:
        raise InputError(f"{out}: holds a run already; go on with --resume, or choose another folder")
    held = read_run(out).model_dump(mode="json")
    changed = [key for key, value in run.model_dump(mode="json").items() if held[key] != value]
    if changed:
        raise InputError(f"{out}: holds a run with another {', '.join(changed)}; choose another folder")
    return _cut(out, run)


def read_run(folder: Path) -> Run:
    """Read run.json.

    Raises:
        InputError: missing, damaged, or of another version.
    """
    path = folder / RUN
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{folder}: no run folder ({RUN} cannot be read)") from error
    except ValueError as error:
        raise InputError(f"{path}: damaged") from error
    version = data.get("format") if isinstance(data, dict) else None
    if version != FORMAT:
        raise InputError(f"{folder}: a run of format {version}, this program reads {FORMAT}; run it again")
    try:
        return Run.model_validate(data)
    except ValidationError as error:
        raise InputError(f"{path}: damaged ({error.errors()[0]['loc']})") from error


def append(out: Path, predictions: Sequence[Prediction], seconds: float) -> None:
    """Append a batch, each file in one write; the seconds are shared out evenly."""
    lines = [p.model_dump_json(exclude_defaults=True) for p in predictions]
    share = round(seconds / max(len(predictions), 1), 4)
    times = [json.dumps({"case_id": p.case_id, "seconds": share}) for p in predictions]
    append_lines(out / TIMES, times)
    append_lines(out / PREDICTIONS, lines)  # last: they say what is done


def read_predictions(out: Path) -> list[Prediction]:
    """Read all predictions.

    Raises:
        InputError: missing or damaged.
    """
    if not (out / PREDICTIONS).is_file():
        raise InputError(f"{out}: holds no {PREDICTIONS}")
    return read_models(out / PREDICTIONS, Prediction)


def read_times(out: Path) -> dict[str, float]:
    """Seconds of each case."""
    return {row["case_id"]: float(row["seconds"]) for row in map(json.loads, whole_lines(out / TIMES))}


def _cut(out: Path, run: Run) -> int:
    """Cut both files back to whole batches (all of them, if every case is there)."""
    whole = min(len(whole_lines(out / name)) for name in (PREDICTIONS, TIMES))
    if whole > run.n:
        raise InputError(f"{out / PREDICTIONS}: holds more rows than the run has cases; choose another folder")
    if whole < run.n:
        whole -= whole % run.batch
    for name in (PREDICTIONS, TIMES):
        cut_lines(out / name, whole)
    return whole
