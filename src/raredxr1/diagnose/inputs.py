"""Bytes become a note: text as it is; a phenopacket (JSON, YAML) and a FHIR bundle by their findings in plain words."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from raredxr1.cases.hpo_terms import Coded, names_of, terms_of
from raredxr1.cases.json_text import is_broken, parse_json
from raredxr1.cases.phenopackets import case_of_phenopacket, looks_like_phenopacket, looks_like_yaml
from raredxr1.cases.plain import is_malformed_age, plain_note, spoken_age
from raredxr1.diagnose.fhir import FhirRecord, looks_like_fhir, record_of_fhir
from raredxr1.diagnose.given_terms import GivenTerms, looks_like_terms, of_terms
from raredxr1.diagnose.limits import check_words, read_text
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import Case


@dataclass(frozen=True)
class Text:
    """A note given as text, and what had to be done to have it as such."""

    note: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Packet:
    """A phenopacket; its note is yet to be written."""

    case: Case


Document = Text | Packet | FhirRecord | GivenTerms
"""What an input is."""

_SEXES = {"m": "Male", "male": "Male", "f": "Female", "female": "Female"}
_YAML = (".yml", ".yaml")


def read_input(data: bytes, name: str) -> Document:
    """Check an input and tell by its content what it is.

    Raises:
        InputError: it cannot be a note (see `limits`), or is JSON or YAML but no phenopacket or FHIR bundle that can be
            read.
    """
    text, notices = read_text(data, name)
    if text.lstrip()[:1] in ("{", "["):
        try:
            value = parse_json(text)
        except InputError as error:
            raise InputError(f"{name}: {error}") from error
        except json.JSONDecodeError as error:
            if resources := _fhir_lines(text):
                return of_json(resources, name)
            if PurePath(name).suffix.lower() == ".json":
                raise InputError(f"{name}: no JSON (line {error.lineno}: {error.msg})") from error
        else:
            return of_json(value, name)
    elif PurePath(name).suffix.lower() in _YAML or looks_like_yaml(text):
        from raredxr1.cases.yaml_text import parse_yaml  # brings a parser that other notes do without

        value = parse_yaml(text, name)
        if not isinstance(value, str):
            return of_json(value, name, "YAML")
    check_words(text, name)
    return Text(text, tuple(notices))


def _fhir_lines(text: str) -> dict[str, object] | None:
    """Lines that are a FHIR resource each (NDJSON, as servers export) as a bundle; None where they are not."""
    try:
        values = [parse_json(line) for line in text.splitlines() if line.strip()]
    except (InputError, json.JSONDecodeError):
        return None
    if not all(map(looks_like_fhir, values)):
        return None
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": value} for value in values]}


def of_text(note: str, name: str) -> Text:
    """Check a note given as a text; it is held to what holds for the bytes of a file.

    Raises:
        InputError: it cannot be a note; see `limits`.
    """
    if is_broken(note):
        raise InputError(f"{name}: half a character in it (a lone surrogate), so its text is damaged; save it anew")
    text, notices = read_text(note.encode("utf-8"), name)
    check_words(text, name)
    return Text(text, tuple(notices))


def of_json(value: object, name: str, what: str = "JSON") -> Document:
    """Tell what parsed JSON is.

    Args:
        value: what was parsed.
        name: what messages call it.
        what: the format it was parsed from.

    Raises:
        InputError: neither a phenopacket nor a FHIR bundle, or one that cannot be used.
    """
    if isinstance(value, dict) and looks_like_fhir(value):
        return record_of_fhir(value, name)
    if isinstance(value, dict) and looks_like_terms(value):
        return of_terms(value, name)
    if not looks_like_phenopacket(value):
        advice = "give the note as plain text"
        if isinstance(value, list) and any(map(looks_like_phenopacket, value)):
            advice = "a list of them is a batch: one a line of a .jsonl file, with --batch"
        raise InputError(f"{name}: {what}, but no phenopacket and no FHIR bundle; {advice}")
    return Packet(case_of_phenopacket(value, name))


def note_of(given: Document, name: str, kb: KnowledgeBase, strict: bool = False) -> tuple[str, Sequence[str]]:
    """Give the note of an input, and notices of what had to be done to read it.

    Args:
        given: the input.
        name: what messages call it.
        kb: what codes are read by.
        strict: refuse an input of which something had to be left out, or read otherwise than it says.

    Raises:
        InputError: nothing in it can be used; with `strict`, anything.
    """
    if isinstance(given, Text):
        return given.note, given.notices
    note, notices, left_out = (
        given.note(kb, name) if isinstance(given, FhirRecord | GivenTerms) else _of_packet(given.case, name, kb)
    )
    if strict and left_out:
        raise InputError(
            f"{name}: {len(left_out)} of its statements cannot be read as they stand; without --strict (over HTTP "
            "options.strict) they are left out, and the answer says which"
        )
    note = note.replace("\x00", " ")  # JSON can hold null characters, and no file of text does
    check_words(note, name)
    return note, [*notices, *left_out]


def _of_packet(case: Case, name: str, kb: KnowledgeBase) -> tuple[str, list[str], list[str]]:
    """The note of a case given by its terms: who, what is present, what is absent."""
    features = (case.model_extra or {}).get("features")
    if features is None:
        findings = [Coded(hpo_id, None, True) for hpo_id in case.hpo_observed]
        findings += [Coded(hpo_id, None, False) for hpo_id in case.hpo_excluded]
    else:
        findings = [Coded(feature["id"], feature["label"], not feature["excluded"]) for feature in features]
    if not findings:
        raise InputError(f"{name}: neither a note nor phenotypes")
    terms = terms_of(findings, kb)
    if not terms.present and not terms.absent:
        raise InputError(f"{name}: none of its {len(findings)} findings can be used: {terms.left_out[0]}")
    notices = ["The note was written from the phenopacket's terms; ages of onset and modifiers are left out."]
    if (case.model_extra or {}).get("version") == 1:
        notices.append("It is a version 1 phenopacket; its absent findings (negated) were read as such.")
    if unread := (case.model_extra or {}).get("unread"):
        notices.append(f"Left out of the phenopacket: {unread}.")
    left_out = list(terms.left_out)
    age = case.age
    if is_malformed_age(age):
        left_out.append("The age is no ISO 8601 duration such as P3Y6M that a person can have; it was left out.")
        age = None
    who = _SEXES.get((case.sex or "").lower()), spoken_age(age)
    note = plain_note(*who, names_of(terms.present, kb), names_of(terms.absent, kb))
    return note, [*notices, *terms.notices], left_out
