"""Findings by meaning: spans that the tagger marks and the dictionary does not, linked where the linker is sure enough.

Thresholds are cosines and probabilities chosen on development texts (docs/log.md); below them words stay free text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from raredxr1.knowledge.extraction.encoder_model import EncoderModel
from raredxr1.knowledge.extraction.phrase_linker import PhraseLinker
from raredxr1.knowledge.extraction.span_tagger import SpanTagger, TaggedText

SPAN = 0.7
"""Probability of words from which on they are a finding."""
SIMILARITY = 0.75
"""Cosine of a phrase and a name from which on the phrase is that term."""
VETO = 0.03
"""A dictionary's mention that the tagger finds less probable is no finding."""
_WORDS = re.compile(r"[^\W_]+")
_STEM = 5
"""Letters by which words are compared."""
_SMALL = frozenset(("of", "the", "in", "on", "to", "and", "or", "with", "a", "an"))


@dataclass(frozen=True)
class LinkedSpan:
    """A stretch of text that means a term: `text[start:end]`."""

    start: int
    end: int
    hpo_id: str
    similarity: float
    probability: float


class FindingReader:
    """Reads findings by an encoder."""

    def __init__(self, model: EncoderModel) -> None:
        """Take the encoder."""
        self.tagger, self.linker = SpanTagger(model), PhraseLinker(model)

    def tag(self, text: str) -> TaggedText:
        """The text's words with their probabilities."""
        return self.tagger.read(text)

    def link(self, tagged: TaggedText, taken: Sequence[tuple[int, int]]) -> list[LinkedSpan]:
        """Terms of the spans that overlap no taken stretch, in order of place."""
        free = [
            span
            for span in tagged.spans(SPAN)
            if not any(start < span.end and span.start < end for start, end in taken)
        ]
        found = list[LinkedSpan]()
        matches = self.linker.link([" ".join(tagged.text[s.start : s.end].split()) for s in free], most=1)
        for span, near in zip(free, matches, strict=True):
            if (
                near
                and near[0].similarity >= SIMILARITY
                and not is_part(tagged.text[span.start : span.end], near[0].name)
            ):
                found.append(LinkedSpan(span.start, span.end, near[0].hpo_id, near[0].similarity, span.probability))
        return found


def is_part(phrase: str, name: str) -> bool:
    """Whether a phrase has only some of a name's words ("nose" of "prominent nose"): it may say what was looked at."""
    said, called = (
        frozenset(word.rstrip("s")[:_STEM] for word in _WORDS.findall(text.lower()) if word not in _SMALL)
        for text in (phrase, name)
    )
    return said < called
