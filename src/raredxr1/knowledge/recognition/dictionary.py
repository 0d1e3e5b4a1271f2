"""Names of findings by the forms of their words: HPO labels and synonyms of every scope, and our own wordings.

A name is filed under the groups of its words (`words`), sorted, so that word order does not matter; what is found there
is chosen by how strictly it agrees: words in any order, then their stems, then their groups; labels before exact
synonyms before our wordings before others, but for wordings marked to go first. Where several terms agree alike, the
one above all others is taken, and where there is none the words are left alone. A name of one word is found as it
stands, in the plural, as an adjective (`adjectives.tsv`), and not by its stem: "negatives" are no negativism.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import OSA

from raredxr1.knowledge.imported import LazyTexts, untext
from raredxr1.knowledge.prepared import prepared
from raredxr1.knowledge.recognition.filing import CHOSEN, FILED, MISSPELT, NOTHING, OWN, Entry
from raredxr1.knowledge.recognition.scanned import SHORTENED, SHORTEST, taken_for
from raredxr1.knowledge.recognition.words import Form, forms, groups_of, kind, lemma, name_forms, stem
from raredxr1.knowledge.spelling import Vocabulary
from raredxr1.knowledge.store import KnowledgeBase


class Found(NamedTuple):
    """What words were found to name.

    Attributes:
        term: term number, or NOTHING.
        rule: how they agree: name, wording, word order, ending, class, adjective.
        ordered: whether the words stand in the order of the name.
        comma: whether the name has a comma in it.
    """

    term: int
    rule: str
    ordered: bool
    comma: bool = False


class Known(NamedTuple):
    """A word of content as names have it.

    Attributes:
        lemma: as of `Form`, of the word that it is or is a slip of.
        stem: likewise.
        group: likewise.
        found: what it names by itself; None: nothing.
        beside: the groups that are in one name with its own; None: it is in no name.
        grade: whether it is a word of grade.
        passed: whether a name may go on behind it that does not have it: a word of grade, a modifier, a figure.
    """

    lemma: str
    stem: str
    group: str
    found: Found | None
    beside: Set[str] | None
    grade: bool
    passed: bool


class Dictionary:
    """All names of a knowledge base."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Take the names as they are filed; a name becomes an object when it is first looked up."""
        arrays = prepared(kb, FILED)
        self._kb, self._ancestors = kb, kb.term_ancestors
        names, needs = LazyTexts(arrays["names"]), [frozenset(line.split()) for line in untext(arrays["needs"])]
        self._single, self._several, self._needing = (
            _Entries({part: arrays[f"{kind_of}_{part}"] for part in ("keys", "ptr", "entries")}, names, needs)
            for kind_of in ("single", "several", "needing")
        )
        self._beside = _Beside(arrays)
        self._spellings = _Spellings(arrays["long_words"])

    def read(self, word: str, mend: bool = True) -> tuple[Known, ...]:
        """What names have of a word in lower case, or of the one that it is a slip of, if that is to be mended."""
        right = self.corrected(word) if mend and len(word) >= SHORTEST else None
        grade = word in kind("grade")
        passed = grade or word in kind("modifier") or word[0].isdigit()
        return tuple(
            Known(*form, self.one(word, form), self._beside.get(form.group), grade, passed)
            for form in forms(right or word)
        )

    def corrected(self, word: str) -> str | None:
        """The one word of names that a misspelt long word may stand for: "splenomegally" is "splenomegaly".

        One letter may be wrong, or one taken for another by a scanner, and nothing that turns a word into its opposite
        ("hypo" for "hyper").
        """
        if self.known(word):
            return self._slipped(word)
        if SHORTEST <= len(word) <= 40 and word.isalpha() and word not in kind("right"):
            meant = {other for other in taken_for(word) if self.known(other) and stem(other) != stem(word)}
            if len(meant) == 1:
                return meant.pop()
        plain = word.isalpha() and word not in kind("right")
        if SHORTENED <= len(word) <= 40 and plain and (whole := self._shortened(word)):
            return whole
        if plain and (frequent := self._frequent(word)):
            return frequent
        if not MISSPELT <= len(word) <= 40 or not plain:
            return None
        alike = self._spellings.get(word[0])
        if alike is None or lemma(word) in alike.index:
            return None
        near = [other for other in alike.near(word) if stem(other) != stem(word)]
        return near[0] if len(near) == 1 else None

    def _slipped(self, word: str) -> str | None:
        """The name of one word behind a word whose stem alone names have: "microcephally", "nystagmous"."""
        if not SHORTEST <= len(word) <= 40 or not word.isalpha() or word in kind("right"):
            return None
        alike = self._spellings.get(word[0])
        if lemma(word) in self._single or (alike and lemma(word) in alike.index) or word.endswith(_INFLECTED):
            return None
        near = [other for other in alike.near(word) if other in self._single] if alike else []
        found = {one.term for other in near if (one := self._choose(self._single[other], "name", True))}
        return near[0] if len(found) == 1 and NOTHING not in found else self._frequent(word)

    def _frequent(self, word: str) -> str | None:
        """The frequent finding that a shorter word is one slip away from: "sezures", "ataxai"."""
        if not SHORTEST <= len(word) <= 12 or any(self.one(word, form) for form in forms(word)[:1]):
            return None  # forms has none of a word in another script
        alike = (other for other in kind("frequent") if other[0] == word[0])
        near = [other for other in alike if OSA.distance(word, other, score_cutoff=1) < 2]
        return near[0] if len(near) == 1 and lemma(near[0]) != lemma(word) else None

    def _shortened(self, word: str) -> str | None:
        """The name of one word that a word is the beginning of, as the ward writes it: "constip", "cardiomyop"."""
        at = bisect_left(self._whole, word)
        longer = []
        while at < len(self._whole) and self._whole[at].startswith(word):
            longer.append(self._whole[at])
            at += 1
        terms = {found.term for one in longer if (found := self._choose(self._single[one], "name", True))}
        if len(terms) != 1 or NOTHING in terms or len(longer[0]) - len(word) < 2 or word[-1] in "aeio":
            return None  # "pharyngo" is the first half of another word
        rest = longer[0].removeprefix(word)
        of_a_level = rest in ("emia", "aemia", "uria", "oma") and not word.startswith(("hyper", "hypo"))
        return None if of_a_level or rest.endswith("ity") else longer[0]  # a paraprotein is no paraproteinaemia

    @property
    def _whole(self) -> Sequence[str]:
        """Names of one word, in order of the alphabet."""
        return self._single.keys

    def known(self, word: str) -> bool:
        """Whether names have a word, in any form."""
        return all(form.group in self._beside.places or form.lemma in self._single for form in forms(word))

    def one(self, word: str, form: Form) -> Found | None:
        """What one word names; `word` in lower case."""
        found = self._single.get(form.lemma) or self._single.get(word)
        if not found:
            return None
        named = any(entry.forms[0].lemma == form.lemma for entry in found)
        return self._choose(found, "name" if named else "adjective", True)

    def several(self, said: Sequence[Known], joined: int, near: Callable[[], Set[str]] = frozenset) -> Found | None:
        """What words in a row name.

        Args:
            said: the words.
            joined: 1 if a joining word is among them, 2 if that is "without", else 0.
            near: gives the small words among them and next to them.
        """
        key = " ".join(sorted([form.group for form in said]))
        entries = self._several.get(key)
        if key in self._needing:
            small = near()
            entries = [entry for entry in self._needing[key] if entry.needs <= small] or entries
        if entries is None:
            return None
        entries = [entry for entry in entries if entry.joined == joined]
        return self._agreeing(said, entries) if entries else None

    def _agreeing(self, said: Sequence[Known], entries: Sequence[Entry]) -> Found | None:
        for rule, part in (("name", 0), ("ending", 1), ("class", 2)):
            key = [form[part] for form in said]
            ordered = [entry for entry in entries if [form[part] for form in entry.forms] == key]
            if ordered:
                return self._choose(ordered, rule, True)
            key.sort()
            # "vision: no concerns" is not "no vision"
            free = [entry for entry in entries if not _DENYING.intersection(entry.name.casefold().split())]
            if alike := [entry for entry in free if sorted([form[part] for form in entry.forms]) == key]:
                return self._choose(alike, "word order" if rule == "name" else rule, False)
        return None

    def _choose(self, entries: Sequence[Entry], rule: str, ordered: bool) -> Found | None:
        best = min(entry.level for entry in entries)
        terms = {entry.term for entry in entries if entry.level == best}
        if NOTHING in terms:
            return Found(NOTHING, rule, ordered)
        if len(terms) > 1:
            common = {term for term in terms if all(term in self._ancestors[other] for other in terms)}
            terms = common or ({self._likest(entries, terms)} if best == OWN else set())
        if not terms:
            return None
        comma = any("," in entry.name for entry in entries)
        return Found(min(terms), "wording" if best in (CHOSEN, OWN) else rule, ordered, comma)

    def _likest(self, entries: Sequence[Entry], terms: set[int]) -> int:
        """Of terms that own wordings contest, the one whose label has most of the words, and then the most general."""

        def rank(entry: Entry) -> tuple[int, int, int]:
            shared = set(groups_of(entry.name.split())) & set(
                groups_of(self._kb.term_names[entry.term].lower().split())
            )
            return -len(shared), len(self._ancestors[entry.term]), entry.term

        return min((entry for entry in entries if entry.term in terms), key=rank).term


