"""The one exception users see: something they can mend, said in one line; and how any other is named safely."""

import contextlib
import traceback
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


class InputError(Exception):
    """Bad input from the user: a file, a note, an option, a damaged model. The command line prints it and exits 2.

    The message names the file, the line and the value where there are such, and what would mend it. It never contains
    clinical text.
    """


@contextlib.contextmanager
def extra(what: str, name: str = "train") -> Iterator[None]:
    """Turn a missing package into one line: what needs it, and which extra of the package brings it."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise InputError(f"{what} needs {error.name}: pip install 'raredxr1[{name}]'") from error


@contextlib.contextmanager
def reading(path: object) -> Iterator[None]:
    """Say in one line that a file cannot be read, and why."""
    try:
        yield
    except (OSError, EOFError, UnicodeError) as error:
        raise InputError(f"{path}: cannot be read ({_why(error)})") from error


@contextlib.contextmanager
def writing(path: object, mend: str = "") -> Iterator[None]:
    """Say in one line that a file cannot be written, and why; `mend` comes after it."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({_why(error)}){mend}") from error


def faults(found: Sequence[Mapping[str, Any]], most: int = 1) -> str:
    """What pydantic finds wrong with values, and where ("phases.0.until: Field required"); never the values.

    Args:
        found: `errors()` of its exception.
        most: the first so many.
    """
    return "; ".join(": ".join(filter(None, (".".join(map(str, one["loc"])), one["msg"]))) for one in found[:most])


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def place_of(error: BaseException) -> str:
    """Name the kind of an error and where it happened, and not its message: that may hold words of a note."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {frames[-1].filename.rsplit('/', 1)[-1]}, line {frames[-1].lineno}" if frames else ""
    reason = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    return f"{type(error).__name__}{reason}{place}"
