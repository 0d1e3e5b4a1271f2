"""A Llama-shaped checkpoint becomes a GGUF file for llama.cpp, Ollama and LM Studio: weights, tokenizer, template.

llama.cpp rotates neighbouring pairs of a head's values where Hugging Face rotates its halves, so the rows of the query
and key projections change places (`LlamaModel.permute` in llama.cpp's convert_hf_to_gguf.py). Weights are stored as
16-bit floats, or in blocks of 32 eight-bit integers (Q8_0).
"""

import json
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from raredxr1 import dialogue
from raredxr1.errors import InputError, extra
from raredxr1.export.files import TEMPLATE, read_json, require_files

Stored = Literal["f16", "q8_0"]
_LAYER = {
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_WHOLE = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}


def to_gguf(checkpoint: Path, out: Path, stored: Stored = "q8_0") -> Path:
    """Write a GGUF file.

    Args:
        checkpoint: config.json, model.safetensors, tokenizer.json of a Llama-shaped model with a byte-level BPE.
        out: the file to write; replaced only when it is whole.
        stored: how matrices are kept; vectors are 32-bit floats.

    Returns:
        `out`.

    Raises:
        InputError: a file is missing or damaged, or the model or its tokenizer is of another kind.
    """
    require_files(checkpoint, ("config.json", "model.safetensors", "tokenizer.json"), "a Hugging Face checkpoint")
    config, tokenizer = read_json(checkpoint / "config.json"), read_json(checkpoint / "tokenizer.json")
    if config.get("model_type") != "llama":
        raise InputError(f"{checkpoint}: only Llama-shaped models can be written, not {config.get('model_type')!r}")
    with extra("a GGUF file"):
        import gguf
        from safetensors.numpy import load_file
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(out.name + ".partial")
    writer = gguf.GGUFWriter(partial, "llama")
    _write_shape(writer, config, checkpoint.parent.name if checkpoint.name == "checkpoint" else checkpoint.name)
    _write_tokenizer(writer, tokenizer, config, gguf.TokenType)
    kind = gguf.GGMLQuantizationType.F16 if stored == "f16" else gguf.GGMLQuantizationType.Q8_0
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16 if stored == "f16" else gguf.LlamaFileType.MOSTLY_Q8_0)
    try:
        weights = load_file(checkpoint / "model.safetensors")
    except Exception as error:  # safetensors raises its own kinds, bfloat16 a TypeError
        raise InputError(f"{checkpoint / 'model.safetensors'}: cannot be read ({type(error).__name__})") from error
    for name, weight in weights.items():
        values = _permuted(name, weight.astype(np.float32), config)
        if values.ndim == 1:
            writer.add_tensor(_named(name), values)
        elif values.shape[-1] % 32 and stored == "q8_0":  # no whole blocks
            writer.add_tensor(_named(name), values.astype(np.float16))
        else:
            writer.add_tensor(_named(name), gguf.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return partial.replace(out)


def _write_shape(writer: Any, config: dict[str, Any], name: str) -> None:
    heads = config["num_attention_heads"]
    rope = config.get("rope_parameters") or {}
    writer.add_name(name)
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(config.get("num_key_value_heads") or heads)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(config.get("head_dim") or config["hidden_size"] // heads)
    writer.add_rope_freq_base(float(rope.get("rope_theta") or config.get("rope_theta") or 10000.0))
    writer.add_vocab_size(config["vocab_size"])


def _write_tokenizer(writer: Any, tokenizer: dict[str, Any], config: dict[str, Any], kinds: Any) -> None:
    model = tokenizer["model"]
    if model.get("type") != "BPE" or model.get("byte_fallback"):
        raise InputError("only byte-level BPE tokenizers can be written to a GGUF file")
    added = {token["id"]: token for token in tokenizer.get("added_tokens", [])}
    names = {number: token for token, number in model["vocab"].items()}
    names |= {number: token["content"] for number, token in added.items()}
    rows = range(config["vocab_size"])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(_pre_tokenizer(tokenizer.get("pre_tokenizer") or {}))
    writer.add_token_list([names.get(row, f"[unused{row}]") for row in rows])
    writer.add_token_types([_kind(row, added, names, kinds) for row in rows])
    merges = model.get("merges") or []
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    numbers = {token: number for number, token in names.items()}
    writer.add_eos_token_id(numbers.get(dialogue.TURN_END, config.get("eos_token_id")))
    if (begin := config.get("bos_token_id")) is not None:
        writer.add_bos_token_id(begin)
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(TEMPLATE)


def _kind(row: int, added: dict[int, Any], names: dict[int, str], kinds: Any) -> int:
    if row not in names:
        return int(kinds.UNUSED)
    if row not in added:
        return int(kinds.NORMAL)
    # the tags of a turn are text that is read back, not control tokens that a server hides
    control = added[row]["special"] and added[row]["content"] not in (
        dialogue.THINK, dialogue.THINK_END, dialogue.ANSWER, dialogue.ANSWER_END
    )  # fmt: skip
    return int(kinds.CONTROL if control else kinds.USER_DEFINED)


def _pre_tokenizer(stated: dict[str, Any]) -> str:
    """The name llama.cpp has for how text is cut before the merges."""
    steps = stated.get("pretokenizers") or [stated]
    shape = [step.get("type") for step in steps]
    if shape == ["ByteLevel"]:
        return "gpt-2"
    if shape == ["Digits", "ByteLevel"] and steps[0].get("individual_digits"):
        return "smollm"
    raise InputError(f"llama.cpp has no name for this tokenizer's pre-tokenizer ({json.dumps(shape)})")


def _named(name: str) -> str:
    if name in _WHOLE:
        return _WHOLE[name]
    _, _, layer, rest = name.split(".", 3)
    module, _, suffix = rest.rpartition(".")
    if module not in _LAYER:
        raise InputError(f"the weight {name} has no place in a Llama GGUF file")
    return f"blk.{layer}.{_LAYER[module]}.{suffix}"


def _permuted(name: str, weight: NDArray[np.float32], config: dict[str, Any]) -> NDArray[np.float32]:
    heads = config["num_attention_heads"]
    if ".q_proj." not in name and ".k_proj." not in name:
        return weight
    if ".k_proj." in name:
        heads = config.get("num_key_value_heads") or heads
    halves = weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(weight.shape))
