"""Find diseases, terms and genes by words: every name that resembles the text, best first, typing errors tolerated.

For people who look something up; what a model wrote is joined to ids by `linking`, which is far stricter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from rapidfuzz import fuzz, process

from raredxr1.data import table
from raredxr1.knowledge import names
from raredxr1.knowledge.store import KnowledgeBase

LEAST_SCORE = 50.0
"""Names less alike are not shown."""

Kind = Literal["disease", "term", "gene"]


@dataclass(frozen=True)
class Hit:
    """A disease or term found: its id and name, the name that matched, and how well (0 to 100)."""

    kind: Kind
    id: str
    name: str
    matched: str
    score: float


def search(kb: KnowledgeBase, text: str, limit: int = 10, only: Kind | None = None) -> list[Hit]:
    """Rank diseases and terms by their most similar name; empty where the text holds no word.

    Half of the score says whether the words of the text are in the name, half how much of the name they are.

    Args:
        kb: the knowledge base.
        text: what is looked for.
        limit: how many at most.
        only: of one kind alone; None: of all.
    """
    query = names.plain(text)
    if not query:
        return []
    entries, keys = _keyed(kb, only)
    within = np.maximum(
        process.cdist([query], keys, scorer=fuzz.token_set_ratio)[0],
        process.cdist([query], [key[: len(query) + 2] for key in keys], scorer=fuzz.ratio)[0] * 0.9,
    )
    whole = process.cdist([query], keys, scorer=fuzz.token_sort_ratio)[0]
    scores = (within + whole) / 2
    hits: dict[tuple[Kind, int], Hit] = {}
    for symbol, diseases in kb.gene_diseases.items() if query.isalnum() and only in (None, "gene") else ():
        if symbol.upper() == text.strip().upper():
            named = [Hit("gene", kb.disease_ids(d)[0], kb.disease_names[d], f"gene {symbol}", 100.0) for d in diseases]
            hits.update((("gene", d), hit) for d, hit in zip(diseases, named[:limit], strict=False))
    for place in np.argsort(-scores, kind="stable").tolist():
        kind, number, name = entries[place]
        if scores[place] < LEAST_SCORE or len(hits) == limit:
            break
        if (kind, number) not in hits:
            hits[kind, number] = _hit(kb, kind, number, name, round(float(scores[place]), 1))
    return list(hits.values())


@lru_cache(maxsize=4)
def _keyed(kb: KnowledgeBase, only: Kind | None) -> tuple[list[tuple[Kind, int, str]], list[str]]:
    """Every name with its plain form, by which it is compared; folding all for each letter typed would take seconds."""
    entries = [entry for entry in _entries(kb) if only in (None, entry[0])]
    return entries, [names.plain(name) for _, _, name in entries]


def _entries(kb: KnowledgeBase) -> Iterator[tuple[Kind, int, str]]:
    for disease, name in enumerate(kb.disease_names):
        yield "disease", disease, name
    for record, name in enumerate(kb.record_names):
        yield "disease", kb.record_diseases[record], name
    for i, several in kb.imported.synonyms.items():
        number = kb.disease(i)
        if number is not None:
            yield from (("disease", number, name) for name in several)
    yield from (
        ("term", kb.term(row["hpo_id"]), row["words"])
        for row in table("spoken_terms")
        if kb.resolve_term(row["hpo_id"])
    )
    for term, name in enumerate(kb.term_names):
        yield "term", term, name
    for term, synonyms in enumerate(kb.term_synonyms):
        yield from (("term", term, synonym.text) for synonym in synonyms)


def _hit(kb: KnowledgeBase, kind: Kind, number: int, matched: str, score: float) -> Hit:
    if kind == "disease":
        return Hit(kind, kb.disease_ids(number)[0], kb.disease_names[number], matched, score)
    return Hit(kind, kb.term_ids[number], kb.term_names[number], matched, score)
