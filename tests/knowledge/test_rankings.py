"""Similarity and likelihood: checked by hand on the tiny knowledge base, and for their invariants on both."""

import itertools
import math
import random

import numpy as np
import pytest

from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.closure import closure
from raredxr1.knowledge.likelihood import ABSENT_CAP, FLOOR, GENERAL_SHARE, LikelihoodScorer, rank_likelihood
from raredxr1.knowledge.similarity import SimilarityScorer, rank_resnik
from tiny_knowledge import make_tiny_kb


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return make_tiny_kb(tmp_path_factory.mktemp("tiny"))


def disease(kb: KnowledgeBase, record: str) -> int:
    number = kb.disease(record)
    assert number is not None
    return number


def terms(kb: KnowledgeBase, *hpo_ids: str) -> list[int]:
    return [kb.term(hpo_id) for hpo_id in hpo_ids]


SEIZURE, FEBRILE, SPASMS, SPLIT, HEARING = "HP:0001250", "HP:0002373", "HP:0012469", "HP:0001171", "HP:0000365"
MACROCEPHALY, MICROCEPHALY, HYPOTELORISM = "HP:0000256", "HP:0000252", "HP:0000601"


def test_resnik_is_the_mean_information_of_what_is_shared(kb: KnowledgeBase) -> None:
    ranking = rank_resnik(kb, terms(kb, FEBRILE, SPLIT))
    score = dict(zip(ranking.diseases.tolist(), ranking.scores.tolist(), strict=True))
    # Zellweger alone has febrile seizures; it has no split hand, and shares only "phenotypic abnormality"
    assert score[disease(kb, "OMIM:214100")] == pytest.approx(math.log(10) / 2)
    # Rett syndrome shares "seizure", which four of ten have
    assert score[disease(kb, "OMIM:312750")] == pytest.approx(math.log(10 / 4) / 2)
    assert score[disease(kb, "OMIM:183600")] == pytest.approx(math.log(10) / 2)


def test_resnik_is_one_sided_and_ignores_absences(kb: KnowledgeBase) -> None:
    few, more = rank_resnik(kb, terms(kb, SPLIT)), rank_resnik(kb, terms(kb, SPLIT), terms(kb, SEIZURE))
    assert few.diseases.tolist() == more.diseases.tolist()
    assert few.scores.tolist() == more.scores.tolist()
    assert few.rank(disease(kb, "OMIM:183600")) == 1


def test_a_likelihood_ratio_is_frequency_over_background(kb: KnowledgeBase) -> None:
    ranking = rank_likelihood(kb, terms(kb, HEARING))
    background = (1 + 1 + 0.35) / 10
    assert ranking.scores[0] == pytest.approx(math.log10(1 / background))
    assert {int(d) for d in ranking.diseases[:2]} == {disease(kb, "OMIM:124900"), disease(kb, "OMIM:220290")}
    assert ranking.diseases[2] == disease(kb, "OMIM:183600")
    assert ranking.scores[2] == pytest.approx(math.log10(0.35 / background))


def test_a_disease_has_a_finding_as_often_as_its_commonest_kind(kb: KnowledgeBase) -> None:
    scores = LikelihoodScorer(kb).scores(terms(kb, SEIZURE))
    background = closure(kb).background[kb.term(SEIZURE)]
    assert scores[disease(kb, "OMIM:214100")] == pytest.approx(math.log10(0.25 / background), abs=1e-5)


def test_a_finding_more_specific_than_the_annotation_inherits_a_share(kb: KnowledgeBase) -> None:
    scores = LikelihoodScorer(kb).scores(terms(kb, SPASMS))
    c = closure(kb)
    ratios = [
        c.frequency(ancestor, disease(kb, "OMIM:105830")) / c.background[ancestor]
        for ancestor in kb.term_ancestors[kb.term(SPASMS)]
        if c.background[ancestor]
    ]
    assert scores[disease(kb, "OMIM:105830")] == pytest.approx(math.log10(max(ratios) * GENERAL_SHARE), abs=1e-5)
    assert scores[disease(kb, "OMIM:245400")] == pytest.approx(
        math.log10(0.2 / c.background[kb.term(SPASMS)]), abs=1e-5
    )


def test_what_a_disease_is_known_to_lack_counts_least(kb: KnowledgeBase) -> None:
    scores = LikelihoodScorer(kb).scores(terms(kb, MACROCEPHALY))
    assert scores[disease(kb, "OMIM:312750")] == pytest.approx(math.log10(FLOOR))
    assert scores.argmin() == disease(kb, "OMIM:312750")


def test_an_absence_speaks_against_diseases_that_would_have_it(kb: KnowledgeBase) -> None:
    scorer = LikelihoodScorer(kb)
    background = float(closure(kb).background[kb.term(MICROCEPHALY)])
    scores = scorer.scores([], terms(kb, MICROCEPHALY))
    assert scores[disease(kb, "OMIM:245400")] == pytest.approx(math.log10((1 - 0.4) / (1 - background)), abs=1e-5)
    assert scores[disease(kb, "OMIM:312750")] == pytest.approx(math.log10(ABSENT_CAP / (1 - background)), abs=1e-5)
    assert scores[disease(kb, "OMIM:154700")] == pytest.approx(math.log10(1 / (1 - background)), abs=1e-5)


