"""Settings of the stage that trains the encoder, read from a recipe."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from raredxr1.recipe import Source
from raredxr1.schemas import Strict


class Annotated(Source):
    """A file of texts in which people marked HPO terms."""

    part: Literal["all", "development", "fitting"] = Field(
        "fitting",
        description="rows to learn from: all; every second (index 1, 3, ...), since the others measure; or of these "
        "three in four, since the others (index 7, 15, ...) choose thresholds",
    )


class PhraseShares(Strict):
    """Where the phrases of a linker batch come from, as relative weights."""

    names: float = Field(0.40, ge=0, description="HPO labels and synonyms of every scope, altered")
    wordings: float = Field(0.30, ge=0, description="everyday, ward and letter wordings of the project's registers")
    marked: float = Field(0.22, ge=0, description="what people marked in annotated texts, altered")
    definitions: float = Field(0.08, ge=0, description="the first sentence of a term's definition")


class SentenceShares(Strict):
    """Where the sentences of a tagger batch come from, as relative weights."""

    annotated: float = Field(0.45, ge=0, description="annotated texts, half of their findings exchanged for others")
    registers: float = Field(0.25, ge=0, description="synthetic letters, reports and ward notes")
    silver: float = Field(
        0.30, ge=0, description="real texts labelled by the dictionary and, if given, a first encoder"
    )


class EncoderConfig(Strict):
    """Everything the stage needs."""

    out: Path
    base: Path = Field(description="folder of a BERT checkpoint (config.json, model.safetensors, tokenizer.json)")
    start: list[Path] = Field(
        default_factory=list,
        description="folders of earlier runs of this stage, from one base: their mean weights are what to begin from",
    )
    seed: int = 0
    knowledge: Path | None = Field(None, description="knowledge artifact; the shipped one by default")
    annotated: list[Annotated] = Field(default_factory=list)
    texts: list[Source] = Field(default_factory=list, description="JSONL with `text` (or question/answer passages)")
    teacher: Path | None = Field(None, description="asset folder of a first encoder that helps to label `texts`")
    phrases: PhraseShares = Field(default_factory=PhraseShares)
    sentences: SentenceShares = Field(default_factory=SentenceShares)
    notes: int = Field(1000, ge=1, description="synthetic notes written before the first step")
    frozen_layers: int = Field(3, ge=0, description="lower layers left as they are; word embeddings always are")
    dimensions: int = Field(256, ge=8, description="of phrase and term vectors")
    temperature: float = Field(0.05, gt=0)
    phrase_batch: int = Field(48, ge=2)
    phrase_tokens: int = Field(24, ge=4, description="longer phrases are cut")
    sentence_batch: int = Field(12, ge=1)
    sentence_tokens: int = Field(96, ge=8, description="longer sentences are cut")
    tagger_weight: float = Field(1.0, ge=0)
    silver_outside: float = Field(0.15, ge=0, le=1, description="weight of a silver label 'no finding'")
    steps: int = Field(300, ge=0, description="0: only average and package")
    learning_rate: float = Field(2e-4, gt=0)
    head_learning_rate: float = Field(1e-3, gt=0)
    warmup: float = Field(0.05, ge=0, lt=1)
    weight_decay: float = Field(0.01, ge=0)
    save_minutes: float = Field(4, gt=0)
    log_steps: int = Field(20, ge=1)
    threads: int = Field(1, ge=1)

    @property
    def files(self) -> list[Source]:
        """Every file learned from that is not part of the product."""
        return [*self.annotated, *self.texts]
