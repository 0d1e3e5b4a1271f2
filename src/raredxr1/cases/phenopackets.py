"""GA4GH phenopackets, version 2, as JSON: one packet becomes one Case.

The format is protobuf's JSON mapping of https://phenopacket-schema.readthedocs.io/en/v2/: keys in camelCase or
snake_case, unset fields left out. Read are the subject (age, sex), the phenotypic features (polarity, onset,
modifiers), the diagnoses and the literature reference. Left out on purpose: variants, measurements, treatments and
files. A family, a cohort or a version 1 packet (where "excluded" has another name, so that every absent finding would
turn present) is refused.
"""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from raredxr1.errors import InputError
from raredxr1.schemas import Case, DiseaseName

_HPO_ID = re.compile(r"HP:\d{7}")
_DISEASE_ID = re.compile(r"[A-Za-z][\w.]*:\S+")
_SIGNS = {"phenotypicfeatures", "subject", "proband", "phenopackets", "members"}
_ISO_DAYS = 365.25, 30.4375

Json = dict[str, Any]


def is_hpo_id(value: object) -> bool:
    """Whether a value has the form HP:1234567."""
    return isinstance(value, str) and _HPO_ID.fullmatch(value) is not None


def looks_like_phenopacket(data: object) -> bool:
    """Whether parsed JSON is a phenopacket, or one of the messages that hold several."""
    return isinstance(data, dict) and bool(_SIGNS & {_plain(key) for key in data})


