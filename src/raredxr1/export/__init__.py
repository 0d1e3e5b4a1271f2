"""Checkpoints become what is served and shipped, and back: CTranslate2 folders, parity checks, bundles, GGUF files.

Importing this package, `unbundle` and reading manifests need none of the training packages.
"""

from raredxr1.export._bundle import CACHE_VARIABLE, PART_SIZE, bundle, default_cache, unbundle
from raredxr1.export._checkpoint import to_checkpoint
from raredxr1.export._convert import convert
from raredxr1.export._gguf import to_gguf
from raredxr1.export._parity import ParityReport, export, parity
from raredxr1.export.manifest import INFO_FILE, MANIFEST_FILE, Facts, Manifest, ModelInfo, read_info, read_manifest

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
    "convert",
    "default_cache",
    "export",
    "parity",
    "read_info",
    "read_manifest",
    "to_checkpoint",
    "to_gguf",
    "unbundle",
]
