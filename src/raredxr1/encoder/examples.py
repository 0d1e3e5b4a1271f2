"""Draws what a step learns from: windows of marked texts, and phrases that stand alone. Step n depends on the seed.

In windows some findings are said in other words of the same term, so that a finding is known by its place in the
sentence and by what kind of words it is, not by heart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from raredxr1.encoder.config import EncoderConfig
from raredxr1.encoder.marked import NO_TERM, Example, Mark
from raredxr1.encoder.network import IGNORED
from raredxr1.encoder.phrases import PhraseSource
from raredxr1.knowledge.extraction.encoder_model import LONGEST

OUTSIDE, BEGIN, INSIDE = range(3)
KEPT_AS_WRITTEN = 0.6
"""Share of windows in which no finding is said otherwise."""
EXCHANGED = 0.35
"""Share of the findings of the other windows that are."""


@dataclass(frozen=True)
class Batch:
    """Windows as tensors.

    Attributes:
        ids: tokens, (windows, tokens).
        mask: which of them are text.
        tags: OUTSIDE, BEGIN, INSIDE or IGNORED of each.
        findings: window and tokens of each finding.
        terms: its term, or NO_TERM.
        states: its state.
    """

    ids: Tensor
    mask: Tensor
    tags: Tensor
    findings: list[tuple[int, list[int]]]
    terms: list[int]
    states: list[int]


class Examples:
    """Makes batches."""

    def __init__(
        self,
        config: EncoderConfig,
        tokenizer: Tokenizer,
        pools: Sequence[tuple[Sequence[Example], float]],
        phrases: PhraseSource,
    ) -> None:
        """Take what is drawn from; the tokenizer must neither pad nor cut.

        Args:
            config: sizes of batches, and the seed.
            tokenizer: of the network.
            pools: windows, each pool with its weight.
            phrases: phrases that stand alone.
        """
        self.config, self.tokenizer, self._phrases = config, tokenizer, phrases
        filled = [(pool, share) for pool, share in pools if pool and share]
        self._pools, self._shares = [pool for pool, _ in filled], [share for _, share in filled]

    def windows(self, step: int) -> list[Batch]:
        """The windows of a step, in two batches by length."""
        rng = Random(f"{self.config.seed} windows {step}")
        drawn = sorted((self._draw(rng) for _ in range(self.config.windows)), key=lambda one: len(one.text))
        half = (len(drawn) + 1) // 2
        return [self.encode(part) for part in (drawn[:half], drawn[half:]) if part]

    def phrases(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """The phrases of a step: tokens, the mask of those that are words, terms."""
        rng = Random(f"{self.config.seed} phrases {step}")
        drawn = [self._phrases.draw(rng) for _ in range(self.config.phrases_a_step)]
        encoded = self.tokenizer.encode_batch([text for text, _ in drawn])
        ids, mask = pad([cut(one.ids, self.config.phrase_tokens) for one in encoded])
        words = mask.clone()
        words[:, 0] = 0  # the tokens that open and close a text are no words
        words[torch.arange(len(drawn)), mask.sum(1) - 1] = 0
        return ids, torch.where(words.sum(1, keepdim=True) > 0, words, mask), torch.tensor([t for _, t in drawn])

    def encode(self, windows: Sequence[Example]) -> Batch:
        """Windows as tensors."""
        encoded = self.tokenizer.encode_batch([window.text for window in windows])
        ids, mask = pad([cut(one.ids, LONGEST) for one in encoded])
        tags = torch.full_like(ids, IGNORED)
        findings, terms, states = list[tuple[int, list[int]]](), list[int](), list[int]()
        for row, (window, one) in enumerate(zip(windows, encoded, strict=True)):
            tags[row, : min(len(one.ids), LONGEST)] = torch.tensor(_tags(window, one)[:LONGEST])
            for mark in window.marks:
                tokens = _tokens(mark, one) if mark.start >= window.begins else []
                if tokens:
                    findings.append((row, tokens))
                    terms.append(mark.term)
                    states.append(mark.state)
        return Batch(ids, mask, tags, findings, terms, states)

    def _draw(self, rng: Random) -> Example:
        window = rng.choice(rng.choices(self._pools, self._shares)[0])
        if rng.random() < KEPT_AS_WRITTEN or window.unsure or not window.marks:
            return window
        return exchange(window, self._phrases, rng)


def exchange(window: Example, phrases: PhraseSource, rng: Random) -> Example:
    """Say some findings in other words of the same term; the marks follow."""
    text, at, marks = "", 0, list[Mark]()
    for mark in window.marks:
        text += window.text[at : mark.start]
        said = window.text[mark.start : mark.end]
        if mark.term != NO_TERM and mark.start >= window.begins and rng.random() < EXCHANGED:
            said = phrases.wording(mark.term, rng) or said
        marks.append(Mark(len(text), len(text) + len(said), mark.term, mark.state))
        text, at = text + said, mark.end
    return Example(text + window.text[at:], window.begins, tuple(marks))


def _tags(window: Example, encoding: Encoding) -> list[int]:
    found = []
    for start, end in encoding.offsets:
        tag = OUTSIDE
        if start == end or start < window.begins or any(a < end and start < b for a, b in window.unsure):
            tag = IGNORED
        else:
            held = next((mark for mark in window.marks if mark.start <= start < mark.end), None)
            if held:
                tag = BEGIN if start == held.start else INSIDE
        found.append(tag)
    return found


def _tokens(mark: Mark, encoding: Encoding) -> list[int]:
    places = enumerate(encoding.offsets[:LONGEST])
    return [n for n, (start, end) in places if start < end and start < mark.end and mark.start < end]


def cut(ids: list[int], most: int) -> list[int]:
    """At most so many tokens, the last one kept: it closes the sequence."""
    return ids if len(ids) <= most else [*ids[: most - 1], ids[-1]]


def pad(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Token ids padded with 0, and the mask of those that are not."""
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return ids, mask
