"""The paper index sends a reader to modules that are there; the table of contents of the log is whole."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_module_of_the_paper_index_exists() -> None:
    text = (ROOT / "docs" / "paper-index.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z_0-9/]+(?:\.py|/))`", text)
    assert len(named) > 40
    places = (ROOT, ROOT / "src" / "raredxr1", ROOT / "src" / "raredxr1" / "reflect")  # a row may leave its folder out
    assert [path for path in named if not any((place / path).exists() for place in places)] == []


def test_the_log_lists_every_entry_of_every_year() -> None:
    table = (ROOT / "docs" / "log.md").read_text(encoding="utf-8")
    entries = [
        line.removeprefix("## ")
        for year in sorted((ROOT / "docs" / "log").glob("*.md"))
        for line in year.read_text(encoding="utf-8").splitlines()
        if line.startswith("## ")
    ]
    listed = " ".join(table.split())  # names are wrapped over lines
    assert len(entries) >= 5
    assert [entry for entry in entries if f"[{entry}]" not in listed] == []
