"""The listwise fit of the fusion: what it converges to, and that where it begins does not matter."""

from random import Random

import numpy as np
import pytest

from raredxr1.calibrate.observe import Observation, Seen
from raredxr1.calibrate.softmax import Cases, fit_fusion
from raredxr1.diagnose.calibration import Sigmoid
from raredxr1.diagnose.features import FEATURES


def case(number: int, draw: Random) -> Observation:
    """The texts are right in seven of ten cases, the likelihood ratio in two; in the tenth, nobody names it."""
    right = draw.choices(["texts", "likelihood", "nobody"], [7, 2, 1])[0]
    seen = []
    for source in ("texts", "likelihood"):
        row = dict.fromkeys(FEATURES, 0.0) | {f"{source}_reciprocal": 1.0}
        seen.append(Seen(key=source, right=source == right, ranks={source: 1}, features=[row[n] for n in FEATURES]))
    return Observation(case_id=str(number), cases="a", disease=f"D{number}", seen=seen)


@pytest.fixture(scope="module")
def cases() -> Cases:
    draw = Random(1)
    return Cases.of([*(case(number, draw) for number in range(600)), Observation(case_id="-", cases="a", disease="X")])


def test_probabilities_are_how_often_each_is_right(cases: Cases) -> None:
    listed = cases.ranked(0, fit_fusion(cases))
    assert [score for score, _ in listed] == pytest.approx([0.7, 0.2], abs=0.05)


def test_a_case_that_nobody_names_a_disease_for_has_an_empty_list(cases: Cases) -> None:
    assert cases.ranked(600, fit_fusion(cases)) == []


def test_where_the_fit_begins_does_not_matter(cases: Cases) -> None:
    far = Sigmoid(intercept=3.0, weights={"texts_reciprocal": -4.0, "own_share": 2.0})
    one, other = (fit_fusion(cases, start) for start in (None, far))
    assert one.weights["texts_reciprocal"] == pytest.approx(other.weights["texts_reciprocal"], abs=0.05)
    assert cases.ranked(0, one)[0][0] == pytest.approx(cases.ranked(0, other)[0][0], abs=0.01)


def test_a_feature_that_is_left_out_is_not_learned(cases: Cases) -> None:
    kept = np.array([not name.startswith("texts_") for name in FEATURES], dtype=np.float32)
    without = Cases(cases.observations, [values * kept for values in cases.values], cases.right)
    assert fit_fusion(without).weights["texts_reciprocal"] == 0
    assert np.abs(cases.values[0]).sum() > np.abs(without.values[0]).sum()


def test_many_patients_of_one_disease_count_as_the_root_of_their_number() -> None:
    diseases = ["A"] * 9 + ["B"]
    cases = Cases.of([Observation(case_id=str(n), cases="a", disease=d) for n, d in enumerate(diseases)])
    assert cases.damped.sum() == pytest.approx(10)
    assert cases.damped[:9].sum() == pytest.approx(3 * cases.damped[9])
    assert cases.weights.tolist() == [1.0] * 10


def test_a_stated_diagnosis_is_believed_where_no_case_says_otherwise(cases: Cases) -> None:
    assert fit_fusion(cases).weights["stated"] == pytest.approx(4, abs=0.01)
    told = []
    for number in range(200):  # stated of another disease than the right one, again and again
        seen = []
        for key, stated in (("right", 0.0), ("wrong", 1.0)):
            row = dict.fromkeys(FEATURES, 0.0) | {"stated": stated}
            seen.append(Seen(key=key, right=key == "right", ranks={}, features=[row[n] for n in FEATURES]))
        told.append(Observation(case_id=str(number), cases="a", disease=f"D{number}", seen=seen))
    assert fit_fusion(Cases.of(told)).weights["stated"] < 0
