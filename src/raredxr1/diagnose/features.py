"""What the fusion goes by: where each ranking has a disease, how far behind its best, and what else the note says."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from raredxr1.diagnose.matching import MATCH_FEATURES, matches
from raredxr1.diagnose.opinions import MEANING, OWN, PROFILES, TEXTS, Voice
from raredxr1.diagnose.person import PERSON_FEATURES, Person, against
from raredxr1.diagnose.result import StatedFinding
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.meaning_ranker import SHARPNESS
from raredxr1.schemas import MAX_CANDIDATES

SOURCES = ("likelihood", "similarity", TEXTS, PROFILES, MEANING)
"""The opinions the fusion was fitted on."""
_SHORT = {OWN: "own", **{source: source for source in SOURCES if source != MEANING}}
"""Those whose places count. How far a disease is behind in meaning says all: with its place no set did better."""
_FAR = -6.0
"""A likelihood ratio this many powers of ten behind the best is as good as none."""
_MANY = 10
"""Findings from which on a note has many."""
_DEPTH = 50
_NARRATIVE, _LIST = 0.15, 0.65
"""Shares of the letters in findings up to which a note is no list, and from which on it is nothing else."""

_OF_OPINIONS = (
    *(f"{short}_{what}" for short in _SHORT.values() if short != "own" for what in ("reciprocal", "listed", "high")),
    "likelihood_behind", "similarity_share", "texts_share", "profiles_share", "meaning_behind",
    "likelihood_first_by", "texts_first_by", "profiles_first_by",
)  # fmt: skip
_WHEN_FEW = (
    "likelihood_reciprocal",
    "likelihood_behind",
    "similarity_share",
    "texts_reciprocal",
    "texts_share",
    "profiles_reciprocal",
    "profiles_share",
    "meaning_behind",
)
_OF_PERSONS = ("too_old", "other_sex", "adult_congenital")
"""Lists give the age at the last examination, narratives more often that of coming."""
FEATURES = (
    *(f"own_{what}" for what in ("reciprocal", "listed", "high")), "own_share", "own_share_mass",
    *_OF_OPINIONS, *(f"{name}_in_lists" for name in _OF_OPINIONS), "agreed",
    *(f"{name}_few" for name in _WHEN_FEW),
    *MATCH_FEATURES, *PERSON_FEATURES, *(f"{name}_in_lists" for name in _OF_PERSONS), "stated",
)  # fmt: skip


@dataclass(frozen=True)
class Patient:
    """What the features need of the note beside the rankings.

    Attributes:
        present: term numbers of the findings that are present, each once.
        person: age and sex.
        diagnosed: keys of diseases the note states as made diagnoses.
        listed: how far the note is a list of findings, 0 to 1; see `list_likeness`.
        absent: term numbers of the findings that are absent.
    """

    present: tuple[int, ...] = ()
    person: Person = field(default_factory=Person)
    diagnosed: frozenset[str] = frozenset()
    listed: float = 0.0
    absent: tuple[int, ...] = ()


def list_likeness(note: str, findings: Sequence[StatedFinding]) -> float:
    """How far a note is a list of findings: by the share of its letters that stand in them, 0 to 1.

    Narratives have a tenth of their letters in findings, letters to a colleague half, lists nine tenths. Words beside
    the findings are what the ranking by words knows more of, so the opinions weigh differently.
    """
    letters = np.array([character.isalpha() for character in note], dtype=np.bool_)
    within = np.zeros(len(note), np.bool_)
    for finding in findings:
        for span in (finding.span, *(place.span for place in finding.elsewhere)):
            within[span.start : span.end] = True
    share = float((letters & within).sum() / max(int(letters.sum()), 1))
    return min(max((share - _NARRATIVE) / (_LIST - _NARRATIVE), 0.0), 1.0)


def features(
    own: Voice, log_mass: float, voices: Sequence[Voice], patient: Patient, kb: KnowledgeBase
) -> dict[str, dict[str, float]]:
    """Describe every disease that anybody names.

    Args:
        own: the model's ranking.
        log_mass: of its beams; see `calibration`.
        voices: the opinions; those not in SOURCES only bring diseases in.
        patient: the note beside them.
        kb: the knowledge base.

    Returns:
        Disease key -> the values in FEATURES.
    """
    heard = {OWN: own, **{voice.source: voice for voice in voices}}
    keys = dict.fromkeys([*(key for voice in heard.values() for key in voice.places), *sorted(patient.diagnosed)])
    few = 1 - min(len(patient.present), _MANY) / _MANY
    annotated = [d for key in keys if (d := kb.disease(key)) is not None and kb.annotated_mask[d]]
    matched = matches(patient.present, annotated, kb)
    place = {disease: number for number, disease in enumerate(annotated)}
    best = {source: max((s for _, s in voice.places.values()), default=0.0) for source, voice in heard.items()}
    ahead = {source: _ahead(heard[source]) for source in _SHORT if source in heard}
    described = {}
    for key in keys:
        row = dict.fromkeys(FEATURES, 0.0)
        disease = kb.disease(key)
        for source, short in _SHORT.items():
            if source in heard:
                _place(row, short, heard[source].places.get(key))
        if key in own.places:
            row["own_share"] = own.places[key][1]
            row["own_share_mass"] = row["own_share"] * max(log_mass, -10.0)
        row["likelihood_behind"] = _FAR
        if (score := _score(heard.get("likelihood"), key, disease)) is not None:
            row["likelihood_behind"] = max(score - best["likelihood"], _FAR)
        row["meaning_behind"] = _FAR
        if (score := _score(heard.get(MEANING), key, disease)) is not None:
            row["meaning_behind"] = max(SHARPNESS * (score - best[MEANING]), _FAR)
        for source in ("similarity", TEXTS, PROFILES):
            if best.get(source, 0) > 0 and (score := _score(heard.get(source), key, disease)) is not None:
                row[f"{_SHORT[source]}_share"] = max(score, 0.0) / best[source]
        row["likelihood_first_by"] = min(ahead.get("likelihood", 0.0), 3.0) * (row["likelihood_reciprocal"] == 1)
        for source in (TEXTS, PROFILES):
            share_ahead = ahead.get(source, 0.0) / best[source] if best.get(source) else 0.0
            row[f"{_SHORT[source]}_first_by"] = share_ahead * (row[f"{_SHORT[source]}_reciprocal"] == 1)
        row["agreed"] = sum(row[f"{short}_listed"] for short in _SHORT.values()) / len(_SHORT)
        row["stated"] = float(key in patient.diagnosed)
        if disease is not None:
            row.update(against(patient.person, disease, kb))
            if disease in place:
                row.update({name: float(values[place[disease]]) for name, values in matched.items()})
        row.update({f"{name}_few": row[name] * few for name in _WHEN_FEW})
        row.update({f"{name}_in_lists": row[name] * patient.listed for name in (*_OF_OPINIONS, *_OF_PERSONS)})
        described[key] = row
    return described


def matrix(rows: Sequence[dict[str, float]]) -> npt.NDArray[np.float64]:
    """Features as rows of numbers, in the order of FEATURES."""
    return np.array([[row[name] for name in FEATURES] for row in rows], dtype=np.float64)


def _place(row: dict[str, float], short: str, place: tuple[int, float] | None) -> None:
    if place:
        row[f"{short}_reciprocal"] = 1 / place[0]
        row[f"{short}_listed"] = float(place[0] <= MAX_CANDIDATES)
        row[f"{short}_high"] = max(0.0, 1 - math.log(place[0]) / math.log(_DEPTH))


def _ahead(voice: Voice) -> float:
    """How far the first is ahead of the second."""
    scores = sorted((score for _, score in voice.places.values()), reverse=True)
    return scores[0] - scores[1] if len(scores) > 1 else 0.0


def _score(voice: Voice | None, key: str, disease: int | None) -> float | None:
    if voice is None:
        return None
    if voice.scores is not None and disease is not None and not np.isnan(voice.scores[disease]):
        return float(voice.scores[disease])
    return voice.places[key][1] if key in voice.places else None
