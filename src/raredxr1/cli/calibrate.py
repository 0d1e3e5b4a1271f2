"""`raredx train calibrate`: what makes a model's confidence mean something, and the fusion of CRR."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raredxr1.cli._model import (
    FastOption,
    KnowledgeOption,
    MeaningOption,
    ModelOption,
    ThreadsOption,
    form_of,
    open_said,
)
from raredxr1.errors import InputError, extra, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raredxr1.diagnose.calibration import Fitted, Measured
    from raredxr1.diagnose.served import ServedFit


def calibrate(
    cases: Annotated[
        list[str],
        typer.Option(
            "--cases",
            help="Case file (JSONL, plain or gzipped), with conditions behind it if only some rows count: "
            "cases.jsonl.gz,split=dev. kind=NAME says what kind of notes these are (each weighs the same, by default "
            "each file), note=FIELD which field holds the note, limit=N how many of its cases. Repeatable; each file "
            "is one set of cases.",
        ),
    ],
    work: Annotated[Path, typer.Option(help="Folder for what was observed; an interrupted run goes on there.")],
    model: ModelOption = None,
    by_meaning: MeaningOption = True,
    out: Annotated[
        Path | None,
        typer.Option(help="The file to write; by default calibration.json in --model's folder."),
    ] = None,
    fast: FastOption = None,
    ordinary: Annotated[
        list[str] | None,
        typer.Option(
            "--ordinary",
            help="File of notes without a disease to find (JSONL with case_id and note; conditions as for --cases): "
            "what the verdict that nothing stands out is fitted on. Repeatable.",
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="So many cases of each file, drawn by the seed.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of the draw.")] = 0,
    negatives: Annotated[
        bool, typer.Option("--negatives/--no-negatives", help="Use findings reported absent in written notes.")
    ] = True,
    training_manifest: Annotated[
        list[Path] | None, typer.Option(help="Manifest of what the model was trained on. Repeatable.")
    ] = None,
    allow_overlap: Annotated[
        bool, typer.Option("--allow-overlap", help="Calibrate on cases the model was trained on: not honest.")
    ] = False,
    threads: ThreadsOption = None,
    knowledge: KnowledgeOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
) -> None:
    """Calibrate a model's confidence on development cases, and fit the fusion that `diagnose --crr` uses.

    Asks the model and the other diagnosers about every case, fits a fusion and Platt and isotonic curves,
    measures all of it on cases left out of the fit, and writes plain numbers beside the model. They are bound to the
    model's weights: run this again for every new model. Of a model server, how much its list counts beside the rankers
    of this machine is fitted, and kept in your data folder; the notes of the cases are sent to the server.
    """
    if model is None and out is None:
        raise InputError("name --out: the calibration of the shipped model is a part of the program and stays as it is")
    from raredxr1.calibrate.observe import observe, ordinary_notes
    from raredxr1.diagnose.calibration import CALIBRATION_FILE, CaseFile, weights_sha256
    from raredxr1.diagnose.model import SHIPPED
    from raredxr1.diagnose.names import open_names
    from raredxr1.diagnose.pipeline import Options, resolve
    from raredxr1.evaluate.case_set import CaseSet, Selection, open_cases
    from raredxr1.evaluate.leakage import read_training
    from raredxr1.evaluate.matcher import Matcher
    from raredxr1.evaluate.runner import check_overlap
    from raredxr1.runstore import sha256

    with extra("calibrating"):
        from raredxr1.calibrate.fit import fit
    names, opened = open_names(knowledge, by_meaning), open_said(model, threads)
    chosen, files, kinds = CaseSet([], []), [], {}
    for said in cases:
        path, *conditions = said.split(",")
        settings_of = {
            key: value for key, _, value in (c.partition("=") for c in conditions) if key in ("kind", "note", "limit")
        }
        most = _most(settings_of["limit"], said) if "limit" in settings_of else limit
        rows = tuple(c for c in conditions if c.partition("=")[0] not in settings_of)
        one = open_cases(
            [Path(path)], names.kb, Selection(settings_of.get("note", "note"), negatives, rows, most, seed)
        )
        kinds[Path(path).name] = settings_of.get("kind", "")
        chosen.items.extend(one.items)
        chosen.files.extend(one.files)
        files.append(CaseFile(file=Path(path).name, sha256=one.files[0]["sha256"], n=len(one.items)))
    plain = [Path(said.split(",")[0]) for said in ordinary or ()]
    for said, notes in zip(ordinary or (), plain, strict=True):
        chosen.items.extend(ordinary_notes(notes, said.split(",")[1:]))
        chosen.files.append({"file": str(notes), "sha256": sha256(notes)})
    if len({file.file for file in files}) < len(files):
        raise InputError("two case files have the same name; each set of cases needs its own")
    beside = Path(model or SHIPPED)
    folders = [folder for folder in (beside, opened.engine.path) if folder.is_dir()]
    check_overlap(chosen, read_training(folders, tuple(training_manifest or ()), None), allow_overlap)
    options = Options(form=form_of(fast))
    settings = resolve(options, opened)
    if settings.ranking == "list" and not opened.server and not opened.leads:
        raise InputError(f"the model {opened.name} ranks by its list, which gives no confidence to calibrate")
    matcher = Matcher(names.kb, names.linker)
    observed = observe(chosen, opened, names, matcher, options, work, quiet, kinds, [path.name for path in plain])
    if opened.server:
        from raredxr1.calibrate.served import fit_served, shipped_fit
        from raredxr1.diagnose.served import fit_path

        served = fit_served(observed, opened.server.written, names.kb.version, files, shipped_fit(SHIPPED))
        _write(out or fit_path(opened.engine.path.name), served.model_dump(mode="json"))
        typer.echo("\n".join(_served_lines(served)))
        return
    weights = weights_sha256(opened.engine.path)
    fitted = fit(observed, opened.name, weights, names.kb.version, settings, files)
    target = out or beside / CALIBRATION_FILE
    _write(target, fitted.model_dump(mode="json"))
    typer.echo("\n".join(_lines(fitted)))
    typer.echo(f"\n{target}")


def _write(target: Path, fitted: dict[str, object]) -> None:
    from raredxr1.runstore import write_json

    with writing(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_json(target, fitted)


def _table(rows: "Sequence[Measured]") -> list[str]:
    lines = [f"{'cases':<28} {'ranking':<36} {'n':>5} {'@1':>6} {'@3':>6} {'@10':>6} {'MRR':>6} {'ECE':>6}"]
    for row in rows:
        shares = (row.recall_at_1, row.recall_at_3, row.recall_at_10, row.mrr)
        error = "" if row.ece is None else f"{row.ece:.3f}"
        figures = " ".join(f"{share:6.3f}" for share in shares)
        lines.append(f"{row.cases[:28]:<28} {row.system:<36} {row.n:>5} {figures} {error:>6}")
    return lines


def _served_lines(fitted: "ServedFit") -> list[str]:
    return [
        *_table(fitted.measured),
        f"\n{fitted.model}: its first name adds {fitted.strength:.2f} to the log odds of a disease; expected "
        f"calibration error {fitted.ece:.3f}, each disease left out of the fit once",
        "It is used whenever this server is named from now on.",
    ]


def _most(number: str, said: str) -> int:
    """The limit of one file."""
    if not number.isdecimal() or int(number) < 1:
        raise InputError(f"--cases {said}: limit={number} is no number of cases")
    return int(number)


def _lines(fitted: "Fitted") -> list[str]:
    lines = _table(fitted.measured)
    for who, ranking in (("model", fitted.own), ("fusion", fitted.fused)):
        if ranking:
            method = f"{ranking.curve.method}, expected calibration error {ranking.curve.ece:.3f}"
            lines.append(f"\n{who}: {method}, each kind of note weighing the same, each set left out of the fit")
    better = (
        "better than the model alone, and used unless told otherwise" if fitted.crr_by_default else "off by default"
    )
    lines.append(f"CRR: {better}")
    if out := fitted.stands_out:
        lines.append(
            f"nothing stands out: said of {out.flagged:.1%} of {out.ordinary} ordinary notes and "
            f"of {out.wronged:.1%} of the cases answered right, each left out of the fit"
        )
    return lines
