"""The model that answers: the engine, and what its makers say of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from raredxr1.diagnose.calibration import CALIBRATION_FILE, Fitted, fitted_beside, read_fitted
from raredxr1.diagnose.engine import Engine
from raredxr1.diagnose.fused import ServedWeight, prior_strength
from raredxr1.diagnose.grounding import GroundedEngine
from raredxr1.diagnose.opening import open_engine
from raredxr1.diagnose.result import Coverage, Ranking
from raredxr1.diagnose.served import ServedFit, fit_path, read_served
from raredxr1.diagnose.servers import ServerAddress, is_server, parse_server
from raredxr1.errors import InputError
from raredxr1.export import INFO_FILE, MANIFEST_FILE, read_info, read_manifest
from raredxr1.schemas import Form, Task

SHIPPED = Path(__file__).parent.parent / "assets" / "model"
UNSTATED = Coverage(statement="Not stated for this model: it may know few diseases.")


@dataclass(frozen=True)
class Model:
    """An engine with the facts every output states."""

    engine: Engine
    name: str
    sha256: str | None = None
    coverage: Coverage = field(default_factory=lambda: UNSTATED)
    knowledge_version: str | None = None
    forms: Sequence[Form] = ("full", "short")
    tasks: Sequence[Task] = ("differential", "final")
    rankings: dict[Form, Ranking] = field(default_factory=dict)
    """How each form ranks best, where its makers say so."""
    fitted: Fitted | None = None
    """What makes its confidences mean something, if it was fitted for these very weights."""
    uncalibrated: str = ""
    """Why a calibration that lies beside the model is not used."""
    windowed: bool = False
    """Whether it reads notes of any length in windows, each a short turn apart."""
    leads: bool = False
    """Whether it weighs what was read and ranked by others (`lead`), and is not asked to read or rank itself."""
    server: ServerAddress | None = None
    """Where the model is served, if it is not opened here; every note is sent there."""
    served: ServedFit | None = None
    """How reliable a served model was on its user's own cases, if that was measured."""
    turn_tokens: dict[Form, int] = field(default_factory=dict)
    """Room for a turn, where the usual one is too small."""

    @property
    def served_weight(self) -> ServedWeight | None:
        """How much a served model's list counts beside the rankers; None: the model is not served."""
        if self.server is None or self.fitted is None or self.fitted.fusion is None:
            return None
        if self.served:
            return ServedWeight(self.served.strength, self.served.shift)
        return ServedWeight(prior_strength(self.fitted.fusion))


def open_model(path: Path | str | None = None, threads: int | None = None, connections: int = 4) -> Model:
    """Open a model, the shipped one by default.

    Args:
        path: an exported folder, a checkpoint or a bundle, see `open_engine`; or the name of a model server, see
            `servers.address`.
        threads: to compute with; by default one for each physical core.
        connections: of a server, requests in flight at once.

    Raises:
        InputError: missing or damaged, or a server does not answer.
    """
    if path is not None and is_server(path):
        return _open_server(parse_server(str(path)), connections)
    path = Path(path) if path is not None else None
    if path is None and not (SHIPPED / MANIFEST_FILE).is_file():
        raise InputError("this installation ships no model; name one with --model PATH")
    engine: Engine = GroundedEngine(open_engine(path or SHIPPED, threads))
    folder = engine.path
    fitted, uncalibrated = fitted_beside([path or SHIPPED, folder], folder)
    model = Model(engine, folder.name, fitted=fitted, uncalibrated=uncalibrated)
    if (folder / INFO_FILE).is_file():
        info = read_info(folder)
        windowed, leads = info.reads == "windows", info.reads == "evidence"
        model = replace(model, name=info.name, forms=info.forms, tasks=info.tasks, windowed=windowed, leads=leads)
    if not (folder / MANIFEST_FILE).is_file():
        return model
    # the bundle's own rather than the copy in the cache, which another bundle of the same weights may have left
    bundle = path or SHIPPED
    manifest = read_manifest(bundle if (bundle / MANIFEST_FILE).is_file() else folder)
    coverage = Coverage(
        statement=manifest.coverage, diseases=manifest.trained_diseases or None, accuracy=dict(manifest.accuracy)
    )
    return replace(
        model,
        name=manifest.name,
        sha256=manifest.sha256,
        coverage=coverage,
        knowledge_version=manifest.knowledge_version,
        rankings=dict(manifest.rankings),
    )


SERVER_TOKENS: dict[Form, int] = {"full": 4096, "short": 2048}
"""Room for a served model's turn: it writes JSON, and may think before it."""


def _open_server(address: ServerAddress, connections: int) -> Model:
    from raredxr1.diagnose.servers.engine import ServerEngine  # brings the client that can open a connection

    engine = ServerEngine(address, connections)
    shipped = SHIPPED / CALIBRATION_FILE  # of the rankers, which are the same whichever model is served
    room = engine.context_length // 2
    return Model(
        engine,
        f"{engine.model} ({engine.name})",
        coverage=Coverage(statement="A general language model: what it knows of rare diseases is not stated."),
        tasks=("differential",),
        rankings={"full": "list", "short": "list"},
        fitted=read_fitted(shipped) if shipped.is_file() else None,
        served=read_served(fit_path(engine.path.name)),
        server=address,
        turn_tokens={form: min(tokens, room) for form, tokens in SERVER_TOKENS.items()},
    )
