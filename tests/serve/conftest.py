"""Fixtures of the server's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve.app import create_app
from raredxr1.serve.product import Product
from raredxr1.serve.settings import Settings
from serving import make_product
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


@pytest.fixture
def client(product: Product, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr("raredxr1.serve.pages._QUICK", 30)  # a busy machine shows no page of a running diagnosis
    with TestClient(create_app(product, settings), base_url="http://localhost") as client:
        yield client
