"""A language model of 30,000 parameters that knows three dialogues: small enough to make in every test session."""

from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from raredxr1 import dialogue

NOTES = (
    "Girl of 4, never walked unaided, wrings her hands.",
    "Man, 40, café au lait spots 💡.",
    "Tall, lens off axis.",
)
NAMES = ("Rett syndrome", "Neurofibromatosis type 1 🧬", "Marfan syndrome")
PROMPTS = tuple(dialogue.render_prompt(note, "short", "final") for note in NOTES)
TURNS = tuple(f"{dialogue.ANSWER}\n1. {name}\n{dialogue.ANSWER_END}" for name in NAMES)
CONTEXT_LENGTH = 256


def make_tiny_tokenizer() -> Tokenizer:
    """Train a byte-level BPE of some 330 tokens; ChatML tokens are special, <think> is added and not special."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)  # type: ignore[assignment]
    tokenizer.decoder = decoders.ByteLevel()  # type: ignore[assignment]
    trainer = trainers.BpeTrainer(
        vocab_size=330,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=["<|endoftext|>", dialogue.TURN_START, dialogue.TURN_END],
        show_progress=False,
    )
    tokenizer.train_from_iterator([*PROMPTS, *TURNS], trainer)
    tokenizer.add_tokens([AddedToken(tag, normalized=False) for tag in (dialogue.THINK, dialogue.THINK_END)])
    return tokenizer


def make_tiny_checkpoint(path: Path, seed: int = 0, steps: int = 80, tied: bool = True, **config: object) -> Path:
    """Write a Hugging Face checkpoint folder: a two-layer Llama with grouped queries, and its tokenizer.

    Args:
        path: the folder to write.
        seed: of the weights.
        steps: training steps on the three dialogues; 0 leaves the model random, 80 (about a second) teach it them.
        tied: whether input and output embeddings are one matrix.
        config: further fields of LlamaConfig.

    Returns:
        The folder.
    """
    tokenizer = make_tiny_tokenizer()
    torch.manual_seed(seed)
    fields: dict[str, object] = {
        "vocab_size": tokenizer.get_vocab_size() + 4,  # more rows than tokens, as real checkpoints have
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": CONTEXT_LENGTH,
        "rope_parameters": {"rope_type": "default", "rope_theta": 50000.0},
        "tie_word_embeddings": tied,
        "initializer_range": 0.3,
        "bos_token_id": tokenizer.token_to_id(dialogue.TURN_START),
        "eos_token_id": tokenizer.token_to_id(dialogue.TURN_END),
        "pad_token_id": tokenizer.token_to_id("<|endoftext|>"),
    }
    model = LlamaForCausalLM(LlamaConfig(**{**fields, **config}))
    _teach(model, tokenizer, steps)
    model.save_pretrained(path)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=dialogue.TURN_END, pad_token="<|endoftext|>")
    fast.save_pretrained(path)
    return path


def _teach(model: LlamaForCausalLM, tokenizer: Tokenizer, steps: int) -> None:
    texts = [prompt + turn + dialogue.TURN_END for prompt, turn in zip(PROMPTS, TURNS, strict=True)]
    rows = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(steps):
        losses = [model(torch.tensor([row]), labels=torch.tensor([row])).loss for row in rows]
        optimizer.zero_grad()
        torch.stack(losses).mean().backward()
        optimizer.step()
