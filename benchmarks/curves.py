"""The curves of a run, drawn from what it wrote: loss beside tokens, and what the probes found.

python benchmarks/curves.py RUN ...      # curves.svg in each folder; while a run goes on, or after it
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from raredxr1.errors import InputError
from raredxr1.internalize.probes.asking import FILE, read_rows
from raredxr1.runstore import whole

matplotlib.rcParams["svg.hashsalt"] = "raredxr1"
matplotlib.rcParams["svg.fonttype"] = "none"

PANELS: Sequence[tuple[str, Mapping[str, str]]] = (
    (
        "findings → disease",
        {
            "new_top1": "new wordings, first",
            "new_top10": "new wordings, among ten",
            "familiar_top1": "training's wordings, first",
            "familiar_top10": "training's wordings, among ten",
        },
    ),
    (
        "disease → findings, look-alikes",
        {
            "profile_precision": "precision",
            "profile_precision_chance": "precision by chance",
            "profile_recall": "recall of the ten commonest",
            "profile_recall_chance": "recall by chance",
            "choice_accuracy": "which of two (chance 0.5)",
        },
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+", help="folders of stage 1, finished or not")
    for run in parser.parse_args().runs:
        print(draw(run))


def draw(run: Path) -> Path:
    """Draw curves.svg in a run's folder from its metrics.jsonl and, where there is one, its probes.jsonl.

    Raises:
        InputError: the folder holds no metrics.
    """
    losses = list({row["step"]: row for row in read_rows(run / "metrics.jsonl") if "loss" in row}.values())
    if not losses:
        raise InputError(f"{run}: no metrics.jsonl with a loss; name the folder of a training run")
    probes = read_rows(run / FILE)
    figure = Figure(figsize=(5 * (1 + len(PANELS) * bool(probes)), 3.6), layout="constrained")
    axes = figure.subplots(1, 1 + len(PANELS) * bool(probes), squeeze=False)[0]
    axes[0].plot([row["step"] for row in losses], [row["loss"] for row in losses])
    axes[0].set(xlabel="step", ylabel="loss", title="training loss")
    for axis, (title, names) in zip(axes[1:], PANELS, strict=False):
        _panel(axis, title, names, probes)
    path = run / "curves.svg"
    with whole(path) as partial:
        figure.savefig(partial, format="svg", metadata={"Date": None})
    return path


def _panel(axis: Any, title: str, names: Mapping[str, str], probes: Sequence[dict[str, Any]]) -> None:
    for name, label in names.items():
        rows = [row for row in probes if name in row["figures"]]
        if not rows:
            continue
        steps, found = [row["step"] for row in rows], [row["figures"][name] for row in rows]
        style = "--" if "chance" in name else "-"
        (line,) = axis.plot(steps, [f["value"] for f in found], style, marker=".", label=f"{label} (n={found[0]['n']})")
        low, high = zip(*(f["ci95"] for f in found), strict=True)
        axis.fill_between(steps, low, high, color=line.get_color(), alpha=0.12, linewidth=0)
    axis.set(xlabel="step", ylim=(0, 1), title=title)
    axis.legend(fontsize="x-small")


if __name__ == "__main__":
    main()
