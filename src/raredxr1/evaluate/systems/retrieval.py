"""Full-text retrieval over disease profiles as a system; see `knowledge.retrieval`.

The query is the note's words, or the labels of HPO terms.
"""

from collections.abc import Sequence
from typing import Any, Literal

from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.rows import Prediction
from raredxr1.evaluate.systems.classical import BATCH, disease_answer, quoted_terms
from raredxr1.evaluate.systems.model import ModelSystem
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.retrieval import profile_index
from raredxr1.schemas import MAX_CANDIDATES

Query = Literal["note", "gold", "model"]


class RetrievalSystem:
    """Ranks diseases by how well their profile matches a text."""

    name = "retrieval"

    def __init__(self, kb: KnowledgeBase, query: Query = "note", finder: ModelSystem | None = None) -> None:
        """Take the knowledge base, what the query is made of, and the model where that finds the terms."""
        self._kb, self._query, self._finder = kb, query, finder
        self.batch = finder.batch if finder else BATCH

    def facts(self) -> dict[str, Any] | None:
        """Facts of the model that finds the terms."""
        return self._finder.facts() if self._finder else None

    def predict(self, items: Sequence[Item]) -> list[Prediction]:
        """Search for each case of a batch."""
        found = self._finder.predict(items) if self._finder else [Prediction(case_id=item.key) for item in items]
        return [self._searched(item, given) for item, given in zip(items, found, strict=True)]

    def _searched(self, item: Item, given: Prediction) -> Prediction:
        if given.status != "ok":
            return given
        text = self._text(item, given)
        hits = self.search(text) if text else []
        if not hits:
            why = "nothing to search for" if not text else "no profile has a word of it"
            return given.model_copy(update={"status": "failed", "reason": why, "answer": [], "turns": []})
        answer = [disease_answer(self._kb, d, rank, score) for rank, (d, score) in enumerate(hits, 1)]
        return given.model_copy(update={"answer": answer, "confidence_kind": None, "turns": []})

    def _text(self, item: Item, given: Prediction) -> str:
        if self._query == "note":
            return item.note
        ids = quoted_terms(given.findings)[0] if self._finder else item.present
        return " ".join(self._kb.term_name(i) for i in ids)

    def search(self, text: str) -> list[tuple[int, float]]:
        """Find the ten diseases whose profiles match best: (disease number, score; higher is better)."""
        return profile_index(self._kb).search(text, MAX_CANDIDATES)
