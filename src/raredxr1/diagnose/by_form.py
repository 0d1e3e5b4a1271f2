"""Two engines as one: each form is written by the weights that measure better at it.

A model of a few million parameters loses in naming what it gains in reading (docs/log.md). So the shipped model may
come as two sets of weights, the second grown from the first: one that names diseases (the short form, the beams of
every ranking), one that reads notes (the full form). A larger model needs no such thing.
"""

from collections.abc import Sequence
from pathlib import Path

from raredxr1 import dialogue
from raredxr1.diagnose.engine import Completion, Engine, GenerationSettings, Stream


class EngineByForm:
    """Asks one engine for full turns and the other for everything else; see `Engine` for what the methods promise."""

    def __init__(self, reads: Engine, names: Engine) -> None:
        """Take the engine of the full form and that of the short form."""
        self._reads, self._names = reads, names
        self.name: str = names.name
        self.path: Path = names.path
        self.context_length: int = min(reads.context_length, names.context_length)

    def count(self, text: str) -> int:
        """Count the tokens of a prompt, by whichever vocabulary needs more."""
        return max(self._reads.count(text), self._names.count(text))

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        """Write one turn, piece by piece."""
        return self._for(prompt).stream(prompt, settings)

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        """Write `samples` turns for each prompt, in batches."""
        written: dict[int, list[Completion]] = {}
        for engine in (self._reads, self._names):
            mine = [i for i, prompt in enumerate(prompts) if self._for(prompt) is engine]
            if mine:
                turns = engine.generate([prompts[i] for i in mine], settings)
                written |= dict(zip(mine, turns, strict=True))
        return [written[i] for i in range(len(prompts))]

    def score(self, prompt: str, continuation: str) -> list[float]:
        """Return the log-probability of each token of a continuation."""
        return self._for(prompt).score(prompt, continuation)

    def _for(self, prompt: str) -> Engine:
        return self._reads if dialogue.asks_full(prompt) or dialogue.asks_reading(prompt) else self._names
