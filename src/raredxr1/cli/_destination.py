"""Where results go: standard output, a file, or a folder with one file an input and format. Whole files only."""

import contextlib
import os
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import chain, count
from pathlib import Path

from raredxr1.errors import InputError, writing


class Format(StrEnum):
    """How a result is written."""

    text = "text"
    json = "json"
    html = "html"
    tsv = "tsv"
    phenopacket = "phenopacket"
    pdf = "pdf"


_SUFFIXES = {".txt": Format.text, ".json": Format.json, ".html": Format.html, ".tsv": Format.tsv, ".pdf": Format.pdf}
_OTHERS = frozenset(
    f".{ending}"
    for ending in (
        "pdf", "doc", "docx", "odt", "rtf", "xls", "xlsx", "csv", "xml", "md", "yaml", "yml", "htm", "jsonl", "ndjson",
        "zip", "gz", "png", "jpg", "svg", "tex", "ps", "eps", "parquet",
    )
)  # fmt: skip
"""Endings of files that results are never written as; a folder called so is a mistake."""
_LONGEST_STEM = 180
"""Bytes of an input's name that its results are called after; file systems take 255 of a whole name."""
_ENDINGS = {format: suffix for suffix, format in _SUFFIXES.items()} | {Format.phenopacket: ".json"}
_KINDS = {Format.phenopacket: "phenopacket"}
"""What a file's name says before its ending, where that is not "diagnosis"."""


def is_file(out: Path) -> bool:
    """Whether a path means a file: one that exists, or a name with a format's ending. Any other means a folder.

    Raises:
        InputError: the path cannot be used, or has the ending of something else.
    """
    with writing(out):
        if out.is_dir():
            return False
        if out.exists() and not out.is_file():
            raise InputError(f"{out}: neither a file nor a folder; leave --out away and use > to write there")
        if out.is_file() or out.suffix.lower() in _SUFFIXES:
            return True
    if out.suffix.lower() in _OTHERS:
        raise InputError(
            f"{out}: results are written as .txt, .json, .html or .tsv, not as {out.suffix}; a folder's name must end "
            "otherwise"
        )
    return False


def choose_formats(formats: Sequence[Format], out: Path | None, inputs: int) -> list[Format]:
    """Settle the formats, and refuse what cannot be told apart afterwards.

    Raises:
        InputError: several formats, several pages, or a PDF, on standard output; or several things into one file.
    """
    if not formats:
        named = _SUFFIXES.get(out.suffix.lower()) if out and is_file(out) else None
        formats = [named or Format.text]
    formats = list(dict.fromkeys(formats))
    if out is None:
        if len(formats) > 1:
            raise InputError("several formats at once need --out FOLDER")
        if formats == [Format.pdf]:
            raise InputError("a PDF needs --out FILE.pdf or --out FOLDER")
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
    for name in stems:
        stem = os.fsdecode(os.fsencode(name)[:_LONGEST_STEM]) if len(os.fsencode(name)) > _LONGEST_STEM else name
        numbered = (f"{stem}-{number}" for number in count(2))
        unique = next(one for one in chain([stem], numbered) if one not in used)
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
        with writing(path):
            folder, there = path.is_dir(), path.exists()
        if folder:
            raise InputError(f"{path}: a folder stands where the result would go")
        if there and not force:
            raise InputError(f"{path}: exists; --force replaces it")


def refuse_inputs(paths: Iterable[Path], inputs: Sequence[Path]) -> None:
    """Keep a result from replacing what it is made of, `--force` or not.

    Raises:
        InputError: one of the files is an input.
    """
    for path in paths:
        for source in inputs:
            with contextlib.suppress(OSError):  # one of them is not there: they are not the same
                if path.samefile(source):
                    raise InputError(f"{path}: is an input; choose another file for its result")


def write_whole(path: Path, text: str | bytes) -> None:
    """Write a file so that it is there whole or not at all, with the rights that the user's umask leaves.

    Raises:
        InputError: it cannot be written.
    """
    from raredxr1.runstore import whole  # `raredx --help` does not wait for it

    with writing(path), whole(path, shared=True) as partial:
        partial.write_bytes(text.encode("utf-8", "replace") if isinstance(text, str) else text)
