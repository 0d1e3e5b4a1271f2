"""Which diseases have a finding or any kind of it, and what that makes each term worth.

A disease annotated with "Infantile spasms" has "Seizure" too, and at least as often: annotations are carried up the
is-a graph. A finding with frequency 0 is known to be absent: it is carried nowhere. Flat arrays, a few megabytes; the
shipped base has them ready beside it (`prepared`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from raredxr1.knowledge.imported import Arrays
from raredxr1.knowledge.prepared import Part, prepared
from raredxr1.knowledge.store import KnowledgeBase

_CHUNK = 1_000_000
"""Pairs expanded at once: bounds the memory of building to some 30 MB."""


@dataclass(frozen=True, eq=False)
class Closure:
    """Ragged rows by term: `diseases[ptr[t]:ptr[t + 1]]` have term t or a descendant of it, in order of their number.

    Attributes:
        ptr: int64, one more than there are terms.
        diseases: uint16, disease numbers.
        frequencies: float32, above 0: the highest frequency among the term and its descendants in that disease.
        background: float32 a term, the frequency of the term over all annotated diseases, each weighing the same.
        information: float32 a term, -ln(share of annotated diseases that have it); `rarest` for a term that none has.
        rarest: ln(number of annotated diseases), the information of a term that a single disease has.
        absent_ptr: int64, one more than there are terms.
        absent: uint16; `absent[absent_ptr[t]:absent_ptr[t + 1]]` are annotated with t as never present.
    """

    ptr: npt.NDArray[np.int64]
    diseases: npt.NDArray[np.uint16]
    frequencies: npt.NDArray[np.float32]
    background: npt.NDArray[np.float32]
    information: npt.NDArray[np.float32]
    rarest: float
    absent_ptr: npt.NDArray[np.int64]
    absent: npt.NDArray[np.uint16]

    @property
    def disease_count(self) -> npt.NDArray[np.int64]:
        """How many diseases have each term or a descendant of it."""
        return np.diff(self.ptr)

    def frequency(self, term: int, disease: int) -> float:
        """Highest frequency of the term or a descendant in the disease; 0 where it has none."""
        start, end = self.ptr[term], self.ptr[term + 1]
        place = start + np.searchsorted(self.diseases[start:end], disease)
        return float(self.frequencies[place]) if place < end and self.diseases[place] == disease else 0.0

    def excludes(self, term: int, disease: int) -> bool:
        """Whether the disease is annotated with the term as never present."""
        return disease in self.absent[self.absent_ptr[term] : self.absent_ptr[term + 1]]


@lru_cache(maxsize=4)
def closure(kb: KnowledgeBase) -> Closure:
    """The closure of a knowledge base, opened or made once a process."""
    arrays = prepared(kb, CLOSED)
    return Closure(
        ptr=arrays["ptr"],
        diseases=arrays["diseases"],
        frequencies=arrays["frequencies"],
        background=arrays["background"],
        information=arrays["information"],
        rarest=float(arrays["rarest"]),
        absent_ptr=arrays["absent_ptr"],
        absent=arrays["absent"],
    )


def closed(kb: KnowledgeBase) -> Arrays:
    """Carry every finding up to the root and keep the highest frequency of each disease and term.

    Returns:
        What `Closure` holds.
    """
    table, ancestors = kb.findings, kb.term_ancestors
    n_terms, n_diseases = len(ancestors), max(int(kb.annotated_mask.sum()), 1)
    diseases = np.repeat(np.arange(len(kb.disease_records)), np.diff(table.ptr))
    had = table.frequencies > 0
    keys = _highest(_pairs(diseases[had], table.terms[had], table.frequencies[had], ancestors))
    terms, disease, frequency = keys >> 48, (keys >> 32).astype(np.uint16), keys.astype(np.uint32).view(np.float32)
    counts = np.bincount(terms.astype(np.int64), minlength=n_terms)
    background = np.bincount(terms.astype(np.int64), frequency, minlength=n_terms) / n_diseases
    never = np.lexsort((diseases[~had], table.terms[~had]))
    return {
        "ptr": _pointers(counts),
        "diseases": disease,
        "frequencies": frequency,
        "background": background.astype(np.float32),
        "information": np.log(n_diseases / np.maximum(counts, 1)).astype(np.float32),
        "rarest": np.log(np.float64(n_diseases)),
        "absent_ptr": _pointers(np.bincount(table.terms[~had], minlength=n_terms)),
        "absent": diseases[~had][never].astype(np.uint16),
    }


CLOSED = Part("closure", 1, closed)


def _pairs(
    diseases: npt.NDArray[np.int64],
    terms: npt.NDArray[np.uint16],
    frequencies: npt.NDArray[np.float64],
    ancestors: Sequence[list[int]],
) -> list[npt.NDArray[np.uint64]]:
    """Expand findings to their ancestors, reduced chunk by chunk: term << 48 | disease << 32 | bits of the frequency.

    The bits of a positive float32 order as the number does, so one sort puts the highest frequency of each pair last.
    """
    ptr = _pointers(np.array([len(row) for row in ancestors]))
    flat = np.fromiter((a for row in ancestors for a in row), np.uint16, int(ptr[-1]))
    low = diseases.astype(np.uint64) << np.uint64(32) | frequencies.astype(np.float32).view(np.uint32)
    counts = np.diff(ptr)[terms]
    chunks: list[npt.NDArray[np.uint64]] = []
    for rows in np.array_split(np.arange(len(terms)), int(counts.sum()) // _CHUNK + 1):
        each = counts[rows]
        starts = np.repeat(ptr[terms[rows]] - (np.cumsum(each) - each), each)
        expanded = flat[starts + np.arange(len(starts))].astype(np.uint64) << np.uint64(48)
        chunks.append(_highest([expanded | np.repeat(low[rows], each)]))
    return chunks


def _highest(chunks: list[npt.NDArray[np.uint64]]) -> npt.NDArray[np.uint64]:
    """Sort keys and keep the last of each term and disease."""
    keys: npt.NDArray[np.uint64] = np.sort(np.concatenate(chunks))
    pair = keys >> np.uint64(32)
    last = np.ones(len(keys), np.bool_)
    last[:-1] = pair[1:] != pair[:-1]
    return keys[last]


def _pointers(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
