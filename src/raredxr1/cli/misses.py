"""`raredx misses`: why a run missed the cases it missed, and what would mend that."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from raredxr1.cli._destination import write_whole

if TYPE_CHECKING:
    from raredxr1.evaluate.misses import Analysis, Miss


def misses(
    run: Annotated[Path, typer.Argument(help="Finished run folder of `raredx evaluate`.")],
    at: Annotated[
        Literal["1", "3", "5", "10"], typer.Option(help="A case is missed if no name up to this rank is right.")
    ] = "10",
    n: Annotated[
        int, typer.Option("--n", min=1, help="So many misses, drawn by the seed; all if there are fewer.")
    ] = 50,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of the draw.")] = 0,
    cases: Annotated[
        list[Path] | None, typer.Option("--cases", help="Case file of the run, where it has moved. Repeatable.")
    ] = None,
    knowledge: Annotated[
        Path | None, typer.Option(help="Knowledge base the run was judged with; by default the shipped one.")
    ] = None,
    as_format: Annotated[
        Literal["markdown", "json"], typer.Option("--format", help="A report, or one JSON document with a row a case.")
    ] = "markdown",
    out: Annotated[Path | None, typer.Option(help="File to write; by default standard output.")] = None,
) -> None:
    """Say of each missed case what kind of miss it is and what would mend it, by fixed rules.

    The report holds case ids, disease names and ranks, and no text of a note.
    """
    from raredxr1.evaluate.misses import analyse

    found = analyse(run, int(at), n, seed, knowledge, cases or ())
    text = _markdown(found) if as_format == "markdown" else _json(found)
    if out:
        write_whole(out, text + "\n")
        typer.echo(str(out))
    else:
        typer.echo(text)


def _json(found: "Analysis") -> str:
    from raredxr1.evaluate.misses import kinds

    document = {
        "system": found.run.system,
        "model": found.run.model,
        "knowledge": found.run.knowledge,
        "cases": found.run.cases,
        "settings": found.run.settings,
        "at": found.at,
        "seed": found.seed,
        "n": found.n,
        "missed": found.missed,
        "kinds": [row.model_dump(mode="json") for row in kinds(found.misses)],
        "misses": [miss.model_dump(mode="json") for miss in found.misses],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _markdown(found: "Analysis") -> str:
    from raredxr1.evaluate.compare import title
    from raredxr1.evaluate.misses import kinds

    rows, k = kinds(found.misses), found.at
    heard = bool(found.run.model and found.run.model.get("crr"))
    drawn = "all of them" if len(found.misses) == found.missed else f"{len(found.misses)} drawn with seed {found.seed}"
    lines = [
        "# Why cases are missed",
        "",
        f"- system: {title(found.run)}{', with the opinions of others' if heard else ''}",
        f"- cases: {_files(found)}; knowledge {found.run.knowledge}",
        f"- {found.n} cases, {found.missed} without the right disease in the first {k}; looked at: {drawn}",
        *_diseases(found),
        *_taught(found),
    ]
    stated = any(row.untaught is not None for row in rows)
    if rows:
        extra = (" not taught |", "---:|") if stated else ("", "")
        lines += ["", f"| kind of miss | n |{extra[0]} share (95% interval) | what would mend it |"]
        lines += [f"|---|---:|{extra[1]}---:|---|"]
    for row in rows:
        low, high = (f"{100 * bound:.0f}" for bound in row.ci95)
        untaught = f" {row.untaught} |" if stated else ""
        lines.append(f"| {row.kind} | {row.n} |{untaught} {100 * row.share:.0f}% ({low}-{high}) | {row.fix} |")
    if rows:
        untaught = f" {sum(row.untaught or 0 for row in rows)} |" if stated else ""
        lines += [f"| all | {len(found.misses)} |{untaught} | |", "", *_legend(heard)]
    for row in rows:
        lines += ["", f"## {row.kind[0].upper()}{row.kind[1:]} ({row.n})", ""]
        lines += [_case(miss) for miss in found.misses if miss.kind == row.kind]
    return "\n".join(lines)


def _case(miss: "Miss") -> str:
    listed = f"listed at {miss.rank}" if miss.rank else "not listed"
    first = f"; named first: {miss.first}" if miss.first else ""
    return f"- `{miss.case_id}` **{_line(miss.gold)}** ({listed}{_line(first)}): {_line(miss.why)}"


def _legend(heard: bool) -> list[str]:
    """What the numbers after a case mean."""
    text = (
        "Each miss has the first kind that holds (docs/evaluation.md has the order). Numbers are ranks of the right "
        "disease among all: *likelihood* and *similarity* rank by findings and annotations alone, the better one is "
        "given, by the true findings of the case and by those that can be read from the note; *texts* ranks by the "
        "words of the note (-: not in its first 50)"
    )
    if heard:
        text += "; *own list* is what the model names alone (-: not in it)"
    return [f"{text}."]


def _diseases(found: "Analysis") -> list[str]:
    """How many diseases the misses are of: intervals take them for independent, and patients of one disease are not."""
    counts = Counter(miss.gold for miss in found.misses).most_common()
    if not counts:
        return []
    most = ", ".join(f"{_line(name)} ({n})" for name, n in counts[:3])
    return [f"- diseases: {len(counts)}; the commonest: {most}"]


def _taught(found: "Analysis") -> list[str]:
    if not found.run.model or any(miss.taught is not None for miss in found.misses):
        return []
    return ["- diseases the model was taught: not stated (`raredx evaluate --taught` states them)"]


def _files(found: "Analysis") -> str:
    return ", ".join(Path(file["file"]).name for file in found.run.cases)


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "/")
