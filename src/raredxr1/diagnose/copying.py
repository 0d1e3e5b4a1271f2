"""The quote a model would write if it could write nothing that the note does not have.

A search with beams over the stretches of the note: the model's own probabilities choose where a quote begins, how it
goes on and where it ends; the note decides what can be chosen. A stretch begins and ends with a word and lies inside a
clause.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from raredxr1 import lazy_re as re

LogProbs = npt.NDArray[np.float32]

BEAMS = 4
MOST_TOKENS = 20
LEAST_MEAN = -4.0
"""Nats a token: a quote less probable than this is not what the model wants to say."""
_CLAUSE = re.compile(r"[^.,;:!?()\[\]\n]+(?:[.,:](?=\S)[^.,;:!?()\[\]\n]+)*")


class Tokens(Protocol):
    """What is needed of an engine: its tokens, and what comes next."""

    def encode(self, text: str) -> list[int]:
        """Turn text into tokens."""
        ...

    def decode(self, ids: Sequence[int]) -> str:
        """Turn tokens into text."""
        ...

    def continuing(self, prompt: str) -> Callable[[Sequence[Sequence[int]]], LogProbs]:
        """Prepare a prompt; the function given back takes turns begun so far, all of the same number of tokens.

        It returns the log-probability of every token to come next: (turns, vocabulary).
        """
        ...


@dataclass(frozen=True)
class _Place:
    """Where a stretch has got to: the clause, and how many of its tokens have been taken from where it began."""

    clause: int
    at: int


@dataclass(frozen=True)
class _Beam:
    ids: tuple[int, ...]
    places: tuple[_Place, ...]
    score: float


def most_probable_quote(tokens: Tokens, prompt: str, turn: str, note: str, taken: Sequence[str] = ()) -> str | None:
    """Find the quote of the note that the model finds most probable next.

    Args:
        tokens: the engine.
        prompt: the whole prompt.
        turn: the turn so far, up to and with the mark that opens the quote.
        note: the note as the model sees it.
        taken: quotes that were written already; their words are not quoted again.

    Returns:
        The quote, without marks or spaces around it; None where the note has none the model finds probable.
    """
    clauses = [tokens.encode(" " + " ".join(clause.split())) for clause in _CLAUSE.findall(note) if clause.strip()]
    begins = [[tokens.decode([i])[:1].isspace() for i in clause] for clause in clauses]
    used = _used(clauses, [tokens.encode(" " + " ".join(quote.split())) for quote in taken])
    close, begun, step = tokens.encode(' "')[0], tokens.encode(turn), tokens.continuing(prompt)
    starts = [_Place(c, i) for c, marks in enumerate(begins) for i, mark in enumerate(marks) if mark]
    beams, finished = [_Beam((), tuple(starts), 0.0)], list[_Beam]()
    for _ in range(MOST_TOKENS):
        grown = list[_Beam]()
        for beam, log_probs in zip(beams, step([[*begun, *beam.ids] for beam in beams]), strict=True):
            if beam.ids and any(_ends(place, clauses, begins) for place in beam.places):
                finished.append(_Beam(beam.ids, (), beam.score + float(log_probs[close])))
            following = defaultdict[int, list[_Place]](list)
            for place in beam.places:
                if place.at < len(clauses[place.clause]) and not used[place.clause][place.at]:
                    following[clauses[place.clause][place.at]].append(_Place(place.clause, place.at + 1))
            grown += [
                _Beam((*beam.ids, token), tuple(places), beam.score + float(log_probs[token]))
                for token, places in following.items()
            ]
        best = max((beam.score for beam in finished), default=-np.inf)
        beams = sorted((beam for beam in grown if beam.score > best), key=lambda beam: -beam.score)[:BEAMS]
        if not beams:
            break
    for beam in sorted(finished, key=lambda beam: -beam.score):
        quote = tokens.decode(beam.ids).strip()
        if any(map(str.isalnum, quote)):
            return quote if beam.score / (len(beam.ids) + 1) > LEAST_MEAN else None
    return None


def _used(clauses: list[list[int]], taken: list[list[int]]) -> list[list[bool]]:
    """Which tokens of the clauses were quoted, wherever the note repeats them."""
    used = [[False] * len(clause) for clause in clauses]
    for ids in filter(None, taken):
        for clause, marks in zip(clauses, used, strict=True):
            for i in range(len(clause) - len(ids) + 1):
                if clause[i : i + len(ids)] == ids:
                    marks[i : i + len(ids)] = [True] * len(ids)
    return used


def _ends(place: _Place, clauses: list[list[int]], begins: list[list[bool]]) -> bool:
    """Whether a word has just ended: the clause is over, or its next token begins a word."""
    return place.at == len(clauses[place.clause]) or begins[place.clause][place.at]
