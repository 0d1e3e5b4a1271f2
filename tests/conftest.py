"""Fixtures several packages' tests share. What needs torch is imported only when a test asks for it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# no property may fail because the machine is busy with something else
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Hugging Face checkpoint that knows the three dialogues of tiny_model."""
    from tiny_model import make_tiny_checkpoint

    return make_tiny_checkpoint(tmp_path_factory.mktemp("tiny") / "checkpoint")


@pytest.fixture(scope="session")
def tiny_exported(tiny_checkpoint: Path) -> Path:
    """The same model as a float32 CTranslate2 folder: what it writes and scores equals the checkpoint's."""
    from raredxr1.export import convert

    return convert(tiny_checkpoint, tiny_checkpoint.parent / "exported", "float32")


@pytest.fixture(scope="session")
def tiny_internalized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What recipes/tiny/internalize.yaml leaves: minutes of training, shared by every test of a later stage."""
    from raredxr1.internalize.config import InternalizeConfig
    from raredxr1.internalize.train import internalize
    from raredxr1.recipe import read_config

    out = tmp_path_factory.mktemp("tiny") / "internalize"
    recipe = Path(__file__).parents[1] / "recipes" / "tiny" / "internalize.yaml"
    internalize(read_config(InternalizeConfig, recipe, [f"out={out}"]), quiet=True)
    return out
