"""What can truly be said of a disease and a finding: that it explains it, that it speaks against it, what to look for.

One place decides, for the turns that are taught, for judging turns that were written, and for the evidence shown.
"""

from collections import defaultdict
from collections.abc import Collection

from raredxr1 import lazy_re as re
from raredxr1.knowledge.closure import closure
from raredxr1.knowledge.hpoa import frequency_of
from raredxr1.knowledge.store import UNSTATED_FREQUENCY, KnowledgeBase

_MILD = re.compile(r"^(?:mild|moderate) |, (?:mild|moderate|borderline)$")
FREQUENT = 0.5
"""A finding at least so frequent speaks against a disease when absent, and is awaited when not mentioned."""


class Claims:
    """Claims about diseases and findings, by number; what was asked of a disease is remembered."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base."""
        self.kb = kb
        self._information = closure(kb).information
        self._frequencies: dict[int, dict[int, float]] = {}
        self._typical: dict[int, list[tuple[int, frozenset[int]]]] = {}

    def frequency(self, disease: int, term: int) -> float:
        """How often the disease shows the finding or a kind of it: 0 where it is not annotated."""
        return self._with_ancestors(disease).get(term, 0.0)

    def explains(self, disease: int, term: int) -> bool:
        """Whether the disease has the finding, a kind of it, or what it is a direct kind of."""
        own = self.kb.frequencies[disease]
        return self.frequency(disease, term) > 0 or any(own.get(p, 0.0) > 0 for p in self.kb.term_parents[term])

    def absence_opposes(self, disease: int, term: int) -> bool:
        """Whether the absence of a finding speaks against the disease: it is frequent there."""
        return self.frequency(disease, term) >= FREQUENT

    def awaited(self, disease: int, mentioned: Collection[int]) -> list[int]:
        """Frequent findings that the note does not mention, neither as such nor as any kind of it, nor by a parent.

        Args:
            disease: its number.
            mentioned: terms the note mentions, present or absent.

        Returns:
            Term numbers, commonest first, then the most specific.
        """
        kinds = {above for term in mentioned for above in self.kb.term_ancestors[term]}
        return [t for t, related in self._typically(disease) if t not in kinds and related.isdisjoint(mentioned)]

    def information(self, term: int) -> float:
        """Information content of a term in nats: how much the finding tells.

        A mild form of a finding tells no more than the finding, however seldom it is annotated so.
        """
        name = self.kb.term_names[term].casefold()
        if _MILD.search(name):
            whole = _MILD.sub("", name)
            term = next((p for p in self.kb.term_parents[term] if self.kb.term_names[p].casefold() == whole), term)
        return float(self._information[term])

    def _with_ancestors(self, disease: int) -> dict[int, float]:
        frequencies = self._frequencies.get(disease)
        if frequencies is None:
            frequencies = self._frequencies[disease] = {}
            for term, frequency in self.kb.frequencies[disease].items():
                if frequency > 0:
                    for ancestor in self.kb.term_ancestors[term]:
                        frequencies[ancestor] = max(frequencies.get(ancestor, 0.0), frequency)
        return frequencies

    def _typically(self, disease: int) -> list[tuple[int, frozenset[int]]]:
        typical = self._typical.get(disease)
        if typical is None:
            own = [(t, f) for t, f in self.kb.frequencies[disease].items() if f >= FREQUENT]
            own.sort(key=lambda item: (-item[1], -self._information[item[0]], item[0]))
            typical = self._typical[disease] = [
                (t, frozenset([*self.kb.term_ancestors[t], *self.kb.term_children[t]])) for t, _ in own
            ]
        return typical


def typical_frequencies(kb: KnowledgeBase, disease: int) -> dict[int, float]:
    """How often a disease has each finding annotated to it, by term number.

    A frequency of one patient in one is not 100 %: each is drawn to one half as by one patient more on either side.
    """
    seen: dict[int, float] = defaultdict(float)
    of: dict[int, float] = defaultdict(float)
    for row in kb.annotations(disease):
        if row.aspect == "P" and not row.negated:
            share, patients = frequency_of(row.frequency) or (UNSTATED_FREQUENCY, 1.0)
            seen[row.term] += share * patients
            of[row.term] += patients
    return {term: (seen[term] + 1) / (of[term] + 2) if seen[term] else 0.0 for term in of}
