"""Files every name of a finding by the groups of its words, as arrays that `dictionary` looks names up in.

HPO labels and synonyms of every scope, and our own wordings: some 120,000 names, which takes seconds. The shipped base
has them ready beside it (`prepared`). A name of several words is filed under their groups, sorted; a name of one word
under its lemma and the adjectives of it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from raredxr1 import lazy_re as re
from raredxr1.data import FOLDER, rows
from raredxr1.knowledge import names
from raredxr1.knowledge.collector import uncollected
from raredxr1.knowledge.imported import Arrays, text
from raredxr1.knowledge.linking import PHENOTYPE
from raredxr1.knowledge.prepared import Part
from raredxr1.knowledge.recognition import everyday
from raredxr1.knowledge.recognition.words import JOINERS, Form, adjectives, groups_of, kind, name_forms
from raredxr1.knowledge.store import KnowledgeBase

NOTHING = -1
"""The term of words that are no finding."""
MISSPELT = 9
"""Shorter words are never taken for misspelt ones."""
NEEDED = frozenset(("still", "all"))
"""Small words that decide what a wording of our own says; others of them are passed over."""
VERY = frozenset(("very",))
_GREAT = re.compile(r"severe|highly|profound|high myopia", re.IGNORECASE)
"""Labels that "very" makes the difference to."""
CHOSEN, LABEL, EXACT, OWN, OTHER = range(5)
"""How much a name counts: a wording that goes first, the label, an exact synonym, a wording of our own, any other."""
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
    forms: tuple[Form, ...] = ()
    """Those of its words, once it is looked up."""


class _Filing:
    """Names on their way into arrays."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.single: dict[str, list[Entry]] = {}
        self.several: dict[str, list[Entry]] = {}
        self.needing: dict[str, list[Entry]] = {}
        self.beside: dict[str, set[str]] = {}
        self._labels = kb.term_names
        self._own_entered: set[tuple[int, int, str]] = set()
        self._unused = frozenset(_key(name) for _, name in own_wordings(lambda hpo_id: hpo_id == "!"))
        self._enter_all(kb)

    def _enter_all(self, kb: KnowledgeBase) -> None:
        root, phrases = kb.term(PHENOTYPE), _phrases()
        for term, ancestors in enumerate(kb.term_ancestors):
            if root in ancestors and term != root:
                self._enter(kb.term_names[term], term, LABEL, phrases)
                for said in _measured(kb.term_names[term]):
                    self._enter(said, term, OTHER, {})
                for synonym in kb.term_synonyms[term]:
                    if synonym.kind != "abbreviation" and not _shouted(synonym.text):
                        self._enter(synonym.text, term, EXACT if synonym.scope == "EXACT" else OTHER, phrases)

        def known(hpo_id: str) -> bool:
            return hpo_id == "-" or (hpo_id != "!" and bool(kb.resolve_term(hpo_id)))

        for hpo_id, wording in chain(own_wordings(known), everyday.wordings(known)):
            level = CHOSEN if wording.startswith("=") else OWN
            self._enter_own(wording.removeprefix("="), NOTHING if hpo_id == "-" else kb.term(hpo_id), level)

    def _enter(self, name: str, term: int, level: int, phrases: dict[str, list[str]]) -> None:
        lowered = name.lower()
        words = lowered.replace("/", " ").split()
        groups = groups_of(words)
        groups.sort()
        key = " ".join(groups)
        if key in self._unused:
            return
        if len(groups) > 1:
            for group in groups:
                self.beside.setdefault(group, set()).update(groups)
            joined = 2 if "without" in words else int("/" in name or not JOINERS.isdisjoint(words))
            needs = self._needs(words, term) if level in (CHOSEN, OWN) else frozenset()
            (self.needing if needs else self.several).setdefault(key, []).append(
                Entry(term, name, level, joined, needs)
            )
        elif groups and (level not in (CHOSEN, OWN) or sum(word not in kind("small") for word in words) == 1):
            # of several words one alone is no name: "looks old" is no "old"
            self._enter_one(name, term, level)
        if phrases and (held := _any_phrase().search(lowered)):
            for other in phrases[held[0]]:
                self._enter(lowered.replace(held[0], other), term, OTHER, {})

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

    def _enter_one(self, name: str, term: int, level: int) -> None:
        word = name_forms(name)[0].lemma
        if len(word) > 2:
            for form in (word, *(adjectives(word) if level != OTHER else ())):
                entry = Entry(term, name, level if form == word else OTHER, 0)
                self.single.setdefault(form, []).append(entry)


