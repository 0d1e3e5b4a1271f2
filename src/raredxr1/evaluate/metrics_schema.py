"""The shape of metrics.json: a list of rows, one a group, with what they were measured on beside each.

`python -m raredxr1.evaluate.metrics_schema` prints its JSON schema.
"""

import sys
from typing import Any

from pydantic import ConfigDict, Field, RootModel

from raredxr1.schemas import Strict, schema_text


class Figure(Strict):
    """A value with its 95 % bootstrap interval and the cases it rests on."""

    value: float
    ci95: tuple[float, float]
    n: int = Field(description="cases (or diseases, in the row of their average) it rests on")


class Levels(Strict):
    """Figures of one level: strict, subtype or category."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    recall_1: Figure = Field(alias="recall@1")
    recall_3: Figure = Field(alias="recall@3")
    recall_5: Figure = Field(alias="recall@5")
    recall_10: Figure = Field(alias="recall@10")
    mrr: Figure = Field(description="mean of 1/rank, 0 for a miss")
    median_rank: float | None = Field(description="over all cases; null: more than half are misses")

    def recall(self, k: int) -> Figure:
        """recall@k for k in 1, 3, 5, 10."""
        figure: Figure = getattr(self, f"recall_{k}")
        return figure


class Bin(Strict):
    """One bin of the calibration plot."""

    low: float
    high: float
    n: int
    confidence: float = Field(description="mean confidence of the first name")
    accuracy: float = Field(description="share of first names that are right")


class Row(Strict):
    """Figures of one group."""

    group: str
    n: int
    strict: Levels
    subtype: Levels = Field(description="cases whose best name among the first k is in the right family, and no better")
    category: Levels
    lines: Levels | None = Field(
        default=None,
        description="strict, counted on lines as the answer is shown, where subtypes and twins share one; null: no "
        "answer of the group has lines",
    )
    unparsed: Figure = Field(description="share of cases without a readable answer")
    failed: Figure = Field(description="share of cases unreadable, failed, timed out or refused")
    unlinked: Figure | None = Field(description="share of names without an id; null: no name")
    grounded: Figure | None = Field(description="share of quoted findings that stand in the note; null: no finding")
    findings_precision: Figure | None = Field(description="of the model's HPO ids, share among the case's")
    findings_recall: Figure | None = Field(description="of the case's HPO ids, share among the model's")
    ece: Figure | None = Field(description="expected calibration error of the first name; null: no confidence")
    calibration: list[Bin] = Field(default_factory=list)
    seconds_per_case: Figure
    tokens_per_case: Figure
    cost: float | None = Field(default=None, description="of all requests; null: not known")
    refused: int = 0
    opinion: Figure | None = Field(default=None, description="recall@1 by the language-model judge; null: not asked")
    opinion_agrees: Figure | None = Field(default=None, description="share of cases where it agrees with strict")


class MetricsRow(Row):
    """A row as metrics.json holds it."""

    system: str
    model: dict[str, Any] | None
    knowledge: str
    cases: list[dict[str, str]] = Field(description="file and sha256")
    settings: dict[str, Any]
    overlap: list[str] = Field(default_factory=list, description="why the figures are not honest; empty: they are")


class Metrics(RootModel[list[MetricsRow]]):
    """metrics.json."""


if __name__ == "__main__":
    sys.stdout.write(schema_text(Metrics))
