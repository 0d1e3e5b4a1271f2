"""What each ingredient of the fusion adds, on kinds of notes left out of the fit: benchmarks/results/fusion.md.

    python benchmarks/fusion.py OBSERVED [--out benchmarks/results/fusion.md]

OBSERVED is the work folder of `raredx train calibrate`. Each kind of note is left out in turn, the fusion is fitted on
the others without one ingredient, and the right disease is looked for among the first 1 and 10 of the kind left out.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from raredxr1.calibrate.observe import Observation
from raredxr1.calibrate.softmax import Cases, fit_fusion
from raredxr1.diagnose.calibration import Sigmoid
from raredxr1.diagnose.features import FEATURES
from raredxr1.diagnose.matching import MATCH_FEATURES
from raredxr1.diagnose.person import PERSON_FEATURES

INGREDIENTS: dict[str, Callable[[str], bool]] = {
    "nothing": lambda name: False,
    "likelihood": lambda name: name.startswith("likelihood_"),
    "similarity": lambda name: name.startswith("similarity_"),
    "texts": lambda name: name.startswith("texts_"),
    "profiles": lambda name: name.startswith("profiles_"),
    "meaning": lambda name: name.startswith("meaning_"),
    "number of findings": lambda name: name.endswith("_few"),
    "age, sex, onset": lambda name: name.removesuffix("_in_lists") in PERSON_FEATURES,
    "how the findings match": lambda name: name in MATCH_FEATURES,
    "whether it is a list": lambda name: name.endswith("_in_lists"),
    "stated diagnosis": lambda name: name == "stated",
}


def ranks(cases: Cases, held: npt.NDArray[np.bool_], gone: Callable[[str], bool], start: Sigmoid) -> list[int]:
    """Place of the right disease in each case held out; 0: not named."""
    kept = np.array([not gone(name) for name in FEATURES], dtype=np.float32)
    masked = Cases(cases.observations, [values * kept for values in cases.values], cases.right)
    fusion = fit_fusion(masked.part(~held), start)
    lists = [masked.ranked(place, fusion) for place in np.flatnonzero(held).tolist()]
    return [next((rank for rank, (_, right) in enumerate(listed, 1) if right), 0) for listed in lists]


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
    cases = Cases.of([o for o in map(Observation.model_validate_json, lines) if not o.ordinary])
    kind_of = np.array([o.kind or o.cases for o in cases.observations])
    kinds = sorted(set(kind_of.tolist()))
    whole = fit_fusion(cases)
    table = ["# Fusion: what each ingredient adds", "", __doc__.split("\n\n", 2)[2].strip(), ""]
    table += ["Top 1 / top 10 in percent, strict.", "", f"| without | {' | '.join(kinds)} | mean |"]
    table.append("|---|" + "---|" * (len(kinds) + 1))
    for ingredient, gone in INGREDIENTS.items():
        cells, shares = [], []
        for kind in kinds:
            found = ranks(cases, kind_of == kind, gone, whole)
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
