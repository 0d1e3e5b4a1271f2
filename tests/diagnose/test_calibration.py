"""A calibration means something only for the model it was fitted on."""

import json
import math
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crr_product import NOTE, fitted, scripted, tiny_names
from fake_product import BEAMS as NAMED_BEAMS
from raredxr1.diagnose import calibration
from raredxr1.diagnose.calibration import (
    CALIBRATION_FILE,
    Sigmoid,
    Steps,
    coherent,
    fitted_beside,
    log_mass,
    logit,
    read_fitted,
    weights_sha256,
)
from raredxr1.diagnose.model import SHIPPED, open_model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.output import tabular, words
from raredxr1.diagnose.output.text import text
from raredxr1.diagnose.pipeline import Options, diagnose
from raredxr1.errors import InputError

SHORT = Options(form="short")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    return tiny_names(tmp_path_factory.mktemp("kb"))


def test_a_sigmoid_is_what_it_says() -> None:
    assert Sigmoid(intercept=0.0, weights={"a": 2.0}).apply({"a": 0.0, "b": 9.0}) == 0.5
    assert Sigmoid(intercept=1.0, weights={"a": 2.0}).apply({"a": 1.0}) == pytest.approx(1 / (1 + math.exp(-3)))
    assert Sigmoid(intercept=-9000.0, weights={}).apply({}) == 0.0


def test_steps_are_linear_between_points_and_flat_beyond() -> None:
    steps = Steps(x=[0.2, 0.4, 0.4, 0.8], y=[0.0, 0.1, 0.3, 0.5])
    assert [round(steps.apply(x), 3) for x in (0.0, 0.2, 0.3, 0.6, 0.8, 1.0)] == [0.0, 0.0, 0.05, 0.4, 0.5, 0.5]


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_steps_never_fall(points: list[float], values: list[float]) -> None:
    ordered = sorted(points)
    steps = Steps(x=ordered, y=ordered)
    said = [steps.apply(value) for value in sorted(values)]
    assert all(a <= b + 1e-12 for a, b in pairwise(said))


def test_the_mass_of_the_beams_is_their_probability_together() -> None:
    assert log_mass([math.log(0.2), math.log(0.3)]) == pytest.approx(math.log(0.5))
    assert log_mass([]) == log_mass([None]) == -50.0
    assert logit(0.5) == 0.0
    assert logit(1.0) == pytest.approx(-logit(0.0))


def test_diseases_that_exclude_each_other_never_sum_to_more_than_one() -> None:
    assert coherent([0.6, 0.6]) == [0.5, 0.5]
    assert coherent([0.6, 0.1]) == [0.6, 0.1]
    assert coherent([]) == []


def test_confidences_are_calibrated_and_the_raw_ones_kept(names: Names) -> None:
    result = diagnose(NOTE, scripted(fitted(), beams=NAMED_BEAMS), names, SHORT)
    raw = diagnose(NOTE, scripted(beams=NAMED_BEAMS), names, SHORT)
    assert (result.confidence_kind, raw.confidence_kind) == ("calibrated", "beam probability")
    assert [c.raw_confidence for c in result.candidates] == [c.confidence for c in raw.candidates]
    curve = fitted().own.curve
    for candidate in result.candidates:
        assert candidate.confidence == pytest.approx(curve.apply(candidate.raw_confidence or 0, 0), abs=1e-4)
    assert result.candidates[0].confidence != result.candidates[0].raw_confidence


def test_that_none_of_these_is_likely_is_said_first_among_the_remarks(names: Names) -> None:
    doubtful = diagnose(NOTE, scripted(fitted(), beams=(("A", -1.0), ("B", -1.0), ("C", -1.1))), names, SHORT)
    assert doubtful.calibration
    assert doubtful.calibration.none_of_these > 0.5
    assert words.none_likely(doubtful)
    assert any(line.startswith("None of these is likely") for line in words.remarks(doubtful))
    sure = diagnose(NOTE, scripted(fitted(), beams=(("Rett syndrome", -0.01), ("B", -9.0))), names, SHORT)
    assert not words.none_likely(sure)
    assert any("not among these has a probability of" in line for line in words.remarks(sure))
    assert "of diseases shown with 20%, about 20 in 100 were the right one" in " ".join(text(sure).split())
    assert tabular.rows(sure).splitlines()[0].split("\t")[-2] == str(
        sure.calibration and sure.calibration.none_of_these
    )


