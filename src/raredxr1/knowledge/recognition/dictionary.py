"""Names of findings by the forms of their words: HPO labels and synonyms of every scope, and our own wordings.

A name is filed under the groups of its words (`words`), sorted, so that word order does not matter; what is found there
is chosen by how strictly it agrees: words in any order, then their stems, then their groups; labels before exact
synonyms before our wordings before others, but for wordings marked to go first. Where several terms agree alike, the
one above all others is taken, and where there is none the words are left alone. A name of one word is found as it
stands, in the plural, as an adjective (`adjectives.tsv`), and not by its stem: "negatives" are no negativism.
"""

import gc
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence, Set
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from rapidfuzz.distance import OSA

from raredxr1.knowledge.linking import PHENOTYPE
from raredxr1.knowledge.recognition import everyday
from raredxr1.knowledge.recognition.scanned import SHORTENED, SHORTEST, taken_for
from raredxr1.knowledge.recognition.tables import choices, rows
from raredxr1.knowledge.recognition.words import Form, adjectives, forms, kind, lemma, stem
from raredxr1.knowledge.spelling import Vocabulary
from raredxr1.knowledge.store import KnowledgeBase

MISSPELT = 9
"""Shorter words are never taken for misspelt ones."""
NOTHING = -1
"""The term of words that are no finding."""
LONGEST = 8
"""Words of a name."""
NEEDED = frozenset(("still", "all"))
"""Small words that decide what a wording of our own says; others of them are passed over."""
VERY = frozenset(("very",))
_GREAT = re.compile(r"severe|highly|profound|high myopia", re.IGNORECASE)
"""Labels that "very" makes the difference to."""
JOINERS = frozenset(("and", "or", "with", "without", "/", "&"))
_CHOSEN, _LABEL, _EXACT, _OWN, _OTHER = range(5)


_LEVEL = re.compile(
    r"(?P<side>Increased|Elevated|High|Decreased|Reduced|Low) (?:circulating |serum |plasma |blood )?"
    r"(?P<what>[A-Za-z0-9 -]+?) (?:concentration|level|levels)",
    re.IGNORECASE,
)


class Entry(NamedTuple):
    """One name."""

    term: int
    name: str
    level: int
    joined: int
    """1 if it has a joining word, as "Aplasia/Hypoplasia" or "Cleft lip and palate", 2 if that is "without", else 0."""
    needs: frozenset[str] = frozenset()
    """Small words that it means nothing without: "cannot sit still" is no "cannot sit"."""


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


