"""What makes a confidence mean something: plain numbers fitted on development cases, applied without any library.

They stand in calibration.json beside a model, and are bound to its weights: another model's are not used, and its
confidences stay raw, which every output says. `raredx train calibrate` writes the file; see `calibrate`.

The share a disease has among ten beams says how it compares with the nine others, and nothing about whether any of
them is right. So the second number is the mass of the ten beams: how much of the model's probability they hold.
"""

import math
import zlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from raredxr1.export import is_unpacked
from raredxr1.runstore import read_model, sha256, whole
from raredxr1.schemas import Form, Strict

CALIBRATION_FILE = "calibration.json"
MEAN = "mean of the sets"
"""What a row of figures over all sets is called in place of a set."""
FUSED_ELSEWHERE = "CRR, fitted fusion (set left out)"
"""The fused ranking, measured on sets it was not fitted on."""
_SMALLEST = 1e-4
"""Shares are kept this far from 0 and 1 before their logarithm is taken."""
NO_MASS = 0.0
"""Stands for the mass of the beams where a fused score, which holds it already, is calibrated."""
_KEPT = ".weights_sha256"
"""File in the user's cache that keeps what the weights there were found to be."""


class Sigmoid(Strict):
    """A logistic model: 1 / (1 + exp(-(intercept + sum of weight * value)))."""

    intercept: float
    weights: dict[str, float]

    def log_odds(self, values: Mapping[str, float]) -> float:
        """The logarithm of the odds, given every value by name."""
        return self.intercept + sum(weight * values[name] for name, weight in self.weights.items())

    def apply(self, values: Mapping[str, float]) -> float:
        """The probability, given every value by name."""
        z = self.log_odds(values)
        return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


class Steps(Strict):
    """An isotonic curve: linear between its points, flat beyond them."""

    x: list[float] = Field(min_length=1, description="rising")
    y: list[float] = Field(min_length=1, description="never falling")

    def apply(self, value: float) -> float:
        """The curve at a value."""
        place = bisect_right(self.x, value)
        if place == 0 or place == len(self.x):
            return self.y[min(place, len(self.x) - 1)]
        left, right = self.x[place - 1], self.x[place]
        share = (value - left) / (right - left) if right > left else 1.0
        return self.y[place - 1] + share * (self.y[place] - self.y[place - 1])


class Curve(Strict):
    """From a raw probability (and the mass of the beams) to a calibrated one; one of the two methods."""

    platt: Sigmoid | None = None
    isotonic: Steps | None = None
    ece: float = Field(
        description="expected calibration error of the first name, each set of cases left out of the fit"
    )

    @property
    def method(self) -> Literal["platt", "isotonic"]:
        """Which method this is."""
        return "platt" if self.platt else "isotonic"

    def apply(self, raw: float, log_mass: float) -> float:
        """The calibrated probability."""
        if self.platt:
            return self.platt.apply(raw_values(raw, log_mass))
        return self.isotonic.apply(raw) if self.isotonic else raw


class Ranking(Strict):
    """How one way of ranking is calibrated: the model's own, or the fused one."""

    curve: Curve
    none: Sigmoid = Field(description="probability that a listed disease is the right one, from `list_values`")


class StandsOut(Strict):
    """Whether a note has a disease to find among the ten."""

    sigmoid: Sigmoid = Field(description="probability that it has, from `verdict.note_values`")
    least: float = Field(ge=0, le=1, description="with less, nothing stands out")
    ordinary: int = Field(description="notes without a disease to find it was fitted on")
    flagged: float = Field(description="share of ordinary notes said to have nothing, each left out of the fit")
    wronged: float = Field(
        description="share of cases with the right disease among the ten said so, left out of the fit"
    )


class CaseFile(Strict):
    """A file of development cases."""

    file: str
    sha256: str
    n: int = Field(ge=1, description="cases used of it")


class Measured(Strict):
    """What cross-validation measured for one way of ranking, on one set of cases."""

    cases: str
    system: str
    n: int
    recall_at_1: float
    recall_at_3: float
    recall_at_10: float
    mrr: float
    ece: float | None = Field(description="of the first name; null: it gives no confidence")


