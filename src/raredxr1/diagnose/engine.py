"""What writes the model's turn: one interface, two engines (CTranslate2 to serve, transformers for checkpoints).

Prompts are whole prompts as `dialogue.render_prompt` writes them; their control tokens are read as such, and notes were
made harmless there. An engine stops at the end-of-turn token, which never appears in its text, and keeps every other
token's text. Temperature 0 is greedy; `beam` finds the most probable turns, which is how a ranking of diseases is had
from the final-diagnosis task: ten turns of one name each, with the model's probability.
"""

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Protocol, Self

from pydantic import Field, model_validator

from raredxr1.diagnose.copying import Tokens
from raredxr1.schemas import Strict


class GenerationSettings(Strict, frozen=True):
    """How to write. Same prompts, settings, engine and machine: same text."""

    max_tokens: int = Field(default=512, ge=1, description="at most so many tokens, and never beyond the context")
    temperature: float = Field(default=0.0, ge=0.0, description="0: the most probable token each time")
    top_p: float = Field(default=1.0, gt=0.0, le=1.0, description="sample from the most probable tokens of this mass")
    samples: int = Field(default=1, ge=1, description="completions a prompt")
    seed: int = Field(default=0, ge=0, lt=2**31, description="of sampling")
    stop: str = Field(default="", description="the turn ends, too, where a line begins with this word; greedy only")
    beam: int = Field(default=1, ge=1, description="beams; above 1 the `samples` most probable completions found")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.beam > 1 and self.temperature > 0:
            raise ValueError("beam search does not sample: leave the temperature at 0")
        if self.beam > 1 and self.samples > self.beam:
            raise ValueError("beam search gives at most as many samples as beams")
        if self.stop and (self.beam > 1 or self.temperature > 0):
            raise ValueError("a turn is stopped at a word only where it is greedy")
        if self.beam == 1 and self.temperature == 0 and self.samples > 1:
            raise ValueError("greedy text is always the same: raise the temperature or the beam for several samples")
        return self


class Completion(Strict, frozen=True):
    """One turn as written."""

    text: str = Field(description="without the end-of-turn token")
    tokens: int = Field(ge=0, description="tokens of the text")
    log_prob: float | None = Field(
        description="of the whole turn under the model, untempered, its end-of-turn token included; null: not told"
    )
    truncated: bool = Field(description="stopped at its limit, before the model ended its turn or the word to stop at")
    mended: int = Field(
        default=0,
        ge=0,
        description="quotes written again because the note had no such words, or lines that the evidence contradicted",
    )
    thinking: str = Field(default="", description="what a reasoning model wrote before its turn, unedited")
    failure: str = Field(default="", description="why a model server gave no whole turn; empty where it did")


class Stream:
    """Pieces of a turn as they are written; afterwards `completion` holds the whole. Close it to stop early."""

    def __init__(self, pieces: Generator[str, None, Completion]) -> None:
        self._pieces = pieces
        self._completion: Completion | None = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            return next(self._pieces)
        except StopIteration as end:
            self._completion = end.value or self._completion
            raise StopIteration from None

    def close(self) -> None:
        """Stop writing."""
        self._pieces.close()

    @property
    def completion(self) -> Completion:
        """The whole turn, once the stream has ended by itself.

        Raises:
            RuntimeError: it has not.
        """
        if self._completion is None:
            raise RuntimeError("the stream has not ended")
        return self._completion


class Engine(Protocol):
    """A model that can be asked."""

    name: str
    """ctranslate2 or transformers."""
    path: Path
    """The model's folder."""
    context_length: int
    """Tokens of prompt and turn together."""

    def count(self, text: str) -> int:
        """Count the tokens of a prompt."""
        ...

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        """Write one turn, piece by piece; a piece is never half a character.

        Raises:
            InputError: the prompt leaves no room in the context.
            ValueError: the settings ask for several samples or for beams.
        """
        ...

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        """Write `samples` turns for each prompt, in batches; those of a beam search, most probable first.

        Raises:
            InputError: a prompt leaves no room in the context.
        """
        ...

    def score(self, prompt: str, continuation: str) -> list[float]:
        """Return the log-probability of each token of a continuation (which may hold the end-of-turn token).

        Raises:
            InputError: both together are longer than the context.
        """
        ...


class TokenEngine(Engine, Tokens, Protocol):
    """An engine that also shows its tokens and what it finds probable next; both engines do."""
