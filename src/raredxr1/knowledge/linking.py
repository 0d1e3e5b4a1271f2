"""From a name to an id: what a model or a user wrote, joined to a disease or an HPO term, or left unlinked.

Levels, from sure to less sure; the first that finds something decides, and a name that two things share there links to
neither: *exact* (a label, letter for letter but for case), *normalised* (`names`: punctuation, numerals, word order,
spelling), *synonym* (other names, and abbreviations left out: "Rett syndrome; RTT", "Split-hand/foot malformation
(SHFM1)"), *fuzzy* (`spelling`: misspelt words). A wrong link is worse than none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from raredxr1 import lazy_re as re
from raredxr1.knowledge import names
from raredxr1.knowledge.name_index import Match, NameIndex, index_arrays
from raredxr1.knowledge.prepared import Part, prepared
from raredxr1.knowledge.store import KnowledgeBase

Rule = Literal["exact", "normalised", "synonym", "fuzzy"]

PHENOTYPE, MODIFIER = "HP:0000118", "HP:0012823"
"""Phenotypic abnormality, and clinical modifier: the terms a finding may be linked to."""

_ID = re.compile(r"\s*[(\[]?\b(?:O?MIM|ORPHA|ORPHANET)[\s:#]*\d+\b[)\]]?", re.IGNORECASE)
_TITLE = re.compile(r"(.+?);\s*([A-Z][A-Z0-9-]*)")
_BRACKETED = re.compile(r"(.+?)\s+\(([A-Z][A-Z0-9-]*[A-Z0-9])\)")
_PARENTHESIS = re.compile(r"\s\(([^()]*)\)")
_INCLUDED = ", included"
_UNANNOTATED = 2
"""What is added to the tier of a name whose disease has no annotations."""
_INHERITANCE = {"AD", "AR", "XL", "XLD", "XLR"}


@dataclass(frozen=True)
class Link:
    """What a name was linked to. `score` is 100 unless the rule is fuzzy."""

    id: str
    label: str
    rule: Rule
    score: float


class Linker:
    """Links names to the diseases and terms of a knowledge base. Cheap to make; each index is built when first used."""

    def __init__(self, kb: KnowledgeBase, synonyms: Mapping[str, Sequence[str]] | None = None) -> None:
        """Take the knowledge base, and other names of diseases by record id; by default those an import brought."""
        self.kb = kb
        self._given = synonyms

    def disease(self, name: str) -> Link | None:
        """Link a disease name; the id is the disease's first. None: nothing fits, or two diseases do."""
        index = self._diseases
        match = index.find(name)
        tier = 0
        for shorter in () if match else shortened(name):
            tier = 1
            match = match or index.find(shorter)
        match = match or index.find_misspelt(name)
        if not match or len(match.targets) > 1:
            return None
        (disease,) = match.targets
        other = tier or match.tier % _UNANNOTATED
        return Link(
            self.kb.disease_ids(disease)[0],
            self.kb.disease_names[disease],
            "fuzzy" if match.fuzzy else "synonym" if other else "exact" if match.exact else "normalised",
            match.score,
        )

    def term(self, text: str) -> Link | None:
        """Link a finding in words to an HPO term. None: nothing fits, or two terms do."""
        match = self._terms.find(text) or self._terms.find_misspelt(text)
        if not match:
            return None
        term = self._preferred(match)
        if term is None:
            return None
        return Link(
            self.kb.term_ids[term],
            self.kb.term_names[term],
            "fuzzy" if match.fuzzy else "synonym" if match.tier else "exact" if match.exact else "normalised",
            match.score,
        )

    def _preferred(self, match: Match) -> int | None:
        root, above = self.kb.resolve_term(PHENOTYPE), self.kb.term_ancestors
        phenotypes = {one for one in match.targets if root is not None and self.kb.term(root) in above[one]}
        chosen = phenotypes or match.targets
        return next(iter(chosen)) if len(chosen) == 1 else None

    def _below(self, root: str) -> set[int]:
        """A term and its descendants; none where a small knowledge base lacks the term."""
        current = self.kb.resolve_term(root)
        return set() if current is None else self.kb.descendants([self.kb.term(current)])

    @cached_property
    def _diseases(self) -> NameIndex:
        if self._given is None:
            return NameIndex(prepared(self.kb, DISEASES))
        return NameIndex(index_arrays(self.disease_entries()))

    def names_of(self, disease: int) -> list[str]:
        """Every name of a disease, those shown first."""
        return self._diseases.names_of(disease)

    def disease_entries(self) -> Iterator[tuple[str, int, int]]:
        """Every name of a disease with its number, and its tier.

        The tier is 0 for the name shown and those of its records, 1 for others; 2 and 3 for a disease without
        annotations, which gives way where one with annotations is called the same; 3 for parts of names.
        """
        kb, synonyms = self.kb, self.kb.imported.synonyms if self._given is None else self._given
        rank = np.where(kb.annotated_mask, 0, _UNANNOTATED).tolist()
        for disease, name in enumerate(kb.disease_names):
            yield name, disease, rank[disease]
        for disease, name in zip(kb.record_diseases, kb.record_names, strict=True):
            yield name, disease, rank[disease]
        for record, name in enumerate(kb.record_names):
            disease = kb.record_diseases[record]
            yield from ((other, disease, 3) for other in also_called(name))
        parts = _included([name for name in kb.record_names if name.endswith(_INCLUDED)], kb.record_names)
        for record, name in enumerate(kb.record_names):
            disease = kb.record_diseases[record]
            yield from ((part, disease, 3) for part in parts.get(name, ()))
            for synonym in synonyms.get(kb.record_ids[record], ()):
                yield synonym, disease, rank[disease] + 1

    @cached_property
    def _terms(self) -> NameIndex:
        return NameIndex(prepared(self.kb, TERMS))

    def term_entries(self) -> Iterator[tuple[str, int, int]]:
        """Labels, then exact synonyms, then other synonyms, then the names of obsolete terms."""
        kb, accepted = self.kb, sorted(self._below(PHENOTYPE) | self._below(MODIFIER))
        for term in accepted:
            yield kb.term_names[term], term, 0
        for term in accepted:
            for synonym in kb.term_synonyms[term]:
                yield synonym.text, term, 1 if synonym.scope == "EXACT" else 2
        known = set(accepted)
        for old, name in kb.obsolete_names.items():
            current = kb.resolve_term(old)
            if current is not None and kb.term(current) in known:
                yield name.removeprefix("obsolete "), kb.term(current), 3


