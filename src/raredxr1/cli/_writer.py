"""Results as they come: reasoning while it is written, then the result, on standard output or into files."""

import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

from rich.console import Console

from raredxr1.cli._destination import Format, write_whole
from raredxr1.cli._errors import say
from raredxr1.diagnose.output import tabular, text
from raredxr1.diagnose.output.html import html
from raredxr1.diagnose.output.phenopacket import phenopacket
from raredxr1.diagnose.output.stream import ReasoningStream
from raredxr1.diagnose.result import Result


class Writer:
    """Writes the results of one call.

    Args:
        format: on standard output; None where results go to files.
        several: whether the call has several inputs.
        quiet: results only.
    """

    def __init__(self, format: Format | None, several: bool, quiet: bool) -> None:
        self._format, self._several, self._quiet = format, several, quiet
        self._begun = 0
        self._ended = 0
        self._gap = ""

    def reasoning(self, name: str) -> Callable[[str], None] | None:
        """Give what shows the reasoning of the next input as it is written; None where it is not to be shown.

        It goes to standard output before a result in text, and else to a terminal on standard error, if there is one.
        """
        if self._quiet or (self._format != Format.text and not sys.stderr.isatty()):
            return None
        target = sys.stdout if self._format == Format.text else sys.stderr
        stream = ReasoningStream()

        def show(piece: str) -> None:
            if shown := stream.feed(piece):
                self._begin(name, target)
                target.write(shown)
                target.flush()
                self._gap = "\n" if shown.endswith("\n") else "\n\n"

        return show

    def end(self, result: Result, files: Mapping[Format, Path]) -> None:
        """Write a result.

        Raises:
            InputError: a file cannot be written.
        """
        streamed = self._begun > self._ended
        if self._format == Format.text:
            self._print(result, streamed)
        else:
            sys.stderr.write(self._gap if streamed else "")
            sys.stdout.write(self._machine_readable(result, self._format) if self._format else "")
        sys.stdout.flush()
        self._ended += 1
        self._begun = self._ended
        for format, path in files.items():
            write_whole(path, _document(result, format))
            if not self._quiet:
                say(f"wrote {path}")

    def _begin(self, name: str, target: IO[str]) -> None:
        """Write what separates this input from the one before, once."""
        if self._begun == self._ended:
            self._begun += 1
            blank = "\n" if self._ended else ""
            target.write(f"{blank}== {name} ==\n" if self._several else blank)

    def _print(self, result: Result, streamed: bool) -> None:
        self._begin(result.input, sys.stdout)
        if streamed:
            sys.stdout.write(self._gap)
        with_reasoning = not streamed and not self._quiet
        if sys.stdout.isatty():
            text.print_result(result, Console(file=sys.stdout, highlight=False), with_reasoning=with_reasoning)
        else:
            sys.stdout.write(text.text(result, with_reasoning=with_reasoning))

    def _machine_readable(self, result: Result, format: Format) -> str:
        if format == Format.tsv and self._ended:
            return tabular.rows(result)
        if format == Format.json and self._several:
            return result.model_dump_json() + "\n"
        if format == Format.phenopacket and self._several:
            return " ".join(line.strip() for line in phenopacket(result).splitlines()) + "\n"
        return _document(result, format)


def progress(message: str, shown: bool) -> AbstractContextManager[object]:
    """A spinner on a terminal's standard error while something takes its time."""
    if not shown or not sys.stderr.isatty():
        return nullcontext()
    return Console(stderr=True).status(message)


def _document(result: Result, format: Format) -> str:
    if format == Format.json:
        return result.model_dump_json(indent=2) + "\n"
    if format == Format.html:
        return html(result)
    if format == Format.phenopacket:
        return phenopacket(result)
    if format == Format.tsv:
        return tabular.header() + tabular.rows(result)
    return text.text(result)
