"""Labels of texts that nobody marked: by the dictionary, or by it and a first encoder."""

from pathlib import Path

from raredxr1.encoder.sentences import Labeller, Span
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.extraction.encoder_model import EncoderModel
from raredxr1.knowledge.extraction.span_tagger import SpanTagger
from raredxr1.knowledge.recognition import Recogniser

SURE, UNSURE = 0.7, 0.15
"""Probabilities of a first encoder from which a span is a finding, and from which it may be one."""


def dictionary_labels(kb: KnowledgeBase) -> Labeller:
    """Findings are what the dictionary knows."""
    recogniser = Recogniser(kb)

    def label(text: str) -> tuple[list[Span], list[Span]]:
        return [(m.start, m.end) for m in recogniser.find(text)], []

    return label


def taught_labels(kb: KnowledgeBase, teacher: Path) -> Labeller:
    """Findings are what the dictionary knows and what a first encoder is sure of; nothing is learned where it is not.

    A name that the encoder finds very improbable where it stands is unsure too.
    """
    recogniser, tagger = Recogniser(kb), SpanTagger(EncoderModel(teacher, threads=1))

    def label(text: str) -> tuple[list[Span], list[Span]]:
        tagged = tagger.read(text)
        named = [(m.start, m.end) for m in recogniser.find(text)]
        sure = [(s.start, s.end) for s in tagged.spans(SURE) if s.probability >= SURE]
        # the longer of two that overlap: the encoder's span often has the qualifier that the name lacks
        spans = list[Span]()
        for span in sorted(named + sure, key=lambda place: (place[0] - place[1], place[0])):
            if all(span[1] <= start or end <= span[0] for start, end in spans):
                spans.append(span)
        doubtful = [span for span in spans if tagged.probability(*span) < UNSURE]
        unsure = [(s.start, s.end) for s in tagged.spans(UNSURE)]
        return sorted(span for span in spans if span not in doubtful), unsure + doubtful

    return label
