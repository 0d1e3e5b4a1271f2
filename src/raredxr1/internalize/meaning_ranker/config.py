"""Settings of the training of the ranker by meaning."""

from pathlib import Path

from pydantic import Field

from raredxr1.internalize.text_ranker.config import TextsConfig


class MeaningRankerConfig(TextsConfig):
    """A training run of the ranker by meaning."""

    base: Path = Field(description="folder of a BERT sentence encoder (config.json, model.safetensors, tokenizer.json)")
    text_ranker: Path | None = Field(default=None, description="ranking by words that tells which diseases are alike")
    steps: int = Field(default=480, ge=1)
    groups: int = Field(default=16, ge=1, description="groups of diseases that are easily mistaken, of each step")
    group: int = Field(default=4, ge=1, description="diseases of a group")
    note_tokens: int = Field(default=96, ge=8)
    text_tokens: int = Field(default=64, ge=8)
    frozen_layers: int = Field(default=3, ge=0, description="lowest layers that stay as they are, as embeddings do")
    learning_rate: float = Field(default=1e-4, gt=0)
    warmup: float = Field(default=0.06, ge=0, lt=1, description="share of the steps; then the rate falls to the end")
    weight_decay: float = Field(default=0.01, ge=0)
    save_minutes: float = Field(default=8, gt=0)
    log_steps: int = Field(default=10, ge=1)
    threads: int = Field(default=1, ge=1)
