"""The knowledge base as the program uses it: terms, diseases, annotations, opened from the built artifact.

Terms, records and diseases are numbered from 0; arrays are indexed by those numbers. A *record* is one OMIM, ORPHA,
DECIPHER or Mondo id; a *disease* is one or more records that are the same disease. Most diseases of Mondo alone have no
annotations, and some entries are no diseases: `candidate_mask` says which may be answered, `annotated_mask` which have
findings. Texts are decoded when first asked for.
"""

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from raredxr1.errors import InputError
from raredxr1.knowledge import names
from raredxr1.knowledge.build import FORMAT, NONE
from raredxr1.knowledge.findings import FindingTable, Frequencies, pool
from raredxr1.knowledge.hierarchy import Hierarchy
from raredxr1.knowledge.hpoa import ASPECTS, frequency_of
from raredxr1.knowledge.imported import Imported, from_arrays, one_fact
from raredxr1.knowledge.obo import SCOPES, Synonym
from raredxr1.knowledge.texts import untext

DEFAULT_PATH = Path(__file__).parent.parent / "assets" / "knowledge.npz"
_DAMAGED = (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, zipfile.BadZipFile, zlib.error)
UNSTATED_FREQUENCY = 0.5
"""Taken for an annotation whose source gives no frequency."""
LATER_FREQUENCY = 0.2
"""Taken for one that a later release without frequencies added to a disease annotated before: what case series add late
is rarer. From 0.1 to 0.5 recall on development patients hardly moves (docs/log.md)."""


@dataclass(frozen=True)
class Annotation:
    """One row of phenotype.hpoa; empty strings where it is silent. `term` is a term number."""

    record_id: str
    term: int
    negated: bool
    aspect: str
    frequency: str
    onset: str
    sex: str
    modifier: str
    reference: str
    evidence: str


