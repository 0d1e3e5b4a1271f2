"""Conditions and observations as statements: this is there, that is not, this was measured - or why nothing is said."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from raredxr1 import lazy_re as re
from raredxr1.cases.hpo_terms import Coded
from raredxr1.diagnose.fhir import concepts
from raredxr1.diagnose.fhir.documents import narrative_of

Json = dict[str, Any]

_ERRORS = {"entered-in-error", "entered in error", "cancelled"}
_DOUBTED = {"unconfirmed", "provisional", "differential"}
_PAST = {"resolved", "inactive", "remission"}
_LEVELS = {"H": "high", "HH": "very high", "HU": "high", "L": "low", "LL": "very low", "LU": "low", "N": "normal",
           "A": "abnormal", "AA": "abnormal"}  # fmt: skip
_SENTENCE = re.compile(
    r"(?:no|not|without|denies|denied|negative|possible|suspected|query|\?|rule out|family history)\b|.*[.;:]\s", re.I
)
_NEGATIVE = re.compile(r"(?:no|not|without|denie[sd]|negative|free of|free from|absence of)\b", re.IGNORECASE)
_NORMAL = re.compile(r"(?:(?:ab)?normal|within normal limits|wnl|unremarkable)\b", re.IGNORECASE)
_COUNTED = re.compile(r"(?:\{.*\})?(?:/.*)?")
"""Units of a number of times, such as {seizures}/d; none of the thing there means that it is absent."""
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
        if str(report.get("status")) in _ERRORS:
            continue  # told with the documents
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
        said.sentences += _annotations(condition)
    elif verified & _DOUBTED:
        said.left_out["not confirmed (unconfirmed, provisional or differential)"] += 1
    elif clinical & _PAST or (not clinical and any(key.startswith("abatement") for key in condition)):
        said.left_out["no longer there (resolved, inactive or in remission)"] += 1
    else:
        named = concepts.coded(condition.get("code"))
        words = narrative_of(condition) if named.id is None and named.label is None else ""
        if words:
            said.sentences.append(_ended(words))
        else:
            _add(condition.get("code"), True, said)
        said.sentences += _annotations(condition)


def _annotations(resource: Json) -> list[str]:
    """What was written beside the coded fields."""
    notes = [one.get("text") for one in resource.get("note") or [] if isinstance(one, dict)]
    return [_ended(" ".join(note.split())) for note in notes if isinstance(note, str) and note.strip()]


def _add(concept: object, present: bool, said: Statements) -> None:
    """State a concept: by its HPO id, else in its words, else not at all."""
    finding = concepts.coded(concept, present)
    if finding.id is None and finding.label is None:
        _without_name(concept, said)
    elif finding.id is None and _SENTENCE.match(str(finding.label)):
        if present:
            said.sentences.append(_ended(str(finding.label)))
        else:
            said.left_out["denied twice (a negative name that is refuted)"] += 1
    else:
        said.coded.append(finding)


def _without_name(concept: object, said: Statements) -> None:
    bare = concepts.bare_codes(concept)
    said.bare.extend(bare)
    said.left_out["without a name"] += not bare


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
    said.sentences += _annotations(observation)


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
        _without_name(concept, said)
    else:
        meaning = _meaning(one, label, judged)
        if meaning in ("present", "absent"):
            _add(concept, meaning == "present", said)
        elif isinstance(meaning, tuple):
            _in_words(label or str(finding.id), meaning[0], said)
        else:
            said.left_out["observed without a result"] += 1


def _in_words(label: str, words: str, said: Statements) -> None:
    if _NEGATIVE.match(words) and concepts.stems(words) & concepts.stems(label):
        said.sentences.append(_ended(words))  # "no seizures so far": the label before it would say that there are
    elif _NEGATIVE.match(words) or _NORMAL.match(words) or len(words) > 60:
        said.sentences.append(_ended(f"{label}: {words}"))
    else:
        said.measured.append(f"{label} {words}")


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _judgement(one: Json) -> concepts.Meaning | None:
    """What the interpretation says: POS, NEG and the like; of a coded finding also that it is (ab)normal."""
    is_finding = concepts.coded(one.get("code")).id is not None
    for concept in _interpretations(one):
        found = concepts.meaning_of(concept)
        if found and (is_finding or not any(str(c.get("code")) in _LEVELS for c in concepts.codings(concept))):
            return found
    return None


def _interpretations(one: Json) -> list[Any]:
    listed = one.get("interpretation")
    return listed if isinstance(listed, list) else [listed] if listed else []


def _level(one: Json) -> str:
    """The interpretation in words: "high"; empty where there is none."""
    for concept in _interpretations(one):
        codes = [str(coding.get("code")) for coding in concepts.codings(concept)]
        if meant := concepts.words(concept) or next((_LEVELS[code] for code in codes if code in _LEVELS), ""):
            return meant
    return ""


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
        if text.strip() == "0":
            return "absent"
        return concepts.meaning_of_words(text, label) or judged or (" ".join(text.split()),)
    if (number := one.get("valueInteger")) is not None:
        return "absent" if number == 0 else (f"{number}",)
    if measured := _quantity(one):
        return "absent" if _is_none_of_it(one.get("valueQuantity")) else (measured,)
    level = _level(one)
    return judged or ((level,) if level.lower() in _LEVELS.values() else None)


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
    meant = _level(one) or _against_reference(one)
    return said + (f" ({meant})" if said and meant else "")


def _is_none_of_it(quantity: object) -> bool:
    """Whether a quantity counts something and counts none: 0 {seizures}/d, 0 /wk."""
    if not isinstance(quantity, dict) or quantity.get("value") != 0 or quantity.get("comparator"):
        return False
    unit = str(quantity.get("code") or quantity.get("unit") or "")
    return bool(unit) and _COUNTED.fullmatch(unit) is not None


def _against_reference(one: Json) -> str:
    """High, low or normal by the one reference range that is given, where its units are those of the value."""
    ranges, quantity = one.get("referenceRange") or [], one.get("valueQuantity")
    if len(ranges) != 1 or not isinstance(ranges[0], dict) or not isinstance(quantity, dict):
        return ""
    value = _figure(quantity)
    ends = {end: held for end in ("low", "high") if isinstance(held := ranges[0].get(end), dict)}
    if value is None or quantity.get("comparator") or not ends or ranges[0].get("appliesTo"):
        return ""
    units = {str(held.get("unit") or held.get("code") or _unit(quantity)) for held in ends.values()}
    figures = {end: _figure(held) for end, held in ends.items()}
    if units != {_unit(quantity)} or None in figures.values():
        return ""
    if (low := figures.get("low")) is not None and value < low:
        return "low"
    if (high := figures.get("high")) is not None and value > high:
        return "high"
    return "normal" if len(figures) == 2 else ""


def _unit(quantity: Json) -> str:
    return str(quantity.get("unit") or quantity.get("code") or "")


def _figure(quantity: Json) -> float | None:
    value = quantity.get("value")
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _number(quantity: Json) -> str:
    value = _figure(quantity)
    return "" if value is None else f"{quantity.get('comparator', '')}{value:g} {_unit(quantity)}".strip()
