"""Annotations carried up the graph: checked against the definition, disease by disease."""

import math

import numpy as np
import pytest

from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.closure import Closure, closure
from tiny_knowledge import make_tiny_kb


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return make_tiny_kb(tmp_path_factory.mktemp("tiny"))


def by_definition(kb: KnowledgeBase, disease: int) -> dict[int, float]:
    had: dict[int, float] = {}
    for term, frequency in kb.frequencies[disease].items():
        for ancestor in kb.term_ancestors[term] if frequency > 0 else ():
            had[ancestor] = max(had.get(ancestor, 0.0), frequency)
    return had


def rows(c: Closure, disease: int) -> dict[int, float]:
    owners = np.repeat(np.arange(len(c.ptr) - 1), c.disease_count)
    mine = c.diseases == disease
    return dict(zip(owners[mine].tolist(), c.frequencies[mine].tolist(), strict=True))


def test_a_disease_has_the_ancestors_of_its_findings(kb: KnowledgeBase) -> None:
    c = closure(kb)
    for disease in range(len(kb.disease_records)):
        assert rows(c, disease) == pytest.approx(by_definition(kb, disease))


def test_the_shipped_closure_too() -> None:
    kb = load()
    c = closure(kb)
    for disease in range(0, len(kb.disease_records), 1500):
        assert rows(c, disease) == pytest.approx(by_definition(kb, disease))


def test_what_is_known_absent_is_not_had(kb: KnowledgeBase) -> None:
    c, macrocephaly = closure(kb), kb.term("HP:0000256")
    rett, zellweger = kb.disease("OMIM:312750"), kb.disease("OMIM:214100")
    assert rett is not None
    assert zellweger is not None
    assert c.frequency(macrocephaly, rett) == 0
    assert c.excludes(macrocephaly, rett)
    assert c.frequency(macrocephaly, zellweger) == 0.5
    assert not c.excludes(macrocephaly, zellweger)


def test_background_and_information_are_over_all_diseases(kb: KnowledgeBase) -> None:
    c, seizure = closure(kb), kb.term("HP:0001250")
    # Rett 8.5/14, Angelman 0.8, Zellweger 1/4 (febrile), homocystinuria 1/5 (spasms), of ten diseases
    assert c.disease_count[seizure] == 4
    assert c.background[seizure] == pytest.approx((8.5 / 14 + 0.8 + 0.25 + 0.2) / 10)
    assert c.information[seizure] == pytest.approx(math.log(10 / 4))
    assert c.information[kb.term("HP:0000118")] == pytest.approx(0)


def test_a_term_no_disease_has_is_as_rare_as_can_be(kb: KnowledgeBase) -> None:
    c = closure(kb)
    nowhere = kb.term("HP:0000601")
    assert c.disease_count[nowhere] == 0
    assert c.information[nowhere] == pytest.approx(c.rarest) == pytest.approx(math.log(10))
    assert c.frequency(nowhere, 0) == 0


def test_it_is_built_once(kb: KnowledgeBase) -> None:
    assert closure(kb) is closure(kb)
