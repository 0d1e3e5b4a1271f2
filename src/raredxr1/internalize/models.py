"""A new small Llama with random weights and a vocabulary of its own; existing weights are opened by `export.base`."""

from collections.abc import Iterable
from typing import Any

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from raredxr1 import dialogue
from raredxr1.errors import InputError
from raredxr1.internalize.config import NewModel

PAD = "<|pad|>"


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """Train a byte-level BPE on texts; the dialogue's control tokens are single tokens, digits stand alone."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[PAD, *dialogue.CONTROL_TOKENS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def new_model(shape: NewModel, tokenizer: Tokenizer, seed: int) -> tuple[Any, Any]:
    """Make a Llama of the given shape with random weights, and its tokenizer as transformers wants it."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=PAD, eos_token=dialogue.TURN_END, bos_token=dialogue.TURN_START
    )
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.context,
        tie_word_embeddings=True,
        initializer_range=0.02,
        bos_token_id=fast.bos_token_id,
        eos_token_id=fast.eos_token_id,
        pad_token_id=fast.pad_token_id,
    )
    return LlamaForCausalLM(config), fast


def shortened(model: Any, layers: int) -> None:
    """Keep so many layers of a model, in place: the first few and the last, of the others at even distances.

    What is left out is missed; the model needs training to write sense again.

    Raises:
        InputError: it has no more than that.
    """
    import torch

    body = getattr(model, model.base_model_prefix)
    has = len(body.layers)
    if layers >= has:
        raise InputError(f"layers {layers}: the base has {has}")
    first = min(4, (layers - 1) // 2)
    others = layers - first
    kept = [*range(first), *(first + (i + 1) * (has - first) // others - 1 for i in range(others))]
    body.layers = torch.nn.ModuleList([body.layers[i] for i in kept])
    for place, layer in enumerate(body.layers):
        layer.self_attn.layer_idx = place  # where a cache keeps its keys
    model.config.num_hidden_layers = layers