class Dictionary:
    """All names of a knowledge base."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """File every name: some 120,000, in about a second."""
        collecting = gc.isenabled()
        gc.disable()  # nothing made here is garbage, and looking for some doubles the time
        try:
            self._file(kb)
        finally:
            if collecting:
                gc.enable()

    def _file(self, kb: KnowledgeBase) -> None:
        self._ancestors = kb.term_ancestors
        self._labels = [label.lower() for label in kb.term_names]
        self._single: dict[str, list[Entry]] = {}
        self._several: dict[str, list[Entry]] = {}
        self._needing: dict[str, list[Entry]] = {}
        self._word_groups: dict[str, tuple[str, ...]] = {}
        self._corrections: dict[str, str | None] = {}
        self._own_entered: set[tuple[int, int, str]] = set()
        self.groups: set[str] = set()
        self.beside: dict[str, set[str]] = {}
        root = kb.term(PHENOTYPE)
        phrases = _phrases()
        self._unused = frozenset(self._key(name) for _, name in own_wordings(lambda hpo_id: hpo_id == "!"))
        for term, ancestors in enumerate(self._ancestors):
            if root in ancestors and term != root:
                self._enter(kb.term_names[term], term, _LABEL, phrases)
                for said in _measured(kb.term_names[term]):
                    self._enter(said, term, _OTHER, {})
                for synonym in kb.term_synonyms[term]:
                    if synonym.kind != "abbreviation" and not _shouted(synonym.text):
                        self._enter(synonym.text, term, _EXACT if synonym.scope == "EXACT" else _OTHER, phrases)

        def known(hpo_id: str) -> bool:
            return hpo_id == "-" or (hpo_id != "!" and bool(kb.resolve_term(hpo_id)))

        for hpo_id, wording in chain(own_wordings(known), everyday.wordings(known)):
            level = _CHOSEN if wording.startswith("=") else _OWN
            self._enter_own(wording.removeprefix("="), NOTHING if hpo_id == "-" else kb.term(hpo_id), level)
        self.groups = set(self.beside)

    def corrected(self, word: str) -> str | None:
        """The one word of names that a misspelt long word may stand for: "splenomegally" is "splenomegaly".

        One letter may be wrong, or one taken for another by a scanner, and nothing that turns a word into its opposite
        ("hypo" for "hyper").
        """
        if word not in self._corrections:
            self._corrections[word] = self._near(word)
        return self._corrections[word]

    def _near(self, word: str) -> str | None:
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

    @cached_property
    def _whole(self) -> list[str]:
        """Names of one word, in order of the alphabet."""
        return sorted(self._single)

    @cached_property
    def _spellings(self) -> dict[str, Vocabulary]:
        """Long words of names by their first letter, which is never the wrong one."""
        words = {form.lemma for named in self._several.values() for entry in named for form in _name_forms(entry.name)}
        by_letter: dict[str, list[str]] = {}
        for word in sorted(words.union(self._single)):
            if len(word) >= MISSPELT:
                by_letter.setdefault(word[0], []).append(word)
        return {letter: Vocabulary(words) for letter, words in by_letter.items()}

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

    def several(self, said: Sequence[Form], joined: int, near: Callable[[], Set[str]] = frozenset) -> Found | None:
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

    def _agreeing(self, said: Sequence[Form], entries: Sequence[Entry]) -> Found | None:
        known = [(entry, _name_forms(entry.name)) for entry in entries]
        for rule, part in (("name", 0), ("ending", 1), ("class", 2)):
            key = [form[part] for form in said]
            ordered = [entry for entry, parts in known if [form[part] for form in parts] == key]
            if ordered:
                return self._choose(ordered, rule, True)
            key.sort()
            # "vision: no concerns" is not "no vision"
            free = [
                (entry, parts) for entry, parts in known if not _DENYING.intersection(entry.name.casefold().split())
            ]
            if alike := [entry for entry, parts in free if sorted(form[part] for form in parts) == key]:
                return self._choose(alike, "word order" if rule == "name" else rule, False)
        return None

    def _choose(self, entries: Sequence[Entry], rule: str, ordered: bool) -> Found | None:
        best = min(entry.level for entry in entries)
        terms = {entry.term for entry in entries if entry.level == best}
        if NOTHING in terms:
            return Found(NOTHING, rule, ordered)
        if len(terms) > 1:
            common = {term for term in terms if all(term in self._ancestors[other] for other in terms)}
            terms = common or ({self._likest(entries, terms)} if best == _OWN else set())
        if not terms:
            return None
        comma = any("," in entry.name for entry in entries)
        return Found(min(terms), "wording" if best in (_CHOSEN, _OWN) else rule, ordered, comma)

    def _likest(self, entries: Sequence[Entry], terms: set[int]) -> int:
        """Of terms that own wordings contest, the one whose label has most of the words, and then the most general."""

        def rank(entry: Entry) -> tuple[int, int, int]:
            shared = set(self._groups_of(entry.name.split())) & set(self._groups_of(self._labels[entry.term].split()))
            return -len(shared), len(self._ancestors[entry.term]), entry.term

        return min((entry for entry in entries if entry.term in terms), key=rank).term

    def _enter(self, name: str, term: int, level: int, phrases: dict[str, list[str]]) -> None:
        lowered = name.lower()
        words = lowered.replace("/", " ").split()
        groups = self._groups_of(words)
        groups.sort()
        key = " ".join(groups)
        if key in self._unused:
            return
        if len(groups) > 1:
            for group in groups:
                self.beside.setdefault(group, set()).update(groups)
            joined = 2 if "without" in words else int("/" in name or not JOINERS.isdisjoint(words))
            needs = self._needs(words, term) if level in (_CHOSEN, _OWN) else frozenset()
            (self._needing if needs else self._several).setdefault(key, []).append(
                Entry(term, name, level, joined, needs)
            )
        elif groups and (level not in (_CHOSEN, _OWN) or sum(word not in kind("small") for word in words) == 1):
            # of several words one alone is no name: "looks old" is no "old"
            self._enter_one(name, term, level)
        if phrases and (held := _any_phrase().search(lowered)):
            for other in phrases[held[0]]:
                self._enter(lowered.replace(held[0], other), term, _OTHER, {})

    def _needs(self, words: Sequence[str], term: int) -> frozenset[str]:
        needed = NEEDED.intersection(words)
        return needed | VERY.intersection(words) if term >= 0 and _GREAT.search(self._labels[term]) else needed

    def _enter_own(self, wording: str, term: int, level: int) -> None:
        """Enter a wording, once for all its small words: "his ears" is "the ears"."""
        dropped = kind("small")
        alike = (term, level, " ".join(word for word in wording.lower().split() if word not in dropped))
        if alike not in self._own_entered:
            self._own_entered.add(alike)
            self._enter(wording, term, level, {})

    def _key(self, name: str) -> str:
        return " ".join(sorted(self._groups_of(name.lower().replace("/", " ").split())))

    def _groups_of(self, words: Sequence[str]) -> list[str]:
        groups: list[str] = []
        for word in words:
            known = self._word_groups.get(word)
            if known is None:
                dropped = word in JOINERS or word in kind("linking")
                known = self._word_groups[word] = () if dropped else tuple(form.group for form in forms(word))
            groups += known
        return groups if len(groups) <= LONGEST else []

    def _enter_one(self, name: str, term: int, level: int) -> None:
        word = _name_forms(name)[0].lemma
        if len(word) > 2:
            for form in (word, *(adjectives(word) if level != _OTHER else ())):
                entry = Entry(term, name, level if form == word else _OTHER, 0)
                self._single.setdefault(form, []).append(entry)


_INFLECTED = ("ed", "ing", "ly", "ic", "ics", "al", "able")
"""Endings of a form of a word, which is no slip."""
_DENYING = frozenset(("no", "not", "never", "cannot", "without", "unable"))
"""A name with one of these means something only in its own order."""


@lru_cache(maxsize=4)
def dictionary(kb: KnowledgeBase) -> Dictionary:
    """The dictionary of a knowledge base, made once."""
    return Dictionary(kb)


def _name_forms(name: str) -> list[Form]:
    words = [word for word in name.lower().replace("/", " ").split() if word not in JOINERS]
    content = [form for word in words if word not in kind("linking") for form in forms(word)]
    return content or [form for word in words for form in forms(word)]


def _measured(label: str) -> list[str]:
    """How a level is said on the ward: "low cortisol" for "Decreased circulating cortisol concentration"."""
    match = _LEVEL.fullmatch(label)
    if not match or len(match["what"]) < 3:
        return []
    side = ("high", "elevated") if match["side"].lower() in ("increased", "elevated", "high") else ("low", "decreased")
    return [f"{word} {match['what']}{behind}" for word in side for behind in ("", " level")]


def own_wordings(wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """HPO id and wording of the ids that are wanted, of all tables of wordings."""
    for hpo_id, _, listed in chain(rows("wordings"), rows("plain_words")):
        for one in listed.split(";") if wanted(hpo_id) else ():
            for said in choices(one):
                yield hpo_id, said


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
