"""All diseases of Mondo, annotated or not: which of them the knowledge base has already, and what the others add.

A disease of Mondo is that of a record it is an exact match of, or of a record of the same name. The rest become records
of their own: under the OMIM, ORPHA or DECIPHER ids that are theirs alone, else under the Mondo id.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from raredxr1.knowledge import names
from raredxr1.knowledge._mondo import Entry, Mondo
from raredxr1.knowledge.imported import Imported
from raredxr1.knowledge.kinds import (
    ANIMAL,
    CHARACTERISTIC,
    HUMAN,
    ROOTS,
    SUSCEPTIBILITY,
    Above,
    is_group,
    kinds_of,
    why_no_disease,
)
from raredxr1.knowledge.titles import Speller, modern

_MADE_UP = ("disease or disorder", "caused disease", " caused by mutation in", " (disease)", " (disorder)")
"""What synonyms contain that Mondo's tools made and nobody says."""


@dataclass(frozen=True)
class Domain:
    """Where each disease of Mondo belongs.

    Attributes:
        record_of: Mondo id -> a record of that disease, for every entry that is of human disease.
        labels: record id -> name, of the records to be added.
        together: the ids to be added that are one disease.
    """

    record_of: dict[str, str]
    labels: dict[str, str]
    together: list[list[str]]


def place(mondo: Mondo, labels: Mapping[str, str], matched: Mapping[str, list[str]], speller: Speller) -> Domain:
    """Find out where every disease of Mondo belongs.

    Args:
        mondo: the copy of Mondo.
        labels: record id -> name, of the knowledge base.
        matched: Mondo id -> the records it is an exact match of.
        speller: writes names.
    """
    above = Above({entry.id: entry.parents for entry in mondo.entries.values()})
    called: dict[str, list[str]] = defaultdict(list)
    for record, label in labels.items():
        called[names.bag(label)].append(record)
    own: dict[str, list[str]] = defaultdict(list)
    for match in mondo.matches.matches:
        own[match.mondo].append(match.record)
    beside = _same_by_synonym(mondo, matched)
    domain = Domain({}, {}, [])
    for entry in mondo.entries.values():
        if entry.id in ROOTS or not {ANIMAL, CHARACTERISTIC}.isdisjoint(above.of(entry.id)):
            continue
        records = matched.get(entry.id) or called.get(names.bag(entry.name), []) or beside.get(entry.id, [])
        if records:
            domain.record_of[entry.id] = records[0]
            continue
        ids = _alone([record for record in own[entry.id] if record not in labels]) or [entry.id]
        domain.record_of[entry.id] = ids[0]
        domain.labels.update((record, speller.spell(entry.name)) for record in ids)
        domain.together.append(ids)
    return domain


