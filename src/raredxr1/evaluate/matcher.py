"""When is a predicted name the gold disease? One matcher decides for acceptance, reward and evaluation.

Pure and deterministic; every verdict says which rule fired. Three levels, never summed silently:

- *strict*: 1. the name, normalised, is a name of the gold disease; 2. it links to an id of it (cross-references
  included); 3. it is a close misspelling of one of its names, and of no other disease's.
- *subtype*: the right family: a parent that covers at most ten diseases (or a child of a gold that does), or a numbered
  sibling, such as type 4 for type 14.
- *category*: a broader parent.

An item that joins several names is wrong, unless it is the name of one disease as it stands. Left out on purpose: any
judgement by a language model (`opinion`, which has its own column).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from raredxr1 import dialogue
from raredxr1.evaluate.gold import Gold, disease_labels, prepare
from raredxr1.knowledge import KnowledgeBase, names
from raredxr1.knowledge.families import Families, Member, members
from raredxr1.knowledge.linking import Link, Linker
from raredxr1.knowledge.name_index import MIN_SCORE
from raredxr1.schemas import DiseaseName

Level = Literal["strict", "subtype", "category"]
LEVELS: tuple[Level, ...] = ("strict", "subtype", "category")
Rule = Literal["name", "id", "fuzzy", "parent", "child", "sibling", "broader", "narrower", "joined", "other"]

FAMILY_SIZE = 10
"""A parent that covers more diseases than this is a category."""


@dataclass(frozen=True)
class Verdict:
    """Whether and how a name is the gold disease.

    Attributes:
        level: strict, subtype or category; None: wrong.
        rule: the rule that decided.
        matched: the name or id of the gold disease that was met, or the family; empty where wrong.
        score: 0 to 100, 100 unless fuzzy; None where wrong.
        threshold: least score that rule accepts; None unless fuzzy.
        covers: diseases the family or parent covers; None where no family decided.
    """

    level: Level | None
    rule: Rule
    matched: str = ""
    score: float | None = None
    threshold: float | None = None
    covers: int | None = None


class Matcher:
    """Judges names over one knowledge base."""

    def __init__(self, kb: KnowledgeBase, linker: Linker | None = None) -> None:
        """Take the knowledge base, and its linker where one is open."""
        self.kb = kb
        self.linker = linker or Linker(kb)
        self._link = lru_cache(maxsize=65536)(self.linker.disease)

    def gold(self, gold: Sequence[DiseaseName]) -> Gold:
        """Make the right answer of a case ready."""
        return prepare(gold, self.kb, self.linker)

    def judge(self, name: str, gold: Gold, record_id: str | None = None) -> Verdict:
        """Judge one name.

        Args:
            name: as written.
            gold: from `gold`.
            record_id: the id that stands beside the name where a system answers in ids; the name is not linked then.
        """
        link = Link(record_id, name, "exact", 100.0) if record_id else self._link(name)
        if names.plain(name) in gold.plain:
            return Verdict("strict", "name", _like(name, gold), 100.0)
        if dialogue.is_joined(name) and (link is None or link.rule == "fuzzy"):
            return Verdict(None, "joined")
        if names.bag(name) in gold.bags:
            return Verdict("strict", "name", _like(name, gold), 100.0)
        if link and (link.id in gold.ids or self.kb.disease(link.id) in gold.diseases):
            fuzzy = link.rule == "fuzzy"
            return Verdict("strict", "fuzzy" if fuzzy else "id", link.id, link.score, MIN_SCORE if fuzzy else None)
        if link is None and (score := self._misspelt(name, gold)):
            return Verdict("strict", "fuzzy", _like(name, gold), score, MIN_SCORE)
        return self._family(name, link, gold)

    def judge_all(self, answers: Sequence[str], gold: Gold) -> list[Verdict]:
        """Judge every name of an answer."""
        return [self.judge(name, gold) for name in answers]

    def _misspelt(self, name: str, gold: Gold) -> float | None:
        """Score of a close misspelling of a gold name; a word that other diseases use is no misspelling."""
        match = gold.index.find_misspelt(name)
        if not match:
            return None
        known = {word for bag in gold.bags for word in bag.split()}
        strange = [word for word in names.words(name) if word not in known and word in self._vocabulary]
        return None if any(not _inflects(word, known) for word in strange) else match.score

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset(word for name in self.kb.record_names for word in names.words(name))

    @cached_property
    def _families(self) -> Families:
        return Families(self.kb)

    def _family(self, name: str, link: Link | None, gold: Gold) -> Verdict:
        labels = [name]
        disease = self.kb.disease(link.id) if link and link.rule != "fuzzy" else None
        if disease is not None:
            labels += disease_labels(self.kb, disease)
        by_name = self._by_number(members(labels), gold)
        by_parent = self._by_parent(name, disease, gold)
        found = [verdict for verdict in (by_parent, by_name) if verdict]
        return next((v for v in found if v.level == "subtype"), found[0] if found else Verdict(None, "other"))

    def _by_number(self, said: frozenset[Member], gold: Gold) -> Verdict | None:
        """Compare numbered families: siblings, then the family for its member, then a member for the family."""
        best: Verdict | None = None
        for one in sorted(said, key=lambda m: (m.family, m.number)):
            for other in gold.members:
                if one.family != other.family or one.number == other.number:
                    continue
                if one.number and other.number:
                    return Verdict("subtype", "sibling", one.family, 100.0, covers=self._families.covers(one.family))
                if covers := self._families.covers(one.family):  # else only a synonym makes it a family
                    best = best or self._sized("child" if one.number else "parent", one.family, covers)
        return best

    def _by_parent(self, name: str, disease: int | None, gold: Gold) -> Verdict | None:
        """Compare by the imported hierarchy; None without one."""
        hierarchy = self.kb.hierarchy
        said = set(hierarchy.named(name))
        if disease is not None:
            said |= set(self.kb.disease_ids(disease))
        above = {ancestor for i in gold.ids for ancestor in hierarchy.ancestors(i)} - gold.ids
        parents = sorted(said & above, key=lambda i: (hierarchy.covers(i), i))
        if parents:
            return self._sized("parent", parents[0], hierarchy.covers(parents[0]))
        children = [(a, hierarchy.covers(a)) for i in said for a in hierarchy.ancestors(i) if a in gold.ids]
        if children:
            return self._sized("child", *min(children, key=lambda child: child[1]))
        return None

    @staticmethod
    def _sized(rule: Literal["parent", "child"], matched: str, covers: int) -> Verdict:
        if covers <= FAMILY_SIZE:
            return Verdict("subtype", rule, matched, 100.0, covers=covers)
        return Verdict("category", "broader" if rule == "parent" else "narrower", matched, 100.0, covers=covers)


def _like(name: str, gold: Gold) -> str:
    """The gold name a name equals or resembles most."""
    words = set(names.words(name))
    return max(gold.labels, key=lambda label: (names.plain(label) == names.plain(name),
               names.bag(label) == names.bag(name), len(words & set(names.words(label)))))  # fmt: skip


def _inflects(word: str, known: set[str]) -> bool:
    return word + "s" in known or word + "es" in known or word.removesuffix("s") in known
