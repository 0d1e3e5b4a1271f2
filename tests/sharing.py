"""What several test processes need is made by the first of them, once a run."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Make a file or folder once a run, whichever process comes first; the others wait for it.

    Args:
        factory: pytest's; with pytest-xdist each process has a folder of its own below the run's.
        name: of what is made, one a run.
        make: makes it at the path it is given.

    Returns:
        The path.
    """
    run = factory.getbasetemp()
    run = run.parent if "PYTEST_XDIST_WORKER" in os.environ else run
    path, made = run / "shared" / name, run / "shared" / f"{name}.made"
    path.parent.mkdir(exist_ok=True)
    with FileLock(f"{path}.lock"):
        if not made.exists():
            make(path)
            made.touch()
    return path
