"""Results as they come, on standard output or into files; a sign of life meanwhile, on a terminal."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from raredxr1.cli._destination import Format, write_whole
from raredxr1.cli._errors import say
from raredxr1.cli._streams import can_write
from raredxr1.diagnose.output import tabular, text
from raredxr1.diagnose.result import Result

_TAIL = 6
"""Lines of a turn that are seen while it is written."""


class Writer:
    """Writes the results of one call.

    Args:
        format: on standard output; None where results go to files.
        several: whether the call has several inputs.
        quiet: results only.
        verbosity: see `output.text.print_result`; for text.
        explain: the rank of the one candidate to show, in text.
    """

    def __init__(
        self,
        format: Format | None,
        several: bool,
        quiet: bool,
        verbosity: int = 0,
        explain: int | None = None,
    ) -> None:
        self._format, self._several, self._quiet = format, several, quiet
        self._verbosity, self._explain = -1 if quiet else verbosity, explain
        self._ended = 0

    def end(self, result: Result, files: Mapping[Format, Path]) -> None:
        """Write a result.

        Raises:
            InputError: a file cannot be written.
        """
        if self._format == Format.text:
            self._print(result)
        elif self._format:
            said = self._machine_readable(result, self._format)
            is_json = self._format in (Format.json, Format.phenopacket)
            sys.stdout.write(said if not is_json or can_write(said) else _escaped(said))
        sys.stdout.flush()
        self._ended += 1
        for format, path in files.items():
            write_document(path, result, format)
            if not self._quiet:
                say(f"wrote {path}")

    def _print(self, result: Result) -> None:
        sys.stdout.write("\n" if self._ended else "")
        heading = f"== {result.input} ==" if self._several else None
        if sys.stdout.isatty():
            console = Console(file=sys.stdout, highlight=False)
            console.width = max(console.width, text.LEAST)
            text.print_result(result, console, heading, self._verbosity, self._explain)
        else:
            sys.stdout.write(text.text(result, heading, self._verbosity, self._explain))

    def _machine_readable(self, result: Result, format: Format) -> str:
        if format == Format.tsv and self._ended:
            return tabular.rows(result)
        if format == Format.json and self._several:
            return result.model_dump_json() + "\n"
        if format == Format.phenopacket and self._several:
            return " ".join(line.strip() for line in _document(result, format).splitlines()) + "\n"
        return _document(result, format)


def progress(message: str, shown: bool) -> AbstractContextManager[object]:
    """A spinner on a terminal's standard error while something takes its time."""
    if not shown or not sys.stderr.isatty():
        return nullcontext()
    return Console(stderr=True).status(message)


@contextmanager
def watched(message: str, shown: bool) -> Iterator[Callable[[str], None] | None]:
    """While a note is read, a spinner, or the last lines of the model's turn as it writes them.

    They stand on a terminal's standard error only, and are gone when the result comes, which holds what they amount to.

    Args:
        message: what is going on.
        shown: whether anything is to be shown.

    Yields:
        What takes the pieces of the turn; None where nobody sees them.
    """
    if not shown or not sys.stderr.isatty():
        with progress(message, shown):
            yield None
        return
    from raredxr1.diagnose.output.stream import ReasoningStream

    stream, lines = ReasoningStream(), ""
    with Live(Spinner("dots", message), console=Console(stderr=True), transient=True) as live:

        def show(piece: str) -> None:
            nonlocal lines
            lines += stream.feed(piece)
            tail = "\n".join(lines.splitlines()[-_TAIL:])
            live.update(Group(Spinner("dots", f"{message}: the model reasons, unchecked"), Text(tail, style="dim")))

        yield show


def _document(result: Result, format: Format) -> str:
    if format == Format.json:
        return result.model_dump_json(indent=2) + "\n"
    if format == Format.html:
        from raredxr1.diagnose.output.html import html  # brings the templates

        return html(result)
    if format == Format.phenopacket:
        from raredxr1.diagnose.output.phenopacket import phenopacket

        return phenopacket(result)
    if format == Format.tsv:
        return tabular.header(result) + tabular.rows(result)
    return text.text(result)


def _escaped(document: str) -> str:
    """JSON in ASCII alone, which every encoding can write without loss."""
    indent = 2 if document.startswith("{\n") else None
    return json.dumps(json.loads(document), indent=indent) + "\n"


def write_document(path: Path, result: Result, format: Format) -> None:
    """Write a result to a file.

    Raises:
        InputError: it cannot be written, or PDF is asked for without its extra.
    """
    if format == Format.pdf:
        from raredxr1.diagnose.output.pdf import pdf

        write_whole(path, pdf(result))
    else:
        write_whole(path, _document(result, format))