def test_other_kinds_of_confidence_stay_raw(names: Names) -> None:
    answer = "<answer>\n1. Rett syndrome\n</answer>"
    model = scripted(fitted(), samples=(answer, answer))
    result = diagnose(NOTE, model, names, Options(form="short", samples=2))
    assert (result.confidence_kind, result.calibration) == ("agreement", None)


def test_another_knowledge_or_form_is_noticed(names: Names) -> None:
    result = diagnose(NOTE, scripted(fitted(knowledge="other-1")), names, Options(form="full"))
    assert "The confidences were calibrated with other-1." in result.details
    assert "The confidences were calibrated on the short form, ranked by beam." in result.details


# --- beside the model ------------------------------------------------------------------------------------------------


def put(folder: Path, sha256: str) -> None:
    document = fitted().model_dump(mode="json") | {"weights_sha256": sha256}
    (folder / CALIBRATION_FILE).write_text(json.dumps(document), encoding="utf-8")


def test_the_fit_of_other_weights_is_not_used_and_this_is_said(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"weights")
    assert fitted_beside([tmp_path], tmp_path) == (None, "")
    put(tmp_path, weights_sha256(tmp_path))
    found, why = fitted_beside([tmp_path / "none", tmp_path], tmp_path)
    assert found == read_fitted(tmp_path / CALIBRATION_FILE)
    assert why == ""
    (tmp_path / "model.bin").write_bytes(b"weights, trained on")
    found, why = fitted_beside([tmp_path], tmp_path)
    assert found is None
    assert "fitted for other weights (fake-1) and is not used; confidences are not calibrated" in why


@pytest.mark.parametrize("content", ["", "[]", '{"format_version": 2}', "{"])
def test_a_damaged_fit_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / CALIBRATION_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"calibration\.json is damaged"):
        read_fitted(tmp_path / CALIBRATION_FILE)


def test_an_opened_model_brings_its_fit_along(tiny_exported: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for path in tiny_exported.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    put(folder, weights_sha256(folder))
    assert open_model(folder).fitted is not None
    put(folder, "1" * 64)
    stale = open_model(folder)
    assert stale.fitted is None
    assert "not calibrated" in stale.uncalibrated


def test_the_shipped_fit_says_nothing_of_ordinary_notes_and_seldom_of_cases() -> None:
    shipped = read_fitted(SHIPPED / CALIBRATION_FILE)
    assert shipped.stands_out
    assert shipped.stands_out.ordinary >= 40
    assert shipped.stands_out.flagged >= 0.9
    assert shipped.stands_out.wronged <= 0.03


def test_what_the_weights_are_is_kept_in_the_cache_alone_and_worked_out_where_it_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights, kept = tmp_path / "model.bin", tmp_path / ".weights_sha256"
    weights.write_bytes(b"one")
    one = weights_sha256(tmp_path)
    assert not kept.exists(), "a folder of the user's own is left as it is"
    (tmp_path / ".complete").touch()  # as a bundle that was unpacked has
    assert weights_sha256(tmp_path) == one and kept.is_file()
    written = kept.read_text()
    with monkeypatch.context() as unread:
        unread.setattr(calibration, "sha256", lambda files: "read again")
        assert weights_sha256(tmp_path) == one
    for broken in ("", "nonsense", written[:-1], written.replace(one, "0" * 64), "\n" * 3):
        kept.write_text(broken)
        assert weights_sha256(tmp_path) == one
    weights.write_bytes(b"another")
    assert weights_sha256(tmp_path) != one
