"""The knowledge base as the program uses it: terms, diseases, annotations, opened from the built artifact.

Terms, records and diseases are numbered from 0; arrays are indexed by those numbers. A *record* is one OMIM, ORPHA,
DECIPHER or Mondo id; a *disease* is one or more records that are the same disease. Most diseases of Mondo alone have no
annotations, and some entries are no diseases: `candidate_mask` says which may be answered, `annotated_mask` which have
findings. Texts are decoded when first asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from raredxr1.errors import InputError
from raredxr1.knowledge import names
from raredxr1.knowledge.findings import FindingTable, pool
from raredxr1.knowledge.hierarchy import Hierarchy
from raredxr1.knowledge.hpoa import ASPECTS, frequency_of
from raredxr1.knowledge.imported import Arrays, Imported, Stored, read_fact, text, untext
from raredxr1.knowledge.prepared import Part, prepared
from raredxr1.knowledge.term_store import DAMAGED, DEFAULT_PATH, OnDemand, TermStore

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


class KnowledgeBase(TermStore):
    """An opened artifact: terms, records, diseases, annotations. Cheap to open; each table is read when first used."""

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
        return untext(self._prepared["disease_names"])

    @cached_property
    def _prepared(self) -> Mapping[str, npt.NDArray[Any]]:
        return prepared(self, TABLES)

    def shown_names(self) -> list[str]:
        """What `disease_names` is made of."""
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

    def labels_of(self, disease: int) -> list[str]:
        """The name that is shown of a disease, and those of its records."""
        return [self.disease_names[disease], *(self.record_names[record] for record in self.disease_records[disease])]

    def names_of(self, disease: int) -> list[str]:
        """The names of a disease in its records, and those that an import brought."""
        brought = (name for i in self.disease_ids(disease) for name in self.imported.synonyms.get(i, ()))
        return [*(self.record_names[record] for record in self.disease_records[disease]), *brought]

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
        excluded: dict[str, str] = self._fact("excluded")
        return excluded

    @cached_property
    def _kinds(self) -> dict[str, str]:
        kinds: dict[str, str] = self._fact("kind")
        return kinds

    def _fact(self, fact: str) -> Any:
        """One kind of imported fact alone: reading all takes a fifth of a second."""
        try:
            return read_fact(self._own_file(), fact)
        except DAMAGED as error:
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
        return Stored(self._fact)

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
        return list(dict.fromkeys(self.term_names[term] for term in self._terms_of(disease, "I")))

    def onsets(self, disease: int) -> list[str]:
        """Labels of the ages of onset of the disease as a whole (aspect C), each once."""
        onset = self.term("HP:0003674")
        terms = self._terms_of(disease, "C")
        return list(dict.fromkeys(self.term_names[t] for t in terms if onset in self.term_ancestors[t]))

    def _terms_of(self, disease: int, aspect: str) -> list[int]:
        """The terms of an aspect's annotations, in file order; to make the annotations themselves takes far longer."""
        columns, code, found = self._annotation_columns, ASPECTS.index(aspect), list[int]()
        for record in self.disease_records[disease]:
            rows = slice(self.annotation_ptr[record], self.annotation_ptr[record + 1])
            found += columns["terms"][rows][columns["aspects"][rows] == code].tolist()
        return found

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
        return FindingTable(*(self._prepared[f"finding_{part}"] for part in ("ptr", "terms", "frequencies")))

    def pooled(self) -> FindingTable:
        """What `findings` is made of."""
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
        return OnDemand(len(self.findings.ptr) - 1, self.findings.of)


def _tables(kb: KnowledgeBase) -> Arrays:
    """The names that diseases are shown under, and their findings."""
    findings = kb.pooled()
    return {
        "disease_names": text(kb.shown_names()),
        "finding_ptr": findings.ptr,
        "finding_terms": findings.terms,
        "finding_frequencies": findings.frequencies,
    }


TABLES = Part("tables", 1, _tables)


def load(path: Path | None = None) -> KnowledgeBase:
    """Open a knowledge base once a process; the shipped one by default."""
    return _opened(path or DEFAULT_PATH)


@cache
def _opened(path: Path) -> KnowledgeBase:
    return KnowledgeBase(path)