class Fitted(Strict):
    """calibration.json."""

    format_version: Literal[1, 2] = 2
    model: str = Field(description="its name, for people")
    weights_sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the weights it was fitted on")
    knowledge: str
    form: Form = Field(description="the form that was asked for")
    ranking: Literal["list", "scored", "beam"] = Field(description="and how it ranked")
    created: date
    cases: list[CaseFile]
    own: Ranking | None = Field(description="of the model's own list; null: it has none, and weighs what others list")
    fusion: Sigmoid | None = Field(default=None, description="the score of a disease, from `features`; see `fused`")
    fused: Ranking | None = None
    stands_out: StandsOut | None = None
    crr_by_default: bool = Field(default=False, description="whether CRR measured better than the model alone")
    measured: list[Measured] = Field(default_factory=list)

    @property
    def n(self) -> int:
        """Cases it was fitted on."""
        return sum(file.n for file in self.cases)

    @property
    def error_within_a_set(self) -> float | None:
        """Calibration error of the fused ranking within a set left out, mean of the sets; None: not measured.

        Over all sets together those that are told too much and those that are told too little cancel out.
        """
        rows = [row for row in self.measured if row.system == FUSED_ELSEWHERE and row.cases != MEAN]
        errors = [row.ece for row in rows if row.ece is not None]
        return sum(errors) / len(errors) if errors else None

    def holds_for(self, form: str, ranking: str) -> bool:
        """Whether a model asked so was asked as it was when this was fitted.

        The beams put the same question in either form, so a ranking by beams is the same one. With the full form the
        model's quotes may add findings that no dictionary reads; where each disease stands in the others' rankings
        then moves a little.
        """
        if self.own is None:
            return True
        return ranking == self.ranking and (form == self.form or ranking == "beam")


def coherent(probabilities: Sequence[float]) -> list[float]:
    """Probabilities of diseases that exclude each other: where they sum to more than 1, they are divided by the sum."""
    total = max(sum(probabilities), 1.0)
    return [probability / total for probability in probabilities]


def raw_values(raw: float, log_mass: float) -> dict[str, float]:
    """What Platt scaling goes by."""
    return {"logit": logit(raw), "log_mass": log_mass}


def list_values(raw: Sequence[float], log_mass: float) -> dict[str, float]:
    """What the probability of having listed the right disease goes by: raw confidences of the list, the mass."""
    return {"first": logit(max(raw, default=0.0)), "listed": float(len(raw)), "log_mass": log_mass}


def logit(share: float) -> float:
    """ln(p / (1 - p)), of a share kept away from 0 and 1."""
    kept = min(max(share, _SMALLEST), 1 - _SMALLEST)
    return math.log(kept / (1 - kept))


def log_mass(log_probs: Sequence[float | None]) -> float:
    """The logarithm of the probability that beams hold together, at least -50; -50 without beams."""
    known = [p for p in log_probs if p is not None]
    if not known:
        return -50.0
    highest = max(known)
    return max(highest + math.log(sum(math.exp(p - highest) for p in known)), -50.0)


def read_fitted(path: Path) -> Fitted:
    """Read calibration.json.

    Raises:
        InputError: missing or damaged.
    """
    return read_model(path, Fitted, "fit it again")


def fitted_beside(folders: Sequence[Path], weights: Path) -> tuple[Fitted | None, str]:
    """Find the calibration of a model.

    Args:
        folders: where calibration.json may stand, the likeliest first.
        weights: folder of the model that was opened.

    Returns:
        The calibration, or None; and why one that is there is not used.

    Raises:
        InputError: there is one, and it is damaged.
    """
    path = next((found for folder in folders if (found := folder / CALIBRATION_FILE).is_file()), None)
    if path is None:
        return None, ""
    fitted = read_fitted(path)
    if fitted.format_version == 1:
        return None, (
            "The calibration beside the model was fitted for rankings of an earlier version and is not used; "
            "confidences are not calibrated."
        )
    if fitted.weights_sha256 != weights_sha256(weights):
        return None, (
            f"The calibration beside the model was fitted for other weights ({fitted.model}) and is not used; "
            "confidences are not calibrated."
        )
    return fitted, ""


def weights_sha256(folder: Path) -> str:
    """The sha256 of a model's weights: model.bin, else its safetensors files one after the other.

    The same before and after bundling, and another one after any further training or quantization. Of a bundle that was
    unpacked into the user's cache it is kept there, with the size and time of the file: to read 140 MB takes a while.
    """
    one = folder / "model.bin"
    files = [one] if one.is_file() else sorted(folder.glob("*.safetensors"))
    seen = " ".join(f"{path.name}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in files)
    kept = folder / _KEPT
    if is_unpacked(folder):
        with suppress(OSError, ValueError, IndexError):
            digest = kept.read_text("ascii").split("\n")[1]
            if kept.read_text("ascii") == _record(seen, digest):
                return digest
    digest = sha256(*files)
    if is_unpacked(folder):
        with suppress(OSError), whole(kept, shared=True) as partial:
            partial.write_text(_record(seen, digest), "ascii")
    return digest


def _record(seen: str, digest: str) -> str:
    """What is kept of weights: their files, what they were found to be, and a checksum of both."""
    return f"{seen}\n{digest}\n{zlib.crc32(f'{seen} {digest}'.encode()):08x}"
