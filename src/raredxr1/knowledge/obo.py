"""Read hp.obo (OBO 1.2/1.4 flat file): terms, definitions, synonyms, is-a, obsolete and alternative ids.

Only the stanzas and tags the project uses are read; cross-references and logical definitions are left out on purpose.
Official releases have had obsolete stanzas without a name and ids as HP_0001250 or as whole addresses; those are read.
Terms and parents of other ontologies (hp-full.obo) are passed over.
Format: https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from raredxr1 import lazy_re as re
from raredxr1.errors import InputError

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(.*)')
_ID = re.compile(r"(?:https?://\S*/)?HP[:_](\d{7})\b")
_OTHER_ID = re.compile(r"(?:https?://\S*/)?[A-Za-z]\w*[:_]\d{7,}\b")

_OTHER = "-"
"""Id of a term of another ontology."""

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


def read_obo(lines: Iterable[str], notes: list[str] | None = None) -> Ontology:
    """Read an ontology.

    Args:
        lines: the file's lines.
        notes: is told what was passed over.

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
            version = _version(value)
        elif term is not None:
            try:
                _set(term, tag, value)
            except ValueError as error:
                raise InputError(f"hp.obo line {number}: {error}") from error
    if not version or not terms:
        raise InputError("hp.obo: not an OBO ontology (no data-version or no term)")
    return Ontology(version, _checked(terms, starts, notes if notes is not None else []))


def _checked(terms: list[Term], starts: list[int], notes: list[str]) -> list[Term]:
    """The terms of the HPO, each with id and name; obsolete ones that lack a name are left out."""
    kept: list[Term] = []
    seen: set[str] = set()
    nameless = []
    for number, term in zip(starts, terms, strict=True):
        if term.id == _OTHER:
            continue
        if term.id and not term.name and term.obsolete:
            nameless.append(term.id)
            continue
        if not term.id or not term.name:
            raise InputError(f"hp.obo line {number}: a term without id or name")
        if term.id in seen:
            raise InputError(f"hp.obo line {number}: {term.id} stands twice")
        seen.add(term.id)
        kept.append(term)
    if not kept:
        raise InputError("hp.obo: holds no term of the HPO")
    if nameless:
        notes.append(f"hp.obo: {len(nameless)} obsolete term(s) without a name left out ({', '.join(nameless[:3])})")
    return kept


def _version(value: str) -> str:
    date = re.search(r"\d{4}-\d\d-\d\d", value)
    return date[0] if date else value.rsplit("/", 1)[-1]


def _tags(lines: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(lines, 1):
        line = line.removeprefix("\ufeff").rstrip()
        if line.startswith("["):
            yield number, line, ""
        elif ": " in line:
            tag, _, value = line.partition(": ")
            yield number, tag, value


def _set(term: Term, tag: str, value: str) -> None:
    match tag:
        case "id":
            term.id = _id(value) or _OTHER
        case "name":
            term.name = value
        case "def":
            term.definition = _quoted(value)[0]
        case "synonym":
            text, rest = _quoted(value)
            scope, *kind = rest.split("[", 1)[0].split() or ["RELATED"]  # as the format says of one without
            if scope not in SCOPES:
                raise ValueError(f"unknown synonym scope {scope!r}")
            term.synonyms.append(Synonym(text, scope, kind[0] if kind else ""))
        case "is_a":
            term.parents += filter(None, [_id(value)])
        case "alt_id":
            term.alternative_ids += filter(None, [_id(value)])
        case "is_obsolete":
            term.obsolete = value.split(" ", 1)[0].lower() == "true"
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
    """An HPO id in the usual form; empty for an id of another ontology."""
    match = _ID.match(value)
    if match:
        return f"HP:{match[1]}"
    if value.startswith("HP") or not _OTHER_ID.match(value):
        raise ValueError(f"not an HPO id: {value!r}")
    return ""
