"""Numbered families of disease names: "Joubert syndrome 3" belongs to "Joubert syndrome", beside "Joubert syndrome 17".

A number marks a member only where names put it so: after "type" or "group", or at the end of a clause. The numbers of
"factor V deficiency", "trisomy 18" or "22q11.2 deletion" name the disease itself.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from raredxr1.knowledge import KnowledgeBase, names

_MARKED = re.compile(
    r"\b(?:(?:sub)?type|(?:complementation )?group)s? ((?:\d+[a-z]?\d?|[ivx]+[a-z]?|[a-z]\d?)\b)(?!-)", re.IGNORECASE
)
_MEMBER = re.compile(r"\d{1,3}[a-z]{0,2}\d?")
_NAMED_BY_NUMBER = frozenset({
    "trisomy", "tetrasomy", "monosomy", "disomy", "chromosome", "chromosomal", "ring", "mosaic", "vitamin", "factor",
    "coagulation", "complement", "protein", "hemoglobin", "collagen", "deletion", "duplication", "interleukin",
    "immunoglobulin",
})  # fmt: skip


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
