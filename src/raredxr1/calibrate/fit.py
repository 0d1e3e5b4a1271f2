"""From observations to calibration.json: curves for the model's own list, a fusion, curves for the fused list.

Cross-validated twice, so that what is stated is honest. *by disease*: five folds, all cases of a disease in one of
them, all case sets in each. *by case set*: each set in turn is left out of the fit, which says what to expect of notes
of another kind; its calibration error is the one stated, and chooses between Platt and
isotonic. CRR becomes the default only if it is better both ways. Every set weighs the same, so that the largest does
not decide. scikit-learn fits; what is kept are plain numbers. A model that weighs what others list (`diagnose.lead`)
has no list of its own: then the fusion alone is fitted.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from raredxr1.calibrate.figures import Floats, Judged, better_by, ece, measured, rank_of, set_weights
from raredxr1.calibrate.observe import Observation, Seen
from raredxr1.calibrate.softmax import Cases, Scored, fit_fusion
from raredxr1.calibrate.standing import stands_out
from raredxr1.diagnose import fusion
from raredxr1.diagnose.calibration import (
    FUSED_ELSEWHERE,
    MEAN,
    NO_MASS,
    CaseFile,
    Curve,
    Fitted,
    Measured,
    Ranking,
    Sigmoid,
    Steps,
    coherent,
    list_values,
    logit,
    raw_values,
)
from raredxr1.diagnose.features import SOURCES
from raredxr1.diagnose.opinions import OWN
from raredxr1.diagnose.result import Settings
from raredxr1.errors import InputError

FOLDS = 5
INNER_FOLDS = 3
"""Of the fits that the curves of the fused list go by."""
CLEARLY = 0.01
"""Calibration error that steps must gain on a smooth curve; less is what chance gives on a thousand cases."""
LEAST_RIGHT = 20
"""With fewer cases whose right disease is listed, no curve means anything."""


@dataclass(frozen=True)
class Fit:
    """What one training set gives."""

    curves: dict[str, dict[str, Curve]]
    """Of each way of ranking, "own" (where the model has a list) and "fused"."""
    none: dict[str, Sigmoid]
    fusion: Sigmoid
    crossed: list[Scored]


def fit(
    observations: Sequence[Observation],
    model: str,
    sha256: str,
    knowledge: str,
    settings: Settings,
    files: Sequence[CaseFile],
) -> Fitted:
    """Fit everything, and measure it on cases it was not fitted on.

    Args:
        observations: of all development cases.
        model: its name.
        sha256: of its weights.
        knowledge: version of the knowledge base.
        settings: how the model was asked.
        files: the case files.

    Raises:
        InputError: too few cases whose right disease is listed, by the model or, where it has no list, by anybody.
    """
    everyday = [o for o in observations if o.ordinary]
    observations = [o for o in observations if not o.ordinary]
    listing = any(o.own for o in observations)
    right = sum(any(good for _, good in o.own) if listing else any(s.right for s in o.seen) for o in observations)
    diseases = {o.disease for o in observations}
    if right < LEAST_RIGHT or len(diseases) < FOLDS:
        who = "the model lists" if listing else "the rankings list"
        raise InputError(
            f"{who} the right disease in {right} of {len(observations)} cases, of {len(diseases)} diseases; "
            f"at least {LEAST_RIGHT} cases and {FOLDS} diseases are needed to calibrate"
        )
    cases = Cases.of(observations)
    final = _fit(cases)
    by_disease = _held_out(cases, _disease_folds(observations), final.fusion)
    sets = sorted({o.cases for o in observations})
    by_set = by_disease
    if len(sets) > 1:
        by_set = _held_out(cases, [_of_set(observations, name) for name in sets], final.fusion)
    weights = set_weights(observations)
    chosen = {who: _best(by_set, who, observations) for who in final.curves}
    stated = {who: _stated(final, who, method, by_set, observations) for who, method in chosen.items()}
    listed = list(zip(observations, final.crossed, strict=True))
    found = [(o, [score for score, _ in ranked]) for o, ranked in listed if any(good for _, good in ranked)]
    plain = Cases.of([o for o in everyday if o.note])
    nothing = [
        (o, [score for score, _ in plain.ranked(place, final.fusion)]) for place, o in enumerate(plain.observations)
    ]
    return Fitted(
        model=model,
        weights_sha256=sha256,
        knowledge=knowledge,
        form=settings.form,
        ranking=settings.ranking,
        created=datetime.datetime.now(tz=datetime.UTC).date(),
        cases=list(files),
        own=stated.get("own"),
        fusion=final.fusion,
        fused=stated["fused"],
        stands_out=stands_out(nothing, found),
        crr_by_default=not listing or (_is_better(by_disease, weights) and _is_better(by_set, weights)),
        measured=_table(observations, by_disease, by_set, chosen),
    )


# --- one fit ---------------------------------------------------------------------------------------------------------


def _fit(cases: Cases, start: Sigmoid | None = None) -> Fit:
    weights = cases.weights
    fused = fit_fusion(cases, start)
    crossed = _crossed(cases, fused)
    lists: dict[str, list[tuple[Scored, float]]] = {"fused": [(listed, NO_MASS) for listed in crossed]}
    if any(o.own for o in cases.observations):
        lists["own"] = [(o.own, o.log_mass) for o in cases.observations]
    return Fit(
        curves={who: _curves(listed, weights) for who, listed in lists.items()},
        none={who: _listed(listed, weights) for who, listed in lists.items()},
        fusion=fused,
        crossed=crossed,
    )


def _crossed(cases: Cases, start: Sigmoid) -> list[Scored]:
    """Fused lists of cases that the fusion was not fitted on: of those it was, its probabilities are too sure."""
    observations = cases.observations
    sizes = Counter(o.cases for o in observations)
    folds = min(INNER_FOLDS, len({o.disease for o in observations}), *sizes.values())
    if folds < 2:
        return [cases.ranked(place, start) for place in range(len(observations))]
    crossed: list[Scored] = [[] for _ in observations]
    for fold in _disease_folds(observations, folds):
        fusion = fit_fusion(cases.part(~fold), start)
        for place in np.flatnonzero(fold).tolist():
            crossed[place] = cases.ranked(place, fusion)
    return crossed


def _curves(lists: Sequence[tuple[Sequence[tuple[float, bool]], float]], weights: Floats) -> dict[str, Curve]:
    """Both curves over every listed disease of every case."""
    rows = [(share, mass, good, w) for (listed, mass), w in zip(lists, weights, strict=True) for share, good in listed]
    x = np.array([row[0] for row in rows])
    y = np.array([row[2] for row in rows], dtype=np.float64)
    w = np.array([row[3] for row in rows])
    sigmoid = _logistic([raw_values(share, mass) for share, mass, _, _ in rows], y, w, 1e6)
    # Laplace's rule: a case right at 0 and a case wrong at 1, so that no step says 0% or 100%
    weigh = [*w, w.mean(), w.mean()]
    steps = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit([*x, 0, 1], [*y, 1, 0], sample_weight=weigh)
    points = Steps(x=_short(steps.X_thresholds_), y=_short(steps.y_thresholds_))
    return {"platt": Curve(platt=sigmoid, ece=0.0), "isotonic": Curve(isotonic=points, ece=0.0)}


def _listed(lists: Sequence[tuple[Sequence[tuple[float, bool]], float]], weights: Floats) -> Sigmoid:
    """Probability that the list holds the right disease."""
    values = [list_values([share for share, _ in listed], mass) for listed, mass in lists]
    y = np.array([any(good for _, good in listed[:10]) for listed, _ in lists], dtype=np.float64)
    return _logistic(values, y, weights, 1.0)


def _logistic(values: Sequence[dict[str, float]], y: Floats, weights: Floats, strength: float) -> Sigmoid:
    names = list(values[0])
    return _fitted(names, np.array([[row[name] for name in names] for row in values]), y, weights, strength)


def _fitted(names: Sequence[str], x: Floats, y: Floats, weights: Floats, strength: float) -> Sigmoid:
    if y.min() == y.max():  # nothing to tell apart: the share that is right, drawn in from 0 or 1
        share = (float(y.sum()) + 0.5) / (len(y) + 1)
        return Sigmoid(intercept=round(logit(share), 5), weights={})
    model = LogisticRegression(C=strength, max_iter=2000).fit(x, y, sample_weight=weights)
    found = {name: round(float(weight), 5) for name, weight in zip(names, model.coef_[0], strict=True)}
    return Sigmoid(intercept=round(float(model.intercept_[0]), 5), weights=found)


def _short(values: Any) -> list[float]:
    return [round(float(value), 5) for value in values]


# --- held out --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HeldOut:
    """What fits say of the cases they have not seen; keys are "own raw", "own platt", "fused isotonic" ..."""

    judged: dict[str, list[Judged]]
    none: dict[str, list[tuple[float, bool]]]


def _held_out(cases: Cases, folds: Sequence[npt.NDArray[np.bool_]], start: Sigmoid) -> HeldOut:
    """Fit on all but each fold, and apply to the fold."""
    observations = cases.observations
    judged: dict[str, list[Judged | None]] = {}
    none: dict[str, list[tuple[float, bool] | None]] = {}
    for fold in folds:
        one = _fit(cases.part(~fold), start)
        for place in np.flatnonzero(fold).tolist():
            o = observations[place]
            for who in one.curves:
                listed = o.own if who == "own" else cases.ranked(place, one.fusion)
                rank = rank_of([good for _, good in listed])
                mass = o.log_mass if who == "own" else NO_MASS
                first = listed[0][0] if listed else None
                said = {"raw": first} | {
                    method: coherent([curve.apply(share, mass) for share, _ in listed])[0] if listed else None
                    for method, curve in one.curves[who].items()
                }
                for method, confidence in said.items():
                    judged.setdefault(f"{who} {method}", [None] * len(observations))[place] = Judged(rank, confidence)
                listed_right = one.none[who].apply(list_values([share for share, _ in listed], mass))
                none.setdefault(who, [None] * len(observations))[place] = (1 - listed_right, rank is None)
    return HeldOut(
        {who: [j for j in row if j is not None] for who, row in judged.items()},
        {who: [n for n in row if n is not None] for who, row in none.items()},
    )


def _disease_folds(observations: Sequence[Observation], folds: int | None = None) -> list[npt.NDArray[np.bool_]]:
    """Folds, five by default: no disease in two of them, every case set in each in proportion."""
    splitter = StratifiedGroupKFold(folds or FOLDS, shuffle=True, random_state=0)
    sets = [o.cases for o in observations]
    parts = splitter.split(np.zeros(len(sets)), sets, [o.disease for o in observations])
    found = []
    for _, held in parts:
        fold = np.zeros(len(sets), np.bool_)
        fold[held] = True
        found.append(fold)
    return found


def _of_set(observations: Sequence[Observation], name: str) -> npt.NDArray[np.bool_]:
    return np.array([o.cases == name for o in observations])


def _best(held: HeldOut, who: str, observations: Sequence[Observation]) -> str:
    """Isotonic where its calibration error is clearly smaller on what was not fitted, else the smooth curve."""
    steps, smooth = (_error(held, who, method, observations) for method in ("isotonic", "platt"))
    return "isotonic" if steps < smooth - CLEARLY else "platt"


def _error(held: HeldOut, who: str, method: str, observations: Sequence[Observation]) -> float:
    """Calibration error of the first name."""
    return _mean_error(held.judged[f"{who} {method}"], observations) or 0.0


def _mean_error(judged: Sequence[Judged], observations: Sequence[Observation]) -> float | None:
    """Over all cases, each kind of note weighing the same; None where no case has a confidence.

    Not the mean over the sets: in a set of 60 cases chance alone gives an error of .1.
    """
    sure = [
        (one.confidence, one.rank == 1, weight)
        for one, weight in zip(judged, set_weights(observations), strict=True)
        if one.confidence is not None
    ]
    return ece(*zip(*sure, strict=True)) if sure else None


def _stated(fit: Fit, who: str, method: str, held: HeldOut, observations: Sequence[Observation]) -> Ranking:
    error = round(_error(held, who, method, observations), 4)
    return Ranking(curve=fit.curves[who][method].model_copy(update={"ece": error}), none=fit.none[who])


def _is_better(held: HeldOut, weights: Floats) -> bool:
    """Whether CRR names more first, surely (the interval leaves out 0), and does not list fewer among ten."""
    new, old = held.judged["fused raw"], held.judged["own raw"]
    return better_by(new, old, weights, 1)[1] > 0 and better_by(new, old, weights, 10)[0] >= 0


# --- the table -------------------------------------------------------------------------------------------------------


def _table(
    observations: Sequence[Observation], by_disease: HeldOut, by_set: HeldOut, chosen: dict[str, str]
) -> list[Measured]:
    """Every way of ranking on every set, and on all of them with each set weighing the same."""
    rows: dict[str, list[Judged]] = {}
    if "own" in chosen:
        rows = {
            "model, raw": by_disease.judged["own raw"],
            "model, calibrated": by_disease.judged[f"own {chosen['own']}"],
            "model, calibrated (set left out)": by_set.judged[f"own {chosen['own']}"],
        }
    rows |= {
        "CRR, fitted fusion": by_disease.judged[f"fused {chosen['fused']}"],
        FUSED_ELSEWHERE: by_set.judged[f"fused {chosen['fused']}"],
        "CRR, reciprocal rank": [_by(o, _reciprocal) for o in observations],
    }
    for source in SOURCES:
        rows[f"{source} alone"] = [_by(o, _alone(source)) for o in observations]
    table: list[Measured] = []
    for system, judged in rows.items():
        for name in sorted({o.cases for o in observations}):
            table.append(
                measured(system, name, [j for j, o in zip(judged, observations, strict=True) if o.cases == name])
            )
        rows_of = [row for row in table if row.system == system]
        table.append(_mean(rows_of, len(judged), _mean_error(judged, observations)))
    return table


def _mean(rows: Sequence[Measured], n: int, error: float | None) -> Measured:
    """The mean over the sets."""

    def mean(what: str) -> float:
        return round(float(np.mean([getattr(row, what) for row in rows])), 4)

    return Measured(
        cases=MEAN, system=rows[0].system, n=n, recall_at_1=mean("recall_at_1"),
        recall_at_3=mean("recall_at_3"), recall_at_10=mean("recall_at_10"), mrr=mean("mrr"),
        ece=None if error is None else round(error, 4),
    )  # fmt: skip


def _by(observation: Observation, order: Callable[[Sequence[Seen]], list[Seen]]) -> Judged:
    return Judged(rank_of([one.right for one in order(observation.seen)]), None)


def _alone(source: str) -> Callable[[Sequence[Seen]], list[Seen]]:
    return lambda seen: sorted((s for s in seen if source in s.ranks), key=lambda s: s.ranks[source])


def _reciprocal(seen: Sequence[Seen]) -> list[Seen]:
    by_key = {one.key: one for one in seen}
    rankings = [[one.key for one in _alone(source)(seen)][:10] for source in (OWN, *SOURCES)]
    return [by_key[key] for key in fusion.reciprocal_rank([ranking for ranking in rankings if ranking])]
