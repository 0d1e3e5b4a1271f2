"""Texts in which findings are marked with term and state, from files and from the registers, cut into windows.

A file has one JSON object a line: `doc_id`, `text` and `annotations`, each with `start`, `end`, `hpo` and `state` as
benchmarks/letters has it, or with `hpo` and `raw` as the public corpora have it; those state nothing, so the assertion
engine does. Marks in texts that may not be given on are a table (`doc_id`, `start`, `end`, `hpo`, `state`) beside them.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from raredxr1.cases.annotated import read_marks
from raredxr1.cases.patients import PatientSampler, phenotypes
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.registers.writer import RegisterWriter
from raredxr1.encoder.config import Annotated
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.assertion import assertions
from raredxr1.knowledge.extraction.encoder_model import STATES
from raredxr1.knowledge.extraction.windows import windows
from raredxr1.knowledge.linking import PHENOTYPE
from raredxr1.runstore import json_rows, text_lines

NO_TERM = -1
"""The term of a finding that HPO has no term for; it is a finding all the same."""


@dataclass(frozen=True)
class Mark:
    """A finding: `text[start:end]`, its term number or NO_TERM, and the number of its state."""

    start: int
    end: int
    term: int
    state: int


@dataclass(frozen=True)
class Example:
    """A window: its text, where its context ends, its marks, and stretches of which nothing is learned."""

    text: str
    begins: int
    marks: tuple[Mark, ...]
    unsure: tuple[tuple[int, int], ...] = ()


def read_marked(source: Annotated, kb: KnowledgeBase) -> list[Example]:
    """The windows of a file's texts, of the part that is learned from.

    Raises:
        InputError: the file cannot be read, or a row is not in this form; the line is named.
    """
    found = list[Example]()
    for number, record in enumerate(_of(source)):
        text, marks = read_marks(record, f"{source.path}: line {number + 1}")
        if source.part == "all" or number % 2 == 1:
            found += cut(text, _marks(text, marks, kb))
    return found


def with_texts(marks: Path, texts: Path) -> list[dict[str, Any]]:
    """Texts with the marks of a table, in the order of the file of texts; what no row of the table names is left out.

    A text without a mark has a row without a span.

    Raises:
        InputError: a file cannot be read, or a row of texts is no JSON.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for row in csv.DictReader((line for _, line in text_lines(marks)), delimiter="\t"):
        listed = found.setdefault(row["doc_id"], [])
        if row["start"]:
            listed.append(row | {"start": int(row["start"]), "end": int(row["end"]), "hpo": row["hpo"] or None})
    records = (record for _, record in json_rows(texts) if record.get("doc_id") in found)
    return [record | {"annotations": found[record["doc_id"]]} for record in records]


def _of(source: Annotated) -> list[Any]:
    if source.path.suffix != ".tsv":
        return [row for _, row in json_rows(source.path)]
    if source.texts is None:
        raise InputError(f"{source.path}: a table of marks; `texts` names the file that has their texts")
    return with_texts(source.path, source.texts)


def registers(kb: KnowledgeBase, notes: int, seed: int) -> tuple[list[Example], list[tuple[str, int]]]:
    """Windows of synthetic letters, and what these call findings, with the term of each.

    What denies a finding by itself ("hears well") is no finding there.
    """
    rng, found, wordings = Random(f"letters {seed}"), list[Example](), list[tuple[str, int]]()
    writer = RegisterWriter(Phrases(kb))
    diseases = [d for d in range(len(kb.disease_names)) if phenotypes(kb, d)]
    sampler = PatientSampler(kb, diseases)
    for _ in range(notes):
        note = writer.write(sampler.draw(rng.choice(diseases), rng), rng)
        said = assertions(note.text, [(m.start, m.end) for m in note.mentions])
        marks = [
            Mark(m.start, m.end, m.term, STATES.index("present" if m.present else "absent"))
            for m, state in zip(note.mentions, said, strict=True)
            if m.present or state.value != "present"
        ]
        wordings += [(note.text[m.start : m.end], m.term) for m in marks]
        found += cut(note.text, marks)
    return found, wordings


def cut(text: str, marks: Sequence[Mark]) -> list[Example]:
    """Divide a text into windows, as it is read in use; of marks that overlap the shorter stays."""
    kept = list[Mark]()
    for mark in sorted(marks, key=lambda m: (m.end - m.start, m.start)):
        if all(mark.end <= other.start or other.end <= mark.start for other in kept):
            kept.append(mark)
    kept.sort(key=lambda m: m.start)
    found = list[Example]()
    for context, start, end in windows(text):
        inside = [m for m in kept if start <= m.start and m.end <= end]
        crossing = [m for m in kept if m.start < end and start < m.end and m not in inside]
        found.append(
            Example(
                text[context:end],
                start - context,
                tuple(Mark(m.start - context, m.end - context, m.term, m.state) for m in inside),
                tuple((max(m.start - context, 0), m.end - context) for m in crossing),
            )
        )
    return found


def _marks(text: str, places: Sequence[tuple[int, int, str | None, str | None]], kb: KnowledgeBase) -> list[Mark]:
    root = kb.term(PHENOTYPE)
    found = list[Mark]()
    read = assertions(text, [(start, end) for start, end, _, _ in places])
    for (start, end, hpo, state), said in zip(places, read, strict=True):
        current = kb.resolve_term(hpo) if hpo else None
        term = kb.term(current) if current else NO_TERM
        term = NO_TERM if term == root else term  # "abnormalities": a finding, of no term that could be learned
        if 0 <= start < end <= len(text) and (term == NO_TERM or root in kb.term_ancestors[term]):
            found.append(Mark(start, end, term, STATES.index(state or said.value)))
    return found
