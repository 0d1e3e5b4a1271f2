"""Full-text retrieval over disease profiles: SQLite's FTS5 with its BM25, nothing learned.

A profile is one document a disease: its names, the words of the labels and synonyms of its findings (each once), its
definition where an import brought one. The query is the note's words, or the labels of HPO terms.
"""

import re
import sqlite3
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal

from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.rows import Prediction
from raredxr1.evaluate.systems.classical import BATCH, disease_answer, quoted_terms
from raredxr1.evaluate.systems.model import ModelSystem
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import MAX_CANDIDATES

Query = Literal["note", "gold", "model"]
NAME_WEIGHT, TEXT_WEIGHT = 2.0, 1.0
"""A word of the name counts twice: "BM25 column weights" of https://sqlite.org/fts5.html."""
MOST_WORDS = 400

_WORD = re.compile(r"[a-z0-9]{3,}")
_COMMON = frozenset(
    """
    the and was for with his her she him has had have from that this were are been not but they their who which patient
    patients year years old month months day days age aged after before during into over also all any can did does
    presented presents presenting history showed shown revealed reported findings finding absent male female normal
    """.split()  # noqa: SIM905
)


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
        words = [word for word in dict.fromkeys(_WORD.findall(text.lower())) if word not in _COMMON][:MOST_WORDS]
        if not words:
            return []
        query = " OR ".join(f'"{word}"' for word in words)
        rows = self._index.execute(
            "SELECT rowid, bm25(profile, ?, ?) AS cost FROM profile WHERE profile MATCH ? ORDER BY cost, rowid LIMIT ?",
            (NAME_WEIGHT, TEXT_WEIGHT, query, MAX_CANDIDATES),
        )
        return [(row, -cost) for row, cost in rows]

    @cached_property
    def _index(self) -> sqlite3.Connection:
        base = sqlite3.connect(":memory:")
        try:
            base.execute("CREATE VIRTUAL TABLE profile USING fts5(names, text, tokenize='porter unicode61')")
        except sqlite3.OperationalError as error:
            raise InputError("this Python's SQLite has no full-text search (FTS5): retrieval cannot run") from error
        kb = self._kb
        words = [
            " ".join(dict.fromkeys(_WORD.findall(" ".join((name, *(s.text for s in synonyms))).lower())))
            for name, synonyms in zip(kb.term_names, kb.term_synonyms, strict=True)
        ]
        base.executemany(
            "INSERT INTO profile(rowid, names, text) VALUES (?, ?, ?)",
            ((d, self._names(d), self._profile(d, words)) for d in range(len(kb.disease_records))),
        )
        return base

    def _names(self, disease: int) -> str:
        kb = self._kb
        records = kb.disease_records[disease]
        names = [kb.record_names[record] for record in records]
        names += [s for record in records for s in kb.imported.synonyms.get(kb.record_ids[record], ())]
        return " ".join(names)

    def _profile(self, disease: int, words: Sequence[str]) -> str:
        kb = self._kb
        findings = [words[term] for term, frequency in kb.frequencies[disease].items() if frequency > 0]
        definitions = [kb.imported.definitions.get(i, "") for i in kb.disease_ids(disease)]
        return " ".join([*findings, *definitions])
