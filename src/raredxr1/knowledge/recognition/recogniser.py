"""Finds the findings of a text, by name and by rule."""

from dataclasses import dataclass

from raredxr1.knowledge.assertion import Assertion, assertions
from raredxr1.knowledge.recognition.dictionary import dictionary
from raredxr1.knowledge.recognition.matching import places
from raredxr1.knowledge.recognition.tokens import stretches
from raredxr1.knowledge.store import KnowledgeBase


@dataclass(frozen=True)
class Mention:
    """A finding in a text.

    Attributes:
        term: term number.
        start: where its words begin in the text.
        end: where they end.
        assertion: what the text says of it.
        rule: how it was found: name, word order, ending, class, adjective, list, id, shorthand, value, growth.
    """

    term: int
    start: int
    end: int
    assertion: Assertion
    rule: str = "name"


class Recogniser:
    """Finds the terms of a knowledge base in texts. Cheap to make; the dictionary is built at the first text."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base."""
        self.kb = kb

    def find(self, text: str) -> list[Mention]:
        """Find all mentions, in order of place; they do not overlap."""
        names = dictionary(self.kb)
        found = [
            (place.found.term, words[place.first].start, words[place.last].end, place.found.rule)
            for words in stretches(text, names.known)
            for place in places(words, names)
        ]
        said = assertions(text, [(start, end) for _, start, end, _ in found])
        return [Mention(term, start, end, a, rule) for (term, start, end, rule), a in zip(found, said, strict=True)]
