"""Many results at a glance: a page, a table, Parquet; nothing that failed is dropped without a word."""

import json
import re
from pathlib import Path

import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from fake_product import FakeEngine, fake_model, fake_names
from raredxr1.cli import app
from raredxr1.diagnose.output.cohort import bars, binned
from raredxr1.diagnose.pipeline import Options, diagnose
from raredxr1.diagnose.result import Result

NOTE = "Girl of 3 years. She never walked unaided and wrings her hands all day. No seizures so far."


@pytest.fixture(scope="module")
def result() -> Result:
    return diagnose(NOTE, fake_model(FakeEngine()), fake_names(), Options(), "girl.txt")


@pytest.fixture
def results(result: Result, tmp_path: Path) -> Path:
    """Three rows: one that failed, one with an answer, one of somebody healthy."""
    healthy = result.model_dump(mode="json") | {"verdict": {"kind": "nothing_stands_out", "reason": "Nothing."}}
    rows = [
        {"row": 1, "id": "<b>empty</b>", "status": "failed", "reason": "the note is empty"},
        {"row": 2, "id": "girl", "status": "ok", "result": result.model_dump(mode="json")},
        {"row": 3, "id": "healthy", "status": "ok", "result": healthy},
    ]
    path = tmp_path / "out.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def summed(*args: object) -> tuple[int, str]:
    said = CliRunner().invoke(app, ["summary", *map(str, args)])
    return said.exit_code, said.stderr


def test_the_page_counts_everybody_and_needs_nothing_from_outside(results: Path, tmp_path: Path) -> None:
    code, said = summed(results, "--out", tmp_path / "cohort.html")
    assert (code, "3 notes, 1 of them without a result" in said) == (0, True)
    page = (tmp_path / "cohort.html").read_text()
    words = " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL).split())
    assert "3 notes: a disease stands out in 1, nothing stands out in 1, 1 without a result" in words
    assert "no result: the note is empty" in words
    assert page.count("Rett syndrome <span") == 1, "somebody healthy gets no disease"
    assert page.count("<svg") >= 4
    assert not re.search(r"(?:src|href)=|url\(|<script|@import|<b>", page)
    assert "For research use only" in page and "RareDxR1" in page


def test_table_and_parquet_hold_the_same_rows(results: Path, tmp_path: Path) -> None:
    code, said = summed(results, "--out", tmp_path / "t.tsv", "--out", tmp_path / "t.parquet")
    assert code == 0, said
    lines = [line for line in (tmp_path / "t.tsv").read_text().splitlines() if not line.startswith("#")]
    table = pyarrow.parquet.read_table(tmp_path / "t.parquet")
    columns = lines[0].split("\t")
    assert table.column_names == columns
    assert [line.split("\t")[0] for line in lines[1:]] == table["input"].to_pylist()
    assert table["verdict"][0].as_py() == "failed: the note is empty"
    assert table["confidence"][1].as_py() == pytest.approx(0.84, abs=0.01)
    assert b"For research use only" in table.schema.metadata[b"disclaimer"]
    assert max(map(len, lines)) < 700, "no disclaimer in every row"


def test_json_lines_of_single_results_do_as_well(result: Result, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text(result.model_dump_json() + "\n")
    assert summed(tmp_path / "r.jsonl", "--out", tmp_path / "r.html")[0] == 0


def test_what_cannot_be_used_is_one_line(results: Path, tmp_path: Path) -> None:
    (tmp_path / "other.jsonl").write_text('{"note": "zanzibar"}\n')
    for args, wanted in (
        ((tmp_path / "other.jsonl", "--out", tmp_path / "x.html"), "line 1 is no result"),
        ((tmp_path / "none.jsonl", "--out", tmp_path / "x.html"), "cannot be read"),
        ((results, "--out", tmp_path / "x.docx"), "as .html, .tsv or .parquet"),
        ((results, "--out", results), "exists"),
    ):
        code, said = summed(*args)
        assert code == 2 and wanted in said and said.count("\n") == 1 and "zanzibar" not in said


def test_parquet_without_its_library_says_what_to_install(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    code, said = summed(results, "--out", tmp_path / "t.parquet")
    assert code == 2 and "pip install 'raredxr1[parquet]'" in said
    assert not (tmp_path / "t.parquet").exists()


def test_bars_are_as_long_as_their_counts() -> None:
    drawn = bars([("a < b", 4), ("c", 1)], "Counts")
    widths = [float(width) for width in re.findall(r'class="bar"[^>]* width="([\d.]+)"', drawn)]
    assert widths[0] == pytest.approx(4 * widths[1], abs=0.2)
    assert "a &lt; b" in drawn and "a < b" not in drawn


def test_each_value_is_in_one_bin() -> None:
    assert binned([0, 0.95, 1, 4, 100], [0, 1, 5], ["under 1", "1 to 4", "5 and more"]) == [
        ("under 1", 2),
        ("1 to 4", 2),
        ("5 and more", 1),
    ]
