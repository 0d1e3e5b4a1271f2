"""The documentation: it builds as a site without a warning and needs no network; the first steps can be taken."""

import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raredxr1.cli import app
from raredxr1.cli._model import open_said
from raredxr1.diagnose.names import open_names

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--config-file",
        ROOT / "mkdocs.yml",
        "--site-dir",
        tmp_path,
    ]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    made = subprocess.run(build, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr[-2000:]
    pages = list(tmp_path.rglob("*.html"))
    assert {path.relative_to(DOCS).with_suffix(".html").as_posix() for path in DOCS.rglob("*.md")} <= {
        path.relative_to(tmp_path).as_posix() for path in pages
    }
    for path in pages:
        loaded = re.findall(r'(?:<script|<link|<img)[^>]+(?:src|href)="?((?:https?:)?//[^" >]+)', path.read_text())
        assert loaded == [], path.name
        assert "example.invalid" not in path.read_text()


def test_the_page_for_clinicians_speaks_plainly() -> None:
    text = (DOCS / "clinicians.md").read_text().split("## Words")[0]
    for word in (
        "JSON",
        "API",
        "recall",
        "calibrat",
        "corpus",
        "token",
        "inference",
        "fine-tun",
        "embedding",
        "likelihood",
    ):
        assert word not in text, word


def test_every_step_of_the_first_ten_minutes_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All blocks marked as sh, in order, in one folder, with the product as it ships; it is opened once."""
    names, model = cache(open_names), cache(open_said)
    for module in ["raredxr1.cli._batch"]:
        monkeypatch.setattr(f"{module}.open_names", lambda *_: names(None))
        monkeypatch.setattr(f"{module}.open_said", lambda *_, **__: model(None, None))
    monkeypatch.chdir(tmp_path)
    stdout = stderr = ""
    blocks = re.findall(r"^```sh\n(.*?)^```", (DOCS / "first-steps.md").read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 6
    for step in re.findall(r"^cat > .*?^END$|^raredx .*?$", "".join(blocks), re.MULTILINE | re.DOTALL):
        if step.startswith("cat"):
            subprocess.run(["bash", "-c", step], check=True)
            continue
        done = CliRunner().invoke(app, shlex.split(step)[1:])
        assert done.exit_code == 0, f"{step}: {done.stderr}"
        stdout, stderr = stdout + done.stdout, stderr + done.stderr
    assert re.search(r"^model ", stdout, re.MULTILINE) and "Rett syndrome" in stdout
    assert "muscular dystrophy" in stdout.lower()
    assert "3 rows, 0 failed" in stderr
    assert "nothing stands out in 1" in Path("summary.html").read_text(), "the well child"
    rows = [line for line in Path("summary.tsv").read_text().splitlines() if not line.startswith("#")]
    assert {line.split("\t")[0] for line in rows[1:]} == {"boy", "tall man", "well child"}
    for name in ("letter.diagnosis.html", "letter.diagnosis.json"):
        assert "Boy of 8 years" in (tmp_path / "reports" / name).read_text()
