"""How a term is said: its label and synonyms, as they stand inside a sentence."""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from random import Random
from typing import TypeVar

from raredxr1 import lazy_re as re
from raredxr1.knowledge import KnowledgeBase

T = TypeVar("T")
_LOWER_WORD = re.compile(r"\b[a-z]{2,}\b")
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+\b")
_SCOPE_WEIGHTS = {"EXACT": 2.0, "NARROW": 0.3, "RELATED": 0.3, "BROAD": 0.1}
_LABEL_WEIGHT = 4.0
_LAY_WEIGHT = 2.5
_KIND_WEIGHTS = {"layperson": _LAY_WEIGHT, "abbreviation": 0.7, "plural_form": 0.5, "obsolete_synonym": 0.0}


class Phrases:
    """Chooses wordings of terms. Labels are commonest, then exact and lay synonyms, then those of looser scope."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base; wordings are prepared a term at a time, when first asked for."""
        self.kb = kb
        self._prepared: dict[int, tuple[list[str], list[float]]] = {}

    @cached_property
    def _proper_words(self) -> frozenset[str]:
        return _proper_words(" ".join(self.kb.term_definitions))

    def inside(self, text: str) -> str:
        """Write a label as inside a sentence: "Seizure" -> "seizure"; "EEG ...", "Babinski ..." as they are."""
        first = text.split(" ", 1)[0].split("-", 1)[0].split("'", 1)[0]
        plain = first[1:].islower() and first.lower() not in self._proper_words
        return text[0].lower() + text[1:] if plain else text

    def label(self, term: int) -> str:
        """The HPO label."""
        return self.kb.term_names[term]

    def say(self, term: int, rng: Random) -> str:
        """Draw a wording for use inside a sentence."""
        prepared = self._prepared.get(term)
        if prepared is None:
            prepared = self._prepared[term] = self._prepare(term)
        return drawn(*prepared, rng)

    def _prepare(self, term: int) -> tuple[list[str], list[float]]:
        weights = {self.inside(self.kb.term_names[term]): _LABEL_WEIGHT}
        for synonym in self.kb.term_synonyms[term]:
            weight = _KIND_WEIGHTS.get(synonym.kind, 1.0) * _SCOPE_WEIGHTS[synonym.scope] / 2
            if weight > 0:
                weights.setdefault(self.inside(synonym.text), weight)
        return list(weights), list(accumulate(weights.values()))


def drawn(wordings: Sequence[T], cumulative: Sequence[float], rng: Random) -> T:
    """One of several wordings by their weights, each added to those before it; a single one draws no number."""
    return wordings[0] if len(wordings) == 1 else rng.choices(wordings, cum_weights=cumulative)[0]


@lru_cache(maxsize=2)
def _proper_words(text: str) -> frozenset[str]:
    """Words that are written with a capital inside a sentence and never without: names of people mostly."""
    return frozenset(word.lower() for word in _CAPITAL_INSIDE.findall(text)) - set(_LOWER_WORD.findall(text))
