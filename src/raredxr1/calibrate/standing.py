"""How likely a note has a disease to find: fitted on cases answered right and on ordinary notes.

Cases whose disease is not among the ten teach nothing here: nobody can say which of their lists is worth showing. The
threshold is the largest at which at most 3 % of the cases answered right would be said to have nothing.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from raredxr1.calibrate.figures import Floats
from raredxr1.calibrate.observe import Observation
from raredxr1.diagnose.calibration import Sigmoid, StandsOut, logit
from raredxr1.diagnose.verdict import VALUES

WRONGED = 0.025
"""Aimed at, so that 3 % hold on other cases."""
FOLDS = 5
_STRENGTH = 10.0


def stands_out(
    ordinary: Sequence[tuple[Observation, Sequence[float]]], cases: Sequence[tuple[Observation, Sequence[float]]]
) -> StandsOut | None:
    """Fit; None without ordinary notes.

    Args:
        ordinary: notes without a disease to find, with the fused scores of their ten.
        cases: those whose disease is among the ten, with theirs.
    """
    if len(ordinary) < FOLDS or len(cases) < FOLDS:
        return None
    x = np.array([_values(o, scores) for o, scores in (*cases, *ordinary)])
    y = np.array([1] * len(cases) + [0] * len(ordinary))
    left_out = np.zeros(len(y))
    for inside, outside in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(x, y):
        left_out[outside] = _model(x[inside], y[inside]).predict_proba(x[outside])[:, 1]
    least = float(np.quantile(left_out[y == 1], WRONGED))
    model = _model(x, y)
    weights = {name: round(float(weight), 5) for name, weight in zip(VALUES, model.coef_[0], strict=True)}
    return StandsOut(
        sigmoid=Sigmoid(intercept=round(float(model.intercept_[0]), 5), weights=weights),
        least=round(least, 5),
        ordinary=len(ordinary),
        flagged=round(float((left_out[y == 0] < least).mean()), 4),
        wronged=round(float((left_out[y == 1] < least).mean()), 4),
    )


def _model(x: Floats, y: Floats) -> LogisticRegression:
    return LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=2000).fit(x, y)


def _values(observation: Observation, scores: Sequence[float]) -> list[float]:
    """The note's values with those of its fused list."""
    fused = {"first": logit(scores[0] if scores else 0.0), "listed": logit(sum(scores[:10]))}
    return [{**observation.note, **fused}[name] for name in VALUES]
