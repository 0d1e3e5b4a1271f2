"""Texts about diseases, and annotations, as findings: what the dictionary reads, carried to more general terms."""

from collections import Counter, defaultdict

from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.stated import stated_findings, terms
from raredxr1.internalize.text_ranker.documents import Counts
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.text_ranker import carried


class FindingCounter:
    """Counts the findings a text says are present."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Open the dictionary of a knowledge base; texts are too many for the encoder."""
        self._names = open_names(kb.path, by_meaning=False)

    def __call__(self, text: str) -> Counter[str]:
        """The findings of a text and the more general terms, one each."""
        present, _ = terms(stated_findings(text, [], self._names), self._names.kb)
        return Counter(carried(present, self._names.kb))


def annotated_findings(kb: KnowledgeBase) -> list[Counts]:
    """Annotated findings of every disease by frequency, carried to more general terms as the highest below them."""
    found: list[Counts] = []
    for disease in range(len(kb.disease_records)):
        counts: Counts = defaultdict(Counter)
        for term, frequency in kb.frequencies[disease].items():
            for gram in carried([term], kb) if frequency > 0 else ():
                counts["finding"][gram] = max(counts["finding"][gram], frequency)  # type: ignore[assignment]
        found.append(counts)
    return found
