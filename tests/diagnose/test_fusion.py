"""Fusing rankings, sharing out probability."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raredxr1.diagnose.fusion import agreement, closest, reciprocal_rank, shares

RANKINGS = st.lists(st.lists(st.sampled_from("abcdef"), unique=True), min_size=1, max_size=6)


def test_first_counts_twice_as_much_as_second() -> None:
    assert reciprocal_rank([["a", "b"], ["a", "b"], ["b", "a"]]) == ["a", "b"]
    assert reciprocal_rank([["a", "x", "b"], ["b", "y"], ["b"]]) == ["b", "a", "x", "y"]


def test_ties_go_to_the_better_best_rank() -> None:
    # c: 1/2 + 1/2; a: 1/1.
    assert reciprocal_rank([["x", "c"], ["y", "c"], ["a"]])[:3] == ["x", "y", "a"]
    assert reciprocal_rank([["x", "c"], ["y", "c"], ["a"]])[3] == "c"


@given(RANKINGS)
def test_fusion_keeps_every_disease_once(rankings: list[list[str]]) -> None:
    fused = reciprocal_rank(rankings)
    assert sorted(fused) == sorted({key for ranking in rankings for key in ranking})


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.integers(1, 4))
def test_rankings_that_agree_fuse_to_themselves(ranking: list[str], times: int) -> None:
    assert reciprocal_rank([ranking] * times) == ranking
    assert agreement([ranking] * times) == {key: float(rank == 0) for rank, key in enumerate(ranking)}


def test_agreement_is_the_share_that_names_it_first_of_all_samples() -> None:
    assert agreement([["a", "b"], ["a"], ["b"], []]) == {"a": 0.5, "b": 0.25}


@given(RANKINGS)
def test_agreement_never_exceeds_one_in_all(rankings: list[list[str]]) -> None:
    assert sum(agreement(rankings).values()) <= 1 + 1e-9


def test_the_ranking_most_like_the_fused_one_is_found() -> None:
    assert closest(["a", "b", "c"], [["c", "b", "a"], [], ["a", "c", "b"]]) == 2
    assert closest(["a", "b"], [["a", "b"], ["a", "b"]]) == 0
    assert closest([], [[], []]) == 0


def test_probabilities_of_spellings_add_up() -> None:
    found = shares([("a", math.log(0.2)), ("b", math.log(0.25)), ("a", math.log(0.1)), (None, math.log(0.05))])
    assert list(found) == ["a", "b"]
    assert found["a"] == pytest.approx(0.3 / 0.6)
    assert found["b"] == pytest.approx(0.25 / 0.6)
    assert shares([]) == {}
    assert shares([(None, -1.0)]) == {}


@given(st.lists(st.tuples(st.none() | st.sampled_from("abc"), st.floats(-2000, 0)), max_size=10))
def test_shares_sum_to_at_most_one_and_fall(scored: list[tuple[str | None, float]]) -> None:
    found = list(shares(scored).values())
    assert sum(found) <= 1 + 1e-9
    assert found == sorted(found, reverse=True)
