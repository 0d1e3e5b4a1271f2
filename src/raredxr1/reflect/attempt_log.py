"""The run folder of sampling: every turn ever sampled, one JSON line each, appended and never changed.

`run.json` says what the run was begun with; who goes on must come with the same. A kill leaves at most one half-written
line, which is cut off; all whole lines count, and what they hold is never sampled again.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from raredxr1 import dialogue
from raredxr1.errors import InputError, writing
from raredxr1.evaluate.rows import Status
from raredxr1.reflect.acceptance import Rejection
from raredxr1.runstore import append_lines, cut_lines, read_models, write_json
from raredxr1.schemas import Strict

RUN, ATTEMPTS, OPINIONS, METRICS, ACCEPTED, UNUSABLE = (
    "run.json", "attempts.jsonl", "opinions.jsonl", "metrics.jsonl", "accepted.jsonl", "unusable.jsonl",
)  # fmt: skip
Kind = Literal["attempt", "reflection", "hint"]
Advice = Literal["first", "named", "none"]
"""Where E holds the right disease: as the first name of its first opinion, anywhere, or not at all."""
FREE = frozenset({"threads", "remote", "batch"})
"""Settings that may change while a run is interrupted: they decide how fast it goes, not what it does."""


class Attempt(Strict):
    """One sampled turn: what was asked, what came back, and what acceptance said of it."""

    case_id: str
    round: int = Field(ge=0, description="0: first attempts")
    index: int = Field(ge=0, description="within case and round")
    kind: Kind = "attempt"
    of: tuple[int, int] | None = Field(None, description="round and index of the failure that was given back")
    advice: Advice | None = Field(None, description="how good the opinions shown were; null: none were shown")
    system: str
    user: str
    text: str = ""
    tokens: int = Field(0, description="generated")
    prompt_tokens: int = 0
    truncated: bool = False
    status: Status = "ok"
    right: bool = Field(False, description="the diagnosis is right, whatever else is wrong")
    rejections: list[Rejection] = Field(default_factory=list, description="empty: accepted")

    @property
    def accepted(self) -> bool:
        """Whether every filter let it pass."""
        return not self.rejections

    @property
    def key(self) -> tuple[str, int, int]:
        """What identifies it."""
        return self.case_id, self.round, self.index

    @property
    def cost(self) -> int:
        """Tokens it took, read and written."""
        return self.tokens + self.prompt_tokens


def begin(out: Path, facts: dict[str, Any]) -> list[Attempt]:
    """Start a run folder, or take up one that was begun with the same facts; returns the turns it holds.

    Args:
        out: the folder.
        facts: `config`, `knowledge`, `cases` ... as they go into run.json.

    Raises:
        InputError: it was begun with something else, is damaged, or cannot be written.
    """
    now = json.loads(json.dumps({"dialogue": dialogue.VERSION, **facts}, default=str))
    path = out / RUN
    if path.is_file():
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InputError(f"{path}: damaged; choose another folder") from error
        changed = _changed(held, now)
        if changed:
            raise InputError(f"{out}: was begun with another {', '.join(changed)}; name the former, or another folder")
    else:
        if (out / ATTEMPTS).exists():
            raise InputError(f"{out}: holds {ATTEMPTS} without {RUN}; choose another folder")
        with writing(out):
            out.mkdir(parents=True, exist_ok=True)
            write_json(path, now)
    cut_lines(out / ATTEMPTS)
    return read_attempts(out)


def read_attempts(out: Path) -> list[Attempt]:
    """Read every turn of a run, in the order of sampling.

    Raises:
        InputError: a line is damaged.
    """
    path = out / ATTEMPTS
    return read_models(path, Attempt) if path.is_file() else []


def add_lines(path: Path, rows: Sequence[Strict] | Iterable[dict[str, Any]]) -> None:
    """Append rows in one write and see them onto the disk.

    Raises:
        InputError: the disk is full or refuses; what was written before stays, and the run can go on.
    """
    lines = [
        (row.model_dump_json(exclude_defaults=True) if isinstance(row, Strict) else json.dumps(row, ensure_ascii=False))
        for row in rows
    ]
    with writing(path, "; the same command goes on where it stopped"):
        append_lines(path, lines, durable=True)


def _changed(held: dict[str, Any], now: dict[str, Any]) -> list[str]:
    changed = [key for key in now if key != "config" and held.get(key) != now[key]]
    ours, theirs = now.get("config", {}), held.get("config", {})
    return changed + [key for key in ours if key not in FREE and theirs.get(key) != ours[key]]
