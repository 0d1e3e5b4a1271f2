"""Terms: an HPO term and its lay words, synonyms, definition, parents, and the diseases in which it is frequent."""

from collections.abc import Callable, Sequence
from random import Random

from raredxr1 import dialogue
from raredxr1.data import wordings
from raredxr1.internalize.qa.profile import SYSTEM, ask
from raredxr1.internalize.qa.reverse import masked
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.claims import FREQUENT

_WORDS = wordings("questions, terms")

MOST_DISEASES = 40
"""A finding frequent in more of the diseases taught points to none of them."""
_LONGEST_DEFINITION = 400


class TermWriter:
    """Writes question and answer about one of the findings of a disease taught."""

    def __init__(self, kb: KnowledgeBase, diseases: Sequence[int]) -> None:
        """Take the knowledge base and the diseases taught."""
        self.kb = kb
        self._carriers: dict[int, list[int]] = {}
        for disease in diseases:
            for term, frequency in kb.frequencies[disease].items():
                if frequency >= FREQUENT:
                    self._carriers.setdefault(term, []).append(disease)
        self._families: list[Callable[[int, Random], tuple[str, str] | None]] = [
            self._to_term, self._to_term, self._to_words, self._to_definition, self._from_definition, self._to_parent,
            self._to_diseases,
        ]  # fmt: skip

    def write(self, disease: int, rng: Random) -> tuple[str, str]:
        """Draw a prompt and its completion (without the end-of-turn token) about a finding of the disease."""
        term = rng.choice([term for term, frequency in self.kb.frequencies[disease].items() if frequency > 0])
        written = rng.choice(self._families)(term, rng) or self._to_parent(term, rng)
        return dialogue.chat(SYSTEM, written[0]), written[1]

    def _to_term(self, term: int, rng: Random) -> tuple[str, str] | None:
        said = [synonym.text for synonym in self.kb.term_synonyms[term]]
        return (ask(rng, _WORDS["to_term"], said=rng.choice(said)), f"{self.kb.term_names[term]}.") if said else None

    def _to_words(self, term: int, rng: Random) -> tuple[str, str] | None:
        said = [synonym.text for synonym in self.kb.term_synonyms[term] if synonym.scope in ("EXACT", "RELATED")]
        told = rng.sample(said, min(len(said), 3))
        return (ask(rng, _WORDS["to_words"], term=self.kb.term_names[term]), f"{'; '.join(told)}.") if told else None

    def _to_definition(self, term: int, rng: Random) -> tuple[str, str] | None:
        definition = self.kb.term_definitions[term]
        if not definition or len(definition) > _LONGEST_DEFINITION:
            return None
        return ask(rng, _WORDS["to_definition"], term=self.kb.term_names[term]), definition

    def _from_definition(self, term: int, rng: Random) -> tuple[str, str] | None:
        hidden = [self.kb.term_names[term], *(synonym.text for synonym in self.kb.term_synonyms[term])]
        definition = masked(self.kb.term_definitions[term], hidden).replace("this disease", "this finding")
        if not definition or len(definition) > _LONGEST_DEFINITION:
            return None
        return ask(rng, _WORDS["to_term"], said=definition.rstrip(".")), f"{self.kb.term_names[term]}."

    def _to_parent(self, term: int, rng: Random) -> tuple[str, str]:
        parents = [self.kb.term_names[parent] for parent in self.kb.term_parents[term]]
        return ask(rng, _WORDS["to_parent"], term=self.kb.term_names[term]), f"{'; '.join(parents)}."

    def _to_diseases(self, term: int, rng: Random) -> tuple[str, str] | None:
        carriers = self._carriers.get(term, [])
        if not 0 < len(carriers) <= MOST_DISEASES:
            return None
        told = rng.sample(carriers, min(len(carriers), 6))
        named = "; ".join(self.kb.disease_names[disease] for disease in told)
        return ask(rng, _WORDS["to_diseases"], term=self.kb.term_names[term]), f"{named}."
