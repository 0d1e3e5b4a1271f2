"""`raredx train reflect`, `finetune`: recipes are valid, bad input is one line and exit code 2."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from raredxr1.cli import app
from raredxr1.recipe import read_config
from raredxr1.reflect.config import FinetuneConfig, ReflectConfig

RECIPES = Path(__file__).parents[2] / "recipes"
REFLECT = ["train", "reflect", "--quiet", "--recipe", str(RECIPES / "tiny" / "reflect.yaml")]
FINETUNE = ["train", "finetune", "--quiet", "--recipe", str(RECIPES / "tiny" / "finetune.yaml")]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output.strip()


@pytest.mark.parametrize("size", ["tiny", "smol"])
def test_recipes_fit_together(size):
    reflect = read_config(ReflectConfig, RECIPES / size / "reflect.yaml", [])
    tuned = read_config(FinetuneConfig, RECIPES / size / "finetune.yaml", [])
    lessons = read_config(FinetuneConfig, RECIPES / size / "lessons.yaml", [])
    assert tuned.accepted == [reflect.out / "accepted.jsonl"]
    assert Path(reflect.teacher) == lessons.out, "the teacher has learned to reflect"
    assert tuned.base == str(lessons.out / "checkpoint")
    for other in (tuned, lessons):
        assert other.internalized == reflect.internalized
        keys = ("form", "task", "profiles", "profile_findings", "opinion_names", "mask_terms")
        asked = {key: getattr(reflect, key) for key in keys}
        assert {key: getattr(other.lessons, key) for key in asked} == asked, "lessons are asked as sampling asks"
        assert other.lessons.mask >= reflect.mask, "a note that tells less makes a model read the feedback"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([*REFLECT, "colour=blue"], "colour"),
        ([*REFLECT, "attempts=0"], "attempts"),
        ([*REFLECT, "synthetic=0"], "no cases"),
        ([*REFLECT, "method=resample"], "needs `like`"),
        ([*REFLECT, "out=run", "internalized=absent"], "internalized absent: not the folder of a finished stage 1"),
        ([*REFLECT, "out=run", "synthetic=0", "cases=[absent.jsonl]", "internalized=null"], "absent.jsonl"),
        ([*REFLECT, "out=run", "opinions=[tea leaves]"], "tea leaves"),
        ([*FINETUNE, "learning.tokens=0"], "learning.tokens"),
        pytest.param(  # torch is imported before this is seen
            [*FINETUNE, "internalized=absent", "out=run"],
            "not the folder of a finished stage 1",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_bad_input_is_one_line(arguments, named, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said = run(*arguments)
    assert code == 2, said
    assert named in said
    assert len(said.splitlines()) == 1
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"
