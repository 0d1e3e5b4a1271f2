"""Findings by meaning: the stretches that the encoder holds for findings, each with its term and state in its context.

A word belongs to a finding where its first token's probability of that reaches a threshold; a new one begins where
beginning is likelier than going on, or behind an empty line. Term and state are read from the mean of the hidden states
of a finding, which know the sentence around it: "brisk" behind "Reflexes:" is Brisk reflexes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from raredxr1.knowledge.extraction.encoder_model import STATES, EncoderModel, Tokens
from raredxr1.knowledge.extraction.phrase_linker import TermMatch, matches
from raredxr1.knowledge.extraction.windows import Window, windows

THRESHOLD = 0.5
"""Probability of a word to be part of a finding, from which on it is."""


@dataclass(frozen=True)
class ReadFinding:
    """A stretch of text that is a finding: `text[start:end]`.

    Attributes:
        start: where it begins.
        end: where it ends.
        probability: mean probability of its words to be part of a finding.
        term: the term it most probably means; None where every probable one says the opposite.
        states: probability of each state, by name.
    """

    start: int
    end: int
    probability: float
    term: TermMatch | None
    states: dict[str, float]

    @property
    def sureness(self) -> float:
        """Probability that it is a finding and that its term is right."""
        return self.probability * (self.term.probability if self.term else 0.0)

    @property
    def state(self) -> str:
        """The most probable state."""
        return max(self.states, key=self.states.__getitem__)


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    tokens: list[int]
    begins: float
    inside: float

    @property
    def probability(self) -> float:
        return self.begins + self.inside


class FindingReader:
    """Reads findings by an encoder."""

    def __init__(self, model: EncoderModel) -> None:
        """Take the encoder."""
        self.model = model

    def read(self, text: str) -> list[ReadFinding]:
        """All findings of a text of any length, in order of place; they do not overlap."""
        places, found = windows(text), list[ReadFinding]()
        for place, tokens in zip(places, self.model.read([text[w.context : w.end] for w in places]), strict=True):
            found += self._findings(text, list(_runs(text, _words(text, place, tokens))), tokens)
        return found

    def _findings(self, text: str, runs: Sequence[list[_Word]], tokens: Tokens) -> list[ReadFinding]:
        if not runs:
            return []
        states = np.stack([tokens.hidden[[n for word in run for n in word.tokens]].mean(0) for run in runs])
        spans = [(run[0].start, run[-1].end) for run in runs]
        terms = matches(self.model, [" ".join(text[start:end].split()) for start, end in spans], states, most=1)
        shares = self.model.state_probabilities(states)
        return [
            ReadFinding(
                start, end, sum(w.probability for w in run) / len(run), near[0] if near else None, _named(row.tolist())
            )
            for (start, end), run, near, row in zip(spans, runs, terms, shares, strict=True)
        ]


def _named(shares: Sequence[float]) -> dict[str, float]:
    return dict(zip(STATES, shares, strict=True))


def _runs(text: str, words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """Runs of words that are findings."""
    run: list[_Word] = []
    for word in words:
        is_finding = word.probability >= THRESHOLD
        if run and (not is_finding or word.begins > word.inside or "\n\n" in text[run[-1].end : word.start]):
            yield run
            run = []
        if is_finding:
            run.append(word)
    if run:
        yield run


def _words(text: str, place: Window, tokens: Tokens) -> list[_Word]:
    """Words and marks of a window behind its context."""
    words = list[_Word]()
    for number, (first, last) in enumerate(tokens.places):
        start, end = place.context + first, place.context + last
        if first == last or start < place.start:
            continue
        if words and words[-1].end == start and text[start - 1].isalnum() and text[start].isalnum():
            words[-1] = replace(words[-1], end=end, tokens=[*words[-1].tokens, number])
        else:
            begins, inside = tokens.tags[number, 1:].tolist()
            words.append(_Word(start, end, [number], begins, inside))
    return words