def test_a_term_that_no_disease_has_still_counts_through_its_ancestors(kb: KnowledgeBase) -> None:
    scores = LikelihoodScorer(kb).scores(terms(kb, HYPOTELORISM))
    assert np.isfinite(scores).all()
    assert scores[disease(kb, "OMIM:214100")] > scores[disease(kb, "OMIM:183600")]  # it has other findings of the head


@pytest.mark.parametrize("rank", [rank_resnik, rank_likelihood])
def test_ties_fall_in_order_of_disease_number(kb: KnowledgeBase, rank: object) -> None:
    assert callable(rank)
    ranking = rank(kb, terms(kb, "HP:0002616"))
    for (one, score), (other, lower) in itertools.pairwise(zip(ranking.diseases, ranking.scores, strict=True)):
        assert score > lower or (score == lower and one < other)
    assert sorted(ranking.diseases.tolist()) == list(range(10))


def test_without_findings_all_diseases_are_equal(kb: KnowledgeBase) -> None:
    assert rank_resnik(kb, []).scores.tolist() == [0.0] * 10
    assert rank_likelihood(kb, []).scores.tolist() == [0.0] * 10


def queries(kb: KnowledgeBase, count: int, seed: int) -> list[tuple[list[int], list[int]]]:
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        own = list(kb.frequencies[rng.randrange(len(kb.frequencies))])
        noise = [rng.randrange(len(kb.term_ids)) for _ in range(3)]
        found.append((rng.sample(own, min(len(own), 6)) + noise[:2], rng.sample(own, min(len(own), 2)) + noise[2:]))
    return found


@pytest.fixture(params=["tiny", "shipped"])
def either(request: pytest.FixtureRequest, kb: KnowledgeBase) -> KnowledgeBase:
    return kb if request.param == "tiny" else load()


def test_contributions_add_up_to_the_score(either: KnowledgeBase) -> None:
    for present, absent in queries(either, 10, 1):
        for ranking in (rank_likelihood(either, present, absent), rank_resnik(either, present, absent)):
            for place in (0, 1, 4, 9):
                parts = ranking.per_finding(int(ranking.diseases[place]))
                assert sum(part.score for part in parts) == pytest.approx(float(ranking.scores[place]), abs=1e-3)
                asked = set(present) if ranking.method == "resnik" else set(present) | set(absent)
                assert {part.term for part in parts} == asked


def test_order_and_repetition_of_findings_do_not_matter(either: KnowledgeBase) -> None:
    for present, absent in queries(either, 5, 2):
        scorer, similarity = LikelihoodScorer(either), SimilarityScorer(either)
        assert (scorer.scores(present, absent) == scorer.scores([*present[::-1], present[0]], absent[::-1])).all()
        assert (similarity.scores(present) == similarity.scores([*present[::-1], present[0]])).all()


def test_a_subset_of_diseases_scores_as_the_whole_does(either: KnowledgeBase) -> None:
    chosen = np.array([7, 2, 9, 3])
    for present, absent in queries(either, 5, 3):
        for scorer in (LikelihoodScorer, SimilarityScorer):
            whole, part = scorer(either).scores(present, absent), scorer(either, chosen).scores(present, absent)
            assert (whole[chosen] == part).all()


def test_a_small_cache_changes_nothing(either: KnowledgeBase) -> None:
    small, large = LikelihoodScorer(either, cache_bytes=1), LikelihoodScorer(either)
    for present, absent in queries(either, 5, 4):
        for _ in range(2):
            assert (small.scores(present, absent) == large.scores(present, absent)).all()


def test_an_explanation_names_the_term_of_the_disease(kb: KnowledgeBase) -> None:
    ranking = rank_likelihood(kb, terms(kb, SPASMS, MACROCEPHALY, SPLIT), terms(kb, MICROCEPHALY))
    angelman = {kb.term_ids[part.term]: part for part in ranking.per_finding(disease(kb, "OMIM:105830"))}
    rett = {kb.term_ids[part.term]: part for part in ranking.per_finding(disease(kb, "OMIM:312750"))}
    assert (angelman[SPASMS].via, angelman[SPASMS].frequency) == (kb.term(SEIZURE), pytest.approx(0.8))
    assert (rett[MACROCEPHALY].via, rett[MACROCEPHALY].frequency) == (kb.term(MACROCEPHALY), 0.0)
    assert not rett[MICROCEPHALY].present
    assert rett[MICROCEPHALY].frequency == pytest.approx(0.9)


def test_a_disease_ranks_first_by_its_own_findings() -> None:
    kb = load()
    rett = disease(kb, "OMIM:312750")
    findings = [term for term, frequency in kb.frequencies[rett].items() if frequency >= 0.5]
    assert rank_likelihood(kb, findings).rank(rett) == 1
    assert rank_resnik(kb, findings).rank(rett) == 1
