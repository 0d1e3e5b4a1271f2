"""HPO terms in a text, by dictionary: labels and synonyms looked up as they stand, nothing learned.

Each stretch of up to eight words is looked up by its normalised words (`names`), endings and order left aside, so that
"hypotonic" meets Hypotonia and "truncal hypotonia" meets "Hypotonia, truncal"; the longest stretch wins. Whether what
is found is said to be there, absent, or somebody else's is decided by `assertion`.

This is an opinion beside the model's own reading, and is labelled as such wherever it is shown. It knows no paraphrase
("cannot sit at nine months"), no measurement and no misspelling.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from raredxr1.knowledge import names
from raredxr1.knowledge.assertion import Assertion, assertions
from raredxr1.knowledge.linking import PHENOTYPE
from raredxr1.knowledge.store import KnowledgeBase

LONGEST = 8
"""Words of a stretch looked up, small words not counted."""
_TOKEN = re.compile(r"[^\W_]+(?:['’][a-z]\b)?|[.;:!?()\[\]\n,/]")
_BREAK = frozenset(".;:!?()[]\n")
_SMALL = frozenset(("a", "an", "in", "on", "with", "his", "her", "their", "very", "some"))
_EVERYDAY = frozenset(
    """
    into alcohol alcoholic alcoholism negative sleep collecting collection cutting oncology oncologic oncological
    basophil basophils basophilic limb fit tears crying
    """.split()  # noqa: SIM905
)
"""Words that are names of terms too, and nearly always mean something else."""
_JOINING = frozenset((",", "/", "and", "or"))
"""A stretch that one of these stands in is found only under names that have one too."""
_APART = frozenset(("limbic",))
"""Words whose stem is another word."""
_ENDINGS = ("icity", "ical", "ies", "ism", "ic", "ia", "al", "es", "ed", "y", "s", "e")
_STEM = 4
"""An ending is taken off only where so many letters stay."""


@dataclass(frozen=True)
class Mention:
    """A term found in a text.

    Attributes:
        term: term number.
        start: where its words begin in the text.
        end: where they end.
        assertion: what the text says of it: present, absent, or of a relative or only considered (other).
    """

    term: int
    start: int
    end: int
    assertion: Assertion


@dataclass(frozen=True)
class _Word:
    key: str
    said: str
    start: int
    end: int
    block: int
    """Words of different blocks stand on different sides of a full stop, a bracket or the like."""
    joined: int
    """Joining words and commas met so far."""


class Recogniser:
    """Finds the terms of a knowledge base in texts. Cheap to make; the dictionary is built at the first text."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the knowledge base."""
        self.kb = kb

    def find(self, text: str) -> list[Mention]:
        """Find all mentions, in order of place; they do not overlap."""
        found = sorted(_longest(self._candidates(_words(text))), key=lambda place: place[1])
        said = assertions(text, [(start, end) for _, start, end in found])
        return [Mention(term, start, end, a) for (term, start, end), a in zip(found, said, strict=True)]

    def _candidates(self, words: list[_Word]) -> Iterator[tuple[int, int, int]]:
        """Every stretch that is a name: term, start, end."""
        dictionary = _dictionary(self.kb)
        for first in range(len(words)):
            for last in range(first, min(first + LONGEST, len(words))):
                if words[last].block != words[first].block:
                    break
                stretch = words[first : last + 1]
                if first == last and stretch[0].said in _EVERYDAY:
                    continue
                term = dictionary.get(_key([word.key for word in stretch], words[first].joined != words[last].joined))
                if term is not None:
                    yield term, stretch[0].start, stretch[-1].end


def _longest(found: Iterator[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Keep the longest of what overlaps, the first of equals."""
    kept: list[tuple[int, int, int]] = []
    for place in sorted(found, key=lambda p: (p[1] - p[2], p[1])):
        if all(place[2] <= start or end <= place[1] for _, start, end in kept):
            kept.append(place)
    return kept


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    block = joined = 0
    for token in _TOKEN.finditer(text):
        said = token[0].lower()
        if said in _BREAK:
            block += said != "\n" or text[token.end() : token.end() + 1] in ("\n", "-", "*", "")
        elif said in _JOINING:
            joined += 1
        elif said not in _SMALL:
            words += [_Word(_stem(word), said, *token.span(), block, joined) for word in names.words(said)]
    return words


def _key(stems: Iterable[str], joined: bool) -> str:
    return ("& " if joined else "") + " ".join(sorted(stems))


def _stem(word: str) -> str:
    for ending in () if word in _APART else _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=4)
def _dictionary(kb: KnowledgeBase) -> dict[str, int]:
    """Stemmed, sorted words of every name -> its term; labels before exact synonyms before others.

    A name that two terms share at the same level is left out, and so are abbreviations: "AS" is a word too.
    """
    root = kb.term(PHENOTYPE)
    levels: tuple[dict[str, set[int]], ...] = ({}, {}, {})
    for term, ancestors in enumerate(kb.term_ancestors):
        if root not in ancestors or term == root:
            continue
        _enter(levels[0], kb.term_names[term], term)
        for synonym in kb.term_synonyms[term]:
            if synonym.kind != "abbreviation" and not _shouted(synonym.text):
                _enter(levels[1 if synonym.scope == "EXACT" else 2], synonym.text, term)
    dictionary: dict[str, int] = {}
    for level in levels:
        for key, terms in level.items():
            if len(terms) == 1:
                dictionary.setdefault(key, *terms)
    return dictionary


def _enter(level: dict[str, set[int]], name: str, term: int) -> None:
    tokens = [token for token in _TOKEN.findall(name.lower()) if token not in _SMALL]
    stems = [_stem(word) for token in tokens if token not in _JOINING for word in names.words(token)]
    if len(stems) > 1 or (stems and len(stems[0]) > 2):
        for joined in (False, True) if _JOINING.intersection(tokens) else (False,):
            level.setdefault(_key(stems, joined), set()).add(term)


def _shouted(name: str) -> bool:
    return name.isupper() and len(name) < 7
