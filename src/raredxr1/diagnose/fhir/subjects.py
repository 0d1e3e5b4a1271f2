"""Whom a resource is about: by reference, by identifier, by a patient contained in it - or nobody, then the patient.

Resources contained in another (https://hl7.org/fhir/R4/references.html#contained) have no life of their own: what
such a resource states is about the subject of the one that holds it, unless it names its own.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from raredxr1 import lazy_re as re
from raredxr1.errors import InputError

Json = dict[str, Any]

CONTAINED = "contained-"
"""How the id of a patient begins that was contained in another resource."""
_HOLDERS = (
    "Condition", "Observation", "Composition", "DocumentReference", "DiagnosticReport", "Encounter", "EpisodeOfCare",
    "Procedure", "ServiceRequest", "MedicationRequest", "MedicationStatement", "ClinicalImpression", "CarePlan",
)  # fmt: skip
"""Resources about the patient whose contained resources are read; those of a relative's history are not."""
_READ = ("Condition", "Observation", "DiagnosticReport", "DocumentReference")
_ERRORS = ("entered-in-error", "cancelled", "superseded")
_REFERENCE = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+/[A-Za-z0-9.\-]{1,64})(?:/_history/[^/]*)?$")
_CONDITIONAL = re.compile(r"(?:.*/)?Patient\?identifier=(?:([^|&]*)\|)?([^|&]+)$")

Identifier = tuple[str, str]
"""System (empty: not said) and value."""


def only_subject(clinical: Iterable[Json], name: str) -> set[str]:
    """Without a Patient resource: the one subject that all others name.

    Raises:
        InputError: they name several.
    """
    named = {subject for resource in clinical if (subject := _subject(resource))}
    if len(named) > 1:
        raise InputError(f"{name}: a FHIR bundle with several patients; give one patient a bundle")
    return named


def the_patient(patients: Sequence[tuple[str, Json]], name: str) -> tuple[Json, set[str]]:
    """The one patient of a bundle, and the references that mean them; empty where there is none.

    A patient contained in another resource counts where the bundle has no other; beside another they are the same
    person unless sex, day of birth or an identifier differ.

    Args:
        patients: full URL and resource of every Patient.
        name: what messages call the input.

    Raises:
        InputError: several patients.
    """
    own = [(url, one) for url, one in patients if not str(one.get("id")).startswith(CONTAINED)] or patients
    if len(own) > 1:
        raise InputError(f"{name}: a FHIR bundle with several patients; give one patient a bundle")
    url, patient = own[0] if own else ("", {})
    known = names_of(url, patient)
    for _, other in patients:
        known |= names_of("", other) if _may_be_one(patient, other) else set()
    return patient, known


def names_of(url: str, resource: Json) -> set[str]:
    """References by which a resource may be meant."""
    own = f"{resource.get('resourceType')}/{resource['id']}" if resource.get("id") else ""
    return {ref for ref in (own, _normal(url)) if ref}


def is_about(resource: Json, known: set[str], patient: Json) -> bool:
    """Whether a resource is about the patient: it says so, or names nobody (and nobody else in `focus`).

    Args:
        resource: a clinical resource.
        known: references that mean the patient.
        patient: the Patient resource, for its identifiers; may be empty.
    """
    focus = [_normal(text_at(one, "reference")) for one in resource.get("focus") or []]
    if any(one and one not in known for one in focus):
        return False
    subject, meant = _subject(resource), _identifier_meant(resource)
    if subject in known:
        return True
    if meant:
        identifiers = _identifiers(patient)
        return not identifiers or any(_are_one(meant, one) for one in identifiers)
    if not subject or subject.startswith("#"):
        return text_at(resource.get("subject"), "type") in ("", "Patient")
    return False


def with_contained(entries: Iterable[tuple[str, Json]]) -> Iterator[tuple[str, Json]]:
    """Every entry, and after it the resources contained in it that can state something of the patient.

    A contained patient gets an id that is the same wherever that person is contained.
    """
    persons: set[str] = set()
    for url, resource in entries:
        held = resource.get("contained")
        if resource.get("resourceType") not in _HOLDERS or not isinstance(held, list):
            yield url, resource
            continue
        within = {f"#{one['id']}": one for one in held if isinstance(one, dict) and isinstance(one.get("id"), str)}
        person = within.get(text_at(resource.get("subject"), "reference"))
        if person and person.get("resourceType") == "Patient":
            person = {**person, "id": f"{CONTAINED}{_fingerprint(person)}"}
            resource = {**resource, "subject": {"reference": f"Patient/{person['id']}"}}
            if person["id"] not in persons:
                yield "", person
            persons.add(person["id"])
        yield url, resource
        if text_at(resource, "status") in _ERRORS:
            continue
        for one in held:
            if isinstance(one, dict) and one.get("resourceType") in _READ:
                about: Json = {key: resource[key] for key in ("subject", "effectiveDateTime") if key in resource}
                yield "", {**about, **{key: value for key, value in one.items() if key != "id"}}


def text_at(value: object, key: str) -> str:
    """The text under a key; empty where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _subject(resource: Json) -> str:
    """The reference to whom a resource is about; empty where it names nobody by reference."""
    reference = text_at(resource.get("subject"), "reference") or text_at(resource.get("patient"), "reference")
    return "" if _CONDITIONAL.fullmatch(reference.strip()) else _normal(reference)


def _normal(reference: str) -> str:
    """Patient/p of https://server/fhir/Patient/p/_history/2; other references as they are."""
    match = _REFERENCE.fullmatch(reference.strip())
    return match[1] if match else reference.strip()


def _identifier_meant(resource: Json) -> Identifier | None:
    """The identifier by which a resource names its subject, in place of a reference or within one."""
    subject = resource.get("subject")
    if match := _CONDITIONAL.fullmatch(text_at(subject, "reference").strip()):
        return match[1] or "", match[2]
    if text_at(subject, "reference") or not isinstance(subject, dict):
        return None
    identifier = subject.get("identifier")
    value = text_at(identifier, "value").strip()
    return (text_at(identifier, "system").strip(), value) if value else None


def _identifiers(patient: Json) -> list[Identifier]:
    listed = patient.get("identifier")
    return [
        (text_at(one, "system").strip(), text_at(one, "value").strip())
        for one in (listed if isinstance(listed, list) else [])
        if text_at(one, "value").strip()
    ]


def _are_one(one: Identifier, other: Identifier) -> bool:
    return one[1] == other[1] and (one[0] == other[0] or not one[0] or not other[0])


def _may_be_one(patient: Json, other: Json) -> bool:
    """Whether nothing that both resources say of a person differs."""
    if any(patient.get(key) and other.get(key) and patient[key] != other[key] for key in ("gender", "birthDate")):
        return False
    ours, theirs = _identifiers(patient), _identifiers(other)
    return not ours or not theirs or any(_are_one(one, two) for one in ours for two in theirs)


def _fingerprint(patient: Json) -> str:
    said = repr([patient.get(key) for key in ("gender", "birthDate", "identifier", "name")])
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
