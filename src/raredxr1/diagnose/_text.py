"""Between text and tokens, for every engine: the `tokenizers` library on the model folder's tokenizer.json."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from raredxr1.diagnose.engine import Completion, GenerationSettings, Stream
from raredxr1.errors import InputError
from raredxr1.export.files import read_tokenizer, token_names

_HALF = "\N{REPLACEMENT CHARACTER}"


class TextTokenizer:
    """Encodes prompts with their control tokens recognised, and decodes turns with none left out."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer, self.stop = read_tokenizer(folder)

    def encode(self, text: str) -> list[int]:
        """Turn text into tokens; nothing is added to it."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def decode(self, ids: Sequence[int]) -> str:
        """Turn tokens into text, special ones included."""
        return self._tokenizer.decode(list(ids), skip_special_tokens=False)

    def ends(self, settings: GenerationSettings) -> list[int]:
        """Tokens that end a turn: the end-of-turn token, and the one that begins a line to stop at."""
        line = self.encode("\n")
        return [self.stop, *(self.encode(f"\n{settings.stop}")[len(line) : len(line) + 1] if settings.stop else [])]

    def names(self, ids: Sequence[int]) -> list[str]:
        """Name tokens as CTranslate2's vocabulary does."""
        return token_names(self._tokenizer, ids)


def completion(
    tokenizer: TextTokenizer, ids: Sequence[int], log_prob: float, settings: GenerationSettings
) -> Completion:
    """Make a completion of the tokens of a turn, up to its first end if it has one."""
    ends = tokenizer.ends(settings)
    ended = next((place for place, token in enumerate(ids) if token in ends), None)
    kept = list(ids)[:ended]
    return Completion(text=tokenizer.decode(kept), tokens=len(kept), log_prob=log_prob, truncated=ended is None)


class TextPieces:
    """Turns tokens into text one by one, holding back characters whose bytes are not all there yet.

    Only the tokens since the last whole character are decoded again (as text-generation-inference does), so a turn
    costs time in proportion to its length.
    """

    def __init__(self, tokenizer: TextTokenizer) -> None:
        self._tokenizer = tokenizer
        self._window: list[int] = []
        self._shown = ""

    def add(self, token: int) -> str:
        """Return the text this token completes; empty while a character is incomplete."""
        self._window.append(token)
        text = self._tokenizer.decode(self._window)
        if text.endswith(_HALF):
            return ""
        piece = text[len(self._shown) :]
        # One token of context stays: some tokenizers drop the space that begins a text.
        self._window, self._shown = [token], self._tokenizer.decode([token])
        if self._shown.endswith(_HALF) or not text.endswith(self._shown):
            self._window, self._shown = [], ""
        return piece

    def rest(self) -> str:
        """Return what was held back, with a replacement character for bytes that make none."""
        return self._tokenizer.decode(self._window)[len(self._shown) :]


def streamed(
    tokenizer: TextTokenizer, steps: Iterable[tuple[int, float]], settings: GenerationSettings
) -> Generator[str, None, Completion]:
    """The pieces of a turn from its tokens and their log-probabilities, as they come; then the whole."""
    pieces, ends = TextPieces(tokenizer), tokenizer.ends(settings)
    written: list[int] = []
    log_prob = 0.0
    for token, score in steps:
        written.append(token)
        log_prob += score
        if token not in ends and (piece := pieces.add(token)):
            yield piece
    if rest := pieces.rest():
        yield rest
    return completion(tokenizer, written, log_prob, settings)


def room(length: int, settings: GenerationSettings, context_length: int) -> int:
    """Return how many tokens may be written after a prompt of `length` tokens.

    Raises:
        InputError: there is none.
    """
    if length >= context_length:
        raise InputError(f"the note makes a prompt of {length} tokens, and the model reads fewer than {context_length}")
    return min(settings.max_tokens, context_length - length)


def batches(
    lengths: Sequence[int], settings: GenerationSettings, context_length: int, rows: int
) -> Iterator[tuple[list[int], int]]:
    """Group prompts of similar length and equal room, at most `rows` sequences at once.

    Args:
        lengths: tokens of each prompt.
        settings: each prompt takes as many rows as it has beams or samples.
        context_length: of the model.
        rows: sequences an engine computes at once.

    Yields:
        Indices of prompts, and how many tokens may be written after each of them.
    """
    most = max(1, rows // max(settings.beam, settings.samples))
    rooms = [room(length, settings, context_length) for length in lengths]
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda index: lengths[index]):
        if batch and (len(batch) == most or rooms[index] != rooms[batch[0]]):
            yield batch, rooms[batch[0]]
            batch = []
        batch.append(index)
    if batch:
        yield batch, rooms[batch[0]]


class TextEngine(ABC):
    """What both engines do with a prompt before their own machinery writes; see `Engine` for what is promised."""

    context_length: int
    path: Path

    @cached_property
    def _tokenizer(self) -> TextTokenizer:
        return TextTokenizer(self.path)

    def count(self, text: str) -> int:
        """Count the tokens of a prompt."""
        return len(self._tokenizer.encode(text))

    def encode(self, text: str) -> list[int]:
        """Turn text into tokens."""
        return self._tokenizer.encode(text)

    def decode(self, ids: Sequence[int]) -> str:
        """Turn tokens into text."""
        return self._tokenizer.decode(ids)

    def score(self, prompt: str, continuation: str) -> list[float]:
        """Return the log-probability of each token of a continuation."""
        before, after = self._tokenizer.encode(prompt), self._tokenizer.encode(continuation)
        if len(before) + len(after) > self.context_length:
            raise InputError(f"{len(before) + len(after)} tokens to score, the model reads {self.context_length}")
        return self._scored(before, after) if after else []

    @abstractmethod
    def _scored(self, before: list[int], after: list[int]) -> list[float]:
        """The log-probability of each token behind others."""

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        """Write one turn, piece by piece."""
        if settings.samples > 1 or settings.beam > 1:
            raise ValueError("a stream is one turn: no samples, no beams")
        ids = self._tokenizer.encode(prompt)
        return Stream(self._write(ids, settings, room(len(ids), settings, self.context_length)))

    @abstractmethod
    def _write(self, ids: list[int], settings: GenerationSettings, limit: int) -> Generator[str, None, Completion]:
        """Yield the pieces of a turn of at most `limit` tokens; return the whole."""
