"""A Result for reading on a terminal: the ranking with its evidence, then what one must know about it."""

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from raredxr1.diagnose.output import words
from raredxr1.diagnose.output.stream import reasoning
from raredxr1.diagnose.result import Ranked, Result
from raredxr1.dialogue import render_turn

WIDTH = 100


def print_result(result: Result, console: Console, heading: str | None = None, with_reasoning: bool = True) -> None:
    """Print a result.

    Args:
        result: what to print.
        console: where; its width decides the layout.
        heading: a first line, such as the file's name.
        with_reasoning: false where the reasoning was shown already, or is not wanted.
    """
    if heading:
        console.print(Text(words.printable(heading), style="bold underline"))
    if with_reasoning and result.settings.form == "full":
        console.print(Text(reasoning(render_turn(result.diagnosis))))
        console.print()
    if result.candidates:
        console.print(_table(result))
    if patient := words.patient_line(result):
        console.print(Text(patient))
    warnings = [*words.warnings(result), *words.none_warning(result)]
    for line in words.remarks(result):
        console.print(Text(line, style="yellow" if line in warnings else ""))
    _print_section(console, "What would tell the candidates apart", words.step_lines(result))
    _print_section(console, "Who said what", words.crr_lines(result))
    console.print()
    for line in (f"Coverage: {words.coverage(result)}", words.provenance(result), result.disclaimer):
        console.print(Text(line, style="dim"))


def text(result: Result, heading: str | None = None, with_reasoning: bool = True) -> str:
    """A result as plain text, 100 columns wide."""
    console = Console(width=WIDTH, color_system=None, force_terminal=False, highlight=False)
    with console.capture() as capture:
        print_result(result, console, heading, with_reasoning)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _print_section(console: Console, title: str, lines: list[str]) -> None:
    if lines:
        console.print()
        console.print(Text(title, style="bold"))
        for line in lines:
            console.print(Padding(Text(line), (0, 0, 0, 2)))


def _table(result: Result) -> Padding:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", expand=False)
    table.add_column("#", justify="right")
    table.add_column("Disease", overflow="fold", ratio=1)
    table.add_column("Id", no_wrap=True)
    table.add_column("Confidence", justify="right", no_wrap=True)
    for candidate in result.candidates:
        table.add_row(
            str(candidate.rank),
            _disease(candidate),
            Text(words.listed_id(candidate), style="" if candidate.id else "dim"),
            words.percent(candidate.confidence),
        )
    return Padding(table, (0, 0, 1, 0))


def _disease(candidate: Ranked) -> Group:
    name = Text(words.printable(candidate.name), style="bold")
    if also := words.also_known_as(candidate):
        name.append(f"  {also}", style="dim")
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    styles = {"for": "green", "against": "red", "awaited": "cyan", "weighed by": "dim", "named by": "dim"}
    for label, said in words.evidence_lines(candidate):
        grid.add_row(Text(label, style=styles[label]), Text(said))
    return Group(name, grid) if grid.row_count else Group(name)
