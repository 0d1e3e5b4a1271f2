"""Names of findings by the forms of their words: HPO labels and synonyms of every scope, and our own wordings.

A name is filed under the groups of its words (`words`), sorted, so that word order does not matter; what is found there
is chosen by how strictly it agrees: words in any order, then their stems, then their groups; labels before exact
synonyms before our wordings before others. Where several terms agree alike, the one above all others is taken, and
where there is none the words are left alone. A name of one word is found as it stands, in the plural, as an adjective
(`adjectives.tsv`), and not by its stem: "negatives" are no negativism.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from raredxr1.knowledge.linking import PHENOTYPE
from raredxr1.knowledge.recognition import everyday
from raredxr1.knowledge.recognition.tables import choices, rows
from raredxr1.knowledge.recognition.words import Form, adjectives, forms
from raredxr1.knowledge.store import KnowledgeBase

NOTHING = -1
"""The term of words that are no finding."""
LONGEST = 8
"""Words of a name."""
JOINERS = frozenset(("and", "or", "with", "without", "/", "&"))
_LABEL, _EXACT, _OWN, _OTHER = range(4)


class Entry(NamedTuple):
    """One name."""

    term: int
    name: str
    level: int
    joined: bool
    """Whether it has a joining word, as "Aplasia/Hypoplasia" or "Cleft lip and palate"."""


class Found(NamedTuple):
    """What words were found to name.

    Attributes:
        term: term number, or NOTHING.
        rule: how they agree: name, wording, word order, ending, class, adjective.
        ordered: whether the words stand in the order of the name.
    """

    term: int
    rule: str
    ordered: bool


class Dictionary:
    """All names of a knowledge base."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """File every name: some 50,000, in about a third of a second."""
        self._ancestors = kb.term_ancestors
        self._single: dict[str, list[Entry]] = {}
        self._several: dict[str, list[Entry]] = {}
        self.groups: set[str] = set()
        root = kb.term(PHENOTYPE)
        phrases = _phrases()
        for term, ancestors in enumerate(self._ancestors):
            if root in ancestors and term != root:
                self._enter(kb.term_names[term], term, _LABEL, phrases)
                for synonym in kb.term_synonyms[term]:
                    if synonym.kind != "abbreviation" and not _shouted(synonym.text):
                        self._enter(synonym.text, term, _EXACT if synonym.scope == "EXACT" else _OTHER, phrases)
        for hpo_id, wording in chain(_own(), everyday.wordings()):
            if hpo_id == "-" or kb.resolve_term(hpo_id):
                self._enter(wording, NOTHING if hpo_id == "-" else kb.term(hpo_id), _OWN, {})

    def known(self, word: str) -> bool:
        """Whether names have a word, in any form."""
        return all(form.group in self.groups or form.lemma in self._single for form in forms(word))

    def one(self, word: str, form: Form) -> Found | None:
        """What one word names; `word` in lower case."""
        found = self._single.get(form.lemma) or self._single.get(word)
        if not found:
            return None
        named = any(_name_forms(entry.name)[0].lemma == form.lemma for entry in found)
        return self._choose(found, "name" if named else "adjective", True)

    def several(self, said: Sequence[Form], joined: bool) -> Found | None:
        """What words in a row name; `joined` where a joining word stands between them."""
        entries = self._several.get(" ".join(sorted([form.group for form in said])))
        if entries is None:
            return None
        entries = [entry for entry in entries if entry.joined == joined]
        return self._agreeing(said, entries) if entries else None

    def _agreeing(self, said: Sequence[Form], entries: Sequence[Entry]) -> Found | None:
        known = [(entry, _name_forms(entry.name)) for entry in entries]
        for rule, part in (("name", 0), ("ending", 1), ("class", 2)):
            key = [form[part] for form in said]
            ordered = [entry for entry, parts in known if [form[part] for form in parts] == key]
            if ordered:
                return self._choose(ordered, rule, True)
            key.sort()
            if alike := [entry for entry, parts in known if sorted(form[part] for form in parts) == key]:
                return self._choose(alike, "word order" if rule == "name" else rule, False)
        return None

    def _choose(self, entries: Iterable[Entry], rule: str, ordered: bool) -> Found | None:
        best = min(entry.level for entry in entries)
        terms = {entry.term for entry in entries if entry.level == best}
        if NOTHING in terms:
            return Found(NOTHING, rule, ordered)
        if len(terms) > 1:
            terms = {term for term in terms if all(term in self._ancestors[other] for other in terms)}
        return Found(min(terms), "wording" if best == _OWN else rule, ordered) if terms else None

    def _enter(self, name: str, term: int, level: int, phrases: dict[str, list[str]]) -> None:
        parts = _name_forms(name)
        if not parts or len(parts) > LONGEST:
            return
        if len(parts) == 1:
            word = parts[0].lemma
            if len(word) > 2:
                for form in (word, *(adjectives(word) if level != _OTHER else ())):
                    entry = Entry(term, name, level if form == word else _OTHER, False)
                    self._single.setdefault(form, []).append(entry)
            return
        groups = [form.group for form in parts]
        self.groups.update(groups)
        entry = Entry(term, name, level, not JOINERS.isdisjoint(name.lower().replace("/", " / ").split()))
        self._several.setdefault(" ".join(sorted(groups)), []).append(entry)
        lowered = name.lower()
        if phrases and (held := _any_phrase().search(lowered)):
            for other in phrases[held[0]]:
                self._enter(lowered.replace(held[0], other), term, _OTHER, {})


@lru_cache(maxsize=4)
def dictionary(kb: KnowledgeBase) -> Dictionary:
    """The dictionary of a knowledge base, made once."""
    return Dictionary(kb)


def _name_forms(name: str) -> list[Form]:
    return [form for word in name.lower().replace("/", " ").split() for form in forms(word) if word not in JOINERS]


def _own() -> Iterator[tuple[str, str]]:
    return ((hpo_id, said) for hpo_id, _, wording in rows("wordings") for said in choices(wording))


@cache
def _any_phrase() -> re.Pattern[str]:
    longest_first = sorted(_phrases(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


@cache
def _phrases() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for (line,) in rows("phrases"):
        alike = line.lower().split("|")
        for phrase in alike:
            found.setdefault(phrase, []).extend(other for other in alike if other != phrase)
    return found


def _shouted(name: str) -> bool:
    return name.isupper() and len(name) < 7
