"""What is installed, which model and knowledge answer, and whether they do."""

import platform
from importlib import metadata
from pathlib import Path

from pydantic import Field

from raredxr1 import dialogue
from raredxr1.data import EXAMPLE
from raredxr1.diagnose.model import Model, open_model
from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.opening import physical_cores
from raredxr1.diagnose.pipeline import Options, diagnose, with_crr
from raredxr1.diagnose.result import Coverage
from raredxr1.errors import InputError
from raredxr1.export import default_cache
from raredxr1.schemas import Form, ProblemKind, Strict
from raredxr1.version import VERSION

PRODUCT = (
    "ctranslate2",
    "tokenizers",
    "numpy",
    "pydantic",
    "typer",
    "rich",
    "rapidfuzz",
    "fastapi",
    "uvicorn",
    "jinja2",
)
TRAINING = ("torch", "transformers", "trl", "peft", "accelerate", "datasets")


class ModelFacts(Strict):
    """The model that was opened."""

    name: str
    path: str
    engine: str
    sha256: str | None
    context_length: int
    forms: list[str]
    coverage: Coverage


class ServerTest(Strict):
    """What a model server made of the example note, asked for a full turn and alone."""

    sent_to: list[str] = Field(description="hosts other than this machine; empty: nothing leaves it")
    context_is_stated: bool = Field(description="the server says how much it reads; else it is assumed")
    constrained: bool = Field(description="its answers are held to a JSON schema")
    thinks: bool = Field(description="it writes thoughts apart from its answer")
    findings: int = Field(description="findings it read")
    quoted: int = Field(description="of these, with words that stand in the note")
    named: int = Field(description="diseases it named")
    linked: int = Field(description="of these, with an OMIM, Orphanet or Mondo id")
    failure: str = ""


class KnowledgeFacts(Strict):
    """The knowledge base that was opened."""

    version: str
    diseases: int
    terms: int


class SelfTest(Strict):
    """The example note, diagnosed in the short form."""

    ok: bool
    said: str = Field(description="the first disease, or why there is none")
    seconds: float | None = None


class Checkup(Strict):
    """All of it; a part that could not be opened is null and `problems` says why."""

    raredxr1: str = VERSION
    dialogue: str = dialogue.VERSION
    python: str = platform.python_version()
    platform: str = platform.platform()
    packages: dict[str, str | None] = Field(description="version of each; null: not installed")
    threads: int
    cache: str = Field(description="where the shipped model is unpacked")
    model: ModelFacts | None = None
    server: ServerTest | None = None
    knowledge: KnowledgeFacts | None = None
    self_test: SelfTest
    problems: list[str] = Field(default_factory=list)


def examine(
    model_path: Path | str | None = None, knowledge_path: Path | None = None, threads: int | None = None
) -> Checkup:
    """Look at everything, and never fail: what is wrong is in the checkup."""
    problems: list[str] = []
    names: Names | None = None
    model: Model | None = None
    try:
        names = open_names(knowledge_path)
    except InputError as error:
        problems.append(str(error))
    try:
        model = open_model(model_path, threads)
    except InputError as error:
        problems.append(str(error))
    server, self_test = _server_test(model, names) if model and names and model.server else (None, None)
    return Checkup(
        packages={package: _version(package) for package in (*PRODUCT, *TRAINING)},
        threads=threads or physical_cores(),
        cache=str(default_cache()),
        model=_model_facts(model) if model else None,
        knowledge=_knowledge_facts(names) if names else None,
        server=server,
        self_test=self_test or _self_test(model, names),
        problems=problems,
    )


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _model_facts(model: Model) -> ModelFacts:
    return ModelFacts(
        name=model.name,
        path=model.server.written if model.server else str(model.engine.path),
        engine=model.engine.name,
        sha256=model.sha256,
        context_length=model.engine.context_length,
        forms=list(model.forms),
        coverage=model.coverage,
    )


def _knowledge_facts(names: Names) -> KnowledgeFacts:
    kb = names.kb
    return KnowledgeFacts(version=kb.version, diseases=len(kb.disease_records), terms=len(kb.term_ids))


def _server_test(model: Model, names: Names) -> tuple[ServerTest, SelfTest]:
    from raredxr1.diagnose.servers.engine import ServerEngine

    engine = model.engine
    assert model.server is not None and isinstance(engine, ServerEngine)
    note = EXAMPLE.read_text(encoding="utf-8")
    result = diagnose(note, model, names, Options(form="full"), EXAMPLE.name)
    turn = result.turns[0]
    test = ServerTest(
        sent_to=model.server.remote_hosts,
        context_is_stated=engine.context_is_stated,
        constrained=engine.constrained,
        thinks=bool(turn.thinking),
        findings=len(result.diagnosis.findings),
        quoted=sum(finding.span is not None for finding in result.diagnosis.findings),
        named=len(result.candidates),
        linked=sum(candidate.id is not None for candidate in result.candidates),
        failure=turn.failure,
    )
    first = result.candidates[0] if result.candidates else None
    said = f"{first.name} ({first.id or 'unlinked'})" if first else turn.failure or "no disease name could be read"
    return test, SelfTest(ok=first is not None and not turn.failure, said=said, seconds=result.timings.seconds)


def _self_test(model: Model | None, names: Names | None) -> SelfTest:
    if model is None or names is None:
        return SelfTest(ok=False, said="not run")
    # what asks the model, and soonest
    form: Form = "full" if model.leads else "short" if "short" in model.forms else model.forms[0]
    options = Options(form=form)
    note = EXAMPLE.read_text(encoding="utf-8")
    try:
        result = diagnose(note, model, names, with_crr(options, model) if model.leads else options, EXAMPLE.name)
    except InputError as error:
        return SelfTest(ok=False, said=str(error))
    seconds = result.timings.seconds
    if result.diagnosis.has(ProblemKind.UNPARSED) or not result.candidates:
        return SelfTest(ok=False, said="no disease name could be read from the answer", seconds=seconds)
    first = result.candidates[0]
    return SelfTest(ok=True, said=f"{first.name} ({first.id or 'unlinked'})", seconds=seconds)
