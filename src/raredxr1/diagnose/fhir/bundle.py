"""The resources of a bundle: valid, of one patient, each once; whom the others are about is told by references."""

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from raredxr1.diagnose.fhir.subjects import is_about, names_of, only_subject, text_at, the_patient, with_contained
from raredxr1.errors import InputError, extra

Json = dict[str, Any]

READ = ("Patient", "Condition", "Observation", "Composition", "DocumentReference", "DiagnosticReport", "Binary")
CLINICAL = READ[1:-1]
SILENT = (
    "Encounter", "Practitioner", "PractitionerRole", "Organization", "Location", "Provenance", "OperationOutcome",
    "Device", "Endpoint", "RelatedPerson", "Parameters",
)  # fmt: skip
"""Resources that hold nothing clinical of their own; leaving them out needs no notice."""
_DEEPEST = 4


@dataclass
class Patientful:
    """What a bundle holds of one patient.

    Attributes:
        patient: the Patient resource; empty where there is none.
        resources: the clinical resources about them, by type, in order.
        binaries: Binary resources by reference.
        others: how many resources of each kind were left out unread.
        strangers: how many clinical resources are about somebody else.
    """

    patient: Json
    resources: dict[str, list[Json]]
    binaries: dict[str, Json]
    others: Counter[str] = field(default_factory=Counter)
    strangers: int = 0


def patient_of(value: Json, name: str) -> Patientful:
    """Sort the resources of a bundle.

    Args:
        value: a Bundle, or one clinical resource.
        name: what messages call it.

    Raises:
        InputError: nothing valid in it, several patients, or the extra is not installed.
    """
    entries = [*with_contained(_current(_entries(value, name, 0)))]
    others: Counter[str] = Counter()
    kept: dict[str, list[tuple[str, Json]]] = {kind: [] for kind in READ}
    wrong = ""
    for url, resource in entries:
        kind = str(resource.get("resourceType"))
        if kind not in kept:
            others.update([kind[:40]] if kind not in SILENT else [])
        elif place := _invalid(resource, kind, name):
            wrong = wrong or f"{kind}.{place}"
            others[f"{kind} that is not valid"] += 1
        else:
            kept[kind].append((url, resource))
    if wrong and not any(kept.values()):
        raise InputError(f"{name}: not valid FHIR R4 or R5 ({wrong})")
    clinical = [pair for kind in CLINICAL for pair in kept[kind]]
    patient, known = the_patient(kept["Patient"], name)
    known = known or only_subject((resource for _, resource in clinical), name)
    mine = {kind: [r for _, r in kept[kind] if is_about(r, known, patient)] for kind in CLINICAL}
    binaries = {ref: r for url, r in kept["Binary"] for ref in names_of(url, r)}
    return Patientful(patient, mine, binaries, others, len(clinical) - sum(map(len, mine.values())))


def _entries(value: Json, name: str, depth: int) -> Iterator[tuple[str, Json]]:
    """Full URL and resource of every entry, of bundles within bundles too."""
    if value["resourceType"] != "Bundle":
        if value["resourceType"] not in (*CLINICAL, "Patient"):
            raise InputError(
                f"{name}: a FHIR {str(value['resourceType'])[:40]}; give a Bundle with the patient's resources"
            )
        yield "", value
        return
    entries = value.get("entry") or []
    if not isinstance(entries, list):
        raise InputError(f"{name}: not valid FHIR (entry is no list)")
    for entry in entries:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or text_at(entry.get("request"), "method") == "DELETE":
            continue
        if not isinstance(resource.get("resourceType"), str):
            yield "", {"resourceType": "resource without a type"}
        elif resource["resourceType"] == "Bundle" and depth < _DEEPEST:
            yield from _entries(resource, name, depth + 1)
        else:
            yield str(entry.get("fullUrl") or ""), resource


def _current(entries: Iterator[tuple[str, Json]]) -> Iterator[tuple[str, Json]]:
    """Each resource once, the newest version where a bundle holds several (a history, two pages of a search)."""
    newest: dict[object, tuple[str, Json]] = {}
    for number, (url, resource) in enumerate(entries):
        key = (resource["resourceType"], resource["id"]) if text_at(resource, "id") else number
        held = newest.get(key)
        if held is None or _updated(resource) > _updated(held[1]):
            newest[key] = (url, resource)
    yield from newest.values()


def _updated(resource: Json) -> str:
    return text_at(resource.get("meta"), "lastUpdated")


# --- validation ------------------------------------------------------------------------------------------------------


def _invalid(resource: Json, kind: str, name: str) -> str:
    """Where a resource is valid neither as R4 nor as R5; never what stands there. Empty: it is valid."""
    with extra(f"{name}: reading a FHIR resource", "fhir"):
        from fhir.resources import get_fhir_model_class as r5
        from fhir.resources.R4B import get_fhir_model_class as r4
    checked = _without_data(resource)
    place = ""
    for release in (r4, r5):
        try:
            release(kind).model_validate(checked)
        except (ValueError, KeyError, RecursionError) as error:
            place = place or _place(error)
        else:
            return ""
    return place


def _without_data(resource: Json) -> Json:
    """A copy without what is read by other rules: attached data, narratives and resources within."""
    checked = copy.copy(resource)
    for key in ("contained", "text", "data"):
        checked.pop(key, None)
    for key in ("content", "presentedForm"):
        if isinstance(checked.get(key), list):
            checked[key] = copy.deepcopy(checked[key])
            for one in checked[key]:
                attachment = one.get("attachment", one) if isinstance(one, dict) else None
                if isinstance(attachment, dict):
                    attachment.pop("data", None)
    return checked


def _place(error: Exception) -> str:
    errors = getattr(error, "errors", None)
    if not callable(errors):
        return "an unknown kind of resource"
    first = errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'resource'}: {first['type'].replace('_', ' ')}"
