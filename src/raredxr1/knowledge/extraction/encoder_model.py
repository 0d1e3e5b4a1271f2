"""The shipped sentence encoder: tokens to states by CTranslate2 (int8), heads in numpy; no torch.

Nothing is read from disk before it is needed. One thread computes unless told otherwise: the machine is shared with
the language model.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "encoder"
BATCH_TOKENS = 2048
"""Texts of like length are computed together, padding included at most so many tokens at once."""
LONGEST = 256
"""Tokens of a text; the rest is not read. Callers divide texts before."""

Floats = npt.NDArray[np.float32]


class EncoderModel:
    """Weights, tokenizer and heads of one encoder folder."""

    def __init__(self, folder: Path = DEFAULT_FOLDER, threads: int = 0) -> None:
        """Take the folder; `threads` of 0 leaves the number to CTranslate2."""
        self.folder, self._threads = folder, threads

    @property
    def is_there(self) -> bool:
        """Whether the folder holds an encoder."""
        return (self.folder / "model.bin").is_file()

    @cached_property
    def _encoder(self) -> Any:
        import ctranslate2

        from raredxr1.processor import compute_type

        return ctranslate2.Encoder(
            str(self.folder), device="cpu", intra_threads=self._threads, compute_type=compute_type()
        )

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return Tokenizer.from_file(str(self.folder / "tokenizer.json"))

    @cached_property
    def _heads(self) -> dict[str, Floats]:
        with np.load(self.folder / "heads.npz") as heads:
            return {name: heads[name] for name in heads.files}

    def phrase_vectors(self, phrases: Sequence[str]) -> Floats:
        """Unit vectors of phrases; (phrases, dimensions)."""
        project = self._heads["project"]
        found = np.zeros((len(phrases), project.shape[0]), np.float32)
        for place, _, states in self._states(phrases):
            found[place] = states.mean(0) @ project.T
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return found

    def tag_probabilities(self, texts: Sequence[str]) -> list[tuple[list[tuple[int, int]], Floats]]:
        """For each text its tokens' places and their probabilities of outside, begin and inside; (tokens, 3)."""
        weight, bias = self._heads["tag_weight"], self._heads["tag_bias"]
        found: list[tuple[list[tuple[int, int]], Floats]] = [([], np.zeros((0, 3), np.float32))] * len(texts)
        for place, encoding, states in self._states(texts):
            scores = states @ weight.T + bias
            powers = np.exp(scores - scores.max(1, keepdims=True))
            found[place] = encoding.offsets[: len(states)], powers / powers.sum(1, keepdims=True)
        return found

    def _states(self, texts: Sequence[str]) -> Iterator[tuple[int, Encoding, Floats]]:
        """Last hidden states of each text's tokens, in no order: the text's number, its tokens, the states."""
        encoded = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i].ids))
        for rows in _batches([min(len(encoded[i].ids), LONGEST) for i in order]):
            chosen = [order[row] for row in rows]
            output = self._encoder.forward_batch([encoded[i].ids[:LONGEST] for i in chosen])
            states = np.asarray(output.last_hidden_state)
            for row, i in enumerate(chosen):
                yield i, encoded[i], states[row, : min(len(encoded[i].ids), LONGEST)]


def _batches(lengths: Sequence[int]) -> Iterator[range]:
    """Ranges of rising lengths whose padded size stays within BATCH_TOKENS."""
    begin = 0
    for row, length in enumerate(lengths):
        if row > begin and (row - begin + 1) * length > BATCH_TOKENS:
            yield range(begin, row)
            begin = row
    if begin < len(lengths):
        yield range(begin, len(lengths))


@lru_cache(maxsize=2)
def shipped(folder: Path = DEFAULT_FOLDER) -> EncoderModel:
    """The shipped encoder, opened once a process."""
    return EncoderModel(folder)