def _same_by_synonym(mondo: Mondo, matched: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Entries that are also called what the entry directly above them is: "trisomy 21" is "Down syndrome"."""
    found: dict[str, list[str]] = {}
    for entry in mondo.entries.values():
        called = {names.bag(synonym) for synonym in entry.synonyms}
        for parent in entry.parents:
            if matched.get(parent) and not matched.get(entry.id) and names.bag(mondo.entries[parent].name) in called:
                found.setdefault(entry.id, matched[parent])
    return found


def _alone(records: list[str]) -> list[str]:
    """The ids of catalogues that have one id here."""
    counts = Counter(record.split(":")[0] for record in records)
    return [record for record in records if counts[record.split(":")[0]] == 1]


def add_facts(
    found: Imported, mondo: Mondo, domain: Domain, labels: Mapping[str, str], leader: Mapping[str, str],
    findings: Mapping[str, int], speller: Speller,
) -> None:  # fmt: skip
    """Add what Mondo says of every disease: the name to show, synonyms, parents, kinds, and what is no disease.

    Args:
        found: is added to.
        mondo: the copy of Mondo.
        domain: where its diseases belong.
        labels: record id -> name, the added records included.
        leader: record id -> a record that stands for its disease.
        findings: leader -> how many findings its disease has.
        speller: writes names.
    """
    members: dict[str, list[str]] = defaultdict(list)
    for record in labels:
        members[leader[record]].append(record)
    entries: dict[str, Entry] = {}
    for i, record in domain.record_of.items():
        entry, same = mondo.entries[i], names.bag(mondo.entries[i].name) == names.bag(labels[record])
        if same or leader[record] not in entries:
            entries[leader[record]] = entry
    found.xrefs.update((i, record) for i, record in domain.record_of.items() if i != record)
    _names(found, entries, members, labels, leader, speller)
    _synonyms(found, mondo, domain, labels, leader)
    above = Above({entry.id: entry.parents for entry in mondo.entries.values()})
    for i, record in domain.record_of.items():
        parents = [domain.record_of[p] for p in mondo.entries[i].parents if p in domain.record_of]
        parents = [parent for parent in parents if leader[parent] != leader[record]]
        if parents:
            found.parents.setdefault(leader[record], []).extend(
                parent for parent in map(leader.__getitem__, parents)
                if parent not in found.parents.get(leader[record], ())
            )  # fmt: skip
        if kinds := kinds_of(above.of(i) | {i}):
            had = found.kinds.get(leader[record], "").split()
            found.kinds[leader[record]] = " ".join(dict.fromkeys([*had, *kinds]))
    found.excluded.clear()
    for first, records in members.items():
        own = entries.get(first)
        if reason := _excluded(own, records, labels, findings.get(first, 0), above):
            found.excluded[first] = reason


def _excluded(entry: Entry | None, records: list[str], labels: Mapping[str, str], findings: int, above: Above) -> str:
    if any(record.startswith("ORPHA:") for record in records):
        # Orphanet's entries that are annotated are disorders; of the others, Mondo's name decides
        return "group" if entry and not findings and _gathers(entry, above) else ""
    # one of OMIM and Mondo often calls a disease by its name that the other calls a susceptibility
    titled = [why_no_disease([labels[record]], findings) for record in records]
    over = above.of(entry.id) if entry else ()
    if entry and all(titled) and not why_no_disease([entry.name], findings):
        titled = [""] if HUMAN in over or SUSCEPTIBILITY not in over else titled
    if all(titled):
        return titled[0]
    if SUSCEPTIBILITY in over and HUMAN not in over and not findings:
        return "susceptibility"
    return "group" if entry and not findings and _gathers(entry, above) else ""


def _gathers(entry: Entry, above: Above) -> bool:
    return is_group(entry.name, entry.synonyms, above.below.get(entry.id, 0))


def _names(
    found: Imported, entries: Mapping[str, Entry], members: Mapping[str, list[str]], labels: Mapping[str, str],
    leader: Mapping[str, str], speller: Speller,
) -> None:  # fmt: skip
    """The name to show: Orphanet's, else Mondo's, else the catalogue's without words not written any more.

    A name that is another disease's is not taken, so that every name shown leads to its disease.
    """
    taken: dict[str, set[str]] = defaultdict(set)
    for record, label in labels.items():
        taken[names.bag(label)].add(leader[record])
    for first, records in members.items():
        label = labels[records[0]]
        entry = entries.get(first)
        best = label if records[0].startswith("ORPHA:") or entry is None else speller.spell(entry.name)
        if why_no_disease([best], 0) and not why_no_disease([label], 0):
            best = label
        for name in dict.fromkeys((modern(best), modern(label))):
            if taken[names.bag(name)] <= {first}:
                taken[names.bag(name)].add(first)
                if name != label:
                    found.names[records[0]] = name
                break
        else:
            if (name := modern(label)) != label:
                found.names[records[0]] = name


def _synonyms(
    found: Imported, mondo: Mondo, domain: Domain, labels: Mapping[str, str], leader: Mapping[str, str]
) -> None:
    """Mondo's other names, but those that are another disease's too, or a numbered one's without the number."""
    owners: dict[str, set[str]] = defaultdict(set)
    first_names: dict[str, set[str]] = defaultdict(set)
    for record, label in labels.items():
        first_names[names.bag(label)].add(leader[record])
    for i, record in domain.record_of.items():
        first_names[names.bag(mondo.entries[i].name)].add(leader[record])
    for record, name in found.names.items():
        first_names[names.bag(name)].add(leader[record])
    for record, several in found.synonyms.items():
        own = {leader.get(record, record)}
        several[:] = [name for name in several if first_names.get(names.bag(name), own) <= own]
        for name in several:
            owners[names.bag(name)].add(leader.get(record, record))
    families = {parent for entry in mondo.entries.values() for parent in entry.parents}
    kept: list[tuple[str, str, str]] = []
    for i, record in domain.record_of.items():
        entry, first = mondo.entries[i], leader[record]
        for name in dict.fromkeys([entry.name, *entry.synonyms]):
            bag = names.bag(name)
            if bag and not any(part in name for part in _MADE_UP) and _sayable(name, entry, i in families):
                owners[bag].add(first)
                kept.append((first, name, bag))
    known = {(leader[record], names.bag(label)) for record, label in labels.items()}
    known |= {(leader.get(record, record), names.bag(n)) for record, several in found.synonyms.items() for n in several}
    for first, name, bag in kept:
        if first_names.get(bag, owners[bag]) <= {first} and (first, bag) not in known:
            known.add((first, bag))
            found.synonyms.setdefault(first, []).append(name)


def _sayable(name: str, entry: Entry, family: bool) -> bool:
    """Whether a synonym tells a disease: no short word but an acronym of its names, and no number left out.

    Nor a number put to the name of a family: "Joubert syndrome type A" is one of several.
    """
    if (len(name) < 6 and name.isupper()) or len(name) < 4:
        return len(name) > 2 and any(_initials(name, other) for other in (entry.name, *entry.synonyms))
    words, whole = set(names.words(name)), set(names.words(entry.name))
    apart = words ^ whole
    numbered = any(not word.isalpha() or len(word) == 1 for word in apart)
    return not (numbered and (words < whole or (family and whole < words)))


def _initials(acronym: str, name: str) -> bool:
    initials = "".join(word[0] for word in names.words(name))
    return len(initials) > 2 and initials == acronym.casefold()
