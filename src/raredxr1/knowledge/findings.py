"""Findings of each disease with their frequency: the annotation rows pooled, in flat arrays.

A disease has several rows for one finding when several papers, or OMIM and Orphanet both, report it. Held as three
arrays (2 MB for the shipped knowledge) instead of ten thousand dicts (65 MB), because `diagnose` runs on laptops.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class FindingTable:
    """Ragged rows: the findings of disease d are `terms[ptr[d]:ptr[d + 1]]`, in the order their source lists them.

    Attributes:
        ptr: int32, one more than there are diseases.
        terms: uint16, term numbers.
        frequencies: float64, 0 to 1; 0 means known to be absent.
    """

    ptr: npt.NDArray[np.int32]
    terms: npt.NDArray[np.uint16]
    frequencies: npt.NDArray[np.float64]

    def of(self, disease: int) -> dict[int, float]:
        """Term number -> frequency of a disease."""
        start, end = self.ptr[disease], self.ptr[disease + 1]
        return dict(zip(self.terms[start:end].tolist(), self.frequencies[start:end].tolist(), strict=True))


def pool(
    diseases: npt.NDArray[Any], terms: npt.NDArray[Any], values: npt.NDArray[Any], weights: npt.NDArray[Any], count: int
) -> FindingTable:
    """Average the rows of each disease and finding, weighted by the patients each row rests on.

    Args:
        diseases: disease number of each row.
        terms: term number of each row.
        values: frequency of each row.
        weights: patients of each row.
        count: how many diseases there are.
    """
    keys = diseases.astype(np.int64) << 16 | terms.astype(np.int64)
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    frequencies = np.bincount(place, values * weights) / np.bincount(place, weights)
    # np.unique sorts by term; a stable sort of first places by disease gives back the order of the source
    order = np.argsort(first, kind="stable")
    order = order[np.argsort(diseases[first[order]], kind="stable")]
    rows = first[order]
    ptr = np.concatenate([[0], np.cumsum(np.bincount(diseases[rows], minlength=count))])
    return FindingTable(ptr.astype(np.int32), terms[rows].astype(np.uint16), frequencies[order])
