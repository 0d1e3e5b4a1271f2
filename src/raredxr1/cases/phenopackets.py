"""GA4GH phenopackets as JSON, version 2, and what version 1 says otherwise: one packet becomes one Case.

The format is protobuf's JSON mapping of https://phenopacket-schema.readthedocs.io/en/v2/: keys in camelCase or
snake_case, unset fields left out, enums by name or number. Read are the subject (age, sex), the phenotypic features
(polarity, onset, modifiers), the diagnoses and the literature reference. Left out on purpose: variants, measurements,
treatments and files. Version 1 is told by its fields (negated, ageAtCollection) or by its metaData. A family or a
cohort is refused. Features of other ontologies, or by a label alone, are kept among `features`; what becomes of them
is decided where the knowledge base is known (`cases.hpo_terms`).
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from raredxr1 import lazy_re as re
from raredxr1.errors import InputError
from raredxr1.schemas import Case, DiseaseName

_HPO_ID = re.compile(r"HP:\d{7}")
_WRITTEN = re.compile(r"(?:https?://purl\.obolibrary\.org/obo/)?HPO?[:_](\d{7})", re.IGNORECASE)
_DISEASE_ID = re.compile(r"[A-Za-z][\w.]*:\S+")
_YAML = re.compile(r"^(?:phenotypic_?features|phenotypes)\s*:", re.IGNORECASE | re.MULTILINE)
_SIGNS = {"phenotypicfeatures", "phenotypes", "subject", "proband", "phenopackets", "members"}
_SEXES = {"female": "female", "f": "female", "1": "female", "male": "male", "m": "male", "2": "male"}
_YES_NO = {"true": True, "false": False}
_ISO_DAYS = 365.25, 30.4375

Json = dict[str, Any]


def is_hpo_id(value: object) -> bool:
    """Whether a value has the form HP:1234567."""
    return isinstance(value, str) and _HPO_ID.fullmatch(value) is not None


def hpo_id_of(written: object) -> str | None:
    """The HPO id that hp:0001250, HPO:0001250, HP_0001250 or its address means; None: something else."""
    match = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    return f"HP:{match[1]}" if match else None


def looks_like_yaml(text: str) -> bool:
    """Whether a text that is no JSON has a phenopacket's field as a key at the start of a line."""
    return _YAML.search(text) is not None


def looks_like_phenopacket(data: object) -> bool:
    """Whether parsed JSON is a phenopacket, or one of the messages that hold several."""
    return isinstance(data, dict) and bool(_SIGNS & {_plain(key) for key in data})


def case_of_phenopacket(data: object, name: str) -> Case:
    """Turn a parsed phenopacket into a case.

    Args:
        data: the JSON value.
        name: what messages call it, usually the file's path.

    Returns:
        The case; beside the known fields it has `onset`, `features` (id, label, excluded, onset, modifiers, severity
        of each feature, in order, of whatever ontology), `unread` (what else the packet holds, in words) and `version`
        (1 or 2). `hpo_observed` and `hpo_excluded` are the ids of the features of the HPO.

    Raises:
        InputError: several patients in one, no phenotypes, or a field of the wrong kind.
    """
    packet = _message(data, name, "the document")
    _refuse_others(packet, name)
    listed = _list(packet, "phenotypicFeatures", name) or _list(packet, "phenotypes", name)
    features = [_feature(f, name, i) for i, f in enumerate(listed, 1)]
    if not features:
        raise InputError(f"{name}: a phenopacket without phenotypicFeatures; there is nothing to diagnose from")
    subject = _sub(packet, "subject", name)
    return Case.model_validate(
        {
            "case_id": _text(packet, "id", name) or Path(name).stem,
            "hpo_observed": _hpo_ids(features, excluded=False),
            "hpo_excluded": _hpo_ids(features, excluded=True),
            "age": _age(subject, name),
            "sex": _sex(subject, name),
            "gold": _gold(packet, name),
            "source": name,
            "pmid": _pmid(packet, name),
            "onset": _onset(packet, name),
            "features": features,
            "unread": _unread(packet),
            "version": 1 if _is_old(packet, listed, name) else 2,
        }
    )


def _unread(packet: Json) -> str:
    """What of the patient is left out, in words: "2 measurements, 1 medicalActions"."""
    held = ((key, _get(packet, key)) for key in ("measurements", "medicalActions", "biosamples", "variants", "genes"))
    return ", ".join(f"{len(value)} {key}" for key, value in held if isinstance(value, list) and value)


def _hpo_ids(features: list[Json], *, excluded: bool) -> list[str]:
    return list(dict.fromkeys(f["id"] for f in features if f["excluded"] == excluded and is_hpo_id(f["id"])))


