"""Reverse: a part of the picture, or a definition with its names masked, is given; the disease is to be named."""

import re
from random import Random

from raredxr1 import dialogue
from raredxr1.cases.phrases import Phrases
from raredxr1.data import wordings
from raredxr1.internalize.qa.profile import SYSTEM, ask, context_clauses, findings_said
from raredxr1.knowledge import KnowledgeBase

_WORDS = wordings("questions, reverse")

MASK = "this disease"
_LEAST_NAME = 4


class ReverseWriter:
    """Writes clues and the name they lead to."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base."""
        self.kb, self._phrases = kb, Phrases(kb)

    def write(self, disease: int, rng: Random) -> tuple[str, str]:
        """Draw a prompt and its completion (without the end-of-turn token)."""
        definition = masked(definition_of(self.kb, disease), self.kb.names_of(disease))
        if definition and rng.random() < 0.5:
            clues = definition
        else:
            count = rng.randint(3, 8)
            parts = [rng.choice(_WORDS["leads"]).format(findings_said(self.kb, self._phrases, disease, rng, count))]
            parts += [clause for clause in context_clauses(self.kb, disease, rng) if rng.random() < 0.4]
            rng.shuffle(parts)
            clues = " ".join(parts)
        return dialogue.chat(SYSTEM, ask(rng, _WORDS["questions"], clues=clues)), f"{self.kb.disease_names[disease]}."


def definition_of(kb: KnowledgeBase, disease: int) -> str:
    """What a disease is in a sentence or two; empty unless an import has brought it."""
    return next((said for i in kb.disease_ids(disease) if (said := kb.imported.definitions.get(i))), "")


def masked(text: str, hidden: list[str]) -> str:
    """Put "this disease" for every name in a text, whatever its case; the longest names first."""
    said = sorted((name for name in hidden if len(name) >= _LEAST_NAME), key=len, reverse=True)
    if not text or not said:
        return text
    pattern = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in said)
    return re.sub(pattern, MASK, text, flags=re.IGNORECASE)
