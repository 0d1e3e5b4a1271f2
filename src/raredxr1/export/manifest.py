"""What travels with a model: raredx.json inside its folder, manifest.json beside the parts of the shipped bundle."""

import datetime
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field

from raredxr1 import dialogue
from raredxr1.errors import InputError
from raredxr1.runstore import read_model
from raredxr1.schemas import Form, Strict, Task

INFO_FILE = "raredx.json"
MANIFEST_FILE = "manifest.json"

Reads = Literal["turns", "windows", "evidence"]
"""What a model was taught to read."""

_Model = TypeVar("_Model", bound=Strict)


class ModelInfo(Strict):
    """How a model folder is to be asked (raredx.json)."""

    format_version: Literal[1] = 1
    name: str = Field(description="of the checkpoint it was made from")
    context_length: int = Field(ge=1, description="tokens of prompt and turn together")
    stop_token: str = dialogue.TURN_END
    dialogue_version: str = Field(default=dialogue.VERSION, description="the dialogue.VERSION it was trained on")
    forms: list[Form] = Field(default=["full", "short"], description="forms it was taught, the one to serve first")
    tasks: list[Task] = Field(default=["differential", "final"], description="tasks it was taught")
    reads: Reads = Field(
        default="turns",
        description="turns: the findings of a note as part of a full turn; windows: short turns apart; evidence: "
        "findings and candidates, which it weighs (`diagnose.lead`), and windows",
    )
    quantization: str = Field(description="of the weights: int8, float32, ...")


class Facts(Strict):
    """What its maker says of a shipped model."""

    name: str
    base: str = Field(description="the model training started from, or 'from scratch'")
    recipe: str
    dialogue_version: str = dialogue.VERSION
    knowledge_version: str
    data_sources: list[str] = Field(description="what it was trained on, with versions")
    trained_diseases: int = Field(ge=0, description="diseases it was taught")
    coverage: str = Field(description="in words: which diseases, and what share of the knowledge base")
    accuracy: dict[str, float] = Field(
        description="measured, each under a name that says on what: 'synthetic recall@1'"
    )
    rankings: dict[Form, Literal["list", "scored", "beam"]] = Field(
        default_factory=dict, description="how each form ranks best, as measured"
    )
    created: datetime.date


class Part(Strict):
    """One file of the bundle."""

    file: str = Field(pattern=r"^[\w.-]+$")
    size: int = Field(ge=0, description="bytes")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(Facts):
    """The facts, and the parts that make up the model (manifest.json)."""

    format_version: Literal[1] = 1
    size: int = Field(ge=0, description="bytes of all parts together")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of all parts, one after the other")
    parts: list[Part] = Field(min_length=1)


def read_info(model_dir: Path) -> ModelInfo:
    """Read raredx.json of a model folder.

    Raises:
        InputError: it is missing or damaged, or the model was trained on another version of the dialogue.
    """
    info = read_model(model_dir / INFO_FILE, ModelInfo, "make the folder anew with `raredx export`")
    if info.dialogue_version != dialogue.VERSION:
        raise InputError(
            f"{model_dir}: trained on dialogue version {info.dialogue_version}, this program speaks version "
            f"{dialogue.VERSION}: install the version of raredxr1 it was made with"
        )
    return info


def read_manifest(bundle_dir: Path) -> Manifest:
    """Read manifest.json of a bundle.

    Raises:
        InputError: it is missing or damaged.
    """
    return read_model(bundle_dir / MANIFEST_FILE, Manifest, "install the package again")
