"""The model's ranking and the opinions of others become one, by weights fitted on development cases.

Every disease that anybody names is described by where each ranking has it and what else is known (`features`); a
linear model gives it a score, and the scores of all of them together with "none of these" a probability. Without a fit,
the mean of the reciprocal ranks decides.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from raredxr1.diagnose import fusion
from raredxr1.diagnose.calibration import Fitted, Sigmoid
from raredxr1.diagnose.excluded import LEAST, Excluded, excluded_diseases
from raredxr1.diagnose.features import SOURCES, Patient, features
from raredxr1.diagnose.lines import Named
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.opinions import Heard, Voice, as_unknown, own_voice
from raredxr1.diagnose.pedigree import Pedigree, fit_of
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.contradicted import contradictions, is_telling_result, lacking, opposites
from raredxr1.knowledge.named_by import restated
from raredxr1.schemas import MAX_CANDIDATES, Candidate

_CONTRADICTED, _LACKING, _MOST_CONTRADICTED = 3.0, 2.0, 5.0
"""Log odds that a disease loses by a result opposite to one that all with it have, by a normal one, and at most."""
_RESTATED = 2.0
"""Log odds that a disease loses which is nothing but a finding of a patient who has more; half as much in half a list.

What has all the findings explains them. Hand-set: of 25 first names that repeat a finding of 358 narratives none is
right; a list may be of the disease itself.
"""
_COMMON = 0.3
"""Share of those with a disease who have what is common in it."""
_STRENGTH = 1.0
"""Least weight of an opinion the fit knows nothing of, for the first place it gives."""
BEYOND = 40
"""Diseases that may stand on lines, those of the ten included."""


class ServedWeight(NamedTuple):
    """How much a served model's list counts; see `served`."""

    strength: float
    shift: float = 0.0


@dataclass(frozen=True)
class Fused:
    """One ranking of several.

    Attributes:
        candidates: at most ten, without confidences.
        scores: fused score of each, 0 to 1; None: by reciprocal rank, which gives none.
        own_shares: the model's raw share of each; None where it did not name it.
        how: what decided, in words.
        beyond: the diseases after the tenth.
        excluded: those among the first that the note excludes.
    """

    candidates: list[Candidate]
    scores: list[float] | None
    own_shares: list[float | None]
    how: str
    beyond: list[Named] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)


def fuse(
    own: Sequence[Candidate],
    heard: Sequence[Heard],
    log_mass: float,
    patient: Patient,
    names: Names,
    fitted: Fitted | None,
    served: ServedWeight | None = None,
    note: str = "",
) -> Fused:
    """Make one ranking.

    Args:
        own: the model's ranking, confidences raw.
        heard: the opinions.
        log_mass: of the model's beams.
        patient: what the note says beside them.
        names: the knowledge base and its linker.
        fitted: the fit for this model, where there is one; for a served model, of the rankers.
        served: how much a served model's list counts, of which the fit knows nothing; None: the model is not served.
        note: the text, whose excluded diseases fall to the end.
    """
    mine = {names.key(c.name): c for c in own}
    scores: dict[str, float] = {}
    if fitted and fitted.fusion:
        voice = own_voice(own, names)
        voices = [voice, *(one.voice for one in heard)]
        known, *rest = voices if served is None else as_unknown(voices)
        rows = features(known, log_mass, rest, patient, names.kb)
        others: list[tuple[Voice, float | None]] = [(o.voice, None) for o in heard if o.voice.source not in SOURCES]
        if served:
            others.append((voice, served.strength))
        scores = weigh(fitted.fusion, rows, others, served.shift if served else 0.0, corrections(patient, rows, names))
        excluded = _excluded(note, sorted(scores, key=lambda key: -scores[key]), names)
        if excluded:
            scores = without({one.key for one in excluded}, scores)
        order = sorted(scores, key=lambda key: -scores[key])
        how = f"a model over the rankings, fitted on {fitted.n:,} development cases"
    else:
        rankings = [list(mine), *([*one.voice.places][:MAX_CANDIDATES] for one in heard)]
        order = fusion.reciprocal_rank([ranking for ranking in rankings if ranking])
        excluded = _excluded(note, order, names)
        order.sort(key=lambda key: any(one.key == key for one in excluded))
        how = "the mean of the reciprocal ranks, which is not fitted to this model"
    chosen = order[:MAX_CANDIDATES]
    candidates = [
        (mine.get(key) or _brought_in(key, heard, names)).model_copy(update={"rank": rank, "confidence": None})
        for rank, key in enumerate(chosen, 1)
    ]
    shares = [mine[key].confidence if key in mine else None for key in chosen]
    further = (mine.get(key) or _brought_in(key, heard, names) for key in order[MAX_CANDIDATES:BEYOND])
    beyond = [Named(candidate.label or candidate.name, candidate.id) for candidate in further]
    return Fused(candidates, [scores[key] for key in chosen] if scores else None, shares, how, beyond, excluded)