class KnowledgeBase:
    """An opened artifact. Cheap to open; each table is read when first used."""

    def __init__(self, path: Path = DEFAULT_PATH) -> None:
        """Open an artifact.

        Raises:
            InputError: missing, damaged, or of another format version.
        """
        if not path.is_file():
            raise InputError(f"{path}: no knowledge base here; build one with `raredx knowledge build`")
        try:
            self._file = np.load(path, allow_pickle=False)
            meta = untext(self._file["meta"])
        except _DAMAGED as error:
            raise InputError(f"{path}: not a knowledge base, or a damaged one") from error
        if meta[0] != str(FORMAT):
            raise InputError(f"{path}: knowledge format {meta[0]}, this program reads {FORMAT}; build it again")
        self.hpo_version, self.annotation_version = meta[1], meta[2]
        self.extra_versions = meta[3:]
        self.version = "+".join([f"hpo-{meta[1]}", f"hpoa-{meta[2]}", *meta[3:]])
        self.path = path

    def __reduce__(self) -> tuple[type["KnowledgeBase"], tuple[Path]]:
        """Travel between processes as the path alone."""
        return KnowledgeBase, (self.path,)

    def _array(self, name: str) -> npt.NDArray[Any]:
        try:
            array: npt.NDArray[Any] = self._file[name]
        except _DAMAGED as error:
            raise InputError(f"{self.path}: damaged at {name}; build it again") from error
        return array

    def _texts(self, name: str) -> list[str]:
        return untext(self._array(name))

    def bags(self, index: str) -> list[str] | None:
        """The keys of the "disease" or "term" name index as the build stored them; None where it has none that fit."""
        if f"{index}_bags" not in self._file or self._texts("bag_stamp") != [names.stamp()]:
            return None
        return self._texts(f"{index}_bags")

    # terms

    @cached_property
    def term_ids(self) -> list[str]:
        """HPO id of each term."""
        return [f"HP:{number:07d}" for number in self._array("term_ids").tolist()]

    @cached_property
    def term_names(self) -> list[str]:
        """HPO label of each term."""
        return self._texts("term_names")

    @cached_property
    def term_definitions(self) -> list[str]:
        """Definition of each term; empty where the HPO has none."""
        return self._texts("term_definitions")

    @cached_property
    def term_synonyms(self) -> list[list[Synonym]]:
        """Synonyms of each term."""
        synonyms: list[list[Synonym]] = [[] for _ in self.term_ids]
        columns = zip(
            self._array("synonym_terms").tolist(),
            self._texts("synonym_texts"),
            self._array("synonym_scopes").tolist(),
            self._texts("synonym_kinds"),
            strict=False,  # no synonyms at all read back as one empty line
        )
        for term, text, scope, kind in columns:
            synonyms[term].append(Synonym(text, SCOPES[scope], kind))
        return synonyms

    @cached_property
    def term_parents(self) -> list[list[int]]:
        """Direct is-a parents of each term."""
        flat, ptr = self._array("term_parents").tolist(), self._array("term_parents_ptr").tolist()
        return [flat[a:b] for a, b in pairwise(ptr)]

    @cached_property
    def term_children(self) -> list[list[int]]:
        """Direct is-a children of each term."""
        children: list[list[int]] = [[] for _ in self.term_ids]
        for child, parents in enumerate(self.term_parents):
            for parent in parents:
                children[parent].append(child)
        return children

    @cached_property
    def term_ancestors(self) -> list[list[int]]:
        """Each term's ancestors and the term itself, sorted by number."""
        done: list[set[int] | None] = [None] * len(self.term_ids)

        def close(term: int) -> set[int]:
            known = done[term]
            if known is None:
                known = done[term] = {term}.union(*(close(parent) for parent in self.term_parents[term]))
            return known

        return [sorted(close(term)) for term in range(len(self.term_ids))]

    @cached_property
    def _term_index(self) -> dict[str, int]:
        index = {hpo_id: i for i, hpo_id in enumerate(self.term_ids)}
        for key in ("alternative_ids", "alternative_terms"), ("obsolete_ids", "obsolete_replaced"):
            for old, term in zip(*(self._array(column).tolist() for column in key), strict=True):
                if term != NONE:
                    index.setdefault(f"HP:{old:07d}", term)
        return index

    @cached_property
    def obsolete_names(self) -> dict[str, str]:
        """HPO id -> name of every obsolete term, with or without a successor."""
        ids = self._array("obsolete_ids").tolist()
        # not strict: no names at all read back as one empty line
        return {f"HP:{i:07d}": name for i, name in zip(ids, self._texts("obsolete_names"), strict=False)}

    def resolve_term(self, hpo_id: str) -> str | None:
        """Current id of a current, alternative or replaced HPO id; None where there is none."""
        term = self._term_index.get(hpo_id)
        return None if term is None else self.term_ids[term]

    def term(self, hpo_id: str) -> int:
        """Number of a term by its id (alternative and replaced ids included).

        Raises:
            InputError: unknown, or obsolete without a successor.
        """
        term = self._term_index.get(hpo_id)
        if term is None:
            why = "obsolete, without a successor" if hpo_id in self.obsolete_names else "unknown"
            raise InputError(f"HPO id {hpo_id!r}: {why} in HPO {self.hpo_version}")
        return term

    def term_name(self, hpo_id: str) -> str:
        """HPO label of an id; see `term` for errors."""
        return self.term_names[self.term(hpo_id)]

    # records and diseases

    @cached_property
    def record_ids(self) -> list[str]:
        """OMIM, ORPHA or DECIPHER id of each record."""
        return self._texts("record_ids")

    @cached_property
    def record_names(self) -> list[str]:
        """Name of each record as the source writes it."""
        return self._texts("record_names")

    @cached_property
    def record_diseases(self) -> list[int]:
        """Disease each record belongs to."""
        diseases: list[int] = self._array("record_diseases").tolist()
        return diseases

    @cached_property
    def record_genes(self) -> list[list[str]]:
        """Gene symbols of each record."""
        return [line.split() for line in self._texts("record_genes")]

    @cached_property
    def disease_records(self) -> list[list[int]]:
        """Records of each disease, the one whose name is shown first."""
        records: list[list[int]] = [[] for _ in range(max(self.record_diseases) + 1)]
        for record, disease in enumerate(self.record_diseases):
            records[disease].append(record)
        return records

    @cached_property
    def disease_names(self) -> list[str]:
        """The name each disease is shown and taught under: Orphanet's, else Mondo's, else the catalogue's."""
        shown = self._fact("name")
        firsts = [records[0] for records in self.disease_records]
        return [shown.get(self.record_ids[i]) or names.display(self.record_names[i]) for i in firsts]

    @cached_property
    def _disease_index(self) -> dict[str, int]:
        index = dict(zip(self.record_ids, self.record_diseases, strict=True))
        return index | {other: index[record] for other, record in self._fact("xref").items() if record in index}

    def disease(self, record_id: str) -> int | None:
        """Disease of an id such as OMIM:312750, ORPHA:778 or an imported MONDO:0010726; None where unknown."""
        return self._disease_index.get(record_id)

    def disease_ids(self, disease: int) -> list[str]:
        """All ids of a disease."""
        return [self.record_ids[record] for record in self.disease_records[disease]]

    def same_as(self, record_id: str) -> list[str]:
        """The other ids of the same disease; empty where there are none or the id is unknown."""
        disease = self.disease(record_id)
        return [] if disease is None else [i for i in self.disease_ids(disease) if i != record_id]

    # which diseases may be answered, and what they are

    @cached_property
    def candidate_mask(self) -> npt.NDArray[np.bool_]:
        """For each disease, whether it may be a candidate: groups, susceptibilities, traits and the like may not."""
        mask = np.ones(len(self.disease_records), np.bool_)
        for record in self._excluded:
            if (disease := self._disease_index.get(record)) is not None:
                mask[disease] = False
        return mask

    @cached_property
    def annotated_mask(self) -> npt.NDArray[np.bool_]:
        """For each disease, whether it has findings: one without them cannot be ranked by findings."""
        return np.diff(self.findings.ptr) > 0

    @cached_property
    def rankable(self) -> npt.NDArray[np.bool_]:
        """For each disease, whether rankings by findings list it: it may be a candidate and has findings."""
        return self.candidate_mask & self.annotated_mask

    @cached_property
    def _excluded(self) -> dict[str, str]:
        return self._fact("excluded")

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return self._fact("kind")

    def _fact(self, fact: str) -> dict[str, str]:
        """One kind of imported fact alone: reading all takes a fifth of a second."""
        try:
            return one_fact(self._file, fact)
        except _DAMAGED as error:
            raise InputError(f"{self.path}: damaged at what was imported; import it again") from error

    def why_no_candidate(self, disease: int) -> str:
        """Why a disease is never a candidate: "group", "susceptibility", "trait", ...; empty: it may be one."""
        found = (self._excluded.get(i, "") for i in self.disease_ids(disease))
        return next(filter(None, found), "")

    def kinds(self, disease: int) -> tuple[str, ...]:
        """What kinds of disease it is ("genetic", "tumour", "infection", ...), by Mondo's hierarchy and its genes."""
        kinds = [kind for i in self.disease_ids(disease) for kind in self._kinds.get(i, "").split()]
        if self.genes(disease) or self.inheritance(disease):
            kinds.insert(0, "genetic")
        return tuple(dict.fromkeys(kinds))

    @cached_property
    def gene_diseases(self) -> dict[str, list[int]]:
        """Gene symbol -> the diseases it is a gene of, by number."""
        found: dict[str, list[int]] = {}
        for record, genes in enumerate(self.record_genes):
            for gene in genes:
                diseases = found.setdefault(gene, [])
                if self.record_diseases[record] not in diseases:
                    diseases.append(self.record_diseases[record])
        return found

    def publications(self, disease: int) -> int:
        """How many articles its annotations cite: a weak sign of how often it is seen."""
        return sum(reference.startswith("PMID") for reference in self.references(disease))

    # what imports added

    @cached_property
    def imported(self) -> Imported:
        """Other names, definitions, prevalence, parents, cross-references; empty without an import."""
        try:
            return from_arrays(self._file)
        except _DAMAGED as error:
            raise InputError(f"{self.path}: damaged at what was imported; import it again") from error

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """Which entries lie under which; empty without an import."""
        return Hierarchy(self.imported.parents, self.imported.groups, self._disease_index)

    # annotations

    def annotations(self, disease: int) -> list[Annotation]:
        """All annotations of a disease, of every aspect, as the sources give them."""
        rows: list[Annotation] = []
        for record in self.disease_records[disease]:
            start, end = self.annotation_ptr[record], self.annotation_ptr[record + 1]
            columns = (self._annotation_columns[key][start:end].tolist() for key in self._annotation_columns)
            for term, negated, aspect, sex, frequency, onset, modifier, reference, evidence in zip(
                *columns, strict=True
            ):
                rows.append(
                    Annotation(
                        record_id=self.record_ids[record],
                        term=term,
                        negated=negated,
                        aspect=ASPECTS[aspect],
                        frequency=self.frequency_texts[frequency],
                        onset=self._column_texts["onset"][onset],
                        sex=("", "female", "male")[sex],
                        modifier=self._column_texts["modifier"][modifier],
                        reference=self._column_texts["reference"][reference],
                        evidence=self._column_texts["evidence"][evidence],
                    )
                )
        return rows

    def inheritance(self, disease: int) -> list[str]:
        """Labels of the modes of inheritance, in file order, each once."""
        return list(dict.fromkeys(self.term_names[a.term] for a in self.annotations(disease) if a.aspect == "I"))

    def onsets(self, disease: int) -> list[str]:
        """Labels of the ages of onset of the disease as a whole (aspect C), each once."""
        onset = self.term("HP:0003674")
        terms = [a.term for a in self.annotations(disease) if a.aspect == "C"]
        return list(dict.fromkeys(self.term_names[t] for t in terms if onset in self.term_ancestors[t]))

    def genes(self, disease: int) -> list[str]:
        """Gene symbols of a disease."""
        return sorted({gene for record in self.disease_records[disease] for gene in self.record_genes[record]})

    def references(self, disease: int) -> set[str]:
        """Every reference (PMID:..., OMIM:...) its annotations cite."""
        column, texts = self._annotation_columns["reference"], self._column_texts["reference"]
        spans = ((self.annotation_ptr[r], self.annotation_ptr[r + 1]) for r in self.disease_records[disease])
        cells = {cell for start, end in spans for cell in column[start:end].tolist()}
        return {part for cell in cells for part in texts[cell].split(";") if part}

    @cached_property
    def frequency_texts(self) -> list[str]:
        """The distinct frequency cells."""
        return self._texts("frequency_texts")

    @cached_property
    def annotation_ptr(self) -> list[int]:
        """Where the rows of each record start, one more than there are records."""
        pointers: list[int] = self._array("annotation_ptr").tolist()
        return pointers

    @cached_property
    def _annotation_columns(self) -> dict[str, npt.NDArray[Any]]:
        columns = ("terms", "negated", "aspects", "sexes", "frequency", "onset", "modifier", "reference", "evidence")
        return {column: self._array(f"annotation_{column}") for column in columns}

    @cached_property
    def _column_texts(self) -> dict[str, list[str]]:
        return {name: self._texts(f"{name}_texts") for name in ("onset", "modifier", "reference", "evidence")}

    @cached_property
    def findings(self) -> FindingTable:
        """Every disease's findings (aspect P) with their frequency, as flat arrays.

        Rows of the same finding are pooled, weighted by the patients they rest on; a NOT row counts as absent in ten.
        """
        columns = self._annotation_columns
        cells = np.array([frequency_of(cell) or (UNSTATED_FREQUENCY, 1.0) for cell in self.frequency_texts])
        cells = np.vstack([cells, [0.0, 10.0], [LATER_FREQUENCY, 1.0]])
        rows = np.flatnonzero(columns["aspects"] == ASPECTS.index("P"))
        stated = np.where(columns["negated"], len(cells) - 2, columns["frequency"])
        stated = np.where(self._later_rows, len(cells) - 1, stated)[rows]
        diseases = np.repeat(self.record_diseases, np.diff(self.annotation_ptr))[rows]
        values, weights = cells[stated].T
        return pool(diseases, columns["terms"][rows], values, weights, len(self.disease_records))

    @cached_property
    def _later_rows(self) -> npt.NDArray[np.bool_]:
        """For each row, whether a later release added it to a record that an earlier one had annotated."""
        records = np.repeat(np.arange(len(self.record_ids)), np.diff(self.annotation_ptr))
        sourced = self._annotation_columns["reference"] != self._column_texts["reference"].index("")
        earlier = np.bincount(records, sourced, minlength=len(self.record_ids)) > 0
        later: npt.NDArray[np.bool_] = ~sourced & earlier[records]
        return later

    @cached_property
    def frequencies(self) -> Sequence[dict[int, float]]:
        """For each disease, its findings (aspect P) and how often they occur; 0 means known to be absent."""
        return Frequencies(self.findings)


@cache
def load(path: Path | None = None) -> KnowledgeBase:
    """Open a knowledge base once a process; the shipped one by default."""
    return KnowledgeBase(path or DEFAULT_PATH)
