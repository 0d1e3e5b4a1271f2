"""What is to be diagnosed: files, standard input, --text, the example note."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from raredxr1.errors import InputError

_ENOUGH = 31_000_000
"""Bytes read of an input at most; more than any may have, so that a wrong file costs no memory."""


@dataclass(frozen=True)
class Source:
    """One input before it is read: what messages call it, and what its output files are called after."""

    name: str
    stem: str
    path: Path | None = None
    text: str | None = None

    def read(self) -> bytes:
        """Read its bytes.

        Raises:
            InputError: missing, a folder, or unreadable.
        """
        if self.text is not None:
            return self.text.encode("utf-8", "surrogatepass")
        if self.path is None:
            return sys.stdin.buffer.read(_ENOUGH)
        if not self.name:
            raise InputError("'': no file name")
        if self.path.is_dir():
            raise InputError(f"{self.name}: a folder; name the files in it")
        try:
            with self.path.open("rb") as file:
                return file.read(_ENOUGH)
        except OSError as error:
            raise InputError(f"{self.name}: cannot be read ({error.strerror})") from error
        except ValueError as error:
            raise InputError(f"{self.name!r}: no file name") from error


@dataclass(frozen=True)
class Terms:
    """What --hpo, --age and --sex say."""

    hpo: str | None = None
    age: str | None = None
    sex: str | None = None


def gather(files: Sequence[str], text: str | None, example: bool, terms: Terms = Terms()) -> list[Source]:
    """List the inputs in the order given; piped standard input is one where nothing else is named.

    Raises:
        InputError: nothing to diagnose, standard input named twice, or age and sex of several notes.
    """
    sources = [_standard_input() if name == "-" else Source(name, Path(name).stem, path=Path(name)) for name in files]
    if text is not None:
        sources.append(Source("text", "text", text=text))
    if terms.hpo is not None:
        sources.append(
            Source("terms", "terms", text=json.dumps({k: v for k, v in vars(terms).items() if v is not None}))
        )
    if example:
        from raredxr1.data import EXAMPLE  # heavy: `raredx --help` does without it

        sources.append(Source(EXAMPLE.name, EXAMPLE.stem, path=EXAMPLE))
    if not sources:
        if sys.stdin.isatty():
            raise InputError("nothing to diagnose; name a file, give --text, pipe a note in, or try --example")
        sources.append(_standard_input())
    if len(sources) > 1 and (terms.age or terms.sex):
        raise InputError("--age and --sex are one patient's; give one input with them")
    if files.count("-") > 1:
        raise InputError("standard input (-) can be read once only")
    return sources


def _standard_input() -> Source:
    return Source("standard input", "stdin")
