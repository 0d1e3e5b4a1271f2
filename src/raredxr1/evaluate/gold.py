"""The right answer of a case, made ready for comparing: every id and every name that stands for it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from raredxr1.knowledge import KnowledgeBase, names
from raredxr1.knowledge.families import Member, members
from raredxr1.knowledge.linking import Linker, shortened
from raredxr1.knowledge.name_index import NameIndex, index_arrays
from raredxr1.schemas import DiseaseName

_CATALOGUE = re.compile(r"\s*\((?:O?MIM|ORPHA)[\s:]*\d+\)", re.IGNORECASE)
_PREFIXES = {"ORPHANET": "ORPHA", "ORDO": "ORPHA", "ORPHA": "ORPHA", "MIM": "OMIM", "OMIM": "OMIM"}
_PART_LETTERS = 5
"""A shorter part of "A/B" is no name of its own ("skin/hair/eye pigmentation")."""


@dataclass(frozen=True, eq=False)
class Gold:
    """What is right for a case.

    Attributes:
        ids: every id of the disease, those that cross-references join included.
        diseases: its numbers in the knowledge base; empty where that does not know it.
        labels: its names: the case's own, and those of the knowledge base.
        plain: the names with their words in order (see `names.plain`).
        bags: the names with the order of words forgotten.
        members: the names as members of numbered families.
        index: finds misspelt spellings of the names.
    """

    ids: frozenset[str]
    diseases: frozenset[int]
    labels: tuple[str, ...]
    plain: frozenset[str]
    bags: frozenset[str]
    members: frozenset[Member]
    index: NameIndex

    @property
    def name(self) -> str:
        """The name to show."""
        return self.labels[0] if self.labels else next(iter(sorted(self.ids)), "")


def prepare(gold: Sequence[DiseaseName], kb: KnowledgeBase, linker: Linker) -> Gold:
    """Collect ids and names; where no id is given, those its name stands for. Nothing given: it matches nothing."""
    given = [_usual(name.id) for name in gold if name.id]
    if not given:
        links = [linker.disease(name.label) for name in gold if name.label]
        given = [link.id for link in links if link and link.rule != "fuzzy"]
        given += [group for name in gold for group in kb.hierarchy.named(name.label)]
    diseases = frozenset(disease for i in given if (disease := kb.disease(i)) is not None)
    ids = frozenset([*given, *(i for disease in sorted(diseases) for i in kb.disease_ids(disease))])
    labels = [label for name in gold for label in written_names(name.label, linker)]
    for disease in sorted(diseases):
        labels += disease_labels(kb, disease)
    labels = list(dict.fromkeys(label for label in labels if names.words(label)))
    return Gold(
        ids=ids,
        diseases=diseases,
        labels=tuple(labels),
        plain=frozenset(map(names.plain, labels)),
        bags=frozenset(map(names.bag, labels)),
        members=members(labels),
        index=NameIndex(index_arrays((label, 0, 0) for label in labels)),
    )


def _usual(record_id: str) -> str:
    """Write an id as the knowledge base does: Orphanet:778 and MIM:312750 are ORPHA:778 and OMIM:312750."""
    prefix, colon, rest = record_id.strip().partition(":")
    return f"{_PREFIXES.get(prefix.upper(), prefix)}{colon}{rest.strip()}"


def disease_labels(kb: KnowledgeBase, disease: int) -> list[str]:
    """All names of a disease: those of its records, and those an import brought."""
    records = kb.disease_records[disease]
    found = [kb.record_names[record] for record in records]
    found += [short for name in found for short in shortened(name)]
    found += [synonym for record in records for synonym in kb.imported.synonyms.get(kb.record_ids[record], ())]
    return list(dict.fromkeys(found))


def written_names(label: str, linker: Linker) -> list[str]:
    """Take apart what a case file writes as one label.

    Some sets write "ALKAPTONURIA (MIM 203500)", some join all names they have, in several languages, by "/" and ";".
    A label that is a disease's name as it stands is never parted.
    """
    label = " ".join(_CATALOGUE.sub("", label).split())
    if not label:
        return []
    link = linker.disease(label) if "/" in label or ";" in label else None
    parts = [label] if link and link.rule != "fuzzy" else list(_parts(label))
    return [name for part in parts for name in (part, *shortened(part))]


def _parts(label: str) -> Iterable[str]:
    pieces = [piece.strip() for piece in label.split("/")]
    whole = len(pieces) == 1 or any(sum(map(str.isalpha, piece)) < _PART_LETTERS for piece in pieces)
    for piece in [label] if whole else pieces:
        for part in piece.split(";"):
            if part.strip() and all(_is_latin(c) for c in part):
                yield part.strip()


def _is_latin(character: str) -> bool:
    return not character.isalpha() or unicodedata.name(character, "").startswith(("LATIN", "GREEK", "MICRO"))