def shortened(name: str) -> Iterator[str]:
    """A disease name without the id, abbreviation or note that catalogues write behind it, likeliest first.

    A number that stands only in the abbreviation is kept: "Split-hand/foot malformation (SHFM1)" is number 1.
    """
    plain = _ID.sub("", name).strip()
    if plain != name.strip():
        yield plain
    if plain.casefold().endswith(_INCLUDED):
        yield plain[: -len(_INCLUDED)]
    match = _TITLE.fullmatch(plain) or _BRACKETED.fullmatch(plain)
    if match and match[2] not in _INHERITANCE:
        number = re.search(r"\d+[A-Z]?$", match[2])
        if number and not set(names.words(number[0])) & set(names.words(match[1])):
            yield f"{match[1]} {number[0]}"
        else:
            yield match[1]


def also_called(name: str) -> list[str]:
    """Other names that stand in the name itself: without what is in brackets, and the syndrome in brackets."""
    inside = _PARENTHESIS.findall(name) if "(" in name else []
    if not inside:
        return []
    return [_PARENTHESIS.sub("", name), *(part for part in inside if part.endswith((" syndrome", " disease")))]


def _included(labels: Iterable[str], all_labels: Iterable[str]) -> dict[str, list[str]]:
    """Part names that the source ran together: "Vater associationvacterl association, included" are two names."""
    known = set(re.findall(r"\w+", " ".join(all_labels).casefold()))
    parts: dict[str, list[str]] = {}
    for label in labels:
        cuts = [
            match.start() + cut
            for match in re.finditer(r"\w{6,}", label)
            for cut in range(3, len(match[0]) - 2)
            if match[0][:cut].casefold() in known and match[0][cut:].casefold() in known
        ]
        if len(cuts) == 1:
            parts[label] = [label[: cuts[0]], label[cuts[0] : -len(_INCLUDED)]]
    return parts


DISEASES = Part("diseases", 1, lambda kb: index_arrays(Linker(kb).disease_entries()), names.rules)
TERMS = Part("terms", 1, lambda kb: index_arrays(Linker(kb).term_entries()), names.rules)
