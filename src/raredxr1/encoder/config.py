"""Settings of the stage that trains the encoder, read from a recipe."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from raredxr1.recipe import Source
from raredxr1.schemas import Strict


class Annotated(Source):
    """A file of texts in which findings are marked, or of marks alone in texts that stand in another file."""

    texts: Path | None = Field(None, description="of a table of marks (.tsv): the JSONL file that has their texts")

    part: Literal["all", "development"] = Field(
        "all", description="rows to learn from: all, or every second (index 1, 3, ...), since the others measure"
    )
    share: float = Field(1.0, ge=0, description="relative weight of its windows in a step")


class PhraseShares(Strict):
    """Where phrases that stand alone come from, as relative weights."""

    names: float = Field(0.40, ge=0, description="HPO labels and synonyms of every scope, altered")
    wordings: float = Field(
        0.50, ge=0, description="wordings of the product, of its registers, and of `wordings` files"
    )
    definitions: float = Field(0.10, ge=0, description="the first sentence of a term's definition")


class EncoderConfig(Strict):
    """Everything the stage needs."""

    out: Path
    base: Path = Field(description="folder of a BERT checkpoint (config.json, model.safetensors, tokenizer.json)")
    seed: int = 0
    knowledge: Path | None = Field(None, description="knowledge artifact; the shipped one by default")
    annotated: list[Annotated] = Field(default_factory=list)
    wordings: list[Path] = Field(
        default_factory=list, description="tables of the project's own wordings: HPO id, label, wordings"
    )
    registers_share: float = Field(0.33, ge=0, description="relative weight of windows of synthetic letters in a step")
    notes: int = Field(3000, ge=1, description="synthetic letters written before the first step")
    phrase_shares: PhraseShares = Field(default_factory=PhraseShares)
    windows: int = Field(20, ge=1, description="windows a step")
    phrases_a_step: int = Field(64, ge=1, description="phrases that stand alone a step")
    phrase_tokens: int = Field(32, ge=4, description="longer phrases are cut")
    steps: int = Field(1200, ge=1)
    learning_rate: float = Field(1e-4, gt=0)
    head_learning_rate: float = Field(1e-3, gt=0)
    warmup: float = Field(0.03, ge=0, lt=1, description="share of the steps")
    decay: float = Field(0.7, gt=0, le=1, description="share of the steps at the end over which the rate falls")
    weight_decay: float = Field(0.01, ge=0)
    save_minutes: float = Field(4, gt=0)
    log_steps: int = Field(50, ge=1)
    threads: int = Field(1, ge=1)
