"""Which diseases are one disease with another: numbered families, and subtypes by the hierarchy.

"Joubert syndrome 3" belongs to "Joubert syndrome", beside "Joubert syndrome 17". A number marks a member only where
names put it so: after "type" or "group", or at the end of a clause. The number in "factor V deficiency" or "trisomy 18"
names the disease itself.

Mondo and Orphanet put Wolman disease directly under lysosomal acid lipase deficiency, but also liposarcoma under
sarcoma: `Subtypes` tells the one kind of edge from the other by names and genes.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from raredxr1 import lazy_re as re
from raredxr1.knowledge import KnowledgeBase, names
from raredxr1.knowledge.imported import Arrays, text, untext
from raredxr1.knowledge.prepared import Part, prepared

_MARKED = re.compile(
    r"\b(?:(?:sub)?type|(?:complementation )?group)s? ((?:\d+[a-z]?\d?|[ivx]+[a-z]?|[a-z]\d?)\b)(?!-)", re.IGNORECASE
)
_MEMBER = re.compile(r"\d{1,3}[a-z]{0,2}\d?")
_NAMED_BY_NUMBER = frozenset({
    "trisomy", "tetrasomy", "monosomy", "disomy", "chromosome", "chromosomal", "ring", "mosaic", "vitamin", "factor",
    "coagulation", "complement", "protein", "hemoglobin", "collagen", "deletion", "duplication", "interleukin",
    "immunoglobulin",
})  # fmt: skip

_BROAD = 12
"""Subtypes above which a disease is a group that would hide what it holds."""
_BY_CAUSE = re.compile(r"(.+?) due to ", re.IGNORECASE)
_SHARED_GENES = 3
"""Genes above which having the same ones says little."""
_CHROMOSOMAL = re.compile(r"\d[pq]\d|chromosome|somy", re.IGNORECASE)
"""Names of changes whose place decides: a distal microduplication is no form of the one beside it."""


@dataclass(frozen=True)
class Member:
    """A name taken apart: its family (words without the number, order forgotten) and the number; empty for none."""

    family: str
    number: str


@lru_cache(maxsize=65536)
def member(name: str) -> Member:
    """Take a name apart; a name without a number is a family itself."""
    marks = [names.words(mark)[0] for mark in _MARKED.findall(name) if names.words(mark)]
    kept: list[str] = []
    for clause in _MARKED.sub(" ", name).split(","):
        words = names.words(clause)
        if (kept or len(words) > 1) and words and _MEMBER.fullmatch(words[-1]):
            marks.append(words.pop())
        kept += words
    if not kept or not _NAMED_BY_NUMBER.isdisjoint(kept):
        return Member(names.bag(name), "")
    return Member(" ".join(sorted(kept)), " ".join(sorted(marks)))


class Families:
    """Which diseases of a knowledge base belong to each family."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the names of all records apart."""
        self._diseases: dict[str, set[int]] = defaultdict(set)
        for name, disease in zip(kb.record_names, kb.record_diseases, strict=True):
            part = member(name)
            if part.number:
                self._diseases[part.family].add(disease)

    def covers(self, family: str) -> int:
        """How many diseases are numbered members of a family."""
        return len(self._diseases.get(family, ()))


def members(labels: Iterable[str]) -> frozenset[Member]:
    """Take several names of one disease apart."""
    return frozenset(map(member, labels))


