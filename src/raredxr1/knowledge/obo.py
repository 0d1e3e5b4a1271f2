"""Read hp.obo (OBO 1.2/1.4 flat file): terms, definitions, synonyms, is-a, obsolete and alternative ids.

Only the stanzas and tags the project uses are read; cross-references and logical definitions are left out on purpose.
Format: https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from raredxr1.errors import InputError

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(.*)')
_ID = re.compile(r"HP:\d{7}")

SCOPES = ("EXACT", "BROAD", "NARROW", "RELATED")


@dataclass(frozen=True)
class Synonym:
    """Another name of a term: its scope (EXACT, BROAD, NARROW, RELATED) and kind ("layperson", "abbreviation", ...)."""

    text: str
    scope: str
    kind: str = ""


@dataclass
class Term:
    """One [Term] stanza."""

    id: str = ""
    name: str = ""
    definition: str = ""
    synonyms: list[Synonym] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    alternative_ids: list[str] = field(default_factory=list)
    obsolete: bool = False
    replaced_by: str = ""


@dataclass(frozen=True)
class Ontology:
    """All terms in file order, and the release they come from."""

    version: str
    terms: list[Term]


def read_obo(lines: Iterable[str], name: str = "hp.obo") -> Ontology:
    """Read an ontology.

    Args:
        lines: the file's lines.
        name: the file's name, for errors.

    Raises:
        InputError: no version, no term, or a line that breaks the format.
    """
    version = ""
    terms: list[Term] = []
    starts: list[int] = []
    term: Term | None = None
    for number, tag, value in _tags(lines):
        if tag == "[Term]":
            term = Term()
            terms.append(term)
            starts.append(number)
        elif tag.startswith("["):
            term = None
        elif tag == "data-version":
            version = value.rsplit("/", 1)[-1]
        elif term is not None:
            try:
                _set(term, tag, value)
            except ValueError as error:
                raise InputError(f"{name} line {number}: {error}") from error
    if not version or not terms:
        raise InputError(f"{name}: not an OBO ontology (no data-version or no term)")
    seen: set[str] = set()
    for number, term in zip(starts, terms, strict=True):
        if not term.id or not term.name:
            raise InputError(f"{name} line {number}: a term without id or name")
        if term.id in seen:
            raise InputError(f"{name} line {number}: {term.id} stands twice")
        seen.add(term.id)
    return Ontology(version, terms)


def _tags(lines: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\n")
        if line.startswith("["):
            yield number, line, ""
        elif ": " in line:
            tag, _, value = line.partition(": ")
            yield number, tag, value


def _set(term: Term, tag: str, value: str) -> None:
    match tag:
        case "id":
            term.id = _id(value)
        case "name":
            term.name = value
        case "def":
            term.definition = _quoted(value)[0]
        case "synonym":
            text, rest = _quoted(value)
            scope, *kind = rest.split("[", 1)[0].split()
            if scope not in SCOPES:
                raise ValueError(f"unknown synonym scope {scope!r}")
            term.synonyms.append(Synonym(text, scope, kind[0] if kind else ""))
        case "is_a":
            term.parents.append(_id(value))
        case "alt_id":
            term.alternative_ids.append(_id(value))
        case "is_obsolete":
            term.obsolete = value == "true"
        case "replaced_by":
            term.replaced_by = _id(value)


def _quoted(value: str) -> tuple[str, str]:
    match = _QUOTED.match(value)
    if not match:
        raise ValueError(f"no quoted text in {value!r}")
    # escaped white space (\n, \t, \W) becomes a space, any other escaped character itself
    text = re.sub(r"\\(.)", r"\1", re.sub(r"\\[ntW]", " ", match[1]))
    return " ".join(text.split()), match[2]


def _id(value: str) -> str:
    match = _ID.match(value)
    if not match:
        raise ValueError(f"not an HPO id: {value!r}")
    return match[0]
