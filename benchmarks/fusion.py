"""What each ingredient of the fusion adds, on kinds of notes left out of the fit: benchmarks/results/fusion.md.

    python benchmarks/fusion.py OBSERVED [--out benchmarks/results/fusion.md]

OBSERVED is the work folder of `raredx train calibrate`. Each kind of note is left out in turn, the fusion is fitted on
the others without one ingredient, and the right disease is looked for among the first 1 and 10 of the kind left out.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from raredxr1.calibrate import fit as fitting
from raredxr1.calibrate.figures import set_weights
from raredxr1.calibrate.observe import Observation
from raredxr1.diagnose.features import FEATURES

INGREDIENTS: dict[str, Callable[[str], bool]] = {
    "nothing": lambda name: False,
    "the model's own list": lambda name: name.startswith("own_"),
    "likelihood": lambda name: name.startswith("likelihood_"),
    "similarity": lambda name: name.startswith("similarity_"),
    "texts": lambda name: name.startswith("texts_"),
    "number of findings": lambda name: name.endswith("_few"),
    "age, sex, onset": lambda name: name in {"too_young", "too_old", "other_sex", "adult_congenital"},
    "how well known": lambda name: name in {"annotated", "well_known"},
    "stated diagnosis": lambda name: name == "stated",
}


def ranks(observations: Sequence[Observation], held: Sequence[bool], gone: Callable[[str], bool]) -> list[int]:
    """Place of the right disease in each observation of the kind held out; 0: not named."""
    kept = [o for o, out in zip(observations, held, strict=True) if not out]
    masked = [_without(o, gone) for o in kept]
    fusion = fitting._fusion(masked, set_weights(masked))
    found = []
    for observation in (o for o, out in zip(observations, held, strict=True) if out):
        listed = fitting._fused_list(_without(observation, gone), fusion)
        found.append(next((rank for rank, (_, right) in enumerate(listed, 1) if right), 0))
    return found


def _without(observation: Observation, gone: Callable[[str], bool]) -> Observation:
    zero = [gone(name) for name in FEATURES]
    seen = [
        one.model_copy(update={"features": [0.0 if z else v for z, v in zip(zero, one.features, strict=True)]})
        for one in observation.seen
    ]
    return observation.model_copy(update={"seen": seen})


def interval(share: float, n: int) -> str:
    """95 % Wilson interval in percent."""
    middle = (share + 1.92 / n) / (1 + 3.84 / n)
    half = 1.96 * np.sqrt(share * (1 - share) / n + 0.96 / n**2) / (1 + 3.84 / n)
    return f"{100 * (middle - half):.0f}-{100 * (middle + half):.0f}"


def main() -> None:
    """Fit, and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("observed", type=Path)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/fusion.md"))
    asked = parser.parse_args()
    lines = (asked.observed / "observations.jsonl").read_bytes().splitlines()
    observations = [o for o in map(Observation.model_validate_json, lines) if not o.ordinary]
    kinds = sorted({o.kind or o.cases for o in observations})
    table = ["# Fusion: what each ingredient adds", "", __doc__.split("\n\n", 2)[2].strip(), ""]
    table += ["Top 1 / top 10 in percent, strict.", "", f"| without | {' | '.join(kinds)} | mean |"]
    table.append("|---|" + "---|" * (len(kinds) + 1))
    for ingredient, gone in INGREDIENTS.items():
        cells, shares = [], []
        for kind in kinds:
            found = ranks(observations, [(o.kind or o.cases) == kind for o in observations], gone)
            first, ten = (float(np.mean([0 < rank <= k for rank in found])) for k in (1, 10))
            shares.append((first, ten))
            spread = f" ({interval(ten, len(found))}, n={len(found)})" if ingredient == "nothing" else ""
            cells.append(f"{100 * first:.1f}/{100 * ten:.1f}{spread}")
        mean = "/".join(f"{100 * float(value):.1f}" for value in np.mean(shares, axis=0))
        table.append(f"| {ingredient} | {' | '.join(cells)} | {mean} |")
        print(table[-1], flush=True)
    asked.out.write_text("\n".join(table) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