def _is_old(packet: Json, listed: list[Any], name: str) -> bool:
    """Whether a packet is of version 1."""
    version = _text(_sub(packet, "metaData", name), "phenopacketSchemaVersion", name) or ""
    subject = {_plain(key) for key in _sub(packet, "subject", name)}
    return (
        version.startswith("1")
        or bool(subject & {"ageatcollection", "agerangeatcollection"})
        or any("negated" in feature for feature in listed if isinstance(feature, dict))
    )


def _refuse_others(packet: Json, name: str) -> None:
    keys = {_plain(key) for key in packet}
    if keys & {"proband", "relatives", "pedigree"}:
        raise InputError(f"{name}: a family; give the proband's phenopacket alone")
    if keys & {"phenopackets", "members"}:
        raise InputError(f"{name}: holds several phenopackets; give one a file")


def _feature(value: object, name: str, number: int) -> Json:
    where = f"phenotypicFeatures[{number}]"
    feature = _message(value, name, where)
    kind = _sub(feature, "type", name)
    written, label = _text(kind, "id", name), _text(kind, "label", name)
    if not written and not label:
        raise InputError(f"{name}: {where} has neither an id nor a label; an HPO id looks like HP:0001250")
    stated = {flag for key in ("excluded", "negated") if (flag := _flag(feature, key, name, where)) is not None}
    if len(stated) > 1:
        raise InputError(f"{name}: {where} is both excluded and not (excluded and negated differ)")
    modifiers = [_label(_message(m, name, where), name) for m in _list(feature, "modifiers", name)]
    return {
        "id": hpo_id_of(written) or written,
        "label": label,
        "excluded": True in stated,
        "onset": _time(_sub(feature, "onset", name), name) or _old_time(feature, "OfOnset", name),
        "modifiers": [label for label in modifiers if label],
        "severity": _label(_sub(feature, "severity", name), name),
    }


def _flag(message: Json, key: str, name: str, where: str) -> bool | None:
    value = _get(message, key)
    flag = _YES_NO.get(value.strip().lower()) if isinstance(value, str) else value
    if flag not in (None, True, False) or (value is not None and flag is None):
        raise InputError(f"{name}: {where} has {key} {value!r}; it is true or false")
    return None if flag is None else bool(flag)


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
        born, interval = _text(subject, "dateOfBirth", name), _sub(element, "interval", name)
        stamps = [_text(element, "timestamp", name), *(_text(interval, end, name) for end in ("start", "end"))]
        if born and any(stamps):
            return " to ".join(dict.fromkeys(_between(born, stamp, name) for stamp in stamps if stamp))
        if age := _time(element, name):
            return age
    return _old_time(subject, "AtCollection", name)


def _time(element: Json, name: str) -> str | None:
    """A TimeElement as an ISO 8601 duration where it is one, else as text."""
    if isinstance(stated := _get(element, "age"), str):
        return stated.strip() or None
    if duration := _text(_sub(element, "age", name), "iso8601duration", name):
        return duration
    if bounds := _sub(element, "ageRange", name):
        ends = [_text(_sub(bounds, end, name), "iso8601duration", name) for end in ("start", "end")]
        return " to ".join(end for end in ends if end) or None
    if gestation := _gestation(_sub(element, "gestationalAge", name)):
        return gestation
    return _label(_sub(element, "ontologyClass", name), name)


def _gestation(age: Json) -> str | None:
    counts = [_get(age, unit) for unit in ("weeks", "days")]
    weeks, days = (int(n) if isinstance(n, (int, str)) and str(n).strip().isdecimal() else 0 for n in counts)
    if not weeks:
        return None
    return f"{weeks} weeks {f'{days} days ' if days else ''}of gestation"


def _old_time(message: Json, suffix: str, name: str) -> str | None:
    """A time as version 1 writes it: ageAtCollection {age}, ageRangeAtCollection {start {age}, end {age}}."""
    if age := _text(_sub(message, f"age{suffix}", name), "age", name):
        return age
    bounds = _sub(message, f"ageRange{suffix}", name)
    ends = [_text(_sub(bounds, end, name), "age", name) for end in ("start", "end")]
    return " to ".join(end for end in ends if end) or _label(_sub(message, f"class{suffix}", name), name)


def _between(born: str, stamp: str, name: str) -> str:
    try:
        days = (datetime.fromisoformat(stamp[:10]) - datetime.fromisoformat(born[:10])).days
    except ValueError as error:
        raise InputError(f"{name}: subject has a malformed timestamp") from error
    if days < 0:
        return f"-P{-days}D"  # said as an age that is none
    years, rest = divmod(days, _ISO_DAYS[0])
    months = int(rest // _ISO_DAYS[1])
    return f"P{int(years)}Y{months}M" if years >= 1 else f"P{months}M" if months else f"P{days}D"


def _sex(subject: Json, name: str) -> str | None:
    sex = _get(subject, "sex")
    return _SEXES.get(str(sex).strip().lower()) if isinstance(sex, (str, int)) else None


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
