"""Where results go: standard output, a file, or a folder with one file an input and format. Whole files only."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import chain, count
from pathlib import Path

from raredxr1.errors import InputError


class Format(StrEnum):
    """How a result is written."""

    text = "text"
    json = "json"
    html = "html"
    tsv = "tsv"
    phenopacket = "phenopacket"


_SUFFIXES = {".txt": Format.text, ".json": Format.json, ".html": Format.html, ".tsv": Format.tsv}
_ENDINGS = {format: suffix for suffix, format in _SUFFIXES.items()} | {Format.phenopacket: ".json"}
_KINDS = {Format.phenopacket: "phenopacket"}
"""What a file's name says before its ending, where that is not "diagnosis"."""


def is_file(out: Path) -> bool:
    """Whether a path means a file: one that exists, or a name with a format's ending. Any other means a folder."""
    return out.is_file() or (out.suffix.lower() in _SUFFIXES and not out.is_dir())


def choose_formats(formats: Sequence[Format], out: Path | None, inputs: int) -> list[Format]:
    """Settle the formats, and refuse what cannot be told apart afterwards.

    Raises:
        InputError: several formats, or several pages, on standard output; or several things into one file.
    """
    if not formats:
        named = _SUFFIXES.get(out.suffix.lower()) if out and is_file(out) else None
        formats = [named or Format.text]
    formats = list(dict.fromkeys(formats))
    if out is None:
        if len(formats) > 1:
            raise InputError("several formats at once need --out FOLDER")
        if inputs > 1 and formats == [Format.html]:
            raise InputError("several pages at once need --out FOLDER")
    elif inputs * len(formats) > 1 and is_file(out):
        raise InputError(f"{out}: several results do not go into one file; let --out be a folder")
    return formats


def plan_files(stems: Sequence[str], formats: Sequence[Format], out: Path | None) -> list[dict[Format, Path]]:
    """Name the file of every input and format; none where results go to standard output.

    A folder gets STEM.diagnosis.json, STEM.phenopacket.json and the like; a stem met again gets a number.
    """
    if out is None:
        return [{} for _ in stems]
    if is_file(out):
        return [{formats[0]: out}]
    used: set[str] = set()
    plans = []
    for stem in stems:
        numbered = (f"{stem}-{number}" for number in count(2))
        unique = next(name for name in chain([stem], numbered) if name not in used)
        used.add(unique)
        plans.append(
            {format: out / f"{unique}.{_KINDS.get(format, 'diagnosis')}{_ENDINGS[format]}" for format in formats}
        )
    return plans


def refuse_existing(paths: Iterable[Path], force: bool) -> None:
    """Keep a file from being replaced by accident.

    Raises:
        InputError: one exists and `force` is not given, or it is a folder.
    """
    for path in paths:
        if path.is_dir():
            raise InputError(f"{path}: a folder stands where the result would go")
        if path.exists() and not force:
            raise InputError(f"{path}: exists; --force replaces it")


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)
