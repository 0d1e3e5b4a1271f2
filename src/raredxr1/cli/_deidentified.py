"""What is left of a note after names, dates and the like were replaced, shown before anything reads it."""

import sys

import typer

from raredxr1.diagnose.batched import Given
from raredxr1.diagnose.output.glossary import printable


def agreed(given: Given, quiet: bool, from_standard_input: bool) -> bool:
    """Show the note as it will be read, on standard error; at a terminal, ask whether to go on.

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
    if from_standard_input or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    return typer.confirm("Go on with this text?", default=True, err=True)
