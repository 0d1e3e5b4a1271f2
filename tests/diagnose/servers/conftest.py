"""Servers are asked what they are without haste."""

import pytest

from raredxr1.diagnose.servers import probe


@pytest.fixture(scope="session", autouse=True)
def _unhurried() -> None:
    """A busy machine is no server that does not answer."""
    probe._SECONDS = 600.0
