"""Contrast: two diseases that look alike; what separates them, what they share, and which one a picture speaks for."""

from collections.abc import Sequence
from random import Random

import numpy as np

from raredxr1 import dialogue
from raredxr1.data import wordings
from raredxr1.internalize.qa.profile import SYSTEM, ask, frequency_said
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.claims import FREQUENT, Claims
from raredxr1.knowledge.likelihood import LikelihoodScorer

_WORDS = wordings("questions, contrast")

NEIGHBOURS = 6
GAP = 0.3
"""Difference of frequencies from which a finding separates two diseases."""
TYPICAL = 10
"""Findings of a disease by which its neighbours are found."""


class ContrastWriter:
    """Writes question and answer about a disease and one of its neighbours among the diseases taught."""

    def __init__(self, kb: KnowledgeBase, diseases: Sequence[int]) -> None:
        """Take the knowledge base and the diseases taught; neighbours are looked for when a disease first comes up."""
        self.kb, self._claims = kb, Claims(kb)
        self._diseases = np.array(diseases)
        self._scorer = LikelihoodScorer(kb, self._diseases)
        self._neighbours: dict[int, list[int]] = {}

    def write(self, disease: int, rng: Random) -> tuple[str, str]:
        """Draw a prompt and its completion (without the end-of-turn token)."""
        other = rng.choice(self.neighbours(disease))
        apart = [t for t, _ in self.separating(disease, other)]
        a, b = (disease, other) if rng.random() < 0.5 else (other, disease)
        first, second = self.kb.disease_names[a], self.kb.disease_names[b]
        if apart and rng.random() < 0.4:
            chosen = rng.sample(apart, min(len(apart), rng.randint(2, 4)))
            clues = rng.choice(_WORDS["leads"]).format(", ".join(self.kb.term_names[t].lower() for t in chosen))
            question = ask(rng, _WORDS["choices"], a=first, b=second, clues=clues)
            return dialogue.chat(
                SYSTEM, question
            ), f"{self.kb.disease_names[disease]}: {self._said(chosen[:3], disease)}."
        question = ask(rng, _WORDS["questions"], a=first, b=second)
        return dialogue.chat(SYSTEM, question), self._difference(a, b, rng)

    def neighbours(self, disease: int) -> list[int]:
        """The diseases taught whose picture is closest: those likeliest given its most typical findings."""
        known = self._neighbours.get(disease)
        if known is None:
            own = sorted(self.kb.frequencies[disease].items(), key=lambda item: (-item[1], item[0]))
            scores = self._scorer.scores([term for term, frequency in own if frequency > 0][:TYPICAL], [])
            order = np.argsort(-scores, kind="stable")[: NEIGHBOURS + 1]
            known = [d for d in self._diseases[order].tolist() if d != disease][:NEIGHBOURS]
            self._neighbours[disease] = known
        return known

    def separating(self, disease: int, other: int) -> list[tuple[int, float]]:
        """Findings of a disease that it shows more often than the other, widest gap first."""
        gaps = [
            (term, frequency - self._claims.frequency(other, term))
            for term, frequency in self.kb.frequencies[disease].items()
            if frequency > 0
        ]
        return sorted((g for g in gaps if g[1] >= GAP), key=lambda gap: (-gap[1], gap[0]))

    def _difference(self, a: int, b: int, rng: Random) -> str:
        count, parts = rng.randint(2, 4), list[str]()
        for disease, other in ((a, b), (b, a)):
            apart = [term for term, _ in self.separating(disease, other)[:count]]
            if apart:
                parts.append(f"For {self.kb.disease_names[disease]}: {self._said(apart, disease)}.")
        if not parts:
            parts.append("Their findings overlap.")
        often = [
            t for t, f in self.kb.frequencies[a].items() if f >= FREQUENT and self._claims.frequency(b, t) >= FREQUENT
        ]
        if often:
            shared = sorted(often, key=lambda term: (-self._claims.information(term), term))[:count]
            parts.append(f"Both: {'; '.join(self.kb.term_names[term] for term in shared)}.")
        modes = [self.kb.inheritance(disease) for disease in (a, b)]
        if all(modes) and set(modes[0]).isdisjoint(modes[1]):
            said = [f"{self.kb.disease_names[d]} {'; '.join(m)}" for d, m in zip((a, b), modes, strict=True)]
            parts.append(f"Inheritance: {', '.join(said)}.")
        rng.shuffle(parts)
        return " ".join(parts)

    def _said(self, terms: Sequence[int], disease: int) -> str:
        own = self.kb.frequencies[disease]
        return "; ".join(self.kb.term_names[term] + frequency_said(own[term], 2) for term in terms)
