"""Bytes become a note: text as it is, a phenopacket by its phenotypes in plain words, a FHIR bundle likewise."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from raredxr1.cases.phenopackets import case_of_phenopacket, looks_like_phenopacket
from raredxr1.cases.plain import render_case
from raredxr1.diagnose.fhir import looks_like_fhir, note_of_fhir
from raredxr1.diagnose.limits import check_words, decode
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


def read_input(data: bytes, name: str) -> Text | Packet:
    """Check an input and tell by its content what it is.

    Raises:
        InputError: it cannot be a note (see `limits`), or is JSON but no phenopacket or FHIR bundle that can be read.
    """
    text = decode(data, name)
    if text.lstrip()[:1] in ("{", "["):
        try:
            value = json.loads(text)
        except RecursionError as error:
            raise InputError(f"{name}: JSON nested too deeply") from error
        except json.JSONDecodeError as error:
            if PurePath(name).suffix.lower() == ".json":
                raise InputError(f"{name}: no JSON (line {error.lineno}: {error.msg})") from error
        else:
            return of_json(value, name)
    check_words(text, name)
    return Text(text)


def of_text(note: str, name: str) -> Text:
    """Check a note given as a text; it is held to what holds for the bytes of a file.

    Raises:
        InputError: it cannot be a note; see `limits`.
    """
    text = decode(note.encode("utf-8", "surrogatepass"), name)
    check_words(text, name)
    return Text(text)


def of_json(value: object, name: str) -> Text | Packet:
    """Tell what parsed JSON is.

    Raises:
        InputError: neither a phenopacket nor a FHIR bundle, or one that cannot be used.
    """
    if isinstance(value, dict) and looks_like_fhir(value):
        note, notices = note_of_fhir(value, name)
        check_words(note, name)
        return Text(note, tuple(notices))
    if not looks_like_phenopacket(value):
        raise InputError(f"{name}: JSON, but no phenopacket and no FHIR bundle; give the note as plain text")
    return Packet(case_of_phenopacket(value, name))


def note_of(given: Text | Packet, name: str, kb: KnowledgeBase) -> tuple[str, Sequence[str]]:
    """Give the note of an input, and notices of what had to be done to read it.

    Raises:
        InputError: a phenopacket with an id the knowledge base lacks.
    """
    if isinstance(given, Text):
        return given.note, given.notices
    case = given.case
    notices = ["The note was written from the phenopacket's terms; ages of onset and modifiers are left out."]
    for hpo_id in (*case.hpo_observed, *case.hpo_excluded):
        current = kb.resolve_term(hpo_id)
        if current and current != hpo_id:
            notices.append(f"{hpo_id} is obsolete or an alternative id; it was read as {current}.")
    try:
        return render_case(case, kb), notices
    except InputError as error:
        raise InputError(f"{name}: {error}") from error
