"""Texts about diseases, and annotations, by disease and kind of text, as counts of words or of findings."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from raredxr1.cases.speech.grammar import expand
from raredxr1.cases.speech.table import Kind, entries
from raredxr1.cases.speech.wording import Wording
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.stated import stated_findings, terms
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase, names
from raredxr1.knowledge.text_ranker import carried
from raredxr1.knowledge.wording import grams
from raredxr1.runstore import json_rows, text_lines

_CLINICAL = frozenset({
    "information", "symptoms", "causes", "complications", "exams and tests", "considerations", "outlook",
    "susceptibility", "frequency", "genetic changes", "inheritance",
})  # fmt: skip
_TABLE = "Human Phenotype Ontology provides"
"""An answer with this sentence is an old copy of the annotations."""

_DRAWS = 3
"""Times an everyday wording is said; its alternatives then all come up."""
_chance = Random(0)

Counts = dict[str, Counter[str]]
"""Kind of text -> how often each word and pair, or each finding, stands there."""

Count = Callable[[str], Mapping[str, float]]
"""What is counted of a text, by name: `wording.grams`, or a reader of findings."""


class Diseases:
    """Finds the diseases an entry is about, by its ids, else by its exact names."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Index the names of all candidates."""
        self.kb = kb
        self.named: dict[str, set[int]] = defaultdict(set)
        for disease in range(len(kb.disease_records)):
            if kb.candidate_mask[disease]:
                for name in names_of(kb, disease):
                    self.named[names.plain(name)].add(disease)

    def of(self, ids: Sequence[str], called: Sequence[str]) -> list[int]:
        """Numbers of the diseases meant; empty where none is known."""
        found = {
            disease for i in ids if (disease := self.kb.disease(i)) is not None and self.kb.candidate_mask[disease]
        }
        if not found:
            found = next((set(ds) for name in called if (ds := self.named.get(names.plain(name)))), set())
        return sorted(found)


def names_of(kb: KnowledgeBase, disease: int) -> list[str]:
    """All names of a disease."""
    return [kb.disease_names[disease], *kb.names_of(disease)]


def annotated(kb: KnowledgeBase) -> list[Counts]:
    """Names and annotated findings of every disease: labels by frequency, and their other wordings."""
    everyday = entries()

    @cache
    def label(term: int) -> frozenset[str]:
        return frozenset(grams(kb.term_names[term]))

    @cache
    def wordings(term: int) -> frozenset[str]:
        said = [synonym.text for synonym in kb.term_synonyms[term]]
        if entry := everyday.get(kb.term_ids[term]):
            kinds: tuple[Kind, ...] = ("anyone", "clinician")
            chosen = [wording for kind in kinds for wording in entry.wordings.get(kind, ())]
            said += [_said(wording) for wording in chosen for _ in range(_DRAWS)]
        return frozenset(gram for text in said for gram in grams(text)) - label(term)

    found: list[Counts] = []
    for disease in range(len(kb.disease_records)):
        counts: Counts = defaultdict(Counter)
        counts["name"].update({gram for name in names_of(kb, disease) for gram in grams(name)})
        for definition in (kb.imported.definitions.get(i, "") for i in kb.disease_ids(disease)):
            counts["definition"].update(grams(definition))
        for term, frequency in kb.frequencies[disease].items():
            if frequency > 0:
                _raise(counts["finding"], label(term), frequency)
                _raise(counts["wording"], wordings(term), frequency)
        found.append(counts)
    return found


def _said(wording: Wording) -> str:
    """One of the ways a wording can be said, without the words that depend on the person."""
    return expand(wording.template, _chance, defaultdict(str), past=True)


def _raise(counts: Counter[str], found: frozenset[str], frequency: float) -> None:
    for gram in found:
        counts[gram] = max(counts[gram], frequency)  # type: ignore[assignment]


def add_texts(path: Path, diseases: Diseases, into: list[Counts], most: int, count: Count = grams) -> int:
    """Add a file of entries.

    Args:
        path: JSONL, plain or gzipped; a row has `definition` (Orphanet), `qa` (MedQuAD) or `text` (others). Or a table
            (TSV) of `id` and `presentation`: how a patient with the disease presents.
        diseases: finds who an entry is about.
        into: where the counts go.
        most: diseases an entry may be about; one about more is about a group.
        count: what is counted of a text.

    Returns:
        How many entries were used.
    """
    used = 0
    for about, texts in texts_of(path, diseases, most):
        used += 1
        for kind, text in texts:
            counted = count(text)
            for disease in about:
                into[disease][kind].update(counted)
    return used


def texts_of(path: Path, diseases: Diseases, most: int) -> Iterator[tuple[list[int], list[tuple[str, str]]]]:
    """What the entries of a file say, of those that are about one to `most` diseases: their numbers, and texts by kind.

    Args:
        path: as in `add_texts`.
        diseases: finds who an entry is about.
        most: diseases an entry may be about.
    """
    for row in rows_of(path):
        ids, called, texts = _entry(row)
        if 0 < len(about := diseases.of(ids, called)) <= most:
            yield about, texts


def _entry(row: dict[str, Any]) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    if "presentation" in row:
        return [row["id"]], [], [("presentation", row["presentation"])]
    if "definition" in row:
        findings = "; ".join(phenotype["term"] for phenotype in row.get("phenotypes", ()))
        texts = [("definition", row["definition"] or ""), ("named finding", findings)]
        return [row["id"]], [row["label"], *row["synonyms"]], texts
    if "qa" in row:
        answers = [q["a"] for q in row["qa"] if q["qtype"] in _CLINICAL and _TABLE not in q["a"]]
        return row["ids"], [row["focus"], *(row["synonyms"] or ())], [("article", "\n".join(answers))]
    kind = "summary" if "symptoms" in row else "definition"
    named = [("named finding", "; ".join(row.get("symptoms", ())))]
    return row["ids"], [row["disease"], *row["synonyms"]], [(kind, row["text"]), *named]


def rows_of(path: Path, where: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Rows of a JSONL file, or of a table whose name ends in .tsv, that meet conditions such as `split=train`.

    Raises:
        InputError: it cannot be read, a row is no JSON, or a row of a table lacks a column.
    """
    conditions = [condition.partition("=") for condition in where]
    for row in _table(path) if path.suffix == ".tsv" else (row for _, row in json_rows(path)):
        if all(str(row.get(key)) == value for key, _, value in conditions):
            yield row


def _table(path: Path) -> Iterator[dict[str, Any]]:
    lines = (line for _, line in text_lines(path))
    for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
        if None in row or None in row.values():
            raise InputError(f"{path}: line {number}: not as many columns as its first line")
        yield row


class FindingCounter:
    """Counts the findings a text says are present."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Open the dictionary of a knowledge base; texts are too many for the encoder."""
        self._names = open_names(kb.path, by_meaning=False)

    def __call__(self, text: str) -> Counter[str]:
        """The findings of a text and the more general terms, one each."""
        present, _ = terms(stated_findings(text, [], self._names), self._names.kb)
        return Counter(carried(present, self._names.kb))


def annotated_findings(kb: KnowledgeBase) -> list[Counts]:
    """Annotated findings of every disease by frequency, carried to more general terms as the highest below them."""
    found: list[Counts] = []
    for disease in range(len(kb.disease_records)):
        counts: Counts = defaultdict(Counter)
        for term, frequency in kb.frequencies[disease].items():
            for gram in carried([term], kb) if frequency > 0 else ():
                counts["finding"][gram] = max(counts["finding"][gram], frequency)  # type: ignore[assignment]
        found.append(counts)
    return found
