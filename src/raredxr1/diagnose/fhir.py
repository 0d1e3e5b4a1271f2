"""A FHIR R4 bundle becomes a note: the patient's sex and age, conditions, observations, and the text of documents.

Validation is that of `fhir.resources` (extra: fhir), whose R4B models read R4 for the resources used here. Read are
Patient, Condition (refuted: absent; entered in error: left out), Observation (a yes, no or code; a quantity; a text)
and DocumentReference or DiagnosticReport with attached text. Everything else is left out and counted in a notice; names
and addresses are never taken. Specification: https://hl7.org/fhir/R4/.
"""

import base64
import binascii
import datetime
import html
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from raredxr1.cases.plain import age_in_words, plain_note
from raredxr1.errors import InputError

Json = dict[str, Any]

_READ = ("Patient", "Condition", "Observation", "DocumentReference", "DiagnosticReport")
_SILENT = ("Encounter", "Practitioner", "PractitionerRole", "Organization", "Location", "Composition", "Provenance")
"""Resources that hold nothing clinical of their own; leaving them out needs no notice."""
_ERRORS = ("entered-in-error", "cancelled")
_NO = re.compile(r"no|absent|negative|false|not (?:present|detected|found)|n", re.IGNORECASE)
_YES = re.compile(r"yes|present|positive|true|detected|found|y", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_DAYS_A_YEAR = 365.25


def looks_like_fhir(value: object) -> bool:
    """Whether parsed JSON is a FHIR resource."""
    return isinstance(value, dict) and isinstance(value.get("resourceType"), str)


def note_of_fhir(value: Json, name: str) -> tuple[str, list[str]]:
    """Write a note from a bundle.

    Args:
        value: the parsed JSON.
        name: what messages call it.

    Returns:
        The note, and notices of what was left out.

    Raises:
        InputError: no bundle, not valid FHIR, several patients, nothing clinical in it, or the extra is not installed.
    """
    resources = _resources(value, name)
    by_type: dict[str, list[Json]] = {kind: [] for kind in _READ}
    others: Counter[str] = Counter()
    for resource in resources:
        kind = resource["resourceType"]
        if kind in by_type:
            by_type[kind].append(resource)
        elif kind not in _SILENT:
            others[kind] += 1
    if len(by_type["Patient"]) > 1:
        raise InputError(f"{name}: a FHIR bundle with several patients; give one patient a bundle")
    notices = ["The note was written from a FHIR bundle: its conditions, observations and document texts."]
    present, absent, measured = _clinical(by_type, notices)
    texts = [text for kind in ("DocumentReference", "DiagnosticReport") for d in by_type[kind] for text in _texts(d)]
    unread = len(by_type["DocumentReference"]) - sum(bool(_texts(d)) for d in by_type["DocumentReference"])
    if unread:
        others["DocumentReference without attached text"] += unread
    if others:
        notices.append(
            "Left out of the bundle: " + ", ".join(f"{n} {kind}" for kind, n in sorted(others.items())) + "."
        )
    sex, age = _person(by_type["Patient"][0] if by_type["Patient"] else {}, resources)
    parts = [plain_note(sex, age, list(dict.fromkeys(present)), list(dict.fromkeys(absent)))]
    parts += [f"Measurements: {'; '.join(measured)}."] if measured else []
    parts += texts
    if not present and not absent and not measured and not texts:
        raise InputError(f"{name}: a FHIR bundle without conditions, observations or document text")
    return "\n\n".join(part for part in parts if part), notices


def _resources(value: Json, name: str) -> list[Json]:
    """The resources of a bundle, after validation."""
    try:
        from fhir.resources.R4B.bundle import Bundle
    except ModuleNotFoundError as error:
        raise InputError(f'{name}: a FHIR resource; reading it needs pip install "raredxr1[fhir]"') from error
    if value["resourceType"] != "Bundle":
        raise InputError(f"{name}: a FHIR {value['resourceType'][:40]}; give a Bundle with the patient's resources")
    try:
        Bundle.model_validate(value)
    except (ValueError, KeyError) as error:
        raise InputError(f"{name}: not valid FHIR R4 ({_place(error)})") from error
    entries = value.get("entry") or []
    return [entry["resource"] for entry in entries if isinstance(entry.get("resource"), dict)]


def _place(error: Exception) -> str:
    """Where it is wrong; never what stands there."""
    errors = getattr(error, "errors", None)
    if not callable(errors):
        return "an unknown kind of resource"
    first = errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['type'].replace('_', ' ')}"


