"""The opinions of other diagnosers: rankings by the findings stated, full-text retrieval, endpoints the user names.

None of them has seen the model's answer. Nothing here opens a connection unless an endpoint is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import Opinion, OpinionLine, StatedFinding
from raredxr1.diagnose.stated import terms
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.likelihood import rank_likelihood
from raredxr1.knowledge.ranking import Ranking
from raredxr1.knowledge.retrieval import profile_index
from raredxr1.knowledge.similarity import rank_resnik
from raredxr1.schemas import MAX_CANDIDATES, Candidate

if TYPE_CHECKING:
    from raredxr1.diagnose.servers.client import Client

OWN = "model"
DEPTH = 50
"""Diseases of each ranking that fusion looks at; ten are shown."""


@dataclass(frozen=True)
class Voice:
    """One ranking, as fusion reads it.

    Attributes:
        source: who ranks.
        places: disease key -> (rank from 1, score); at most DEPTH diseases.
    """

    source: str
    places: dict[str, tuple[int, float]]


@dataclass(frozen=True)
class Heard:
    """An opinion as people read it, and as fusion does."""

    opinion: Opinion
    voice: Voice


def own_voice(candidates: Sequence[Candidate], names: Names) -> Voice:
    """The model's own ranking, by its raw confidences where it has any; they are the scores."""
    order = sorted(candidates, key=lambda c: (-(c.confidence or 0.0), c.rank))
    return Voice(OWN, {names.key(c.name): (rank, c.confidence or 0.0) for rank, c in enumerate(order, 1)})


def gather(note: str, findings: Sequence[StatedFinding], names: Names, clients: Sequence["Client"] = ()) -> list[Heard]:
    """Ask everybody.

    Args:
        note: what retrieval and endpoints read.
        findings: what the rankings by findings go by.
        names: the knowledge base and its linker.
        clients: endpoints the user named; each is sent the note.

    Raises:
        InputError: an endpoint refuses for good, or SQLite has no full-text search.
    """
    kb = names.kb
    present, absent = terms(findings, kb)
    read = f"{len(present)} findings present, {len(absent)} absent, as HPO terms"
    heard = [
        _by_findings("likelihood", read, rank_likelihood(kb, present, absent) if present else None, kb),
        _by_findings("similarity", read, rank_resnik(kb, present) if present else None, kb),
        _by_words(note, kb),
    ]
    return heard + [_by_endpoint(note, client, names) for client in clients]


def key_of(disease: int, kb: KnowledgeBase) -> str:
    """The key of a disease, as `Names.key` gives it."""
    return min(kb.disease_ids(disease))


def _by_findings(source: str, read: str, ranking: Ranking | None, kb: KnowledgeBase) -> Heard:
    if ranking is None:
        return _silent(source, read, "no finding was recognised in the note")
    best = zip(ranking.diseases[:DEPTH].tolist(), ranking.scores[:DEPTH].tolist(), strict=True)
    return _heard(source, read, list(best), kb)


def _by_words(note: str, kb: KnowledgeBase) -> Heard:
    found = profile_index(kb).search(note, DEPTH)
    if not found:
        return _silent("retrieval", "the words of the note", "no disease profile has a word of the note")
    return _heard("retrieval", "the words of the note", found, kb)


def _heard(source: str, read: str, ranked: Sequence[tuple[int, float]], kb: KnowledgeBase) -> Heard:
    lines = [
        OpinionLine(rank=rank, name=kb.disease_names[disease], id=kb.disease_ids(disease)[0], score=round(score, 4))
        for rank, (disease, score) in enumerate(ranked[:MAX_CANDIDATES], 1)
    ]
    places = {key_of(disease, kb): (rank, score) for rank, (disease, score) in enumerate(ranked, 1)}
    return Heard(Opinion(source=source, read=read, lines=lines), Voice(source, places))


def _silent(source: str, read: str, why: str) -> Heard:
    return Heard(Opinion(source=source, read=read, silent=why), Voice(source, {}))


def _by_endpoint(note: str, client: "Client", names: Names) -> Heard:
    from raredxr1.evaluate.case_set import Item
    from raredxr1.evaluate.systems.openai import OpenAISystem

    source = f"{client.endpoint.model} at {client.endpoint.url}"
    (said,) = OpenAISystem(source, client, names).predict([Item("note", "note", note=note)])
    if not said.answer:
        return _silent(source, "the note", said.reason or "no disease name could be read from its answer")
    lines = [OpinionLine(rank=c.rank, name=c.name, id=c.id, score=None) for c in said.answer]
    places = {names.key(c.name): (c.rank, 0.0) for c in said.answer}
    return Heard(Opinion(source=source, read="the note", lines=lines), Voice(source, places))
