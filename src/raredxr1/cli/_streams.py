"""Standard streams as they are met: closed, full, or of an encoding that cannot write everything."""

import contextlib
import errno
import io
import os
import sys
from pathlib import Path
from typing import Any

_STANDARD_OUTPUT = 1


class _Closed(io.TextIOBase):
    """Standard output that nobody opened: writing to it fails as it would to a closed file."""

    encoding = "utf-8"

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def write(self, text: str) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def prepare() -> None:
    """Make the streams usable, whatever the program was started with.

    Descriptors that are closed are filled, or the next file opened would be taken for one. Characters that an encoding
    lacks are replaced (a pipe on Windows knows a few hundred).
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                os.open(os.devnull, os.O_RDWR)
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - for as long as the program runs
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def flush() -> None:
    """Write what waits for standard output.

    Raises:
        OSError: it cannot be written.
    """
    sys.stdout.flush()


def abandon() -> None:
    """Give standard output up after it failed, so that the interpreter does not try again when it ends."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    with contextlib.suppress(OSError, ValueError, AttributeError):
        if sys.stdout.fileno() == _STANDARD_OUTPUT:
            void = os.open(os.devnull, os.O_WRONLY)
            os.dup2(void, _STANDARD_OUTPUT)
            os.close(void)


def can_write(text: str) -> bool:
    """Whether standard output's encoding has every character of a text."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
