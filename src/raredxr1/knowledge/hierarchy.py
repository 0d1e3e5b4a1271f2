"""Which diseases lie under which: the parents an import (orphapacket) brought, groups and diseases alike.

Entries are named by id. A group ("Inherited ataxia") is no disease and has no record; its name is known here alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from raredxr1.knowledge import names


class Hierarchy:
    """A directed graph of entries without cycles (an edge that would close one is passed over)."""

    def __init__(
        self, parents: Mapping[str, Sequence[str]], groups: Mapping[str, str], diseases: Mapping[str, int]
    ) -> None:
        """Take what is known.

        Args:
            parents: id -> ids of its direct parents.
            groups: id -> name, of the entries that are no diseases.
            diseases: id -> number, of those that are: two ids of one disease count once.
        """
        self.parents, self.groups, self._diseases = parents, groups, diseases
        self._above: dict[str, frozenset[str]] = {}
        self._covered: dict[str, int] = {}
        self._wider: dict[tuple[str, int], bool] = {}

    def ancestors(self, entry: str) -> frozenset[str]:
        """Every entry above one, itself left out."""
        known = self._above.get(entry)
        if known is None:
            self._above[entry] = frozenset()  # what a cycle meets
            direct = self.parents.get(entry, ())
            known = frozenset(direct).union(*(self.ancestors(parent) for parent in direct)) - {entry}
            self._above[entry] = known
        return known

    def covers(self, entry: str) -> int:
        """How many diseases lie below an entry, itself left out."""
        if entry not in self._covered:
            below = {self._diseases.get(one) for one in self._below(entry)}
            self._covered[entry] = len(below - {None, self._diseases.get(entry)})
        return self._covered[entry]

    def named(self, name: str) -> list[str]:
        """Groups of this name, whatever its spelling."""
        return self._names.get(names.bag(name), [])

    def is_wider(self, entry: str, most: int) -> bool:
        """Whether more than so many diseases lie below an entry, itself left out."""
        if (entry, most) not in self._wider:
            own = self._diseases.get(entry)
            below = (disease for one in self._below(entry) if (disease := self._diseases.get(one)) not in (None, own))
            found = set[int | None]()
            while len(found) <= most and (one := next(below, None)) is not None:
                found.add(one)
            self._wider[entry, most] = len(found) > most
        return self._wider[entry, most]

    def _below(self, entry: str) -> Iterator[str]:
        """Every entry below one."""
        found, waiting = set[str](), [entry]
        while waiting:
            fresh = self._children.get(waiting.pop(), set()) - found
            yield from fresh
            found |= fresh
            waiting += fresh

    @cached_property
    def _children(self) -> dict[str, set[str]]:
        children: dict[str, set[str]] = defaultdict(set)
        for entry, above in self.parents.items():
            for parent in above:
                children[parent].add(entry)
        return dict(children)

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for entry, name in self.groups.items():
            found[names.bag(name)].append(entry)
        return dict(found)
