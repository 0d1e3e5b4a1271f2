"""What a term in words is worth as a statement about a patient: linked, specific, related to other terms."""

from collections.abc import Iterable
from functools import lru_cache

from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.linking import Link, Linker

SPECIFIC_DEPTH = 4
"""Least number of a term's ancestors, itself included: below the organ systems. "Abnormality of the nervous system" is
true of nearly every patient and says nothing."""


class Terms(Linker):
    """The linker, remembering what it linked: the same names come back in thousands of completions."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base."""
        super().__init__(kb)
        self.truth = Claims(kb)
        self.disease = lru_cache(maxsize=65536)(super().disease)  # type: ignore[method-assign]
        self.term = lru_cache(maxsize=65536)(super().term)  # type: ignore[method-assign]

    def linked(self, text: str) -> int | None:
        """Term number of a finding in words; None where nothing fits."""
        link: Link | None = self.term(text)
        return self.kb.term(link.id) if link else None

    def number(self, text: str) -> int | None:
        """Like `linked`, and None where what fits is too general to say anything."""
        term = self.linked(text)
        return term if term is not None and len(self.kb.term_ancestors[term]) >= SPECIFIC_DEPTH else None

    def related(self, term: int, others: Iterable[int]) -> bool:
        """Whether one of the others is the term, a kind of it, or what it is a kind of."""
        above = self.kb.term_ancestors[term]
        return any(other in above or term in self.kb.term_ancestors[other] for other in others)
