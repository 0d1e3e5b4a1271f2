"""The training packages, which a product install does not have: what needs them opens checkpoints through this file."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from raredxr1.errors import InputError, extra


def load_checkpoint(folder: Path, dtype: str = "float32") -> Any:
    """Open the causal language model of a Hugging Face checkpoint folder, on the CPU, ready for inference.

    Args:
        folder: config.json and *.safetensors.
        dtype: to compute in; "auto" is the checkpoint's own.

    Raises:
        InputError: it is damaged or of an unknown architecture, or transformers is not installed.
    """
    with extra("a checkpoint"):
        import transformers
        from safetensors import SafetensorError
    with quiet(transformers.utils.logging):
        try:
            model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, local_files_only=True)
        except (OSError, ValueError, SafetensorError) as error:
            raise InputError(f"the checkpoint {folder} cannot be opened: {' '.join(str(error).split())}") from error
    return model.eval()


@contextlib.contextmanager
def quiet(logging: Any) -> Iterator[None]:
    """Keep transformers (its `utils.logging` is given) from drawing its progress bars over ours."""
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
