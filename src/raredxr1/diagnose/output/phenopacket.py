"""A Result as a GA4GH phenopacket, version 2: what the note states as features, the differential as interpretations.

Each candidate becomes an interpretation in progress with its rank and confidence in words; one without an id keeps its
name there and has no diagnosis, because a phenopacket cannot name a disease without one. The model's own findings are
used where it quoted any, else those a dictionary search finds; each feature says which. What is uncertain or of a
relative is no feature, and the metadata says so by name. The note itself is left out.
Schema: https://phenopacket-schema.readthedocs.io/en/v2/.
"""

import datetime
import json
from collections.abc import Sequence
from typing import Any

from raredxr1.diagnose.output import words
from raredxr1.diagnose.output.glossary import printable, shown
from raredxr1.diagnose.result import Ranked, Result

Json = dict[str, Any]

_SEXES = {"female": "female", "male": "male", "girl": "female", "boy": "male"}
_RESOURCES = {
    "HP": ("hp", "Human Phenotype Ontology", "http://purl.obolibrary.org/obo/hp.owl", "http://purl.obolibrary.org/obo/HP_"),
    "OMIM": ("omim", "Online Mendelian Inheritance in Man", "https://www.omim.org", "https://www.omim.org/entry/"),
    "ORPHA": ("orpha", "Orphanet", "https://www.orpha.net", "https://www.orpha.net/en/disease/detail/"),
    "DECIPHER": ("decipher", "DECIPHER", "https://www.deciphergenomics.org", "https://www.deciphergenomics.org/syndrome/"),
}  # fmt: skip


def phenopacket(result: Result, created: datetime.datetime | None = None) -> str:
    """Write a result as phenopacket JSON.

    Args:
        result: with `stated` findings, if the model quoted none (`Options.stated`).
        created: the time to state; by default now.
    """
    moment = (created or datetime.datetime.now(tz=datetime.UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    subject = _subject(result)
    packet: Json = {
        "id": f"raredx-{result.note_sha256[:12]}",
        "subject": subject,
        "phenotypicFeatures": _features(result),
        "interpretations": [_interpretation(candidate, result) for candidate in result.candidates],
        "metaData": {
            "created": moment,
            "createdBy": f"RareDxR1 {result.versions.raredxr1}, model {result.versions.model}",
            "resources": _resources(result),
            "phenopacketSchemaVersion": "2.0",
        },
    }
    packet["metaData"] |= left_out([(one.term, one.hpo_id, one.state) for one in result.stated], packet["metaData"])
    return json.dumps(packet, indent=2, ensure_ascii=False) + "\n"


def left_out(findings: Sequence[tuple[str, str | None, str]], made: Json) -> Json:
    """What to say in the metadata of findings that are neither present nor absent, and so are no features.

    Args:
        findings: term, HPO id and state.
        made: the metadata: when, and by what.

    Returns:
        An update with a comment, the one place of a phenopacket for such words; empty where nothing was left out.
    """
    parts = []
    for state in ("uncertain", "other", "hypothetical"):
        named = [f"{printable(term)} ({hpo_id})" for term, hpo_id, said in findings if hpo_id and said == state]
        if named:
            parts.append(f"{shown(state)}: {', '.join(named)}")
    if without := [printable(term) for term, hpo_id, _ in findings if not hpo_id]:
        parts.append(f"without an HPO term: {', '.join(without)}")
    if not parts:
        return {}
    only = "Read in the note and left out of phenotypicFeatures, which knows HPO terms that are present or excluded"
    return _remark(f"{only}: {'; '.join(parts)}.", made)


def _remark(comment: str, made: Json) -> Json:
    return {"updates": [{"timestamp": made["created"], "updatedBy": made["createdBy"], "comment": comment}]}


def _subject(result: Result) -> Json:
    """Age when seen and sex, as the note states them; the model's turn where only it says the sex."""
    age, sex = result.patient.age, result.patient.sex
    said = sex.value if sex else _SEXES.get((result.diagnosis.context.sex or "").strip().lower())
    subject: Json = {"id": "proband"}
    if age and age.kind == "presentation":
        subject["timeAtLastEncounter"] = {"age": {"iso8601duration": age.iso8601}}
        if age.to_years is not None:
            ends = {"start": age.iso8601, "end": f"P{int(age.to_years)}Y"}
            subject["timeAtLastEncounter"] = {"ageRange": {key: {"iso8601duration": end} for key, end in ends.items()}}
    if said:
        subject["sex"] = said.upper()
    return subject


def _features(result: Result) -> list[Json]:
    """Each HPO term once; what is neither present nor absent in the patient is no feature."""
    quoted = [
        (f.hpo_id, f.term, f.present, f.quote, "quoted by the model")
        for f in result.diagnosis.findings
        if f.hpo_id and f.span
    ]
    found = [(f.hpo_id, f.term, f.present, f.quote, words.read_by(f)) for f in result.stated if f.present is not None]
    features: dict[str, Json] = {}
    for hpo_id, term, present, quote, by in found or quoted:
        feature: Json = {"type": {"id": hpo_id, "label": printable(term)}}
        if not present:
            feature["excluded"] = True
        feature["description"] = f"“{printable(quote)}” ({by})" if quote else by
        features.setdefault(hpo_id, feature)
    return list(features.values())


def _interpretation(candidate: Ranked, result: Result) -> Json:
    sure = (
        f", confidence {words.percent(candidate.confidence)} ({result.confidence_kind})" if candidate.confidence else ""
    )
    said: Json = {
        "id": f"candidate-{candidate.rank}",
        "progressStatus": "IN_PROGRESS",
        "summary": f"Rank {candidate.rank}: {printable(candidate.name)}{sure}. {result.disclaimer}",
    }
    if candidate.id:
        disease = {"id": candidate.id, "label": printable(candidate.label or candidate.name)}
        said["diagnosis"] = {"disease": disease}
    return said


def _resources(result: Result) -> list[Json]:
    """The vocabularies that ids are of, each with its version where it is known."""
    used = {"HP"} | {c.id.partition(":")[0] for c in result.candidates if c.id}
    listed = []
    for prefix in sorted(used & set(_RESOURCES)):
        key, name, url, iri = _RESOURCES[prefix]
        version = result.versions.knowledge
        listed.append(
            {"id": key, "name": name, "url": url, "version": version, "namespacePrefix": prefix, "iriPrefix": iri}
        )
    return listed
