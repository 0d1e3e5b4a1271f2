"""What a model was trained on, read from what lies beside it: the bundle's manifest, the stage's, the list of diseases.

Sources are data sets in words ("phenopacket-store (split: train), BSD-3-Clause"); inputs are files with their sha256.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from raredxr1.errors import InputError

MANIFEST, TAUGHT = "manifest.json", "taught.json"


@dataclass(frozen=True)
class Training:
    """What the manifests say.

    Attributes:
        sources: data sets, in words.
        inputs: name -> sha256 or version.
        taught: ids of the diseases the model was taught; None: not stated.
    """

    sources: Sequence[str] = ()
    inputs: dict[str, str] = field(default_factory=dict)
    taught: Sequence[str] | None = None


def read_training(folders: Iterable[Path], manifests: Sequence[Path] = (), taught: Path | None = None) -> Training:
    """Read all manifests in and above the model's folders, and those the user names.

    Args:
        folders: of the model: as given, and as opened.
        manifests: further manifests, which must be there.
        taught: a JSON list of disease ids; by default the `taught.json` found first.

    Raises:
        InputError: a file the user named is missing or damaged.
    """
    near = list(dict.fromkeys(place for folder in folders for place in (folder, folder.parent)))
    found = [data for place in near if isinstance(data := _read(place / MANIFEST), dict)]
    for path in manifests:
        data = _read(path)
        if not isinstance(data, dict):
            raise InputError(f"{path}: not a training manifest")
        found.append(data)
    lists = [data for place in near if isinstance(data := _read(place / TAUGHT), list)]
    if taught:
        data = _read(taught)
        if not isinstance(data, list) or not all(isinstance(i, str) for i in data):
            raise InputError(f"{taught}: not a JSON list of disease ids")
        lists.insert(0, data)
    sources = [str(s) for data in found for s in _several(data, "sources", "data_sources")]
    inputs = {
        str(k): str(v) for data in found if isinstance(data.get("inputs"), dict) for k, v in data["inputs"].items()
    }
    return Training(list(dict.fromkeys(sources)), inputs, lists[0] if lists else None)


def _several(data: dict[str, Any], *keys: str) -> list[Any]:
    return [item for key in keys if isinstance(data.get(key), list) for item in data[key]]


def _read(path: Path) -> Any:
    """The JSON in a file; None where there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
