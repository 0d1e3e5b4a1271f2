"""Fixtures of the server's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve.app import create_app
from raredxr1.serve.product import Product
from raredxr1.serve.settings import Settings
from serving import Clock, make_product
from tiny_knowledge import make_tiny_kb


@pytest.fixture(scope="session")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return make_tiny_kb(tmp_path_factory.mktemp("kb"))


@pytest.fixture
def product(kb: KnowledgeBase) -> Product:
    return make_product(kb)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(folder=tmp_path / "data")


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page of a running diagnosis is shown because the machine is busy; who wants one asks for `at_once`."""
    monkeypatch.setattr("raredxr1.serve.pages._QUICK", 3000)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of a running diagnosis comes before its result."""
    monkeypatch.setattr("raredxr1.serve.pages._QUICK", 0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    for module in ("product", "worker", "jobs"):
        monkeypatch.setattr(f"raredxr1.serve.{module}.time", made)
    return made


@pytest.fixture
def client(product: Product, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(product, settings), base_url="http://localhost") as client:
        yield client
