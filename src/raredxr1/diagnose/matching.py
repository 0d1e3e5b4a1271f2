"""How a patient's findings meet what is annotated of a disease: shared, left over, spoken against.

The scores of the two rankings by findings are sums; two diseases with the same sum may differ in whether every finding
fits a little, or most fit well and one not at all. The fusion learns what that is worth.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.closure import closure
from raredxr1.knowledge.likelihood import ratios
from raredxr1.knowledge.similarity import shared_information

MATCH_FEATURES = (
    "found_exactly",
    "information_shared",
    "findings_for",
    "findings_missed",
    "worst_finding",
    "best_finding",
)
_MISSED = -0.9
"""What nothing of the disease is akin to has a likelihood ratio of about 1 to 9 (`likelihood.GENERAL_SHARE`)."""
_CAP = 5.0

Floats = npt.NDArray[np.float64]


def matches(present: Sequence[int], diseases: Sequence[int], kb: KnowledgeBase) -> dict[str, Floats]:
    """Describe how the findings of a patient meet each of some diseases.

    Args:
        present: term numbers of the findings, each once.
        diseases: their numbers.
        kb: the knowledge base.

    Returns:
        The values in MATCH_FEATURES, each of shape (diseases,): the share of the findings that the disease is annotated
        with itself or more closely; the share of their information that it shares; the shares of findings that speak
        for it and clearly against it; and log10 of the likelihood ratio of the finding that fits worst and best.
    """
    numbers = np.asarray(diseases, dtype=np.int64)
    if not present or not len(numbers):
        return {name: np.zeros(len(numbers)) for name in MATCH_FEATURES}
    spread = closure(kb)
    said = ratios(kb, present, numbers)
    exact = np.zeros(len(numbers))
    for term in present:
        exact += np.isin(numbers, spread.diseases[spread.ptr[term] : spread.ptr[term + 1]])
    whole = float(sum(spread.information[term] for term in present))
    shared = shared_information(kb, present, numbers).astype(np.float64)
    return {
        "found_exactly": exact / len(present),
        "information_shared": shared / whole if whole > 0 else np.zeros(len(numbers)),
        "findings_for": (said > 0).mean(axis=0),
        "findings_missed": (said <= _MISSED).mean(axis=0),
        "worst_finding": said.min(axis=0).clip(-_CAP, _CAP).astype(np.float64),
        "best_finding": said.max(axis=0).clip(-_CAP, _CAP).astype(np.float64),
    }
