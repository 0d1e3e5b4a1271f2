"""`raredx doctor`: what is installed, and whether it works."""

from typing import TYPE_CHECKING, Annotated

import typer

from raredxr1.cli._model import KnowledgeOption, ModelOption, ThreadsOption

if TYPE_CHECKING:
    from raredxr1.diagnose.doctor import Checkup


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    model: ModelOption = None,
    knowledge: KnowledgeOption = None,
    threads: ThreadsOption = None,
) -> None:
    """Say what is installed, which model and knowledge answer, and diagnose the example note as a test.

    Exit code 1 if the test fails.
    """
    from raredxr1.diagnose.doctor import examine

    checkup = examine(model, knowledge, threads)
    typer.echo(checkup.model_dump_json(indent=2) if as_json else "\n".join(_lines(checkup)))
    if not checkup.self_test.ok:
        raise typer.Exit(1)


def _lines(checkup: "Checkup") -> list[str]:
    rows = [("raredxr1", f"{checkup.raredxr1}, dialogue {checkup.dialogue}")]
    rows.append(("python", f"{checkup.python}, {checkup.platform}"))
    installed = [f"{name} {version}" for name, version in checkup.packages.items() if version]
    missing = [name for name, version in checkup.packages.items() if not version]
    rows.append(("packages", ", ".join(installed)))
    if missing:
        rows.append(("not there", ", ".join(missing)))
    rows += [("threads", str(checkup.threads)), ("cache", checkup.cache)]
    if found := checkup.model:
        sha256 = f", sha256 {found.sha256}" if found.sha256 else ""
        rows.append(("model", f"{found.name}{sha256}"))
        rows.append(("", f"{found.engine}, context {found.context_length}, {found.path}"))
        rows.append(("coverage", found.coverage.statement))
        rows += [("", f"{name}: {value:.3g}") for name, value in found.coverage.accuracy.items()]
    if served := checkup.server:
        where = f"notes are SENT to {', '.join(served.sent_to)}" if served.sent_to else "notes stay on this machine"
        rows.append(("server", where))
        held = "answers are held to a JSON schema" if served.constrained else "answers are plain text, read leniently"
        assumed = "" if served.context_is_stated else "; its context is assumed, it does not say"
        rows.append(("", f"{held}{assumed}{'; it thinks before it answers' if served.thinks else ''}"))
        rows.append(("", f"example note: {served.findings} findings read, {served.quoted} quoted word for word; "
                         f"{served.named} diseases named, {served.linked} with an id"))  # fmt: skip
    if known := checkup.knowledge:
        rows.append(("knowledge", f"{known.version}: {known.diseases:,} diseases, {known.terms:,} terms"))
    rows += [("problem", problem) for problem in checkup.problems]
    test = checkup.self_test
    took = f" in {test.seconds:.1f} s" if test.seconds is not None else ""
    rows.append(("self-test", f"{'passed' if test.ok else 'FAILED'}{took}: {test.said}"))
    return [f"{label:<10} {said}".rstrip() for label, said in rows]
