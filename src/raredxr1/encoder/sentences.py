"""Sentences to learn the tagger from: text, and which stretches of it are findings.

Three sources. *annotated*: real sentences in which people marked findings. *registers*: synthetic letters, which know
where their findings are. *silver*: real sentences without marks, labelled by the dictionary; what it does not know
counts little as "no finding" (`SentenceShares`, `EncoderConfig.silver_outside`), unless a first encoder labels too.

In all three some findings are exchanged for other wordings of any term, so that a finding is known by its place in the
sentence and by what kind of words it is, not by heart.
"""

import gzip
import itertools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from raredxr1.cases.annotated import read_annotated
from raredxr1.cases.draft import Note
from raredxr1.cases.patients import PatientSampler, phenotypes
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.registers.writer import RegisterWriter
from raredxr1.cases.variation import misspell
from raredxr1.encoder.config import Annotated
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.assertion import Assertion, assertions
from raredxr1.recipe import Source

Span = tuple[int, int]
Labeller = Callable[[str], tuple[list[Span], list[Span]]]
"""A text to the spans of findings, and to stretches of which it is not known whether they are findings."""

EXCHANGED = 0.35
"""Share of findings that are exchanged for others, in a sentence that exchanges any."""
KEPT_AS_WRITTEN = 0.4
"""Share of sentences that exchange none."""
MISSPELT = 0.04
LEAST_LETTERS = 15
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])|\n+")


@dataclass(frozen=True)
class Sentence:
    """A stretch of text with the spans of its findings.

    Attributes:
        text: the words.
        spans: findings, in order of place, none overlapping.
        unsure: stretches that may or may not be findings; nothing is learned there.
        silver: whether "no finding" is only the dictionary's word.
    """

    text: str
    spans: tuple[Span, ...]
    unsure: tuple[Span, ...] = ()
    silver: bool = False


@dataclass
class Letters:
    """Sentences of synthetic notes, and what they call findings."""

    sentences: list[Sentence] = field(default_factory=list)
    wordings: list[tuple[str, int]] = field(default_factory=list)


def annotated_sentences(
    sources: Sequence[Annotated], kb: KnowledgeBase
) -> tuple[list[Sentence], list[tuple[str, int]]]:
    """Sentences of annotated texts, and every marked phrase with its term."""
    sentences, marked = list[Sentence](), list[tuple[str, int]]()
    for source in sources:
        documents = enumerate(read_annotated([source.path], kb).documents)
        for document in (d for row, d in documents if is_learned_from(row, source.part)):
            for sentence in document:
                spans = tuple((m.start, m.end) for m in sentence.mentions)
                sentences.append(Sentence(sentence.text, spans))
                marked += [(sentence.text[m.start : m.end].strip(), m.term) for m in sentence.mentions]
    return sentences, marked


def is_learned_from(row: int, part: str) -> bool:
    """Whether a row, counted from 0, is in the part of a file that is learned from."""
    return part == "all" or (row % 2 == 1 and (part == "development" or row % 8 != 7))


def letters(kb: KnowledgeBase, notes: int, seed: int) -> Letters:
    """Write synthetic notes; what denies a finding by itself ("hears well") is no finding there."""
    rng, made = Random(f"letters {seed}"), Letters()
    writer = RegisterWriter(Phrases(kb))
    diseases = [d for d in range(len(kb.disease_names)) if phenotypes(kb, d)]
    sampler = PatientSampler(kb, diseases)
    for _ in range(notes):
        note = writer.write(sampler.draw(rng.choice(diseases), rng), rng)
        _take(note, made)
    return made


def _take(note: Note, made: Letters) -> None:
    places = [(m.start, m.end) for m in note.mentions]
    said = assertions(note.text, places)
    kept = [
        mention
        for mention, state in zip(note.mentions, said, strict=True)
        if mention.present or state != Assertion.present
    ]
    made.wordings += [(note.text[m.start : m.end], m.term) for m in kept]
    made.sentences += _cut(note.text, [(m.start, m.end) for m in kept])


