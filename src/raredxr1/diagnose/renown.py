"""How well known a disease is: by what is annotated, cited and written of it, and by which catalogues list it.

Patients have diseases that are known far more often than those that are not, and of two that fit alike the one that
more was written of is more likely. No source of prevalence may be shipped; these stand in for it. They are weak facts
that the fusion weighs.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.course import articles_cited
from raredxr1.knowledge.text_ranker import text_ranker

RENOWN_FEATURES = ("annotated", "well_known", "cited", "written", "in_omim", "in_orphanet", "in_both")

Floats = npt.NDArray[np.float64]


@lru_cache(maxsize=4)
def renown(kb: KnowledgeBase) -> dict[str, Floats]:
    """The values in RENOWN_FEATURES of all diseases; each of shape (diseases,).

    Whether it has findings, and how many; how many articles its annotations cite, and how many words speak for it in
    the texts (logarithms, scaled to about 1); whether OMIM, Orphanet and both have it.
    """
    count = len(kb.disease_records)
    ids = [kb.disease_ids(disease) for disease in range(count)]
    omim, orphanet = (
        np.array([any(i.startswith(catalogue) for i in of_one) for of_one in ids], dtype=np.float64)
        for catalogue in ("OMIM:", "ORPHA:")
    )
    try:
        written = text_ranker(kb).written().astype(np.float64)
    except InputError:  # no texts here: the opinion itself says so
        written = np.zeros(count)
    findings = np.diff(kb.findings.ptr)
    return {
        "annotated": (findings > 0).astype(np.float64),
        "well_known": np.log1p(findings) / 5,
        "cited": np.log1p(articles_cited(kb)) / 5,
        "written": np.log1p(written) / 5,
        "in_omim": omim,
        "in_orphanet": orphanet,
        "in_both": omim * orphanet,
    }
