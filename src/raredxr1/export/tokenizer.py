"""tokenizer.json of a model folder, read in one way wherever tokens are made: `tokenizers`, never transformers."""

import json
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from raredxr1 import dialogue
from raredxr1.errors import InputError


def read_tokenizer(folder: Path) -> tuple[Tokenizer, int]:
    """Return a folder's tokenizer and the id of its end-of-turn token.

    A tokenizer saved while training may carry padding and a length limit along; both are off.

    Raises:
        InputError: tokenizer.json is missing or damaged, or the end of turn is no token of it.
    """
    path = folder / "tokenizer.json"
    try:
        content = path.read_text(encoding="utf-8")
        json.loads(content)
    except FileNotFoundError as error:
        raise InputError(f"{folder}: tokenizer.json is missing") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is damaged ({type(error).__name__})") from error
    tokenizer = Tokenizer.from_str(content)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    stop = tokenizer.token_to_id(dialogue.TURN_END)
    if stop is None:
        raise InputError(f"{path}: {dialogue.TURN_END} is not a token: the model was not trained on this dialogue")
    return tokenizer, stop


def token_names(tokenizer: Tokenizer, ids: Sequence[int]) -> list[str]:
    """Name tokens as CTranslate2's vocabulary does.

    A model may have more rows than its tokenizer has tokens; the converter names those itself (`LlamaLoader` in
    ctranslate2/converters/transformers.py).
    """
    size = tokenizer.get_vocab_size(with_added_tokens=True)
    named = ((token, tokenizer.id_to_token(token)) for token in ids)
    return [f"<extra_id_{token - size}>" if name is None else name for token, name in named]
