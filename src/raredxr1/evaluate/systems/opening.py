"""From what the user names to a system that is open: `model`, `base`, `resnik`, `openai:URL#model` ..."""

import atexit
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from raredxr1.diagnose.model import SHIPPED, Model, open_model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.pipeline import Options, with_crr
from raredxr1.diagnose.servers.client import Client, Endpoint
from raredxr1.errors import InputError, extra
from raredxr1.evaluate.leakage import Training, read_training
from raredxr1.evaluate.systems import System
from raredxr1.evaluate.systems.classical import RANKERS, ClassicalSystem, RetrievalSystem
from raredxr1.evaluate.systems.model import ModelSystem
from raredxr1.evaluate.systems.openai import OpenAISystem

if TYPE_CHECKING:
    from raredxr1.diagnose.servers.engine import ServerEngine

NAMES = ("model", "base", "resnik", "likelihood", "retrieval")
Findings = Literal["gold", "model", "note"]


@dataclass(frozen=True)
class Request:
    """What the user asks for.

    Attributes:
        system: its name, see `NAMES`, or openai:URL#model.
        model: path or server name of the model (system model; findings model), or path of the base (system base); None:
            the shipped one.
        findings: what a classical system is given: the true terms, those the model quotes, or (retrieval) the note.
        options: how to ask the model.
        crr: whether the model hears other diagnosers; None: as it is served. The base is asked alone.
        endpoint: for openai.
        threads: to compute with.
        manifests: further training manifests of the model.
        taught: list of the diseases it was taught.
    """

    system: str
    model: Path | str | None = None
    findings: Findings | None = None
    options: Options = field(default_factory=Options)
    crr: bool | None = None
    endpoint: Endpoint | None = None
    threads: int | None = None
    manifests: tuple[Path, ...] = ()
    taught: Path | None = None


def check(request: Request) -> None:
    """Refuse what cannot be, before anything is read.

    Raises:
        InputError: no such system, or options that do not go with it.
    """
    system, findings = request.system, request.findings
    if system not in NAMES and not system.startswith("openai:"):
        raise InputError(f"--system {system}: no such system; known are {', '.join(NAMES)} and openai:URL#model")
    if findings and system not in RANKERS and system != "retrieval":
        raise InputError(f"--findings is for resnik, likelihood and retrieval; {system} reads the note")
    if findings == "note" and system != "retrieval":
        raise InputError(f"--findings note: {system} ranks by HPO terms; choose gold or model")
    if request.model and system not in ("model", "base") and findings != "model":
        raise InputError(f"--model is for the systems model and base, and for --findings model; {system} has none")
    if request.crr is not None and system != "model":
        raise InputError(f"--crr is for the system model; {system} answers alone")
    if system == "base" and request.model is None:
        raise InputError("--system base needs --model: the untrained checkpoint, wheel or GGUF file to compare with")


def open_system(request: Request, names: Names) -> tuple[System, Training]:
    """Open a system, and say what the model in it was trained on.

    Raises:
        InputError: something it needs is missing or damaged.
    """
    check(request)
    if request.system.startswith("openai:"):
        if request.endpoint is None:
            raise InputError(f"--system {request.system}: no endpoint")
        form = request.options.form or "short"
        client = Client(request.endpoint)
        return OpenAISystem(request.system, client, names, form, request.options.seed), _training(request, [])
    if request.system in ("model", "base"):
        model = _open_base(request) if request.system == "base" else open_model(request.model, request.threads)
        options = request.options if request.system == "base" else with_crr(request.options, model, request.crr)
        return ModelSystem(request.system, model, names, options), _training(request, [model])
    finder, models = None, []
    if request.findings == "model":
        models = [open_model(request.model, request.threads)]
        options = Options(form="full", ranking="list", seed=request.options.seed)
        finder = ModelSystem("model", models[0], names, options)
    training = _training(request, models)
    if request.system == "retrieval":
        return RetrievalSystem(names.kb, request.findings or "note", finder), training
    return ClassicalSystem(request.system, names.kb, finder), training


def alone(request: Request, system: System, endpoint: Endpoint) -> Request:
    """Ask for the served model of a system without this program around it, in the same form and at the same length.

    Args:
        request: what the system was opened for.
        system: the system `model`, its model a server's.
        endpoint: rate, patience and prices; its address and model are filled in.

    Raises:
        InputError: the model is not served.
    """
    if not isinstance(system, ModelSystem) or system.model.server is None:
        raise InputError("--against-alone is for a served model: name one with --model, such as ollama:qwen3:14b")
    engine, url = cast("ServerEngine", system.model.engine), system.model.server.urls[0]
    room = request.options.max_tokens or system.model.turn_tokens.get(system.form, endpoint.max_tokens)
    return replace(
        request,
        system=f"openai:{url}#{engine.model}",
        model=None,
        crr=None,
        options=replace(request.options, form=system.form),
        endpoint=replace(endpoint, url=url, model=engine.model, max_tokens=room),
    )


def _training(request: Request, models: list[Model]) -> Training:
    folders = [model.engine.path for model in models if model.server is None]
    if folders:
        folders.insert(0, Path(request.model or SHIPPED))
    return read_training(folders, request.manifests, request.taught)


def _open_base(request: Request) -> Model:
    """Open an untrained checkpoint folder; a wheel, GGUF file or hub id is made one first."""
    base = Path(request.model or "")
    if base.is_dir():
        return open_model(base, request.threads)
    with extra("a base"):
        from raredxr1.export.base import load_model
    model, tokenizer = load_model(str(base))
    folder = Path(tempfile.mkdtemp(prefix="raredx-base-")) / base.name
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)  # read for as long as the program runs
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return open_model(folder, request.threads)
