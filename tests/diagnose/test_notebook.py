"""The example notebook runs as it stands, with the shipped model, and shows what it says it shows."""

import contextlib
import io
import json
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_the_example_notebook_runs(pytestconfig: pytest.Config) -> None:
    path = pytestconfig.rootpath / "docs" / "notebooks" / "diagnose.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for cell in cells:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), str(path), "exec"), names)
    assert len(names["result"].candidates) > 1
    assert names["result"].next_steps
    assert names["refined"].crr.opinions
    assert [type(answer).__name__ for answer in names["answers"]] == ["Result", "InputError"]
    said = printed.getvalue()
    assert names["result"].candidates[0].name in said
    assert "not diagnosed: text: empty" in said
    assert all(not cell.get("outputs") for cell in cells), (
        "keep the notebook without outputs: they would not be current"
    )
