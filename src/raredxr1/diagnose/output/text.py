"""A Result for reading on a terminal: the answer on one screen, more on request.

Width decides the layout: from 140 columns a candidate is one line, from 60 the strongest evidence of the first five
stands below it, and under 60 the id too. Text that does not go to a terminal is 100 columns wide and has no colour.
"""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from raredxr1.diagnose.output import sentences, words
from raredxr1.diagnose.output.glossary import in_sentence, printable, shown
from raredxr1.diagnose.output.links import outside
from raredxr1.diagnose.output.shown import ShownLine, shown_lines
from raredxr1.diagnose.result import Result

WIDTH = 100
"""Columns of plain output."""
LEAST, WIDE, MIDDLE = 40, 140, 60
FIRST = 4
"""Candidates whose strongest evidence is shown where it needs a line of its own."""
_LABEL = 23
"""Columns of the names of what is said of a candidate; longer ones take two lines."""
_BESIDE = 38
"""Columns that number, id and confidence take beside the disease."""
_STYLES = {
    "supports": "green",
    "against": "red",
    "person": "red",
    "parents": "green",
    "awaited": "cyan",
    "unexplained": "yellow",
}


def print_result(
    result: Result, console: Console, heading: str | None = None, verbosity: int = 0, explain: int | None = None
) -> None:
    """Print a result.

    Args:
        result: what to print.
        console: where; its width decides the layout.
        heading: a first line, such as the file's name.
        verbosity: -1: the ranking alone; 0: one screen; 1: with all evidence; 2: with who said what.
        explain: in place of the ranking, everything about the line of this number.
    """
    if heading:
        console.print(Text(printable(heading), style="bold underline"))
    if explain is not None:
        _print_candidate(result, explain, console)
        return
    lines, nothing = shown_lines(result), result.verdict.kind == "nothing_stands_out"
    if verbosity >= 0:
        _print_answer(result, console)
    elif nothing or not lines:
        console.print(Text(sentences.verdict(result)))
    if lines and nothing and verbosity == 0:
        said = "The diseases that came first all the same are left out here, because they are no answer: -v shows them."
        console.print(Text(said, style="dim"))
    elif lines:
        console.print(_table(result, lines, console))
    if verbosity >= 1:
        _print_more(result, console, verbosity)
    elif verbosity == 0:
        console.print()
        _print_close(result, console)


def text(result: Result, heading: str | None = None, verbosity: int = 0, explain: int | None = None) -> str:
    """A result as plain text, 100 columns wide."""
    console = Console(width=WIDTH, color_system=None, force_terminal=False, highlight=False)
    with console.capture() as capture:
        print_result(result, console, heading, verbosity, explain)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


# --- one screen ------------------------------------------------------------------------------------------------------


def _print_answer(result: Result, console: Console) -> None:
    """What to act on, the answer with its reasons, and the findings it goes by."""
    for line in words.to_act_on(result):
        console.print(Text(line, style="yellow"))
    console.print(Text(sentences.verdict(result), style="bold"))
    if because := " ".join(filter(None, (sentences.helps(result), *sentences.case(result)))):
        console.print(Text(because))
    console.print()
    if who := words.patient(result):
        _print_labelled(console, "Patient", who)
    for label, names in sentences.findings_by_state(result):
        _print_labelled(console, label, names)
    if who or result.stated:
        console.print()


def _print_labelled(console: Console, label: str, said: str) -> None:
    console.print(Text(f"{label}: ", style="bold").append(said, style="not bold"))


