"""A language model of a few thousand random weights as a GGUF file: enough to run a real llama.cpp server on."""

from pathlib import Path

import gguf
import numpy as np

WIDTH, HEADS, FEED, CONTEXT = 32, 2, 64, 4096


def write_tiny_gguf(path: Path, name: str = "tiny") -> Path:
    """Write the file: one layer, bytes as vocabulary, ChatML as template."""
    random = np.random.default_rng(0)
    tokens = [*_bytes(), "<|im_start|>", "<|im_end|>"]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(name)
    writer.add_block_count(1)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(FEED)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL] * 2)
    writer.add_token_merges(["Ġ t"])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(257)
    writer.add_chat_template(
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )

    def tensor(named: str, *shape: int) -> None:
        writer.add_tensor(named, random.normal(0, 0.3, shape).astype(np.float32))

    tensor("token_embd.weight", len(tokens), WIDTH)
    out = random.normal(0, 0.3, (len(tokens), WIDTH)).astype(np.float32)
    out[[i for i, token in enumerate(tokens) if len(token) == 1 and not token.isascii()]] = 0
    writer.add_tensor("output.weight", out)  # greedily, half a character is never written: its logit is 0
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    for norm in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"blk.0.{norm}.weight", np.ones(WIDTH, np.float32))
    for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
        tensor(f"blk.0.{part}.weight", WIDTH, WIDTH)
    tensor("blk.0.ffn_gate.weight", FEED, WIDTH)
    tensor("blk.0.ffn_up.weight", FEED, WIDTH)
    tensor("blk.0.ffn_down.weight", WIDTH, FEED)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _bytes() -> list[str]:
    """The 256 byte tokens as GPT-2 writes them."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = {byte: 256 + i for i, byte in enumerate(b for b in range(256) if b not in plain)}
    return [chr(byte if byte in plain else others[byte]) for byte in range(256)]