def _clinical(by_type: dict[str, list[Json]], notices: list[str]) -> tuple[list[str], list[str], list[str]]:
    present: list[str] = []
    absent: list[str] = []
    measured: list[str] = []
    wrong = unsaid = 0
    for condition in by_type["Condition"]:
        label, status = _label(condition.get("code")), _codes(condition.get("verificationStatus"))
        if "entered-in-error" in status or not label:
            wrong += 1
        else:
            (absent if "refuted" in status else present).append(label)
    for observation in by_type["Observation"]:
        label = _label(observation.get("code"))
        if observation.get("status") in _ERRORS or not label:
            wrong += 1
            continue
        for what, one in [
            (label, observation),
            *((_label(c.get("code")), c) for c in observation.get("component") or []),
        ]:
            said = _value(one)
            if isinstance(said, bool):
                (present if said else absent).append(what)
            elif said:
                measured.append(f"{what} {said}")
            elif one is not observation or not observation.get("component"):
                unsaid += 1
    if wrong:
        notices.append(f"Left out as entered in error, cancelled or without a name: {wrong}.")
    if unsaid:
        notices.append(f"Observations without a value, left out: {unsaid}.")
    return present, absent, measured


def _value(observation: Json) -> bool | str | None:
    """What an observation found: there or not, or a value in words; None where it says nothing."""
    if isinstance(observation.get("valueBoolean"), bool):
        return bool(observation["valueBoolean"])
    said = _label(observation.get("valueCodeableConcept")) or observation.get("valueString")
    if isinstance(said, str) and said.strip():
        return (
            False if _NO.fullmatch(said.strip()) else True if _YES.fullmatch(said.strip()) else " ".join(said.split())
        )
    quantity = observation.get("valueQuantity") or {}
    if "value" in quantity:
        unit = quantity.get("unit") or quantity.get("code") or ""
        meant = next((_label(i) for i in observation.get("interpretation") or [] if _label(i)), "")
        sign = quantity.get("comparator", "")
        return f"{sign}{quantity['value']:g} {unit}".strip() + (f" ({meant})" if meant else "")
    number = observation.get("valueInteger")
    return str(number) if number is not None else None


def _texts(document: Json) -> list[str]:
    """Texts attached to a document, as plain text."""
    attachments = [content.get("attachment") or {} for content in document.get("content") or []]
    attachments += document.get("presentedForm") or []
    found = []
    for attachment in attachments:
        kind = str(attachment.get("contentType", "")).partition(";")[0].strip().lower()
        if kind not in ("text/plain", "text/html", "text/markdown") or not attachment.get("data"):
            continue
        try:
            text = base64.b64decode(attachment["data"], validate=False).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if kind == "text/html":
            text = html.unescape(_TAG.sub(" ", text))
        if text.strip():
            found.append(text.strip())
    if isinstance(document.get("conclusion"), str):
        found.append(document["conclusion"].strip())
    return found


def _label(concept: object) -> str:
    """The words of a CodeableConcept: its text, else the first display, else the first code."""
    if not isinstance(concept, dict):
        return ""
    codings = [coding for coding in concept.get("coding") or [] if isinstance(coding, dict)]
    said = [concept.get("text"), *(c.get("display") for c in codings), *(c.get("code") for c in codings)]
    return next((" ".join(s.split()) for s in said if isinstance(s, str) and s.strip()), "")


def _codes(concept: object) -> set[str]:
    if not isinstance(concept, dict):
        return set()
    return {str(coding.get("code")) for coding in concept.get("coding") or [] if isinstance(coding, dict)}


def _person(patient: Json, resources: Sequence[Json]) -> tuple[str | None, str | None]:
    """Sex, and age at the last date the bundle holds."""
    sex = {"female": "Female", "male": "Male"}.get(str(patient.get("gender")))
    born = _date(patient.get("birthDate"))
    keys = ("date", "recordedDate", "effectiveDateTime", "issued")
    dates = [found for r in resources for key in keys if (found := _date(r.get(key)))]
    dates += [d for r in resources if (d := _date((r.get("period") or {}).get("start") if _period(r) else None))]
    if born is None or not dates or max(dates) < born:
        return sex, None
    return sex, age_in_words((max(dates) - born).days / _DAYS_A_YEAR)


def _period(resource: Json) -> bool:
    return isinstance(resource.get("period"), dict)


def _date(value: object) -> datetime.date | None:
    if not isinstance(value, str):
        return None
    try:
        return datetime.date.fromisoformat((value + "-01-01")[:10] if len(value) == 4 else (value + "-01")[:10])
    except ValueError:
        return None