class _Entries:
    """Names by the key they are filed under, each made into an object when it is first asked for."""

    def __init__(self, arrays: Mapping[str, np.ndarray], names: LazyTexts, needs: Sequence[frozenset[str]]) -> None:
        """Take the `keys`, `ptr` and `entries` of `filing.filed`."""
        self._ptr = arrays["ptr"].tolist()
        self.keys = untext(arrays["keys"]) if len(self._ptr) > 1 else []
        self.held: dict[str, int | list[Entry]] = dict(zip(self.keys, range(len(self.keys)), strict=True))
        self._entries, self._names, self._needs = arrays["entries"], names, needs

    def __contains__(self, key: str) -> bool:
        return key in self.held

    def __getitem__(self, key: str) -> list[Entry]:
        held = self.held[key]
        if isinstance(held, int):
            rows = self._entries[self._ptr[held] : self._ptr[held + 1]].tolist()
            held = self.held[key] = [
                Entry(term, name, level, joined, self._needs[needs], name_forms(name))
                for place, term, level, joined, needs in rows
                for name in (self._names[place],)
            ]
        return held

    def get(self, key: str) -> list[Entry] | None:
        """What is filed under a key; None: nothing."""
        held = self.held.get(key)
        return self[key] if isinstance(held, int) else held


