"""Folders that appear whole or not at all."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from raredxr1 import dialogue
from raredxr1.errors import InputError


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside `path` that takes its name when the block ends well, and vanishes otherwise.

    Raises:
        InputError: `path` exists and is not an empty folder, or its parent cannot be written.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise InputError(f"{path} exists already: name a new folder, or remove it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.partial-", dir=path.parent))
    except OSError as error:
        raise InputError(f"{path.parent} cannot be written: {error.strerror}") from error
    try:
        yield temporary
        temporary.chmod(0o755)  # mkdtemp makes it private
        temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def checkpoint_in(folder: Path) -> Path:
    """Where weights are: the `checkpoint` of a training stage's folder, or the folder itself."""
    return inner if (inner := folder / "checkpoint").is_dir() else folder


def require_files(folder: Path, names: tuple[str, ...], what: str) -> None:
    """Check that a folder holds what it needs.

    Raises:
        InputError: it is not a folder, or a file is missing.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder: name {what}")
    for name in names:
        if not (folder / name).is_file():
            raise InputError(f"{folder} is not {what}: {name} is missing")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        InputError: the file holds none.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is damaged ({type(error).__name__})") from error
    if not isinstance(content, dict):
        raise InputError(f"{path} is damaged (no JSON object)")
    return content


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


TEMPLATE = (
    "{% for message in messages %}" + dialogue.TURN_START + "{{ message['role'] }}\n{{ message['content'] }}"
    + dialogue.TURN_END + "\n{% endfor %}{% if add_generation_prompt %}" + dialogue.TURN_START + "assistant\n"
    + "{% if messages[0]['content'] == '" + dialogue.LEAD + "' %}" + dialogue.THINK + "\n" + dialogue.HYPOTHESES
    + "\n{% endif %}{% endif %}"
)  # fmt: skip
"""In Jinja."""
TEMPLATE_FILE = "chat_template.jinja"
