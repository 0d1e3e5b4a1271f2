"""Fitting calibration.json on cases: from what was observed to plain numbers that hold on cases left out."""

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from typer.testing import CliRunner

from crr_product import scripted, tiny_names
from raredxr1.calibrate.figures import Judged, better_by, ece, measured, set_weights
from raredxr1.calibrate.fit import fit
from raredxr1.calibrate.observe import Observation, Seen, observe, ordinary_notes
from raredxr1.cli import app
from raredxr1.diagnose.calibration import CaseFile, read_fitted
from raredxr1.diagnose.features import FEATURES
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.pipeline import Options
from raredxr1.diagnose.result import Settings
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import CaseSet, open_cases
from raredxr1.evaluate.matcher import Matcher

pytestmark = pytest.mark.slow

SETTINGS = Settings(form="short", ranking="beam", samples=1, max_tokens=9, temperature=0, top_p=1, seed=0)
FILES = [CaseFile(file="a.jsonl", sha256="0" * 64, n=160), CaseFile(file="b.jsonl", sha256="0" * 64, n=80)]


def observation(number: int, draw: Random) -> Observation:
    """A model that claims 0.9 and is right one time in four; a likelihood ranking that is right half of the time."""
    right, other = draw.random() < 0.25, draw.random() < 0.5
    seen = []
    for key, good, source in (("mine", right, "model"), ("theirs", other and not right, "likelihood")):
        row = dict.fromkeys(FEATURES, 0.0)
        row["own_reciprocal" if source == "model" else "likelihood_reciprocal"] = 1.0
        row["own_share"] = 0.9 if source == "model" else 0.0
        seen.append(Seen(key=key, right=good, ranks={source: 1}, features=[row[name] for name in FEATURES]))
    return Observation(
        case_id=str(number),
        cases="a.jsonl" if number % 3 else "b.jsonl",
        disease=f"D{number % 24}",
        log_mass=-1.0,
        own=[(0.9, right), (0.1, False)],
        seen=seen,
    )


@pytest.fixture(scope="module")
def observations() -> list[Observation]:
    draw = Random(3)
    return [observation(number, draw) for number in range(240)]


def test_confidence_that_was_too_high_comes_down_to_what_is_true(observations: list[Observation]) -> None:
    fitted = fit(observations, "m", "0" * 64, "k", SETTINGS, FILES)
    table = {(row.cases, row.system): row for row in fitted.measured}
    kinds = ("raw", "calibrated (set left out)")
    raw, calibrated = (table["mean of the sets", f"model, {kind}"].ece for kind in kinds)
    assert raw is not None
    assert calibrated is not None
    assert raw > 0.5
    assert calibrated < 0.15
    assert fitted.own.curve.apply(0.9, -1.0) == pytest.approx(0.25, abs=0.1)
    assert fitted.own.curve.ece == pytest.approx(calibrated, abs=1e-3)


def test_crr_is_the_default_only_if_it_is_surely_better(observations: list[Observation]) -> None:
    assert fit(observations, "m", "0" * 64, "k", SETTINGS, FILES).crr_by_default
    useless = [
        o.model_copy(update={"seen": [s.model_copy(update={"right": s.right and s.key == "mine"}) for s in o.seen]})
        for o in observations
    ]
    assert not fit(useless, "m", "0" * 64, "k", SETTINGS, FILES).crr_by_default


def test_too_few_right_answers_are_refused(observations: list[Observation]) -> None:
    with pytest.raises(InputError, match="lists the right disease in 0 of 40 cases"):
        fit(
            [o.model_copy(update={"own": [(0.5, False)]}) for o in observations[:40]],
            "m",
            "0" * 64,
            "k",
            SETTINGS,
            FILES,
        )


def test_a_model_without_a_list_of_its_own_has_the_fusion_fitted_alone(observations: list[Observation]) -> None:
    silent = [o.model_copy(update={"own": []}) for o in observations]
    fitted = fit(silent, "m", "0" * 64, "k", SETTINGS, FILES)
    assert fitted.own is None and fitted.fused and fitted.crr_by_default and fitted.holds_for("full", "list")
    assert not [row for row in fitted.measured if row.system.startswith("model")]
    unseen = [o.model_copy(update={"seen": []}) for o in silent[:40]]
    with pytest.raises(InputError, match="the rankings list the right disease in 0 of 40 cases"):
        fit(unseen, "m", "0" * 64, "k", SETTINGS, FILES)


def test_figures_by_hand() -> None:
    assert ece([0.9, 0.9, 0.1, 0.1], [True, False, False, False]) == pytest.approx((0.8 + 0.2) / 4)
    row = measured("s", "c", [Judged(1, 0.5), Judged(4, 0.5), Judged(None, None)])
    assert (row.n, row.recall_at_1, row.recall_at_3, row.recall_at_10) == (3, 0.3333, 0.3333, 0.6667)
    assert row.mrr == pytest.approx((1 + 0.25) / 3, abs=1e-4)
    gain, low, high = better_by([Judged(1, None)] * 50, [Judged(2, None)] * 50, np.ones(50), 1)
    assert gain == low == high == 1.0


