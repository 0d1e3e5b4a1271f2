"""What can truly be said of a disease and a finding, checked by hand on the small knowledge base."""

import pytest

from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.claims import Claims
from tiny_knowledge import make_tiny_kb


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return make_tiny_kb(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def claims(kb: KnowledgeBase) -> Claims:
    return Claims(kb)


def test_a_disease_explains_its_finding_a_parent_and_a_direct_kind(kb: KnowledgeBase, claims: Claims) -> None:
    rett = kb.disease("OMIM:312750")
    for explained in ("HP:0001250", "HP:0000707", "HP:0002373"):  # seizure, its parent, a kind of it
        assert claims.explains(rett, kb.term(explained))
    for unexplained in ("HP:0002616", "HP:0000365"):
        assert not claims.explains(rett, kb.term(unexplained))


def test_an_excluded_finding_is_not_explained(kb: KnowledgeBase, claims: Claims) -> None:
    assert not claims.explains(kb.disease("OMIM:312750"), kb.term("HP:0000256"))


def test_absence_speaks_against_a_disease_that_shows_the_finding_often(kb: KnowledgeBase, claims: Claims) -> None:
    angelman = kb.disease("OMIM:105830")
    assert claims.absence_opposes(angelman, kb.term("HP:0001251"))  # in 9 of 10
    assert claims.absence_opposes(angelman, kb.term("HP:0001249"))  # the parent of one that is very frequent
    zellweger = kb.disease("OMIM:214100")
    assert not claims.absence_opposes(zellweger, kb.term("HP:0002373"))  # in 1 of 4
    assert not claims.absence_opposes(zellweger, kb.term("HP:0002616"))  # in none


def test_awaited_are_the_frequent_findings_nobody_mentioned_commonest_first(kb: KnowledgeBase, claims: Claims) -> None:
    angelman = kb.disease("OMIM:105830")
    everything = [kb.term_names[term] for term in claims.awaited(angelman, set())]
    frequencies = [claims.frequency(angelman, kb.term_names.index(name)) for name in everything]
    assert everything == ["Ataxia", "Intellectual disability, severe", "Seizure", "Microcephaly"]
    assert frequencies == sorted(frequencies, reverse=True) and min(frequencies) >= 0.5
    seen = {kb.term("HP:0001251"), kb.term("HP:0002373"), kb.term("HP:0001249")}  # ataxia, a kind of seizure, a parent
    assert [kb.term_names[term] for term in claims.awaited(angelman, seen)] == ["Microcephaly"]


def test_a_rarer_finding_tells_more(kb: KnowledgeBase, claims: Claims) -> None:
    split_hand, seizure, root = (kb.term(i) for i in ("HP:0001171", "HP:0001250", "HP:0000118"))
    assert claims.information(split_hand) > claims.information(seizure) > claims.information(root) == 0


def test_a_mild_form_tells_no_more_than_the_finding() -> None:
    shipped = load()
    claims, of = Claims(shipped), {name: number for number, name in enumerate(shipped.term_names)}
    for mild, whole in [("Mild myopia", "Myopia"), ("Intellectual disability, moderate", "Intellectual disability")]:
        assert claims.information(of[mild]) == claims.information(of[whole])
    for own, parent in [
        ("High myopia", "Myopia"),
        ("Borderline personality disorder", "Personality disorder"),
        ("Mild microcephaly", "Decreased head circumference"),
    ]:
        assert claims.information(of[own]) > claims.information(of[parent])
