"""Folders of runs: files that are there whole or not at all, lines appended and taken up again, manifests.

A stage of training is a function of (config, inputs) to a folder. Its settings are recorded before it starts
(`begin`), its `manifest.json` is written last: a folder that has one is complete and is not run again. Every file is
written under a temporary name and renamed, so nothing half-written is ever read; of an appended file a line without
its end is none.
"""

import gzip
import hashlib
import json
import os
import platform
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from raredxr1 import dialogue
from raredxr1.errors import InputError, faults, reading
from raredxr1.schemas import Strict
from raredxr1.version import VERSION

Model = TypeVar("Model", bound=BaseModel)
PACKAGES = ("torch", "transformers", "trl", "peft", "accelerate", "tokenizers", "ctranslate2", "numpy")


class Manifest(Strict):
    """What a stage did, from what, with what."""

    stage: str
    config: dict[str, Any] = Field(description="resolved settings")
    inputs: dict[str, str] = Field(default_factory=dict, description="name -> sha256 or version")
    sources: list[str] = Field(default_factory=list, description="data the stage learned from, with licence")
    seed: int
    versions: dict[str, str] = Field(default_factory=dict)
    counts: dict[str, float] = Field(default_factory=dict)
    facts: dict[str, Any] = Field(default_factory=dict, description="what the stage found out")
    seconds: float = 0.0


def versions() -> dict[str, str]:
    """Versions of this program, its dialogue, Python and the packages results depend on."""
    found = {"raredxr1": VERSION, "dialogue": dialogue.VERSION, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


@contextmanager
def whole(path: Path, shared: bool = False) -> Iterator[Path]:
    """Give a name beside `path` to write to, which becomes `path` when the block ends well, and vanishes otherwise.

    Args:
        path: the file; its folder is made. The name given has the same ending, which some libraries go by.
        shared: whether others may be writing the same file meanwhile.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    name = f"partial-{secrets.token_hex(8)}" if shared else f"{path.stem}.partial"
    partial = path.with_name(f".{name}{path.suffix}")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text whole or not at all."""
    with whole(path) as partial:
        partial.write_text(text, encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Write JSON, or a model as JSON, whole or not at all."""
    if isinstance(value, BaseModel):
        text = value.model_dump_json(indent=2)
    else:
        text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    write_text(path, text + "\n")


def append_jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Append rows to a JSONL file."""
    append_lines(path, (json.dumps(row, ensure_ascii=False) for row in rows))


def append_lines(path: Path, lines: Iterable[str], durable: bool = False) -> None:
    """Append lines in one write.

    Args:
        path: the file.
        lines: without their ends.
        durable: whether to wait until they are on the disk.
    """
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))
        if durable:
            file.flush()
            os.fsync(file.fileno())


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a text that are not blank, each with its number; plain or gzipped (a name that ends in .gz).

    Raises:
        InputError: it cannot be read.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    with reading(path), opened(path, "rt", encoding="utf-8") as lines:
        yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def json_rows(path: Path) -> Iterator[tuple[str, Any]]:
    """The rows of a JSONL file, plain or gzipped, each with its place as messages say it.

    Raises:
        InputError: it cannot be read, or a row is no JSON.
    """
    for number, line in text_lines(path):
        where = f"{path}: line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(f"{where}: no JSON") from error
        yield where, row


def read_models(path: Path, kind: type[Model]) -> list[Model]:
    """The rows of a JSONL file of ours; without a last one that a kill cut short.

    Raises:
        InputError: it cannot be read, or a line is damaged.
    """
    found = []
    for number, line in text_lines(path):
        try:
            found.append(kind.model_validate_json(line))
        except ValidationError as error:
            if line.endswith("\n"):
                raise InputError(f"{path}: line {number} is damaged") from error
    return found


def read_model(path: Path, kind: type[Model], mend: str) -> Model:
    """A file of ours that holds one object.

    Raises:
        InputError: it is missing, cannot be read, or is damaged; `mend` says what to do then.
    """
    try:
        return kind.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{path} is missing: {mend}") from error
    except ValidationError as error:
        raise InputError(f"{path} is damaged ({faults(error.errors())}): {mend}") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({error}): {mend}") from error