def _cut(text: str, spans: Sequence[Span]) -> Iterator[Sentence]:
    """Divide a text at the ends of sentences and lines, never inside a finding."""
    cuts = [0]
    for found in _SENTENCE.finditer(text):
        if not any(start < found.end() and found.start() < end for start, end in spans):
            cuts.append(found.end())
    cuts.append(len(text))
    for start, end in itertools.pairwise(cuts):
        if text[start:end].strip():
            inside = tuple((s - start, e - start) for s, e in spans if start <= s and e <= end)
            yield Sentence(text[start:end].rstrip(), inside)


def read_texts(sources: Sequence[Source]) -> list[str]:
    """Sentences of unmarked texts: `text`, or the answers of question-and-answer rows.

    Raises:
        InputError: a file cannot be read or is not JSONL.
    """
    found = list[str]()
    for source in sources:
        try:
            with gzip.open(source.path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    for passage in _passages(json.loads(line)):
                        found += [s for s in _SENTENCE.split(passage) if len(s) >= LEAST_LETTERS]
        except (OSError, EOFError, ValueError) as error:
            raise InputError(f"{source.path}: cannot be read ({type(error).__name__})") from error
    return found


def _passages(row: dict[str, Any]) -> list[str]:
    if row.get("text"):
        return [row["text"]]
    if row.get("definition"):
        return [row["definition"]]
    return [qa["a"] for qa in row.get("qa", ()) if "Human Phenotype Ontology provides" not in qa["a"]]


class SentenceSource:
    """Draws sentences to learn from."""

    def __init__(
        self,
        annotated: Sequence[Sentence],
        registers: Sequence[Sentence],
        texts: Sequence[str],
        label: Labeller,
        shares: Sequence[float],
        wording: Callable[[Random], str],
    ) -> None:
        """Take what sentences are drawn from.

        Args:
            annotated: marked sentences.
            registers: synthetic ones.
            texts: unmarked ones.
            label: what labels these.
            shares: relative weights of the three; one that is empty drops out.
            wording: draws a wording of any term, to stand in for a finding.
        """
        self._label, self._wording = label, wording
        pools: tuple[Sequence[Any], ...] = (annotated, registers, texts)
        self._pools = [pool for pool in pools if pool]
        self._shares = [share for share, pool in zip(shares, pools, strict=True) if pool]
        self._texts = texts
        self._labelled: dict[int, Sentence] = {}

    def draw(self, rng: Random) -> Sentence:
        """One sentence, some of its findings exchanged."""
        pool = rng.choices(self._pools, self._shares)[0]
        sentence = self._silver(rng) if pool is self._texts else rng.choice(pool)
        if rng.random() < KEPT_AS_WRITTEN or not sentence.spans:
            return sentence
        return exchange(sentence, self._wording, rng)

    def _silver(self, rng: Random) -> Sentence:
        """A sentence in which something is known to be a finding, if a few tries find one."""
        for _ in range(3):
            place = rng.randrange(len(self._texts))
            if place not in self._labelled:
                spans, unsure = self._label(self._texts[place])
                self._labelled[place] = Sentence(self._texts[place], tuple(spans), tuple(unsure), silver=True)
            if self._labelled[place].spans:
                break
        return self._labelled[place]


def exchange(sentence: Sentence, wording: Callable[[Random], str], rng: Random) -> Sentence:
    """Put other findings in the place of some; the spans follow."""
    text, spans, at = "", list[Span](), 0
    moved = list[tuple[int, int]]()
    for start, end in sentence.spans:
        text += sentence.text[at:start]
        said = sentence.text[start:end]
        if rng.random() < EXCHANGED:
            said = wording(rng)
        if rng.random() < MISSPELT:
            said = misspell(said, rng)
        spans.append((len(text), len(text) + len(said)))
        text += said
        moved.append((end, len(text) - end))
        at = end
    text += sentence.text[at:]
    unsure = tuple((s + _shift(s, moved), e + _shift(s, moved)) for s, e in sentence.unsure)
    return Sentence(text, tuple(spans), unsure, sentence.silver)


def _shift(place: int, moved: Sequence[tuple[int, int]]) -> int:
    return next((shift for end, shift in reversed(moved) if end <= place), 0)


def default_wording(wordings: Sequence[str], names: Sequence[str]) -> Callable[[Random], str]:
    """Draw from what people and registers say twice as often as from the ontology's names."""

    def draw(rng: Random) -> str:
        return rng.choice(wordings if wordings and rng.random() < 0.67 else names)

    return draw
