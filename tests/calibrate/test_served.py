"""How much a served model counts: much where it is right, hardly at all where it names just anything."""

import json
import math
import random
from pathlib import Path

import pytest

from raredxr1.calibrate.observe import Observation, Seen
from raredxr1.calibrate.served import LEAST_CASES, fit_served, shipped_fit
from raredxr1.diagnose.calibration import CaseFile, Fitted
from raredxr1.diagnose.features import FEATURES
from raredxr1.diagnose.model import SHIPPED
from raredxr1.diagnose.opinions import OWN
from raredxr1.diagnose.served import ALONE, RANKERS, TOGETHER, ServedFit, fit_path, read_served
from raredxr1.errors import InputError

pytestmark = pytest.mark.slow

FILES = [CaseFile(file="mine.jsonl", sha256="0" * 64, n=80)]


@pytest.fixture(scope="module")
def shipped() -> Fitted:
    return shipped_fit(SHIPPED)


def observed(n: int, reliable: float, seed: int = 3) -> list[Observation]:
    """Cases in which the rankers have the right disease first in 3 of 10, and the model in `reliable` of them."""
    draw = random.Random(seed)
    rows = []
    for case in range(n):
        keys = [f"D{draw.randrange(5000)}" for _ in range(12)]
        gold = keys[0] if draw.random() < 0.3 else draw.choice(keys[1:])
        mine = draw.sample(keys, 5)
        if draw.random() < reliable:
            mine = [gold, *[key for key in mine if key != gold]]
        seen = []
        for place, key in enumerate(keys, 1):
            values = dict.fromkeys(FEATURES, 0.0) | as_ranked(place)
            ranks = {"texts": place} | ({OWN: mine.index(key) + 1} if key in mine else {})
            seen.append(Seen(key=key, right=key == gold, ranks=ranks, features=list(values.values())))
        own = [(0.0, key == gold) for key in mine]
        rows.append(Observation(case_id=f"c{case}", cases="mine.jsonl", disease=gold, own=own, seen=seen))
    return rows


def as_ranked(place: int) -> dict[str, float]:
    """What the fusion hears of a disease that texts, likelihood and similarity have at a place."""
    high, share = 1 - math.log(place) / math.log(50), 1 - place / 20
    places = {f"{source}_high": high for source in ("texts", "likelihood", "similarity")}
    places |= {f"{source}_reciprocal": 1 / place for source in ("texts", "likelihood", "similarity")}
    return places | {"texts_share": share, "similarity_share": share, "likelihood_behind": -place / 4}


def fitted(rows: list[Observation], shipped: Fitted) -> ServedFit:
    return fit_served(rows, "ollama:m", "hpo", FILES, shipped)


def at_1(fit: ServedFit) -> dict[str, float]:
    return {row.system: row.recall_at_1 for row in fit.measured}


def test_a_model_that_is_mostly_right_decides(shipped: Fitted) -> None:
    fit = fitted(observed(80, 0.9), shipped)
    recall = at_1(fit)
    assert fit.strength > 3
    assert recall[TOGETHER] > recall[RANKERS] + 0.3
    assert recall[TOGETHER] >= recall[ALONE] - 0.05


def test_a_model_that_names_anything_hardly_counts(shipped: Fitted) -> None:
    fit = fitted(observed(160, 0.0), shipped)
    recall = at_1(fit)
    assert fit.strength < 0.7
    assert abs(recall[TOGETHER] - recall[RANKERS]) <= 0.05


def test_few_cases_are_refused(shipped: Fitted) -> None:
    with pytest.raises(InputError, match="at least 20 cases of 5 diseases"):
        fitted(observed(LEAST_CASES - 1, 0.5), shipped)


def test_a_fit_is_kept_in_the_data_folder_and_a_damaged_one_says_so(
    shipped: Fitted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAREDX_DATA", str(tmp_path))
    path = fit_path("abc")
    assert path == tmp_path / "served" / "abc.json"
    assert read_served(path) is None
    fit = fitted(observed(30, 0.5), shipped)
    path.parent.mkdir()
    path.write_text(fit.model_dump_json())
    assert read_served(path) == fit
    path.write_text(json.dumps({"model": "ollama:m"}))
    with pytest.raises(InputError, match=r"is damaged .*fit it again"):
        read_served(path)
