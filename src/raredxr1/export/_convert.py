"""A Hugging Face checkpoint becomes a CTranslate2 folder.

Beside CTranslate2's own files the folder holds tokenizer.json (all that serving needs to read and write text),
raredx.json (how to ask the model), and hf_config.json with the tokenizer's other files, from which `to_checkpoint`
makes a checkpoint again.
"""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from raredxr1 import dialogue
from raredxr1.errors import InputError, extra
from raredxr1.export._smooth import write_smoothed
from raredxr1.export.base import quiet
from raredxr1.export.files import new_folder, read_json, read_tokenizer, require_files
from raredxr1.export.manifest import INFO_FILE, ModelInfo, Reads
from raredxr1.runstore import write_json
from raredxr1.schemas import Form

HF_CONFIG_FILE = "hf_config.json"
TOKENIZER_FILES = ("tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja", "generation_config.json")
QUANTIZATIONS = ("int8", "float32")

# Weights that int8 leaves alone (norms) are stored as float32 whatever the checkpoint's own type is: plain "int8" would
# keep bfloat16 there, which few CPUs compute with.
_STORED_AS = {"int8": "int8_float32"}


def convert(
    checkpoint_dir: Path,
    out_dir: Path,
    quantization: str = "int8",
    forms: Sequence[Form] = ("full", "short"),
    reads: Reads = "turns",
) -> Path:
    """Convert a checkpoint to a CTranslate2 folder that the ctranslate2 engine opens.

    Args:
        checkpoint_dir: config.json, *.safetensors and tokenizer.json of a causal language model CTranslate2 knows.
        out_dir: the folder to write; it must not exist, or be empty.
        quantization: of the weights, one of QUANTIZATIONS.
        forms: the forms of the dialogue it was taught, the one to serve first.
        reads: how it was taught to read a note.

    Returns:
        `out_dir`.

    Raises:
        InputError: the checkpoint lacks a file, a stop token or an architecture CTranslate2 knows; or `out_dir` exists.
    """
    with new_folder(out_dir) as temporary:
        write_model(checkpoint_dir, temporary, quantization, forms, reads=reads)
    return out_dir


def write_model(
    checkpoint_dir: Path,
    folder: Path,
    quantization: str,
    forms: Sequence[Form],
    calibration: Sequence[Sequence[int]] = (),
    reads: Reads = "turns",
) -> None:
    """Do the work of `convert` into an empty folder that exists.

    With `calibration`, token ids of texts such as the model will see, a Llama-shaped model is smoothed before it
    becomes int8.
    """
    if quantization not in QUANTIZATIONS:
        raise InputError(f"quantization {quantization!r}: choose one of {', '.join(QUANTIZATIONS)}")
    require_files(checkpoint_dir, ("config.json", "tokenizer.json"), "a Hugging Face checkpoint folder")
    config = read_json(checkpoint_dir / "config.json")
    if config.get("model_type") == "llama":
        _check_heads(checkpoint_dir / "config.json", config)
    if "max_position_embeddings" not in config:
        raise InputError(f"{checkpoint_dir / 'config.json'}: max_position_embeddings is missing")
    read_tokenizer(checkpoint_dir)
    stored_as = _STORED_AS.get(quantization, quantization)
    if calibration and quantization == "int8" and config.get("model_type") == "llama":
        with tempfile.TemporaryDirectory(prefix=".smoothed-", dir=folder.parent) as smoothed:
            write_smoothed(checkpoint_dir, Path(smoothed), calibration)
            for path in checkpoint_dir.glob("*token*.json"):
                shutil.copy(path, smoothed)
            _run_converter(Path(smoothed), folder, stored_as)
    else:
        _run_converter(checkpoint_dir, folder, stored_as)
    _name_missing_tokens(folder / "config.json")
    shutil.copyfile(checkpoint_dir / "config.json", folder / HF_CONFIG_FILE)
    for name in ("tokenizer.json", *TOKENIZER_FILES):
        if (checkpoint_dir / name).is_file():
            shutil.copyfile(checkpoint_dir / name, folder / name)
    info = ModelInfo(
        name=checkpoint_dir.resolve().name,
        context_length=config["max_position_embeddings"],
        forms=list(forms),
        tasks=["differential"] if reads == "evidence" else ["differential", "final"],
        reads=reads,
        quantization=quantization,
    )
    write_json(folder / INFO_FILE, info)


def _run_converter(checkpoint_dir: Path, folder: Path, quantization: str) -> None:
    with extra("exporting"):
        import transformers
        from ctranslate2.converters import TransformersConverter
    converter = TransformersConverter(str(checkpoint_dir))
    with quiet(transformers.utils.logging):
        try:
            converter.convert(str(folder), quantization=quantization, force=True)
        except (ValueError, NotImplementedError) as error:
            raise InputError(f"{checkpoint_dir} cannot be converted: {' '.join(str(error).split())}") from error


def _check_heads(path: Path, config: dict[str, Any]) -> None:
    """Refuse what CTranslate2's Llama converter would convert, and then fail to run."""
    width = config["hidden_size"] // config["num_attention_heads"]
    if (config.get("head_dim") or width) != width:
        raise InputError(f"{path}: head_dim {config['head_dim']} is not hidden_size / num_attention_heads, {width}")


def _name_missing_tokens(path: Path) -> None:
    """Give CTranslate2 a token name where the tokenizer has none; it does not load a config with null there.

    These are defaults which the engine never uses: it passes whole prompts and its own stop token.
    """
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    named = {key: dialogue.TURN_END if config[key] is None else config[key] for key in ("bos_token", "eos_token")}
    path.write_text(json.dumps({**config, **named}, indent=2, sort_keys=True) + "\n", encoding="utf-8")
