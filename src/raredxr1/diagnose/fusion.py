"""Several rankings become one. Pure functions over keys; a key stands for a disease however it was spelled.

`reciprocal_rank` scores a disease by the mean of 1/rank over all rankings, 0 where it is missing: being named first
counts twice as much as second. The classic constant of 60 is left out on purpose: with lists of ten it would let every
disease that merely appears in all lists beat one that half of them put first.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def reciprocal_rank(rankings: Sequence[Sequence[Key]]) -> list[Key]:
    """Fuse rankings by mean reciprocal rank, best first.

    Ties go to the better best rank, then to the one met first. A ranking may be empty: a sample that named nothing.
    """
    best: dict[Key, int] = {}
    score: dict[Key, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, 1):
            score[key] = score.get(key, 0.0) + 1 / rank
            best[key] = min(best.get(key, rank), rank)
    return sorted(score, key=lambda key: (-score[key], best[key]))


def agreement(rankings: Sequence[Sequence[Key]]) -> dict[Key, float]:
    """Share of the rankings that name each disease first; rankings that name nothing stay in the denominator."""
    first = [ranking[0] for ranking in rankings if ranking]
    everything = dict.fromkeys(key for ranking in rankings for key in ranking)
    return {key: first.count(key) / len(rankings) for key in everything}


def closest(fused: Sequence[Key], rankings: Sequence[Sequence[Key]]) -> int:
    """Index of the ranking most like the fused one by Spearman's footrule; a missing disease ranks past the end."""

    def distance(ranking: Sequence[Key]) -> int:
        place: Mapping[Key, int] = {key: rank for rank, key in enumerate(ranking)}
        return sum(abs(place.get(key, len(fused)) - rank) for rank, key in enumerate(fused))

    return min(range(len(rankings)), key=lambda index: distance(rankings[index]))


def shares(scored: Sequence[tuple[Key | None, float]]) -> dict[Key, float]:
    """Turn log-probabilities of single answers into shares that sum to at most 1, most probable first.

    Answers with the same key are added up. One that could not be read (None) keeps its share, which nobody gets.
    """
    if not scored:
        return {}
    highest = max(log_prob for _, log_prob in scored)
    weights = [math.exp(log_prob - highest) for _, log_prob in scored]
    total: dict[Key, float] = {}
    for (key, _), weight in zip(scored, weights, strict=True):
        if key is not None:
            total[key] = total.get(key, 0.0) + weight / sum(weights)
    return dict(sorted(total.items(), key=lambda item: -item[1]))