def _excluded(note: str, order: Sequence[str], names: Names) -> list[Excluded]:
    return excluded_diseases(note, order[:BEYOND], names) if note else []


def corrections(patient: Patient, keys: Iterable[str], names: Names) -> dict[str, float]:
    """What the family adds to the log odds of each disease, and what is measured, or only repeated, takes from it."""
    kb, pedigree = names.kb, patient.person.pedigree
    measured = tuple(term for term in patient.present if opposites(kb, term))
    normal = tuple(term for term in patient.absent if is_telling_result(kb, term))
    known = {key: disease for key in keys if (disease := kb.disease(key)) is not None}
    again = {
        disease
        for disease, term in restated(kb, patient.present, known.values()).items()
        if _has_more(kb, disease, term, patient.present)
    }
    if pedigree == Pedigree() and not measured and not normal and not again:
        return {}
    return {
        key: (fit_of(pedigree, disease, kb) if pedigree != Pedigree() else 0.0)
        - (_RESTATED * (1 - patient.listed) if disease in again and key not in patient.diagnosed else 0.0)
        - min(
            _MOST_CONTRADICTED,
            sum(_CONTRADICTED * one.frequency for one in contradictions(kb, disease, measured))
            + sum(_LACKING * share for _, share in lacking(kb, disease, normal)),
        )
        for key, disease in known.items()
    }


def _has_more(kb: KnowledgeBase, disease: int, own: int, present: Collection[int]) -> bool:
    """Whether a patient has something that is not common in a disease and no kind of the finding that it is."""
    claims = Claims(kb)
    apart = (term for term in present if not kb.related(own, term))
    return any(claims.frequency(disease, term) < _COMMON for term in apart)


def without(excluded: Collection[str], scores: Mapping[str, float]) -> dict[str, float]:
    """Probabilities where the note excludes some: what they lose all others gain, and "none of these" too."""
    rest = max(LEAST, 1 - sum(scores[key] for key in excluded))
    return {key: LEAST if key in excluded else min(1.0, score / rest) for key, score in scores.items()}


def prior_strength(fusion: Sigmoid) -> float:
    """What the first name of an opinion the fit knows nothing of adds: as much as that of the ranking by words."""
    return max(fusion.weights.get("texts_reciprocal", 0.0), _STRENGTH)


def weigh(
    fusion: Sigmoid,
    rows: Mapping[str, Mapping[str, float]],
    others: Sequence[tuple[Voice, float | None]] = (),
    shift: float = 0.0,
    more: Mapping[str, float] = MappingProxyType({}),
) -> dict[str, float]:
    """The probability of each disease: they exclude each other, and that it is none of them is one more answer.

    Args:
        fusion: the fitted weights.
        rows: features of each disease.
        others: opinions the fit knows nothing of, such as an endpoint's, each with what its first name adds to the log
            odds; None: as much as that of the ranking by words.
        shift: what every disease gains over none of these.
        more: what single diseases gain in log odds by facts too rare in development cases to be fitted.
    """
    return exclusive(fusion, {key: fusion.log_odds(row) for key, row in rows.items()}, others, shift, more)


def exclusive(
    fusion: Sigmoid,
    odds: Mapping[str, float],
    others: Sequence[tuple[Voice, float | None]] = (),
    shift: float = 0.0,
    more: Mapping[str, float] = MappingProxyType({}),
) -> dict[str, float]:
    """The same from the log odds that the fit gives each disease, for those who weigh the same rows many times."""
    said = dict(odds)
    for voice, strength in others:
        first = prior_strength(fusion) if strength is None else strength
        for key, (rank, _) in voice.places.items():
            said[key] = said.get(key, fusion.intercept) + first / rank
    said = {key: value + shift + more.get(key, 0.0) for key, value in said.items()}
    highest = max([0.0, *said.values()])
    total = math.exp(-highest) + sum(math.exp(value - highest) for value in said.values())
    return {key: math.exp(value - highest) / total for key, value in said.items()}


def _brought_in(key: str, heard: Sequence[Heard], names: Names) -> Candidate:
    """A candidate that others named and the model did not."""
    disease = names.kb.disease(key)
    if disease is None:
        written = (line.name for one in heard for line in one.opinion.lines if names.key(line.name) == key)
        return Candidate(rank=1, name=next(written))
    first, *others = names.kb.disease_ids(disease)
    name = names.kb.disease_names[disease]
    return Candidate(rank=1, name=name, id=first, label=name, same_as=others, link_rule="exact", link_score=100.0)