def whole_lines(path: Path) -> list[bytes]:
    """The lines of a file with their ends, without one that a kill cut short; none where there is no file."""
    if not path.is_file():
        return []
    return [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def cut_lines(path: Path, count: int | None = None) -> None:
    """Cut a file back to its first lines, or to those that are whole."""
    if path.is_file():
        kept = sum(map(len, whole_lines(path)[:count]))
        if kept < path.stat().st_size:
            os.truncate(path, kept)


def keep_steps(path: Path, last: int) -> None:
    """Cut a file of metrics back to the rows up to a `step`: a resumed run writes the others again."""
    cut_lines(path, sum(json.loads(line)["step"] <= last for line in whole_lines(path)))


@contextmanager
def held_file(path: Path) -> Iterator[bool]:
    """Hold a file against other processes while the block runs; yields whether it could be had.

    It is an exclusive transaction of SQLite's, the same on every system, which ends with the process, whatever ends it:
    a hold is never stale. The file is removed at the end.

    Raises:
        InputError: the file cannot be made.
    """
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(10):
            path.touch(mode=0o600)
            number = path.stat().st_ino
            connection = sqlite3.connect(path, timeout=0, isolation_level=None)
            connection.execute("BEGIN EXCLUSIVE")
            # whoever held it before may have removed it meanwhile: then this is a hold on a file nobody sees
            if path.exists() and path.stat().st_ino == number:
                break
            connection.close()
    except (OSError, sqlite3.Error) as error:
        if connection is not None:
            connection.close()
        if "locked" in str(error):
            yield False
            return
        raise InputError(f"{path}: cannot be written ({getattr(error, 'strerror', None) or error})") from error
    assert connection is not None
    try:
        yield True
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        connection.close()


def write_manifest(out: Path, manifest: Manifest) -> None:
    """Mark a stage's folder as complete."""
    write_json(out / "manifest.json", manifest.model_dump(mode="json"))


def finished(out: Path, stage: str, config: dict[str, Any]) -> bool:
    """Whether the folder holds this stage, complete, run with these settings.

    Raises:
        InputError: it holds another stage, or the same with other settings.
    """
    path = out / "manifest.json"
    if not path.is_file():
        return False
    try:
        manifest = Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: not a stage's manifest") from error
    if manifest.stage != stage:
        raise InputError(f"{out}: holds stage {manifest.stage!r}, not {stage!r}; choose another folder")
    changed = sorted(key for key in config if manifest.config.get(key) != config[key])
    if changed:
        raise InputError(f"{out}: was run with other settings ({', '.join(changed)}); choose another folder")
    return True


BEGUN_FILE = "begun.json"
INCIDENTAL = frozenset(("save_minutes", "log_steps", "peak_tflops", "out"))
"""Settings that change nothing of what is learned: a run may go on with others."""


def begin(out: Path, stage: str, config: dict[str, Any], write: bool = True) -> None:
    """Record the settings of a stage before its first step, or hold a run that goes on to those it was begun with.

    Args:
        out: the stage's folder; made.
        stage: which.
        config: resolved settings.
        write: whether this process records them; of several, one does.

    Raises:
        InputError: the folder holds the beginning of another stage, or of this one with other settings.
    """
    path = out / BEGUN_FILE
    if path.is_file():
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            was, begun = held["config"], held["stage"]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{path}: damaged, so nobody can tell what was begun here; choose another folder"
            ) from error
        if begun != stage:
            raise InputError(f"{out}: stage {begun!r} was begun here, not {stage!r}; choose another folder")
        now = json.loads(json.dumps(config, default=str))
        changed = sorted(key for key in {*was, *now} - INCIDENTAL if was.get(key) != now.get(key))
        if changed:
            raise InputError(
                f"{out}: was begun with other settings ({', '.join(changed)}); go on with those (see {path.name}), "
                "or choose another folder"
            )
        return
    if write:
        out.mkdir(parents=True, exist_ok=True)
        write_json(path, {"stage": stage, "config": config, "versions": versions()})


class Stage:
    """A stage of training at work: from the settings it begins with to the manifest it is complete with.

    Attributes:
        first: whether this is the first of the processes that share the work, which writes.
    """

    def __init__(self, name: str, config: Any) -> None:
        """Take the settings, a model with `out` and `seed`; the clock of the stage starts."""
        self.name, self.out, self.seed = name, config.out, config.seed
        self.settings: dict[str, Any] = config.model_dump(mode="json")
        self.first = int(os.environ.get("RANK", "0")) == 0
        self._started = time.monotonic()

    def finished(self) -> bool:
        """Whether the folder holds it, complete; see `finished`."""
        return finished(self.out, self.name, self.settings)

    def begin(self) -> None:
        """Record the settings, or hold a run that goes on to them; see `begin`."""
        begin(self.out, self.name, self.settings, write=self.first)

    def manifest(
        self,
        inputs: dict[str, str],
        sources: list[str],
        counts: Mapping[str, float],
        facts: dict[str, Any] | None = None,
        folders: Sequence[Path] = (),
    ) -> None:
        """Mark its folder, and others that hold what it made, as complete; for the arguments see `Manifest`."""
        manifest = Manifest(
            stage=self.name,
            config=self.settings,
            inputs=inputs,
            sources=sources,
            seed=self.seed,
            versions=versions(),
            counts=dict(counts),
            facts=facts or {},
            seconds=round(time.monotonic() - self._started, 1),
        )
        for folder in (*folders, self.out):
            write_manifest(folder, manifest)


def hashes(paths: Iterable[Path]) -> dict[str, str]:
    """The hashes of files by their names, as a manifest lists them."""
    return {f"{path.name}_sha256": sha256(path) for path in paths}


def sha256(*paths: Path) -> str:
    """Hash of a file's bytes, or of several files' one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()


DATA_VARIABLE = "RAREDX_DATA"


def data_folder() -> Path:
    """$RAREDX_DATA, else raredx in the user's data folder ($XDG_DATA_HOME, ~/.local/share)."""
    if own := os.environ.get(DATA_VARIABLE):
        return Path(own)
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "raredx"
