"""What may make a case too easy, and whether a set was trained on.

- *cited*: the annotations of the right disease cite the patient's own article: a ranker has read it.
- *self-named*: the note says the name of the disease.
- *overlap*: the model's manifest lists the file, or the source the case comes from.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import CaseSet, Item
from raredxr1.evaluate.gold import Gold
from raredxr1.knowledge import KnowledgeBase, names

CITED, SELF_NAMED = "cited", "self-named"
_ABBREVIATION = 5
"""A name shorter than this (an abbreviation) may stand in a note for something else."""
_SPLIT = re.compile(r"\bsplit[ :=]+(\w+)", re.IGNORECASE)


def flags(item: Item, gold: Gold, kb: KnowledgeBase) -> list[str]:
    """Flags of one case."""
    if item.case is None:
        return []
    found = []
    pmid = (item.case.pmid or "").strip()
    pmid = f"PMID:{pmid}" if pmid.isdigit() else pmid
    if pmid and any(pmid in _references(kb, disease) for disease in gold.diseases):
        found.append(CITED)
    if names_itself(item.note, gold):
        found.append(SELF_NAMED)
    return found


def names_itself(note: str, gold: Gold) -> bool:
    """Whether a note says any name of the disease, whatever its spelling."""
    said = f" {names.plain(note)} "
    return any(f" {name} " in said for name in gold.plain if len(name) >= _ABBREVIATION and not name.isdigit())


@lru_cache(maxsize=4096)
def _references(kb: KnowledgeBase, disease: int) -> frozenset[str]:
    return frozenset(kb.references(disease))


def overlaps(cases: CaseSet, sources: Sequence[str], inputs: Mapping[str, str]) -> list[str]:
    """Say, one line each, which files or sources the model was trained on.

    Args:
        cases: the set to evaluate on.
        sources: data the training manifests list, in words; "split: train" limits one to the cases of that split.
        inputs: name -> sha256 or version, of the manifests' inputs.
    """
    seen = set(inputs.values())
    found = [f"{file['file']} itself was trained on" for file in cases.files if file["sha256"] in seen]
    shared: dict[str, int] = {}
    for item in cases.items:
        for key in _keys(item):
            if any(_covers(source, key, item) for source in sources):
                shared[key] = shared.get(key, 0) + 1
    found += [f"{count} cases come from {key}, which was trained on" for key, count in sorted(shared.items())]
    return found


def _keys(item: Item) -> Iterable[str]:
    """The repository of a source such as "monarch-initiative/phenopacket-store@b694d17 notebooks/..."."""
    source = (item.case.source or "") if item.case else ""
    first = source.split("@")[0].split(" ")[0].rstrip("/").split("/")[-1].lower()
    return [first] if first else []


def _covers(source: str, key: str, item: Item) -> bool:
    if key not in {part.split("/")[-1].lower() for part in re.split(r"[\s,;()@\[\]]+", source)}:
        return False
    split = _SPLIT.search(source)
    held = getattr(item.case, "split", None)
    return not (split and isinstance(held, str) and held != split[1])


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
