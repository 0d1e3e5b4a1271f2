"""From phrases and sentences to tensors. Batch number n depends on the seed and n alone, so a run can be resumed."""

from dataclasses import dataclass
from random import Random

import torch
from tokenizers import Tokenizer
from torch import Tensor

from raredxr1.encoder.config import EncoderConfig
from raredxr1.encoder.network import IGNORED
from raredxr1.encoder.phrases import Names, PhraseSource
from raredxr1.encoder.sentences import Sentence, SentenceSource

OUTSIDE, BEGIN, INSIDE = range(3)
SIZES = 4
"""So many batches are drawn at once and divided by length, which saves padding."""


@dataclass(frozen=True)
class PhraseBatch:
    """Phrases, the positions of their terms' names, and where a phrase is itself such a name."""

    ids: Tensor
    mask: Tensor
    rows: list[tuple[list[int], int | None]]


@dataclass(frozen=True)
class SentenceBatch:
    """Sentences with a tag and a weight for each token."""

    ids: Tensor
    mask: Tensor
    tags: Tensor
    weights: Tensor


class Batches:
    """Makes batches of both kinds."""

    def __init__(
        self,
        config: EncoderConfig,
        tokenizer: Tokenizer,
        names: Names,
        phrases: PhraseSource,
        sentences: SentenceSource,
    ) -> None:
        """Take the sources; the tokenizer must neither pad nor cut."""
        self.config, self.tokenizer = config, tokenizer
        self._phrases, self._sentences = phrases, sentences
        self._by_term = names.by_term
        self._position = {(text, term): i for i, (text, term) in enumerate(zip(names.texts, names.terms, strict=True))}

    def phrases(self, step: int) -> PhraseBatch:
        """The phrase batch of a step: one of SIZES, by length."""
        size, (group, place) = self.config.phrase_batch, divmod(step, SIZES)
        rng = Random(f"{self.config.seed} phrases {group}")
        drawn = sorted((self._phrases.draw(rng) for _ in range(size * SIZES)), key=lambda pair: len(pair[0]))
        drawn = drawn[place * size : (place + 1) * size]
        encoded = self.tokenizer.encode_batch([text for text, _ in drawn])
        ids, mask = pad([cut(e.ids, self.config.phrase_tokens) for e in encoded])
        rows = [(self._by_term[term], self._position.get((text.casefold(), term))) for text, term in drawn]
        return PhraseBatch(ids, mask, rows)

    def sentences(self, step: int) -> SentenceBatch:
        """The sentence batch of a step: one of SIZES, by length."""
        group, place = divmod(step, SIZES)
        rng = Random(f"{self.config.seed} sentences {group}")
        drawn = [self._sentences.draw(rng) for _ in range(self.config.sentence_batch * SIZES)]
        drawn.sort(key=lambda sentence: len(sentence.text))
        chosen = drawn[place * self.config.sentence_batch : (place + 1) * self.config.sentence_batch]
        return self.encode(chosen)

    def encode(self, sentences: list[Sentence]) -> SentenceBatch:
        """Tag tokens by the spans of their sentences."""
        ids, tags, weights = list[list[int]](), list[list[int]](), list[list[float]]()
        for sentence, encoding in zip(sentences, self.tokenizer.encode_batch([s.text for s in sentences]), strict=True):
            rows = [self._tag(sentence, start, end) for start, end in encoding.offsets]
            ids.append(cut(encoding.ids, self.config.sentence_tokens))
            tags.append([tag for tag, _ in rows][: self.config.sentence_tokens])
            weights.append([weight for _, weight in rows][: self.config.sentence_tokens])
        padded, mask = pad(ids)
        width = padded.shape[1]
        return SentenceBatch(
            padded,
            mask,
            torch.tensor([row + [IGNORED] * (width - len(row)) for row in tags]),
            torch.tensor([row + [0.0] * (width - len(row)) for row in weights]),
        )

    def _tag(self, sentence: Sentence, start: int, end: int) -> tuple[int, float]:
        if start == end:  # a special token
            return IGNORED, 0.0
        for first, last in sentence.spans:
            if first <= start < last:
                return (BEGIN if start == first else INSIDE), 1.0
        if any(first < end and start < last for first, last in sentence.unsure):
            return IGNORED, 0.0
        return OUTSIDE, self.config.silver_outside if sentence.silver else 1.0


def cut(ids: list[int], most: int) -> list[int]:
    """At most so many tokens, the last one kept: it closes the sequence."""
    return ids if len(ids) <= most else [*ids[: most - 1], ids[-1]]


def pad(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Token ids padded with 0, and the mask of those that are not."""
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return ids, mask
