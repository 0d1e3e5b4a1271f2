"""How the command line fails: one line and a code - 2 for the user's mistake, 1 for ours, 130 for Ctrl-C."""

import contextlib
import re
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from raredxr1.cli import _streams
from raredxr1.errors import InputError, place_of

DEBUG = "--debug"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What steers a terminal; names of files and rows can hold it."""


def say(message: str) -> None:
    """Write one line to standard error, after the program's name."""
    with contextlib.suppress(OSError):  # what standard output cannot take is said where it is written
        sys.stdout.flush()
    sys.stderr.write(f"raredx: {_CONTROL.sub(chr(0xFFFD), ' '.join(message.split()))}\n")
    sys.stderr.flush()


class Guarded(TyperGroup):
    """The root command: every failure below it becomes one line. `--debug`, anywhere, shows where it happened."""

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        """Run, and exit with a code."""
        given = list(sys.argv[1:] if args is None else args)
        debug = DEBUG in given
        extra["standalone_mode"] = False
        _streams.prepare()
        try:
            code = super().main(args=[arg for arg in given if arg != DEBUG], **extra)
            _streams.flush()
        except (InputError, typer.TyperException, typer.Abort, KeyboardInterrupt) as error:
            if debug:
                traceback.print_exc()
            code = _report(error)
        except BrokenPipeError:  # whoever reads has read enough, as `head` does
            _streams.abandon()
            code = 141
        except OSError as error:  # a full disk, a closed stream, a name too long: nothing the program could do
            if debug:
                traceback.print_exc()
            what = f"{error.filename}: cannot be read or" if error.filename else "standard output: cannot be"
            say(f"{what} written ({error.strerror or error})")
            _streams.abandon()
            code = 2
        except Exception as error:  # the last line of defence: whatever it is, the user gets one line and code 1
            if debug:
                traceback.print_exc()
            say(f"failed: {place_of(error)}; this is a fault of the program ({DEBUG} shows more)")
            code = 1
        sys.exit(code if isinstance(code, int) else 0)


def _report(error: BaseException) -> int:
    if isinstance(error, typer.TyperException):
        said, code = error.format_message(), int(getattr(error, "exit_code", 2))
        if "\n" in said.strip():  # a command group that was given nothing: its help
            sys.stderr.write(f"{said}\n")
        elif said.strip():  # rich has written the help already where there is nothing to say
            say(said)
        return code
    if isinstance(error, InputError):
        say(str(error))
        return 2
    say("interrupted")
    return 130
