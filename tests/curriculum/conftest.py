"""Fixtures of the tests of stage 3."""

from pathlib import Path

import pytest
from rl_cases import Judge, open_kb

from raredxr1.knowledge import KnowledgeBase
from sharing import once


@pytest.fixture(scope="session")
def rl_kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return open_kb(tmp_path_factory.mktemp("rl_knowledge"))


@pytest.fixture(scope="session")
def judge(rl_kb: KnowledgeBase) -> Judge:
    return Judge(rl_kb)


@pytest.fixture(scope="session")
def undecided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint that answers both of its patients with either of two diseases."""
    from rl_runs import make_undecided

    return once(tmp_path_factory, "undecided", make_undecided)
