"""The strength of a served model's list, fitted on development cases: two numbers, by maximum likelihood.

The cases of one disease are never parted: five folds, each left out of the fit in turn, give the figures that are
stated. With two numbers to fit, some fifty cases tell a model that helps from one that does not. The second is what
every named disease gains over "none of these" on these cases; without it a list that is no better than chance would
look strong wherever the rankers are too modest.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from raredxr1.calibrate.figures import Floats, Judged, ece, measured, rank_of, set_weights
from raredxr1.calibrate.observe import Observation, Seen
from raredxr1.diagnose.calibration import NO_MASS, CaseFile, Fitted, Measured, Sigmoid, coherent
from raredxr1.diagnose.features import FEATURES
from raredxr1.diagnose.fused import ServedWeight, exclusive
from raredxr1.diagnose.opinions import OWN, Voice
from raredxr1.diagnose.served import ALONE, RANKERS, TOGETHER, ServedFit
from raredxr1.errors import InputError

FOLDS = 5
LEAST_CASES = 20
"""With fewer cases the prior stays."""
STRONGEST = 10.0
_PENALTY = 0.5
"""On the squares of the strength's distance from 1 and of the shift, in units of one case's log-likelihood."""


Ranked = list[tuple[float, bool]]
"""Probability and whether right, best first."""


def fit_served(
    observations: Sequence[Observation], model: str, knowledge: str, files: Sequence[CaseFile], shipped: Fitted
) -> ServedFit:
    """Fit the strength, and measure it on cases it was not fitted on.

    Args:
        observations: of all development cases, the features without the served model (`observe(..., served=True)`).
        model: the server's address.
        knowledge: version of the knowledge base.
        files: the case files.
        shipped: the fit of the rankers.

    Raises:
        InputError: too few cases, or of too few diseases.
    """
    diseases = sorted({o.disease for o in observations})
    if len(observations) < LEAST_CASES or len(diseases) < FOLDS:
        raise InputError(
            f"{len(observations)} cases of {len(diseases)} diseases: at least {LEAST_CASES} cases of {FOLDS} diseases "
            "are needed to tell how reliable a served model is"
        )
    cases = [Case.of(observation, shipped) for observation in observations]
    groups = [diseases.index(o.disease) for o in observations]
    held_out: list[Ranked] = [[] for _ in observations]
    for learn, test in GroupKFold(FOLDS).split(observations, groups=groups):
        weight = _weight([cases[i] for i in learn], set_weights([observations[i] for i in learn]))
        for i in test:
            held_out[i] = cases[i].together(weight)
    said = {
        ALONE: [Judged(rank_of([good for _, good in o.own]), None) for o in observations],
        RANKERS: [_judged(case.together(ServedWeight(0.0, 0.0)), shipped) for case in cases],
        TOGETHER: [_judged(ranked, shipped) for ranked in held_out],
    }
    rows: list[Measured] = []
    for name in sorted({o.cases for o in observations}):
        of_set = [i for i, o in enumerate(observations) if o.cases == name]
        rows += [measured(system, name, [judged[i] for i in of_set]) for system, judged in said.items()]
    sure = [(j.confidence or 0.0, j.rank == 1) for j in said[TOGETHER]]
    final = _weight(cases, set_weights(observations))
    return ServedFit(
        model=model,
        strength=round(final.strength, 3),
        shift=round(final.shift, 3),
        knowledge=knowledge,
        created=datetime.datetime.now(tz=datetime.UTC).date(),
        cases=list(files),
        measured=rows,
        ece=round(ece([c for c, _ in sure], [good for _, good in sure], set_weights(observations).tolist()), 4),
    )


@dataclass(frozen=True)
class Case:
    """What the rankers make of one case: log odds of each disease, which are right, and the served model's list."""

    fusion: Sigmoid
    odds: Mapping[str, float]
    right: Mapping[str, bool]
    voice: Voice

    @classmethod
    def of(cls, observation: Observation, shipped: Fitted) -> "Case":
        """Weigh what was observed by the fit of the rankers."""
        assert shipped.fusion is not None, "the shipped calibration holds a fusion"
        seen = observation.seen
        odds = {s.key: shipped.fusion.log_odds(dict(zip(FEATURES, s.features, strict=True))) for s in seen}
        return cls(shipped.fusion, odds, {s.key: s.right for s in seen}, _voice(seen))

    def together(self, weight: ServedWeight) -> Ranked:
        """The ranking, the served model's list counting so much."""
        scores = exclusive(self.fusion, self.odds, [(self.voice, weight.strength)], weight.shift)
        return sorted(((score, self.right[key]) for key, score in scores.items()), key=lambda item: -item[0])


def _weight(cases: Sequence[Case], weights: Floats) -> ServedWeight:
    def loss(values: Floats) -> float:
        likely = [_likelihood(case.together(ServedWeight(*values))) for case in cases]
        penalty = _PENALTY * ((values[0] - 1) ** 2 + values[1] ** 2)
        return float(-(weights * np.log(np.maximum(likely, 1e-12))).sum() + penalty)

    bounds = [(0.0, STRONGEST), (-STRONGEST, STRONGEST)]
    found = minimize(loss, [1.0, 0.0], method="L-BFGS-B", bounds=bounds, options={"eps": 1e-3})
    return ServedWeight(*map(float, found.x))


def _likelihood(ranked: Ranked) -> float:
    """Of the right disease; of none of these, where nobody names it: that says how much strength is too much."""
    if any(right for _, right in ranked):
        return sum(score for score, right in ranked if right)
    return 1 - sum(score for score, _ in ranked)


def _voice(seen: Sequence[Seen]) -> Voice:
    return Voice(OWN, {one.key: (one.ranks[OWN], 0.0) for one in seen if OWN in one.ranks})


def _judged(ranked: Ranked, shipped: Fitted) -> Judged:
    fused = shipped.fused
    assert fused is not None, "a fusion was fitted together with its calibration"
    sure = coherent([fused.curve.apply(score, NO_MASS) for score, _ in ranked[:10]])
    return Judged(rank_of([good for _, good in ranked]), sure[0] if sure else None)


def shipped_fit(folder: Path) -> Fitted:
    """The calibration of the model that ships, by which the rankers are weighed.

    Raises:
        InputError: this installation ships none.
    """
    from raredxr1.diagnose.calibration import CALIBRATION_FILE, read_fitted

    fitted = read_fitted(folder / CALIBRATION_FILE)
    if fitted.fusion is None or fitted.fused is None:
        raise InputError(f"{folder / CALIBRATION_FILE}: holds no fusion, without which no served model can be weighed")
    return fitted
