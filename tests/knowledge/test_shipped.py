"""Facts of the knowledge base that ships."""

import math
from pathlib import Path

import numpy as np

from raredxr1.knowledge import load
from raredxr1.knowledge.closure import closure
from raredxr1.knowledge.term_store import DEFAULT_PATH


def test_it_is_small_and_says_what_it_is() -> None:
    assert Path(DEFAULT_PATH).stat().st_size <= 8_000_000
    assert load().version == "hpo-2025-01-16+hpoa-2025-01-16+hpo3-2025-11-24+mondo-2122ae59"


def test_its_size_is_that_of_the_release() -> None:
    kb = load()
    assert len(kb.term_ids) == 19_452
    assert len(kb.record_ids) == 25_381
    assert len(kb.disease_records) == len(kb.disease_names) == len(kb.frequencies) == 23_044
    assert len(kb.findings.terms) == 239_626
    assert int(kb.annotated_mask.sum()) == 10_666
    assert all(kb.annotations(disease) for disease in np.flatnonzero(kb.annotated_mask)[::100])


def test_a_disease_is_whole() -> None:
    kb = load()
    rett = kb.disease("OMIM:312750")
    assert rett is not None
    assert kb.disease_ids(rett) == ["ORPHA:778", "OMIM:312750"]
    assert kb.inheritance(rett) == ["X-linked dominant inheritance"]
    assert kb.genes(rett) == ["MECP2"]
    assert kb.frequencies[rett][kb.term("HP:0002376")] > 0.8  # developmental regression
    assert any(reference.startswith("PMID:") for reference in kb.references(rett))


def test_every_finding_lies_in_the_graph() -> None:
    kb = load()
    root = kb.term("HP:0000118")
    c = closure(kb)
    assert c.disease_count[root] == sum(any(f > 0 for f in d.values()) for d in kb.frequencies)
    assert c.rarest == math.log(kb.annotated_mask.sum())
    assert all(root in kb.term_ancestors[t] for t in set(kb.findings.terms.tolist()))