def _table(result: Result, lines: Sequence[ShownLine], console: Console) -> Table:
    width = max(console.width, LEAST)
    wide, narrow = width >= WIDE, width < MIDDLE
    table = Table(box=None, pad_edge=False, padding=(0, 1 if narrow else 2, 0, 0), header_style="dim")
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("Disease", overflow="fold", ratio=5)
    if not narrow:
        table.add_column("Id", no_wrap=True)
    table.add_column("Conf." if narrow else "Confidence", justify="right", no_wrap=True)
    if wide:
        table.add_column("Fits best", ratio=3, no_wrap=True, overflow="ellipsis")
        table.add_column("Speaks against", ratio=2, no_wrap=True, overflow="ellipsis")
    for line in lines:
        table.add_row(*_row(line, wide, narrow, console))
    if result.calibration:
        none = result.calibration.none_of_these
        cells = [Text("–", style="dim"), Text("None of these", style="dim")]
        cells += [] if narrow else [Text("")]
        table.add_row(*cells, _confidence(none, words.percent(none), narrow, console))
    return table


def _row(line: ShownLine, wide: bool, narrow: bool, console: Console) -> list[Text]:
    name = Text(line.name, style="bold")
    if beside := line.subtypes or line.familiar:
        name.append(f" ({printable(beside)})", style="not bold dim")
    address = outside(line.id) if line.id else None
    identity = Text(line.id or "no id", style=f"link {address}" if address else "dim")
    candidate = line.candidate
    most = 1 if wide or narrow else 2
    pro = sentences.strongest(candidate.supports, most) if candidate else ""
    contra = sentences.strongest_against(candidate, most) if candidate else ""
    room = console.width - _BESIDE  # of the column the evidence stands in
    if narrow:
        name.append("\n").append_text(identity)
    if not wide and line.place <= FIRST:
        together = not narrow and len(pro) + len(contra) + 6 <= room
        for sign, said, style in (("+", pro, "green"), ("−", contra, "red")):
            if said:
                name.append("  " if sign == "−" and pro and together else "\n")
                name.append(f"{sign} {said}", style=f"not bold {style}")
    cells = [Text(str(line.place)), name]
    cells += [] if narrow else [identity]
    cells.append(_confidence(line.confidence, line.share, narrow, console))
    if wide:
        cells += [Text(pro, style="green"), Text(contra, style="red")]
    return cells


def _confidence(share: float | None, shown_as: str, narrow: bool, console: Console) -> Text:
    said = shown_as.rjust(4)
    if share is None or narrow:
        return Text(said)
    return Text(_bar(share, 10, console.options.ascii_only), style="cyan").append(f" {said}", style="default")


