"""Fixtures several packages' tests share. What needs torch is imported only when a test asks for it."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.testing
from hypothesis import HealthCheck, settings

from measuring import slow_tests
from sharing import once

# One thread a process: tests run in as many processes as there are cores, and threads that wait for others burn time.
# Set before torch is imported; the processes that tests start inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# What is imported stays: the collector need not look through it again and again while it grows.
gc.disable()

# The command line is made once, not for every call of CliRunner: fifty commands take a tenth of a second.
typer.testing._get_command = cache(typer.testing._get_command)

# No property may fail because the machine is busy with something else. `ci` asks the same questions every time;
# --hypothesis-profile=thorough asks new ones, and more of them.
_ANYWHERE = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("ci", derandomize=True, max_examples=40, **_ANYWHERE)  # type: ignore[arg-type]
settings.register_profile("thorough", max_examples=1000, **_ANYWHERE)  # type: ignore[arg-type]
settings.load_profile("ci")


def fast(config: pytest.Config) -> bool:
    """Whether no slow test is asked for (`make test-fast`)."""
    return bool(config.option.markexpr == "not slow")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import a file of slow tests that none is asked of: torch alone takes seconds."""
    if not fast(config) or not collection_path.name.startswith("test_"):
        return None
    lines = collection_path.read_text(encoding="utf-8").splitlines()
    return any(line.startswith("pytestmark = ") and "mark.slow" in line for line in lines) or None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: Sequence[Any]) -> None:
    """Fork the processes that run the tests from one that has imported what they need: 10 to 30 seconds of each.

    Not where coverage is measured, which would miss what is imported before.
    """
    if getattr(config.option, "cov_source", None):
        return
    from started import PROGRAM, start

    folder = Path(tempfile.mkdtemp(prefix="raredx-"))
    config.add_cleanup(lambda: shutil.rmtree(folder))
    program = str(start(folder / "started", os.getpid(), training=not fast(config)))
    os.environ[PROGRAM] = program
    for spec in specs:
        spec.python = program


LONGEST = ("test_runs_tiny.py", "test_tiny_reflection.py", "test_tiny_pipeline.py")
"""Minutes each. With two processes the first trains what the third needs, while the second trains what it needs."""


HEAVY = ("torch", "transformers", "sklearn", "ray")


TRAINED = {"tiny_checkpoint", "tiny_exported", "tiny_internalized"}
"""Fixtures that train: who asks for one is slow."""


@pytest.hookimpl(tryfirst=True)  # before -m 'not slow' is looked at
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files first: while the last one runs, no other process waits for it. Slow is what was when last measured."""
    slow = set() if config.pluginmanager.has_plugin("measuring") else slow_tests()
    for item in items:
        if item.nodeid in slow or TRAINED.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("slow")

    def place(item: pytest.Item) -> int:
        if item.path.name in LONGEST:
            return LONGEST.index(item.path.name)
        return len(LONGEST) + (item.get_closest_marker("slow") is None)

    items.sort(key=place)


def pytest_collection_finish(session: pytest.Session) -> None:
    """All is imported: from here on the collector looks at what tests make, and not as often as for a small program.

    Raises:
        pytest.UsageError: what takes ten seconds to import was imported for the sake of fast tests.
    """
    if fast(session.config) and (heavy := [name for name in HEAVY if name in sys.modules]):
        raise pytest.UsageError(f"a file without pytestmark = pytest.mark.slow imports {', '.join(heavy)}")
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="module", autouse=True)
def _kept() -> None:
    """What outlives a file of tests (packages, the knowledge base) is no garbage, and some packages collect often."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud what was left out: `make test` gets a browser where it can (.ci/browser), and CI demands one."""
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        terminalreporter.write_line("NOT TESTED: the pages (no Chromium: apt-get install chromium)", red=True)


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Hugging Face checkpoint that knows the three dialogues of tiny_model."""
    from tiny_model import make_tiny_checkpoint

    return once(tmp_path_factory, "tiny_checkpoint", make_tiny_checkpoint)


@pytest.fixture(scope="session")
def tiny_exported(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model as a float32 CTranslate2 folder: what it writes and scores equals the checkpoint's."""
    from raredxr1.export import convert

    return once(tmp_path_factory, "tiny_exported", lambda path: convert(tiny_checkpoint, path, "float32"))


SMALLER_WORLD = (
    "new_model=null",
    f"base={Path(__file__).parent / 'fixtures' / 'toy_base'}",
    "diseases=12",
    "full_names=4",
    "phases=[{until: 0.6, mixture: {final: 0.95, differential: 0, full: 0.05, profile: 0}},"
    " {until: 1.0, mixture: {final: 0.6, differential: 0.05, full: 0.35, profile: 0}}]",
    "tokens=160000",
    "rows=2",
    "decay=0.5",
)
"""Half the diseases, from a quarter of the tokens: the form of a turn is known to the base, of the diseases none."""


@pytest.fixture(scope="session")
def tiny_internalized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What recipes/tiny/internalize.yaml leaves in a smaller world: a minute of training, shared by later stages."""
    from raredxr1.internalize.config import InternalizeConfig
    from raredxr1.internalize.train import internalize
    from raredxr1.recipe import read_config

    recipe = Path(__file__).parents[1] / "recipes" / "tiny" / "internalize.yaml"

    def make(path: Path) -> None:
        internalize(read_config(InternalizeConfig, recipe, [f"out={path}", *SMALLER_WORLD]), quiet=True)

    return once(tmp_path_factory, "tiny_internalized", make)
