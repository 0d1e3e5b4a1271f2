"""Reading lessons: real sentences in which people marked findings, to be listed with their quotes.

Synthetic notes hold wordings the generator knows, so a model can name a finding without looking. Here it must look: the
sentences are real, and a share of the marked findings is exchanged for others, so no text can be learned by heart. The
turn is the full form's as far as its findings; what disease it was, nobody knows.

Copying drills: words in no order, to be written again as they stand.

A model made from scratch learns to name findings from gist long before it learns to look words up, and then has no
reason to. Words in random order leave it no other way. Once it copies, a few drills keep it copying.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from random import Random

from raredxr1 import dialogue
from raredxr1.cases.annotated import AnnotatedTexts, Sentence, wordings
from raredxr1.cases.notes import Mention
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.wordings import misspell
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import Finding

EXCHANGED = 0.5
"""Share of marked findings that are exchanged for others, in a lesson that exchanges any."""
KEPT_AS_WRITTEN = 0.3
"""Share of lessons that exchange none."""
MISSPELT = 0.05
MOST = 14
"""Findings of a lesson."""


class ReadingWriter:
    """Writes reading lessons from annotated texts."""

    def __init__(self, kb: KnowledgeBase, texts: AnnotatedTexts, terms: Sequence[int]) -> None:
        """Take the texts and the terms that may stand in for marked ones.

        Args:
            kb: the knowledge base.
            texts: documents with marked findings; those without any are of no use and left out.
            terms: term numbers to draw stand-ins from, repeated ones being likelier.
        """
        self.kb, self._terms, self._phrases = kb, terms, Phrases(kb)
        self._documents = [d for d in texts.documents if any(s.mentions for s in d)]
        if not self._documents:
            raise ValueError("annotated texts without a single phenotypic finding")
        self._weights = [sum(len(s.mentions) for s in d) for d in self._documents]
        self.asides = [s.text.strip() for d in self._documents for s in d if not s.mentions]
        """Real sentences in which nothing is marked."""
        self.wordings = wordings(texts)
        """What people called each finding in them."""

    def write(self, rng: Random) -> tuple[str, str]:
        """Draw a prompt and its completion, which ends where the hypotheses would begin."""
        text, mentions = self._passage(rng)
        findings = [
            Finding(index=i, present=m.present, quote=text[m.start : m.end], term=self.kb.term_names[m.term])
            for i, m in enumerate(mentions, 1)
        ]
        return dialogue.render_prompt(text, "full"), dialogue.render_findings(findings)

    def _passage(self, rng: Random) -> tuple[str, list[Mention]]:
        document = rng.choices(self._documents, self._weights)[0]
        begin = rng.choice([i for i, s in enumerate(document) if s.mentions])
        begin = max(0, begin - rng.randrange(3))
        exchanged = 0.0 if rng.random() < KEPT_AS_WRITTEN else EXCHANGED
        wanted = rng.randint(1, MOST)
        text, mentions = "", list[Mention]()
        for sentence in document[begin:]:
            if mentions and len(mentions) + len(sentence.mentions) > wanted:
                break
            text = self._append(text, mentions, sentence, exchanged, rng)
        return text, mentions

    def _append(self, text: str, mentions: list[Mention], sentence: Sentence, exchanged: float, rng: Random) -> str:
        """Append a sentence with some of its findings exchanged; the findings go to `mentions`."""
        text += " " if text and not text[-1].isspace() else ""
        at = 0
        for mention in sentence.mentions:
            text += sentence.text[at : mention.start]
            term, said = mention.term, sentence.text[mention.start : mention.end]
            if rng.random() < exchanged:
                term = rng.choice(self._terms)
                said = self._phrases.say(term, rng)
            if rng.random() < MISSPELT:
                said = misspell(said, rng)
            mentions.append(Mention(term, mention.present, len(text), len(text) + len(said)))
            text, at = text + said, mention.end
        return text + sentence.text[at:]


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
