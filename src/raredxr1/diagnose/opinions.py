"""The opinions of other diagnosers: rankings by the findings stated and by the words, endpoints the user names.

None of them has seen the model's answer, and one that fails is silent and says why; the others are heard all the same.
Nothing here opens a connection unless an endpoint is named.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from raredxr1.diagnose.names import Names
from raredxr1.diagnose.result import Opinion, OpinionLine, StatedFinding
from raredxr1.diagnose.stated import terms
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.likelihood import rank_likelihood
from raredxr1.knowledge.meaning_ranker import MEANING_RANKER, READ, meaning_ranker
from raredxr1.knowledge.ranking import Ranking
from raredxr1.knowledge.similarity import rank_resnik
from raredxr1.knowledge.text_ranker import TEXT_RANKER, TextRanker, text_ranker
from raredxr1.schemas import MAX_CANDIDATES, Candidate

if TYPE_CHECKING:
    from raredxr1.diagnose.servers.client import Client

OWN = "model"
TEXTS = "texts"
PROFILES = "profiles"
MEANING = "meaning"
WORDS = "the words of the note and the names of its findings"
DEPTH = 50
"""Diseases of each ranking that fusion looks at; ten are shown."""


@dataclass(frozen=True)
class Voice:
    """One ranking, as fusion reads it.

    Attributes:
        source: who ranks.
        places: disease key -> (rank from 1, score); at most DEPTH diseases.
        scores: of every disease by number, nan where it is not ranked; None: only the places are known.
    """

    source: str
    places: dict[str, tuple[int, float]]
    scores: npt.NDArray[np.float32] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Heard:
    """An opinion as people read it, and as fusion does."""

    opinion: Opinion
    voice: Voice


def own_voice(candidates: Sequence[Candidate], names: Names) -> Voice:
    """The model's own ranking, by its raw confidences where it has any; they are the scores."""
    order = sorted(candidates, key=lambda c: (-(c.confidence or 0.0), c.rank))
    return Voice(OWN, {names.key(c.name): (rank, c.confidence or 0.0) for rank, c in enumerate(order, 1)})


def ranks_of(key: str, heard: Sequence[Heard]) -> dict[str, int]:
    """Who names a disease, at which rank, by its key."""
    return {one.opinion.source: one.voice.places[key][0] for one in heard if key in one.voice.places}


def as_unknown(voices: Sequence[Voice]) -> list[Voice]:
    """The voices of a served model, first, and the others, such that a fit that does not know it hears nothing of it.

    Its diseases are brought in all the same.
    """
    own, *others = voices
    return [Voice(OWN, {}), *others, Voice("served", own.places)]


def gather(
    note: str,
    findings: Sequence[StatedFinding],
    names: Names,
    clients: Sequence["Client"] = (),
    words: Path = TEXT_RANKER,
    meaning: Path | None = MEANING_RANKER,
) -> list[Heard]:
    """Ask everybody.

    Args:
        note: what the ranking by words and endpoints read.
        findings: what the rankings by findings go by.
        names: the knowledge base and its linker.
        clients: endpoints the user named; each is sent the note.
        words: weights of the rankings by words and by profiles.
        meaning: folder of the ranking by meaning; None: it is not asked.
    """
    kb = names.kb
    present, absent = terms(findings, kb)
    unsure = [kb.term(finding.hpo_id) for finding in findings if finding.state == "uncertain"]
    read = f"{len(present)} findings present, {len(absent)} absent, as HPO terms"
    likely = (lambda: rank_likelihood(kb, present, absent)) if present else None
    similar = (lambda: rank_resnik(kb, present)) if present else None
    asked: list[tuple[str, str, Callable[[], Heard]]] = [
        ("likelihood", read, lambda: _by_findings("likelihood", read, likely, kb)),
        ("similarity", read, lambda: _by_findings("similarity", read, similar, kb)),
        (TEXTS, WORDS, lambda: _by_words(note, [kb.term_names[term] for term in present], kb, words)),
        (PROFILES, read, lambda: _by_profiles(present, unsure, kb, words)),
    ]
    if meaning:
        asked.append((MEANING, READ, partial(_by_meaning, note, kb, meaning)))
    for client in clients:
        asked.append((_named(client), "the note", partial(_by_endpoint, note, client, names)))
    return [_asked(*one) for one in asked]


