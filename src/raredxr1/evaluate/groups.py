"""Rows of the table: who belongs to which sub-group. Each kind of group parts the cases, so that its counts add up."""

from collections.abc import Mapping, Sequence

from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.gold import Gold
from raredxr1.evaluate.judging import JudgedCase
from raredxr1.evaluate.leakage import CITED, SELF_NAMED
from raredxr1.knowledge import KnowledgeBase

ALL, DISEASE_AVERAGE, HEADLINE = "all", "disease average", ("all", "in_kb", "seen")
UNKNOWN = "unknown"
MORE = "11 or more"
_SIZES = ((3, "1-3"), (6, "4-6"), (10, "7-10"))
PHENOTYPE = "HP:0000118"


class Grouper:
    """Says which groups a case belongs to."""

    def __init__(self, kb: KnowledgeBase, taught: Sequence[str] | None, several_files: bool) -> None:
        """Take the knowledge base, the ids of the diseases the model was taught (None: not known), and the files."""
        self._kb, self._several = kb, several_files
        self._taught = None if taught is None else {kb.disease(i) for i in taught} - {None}
        self._systems = {term: kb.term_names[term] for term in kb.term_children[kb.term(PHENOTYPE)]}

    def groups(self, item: Item, gold: Gold, flags: Sequence[str]) -> list[str]:
        """Groups of a case, "all" first."""
        found = [ALL, "in_kb" if gold.diseases else "not_in_kb"]
        if self._taught is not None:
            found.append("seen" if gold.diseases & self._taught else "unseen")
        found.append("cited" if CITED in flags else "not cited")
        found.append("self-named" if SELF_NAMED in flags else "not self-named")
        found.append(f"findings: {self._size(item)}")
        found.append(f"negatives: {'some' if item.absent else 'none'}")
        found.append(f"organ: {self._organ(item)}")
        if self._several:
            found.append(f"file: {item.file}")
        return found

    @staticmethod
    def _size(item: Item) -> str:
        count = len(item.present)
        return UNKNOWN if not count else next((said for most, said in _SIZES if count <= most), MORE)

    def _organ(self, item: Item) -> str:
        """The organ system most of the findings belong to; of several, the first by name."""
        counts: dict[str, int] = {}
        for hpo_id in item.present:
            for ancestor in self._kb.term_ancestors[self._kb.term(hpo_id)]:
                if ancestor in self._systems:
                    counts[self._systems[ancestor]] = counts.get(self._systems[ancestor], 0) + 1
        return min(counts, key=lambda name: (-counts[name], name)) if counts else UNKNOWN


def order(judged: Sequence[JudgedCase]) -> Mapping[str, list[int]]:
    """Group -> places of its cases: all, the pairs, then the others by name; every group that has a case."""
    places: dict[str, list[int]] = {}
    for place, case in enumerate(judged):
        for group in case.groups:
            places.setdefault(group, []).append(place)
    first = ["all", "in_kb", "not_in_kb", "seen", "unseen", "cited", "not cited", "self-named", "not self-named"]
    names = [group for group in first if group in places]
    sizes = [f"findings: {said}" for _, said in _SIZES] + [f"findings: {MORE}", f"findings: {UNKNOWN}"]
    rest = sorted(group for group in places if group not in first)
    names += sorted(rest, key=lambda group: sizes.index(group) if group in sizes else len(sizes))
    return {name: places[name] for name in names}