def _bar(share: float, cells: int, ascii_only: bool) -> str:
    if ascii_only:
        return ("#" * round(share * cells)).ljust(cells, ".")
    eighths = max(round(share * cells * 8), 1 if share > 0 else 0)
    partial = "▏▎▍▌▋▊▉"[eighths % 8 - 1] if eighths % 8 else ""
    return ("█" * (eighths // 8) + partial).ljust(cells)


def _print_close(result: Result, console: Console) -> None:
    steps = result.next_steps if result.verdict.kind == "ranked" else []
    if asked := [in_sentence(step.label) for step in steps if step.kind != "gene"]:
        _print_labelled(console, "Ask or test next", ", ".join(asked[:4]))
    for step in steps:
        if step.kind == "gene":
            _print_labelled(console, f"To tell them apart, test the {words.gene_test(step)}", words.step_meaning(step))
    if result.verdict.kind == "ranked":
        rest = "-v all evidence, -vv who said what, --explain 2 one candidate in full, --out FILE.html or .pdf a report"
        _print_labelled(console, "More", rest)
    for line in (*(words.below_ranking(result) if result.verdict.kind == "ranked" else ()), result.disclaimer):
        console.print(Text(line, style="dim"))


# --- more ------------------------------------------------------------------------------------------------------------


def _print_more(result: Result, console: Console, verbosity: int) -> None:
    for line in shown_lines(result):
        console.print()
        _print_line(line, console)
    steps = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    steps.add_column(overflow="fold", ratio=2)
    steps.add_column(no_wrap=True)
    steps.add_column(overflow="fold", ratio=4)
    for step in result.next_steps:
        label = " ".join(filter(None, (printable(step.label), step.hpo_id)))
        steps.add_row(Text(label), Text(words.step_kind(step), style="dim"), Text(words.step_meaning(step)))
    if result.next_steps:
        _print_section(console, "What would tell them apart", [])
        console.print(Padding(steps, (0, 0, 0, 2)))
    _print_section(console, "Findings read in the note", _finding_lines(result))
    if verbosity >= 2:
        _print_section(console, "Who said what", words.crr_lines(result))
        written = [turn for turn in result.turns if turn.role in ("turn", "lead turn")] or result.turns[:1]
        for turn in written:
            title = "The language model's own words, unedited and unchecked"
            _print_section(console, title, printable(turn.text).splitlines())
    _print_section(console, "About this result", _about(result))


def _print_line(line: ShownLine, console: Console) -> None:
    title = Text(f"{line.place}. {line.name}", style="bold")
    also = words.also_known_as(line.candidate) if line.candidate and not line.folded else line.subtypes
    console.print(title.append(f"  {line.id or 'no id'}{f'  {also}' if also else ''}", style="not bold dim"))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=False, width=_LABEL if console.width >= MIDDLE else None)
    grid.add_column(overflow="fold")
    if line.folded:
        told = [f"{printable(one.name)} {one.id or ''} {line.share_of(one.confidence)}" for one in line.members]
        grid.add_row(Text("subtypes", style="dim"), Text("; ".join(told)))
    if candidate := line.candidate:
        for key, said in sentences.candidate_sentences(candidate):
            grid.add_row(Text(shown(key), style=_STYLES[key]), Text(said))
        if candidate.also_called and not line.folded:
            others = printable(", ".join(candidate.also_called))
            grid.add_row(Text(shown("also called"), style="dim"), Text(others, style="dim"))
        for label, said in (("from", words.weighed_by(candidate)), ("named by", words.named_by(candidate))):
            if said:
                grid.add_row(Text(label, style="dim"), Text(said, style="dim"))
    console.print(Padding(grid, (0, 0, 0, 3)))


def _print_candidate(result: Result, place: int, console: Console) -> None:
    """Everything about one line of the ranking."""
    lines = shown_lines(result)
    if place > len(lines):
        console.print(Text(f"There is no candidate {place}: the ranking has {len(lines)}."))
        return
    line = lines[place - 1]
    if line.confidence is not None:
        console.print(Text(f"Confidence {line.share}, place {place} of {len(lines)}."))
    _print_line(line, console)
    if candidate := line.candidate:
        quotes = [f"{words.finding(one)}: {words.quoted(one)}" for one in (*candidate.supports, *candidate.against)]
        _print_section(console, "In the words of the note", quotes)
        ids = [f"{one}  {outside(one) or ''}".rstrip() for one in (candidate.id, *candidate.same_as) if one]
        _print_section(console, "Look it up", ids)
    told = [
        f"{printable(step.label)} ({words.step_kind(step)}): {words.step_meaning(step)}"
        for step in result.next_steps
        if any(one.id == line.id for one in step.separates)
    ]
    _print_section(console, "What would tell it from the others", told)
    console.print()
    for said in (*words.confidence_lines(result), result.disclaimer):
        console.print(Text(said, style="dim"))


def _finding_lines(result: Result) -> list[str]:
    return [
        f"{printable(f.term)} {f.hpo_id}: {words.state_of(f)}"
        + (f", “{printable(f.quote)}”" if f.quote else f", {words.read_by(f)}")
        for f in result.stated
    ]


def _about(result: Result) -> list[str]:
    return [
        *filter(None, [words.patient_line(result)]),
        *words.none_line(result),
        *words.below_ranking(result),
        *words.slips(result),
        *result.details,
        words.coverage(result),
        words.provenance(result),
        result.disclaimer,
    ]


def _print_section(console: Console, title: str, lines: Iterable[str]) -> None:
    lines = list(lines)
    if lines or title == "What would tell them apart":
        console.print()
        console.print(Text(title, style="bold"))
        for line in lines:
            console.print(Padding(Text(line), (0, 0, 0, 2)))
