"""The shipped model becomes a Hugging Face checkpoint again, to train on or to export elsewhere.

CTranslate2 keeps a Llama layer's weights under other names, with the query, key and value projections stacked into one
matrix (`LlamaLoader` in ctranslate2/converters/transformers.py). Weights that were quantized come back as float32 with
the quantization's rounding in them.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from raredxr1.errors import InputError, extra
from raredxr1.export._convert import HF_CONFIG_FILE, TOKENIZER_FILES
from raredxr1.export._model_bin import Array, dequantize, read_model_bin
from raredxr1.export.files import TEMPLATE, TEMPLATE_FILE, new_folder, read_json, require_files

Weights = dict[str, NDArray[np.float32]]

_LINEAR = {
    "self_attention/linear_1": "self_attn.o_proj",
    "ffn/linear_0": "mlp.gate_proj",
    "ffn/linear_0_noact": "mlp.up_proj",
    "ffn/linear_1": "mlp.down_proj",
}
_NORMS = {"self_attention/layer_norm": "input_layernorm", "ffn/layer_norm": "post_attention_layernorm"}


def to_checkpoint(ct2_dir: Path, out_dir: Path) -> Path:
    """Write a float32 Hugging Face checkpoint of a Llama-shaped CTranslate2 folder made by `convert`.

    Args:
        ct2_dir: model.bin, hf_config.json, tokenizer.json.
        out_dir: the folder to write; it must not exist, or be empty.

    Returns:
        `out_dir`: config.json, model.safetensors and the tokenizer's files.

    Raises:
        InputError: a file is missing or damaged, the model is not Llama-shaped, or `out_dir` exists.
    """
    require_files(ct2_dir, ("model.bin", HF_CONFIG_FILE, "tokenizer.json"), "a model folder made by `raredx export`")
    config = read_json(ct2_dir / HF_CONFIG_FILE)
    if config.get("model_type") != "llama":
        raise InputError(f"{ct2_dir}: only Llama-shaped models can be turned back, not {config.get('model_type')!r}")
    _, variables = read_model_bin(ct2_dir / "model.bin")
    try:
        weights = _llama_weights(variables, config)
    except KeyError as error:
        raise InputError(f"{ct2_dir / 'model.bin'}: the weight {error.args[0]} is missing") from error
    with extra("a checkpoint"):
        from safetensors.numpy import save_file
    with new_folder(out_dir) as temporary:
        save_file(weights, temporary / "model.safetensors", metadata={"format": "pt"})
        config = {**config, "dtype": "float32"}
        config.pop("torch_dtype", None)  # the name of dtype before transformers 5
        (temporary / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        for name in ("tokenizer.json", *TOKENIZER_FILES):
            if (ct2_dir / name).is_file():
                shutil.copyfile(ct2_dir / name, temporary / name)
        (temporary / TEMPLATE_FILE).write_text(TEMPLATE, encoding="utf-8")
    return out_dir


def _llama_weights(variables: dict[str, Array], config: dict[str, Any]) -> Weights:
    rows, columns = config["vocab_size"], config["hidden_size"]
    weights = {
        "model.embed_tokens.weight": dequantize(variables, "decoder/embeddings/weight")[:rows, :columns],
        "model.norm.weight": dequantize(variables, "decoder/layer_norm/gamma"),
    }
    if not config.get("tie_word_embeddings", False):
        weights["lm_head.weight"] = dequantize(variables, "decoder/projection/weight")[:rows, :columns]
    for index in range(config["num_hidden_layers"]):
        ours, theirs = f"decoder/layer_{index}", f"model.layers.{index}"
        for name, module in _NORMS.items():
            weights[f"{theirs}.{module}.weight"] = dequantize(variables, f"{ours}/{name}/gamma")
        for name, module in _LINEAR.items():
            weights |= _linear(variables, f"{ours}/{name}", f"{theirs}.{module}")
        weights |= _attention_inputs(variables, ours, theirs, config)
    return {name: np.ascontiguousarray(weight) for name, weight in weights.items()}


def _linear(variables: dict[str, Array], name: str, module: str) -> Weights:
    weights = {f"{module}.weight": dequantize(variables, f"{name}/weight")}
    if f"{name}/bias" in variables:
        weights[f"{module}.bias"] = dequantize(variables, f"{name}/bias")
    return weights


def _attention_inputs(variables: dict[str, Array], ours: str, theirs: str, config: dict[str, Any]) -> Weights:
    """Split the stacked query, key and value projections; with grouped queries keys and values have fewer rows."""
    heads = config["num_attention_heads"]
    width = config["hidden_size"] // heads
    shared = (config.get("num_key_value_heads") or heads) * width
    ends = [heads * width, heads * width + shared]
    stacked = _linear(variables, f"{ours}/self_attention/linear_0", "")
    return {
        f"{theirs}.self_attn.{projection}_proj{suffix}": piece
        for suffix, weight in stacked.items()
        for projection, piece in zip("qkv", np.split(weight, ends), strict=True)
    }
