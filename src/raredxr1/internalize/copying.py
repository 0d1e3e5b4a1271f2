"""Copying drills: words in no order, to be written again as they stand.

A model made from scratch learns to name findings from gist long before it learns to look words up, and then has no
reason to. Words in random order leave it no other way. Once it copies, a few drills keep it copying.
"""

import re
from functools import cached_property
from random import Random

from raredxr1 import dialogue
from raredxr1.knowledge import KnowledgeBase

SYSTEM = "Copy the text."
MARKS = ("", "", "", "", "", ",", ",", ".", ";", ":")
_WORD = re.compile(r"[A-Za-z]{2,}")


class CopyWriter:
    """Writes texts to copy from the words of the ontology."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base."""
        self._kb = kb

    @cached_property
    def _words(self) -> list[str]:
        """The words of labels, synonyms and definitions, each as often as any other."""
        kb = self._kb
        texts = [*kb.term_names, *kb.term_definitions, *(s.text for several in kb.term_synonyms for s in several)]
        return sorted({word for text in texts for word in _WORD.findall(text)})

    def write(self, rng: Random) -> tuple[str, str]:
        """Draw a prompt and its completion (without the end-of-turn token): twelve to fifty words."""
        words = [rng.choice(self._words) + rng.choice(MARKS) for _ in range(rng.randint(12, 50))]
        text = " ".join(words)
        return dialogue.chat(SYSTEM, text), text
