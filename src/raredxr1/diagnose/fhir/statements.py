"""Conditions and observations as statements: this is there, that is not, this was measured - or why nothing is said."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from raredxr1.cases.hpo_terms import Coded
from raredxr1.diagnose.fhir import concepts

Json = dict[str, Any]

_ERRORS = {"entered-in-error", "entered in error", "cancelled"}
_DOUBTED = {"unconfirmed", "provisional", "differential"}
_PAST = {"resolved", "inactive", "remission"}
_LEVELS = {"H": "high", "HH": "very high", "HU": "high", "L": "low", "LL": "very low", "LU": "low", "N": "normal",
           "A": "abnormal", "AA": "abnormal"}  # fmt: skip
_SENTENCE = re.compile(
    r"(?:no|not|without|denies|denied|negative|possible|suspected|query|\?|rule out|family history)\b|.*[.;:]\s", re.I
)
_SUM = re.compile(r"clinical finding|^phenotype|phenotypic|^symptom|^diagnosis|^problem|^finding|^sign", re.IGNORECASE)
"""Observations whose code says that their value is the finding."""


@dataclass
class Statements:
    """What is stated, and what could not be used.

    Attributes:
        coded: findings, by HPO id or in words, present or absent.
        sentences: findings in words that say more than a name, each to stand alone.
        measured: "Creatine kinase 4200 U/L (high)".
        left_out: why something was left out -> how many, or its codes.
    """

    coded: list[Coded] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    measured: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    bare: list[str] = field(default_factory=list)

    def notices(self) -> list[str]:
        """Say what was left out."""
        said = [f"Left out of the bundle as {why}: {count}." for why, count in self.left_out.items() if count]
        if self.bare:
            codes = ", ".join(dict.fromkeys(self.bare))
            said.append(f"Codes without words, left out (no terminology of theirs is at hand): {codes}.")
        return said


def read_statements(conditions: Sequence[Json], observations: Sequence[Json], reports: Sequence[Json]) -> Statements:
    """Read what resources about one patient state."""
    said = Statements()
    for condition in conditions:
        _condition(condition, said)
    for observation in observations:
        _observation(observation, said)
    for report in reports:
        for concept in report.get("conclusionCode") or []:
            _add(concept, True, said)
    return said


def _condition(condition: Json, said: Statements) -> None:
    verified = concepts.statuses(condition.get("verificationStatus"))
    clinical = concepts.statuses(condition.get("clinicalStatus"))
    if verified & _ERRORS:
        said.left_out["entered in error or cancelled"] += 1
    elif condition.get("modifierExtension"):
        said.left_out["changed in sense by an extension that is not known"] += 1
    elif "refuted" in verified:
        _add(condition.get("code"), False, said)
    elif verified & _DOUBTED:
        said.left_out["not confirmed (unconfirmed, provisional or differential)"] += 1
    elif clinical & _PAST:
        said.left_out["no longer there (resolved, inactive or in remission)"] += 1
    else:
        _add(condition.get("code"), True, said)


def _add(concept: object, present: bool, said: Statements) -> None:
    """State a concept: by its HPO id, else in its words, else not at all."""
    finding = concepts.coded(concept, present)
    if finding.id is None and finding.label is None:
        bare = concepts.bare_codes(concept)
        said.bare.extend(bare)
        said.left_out["without a name"] += not bare
    elif finding.id is None and _SENTENCE.match(str(finding.label)):
        if present:
            said.sentences.append(_ended(str(finding.label)))
        else:
            said.left_out["denied twice (a negative name that is refuted)"] += 1
    else:
        said.coded.append(finding)


def _observation(observation: Json, said: Statements) -> None:
    if str(observation.get("status")) in _ERRORS:
        said.left_out["entered in error or cancelled"] += 1
        return
    if observation.get("modifierExtension"):
        said.left_out["changed in sense by an extension that is not known"] += 1
        return
    parts = [part for part in observation.get("component") or [] if isinstance(part, dict)]
    if not parts or any(key.startswith("value") for key in observation):
        _result(observation, said)
    for part in parts:
        _result(part, said)


def _result(one: Json, said: Statements) -> None:
    """What an observation, or a component of one, found."""
    concept, value = one.get("code"), one.get("valueCodeableConcept")
    finding = concepts.coded(concept)
    label = finding.label or ""
    judged = _judgement(one)
    value_is_finding = concepts.coded(value).id is not None or (_SUM.search(label) and concepts.words(value))
    if one.get("dataAbsentReason"):
        said.left_out["observed without a result"] += 1
    elif value_is_finding and concepts.meaning_of(value) is None:
        _add(value, judged != "absent", said)
    elif not finding.id and not label:
        bare = concepts.bare_codes(concept)
        said.bare.extend(bare)
        said.left_out["without a name"] += not bare
    else:
        meaning = _meaning(one, label, judged)
        if meaning in ("present", "absent"):
            _add(concept, meaning == "present", said)
        elif isinstance(meaning, tuple):
            _in_words(label or str(finding.id), meaning[0], said)
        else:
            said.left_out["observed without a result"] += 1


def _in_words(label: str, words: str, said: Statements) -> None:
    if re.match(r"(?:no|not|without|denies|normal)\b", words, re.IGNORECASE) or len(words) > 60:
        said.sentences.append(_ended(f"{label}: {words}"))
    else:
        said.measured.append(f"{label} {words}")


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _judgement(one: Json) -> concepts.Meaning | None:
    """What the interpretation says: POS, NEG and the like."""
    listed = one.get("interpretation")
    for concept in listed if isinstance(listed, list) else [listed]:
        if found := concepts.meaning_of(concept):
            return found
    return None


def _meaning(one: Json, label: str, judged: concepts.Meaning | None) -> concepts.Meaning | tuple[str] | None:
    """What an observation says of what its code names: present, absent, unknown, or a value in words (a tuple)."""
    if isinstance(one.get("valueBoolean"), bool):
        return "present" if one["valueBoolean"] else "absent"
    concept = one.get("valueCodeableConcept")
    if concept is not None:
        if found := concepts.meaning_of(concept):
            return found
        words = concepts.words(concept)
        if found := concepts.meaning_of_words(words, label):
            return found
        return judged or ((words,) if words else None)
    text = one.get("valueString")
    if isinstance(text, str) and text.strip():
        return concepts.meaning_of_words(text, label) or judged or (" ".join(text.split()),)
    if (number := one.get("valueInteger")) is not None:
        return "absent" if number == 0 else (f"{number}",)
    if measured := _quantity(one):
        return (measured,)
    return judged


def _quantity(one: Json) -> str:
    """A quantity, range or ratio in words, with what it means where that is said."""
    said = ""
    if isinstance(one.get("valueQuantity"), dict):
        said = _number(one["valueQuantity"])
    elif isinstance(one.get("valueRange"), dict):
        ends = [_number(one["valueRange"].get(end) or {}) for end in ("low", "high")]
        said = " to ".join(end for end in ends if end)
    elif isinstance(one.get("valueRatio"), dict):
        ends = [_number(one["valueRatio"].get(end) or {}) for end in ("numerator", "denominator")]
        said = ":".join(ends) if all(ends) else ""
    meant = ""
    for concept in one.get("interpretation") or []:
        codes = [str(c.get("code")) for c in concepts.codings(concept)]
        meant = meant or concepts.words(concept) or next((_LEVELS[c] for c in codes if c in _LEVELS), "")
    return said + (f" ({meant})" if said and meant else "")


def _number(quantity: Json) -> str:
    value = quantity.get("value")
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return ""
    return f"{quantity.get('comparator', '')}{value:g} {quantity.get('unit') or quantity.get('code') or ''}".strip()
