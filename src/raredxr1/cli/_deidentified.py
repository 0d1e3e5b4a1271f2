"""What is left of a note after names, dates and the like were replaced, shown before anything reads it."""

import contextlib
import select
import sys

import typer

from raredxr1.diagnose.batched import Given
from raredxr1.diagnose.output.glossary import printable

_SECONDS_TO_WAIT = 0.3
"""For an answer from a pipe that may never hold one."""


def agreed(given: Given, quiet: bool, from_standard_input: bool) -> bool:
    """Show the note as it will be read, on standard error; ask whether to go on where somebody can answer.

    At a terminal the question is asked; an answer that is piped in (`echo n | raredx ...`) is taken; where there is
    neither, it goes on.

    Args:
        given: the note after replacement.
        quiet: show and ask nothing.
        from_standard_input: then nobody is there to answer.

    Returns:
        Whether to go on.
    """
    if quiet:
        return True
    counted = ", ".join(f"{one.kind} {one.count}" for one in given.redactions) or "nothing"
    sys.stderr.write(f"== {printable(given.name)}: replaced {counted}; this is what will be read ==\n")
    sys.stderr.write(f"{printable(given.note).rstrip()}\n== end ==\n")
    sys.stderr.flush()
    if from_standard_input:
        return True
    if not sys.stdin.isatty():
        return _piped()
    if not sys.stderr.isatty():
        return True
    return typer.confirm("Go on with this text?", default=True, err=True)


def _piped() -> bool:
    """Whether an answer that is piped in agrees; nothing piped in agrees, anything but a yes or an empty line not."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # no descriptor to wait on: nobody pipes anything
        ready, _, _ = select.select([sys.stdin.fileno()], [], [], _SECONDS_TO_WAIT)
        if not ready:
            return True
        return sys.stdin.readline().strip().lower() in ("", "y", "yes")
    return True