def read_phenopacket(path: Path) -> Case:
    """Read one phenopacket file.

    Raises:
        InputError: missing, no JSON, or no single version 2 phenopacket with phenotypes; see `case_of_phenopacket`.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{path}: no JSON (line {error.lineno}: {error.msg})") from error
    except RecursionError as error:
        raise InputError(f"{path}: no phenopacket (nested too deeply)") from error
    return case_of_phenopacket(data, str(path))


def case_of_phenopacket(data: object, name: str) -> Case:
    """Turn a parsed phenopacket into a case.

    Args:
        data: the JSON value.
        name: what messages call it, usually the file's path.

    Returns:
        The case; beside the known fields it has `onset` and `features` (id, label, excluded, onset, modifiers, severity
        of each feature, in order).

    Raises:
        InputError: several patients in one, version 1, no phenotypes, a malformed id, or a field of the wrong kind.
    """
    packet = _message(data, name, "the document")
    _refuse_others(packet, name)
    features = [_feature(f, name, i) for i, f in enumerate(_list(packet, "phenotypicFeatures", name), 1)]
    if not features:
        raise InputError(f"{name}: a phenopacket without phenotypicFeatures; there is nothing to diagnose from")
    subject = _sub(packet, "subject", name)
    return Case.model_validate(
        {
            "case_id": _text(packet, "id", name) or Path(name).stem,
            "hpo_observed": list(dict.fromkeys(f["id"] for f in features if not f["excluded"])),
            "hpo_excluded": list(dict.fromkeys(f["id"] for f in features if f["excluded"])),
            "age": _age(subject, name),
            "sex": _sex(subject, name),
            "gold": _gold(packet, name),
            "source": name,
            "pmid": _pmid(packet, name),
            "onset": _onset(packet, name),
            "features": features,
        }
    )


def _refuse_others(packet: Json, name: str) -> None:
    keys = {_plain(key) for key in packet}
    if keys & {"proband", "relatives", "pedigree"}:
        raise InputError(f"{name}: a family; give the proband's phenopacket alone")
    if keys & {"phenopackets", "members"}:
        raise InputError(f"{name}: holds several phenopackets; give one a file")
    version = _text(_sub(packet, "metaData", name), "phenopacketSchemaVersion", name) or ""
    old = any("negated" in f for f in _list(packet, "phenotypicFeatures", name) if isinstance(f, dict))
    if old or version.startswith("1"):
        raise InputError(f"{name}: a version 1 phenopacket; convert it to version 2 first")


def _feature(value: object, name: str, number: int) -> Json:
    where = f"phenotypicFeatures[{number}]"
    feature = _message(value, name, where)
    kind = _sub(feature, "type", name)
    hpo_id = _get(kind, "id")
    if not is_hpo_id(hpo_id):
        raise InputError(f"{name}: {where} has the id {hpo_id!r}; an HPO id looks like HP:0001250")
    excluded = _get(feature, "excluded")
    if excluded not in (None, True, False):
        raise InputError(f"{name}: {where} has excluded {excluded!r}; it is true or false")
    modifiers = [_label(_message(m, name, where), name) for m in _list(feature, "modifiers", name)]
    return {
        "id": hpo_id,
        "label": _text(kind, "label", name),
        "excluded": bool(excluded),
        "onset": _time(_sub(feature, "onset", name), name),
        "modifiers": [label for label in modifiers if label],
        "severity": _label(_sub(feature, "severity", name), name),
    }


def _gold(packet: Json, name: str) -> list[DiseaseName]:
    """What the packet says the patient has: concluded interpretations first, then diseases not excluded."""
    terms: list[Json] = []
    for value in _list(packet, "interpretations", name):
        diagnosis = _sub(_message(value, name, "interpretations"), "diagnosis", name)
        terms.append(_sub(diagnosis, "disease", name))
    for value in _list(packet, "diseases", name):
        disease = _message(value, name, "diseases")
        if not _get(disease, "excluded"):
            terms.append(_sub(disease, "term", name))
    gold: dict[str, DiseaseName] = {}
    for term in terms:
        disease_id, label = _text(term, "id", name), _text(term, "label", name) or ""
        if disease_id and not _DISEASE_ID.fullmatch(disease_id):
            raise InputError(f"{name}: the disease id {disease_id!r} is malformed; it looks like OMIM:312750")
        if disease_id or label:
            gold.setdefault(disease_id or label, DiseaseName(id=disease_id, label=label))
    return list(gold.values())


def _age(subject: Json, name: str) -> str | None:
    """Age at the last encounter, else at death; computed from two timestamps where that is all there is."""
    status = _sub(subject, "vitalStatus", name)
    for element in (_sub(subject, "timeAtLastEncounter", name), _sub(status, "timeOfDeath", name)):
        stamp, born = _text(element, "timestamp", name), _text(subject, "dateOfBirth", name)
        if stamp and born:
            return _between(born, stamp, name)
        if age := _time(element, name):
            return age
    return None


def _time(element: Json, name: str) -> str | None:
    """A TimeElement as an ISO 8601 duration where it is one, else as text."""
    if duration := _text(_sub(element, "age", name), "iso8601duration", name):
        return duration
    if bounds := _sub(element, "ageRange", name):
        ends = [_text(_sub(bounds, end, name), "iso8601duration", name) for end in ("start", "end")]
        return " to ".join(end for end in ends if end) or None
    if weeks := _get(_sub(element, "gestationalAge", name), "weeks"):
        return f"{weeks} weeks of gestation"
    return _label(_sub(element, "ontologyClass", name), name)


def _between(born: str, stamp: str, name: str) -> str:
    try:
        days = (datetime.fromisoformat(stamp[:10]) - datetime.fromisoformat(born[:10])).days
    except ValueError as error:
        raise InputError(f"{name}: subject has a malformed timestamp") from error
    years, rest = divmod(max(days, 0), _ISO_DAYS[0])
    months = int(rest // _ISO_DAYS[1])
    return f"P{int(years)}Y{months}M" if years >= 1 else f"P{months}M" if months else f"P{max(days, 0)}D"


def _sex(subject: Json, name: str) -> str | None:
    sex = (_text(subject, "sex", name) or "").lower()
    return sex if sex in ("female", "male") else None


def _pmid(packet: Json, name: str) -> str | None:
    references = _list(_sub(packet, "metaData", name), "externalReferences", name)
    ids = [_text(_message(r, name, "externalReferences"), "id", name) or "" for r in references]
    return next((i for i in ids if i.startswith("PMID:")), None)


def _onset(packet: Json, name: str) -> str | None:
    """When the disease began, where a disease of the packet says so."""
    for value in _list(packet, "diseases", name):
        disease = _message(value, name, "diseases")
        if not _get(disease, "excluded") and (onset := _time(_sub(disease, "onset", name), name)):
            return onset
    return None


# --- protobuf JSON ---------------------------------------------------------------------------------------------------


def _plain(key: object) -> str:
    """The key of a field in either spelling: phenotypic_features and phenotypicFeatures are one."""
    return str(key).replace("_", "").lower()


def _get(message: Json, key: str) -> Any:
    wanted = _plain(key)
    return next((value for name, value in message.items() if _plain(name) == wanted), None)


def _message(value: object, name: str, where: str) -> Json:
    if not isinstance(value, dict):
        raise InputError(f"{name}: {where} is no JSON object; is it a phenopacket?")
    return value


def _sub(message: Json, key: str, name: str) -> Json:
    value = _get(message, key)
    return {} if value is None else _message(value, name, key)


def _list(message: Json, key: str, name: str) -> list[Any]:
    value = _get(message, key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{name}: {key} is no list; is it a phenopacket?")
    return value


def _text(message: Json, key: str, name: str) -> str | None:
    value = _get(message, key)
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    raise InputError(f"{name}: {key} is no text; is it a phenopacket?")


def _label(ontology_class: Json, name: str) -> str | None:
    return _text(ontology_class, "label", name) or _text(ontology_class, "id", name)