class _Beside:
    """For each group of words of names, the groups that are in one name with it; each made when first asked for."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        self._made: dict[str, frozenset[str]] = {}
        self._ptr, self._beside = arrays["beside_ptr"].tolist(), arrays["beside"]
        self._groups = untext(arrays["groups"]) if len(self._ptr) > 1 else []
        self.places = dict(zip(self._groups, range(len(self._groups)), strict=True))

    def get(self, group: str) -> frozenset[str] | None:
        """The groups beside one; None: no name has it."""
        place = self.places.get(group)
        if place is None:
            return None
        if group not in self._made:
            others = self._beside[self._ptr[place] : self._ptr[place + 1]].tolist()
            self._made[group] = frozenset(self._groups[other] for other in others)
        return self._made[group]


class _Spellings:
    """Long words of names by their first letter, which is never the wrong one."""

    def __init__(self, long_words: np.ndarray) -> None:
        self._long_words, self._by_letter = long_words, dict[str, Vocabulary | None]()

    @cached_property
    def _words(self) -> list[str]:
        return untext(self._long_words)

    def get(self, letter: str) -> Vocabulary | None:
        """The words that begin with a letter; None: there are none."""
        if letter not in self._by_letter:
            begin, end = bisect_left(self._words, letter), bisect_left(self._words, chr(ord(letter) + 1))
            self._by_letter[letter] = Vocabulary(self._words[begin:end]) if begin < end else None
        return self._by_letter[letter]


_INFLECTED = ("ed", "ing", "ly", "ic", "ics", "al", "able")
"""Endings of a form of a word, which is no slip."""
_DENYING = frozenset(("no", "not", "never", "cannot", "without", "unable"))
"""A name with one of these means something only in its own order."""


@lru_cache(maxsize=4)
def dictionary(kb: KnowledgeBase) -> Dictionary:
    """The dictionary of a knowledge base, made once."""
    return Dictionary(kb)
