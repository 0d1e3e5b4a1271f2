"""A small knowledge base, and the settings of a run on three patients of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripted import write_patients

from raredxr1.reflect.config import ReflectConfig
from tiny_knowledge import make_tiny_kb


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_kb(tmp_path_factory.mktemp("kb")).path


@pytest.fixture
def plots() -> None:
    """Asked for by who looks at the plots of a report."""


@pytest.fixture(autouse=True)
def _plotted_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere they are not drawn: they take nine tenths of the time of a run."""
    if "plots" not in request.fixturenames:
        monkeypatch.setattr("raredxr1.reflect.report.draw_plots", lambda path, summary, past: True)


@pytest.fixture
def config(tmp_path: Path, knowledge: Path) -> Callable[..., ReflectConfig]:
    """Makes the settings of a run in the test's own folder."""
    cases = write_patients(tmp_path / "cases.jsonl")

    def make(**changes: Any) -> ReflectConfig:
        settings: dict[str, Any] = {
            "out": tmp_path / "run", "seed": 7, "knowledge": knowledge, "teacher": "scripted", "cases": [cases],
            "attempts": 2, "rounds": 2, "batch": 2, "mask": 0.0, "opinion_names": 2, "profiles": 3,
            "turn_of_thought": 1.0,
        }  # fmt: skip
        return ReflectConfig.model_validate(settings | changes)

    return make
