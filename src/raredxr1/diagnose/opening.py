"""From a folder to the engine that runs it: what is exported by CTranslate2, a checkpoint by transformers."""

import os
from pathlib import Path

from raredxr1.diagnose.engine import TokenEngine
from raredxr1.errors import InputError
from raredxr1.export import checkpoint_in, unpacked
from raredxr1.export.manifest import INFO_FILE, MANIFEST_FILE


def open_engine(path: Path | str, threads: int | None = None) -> TokenEngine:
    """Open a model with the engine its folder asks for.

    Args:
        path: a CTranslate2 folder (model.bin), a Hugging Face checkpoint (config.json and *.safetensors), the folder
            of a training stage (checkpoint/ inside), or a bundle (manifest.json and parts), which is unpacked into the
            user's cache.
        threads: to compute with; by default one for each physical core.

    Raises:
        InputError: there is no such folder, it holds none of these or a damaged one, or it is a checkpoint and the
            training packages are not installed.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise InputError(f"the model {folder} {'is not a folder' if folder.exists() else 'does not exist'}")
    folder = checkpoint_in(folder)
    is_checkpoint = (folder / "config.json").is_file() and any(folder.glob("*.safetensors"))
    if not is_checkpoint:
        folder = unpacked(folder)
    threads = threads or physical_cores()
    if (folder / "model.bin").is_file():
        from raredxr1.diagnose._ctranslate2 import CTranslate2Engine

        return CTranslate2Engine(folder, threads)
    if is_checkpoint:
        try:
            from raredxr1.diagnose._transformers import TransformersEngine
        except ModuleNotFoundError as error:
            raise InputError(
                f"{folder} is a checkpoint, and {error.name} is not installed: "
                'pip install "raredxr1[train]", or name an exported model'
            ) from error
        return TransformersEngine(folder, threads)
    raise InputError(
        f"{folder} holds no model: expected model.bin and {INFO_FILE} (exported), config.json and *.safetensors "
        f"(checkpoint), or {MANIFEST_FILE} (bundle)"
    )


def physical_cores() -> int:
    """Count the physical cores this process may use; hyper-threads slow matrix products down."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    cores = set()
    for cpu in usable:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        cores.add(siblings.read_text() if siblings.is_file() else str(cpu))
    return len(cores)
