"""What kind of disease an entry is, and which entries are no diseases: groups, susceptibilities, traits.

The rules are tables under `data/`; the hierarchy they refer to is Mondo's. What is no disease stays in the knowledge
base, so that a name is joined to the right id, and is never a candidate.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import table

ANIMAL, CHARACTERISTIC = "MONDO:0005583", "MONDO:0021125"
"""Non-human animal disease, and disease characteristic: branches of Mondo that are left out."""

ROOTS = frozenset(
    {"MONDO:0000001", "MONDO:0700096", ANIMAL, CHARACTERISTIC, "MONDO:0042489", "MONDO:0021178", "MONDO:0002254"}
)
"""Entries that only hold others together."""

SUSCEPTIBILITY, HUMAN = "MONDO:0042489", "MONDO:0700096"
SOMATIC_FINDINGS = 10
"""A title ", somatic" with fewer findings is a note on tumours of a gene, not a syndrome (as Proteus syndrome is)."""

_SOMATIC = re.compile(r", somatic\b", re.IGNORECASE)


@cache
def _titles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["reason"], re.compile(row["pattern"], re.IGNORECASE)) for row in table("not_diseases"))


@cache
def _groups() -> tuple[tuple[int, re.Pattern[str]], ...]:
    return tuple((int(row["least"]), re.compile(row["pattern"])) for row in table("disease_groups"))


def why_no_disease(titles: Iterable[str], findings: int) -> str:
    """Why an entry that Orphanet does not list as a disorder is none: "susceptibility", "trait" ...; empty: it is one.

    Args:
        titles: as its catalogues write them.
        findings: how many findings it is annotated with.
    """
    for title in titles:
        for reason, pattern in _titles():
            if pattern.search(title):
                return reason
        if findings < SOMATIC_FINDINGS and _SOMATIC.search(title):
            return "somatic"
    return ""


def is_group(name: str, synonyms: Collection[str], below: int) -> bool:
    """Whether an entry without annotations gathers diseases rather than being one.

    Args:
        name: as Mondo writes it.
        synonyms: its other names.
        below: how many entries lie below it.
    """
    stem = name.removesuffix(" disorder")
    if stem != name and any(stem.casefold() == synonym.casefold() for synonym in synonyms):
        return False
    return any(below >= least and pattern.search(name) for least, pattern in _groups())


def kinds_of(above: Collection[str]) -> tuple[str, ...]:
    """The kinds of an entry by what it lies below in Mondo, in the order of the table."""
    return tuple(
        dict.fromkeys(
            row["kind"]
            for row in table("disease_kinds")
            if f"MONDO:{row['mondo']}" in above and f"MONDO:{row['unless']}" not in above
        )
    )


class Above:
    """What lies above and below each entry of a hierarchy; an edge that would close a circle is passed over."""

    def __init__(self, parents: Mapping[str, Sequence[str]]) -> None:
        """Take the direct parents of each entry."""
        self._parents = parents
        self._above: dict[str, frozenset[str]] = {}
        self.below: dict[str, int] = {}
        for entry in parents:
            for ancestor in self.of(entry):
                self.below[ancestor] = self.below.get(ancestor, 0) + 1

    def of(self, entry: str) -> frozenset[str]:
        """Every entry above one, itself left out."""
        if entry not in self._above:
            self._above[entry] = frozenset()
            direct = self._parents.get(entry, ())
            self._above[entry] = frozenset(direct).union(*map(self.of, direct)) - {entry}
        return self._above[entry]