class Subtypes:
    """Which disease of a knowledge base a subtype is a subtype of, by direct edges of the hierarchy.

    An edge between two diseases that have findings counts where the lower one has the upper one's name in its own
    ("nephropathic cystinosis") and none but its genes, or where both and all that lies below have the same few genes
    (Wolman disease). A numbered series belongs to a disease that it lies under and has none but the genes of (LEOPARD
    syndrome 1 to 3). What has more than twelve subtypes is a group.
    """

    def __init__(self, kb: KnowledgeBase) -> None:
        """Nothing is read before the first question."""
        self._kb = kb

    def main(self, disease: int) -> int:
        """The disease that one is a subtype of, however deep; itself where it is none."""
        seen = [disease]
        while above := self._above(seen[-1]):
            narrowest = min(above, key=lambda one: (len(self._below(one)), one))
            if narrowest in seen:
                break
            seen.append(narrowest)
        return seen[-1]

    def genes(self, disease: int) -> frozenset[str]:
        """Its own genes; of one without any those of what lies below it."""
        own = frozenset(self._kb.genes(disease))
        return own or frozenset(gene for one in self._below(disease) for gene in self._kb.genes(one))

    @cached_property
    def _parents(self) -> dict[int, set[int]]:
        kb, found = self._kb, defaultdict[int, set[int]](set)
        known = set(kb.rankable.nonzero()[0].tolist())
        for entry, above in kb.hierarchy.parents.items():
            if (child := kb.disease(entry)) in known:
                found[child].update(one for i in above if (one := kb.disease(i)) in known and one != child)
        return dict(found)

    @cached_property
    def _children(self) -> dict[int, set[int]]:
        found = defaultdict[int, set[int]](set)
        for child, parents in self._parents.items():
            for parent in parents:
                found[parent].add(child)
        return dict(found)

    @cached_property
    def _series(self) -> dict[str, list[int]]:
        """The numbered diseases with findings, by their family."""
        found, arrays = defaultdict[str, list[int]](list), prepared(self._kb, SERIES)
        for family, disease in zip(untext(arrays["families"]), arrays["diseases"].tolist(), strict=False):
            found[family].append(disease)
        return dict(found)

    def _above(self, disease: int) -> list[int]:
        part = member(self._kb.disease_names[disease])
        direct = [one for one in self._parents.get(disease, ()) if self._is_subtype(disease, one)]
        if not direct and (cause := _BY_CAUSE.match(self._kb.disease_names[disease])):  # a form of a form by cause
            above = {one for parent in self._parents.get(disease, ()) for one in self._parents.get(parent, ())}
            direct = [one for one in above if self._kb.disease_names[one].casefold() == cause[1].casefold()]
        return direct or (self._above_series(part.family) if part.number else [])

    def _above_series(self, family: str) -> list[int]:
        """What all of a series that lies under anything lies under: half of it at least, or all of it by its genes."""
        kb, series = self._kb, self._series.get(family, [])
        linked = [one for one in series if self._parents.get(one)]
        counted = linked if 2 * len(linked) >= len(series) else series
        genes = {gene for one in counted for gene in kb.genes(one)}
        shared = set.intersection(*(self._parents[one] for one in linked)) if genes and linked else set()
        narrow = [one for one in shared if len(self._below(one)) <= _BROAD and not member(kb.disease_names[one]).number]
        return [one for one in narrow if genes <= set(kb.genes(one))]

    def _below(self, disease: int) -> frozenset[int]:
        """All diseases below one, itself left out."""
        found: set[int] = set()
        left = [disease]
        while left:
            fresh = self._children.get(left.pop(), set()) - found
            found |= fresh
            left += fresh
        return frozenset(found - {disease})

    def _is_subtype(self, child: int, parent: int) -> bool:
        if len(self._below(parent)) > _BROAD:
            return False
        if self._is_form_by_cause(child, parent):
            return True
        genes = self.genes(child)
        if self._is_named_so(child, parent):
            return genes <= self.genes(parent) if genes else not self.genes(parent)
        return bool(genes) and len(genes) <= _SHARED_GENES and self._is_of_same_genes(child, parent)

    def _is_named_so(self, child: int, parent: int) -> bool:
        upper, lower = (self._kb.disease_names[one] for one in (parent, child))
        joined = rf"(?<!\w|-)(?<!\band ){re.escape(upper)}(?![\w-]|,? (?:with|and|plus)\b)"
        return not _CHROMOSOMAL.search(lower) and bool(re.search(joined, lower, re.IGNORECASE))

    def _is_form_by_cause(self, child: int, parent: int) -> bool:
        """Whether the lower one is the upper one by a cause of its own: "Angelman syndrome due to a point mutation"."""
        upper, lower = (self._kb.disease_names[one].casefold() for one in (parent, child))
        return lower.startswith(f"{upper} due to ")

    def _is_of_same_genes(self, child: int, parent: int) -> bool:
        """Whether nothing under the parent has other genes, and the child is under no other disease nor in a series."""
        kb, below = self._kb, self._below(parent)
        of_all = {frozenset(kb.genes(one)) for one in (parent, *below)} - {frozenset()}
        with_genes = [one for one in self._children[parent] if self.genes(one)]
        others = {
            one for one in self._parents[child] if one != parent and one not in below and parent not in self._below(one)
        }
        alone = not others and not member(kb.disease_names[child]).number
        return len(of_all) == 1 and alone and (bool(kb.genes(parent)) or len(with_genes) > 1)


def _numbered(kb: KnowledgeBase) -> Arrays:
    """The numbered diseases with findings, and the family of each."""
    known = kb.rankable.nonzero()[0].tolist()
    of = {disease: part.family for disease in known if (part := member(kb.disease_names[disease])).number}
    return {"diseases": np.array(list(of), np.int32), "families": text(of.values())}


SERIES = Part("series", 1, _numbered, names.rules)


@lru_cache(maxsize=4)
def subtypes(kb: KnowledgeBase) -> Subtypes:
    """The subtypes of a knowledge base, worked out once."""
    return Subtypes(kb)
