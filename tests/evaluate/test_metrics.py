"""Figures: what counts, what stays in the denominator, and how sure they are."""

import json
import math

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judged_cases import case

from raredxr1.evaluate import metrics
from raredxr1.evaluate.metrics_schema import Metrics
from raredxr1.schemas import schema_text


def test_recall_mrr_and_median_count_every_case() -> None:
    row = metrics.row("all", [case(0, 1), case(1, 4), case(2), case(3, 10), case(4)])
    assert row.n == 5
    assert [row.strict.recall(k).value for k in (1, 3, 5, 10)] == [0.2, 0.2, 0.4, 0.6]
    assert row.strict.mrr.value == pytest.approx((1 + 1 / 4 + 1 / 10) / 5, abs=1e-5)
    assert row.strict.median_rank == 10


def test_the_median_of_mostly_misses_is_none() -> None:
    assert metrics.row("all", [case(0, 1), case(1), case(2)]).strict.median_rank is None


def test_a_case_counts_in_its_best_column_alone() -> None:
    row = metrics.row("all", [case(0, strict=3, subtype=1)])
    assert row.strict.recall(1).value == 0 and row.subtype.recall(1).value == 1
    assert row.strict.recall(3).value == 1 and row.subtype.recall(3).value == 0
    assert row.subtype.mrr.value == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.none() | st.integers(1, 10), st.none() | st.integers(1, 10)), min_size=1, max_size=12))
def test_columns_never_add_up_to_more_than_all_cases(ranks: list[tuple[int | None, int | None]]) -> None:
    row = metrics.row("all", [case(i, *pair) for i, pair in enumerate(ranks)])
    for k in metrics.KS:
        total = sum(getattr(row, level).recall(k).value for level in ("strict", "subtype", "category"))
        assert total <= 1 + 1e-4
        assert row.strict.recall(k).ci95[0] <= row.strict.recall(k).ci95[1]


def test_recall_on_lines_stands_beside_strict_recall() -> None:
    folded = case(0, 9, lines=4, line=2)  # ninth of the diseases, on the second line that is shown
    row = metrics.row("all", [folded, case(1, None, lines=10, line=3), case(2, None, lines=10)])
    assert row.lines is not None
    assert [row.lines.recall(k).value for k in (1, 3, 10)] == [
        0,
        pytest.approx(2 / 3, abs=1e-4),
        pytest.approx(2 / 3, abs=1e-4),
    ]
    assert row.lines.mrr.value == pytest.approx((1 / 2 + 1 / 3) / 3, abs=1e-4)
    assert row.strict.recall(10).value == pytest.approx(1 / 3, abs=1e-4), "the old count stays as it was"
    assert metrics.row("all", [case(0, 1)]).lines is None, "a ranker has no lines"


def test_intervals_hold_the_value_and_shrink_with_n() -> None:
    few = metrics.row("all", [case(i, 1 if i % 2 else None) for i in range(20)]).strict.recall(1)
    many = metrics.row("all", [case(i, 1 if i % 2 else None) for i in range(2000)]).strict.recall(1)
    assert few.ci95[0] < few.value < few.ci95[1]
    assert many.ci95[1] - many.ci95[0] < (few.ci95[1] - few.ci95[0]) / 5
    assert math.isclose(many.ci95[1] - many.ci95[0], 2 * 1.96 * math.sqrt(0.25 / 2000), rel_tol=0.15)


def test_intervals_are_the_same_every_time_for_a_seed() -> None:
    cases = [case(i, 1 if i % 3 else None) for i in range(50)]
    assert metrics.row("all", cases, seed=1) == metrics.row("all", cases, seed=1)
    assert metrics.row("all", cases, seed=1) != metrics.row("all", cases, seed=2)


def test_the_disease_average_weighs_diseases_alike() -> None:
    cases = [case(0, 1), case(3, 1), case(6, 1), case(1)]
    rows = {row.group: row for row in metrics.rows(cases)}
    assert rows["all"].strict.recall(1).value == 0.75
    assert rows["disease average"].strict.recall(1).value == 0.5 and rows["disease average"].n == 2


def test_ratios_pool_cases_and_are_null_without_a_denominator() -> None:
    row = metrics.row("all", [case(0, unlinked=1, quoted=4, grounded=3), case(1, quoted=0)])
    assert row.unlinked is not None and row.unlinked.value == 0.25
    assert row.grounded is not None and (row.grounded.value, row.grounded.n) == (0.75, 1)
    assert row.findings_recall is None and row.ece is None and row.cost is None


def test_calibration_error_is_the_distance_between_confidence_and_truth() -> None:
    sure = [case(i, 1 if i < 8 else None, confidence=0.8) for i in range(10)]
    wrong = [case(i, None, confidence=0.95) for i in range(10)]
    assert metrics.row("all", sure).ece.value == pytest.approx(0, abs=1e-9)  # type: ignore[union-attr]
    row = metrics.row("all", wrong)
    assert row.ece is not None and row.ece.value == pytest.approx(0.95)
    assert [(b.n, b.accuracy) for b in row.calibration] == [(10, 0.0)]
    assert metrics.row("all", [case(0, 1, confidence=1.0)]).calibration[0].high == 1.0


def test_failures_and_unparsed_answers_stay_in_the_denominator() -> None:
    row = metrics.row("all", [case(0, 1), case(1, status="timeout", unparsed=True, answered=0)])
    assert (row.failed.value, row.unparsed.value, row.strict.recall(1).value) == (0.5, 0.5, 0.5)


def test_costs_and_refusals_are_added_up() -> None:
    row = metrics.row("all", [case(0, cost=0.5), case(1, cost=0.25, status="refused")])
    assert (row.cost, row.refused) == (0.75, 1)


def test_the_second_opinion_has_its_own_column() -> None:
    row = metrics.row("all", [case(0, 1, opinion=1), case(1, 2, opinion=1)])
    assert row.opinion is not None and row.opinion.value == 1 and row.strict.recall(1).value == 0.5
    assert row.opinion_agrees is not None and row.opinion_agrees.value == 0.5


def test_the_schema_is_published(pytestconfig: pytest.Config) -> None:
    published = pytestconfig.rootpath / "docs" / "schema" / "metrics.schema.json"
    assert published.read_text(encoding="utf-8") == schema_text(Metrics), (
        "write it anew: python -m raredxr1.evaluate.metrics_schema > docs/schema/metrics.schema.json"
    )


def test_metrics_json_is_a_list_of_rows_that_the_schema_accepts() -> None:
    beside = {"system": "s", "model": None, "knowledge": "k", "cases": [{"file": "f", "sha256": "0"}], "settings": {}}
    rows = [{**row.model_dump(by_alias=True), **beside} for row in metrics.rows([case(0, 1), case(1)])]
    data = json.loads(Metrics.model_validate(rows).model_dump_json(by_alias=True))
    assert isinstance(data, list)
    assert {"group", "n", "strict", "subtype", "category", "unparsed", "unlinked", "grounded", "ece"} <= data[0].keys()
    assert data[0]["strict"]["recall@1"]["ci95"][0] <= data[0]["strict"]["recall@1"]["value"]
    jsonschema.validate(data, json.loads(schema_text(Metrics)))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{**data[0], "n": "many"}], json.loads(schema_text(Metrics)))
