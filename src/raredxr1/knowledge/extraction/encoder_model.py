"""The shipped encoder: tokens to states by CTranslate2 (int8), heads and terms in numpy; no torch.

Nothing is read from disk before it is needed. One thread computes unless told otherwise: the machine is shared with
the language model.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from raredxr1.errors import InputError

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "encoder"
FORMAT = 2
BATCH_TOKENS = 2048
"""Texts of like length are computed together, padding included at most so many tokens at once."""
LONGEST = 224
"""Tokens of a text; the rest is not read. Callers divide texts before."""
STATES = ("present", "absent", "uncertain", "other", "hypothetical")

Floats = npt.NDArray[np.float32]


class Tokens(NamedTuple):
    """A text as the encoder sees it.

    Attributes:
        places: where each token stands, `text[start:end]`; the same number twice for tokens that are no text.
        tags: probabilities of outside, begin and inside a finding; (tokens, 3).
        hidden: last hidden states; (tokens, width).
    """

    places: list[tuple[int, int]]
    tags: Floats
    hidden: Floats


class TextEncoder:
    """Weights and tokenizer of one folder: texts to hidden states."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; how many threads there are is left to CTranslate2."""
        self.folder = folder

    @property
    def is_there(self) -> bool:
        """Whether the folder holds an encoder."""
        return (self.folder / "model.bin").is_file()

    @cached_property
    def _encoder(self) -> Any:
        import ctranslate2

        from raredxr1.processor import compute_type

        return ctranslate2.Encoder(str(self.folder), device="cpu", compute_type=compute_type())

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return Tokenizer.from_file(str(self.folder / "tokenizer.json"))

    def means(self, texts: Sequence[str], longest: int = LONGEST) -> Floats:
        """Mean last hidden states of texts, what begins and ends them included, of so many tokens; (texts, width)."""
        found: dict[int, Floats] = {place: states.mean(0) for place, _, states in self._states(texts, longest)}
        return np.stack([found[place] for place in range(len(texts))])

    def _states(self, texts: Sequence[str], longest: int = LONGEST) -> Iterator[tuple[int, Encoding, Floats]]:
        """Last hidden states of each text's tokens, in no order: the text's number, its tokens, the states."""
        encoded = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i].ids))
        for rows in _batches([min(len(encoded[i].ids), longest) for i in order]):
            chosen = [order[row] for row in rows]
            output = self._encoder.forward_batch([encoded[i].ids[:longest] for i in chosen])
            states = np.asarray(output.last_hidden_state)
            for row, i in enumerate(chosen):
                yield i, encoded[i], states[row, : min(len(encoded[i].ids), longest)]


class EncoderModel(TextEncoder):
    """What reads findings: heads and terms over the hidden states."""

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        """Take the folder."""
        super().__init__(folder)

    @cached_property
    def _heads(self) -> dict[str, Floats]:
        with np.load(self.folder / "heads.npz") as heads:
            return {name: heads[name] for name in heads.files}

    @cached_property
    def _terms(self) -> tuple[Floats, Floats, list[str], list[str]]:
        """Unit vectors times the sharpness, biases, HPO ids and labels of all terms."""
        with np.load(self.folder / "terms.npz") as table:
            if int(table["format"]) != FORMAT:
                raise InputError(f"{self.folder}: an encoder of another format; train it again")
            vectors = table["vectors"].astype(np.float32)
            vectors *= table["scale"][:, None]
            return vectors, table["bias"], table["ids"].tolist(), json.loads(str(table["labels"]))

    @property
    def term_ids(self) -> list[str]:
        """The HPO ids that phrases can be linked to."""
        return self._terms[2]

    @property
    def labels(self) -> list[str]:
        """Their labels."""
        return self._terms[3]

    def read(self, texts: Sequence[str]) -> list[Tokens]:
        """The tokens of each text with their tags and states."""
        weight, bias = self._heads["tag_weight"], self._heads["tag_bias"]
        found = [Tokens([], np.zeros((0, 3), np.float32), np.zeros((0, weight.shape[1]), np.float32))] * len(texts)
        for place, encoding, states in self._states(texts):
            found[place] = Tokens(encoding.offsets[: len(states)], softmax(states @ weight.T + bias), states)
        return found

    def phrase_states(self, phrases: Sequence[str]) -> Floats:
        """Mean hidden states of phrases that stand alone; (phrases, width)."""
        found = np.zeros((len(phrases), self._heads["project"].shape[1]), np.float32)
        for place, encoding, states in self._states(phrases):
            words = [i for i, (start, end) in enumerate(encoding.offsets[: len(states)]) if end > start]
            found[place] = states[words].mean(0) if words else states.mean(0)
        return found

    def term_probabilities(self, states: Floats) -> Floats:
        """Of mean states of phrases, in a text or alone, the probability of each term; (phrases, terms)."""
        vectors, bias, _, _ = self._terms
        said: Floats = states @ self._heads["project"].T
        said /= np.maximum(np.linalg.norm(said, axis=1, keepdims=True), 1e-9).astype(np.float32)
        return softmax(said @ vectors.T + bias)

    def state_probabilities(self, states: Floats) -> Floats:
        """Of mean states of findings in a text, the probability of each of STATES; (findings, 5)."""
        return softmax(states @ self._heads["state_weight"].T + self._heads["state_bias"])


def softmax(scores: Floats) -> Floats:
    """Probabilities of rows of scores."""
    powers: Floats = np.exp(scores - scores.max(1, keepdims=True))
    shares: Floats = powers / powers.sum(1, keepdims=True)
    return shares


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
