"""Checkpoints become what is served and shipped, and back: CTranslate2 folders, parity checks, bundles, GGUF files.

Importing this package, `unbundle` and reading manifests need none of the training packages.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from raredxr1.export._bundle import CACHE_VARIABLE, PART_SIZE, bundle, default_cache, is_unpacked, unbundle, unpacked
from raredxr1.export.files import checkpoint_in
from raredxr1.export.manifest import INFO_FILE, MANIFEST_FILE, Facts, Manifest, ModelInfo, read_info, read_manifest

if TYPE_CHECKING:
    from raredxr1.export._checkpoint import to_checkpoint
    from raredxr1.export._convert import convert
    from raredxr1.export._gguf import to_gguf
    from raredxr1.export._parity import ParityReport, export, parity

__all__ = [
    "CACHE_VARIABLE",
    "INFO_FILE",
    "MANIFEST_FILE",
    "PART_SIZE",
    "Facts",
    "Manifest",
    "ModelInfo",
    "ParityReport",
    "bundle",
    "checkpoint_in",
    "convert",
    "default_cache",
    "export",
    "is_unpacked",
    "parity",
    "read_info",
    "read_manifest",
    "to_checkpoint",
    "to_gguf",
    "unbundle",
    "unpacked",
]

_HOMES = {
    "to_checkpoint": "_checkpoint", "convert": "_convert", "to_gguf": "_gguf", "ParityReport": "_parity",
    "export": "_parity", "parity": "_parity",
}  # fmt: skip


def __getattr__(name: str) -> object:
    """Open what exports when somebody exports: who reads a manifest does without."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
