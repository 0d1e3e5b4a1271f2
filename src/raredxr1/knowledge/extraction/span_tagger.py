"""Which stretches of a text are findings: tags of an encoder over tokens, as spans of whole words.

The text is divided into sentences and lines, long ones into overlapping windows, and these are computed together by
length. A word belongs to a finding where its first token's probability of that reaches a threshold; a new one begins
behind a mark where beginning is likelier than going on.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raredxr1.knowledge.extraction.encoder_model import EncoderModel

THRESHOLD = 0.5
"""Probability of a word to be part of a finding, from which on it is."""
LONGEST = 420
"""Letters of a window; longer sentences are divided between words."""
OVERLAP = 80
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])|\n\s*\n|\n(?=\s*[-*•\d])")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_EDGE = frozenset(
    """
    a an the his her their its he she they with and or of in on at by to for from has had have was is were are be been
    this that no not
    """.split()  # noqa: SIM905
)
_BREAK = re.compile(r"[.;:!?]\s|\n\s*\n")


@dataclass(frozen=True)
class TaggedSpan:
    """A finding's place, `text[start:end]`, and the mean probability of its words."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    begins: float
    inside: float


class TaggedText:
    """A text's words with their probabilities."""

    def __init__(self, text: str, words: list[_Word]) -> None:
        """Take the words in order of place."""
        self.text, self._words = text, words
        self._starts = [word.start for word in words]

    def spans(self, threshold: float = THRESHOLD) -> list[TaggedSpan]:
        """Findings, in order of place; they do not overlap."""
        found, run = list[TaggedSpan](), list[_Word]()
        for word in [*self._words, None]:
            is_finding = word is not None and word.begins + word.inside >= threshold
            if run and (word is None or not is_finding or self._apart(run[-1], word)):
                found += _trimmed(self.text, run)
                run = []
            if word is not None and is_finding:
                run.append(word)
        return found

    def _apart(self, last: _Word, word: _Word) -> bool:
        """Whether a new finding begins at a word: behind a mark, where beginning is likelier than going on."""
        between = self.text[last.end : word.start]
        return bool(_BREAK.search(between)) or (not between.isspace() and word.begins > word.inside)

    def probability(self, start: int, end: int) -> float:
        """Mean probability of the words of a stretch to be part of a finding; 1 where it has no word."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        inside = [word.begins + word.inside for word in self._words[first:last]]
        return sum(inside) / len(inside) if inside else 1.0


class SpanTagger:
    """Reads texts by an encoder."""

    def __init__(self, model: EncoderModel) -> None:
        """Take the encoder."""
        self.model = model

    def read(self, text: str) -> TaggedText:
        """Give every word its probabilities."""
        places = list(windows(text))
        words: dict[int, tuple[int, _Word]] = {}
        tagged = self.model.tag_probabilities([text[start:end] for start, end in places])
        for (start, end), (offsets, probabilities) in zip(places, tagged, strict=True):
            for word in _words(text, start, end, offsets, probabilities):
                # a word of two windows is taken from the one in which it stands farther from the border
                depth = min(word.start - start, end - word.end)
                if word.start not in words or words[word.start][0] < depth:
                    words[word.start] = depth, word
        return TaggedText(text, [words[place][1] for place in sorted(words)])


def windows(text: str) -> Iterator[tuple[int, int]]:
    """Sentences and lines of a text; long ones as overlapping stretches that end between words."""
    start = 0
    for cut in [*_SENTENCE.finditer(text), None]:
        end = cut.start() if cut else len(text)
        while end - start > LONGEST:
            last = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
            last = last if last > 0 else start + LONGEST
            yield start, last
            again = text.rfind(" ", start + 1, last - OVERLAP)
            start = again + 1 if again > start else last
        if text[start:end].strip():
            yield start, end
        start = cut.end() if cut else end


def _words(
    text: str, start: int, end: int, offsets: Sequence[tuple[int, int]], probabilities: npt.NDArray[np.float32]
) -> Iterator[_Word]:
    """Words of a window with the probabilities of their first tokens."""
    first = {start + begin: row for row, (begin, stop) in enumerate(offsets) if stop > begin}
    for word in _WORD.finditer(text, start, end):
        row = first.get(word.start())
        if row is not None:
            yield _Word(word.start(), word.end(), float(probabilities[row, 1]), float(probabilities[row, 2]))


def _trimmed(text: str, run: Sequence[_Word]) -> list[TaggedSpan]:
    """A run of words as a span, without articles and the like at its ends; nothing where only they are left."""
    words = list(run)
    while words and text[words[0].start : words[0].end].lower() in _EDGE:
        del words[0]
    while words and text[words[-1].start : words[-1].end].lower() in _EDGE:
        del words[-1]
    if not words:
        return []
    return [TaggedSpan(words[0].start, words[-1].end, sum(w.begins + w.inside for w in words) / len(words))]
