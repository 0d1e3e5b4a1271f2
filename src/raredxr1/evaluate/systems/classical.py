"""Classical rankers over HPO terms: one-sided Resnik similarity and the likelihood ratio.

They run on the true terms of a case (their best case) or on those that the model quoted from the note (what a user
would have). Ranks beyond ten are cut off, as the model's are.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.rows import Answer, Prediction
from raredxr1.evaluate.systems.model import ModelSystem
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.likelihood import rank_likelihood
from raredxr1.knowledge.ranking import Ranking
from raredxr1.knowledge.retrieval import profile_index
from raredxr1.knowledge.similarity import rank_resnik
from raredxr1.schemas import MAX_CANDIDATES, Finding

BATCH = 64
Findings = Literal["gold", "model"]
Rank = Callable[[KnowledgeBase, Iterable[int], Iterable[int]], Ranking]
RANKERS: dict[str, Rank] = {"resnik": rank_resnik, "likelihood": rank_likelihood}


class _Ranker(ABC):
    """What ranks diseases for a case by its own terms or its text, or by the terms that a model finds in the note."""

    def __init__(self, name: str, kb: KnowledgeBase, finder: ModelSystem | None) -> None:
        self.name, self._kb, self._finder = name, kb, finder
        self.batch = finder.batch if finder else BATCH

    def facts(self) -> dict[str, Any] | None:
        """Facts of the model that finds the terms."""
        return self._finder.facts() if self._finder else None

    def predict(self, items: Sequence[Item]) -> list[Prediction]:
        """Rank for each case of a batch."""
        found = self._finder.predict(items) if self._finder else [Prediction(case_id=item.key) for item in items]
        return [self._ranked(item, given) for item, given in zip(items, found, strict=True)]

    def _ranked(self, item: Item, given: Prediction) -> Prediction:
        if given.status != "ok":
            return given
        best = self._best(item, given)
        update: dict[str, Any] = {"answer": [], "confidence_kind": None, "turns": []}
        if isinstance(best, str):
            return given.model_copy(update={**update, "status": "failed", "reason": best})
        update["answer"] = [disease_answer(self._kb, d, rank, score) for rank, (d, score) in enumerate(best, 1)]
        return given.model_copy(update=update)

    @abstractmethod
    def _best(self, item: Item, given: Prediction) -> list[tuple[int, float]] | str:
        """Ten diseases at most with their scores, best first, or why there is none."""


class ClassicalSystem(_Ranker):
    """A ranker, with the case's own terms or with those a model finds in the note."""

    def __init__(self, name: str, kb: KnowledgeBase, finder: ModelSystem | None = None) -> None:
        """Take the ranker's name, the knowledge base, and the model where it is to find the terms."""
        super().__init__(name, kb, finder)

    def _best(self, item: Item, given: Prediction) -> list[tuple[int, float]] | str:
        present, absent = quoted_terms(given.findings) if self._finder else ([*item.present], [*item.absent])
        if not present:
            return "the model quoted no finding with an HPO term" if self._finder else "has no HPO ids"
        kb = self._kb
        return RANKERS[self.name](kb, map(kb.term, present), map(kb.term, absent)).best(MAX_CANDIDATES)


def quoted_terms(findings: Sequence[Finding]) -> tuple[list[str], list[str]]:
    """HPO ids of the findings that were linked: present, absent."""
    linked = [(finding.hpo_id, finding.present) for finding in findings if finding.hpo_id]
    return [i for i, there in linked if there], [i for i, there in linked if not there]


def disease_answer(kb: KnowledgeBase, disease: int, rank: int, score: float) -> Answer:
    """An answer that names a disease of the knowledge base."""
    first, *others = kb.disease_ids(disease)
    return Answer(
        rank=rank,
        name=kb.disease_names[disease],
        id=first,
        label=kb.disease_names[disease],
        same_as=others,
        score=round(score, 4),
    )


Query = Literal["note", "gold", "model"]


class RetrievalSystem(_Ranker):
    """Ranks diseases by how well their profile matches a text."""

    def __init__(self, kb: KnowledgeBase, query: Query = "note", finder: ModelSystem | None = None) -> None:
        """Take the knowledge base, what the query is made of, and the model where that finds the terms."""
        super().__init__("retrieval", kb, finder)
        self._query = query

    def _best(self, item: Item, given: Prediction) -> list[tuple[int, float]] | str:
        text = self._text(item, given)
        if not text:
            return "nothing to search for"
        return self.search(text) or "no profile has a word of it"

    def _text(self, item: Item, given: Prediction) -> str:
        if self._query == "note":
            return item.note
        ids = quoted_terms(given.findings)[0] if self._finder else item.present
        return " ".join(self._kb.term_name(i) for i in ids)

    def search(self, text: str) -> list[tuple[int, float]]:
        """Find the ten diseases whose profiles match best: (disease number, score; higher is better)."""
        return profile_index(self._kb).search(text, MAX_CANDIDATES)
