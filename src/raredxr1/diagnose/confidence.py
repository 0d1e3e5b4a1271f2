"""Raw confidences of a reading become calibrated ones, where a calibration was fitted for this very model."""

from collections.abc import Sequence
from dataclasses import dataclass

from raredxr1.diagnose.asking import Reading, rounded
from raredxr1.diagnose.calibration import NO_MASS, Fitted, Ranking, coherent, list_values, log_mass
from raredxr1.diagnose.result import Calibration, ConfidenceKind


@dataclass(frozen=True)
class Confident:
    """Confidences of a ranking.

    Attributes:
        shares: for each candidate, what is stated of it, and the raw share where that is another.
        kind: what is stated.
        calibration: what stands behind it; None: the confidences are raw, or there are none.
    """

    shares: list[tuple[float | None, float | None]]
    kind: ConfidenceKind | None
    calibration: Calibration | None = None


def calibrated(reading: Reading, fitted: Fitted | None) -> Confident:
    """Calibrate the model's own ranking; raw confidences stay where there is no fit, or none for their kind."""
    raw = [c.confidence for c in reading.candidates]
    if fitted is None or fitted.own is None or reading.confidence_kind != "beam probability":
        return Confident([(share, None) for share in raw], reading.confidence_kind)
    mass = mass_of(reading)
    curve = fitted.own.curve
    said = iter(coherent([curve.apply(r, mass) for r in raw if r is not None]))
    shares = [(None if r is None else rounded(next(said)), r) for r in raw]
    return Confident(shares, "calibrated", _facts(fitted.own, fitted, [r for r in raw if r is not None], mass))


def calibrated_fusion(scores: Sequence[float], own: Sequence[float | None], fitted: Fitted) -> Confident:
    """Calibrate a fused ranking.

    Args:
        scores: fused score of each candidate.
        own: the model's own raw share of each; None where it did not name it.
        fitted: a fit with a fusion.
    """
    fused = fitted.fused
    assert fused is not None, "a fusion was fitted together with its calibration"
    said = coherent([fused.curve.apply(score, NO_MASS) for score in scores])
    shares = [(rounded(share), raw) for share, raw in zip(said, own, strict=True)]
    facts = _facts(fused, fitted, scores, NO_MASS)
    rest = max(0.0, round(1 - sum(rounded(share) or 0.0 for share in said), 4))  # what the shown shares leave over
    within = fitted.error_within_a_set
    update = {"none_of_these": rest, "within_a_set": None if within is None else round(within, 4)}
    return Confident(shares, "calibrated", facts.model_copy(update=update))


def mass_of(reading: Reading) -> float:
    """The mass of the beams of a reading."""
    return log_mass([turn.log_prob for turn in reading.turns if turn.role == "beam"])


def _facts(ranking: Ranking, fitted: Fitted, raw: Sequence[float], mass: float) -> Calibration:
    listed = ranking.none.apply(list_values(raw, mass))
    return Calibration(
        method=ranking.curve.method, cases=fitted.n, ece=round(ranking.curve.ece, 4), none_of_these=round(1 - listed, 4)
    )
