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
from raredxr1.diagnose.output.pages import outside
from raredxr1.diagnose.output.shown import ShownLine, shown_lines
from raredxr1.diagnose.output.stream import own_words, weighed
from raredxr1.diagnose.output.stream import reasoning as spoken
from raredxr1.diagnose.result import NextStep, Result

WIDTH = 100
"""Columns of plain output."""
LEAST, WIDE, MIDDLE = 40, 140, 60
FIRST = 4
"""Candidates whose strongest evidence is shown where it needs a line of its own."""
_BESIDE = 38
"""Columns that number, id and confidence take beside the disease."""
IN_FULL = 5
"""Candidates whose evidence -v shows; -vv shows all."""
_STYLES = {
    "recorded": "dim",
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
        verbosity: -1: the ranking alone; 0: one screen; 1: with the words of the note and the evidence of the first
            five; 2: everything, with who said what.
        explain: in place of the ranking, everything about the line of this number.
    """
    if heading:
        console.print(Text(printable(heading), style="bold underline"))
    if explain is not None:
        _print_candidate(result, explain, console)
        return
    lines, nothing = shown_lines(result), result.verdict.kind == "nothing_stands_out"
    if verbosity >= 0:
        _print_answer(result, console, quoted=verbosity == 1)
    elif nothing or not lines:
        console.print(Text(sentences.verdict(result)))
    if lines and nothing and verbosity == 0:
        said = (
            "Weak candidates that came first all the same are left out here, because they are no answer: -v shows them."
        )
        console.print(Text(said, style="dim"))
    elif lines:
        if nothing or words.none_likely(result):
            console.print(Text(f"{sentences.NO_ANSWER if nothing else sentences.UNLIKELY}:", style="dim"))
        console.print(_table(result, lines, console, 0 if verbosity == 1 else FIRST))
    if verbosity >= 1:
        _print_more(result, console, everything=verbosity > 1)
    elif verbosity == 0:
        _print_weighed(result, console)
        console.print()
        _print_close(result, console)


def text(result: Result, heading: str | None = None, verbosity: int = 0, explain: int | None = None) -> str:
    """A result as plain text, 100 columns wide."""
    console = Console(width=WIDTH, color_system=None, force_terminal=False, highlight=False)
    with console.capture() as capture:
        print_result(result, console, heading, verbosity, explain)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


# --- one screen ------------------------------------------------------------------------------------------------------


def _print_answer(result: Result, console: Console, quoted: bool) -> None:
    """What to act on, the answer with its reasons, and the findings it goes by.

    With the words of the note beside them, all findings are named, and the reasons are left to the evidence below.
    """
    for line in words.to_act_on(result):
        console.print(Text(line, style="yellow"))
    console.print(Text(sentences.verdict(result), style="bold"))
    case = [] if quoted else sentences.case(result)
    if because := " ".join(filter(None, (sentences.helps(result), *case))):
        console.print(Text(because))
    console.print()
    if who := words.in_words(result.patient):
        _print_labelled(console, "Patient", who)
    for label, names in sentences.findings_by_state(result, quoted):
        _print_labelled(console, label, names)
    if who or result.stated:
        console.print()


def _print_labelled(console: Console, label: str, said: str) -> None:
    console.print(Text(f"{label}: ", style="bold").append(said, style="not bold"))


def _table(result: Result, lines: Sequence[ShownLine], console: Console, first: int) -> Table:
    """The ranking; where there is no room for columns of evidence, it stands below the first few."""
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
        table.add_row(*_row(line, wide, narrow, console, first))
    if result.calibration:
        none = result.calibration.none_of_these
        cells = [Text("–", style="dim"), Text("None of these", style="dim")]
        cells += [] if narrow else [Text("")]
        table.add_row(*cells, _confidence(none, words.percent(none), narrow, console))
    return table


def _row(line: ShownLine, wide: bool, narrow: bool, console: Console, first: int) -> list[Text]:
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
    if not wide and line.place <= first:
        together = not narrow and len(pro) + len(contra) + 6 <= room
        little = words.little_known(candidate) if candidate else ""
        for sign, said, style in (("·", little, "dim"), ("+", pro, "green"), ("−", contra, "red")):
            if said:
                name.append("  " if sign == "−" and pro and together else "\n")
                name.append(f"{sign} {said}", style=f"not bold {style}")
    cells = [Text(str(line.place)), name]
    cells += [] if narrow else [identity]
    cells.append(_confidence(line.confidence, line.share, narrow, console))
    if wide:
        cells += [
            Text(pro or (words.little_known(candidate) if candidate else ""), style="green" if pro else "dim"),
            Text(contra, style="red"),
        ]
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
    steps = words.steps(result)
    asked = [in_sentence(words.step_name(step)) for step in steps if step.kind != "gene" and not step.test]
    if asked:
        _print_labelled(console, "Ask or look for next", ", ".join(asked[:4]))
    for step in steps:
        if step.kind == "gene" or step.test:
            label = f"Test {words.gene_test(step) if step.kind == 'gene' else words.step_name(step)}"
            _print_labelled(console, label, words.step_meaning(step))
    if result.verdict.kind == "ranked":
        rest = "-v the evidence, -vv everything, --explain 2 one candidate in full, --out FILE.html or .pdf a report"
        _print_labelled(console, "More", rest)
    _print_below(result, console)


def _print_below(result: Result, console: Console) -> None:
    for line in (*(words.below_ranking(result) if result.verdict.kind == "ranked" else ()), result.disclaimer):
        console.print(Text(line, style="dim"))


# --- more ------------------------------------------------------------------------------------------------------------


def _print_weighed(result: Result, console: Console) -> None:
    _print_section(console, "How the language model weighs it", weighed(result).splitlines())


def _print_more(result: Result, console: Console, everything: bool) -> None:
    lines = shown_lines(result)
    for line in lines if everything else lines[:IN_FULL]:
        console.print()
        _print_line(line, console, everything)
    _print_section(
        console, "What would tell them apart", [_step_line(step, everything) for step in words.steps(result)]
    )
    _print_weighed(result, console)
    if not everything:
        console.print()
        rest = f"-vv all {len(lines)} candidates, HPO ids and who said what, --explain 2 one candidate in full"
        _print_labelled(console, "More", rest)
        _print_below(result, console)
        return
    _print_section(console, "Findings read in the note", _finding_lines(result))
    _print_section(console, "Who said what", words.crr_lines(result))
    written = [turn for turn in result.turns if turn.role in ("turn", "lead turn")] or result.turns[:1]
    for turn in written:
        _print_section(console, own_words(turn), spoken(turn.text).splitlines())
    _print_section(console, "About this result", _about(result))


def _print_line(line: ShownLine, console: Console, everything: bool = True) -> None:
    title = Text(f"{line.place}. {line.name}", style="bold")
    also = words.also_known_as(line.candidate) if line.candidate and not line.folded else ""
    console.print(title.append(f"  {line.id or 'no id'}{f'  {also}' if also else ''}", style="not bold dim"))
    said: list[tuple[str, str, str]] = []
    if line.folded:
        told = [f"{printable(one.name)} {one.id or ''} {line.share_of(one.confidence)}" for one in line.members]
        said.append(("subtypes", "; ".join(told), ""))
        said.append(("to tell them apart", line.apart, ""))
    if candidate := line.candidate:
        said += [(shown(key), text, _STYLES[key]) for key, text in sentences.candidate_sentences(candidate, everything)]
        if candidate.also_called and not line.folded:
            said.append((shown("also called"), printable(", ".join(candidate.also_called)), ""))
        if everything:
            said += [
                ("from", words.weighed_by(candidate), ""),
                ("place in each ranking", words.named_by(candidate), ""),
            ]
    for label, text, style in said:
        if text:
            console.print(Padding(Text(f"{label}: ", style=style or "dim").append(text, style="default"), (0, 0, 0, 3)))


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
    told = [_step_line(step, True) for step in words.steps(result) if any(one.id == line.id for one in step.separates)]
    _print_section(console, "What would tell it from the others", told)
    console.print()
    for said in (*words.confidence_lines(result), result.disclaimer):
        console.print(Text(said, style="dim"))


def _step_line(step: NextStep, with_id: bool) -> str:
    name = " ".join(filter(None, (words.step_name(step), step.hpo_id if with_id else None)))
    return f"{name} ({words.step_kind(step)}): {words.step_meaning(step)}"


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
    if lines:
        console.print()
        console.print(Text(title, style="bold"))
        for line in lines:
            console.print(Padding(Text(line), (0, 0, 0, 2)))
