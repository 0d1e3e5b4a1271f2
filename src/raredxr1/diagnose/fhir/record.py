"""A bundle becomes a record, and the record a note once the knowledge base is there to read its codes."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from raredxr1.cases.hpo_terms import Coded, names_of, terms_of
from raredxr1.cases.plain import age_in_words, plain_note
from raredxr1.diagnose.fhir.bundle import patient_of
from raredxr1.diagnose.fhir.documents import document_texts
from raredxr1.diagnose.fhir.statements import read_statements
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase

Json = dict[str, Any]

_DAYS_A_YEAR = 365.25
_DATES = ("date", "recordedDate", "effectiveDateTime", "effectiveInstant", "issued")


@dataclass(frozen=True)
class FhirRecord:
    """What a bundle says of one patient.

    Attributes:
        sex: Female or Male.
        age: in words, at the last date of the bundle.
        coded: findings by HPO id or in words.
        sentences: findings that are sentences.
        measured: values in words.
        texts: of documents.
        left_out: what could not be used.
    """

    sex: str | None
    age: str | None
    coded: tuple[Coded, ...]
    sentences: tuple[str, ...]
    measured: tuple[str, ...]
    texts: tuple[str, ...]
    left_out: tuple[str, ...]

    def note(self, kb: KnowledgeBase, name: str) -> tuple[str, list[str], list[str]]:
        """Write the note: codes of the HPO by their names, the rest in the bundle's words.

        Returns:
            The note, notices, and notices of what was left out.

        Raises:
            InputError: nothing of it can be used.
        """
        in_words = [c for c in self.coded if c.label and (c.id is None or kb.resolve_term(c.id) is None)]
        terms = terms_of((c for c in self.coded if c not in in_words), kb)
        unknown = [f"{c.id} is unknown in HPO {kb.hpo_version}; its words were used." for c in in_words if c.id]
        present = dict.fromkeys([*names_of(terms.present, kb), *(str(c.label) for c in in_words if c.present)])
        absent = dict.fromkeys([*names_of(terms.absent, kb), *(str(c.label) for c in in_words if not c.present)])
        both = {p.casefold() for p in present} & {a.casefold() for a in absent}
        left_out = [*self.left_out, *unknown, *terms.left_out]
        left_out += [
            f"{p} is stated as present and as absent; it was left out." for p in present if p.casefold() in both
        ]
        parts = [
            plain_note(self.sex, self.age, _without(present, both), _without(absent, both)),
            "\n".join(self.sentences),
        ]
        parts += [f"Measurements: {'; '.join(self.measured)}."] if self.measured else []
        parts += self.texts
        if not set(present) - set(absent) and not set(absent) - set(present) and not any(parts[1:]):
            raise InputError(
                f"{name}: a FHIR bundle without conditions, observations or document text that can be read"
            )
        notices = ["The note was written from a FHIR bundle: its conditions, observations and document texts."]
        return "\n\n".join(part for part in parts if part), [*notices, *terms.notices], left_out


def _without(labels: Iterable[str], both: set[str]) -> list[str]:
    return [label for label in labels if label.casefold() not in both]


def looks_like_fhir(value: object) -> bool:
    """Whether parsed JSON is a FHIR resource."""
    return isinstance(value, dict) and isinstance(value.get("resourceType"), str)


def record_of_fhir(value: Json, name: str) -> FhirRecord:
    """Read a bundle, or one clinical resource.

    Args:
        value: the parsed JSON.
        name: what messages call it.

    Raises:
        InputError: no bundle, nothing valid or clinical in it, several patients, or the extra is not installed.
    """
    found = patient_of(value, name)
    held = found.resources
    said = read_statements(held["Condition"], held["Observation"], held["DiagnosticReport"])
    texts, unread = document_texts(held, found.binaries)
    left_out = [*said.notices(), *unread]
    if found.strangers:
        left_out.append(f"Left out of the bundle as about somebody else than the patient: {found.strangers}.")
    if found.others:
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(found.others.items()))
        left_out.append(f"Left out of the bundle: {kinds}.")
    if not (said.coded or said.sentences or said.measured or texts):
        why = f" that can be used ({left_out[0].rstrip('.')})" if left_out and not said.bare else ""
        why = " that can be used (codes without words)" if said.bare else why
        raise InputError(f"{name}: a FHIR bundle without conditions, observations or document text{why}")
    sex, age = _person(found.patient, held)
    return FhirRecord(
        sex, age, tuple(said.coded), tuple(dict.fromkeys(said.sentences)), tuple(said.measured), tuple(texts),
        tuple(left_out),
    )  # fmt: skip


def _person(patient: Json, held: Mapping[str, Sequence[Json]]) -> tuple[str | None, str | None]:
    """Sex, and age at the last date that a resource about the patient holds."""
    sex = {"female": "Female", "male": "Male"}.get(str(patient.get("gender")))
    born = _date(patient.get("birthDate"))
    resources = [resource for listed in held.values() for resource in listed]
    dates = [found for resource in resources for key in _DATES if (found := _date(resource.get(key)))]
    for resource in resources:
        for key in ("period", "effectivePeriod"):
            period = resource.get(key)
            if isinstance(period, dict) and (found := _date(period.get("start"))):
                dates.append(found)
    if born is None or not dates or max(dates) < born:
        return sex, None
    return sex, age_in_words((max(dates) - born).days / _DAYS_A_YEAR)


def _date(value: object) -> datetime.date | None:
    if not isinstance(value, str):
        return None
    try:
        return datetime.date.fromisoformat((value + "-01-01")[:10] if len(value) == 4 else (value + "-01")[:10])
    except ValueError:
        return None
