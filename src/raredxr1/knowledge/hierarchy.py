"""Which diseases lie under which: the parents an import (orphapacket) brought, groups and diseases alike.

Entries are named by id. A group ("Inherited ataxia") is no disease and has no record; its name is known here alone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
        return len(self._below.get(entry, set()) - {self._diseases.get(entry)})

    def named(self, name: str) -> list[str]:
        """Groups of this name, whatever its spelling."""
        return self._names.get(names.bag(name), [])

    @cached_property
    def _below(self) -> dict[str, set[int]]:
        below: dict[str, set[int]] = defaultdict(set)
        for entry in self.parents:
            disease = self._diseases.get(entry)
            if disease is not None:
                for ancestor in self.ancestors(entry):
                    below[ancestor].add(disease)
        return dict(below)

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for entry, name in self.groups.items():
            found[names.bag(name)].append(entry)
        return dict(found)
