"""Onset and inheritance of every disease at once, which annotations read one by one are too slow for."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from raredxr1.data import table
from raredxr1.knowledge.hpoa import ASPECTS
from raredxr1.knowledge.store import KnowledgeBase

Floats = npt.NDArray[np.float64]
_MALE = frozenset({"X-linked recessive inheritance", "X-linked inheritance", "Y-linked inheritance"})
_BOTH = frozenset(
    {"X-linked dominant inheritance", "Autosomal recessive inheritance", "Autosomal dominant inheritance"}
)
_LIMITED = frozenset({"Male-limited expression"})
"""Modes that spare women, those that do not (a disease may have several), and what spares them in any mode."""


@lru_cache(maxsize=4)
def onset_years(kb: KnowledgeBase) -> tuple[Floats, Floats]:
    """The earliest and the latest age at which each disease sets in, in years; nan where nothing is stated."""
    earliest, latest = np.full(len(kb.disease_records), np.nan), np.full(len(kb.disease_records), np.nan)
    diseases, terms = _rows(kb, "C")
    for row in table("onset_years"):
        of = diseases[terms == _number(kb, row["label"])]
        earliest[of] = np.fmin(earliest[of], float(row["from"]))
        latest[of] = np.fmax(latest[of], float(row["to"]))
    return earliest, latest


@lru_cache(maxsize=4)
def spares_women(kb: KnowledgeBase) -> npt.NDArray[np.bool_]:
    """Whether each disease is, by its inheritance, one of men."""
    found = np.zeros(len(kb.disease_records), np.bool_)
    diseases, terms = _rows(kb, "I")
    for modes, value in ((_MALE, True), (_BOTH, False), (_LIMITED, True)):
        for label in modes:
            found[diseases[terms == _number(kb, label)]] = value
    return found


@lru_cache(maxsize=4)
def transmission(kb: KnowledgeBase) -> dict[str, npt.NDArray[np.bool_]]:
    """Which diseases are annotated as autosomal `recessive`, which as autosomal `dominant`, which as `x_linked`."""
    diseases, terms = _rows(kb, "I")
    modes = {
        "recessive": ["Autosomal recessive inheritance"],
        "dominant": ["Autosomal dominant inheritance"],
        "x_linked": [name for name in kb.term_names if name.startswith("X-linked") and name.endswith("inheritance")],
    }
    found = {}
    for mode, names in modes.items():
        found[mode] = np.zeros(len(kb.disease_records), np.bool_)
        found[mode][diseases[np.isin(terms, [_number(kb, name) for name in names])]] = True
    return found


def _rows(kb: KnowledgeBase, aspect: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Disease and term of all annotations of an aspect."""
    columns = kb._annotation_columns
    rows = np.flatnonzero((columns["aspects"] == ASPECTS.index(aspect)) & ~columns["negated"].astype(bool))
    diseases = np.repeat(np.array(kb.record_diseases), np.diff(kb.annotation_ptr))[rows]
    return diseases, columns["terms"][rows].astype(np.int64)


@lru_cache(maxsize=64)
def _number(kb: KnowledgeBase, label: str) -> int:
    return kb.term_names.index(label) if label in kb.term_names else -1
