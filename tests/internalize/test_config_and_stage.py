"""Recipes: unknown keys, bad values and bad overrides are named; a stage's folder is never mistaken for another."""

from pathlib import Path

import pytest

from raredxr1 import runstore
from raredxr1.errors import InputError
from raredxr1.internalize.config import InternalizeConfig, Mixture, mixture_at
from raredxr1.recipe import read_config

RECIPES = sorted(
    path
    for name in ("internalize", "shipped", "reader")
    for path in Path(__file__).parents[2].glob(f"recipes/*/{name}.yaml")
)


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "recipe.yaml"
    path.write_text("out: out\nnew_model: {hidden: 64}\ntokens: 100000\n")
    return path


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_recipe_is_valid(path):
    assert read_config(InternalizeConfig, path, []).steps > 100


def test_overrides_reach_inside_and_are_yaml(recipe):
    config = read_config(InternalizeConfig, recipe, ["new_model.layers=2", "rows=3", "bf16=true"])
    assert (config.new_model.layers, config.rows, config.bf16) == (2, 3, True)


def test_overrides_reach_into_lists_by_place(recipe):
    phases = "phases=[{until: 0.5, mixture: {}}, {until: 1.0, mixture: {}}]"
    config = read_config(InternalizeConfig, recipe, [phases, "phases.1.mixture.reverse=0.5", "phases.0.until=0.25"])
    assert [phase.mixture.reverse for phase in config.phases] == [0.0, 0.5]
    assert config.phases[0].until == 0.25
    for place in ("2", "x"):
        with pytest.raises(InputError, match="no place in a list"):
            read_config(InternalizeConfig, recipe, [phases, f"phases.{place}.until=1.0"])


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("nonsense=1", "nonsense"),
        ("rows=0", "rows"),
        ("rows", "write key=value"),
        ("base=somewhere", "exactly one of base and new_model"),
        ("tokens=many", "tokens"),
        ("out.x=1", "holds no settings"),
        ("phases=[{until: 0.5, mixture: {}}]", "phases"),
        ("phases=[{until: 1.0, mixture: {final: 0, full: 0, differential: 0, profile: 0}}]", "mixture"),
    ],
)
def test_a_bad_override_is_named(recipe, override, message):
    with pytest.raises(InputError, match=message):
        read_config(InternalizeConfig, recipe, [override])


def test_an_unreadable_recipe_is_named(tmp_path):
    with pytest.raises(InputError, match=r"absent\.yaml"):
        read_config(InternalizeConfig, tmp_path / "absent.yaml", [])
    (tmp_path / "list.yaml").write_text("- 1\n")
    with pytest.raises(InputError, match="not a mapping"):
        read_config(InternalizeConfig, tmp_path / "list.yaml", [])


def test_the_mixture_follows_the_share_done(recipe):
    phases = "phases=[{until: 0.5, mixture: {final: 1, full: 0}}, {until: 1.0, mixture: {final: 0, full: 1}}]"
    config = read_config(InternalizeConfig, recipe, [phases])
    assert mixture_at(config, 0.49) == Mixture(final=1, full=0)
    assert mixture_at(config, 0.5) == mixture_at(config, 1.2) == Mixture(final=0, full=1)


def test_a_stage_is_complete_only_with_its_own_manifest_and_settings(tmp_path):
    assert not runstore.finished(tmp_path, "internalize", {"rows": 1})
    runstore.write_manifest(tmp_path, runstore.Manifest(stage="internalize", config={"rows": 1}, seed=0))
    assert runstore.finished(tmp_path, "internalize", {"rows": 1})
    with pytest.raises(InputError, match="other settings \\(rows\\)"):
        runstore.finished(tmp_path, "internalize", {"rows": 2})
    with pytest.raises(InputError, match="holds stage"):
        runstore.finished(tmp_path, "reflect", {"rows": 1})


def test_a_damaged_manifest_is_named(tmp_path):
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="not a stage's manifest"):
        runstore.finished(tmp_path, "internalize", {})
