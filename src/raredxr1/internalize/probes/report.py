"""What the probes found: figures with their n and interval, as a row of probes.jsonl and as lines to read."""

from pydantic import Field

from raredxr1.evaluate.metrics_schema import Figure
from raredxr1.schemas import Strict

LABELS = {
    "familiar_top1": "findings -> disease, training's wordings, first of ten",
    "familiar_top10": "findings -> disease, training's wordings, among ten",
    "familiar_mrr": "findings -> disease, training's wordings, mean of 1/rank",
    "new_top1": "findings -> disease, new wordings, first of ten",
    "new_top10": "findings -> disease, new wordings, among ten",
    "new_mrr": "findings -> disease, new wordings, mean of 1/rank",
    "profile_precision": "disease -> findings, precision",
    "profile_recall": "disease -> findings, recall of the ten commonest",
    "profile_precision_chance": "  the same answers against another disease, precision",
    "profile_recall_chance": "  the same answers against another disease, recall",
    "choice_accuracy": "which of two look-alikes (chance 0.5)",
}


class ProbeReport(Strict):
    """The figures of one asking."""

    figures: dict[str, Figure] = Field(description="see LABELS; each with n and a 95% bootstrap interval")
    held_out: bool = Field(description="whether the recipe keeps wordings and patients out of training")
    said_in_new_words: float = Field(description="share of findings in new notes said in held-out synonyms")
    left_out: dict[str, int] = Field(default_factory=dict, description="what could not be asked, by reason")
    seed: int
    seconds: float


def lines(report: ProbeReport) -> list[str]:
    """A table to read."""
    found = [
        f"{LABELS[name]:<58} {figure.value:.3f}  ({figure.ci95[0]:.3f} to {figure.ci95[1]:.3f}, n = {figure.n})"
        for name, figure in report.figures.items()
    ]
    if not report.held_out:
        found.append("nothing was held out of training: patients are fresh draws, wordings may have been trained on")
    found += [f"not asked: {count} x {reason}" for reason, count in report.left_out.items()]
    return [*found, f"{report.seconds:.1f} s"]