def _key(name: str) -> str:
    return " ".join(sorted(groups_of(name.lower().replace("/", " ").split())))


def filed(kb: KnowledgeBase) -> Arrays:
    """File every name of a knowledge base.

    Returns:
        `names`, each once. For names of one word (`single`), of several (`several`), and of several that need a small
        word beside them (`needing`): the sorted `keys` they are filed under, and from `ptr[i]` to `ptr[i + 1]` the
        rows of `entries` of key i: name, term, level, joined, and which of `needs`. `groups` of words of names of
        several words, with those in one name with each: `beside`, from `beside_ptr[i]`; and the `long_words`.
    """
    with uncollected():  # nothing made here is garbage, and looking for some doubles the time
        filing = _Filing(kb)
        distinct: dict[str, int] = {}
        needs: dict[str, int] = {"": 0}
        arrays: Arrays = {}
        for kind_of, held in ("single", filing.single), ("several", filing.several), ("needing", filing.needing):
            arrays |= {f"{kind_of}_{part}": array for part, array in _table(held, distinct, needs).items()}
        groups = sorted(filing.beside)
        number = {group: i for i, group in enumerate(groups)}
        beside = [sorted(number[other] for other in filing.beside[group]) for group in groups]
        words = {form.lemma for entries in filing.several.values() for one in entries for form in name_forms(one.name)}
        return arrays | {
            "long_words": text(sorted(word for word in words.union(filing.single) if len(word) >= MISSPELT)),
            "names": text(distinct),
            "needs": text(needs),
            "groups": text(groups),
            "beside": np.array(list(chain.from_iterable(beside)), np.int32),
            "beside_ptr": _pointers(beside),
        }


def _table(held: Mapping[str, Sequence[Entry]], distinct: dict[str, int], needs: dict[str, int]) -> Arrays:
    """Names by key as arrays; their words are numbered in `distinct` and `needs`."""
    keys = sorted(held)
    rows_of = [
        (
            distinct.setdefault(entry.name, len(distinct)),
            entry.term,
            entry.level,
            entry.joined,
            needs.setdefault(" ".join(sorted(entry.needs)), len(needs)),
        )
        for key in keys
        for entry in held[key]
    ]
    entries = np.array(rows_of, np.int32).reshape(-1, 5)
    return {"keys": text(keys), "ptr": _pointers([held[key] for key in keys]), "entries": entries}


def _pointers(rows_of: Sequence[Sequence[object]]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum([len(row) for row in rows_of])]).astype(np.int32)


def _sources() -> Iterator[bytes]:
    """The tables that names are made and filed by, and the rules of spelling."""
    yield from names.rules()
    for name in ("wordings", "plain_words", "phrases", "words", "word_classes", "adjectives"):
        yield (FOLDER / "recognition" / f"{name}.tsv").read_bytes()
    for name in everyday.TABLES:
        yield (FOLDER / "speech" / f"{name}.txt").read_bytes()


FILED = Part("findings", 1, filed, _sources)
"""Names of findings, as `dictionary.Dictionary` uses them."""


def _measured(label: str) -> list[str]:
    """How a level is said on the ward: "low cortisol" for "Decreased circulating cortisol concentration"."""
    match = _LEVEL.fullmatch(label)
    if not match or len(match["what"]) < 3:
        return []
    side = ("high", "elevated") if match["side"].lower() in ("increased", "elevated", "high") else ("low", "decreased")
    return [f"{word} {match['what']}{behind}" for word in side for behind in ("", " level")]


def own_wordings(wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """HPO id and wording of the ids that are wanted, of all tables of wordings."""
    for hpo_id, _, listed in chain(rows("recognition/wordings"), rows("recognition/plain_words")):
        for one in listed.split(";") if wanted(hpo_id) else ():
            for said in everyday.choices(one):
                yield hpo_id, said


@cache
def _any_phrase() -> re.Pattern[str]:
    longest_first = sorted(_phrases(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


@cache
def _phrases() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for (line,) in rows("recognition/phrases"):
        alike = line.lower().split("|")
        for phrase in alike:
            found.setdefault(phrase, []).extend(other for other in alike if other != phrase)
    return found


def _shouted(name: str) -> bool:
    return name.isupper() and len(name) < 7