def _asked(source: str, read: str, ask: Callable[[], Heard]) -> Heard:
    try:
        return ask()
    except InputError as error:
        return _silent(source, read, str(error))


def key_of(disease: int, kb: KnowledgeBase) -> str:
    """The key of a disease, as `Names.key` gives it."""
    return min(kb.disease_ids(disease))


def _by_findings(source: str, read: str, rank: Callable[[], Ranking] | None, kb: KnowledgeBase) -> Heard:
    if rank is None:
        return _silent(source, read, "no finding was recognised in the note")
    ranking = rank()
    scores = np.full(len(kb.disease_records), np.nan, dtype=np.float32)
    scores[ranking.diseases] = ranking.scores
    return _heard(source, read, ranking.best(DEPTH), scores, kb)


def _by_words(note: str, labels: Sequence[str], kb: KnowledgeBase, words: Path) -> Heard:
    ranker = text_ranker(kb, words)
    silent = "no text about a disease has a word of the note"
    return _by_weights(TEXTS, WORDS, silent, ranker, ranker.scores(note, labels), kb)


def _by_profiles(present: Sequence[int], unsure: Sequence[int], kb: KnowledgeBase, words: Path) -> Heard:
    ranker = text_ranker(kb, words)
    read = f"{len(present)} findings present, {len(unsure)} uncertain, as HPO terms"
    silent = "no finding of the note is known of a disease"
    return _by_weights(PROFILES, read, silent, ranker, ranker.finding_scores(present, kb, unsure), kb)


def _by_meaning(note: str, kb: KnowledgeBase, folder: Path) -> Heard:
    scores = meaning_ranker(kb, folder).scores(note)
    order = np.argsort(-np.nan_to_num(scores, nan=-2.0), kind="stable")[:DEPTH].tolist()
    found = [(disease, float(scores[disease])) for disease in order if not np.isnan(scores[disease])]
    silent = "it knows no disease of this knowledge base"
    return _heard(MEANING, READ, found, scores, kb) if found else _silent(MEANING, READ, silent)


def _by_weights(
    source: str, read: str, silent: str, ranker: TextRanker, scores: npt.NDArray[np.float32], kb: KnowledgeBase
) -> Heard:
    found = ranker.best(scores, DEPTH)
    return _heard(source, read, found, ranker.by_disease(scores), kb) if found else _silent(source, read, silent)


def _heard(
    source: str, read: str, ranked: Sequence[tuple[int, float]], scores: npt.NDArray[np.float32], kb: KnowledgeBase
) -> Heard:
    lines = [
        OpinionLine(rank=rank, name=kb.disease_names[disease], id=kb.disease_ids(disease)[0], score=round(score, 4))
        for rank, (disease, score) in enumerate(ranked[:MAX_CANDIDATES], 1)
    ]
    places = {key_of(disease, kb): (rank, score) for rank, (disease, score) in enumerate(ranked, 1)}
    return Heard(Opinion(source=source, read=read, lines=lines), Voice(source, places, scores))


def _silent(source: str, read: str, why: str) -> Heard:
    return Heard(Opinion(source=source, read=read, silent=why), Voice(source, {}))


def _named(client: "Client") -> str:
    return f"{client.endpoint.model} at {client.endpoint.url}"


def _by_endpoint(note: str, client: "Client", names: Names) -> Heard:
    from raredxr1.diagnose.servers.differential import ask_differential  # what can open a connection

    source = _named(client)
    reply, said = ask_differential(client, note, names, "short", 0)
    if said is None or not said.answer:
        reason = reply.reason or ("" if reply.text.strip() else "an empty answer")
        return _silent(source, "the note", reason or "no disease name could be read from its answer")
    lines = [OpinionLine(rank=c.rank, name=c.name, id=c.id, score=None) for c in said.answer]
    places = {names.key(c.name): (c.rank, 0.0) for c in said.answer}
    return Heard(Opinion(source=source, read="the note", lines=lines), Voice(source, places))
