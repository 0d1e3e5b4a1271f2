"""How the command line fails: one line and a code - 2 for the user's mistake, 1 for ours, 130 for Ctrl-C."""

import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError
from typer.core import TyperGroup

from raredxr1.errors import InputError, place_of

DEBUG = "--debug"


def say(message: str) -> None:
    """Write one line to standard error, after the program's name."""
    sys.stdout.flush()
    sys.stderr.write(f"raredx: {' '.join(message.split())}\n")
    sys.stderr.flush()


class Guarded(TyperGroup):
    """The root command: every failure below it becomes one line. `--debug`, anywhere, shows where it happened."""

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        """Run, and exit with a code."""
        given = list(sys.argv[1:] if args is None else args)
        debug = DEBUG in given
        extra["standalone_mode"] = False
        try:
            code = super().main(args=[arg for arg in given if arg != DEBUG], **extra)
        except (InputError, ClickException, typer.Abort, KeyboardInterrupt) as error:
            if debug:
                traceback.print_exc()
            code = _report(error)
        except Exception as error:  # the last line of defence: whatever it is, the user gets one line and code 1
            if debug:
                traceback.print_exc()
            say(f"failed: {place_of(error)}; this is a fault of the program ({DEBUG} shows more)")
            code = 1
        sys.exit(code if isinstance(code, int) else 0)


def _report(error: BaseException) -> int:
    if isinstance(error, NoArgsIsHelpError):
        error.show(sys.stderr)
        return error.exit_code
    if isinstance(error, ClickException):
        say(error.format_message())
        return error.exit_code
    if isinstance(error, InputError):
        say(str(error))
        return 2
    say("interrupted")
    return 130
