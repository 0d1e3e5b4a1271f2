"""Full-text retrieval over disease profiles: SQLite's FTS5 with its BM25, nothing learned.

A profile is one document an annotated disease: its names, the words of the labels and synonyms of its findings (each
once), its definition where an import brought one. Building the index takes under a second and some 20 MB.
"""

import sqlite3
import threading
from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np

from raredxr1 import lazy_re as re
from raredxr1.errors import InputError
from raredxr1.knowledge.store import KnowledgeBase

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


class ProfileIndex:
    """Ranks diseases by how well their profile matches a text; may be used by several threads."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base; the index is built at the first search."""
        self._kb = kb
        self._lock = threading.Lock()

    def search(self, text: str, limit: int) -> list[tuple[int, float]]:
        """Find the diseases whose profiles match best.

        Args:
            text: a note, or any words.
            limit: how many diseases at most.

        Returns:
            (disease number, score) pairs, the highest score first; empty where no profile has a word of the text.

        Raises:
            InputError: this Python's SQLite has no full-text search.
        """
        words = [word for word in dict.fromkeys(_WORD.findall(text.lower())) if word not in _COMMON][:MOST_WORDS]
        if not words:
            return []
        query = " OR ".join(f'"{word}"' for word in words)
        with self._lock:
            rows = self._index.execute(
                "SELECT rowid, bm25(profile, ?, ?) AS cost FROM profile WHERE profile MATCH ? "
                "ORDER BY cost, rowid LIMIT ?",
                (NAME_WEIGHT, TEXT_WEIGHT, query, limit),
            ).fetchall()
        return [(row, -cost) for row, cost in rows]

    @cached_property
    def _index(self) -> sqlite3.Connection:
        base = sqlite3.connect(":memory:", check_same_thread=False)
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
            ((d, self._names(d), self._profile(d, words)) for d in np.flatnonzero(kb.rankable).tolist()),
        )
        return base

    def _names(self, disease: int) -> str:
        return " ".join(self._kb.names_of(disease))

    def _profile(self, disease: int, words: Sequence[str]) -> str:
        kb = self._kb
        findings = [words[term] for term, frequency in kb.frequencies[disease].items() if frequency > 0]
        definitions = [kb.imported.definitions.get(i, "") for i in kb.disease_ids(disease)]
        return " ".join([*findings, *definitions])


@lru_cache(maxsize=4)
def profile_index(kb: KnowledgeBase) -> ProfileIndex:
    """The index of a knowledge base, one a process."""
    return ProfileIndex(kb)
