"""Which typical findings may be called "not found in the note".

Neither what it has in other words or as a measured value, nor the opposite of what it has, nor what nobody looks for at
the patient's age.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache

from raredxr1.data import table
from raredxr1.diagnose.measured import analytes_in
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.extraction.opposites import conflict

_WORD = re.compile(r"[^\W\d_]{4,}")
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n")
_STEM = 5
"""Letters by which words are alike."""
_SHARE = 0.6
"""Of the telling words of a term that stand in one sentence of the note."""
_SAY_LITTLE = frozenset(
    word[:_STEM]
    for line in (
        "abnormal abnormality absent appearance activity aplasia circulating concentration decreased delayed disease",
        "elevated excessive finding function generalized hypoplasia impaired increased involving level mild moderate",
        "morphology onset progressive recurrent reduced severe symptoms syndrome with without",
    )
    for word in line.split()
)


@dataclass(frozen=True)
class Told:
    """What a note says beside its findings.

    Attributes:
        note: the text; empty: not known.
        years: age of the patient; None: not known.
        mentioned: terms that it names without deciding them (suspected, planned).
    """

    note: str = ""
    years: float | None = None
    mentioned: Collection[int] = ()

    def rules_out(self, kb: KnowledgeBase, term: int, decided: Collection[int]) -> bool:
        """Whether a term is not to be called missing in the note.

        Args:
            kb: the knowledge base.
            term: the typical finding.
            decided: terms that the note says to be present or absent.
        """
        above = {*kb.term_ancestors[term], term}
        kinds = {one for other in self.mentioned for one in (*kb.term_ancestors[other], other)}
        return (
            term in kinds
            or self._measured(kb, above)
            or self._too_young(kb, above)
            or self._in_other_words(kb.term_names[term])
            or _is_opposed(kb, term, decided)
        )

    def _measured(self, kb: KnowledgeBase, above: Collection[int]) -> bool:
        return any(kb.resolve_term(one) and kb.term(one) in above for one in analytes_in(self.note))

    def _too_young(self, kb: KnowledgeBase, above: Collection[int]) -> bool:
        return self.years is not None and not too_young_for(kb, self.years).isdisjoint(above)

    def _in_other_words(self, name: str) -> bool:
        telling = {stem for word in _WORD.findall(name) if (stem := word.lower()[:_STEM]) not in _SAY_LITTLE}
        if len(telling) < 2:  # of one word the note would have been read
            return False
        least = max(2, _SHARE * len(telling))
        return any(len(telling & stems) >= least for stems in self._sentences)

    @cached_property
    def _sentences(self) -> list[frozenset[str]]:
        return [frozenset(w.lower()[:_STEM] for w in _WORD.findall(one)) for one in _SENTENCE.split(self.note)]


@lru_cache(maxsize=64)
def too_young_for(kb: KnowledgeBase, years: float) -> frozenset[int]:
    """Terms that are not looked for at an age; kinds of them are not, either."""
    return frozenset(term for term, least in _least_ages(kb) if years < least)


def _is_opposed(kb: KnowledgeBase, term: int, decided: Collection[int]) -> bool:
    """Whether the note decides a finding of the same kind with the opposite direction: high is not low."""
    parents, name = set(kb.term_parents[term]), kb.term_names[term]
    return any(
        not parents.isdisjoint(kb.term_parents[other]) and conflict(name, kb.term_names[other]) for other in decided
    )


@lru_cache(maxsize=4)
def _least_ages(kb: KnowledgeBase) -> tuple[tuple[int, float], ...]:
    rows = table("least_ages_of_course")
    return tuple((kb.term(row["hpo_id"]), float(row["years"])) for row in rows if kb.resolve_term(row["hpo_id"]))