def test_every_set_weighs_the_same(observations: list[Observation]) -> None:
    weights = set_weights(observations)
    first = np.array([o.cases == "a.jsonl" for o in observations])
    assert weights[first].sum() == pytest.approx(weights[~first].sum())
    assert weights.mean() == pytest.approx(1.0)


# --- the whole way ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    return tiny_names(tmp_path_factory.mktemp("kb"))


def case_file(path: Path, cases: int) -> Path:
    diseases = [("OMIM:312750", "Rett syndrome", "HP:0000733"), ("OMIM:105830", "Angelman syndrome", "HP:0001251"),
                ("OMIM:154700", "Marfan syndrome", "HP:0001166")]  # fmt: skip
    rows = []
    for number in range(cases):
        record, label, term = diseases[number % 3]
        gold = [{"id": record, "label": label}]
        rows.append({"case_id": f"{path.stem}-{number}", "hpo_observed": [term, "HP:0001250"], "gold": gold})
    rows.append({"case_id": f"{path.stem}-none", "gold": [{"id": "OMIM:312750", "label": "Rett syndrome"}]})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_every_case_is_observed_and_an_interrupted_run_goes_on(names: Names, tmp_path: Path) -> None:
    cases = open_cases([case_file(tmp_path / "a.jsonl", 20)], names.kb)
    matcher, out = Matcher(names.kb, names.linker), tmp_path / "work"
    options = Options(form="short")
    whole = observe(cases, scripted(), names, matcher, options, out, True)
    assert [o.case_id for o in whole] == [item.key for item in cases.items]
    assert whole[-1].failed.startswith("neither note nor phenotypes")
    angelman = whole[1]
    assert [right for _, right in angelman.own] == [True, False, False]
    assert any(seen.right and "likelihood" in seen.ranks for seen in angelman.seen)
    path = out / "observations.jsonl"
    before = path.read_bytes()
    path.write_bytes(before[: len(before) // 2])
    assert observe(cases, scripted(), names, matcher, options, out, True) == whole
    assert path.read_bytes() == before
    anew = observe(cases, scripted(), names, matcher, Options(form="full"), out, True)  # asked otherwise: all anew
    assert [o.case_id for o in anew] == [o.case_id for o in whole]
    assert len(path.read_bytes().splitlines()) == len(anew)


def test_what_the_model_said_is_kept_when_only_the_others_change(names: Names, tmp_path: Path) -> None:
    cases = open_cases([case_file(tmp_path / "a.jsonl", 6)], names.kb)
    matcher, out = Matcher(names.kb, names.linker), tmp_path / "work"
    whole = observe(cases, scripted(), names, matcher, Options(form="short"), out, True)
    (out / "observing.json").write_text("{}", encoding="utf-8")  # as if another knowledge base had been observed
    silent = scripted(beams=(("Atlantis fever", -0.1),))
    assert observe(cases, silent, names, matcher, Options(form="short"), out, True) == whole


def test_ordinary_notes_teach_when_nothing_stands_out(names: Names, tmp_path: Path) -> None:
    path = tmp_path / "ordinary.jsonl"
    rows = [{"case_id": f"o{n}", "note": "A healthy child at a routine visit.", "split": "fit"} for n in range(3)]
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"case_id": "p", "note": "x", "split": "test"}]))
    notes = ordinary_notes(path, ["split=fit"])
    assert [note.key for note in notes] == ["o0", "o1", "o2"]
    matcher = Matcher(names.kb, names.linker)
    seen = observe(
        CaseSet(notes, []), scripted(), names, matcher, Options(form="short"), tmp_path, True, {}, ["ordinary.jsonl"]
    )
    assert all(one.ordinary and not any(s.right for s in one.seen) and one.note["findings"] == 0 for one in seen)


def test_the_command_writes_the_file_beside_the_model(
    names: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "model.bin").write_bytes(b"weights")
    files = [case_file(tmp_path / f"{name}.jsonl", 24) for name in "ab"]
    monkeypatch.setattr("raredxr1.diagnose.model.open_model", lambda path, threads, *_: scripted(path=model))
    monkeypatch.setattr("raredxr1.diagnose.names.open_names", lambda path, by_meaning=False: names)
    monkeypatch.setattr("raredxr1.calibrate.fit.FOLDS", 2)
    monkeypatch.setattr("raredxr1.calibrate.fit.LEAST_RIGHT", 5)
    args = ["train", "calibrate", "--work", str(tmp_path / "work"), "--model", str(model), "--fast", "--quiet"]
    given = (str(files[0]), f"{files[1]},limit=20")
    result = CliRunner().invoke(app, [*args, *(part for file in given for part in ("--cases", file))])
    assert result.exit_code == 0, result.stderr
    fitted = read_fitted(model / "calibration.json")
    assert [(file.file, file.n) for file in fitted.cases] == [("a.jsonl", 25), ("b.jsonl", 20)]
    assert "CRR, fitted fusion (set left out)" in result.stdout
    assert "expected calibration error" in result.stdout
    wrong = CliRunner().invoke(app, [*args, "--cases", f"{files[0]},limit=few"])
    assert wrong.exit_code == 2 and "limit=few is no number of cases" in wrong.stderr
