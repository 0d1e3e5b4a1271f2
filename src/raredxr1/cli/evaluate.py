"""`raredx evaluate` and `raredx compare`: how well a system does on cases, and whether another does better."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from raredxr1.cli._destination import write_whole
from raredxr1.cli._model import FastOption, KnowledgeOption, MeaningOption, ModelOption, ThreadsOption, form_of

if TYPE_CHECKING:
    from raredxr1.evaluate.compare import Comparison


def evaluate(
    cases: Annotated[list[Path], typer.Option("--cases", help="Case file (JSONL, plain or gzipped). Repeatable.")],
    system: Annotated[
        str,
        typer.Option(help="model, base, resnik, likelihood, retrieval, or openai:URL#model (key from environment)."),
    ],
    out: Annotated[Path, typer.Option(help="Run folder to write.")],
    more: Annotated[list[Path] | None, typer.Argument(help="More case files.", show_default=False)] = None,
    model: ModelOption = None,
    by_meaning: MeaningOption = True,
    findings: Annotated[
        Literal["gold", "model", "note"] | None,
        typer.Option(
            help="What classical systems get: the true HPO terms, those the model quotes, or the note "
            "(retrieval). By default gold; retrieval: note."
        ),
    ] = None,
    note_field: Annotated[str, typer.Option(help="Field of the case that holds the note.")] = "note",
    negatives: Annotated[
        bool,
        typer.Option("--negatives/--no-negatives", help="Use findings reported absent in written notes and terms."),
    ] = True,
    where: Annotated[
        list[str] | None, typer.Option(help="Only rows with this value, as key=value (split=dev). Repeatable.")
    ] = None,
    fast: FastOption = None,
    ranking: Annotated[
        Literal["list", "scored", "beam"] | None, typer.Option(help="How the model ranks; see `raredx diagnose`.")
    ] = None,
    crr: Annotated[
        bool | None,
        typer.Option("--crr/--no-crr", help="Rank anew with other diagnosers' opinions; by default as it is served."),
    ] = None,
    samples: Annotated[int, typer.Option(min=1, max=64, help="Turns drawn a case and fused.")] = 1,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="At most so many tokens a turn.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="So many cases, drawn by the seed, in file order.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of the draw of cases and of sampling.")] = 0,
    batch: Annotated[int | None, typer.Option(min=1, help="Cases answered at once.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted.")] = False,
    allow_overlap: Annotated[
        bool, typer.Option("--allow-overlap", help="Evaluate on what was trained on, and say so in every output.")
    ] = False,
    training_manifest: Annotated[
        list[Path] | None, typer.Option(help="Further manifest of what the model was trained on. Repeatable.")
    ] = None,
    taught: Annotated[Path | None, typer.Option(help="JSON list of the diseases the model was taught.")] = None,
    against_alone: Annotated[
        bool,
        typer.Option(
            "--against-alone",
            help="With a served --model: ask the same model without this program around it, too, in OUT/alone and "
            "OUT/harness, and compare.",
        ),
    ] = False,
    pheval: Annotated[bool, typer.Option("--pheval", help="Also write PhEval's result files.")] = False,
    judge: Annotated[
        str | None, typer.Option(help="openai:URL#model whose second opinion is asked on every answer.")
    ] = None,
    rate: Annotated[float | None, typer.Option(min=0.01, help="Requests a minute at most (openai).")] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for one answer (openai).")] = 120.0,
    price_in: Annotated[float | None, typer.Option(min=0, help="Price of a million prompt tokens (openai).")] = None,
    price_out: Annotated[float | None, typer.Option(min=0, help="Price of a million generated tokens.")] = None,
    key_variable: Annotated[str, typer.Option(help="Environment variable that holds the key.")] = "OPENAI_API_KEY",
    pages: Annotated[int, typer.Option(min=0, help="Cases with a page in the report, at most.")] = 500,
    threads: ThreadsOption = None,
    knowledge: KnowledgeOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
) -> None:
    """Run a system over cases, judge every answer by the same matcher, and report.

    Writes predictions.jsonl as it goes, then judged.jsonl, metrics.json and report.html. Rows that cannot be read and
    cases without an answer count as misses.
    """
    from raredxr1.diagnose.names import open_names
    from raredxr1.diagnose.pipeline import Options
    from raredxr1.diagnose.servers.client import Client, Endpoint
    from raredxr1.diagnose.servers.differential import parse_system
    from raredxr1.evaluate import report, runner
    from raredxr1.evaluate.case_set import Selection, open_cases
    from raredxr1.evaluate.matcher import Matcher
    from raredxr1.evaluate.opinion import Judge
    from raredxr1.evaluate.systems.model import ModelSystem
    from raredxr1.evaluate.systems.opening import Request, alone, check, open_system

    def endpoint(name: str) -> Endpoint:
        url, remote = parse_system(name, key_variable) if name else ("", "")
        return Endpoint(url, remote, rate, timeout, 5, price_in, price_out, max_tokens or 1024, key_variable)

    form = form_of(fast)
    options = Options(form=form, ranking=ranking, samples=samples, max_tokens=max_tokens, seed=seed)
    request = Request(
        system=system,
        model=model,
        findings=findings,
        options=options,
        crr=crr,
        endpoint=endpoint(system) if system.startswith("openai:") else None,
        threads=threads,
        manifests=tuple(training_manifest or ()),
        taught=taught,
    )
    check(request)
    second = Judge(Client(endpoint(judge))) if judge else None
    names = open_names(knowledge, by_meaning)
    selection = Selection(note_field, negatives, tuple(where or ()), limit, seed)
    case_set = open_cases([*cases, *(more or [])], names.kb, selection)
    opened, training = open_system(request, names)
    if isinstance(opened, ModelSystem):
        case_set.warnings.extend(opened.fitted_on(case_set.files))
    asks = system not in ("resnik", "likelihood", "retrieval")
    classical = {"findings": findings or ("note" if system == "retrieval" else "gold")}
    asked = {"form": form, "ranking": ranking, "samples": samples, "max_tokens": max_tokens}
    runs = [(opened, training, out)]
    if against_alone:
        runs = [
            (*open_system(alone(request, opened, endpoint("")), names), out / "alone"),
            (opened, training, out / "harness"),
        ]
    for one, trained, folder in runs:
        outcome = runner.evaluate(
            one,
            case_set,
            folder,
            Matcher(names.kb, names.linker),
            runner.settings_of(selection, **(asked if asks else classical)),
            trained,
            batch=batch,
            resume=resume,
            allow_overlap=allow_overlap,
            quiet=quiet,
            judge=second,
            pages=pages,
        )
        if pheval:
            from raredxr1.evaluate.pheval import write_pheval
            from raredxr1.evaluate.rows import read_predictions

            write_pheval(folder, read_predictions(folder), outcome.judged, names.kb)
        typer.echo("\n".join(report.run_lines(outcome.rows, case_set.warnings)))
        typer.echo(f"\n{folder / 'report.html'}\n")
    if against_alone:
        _side_by_side(out)


def compare(
    run_a: Annotated[Path, typer.Argument(help="Run folder of `raredx evaluate`.")],
    run_b: Annotated[Path, typer.Argument(help="Another one, on the same cases.")],
    level: Annotated[
        Literal["strict", "subtype", "category"], typer.Option(help="Which column to compare.")
    ] = "strict",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document with every flipped case.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the JSON document here too.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of the bootstrap.")] = 0,
) -> None:
    """Compare two runs on the same cases: McNemar's test, paired bootstrap, and the cases that flipped."""
    from raredxr1.evaluate.compare import compare as run

    _told(run(run_a, run_b, level, seed), out, as_json)


def _side_by_side(out: Path) -> None:
    """Print and keep what lies between a served model alone and the same model in the harness."""
    from raredxr1.evaluate.compare import compare as run

    _told(run(out / "alone", out / "harness"), out / "comparison.json", as_json=False)
    typer.echo(f"\nA: the model alone. B: the same model in the harness. {out / 'comparison.json'}")


def _told(result: "Comparison", out: Path | None, as_json: bool) -> None:
    from raredxr1.evaluate.report import comparison_lines

    document = result.model_dump_json(indent=2)
    if out:
        write_whole(out, document + "\n")
    typer.echo(document if as_json else "\n".join(comparison_lines(result)))
