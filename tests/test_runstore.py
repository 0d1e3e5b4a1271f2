"""Files of a run: there whole or not at all, and lines that a kill cut short are none."""

from pathlib import Path

import pytest

from raredxr1 import runstore
from raredxr1.evaluate.rows import PREDICTIONS, Prediction, Text, append, read_predictions
from raredxr1.schemas import Strict


class Row(Strict):
    name: str


def test_a_file_appears_when_its_block_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "table.npz"
    with runstore.whole(path) as partial:
        partial.write_text("half")
        assert partial.parent == path.parent and partial.suffix == ".npz" and not path.exists()
    assert path.read_text() == "half" and list(path.parent.iterdir()) == [path]


def test_what_stood_there_stays_when_the_block_fails(tmp_path: Path) -> None:
    path = tmp_path / "table.json"
    runstore.write_json(path, {"n": 1})
    with pytest.raises(ZeroDivisionError), runstore.whole(path) as partial:
        partial.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == '{\n  "n": 1\n}\n' and list(tmp_path.iterdir()) == [path]


def test_two_who_write_the_same_file_have_names_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250 + ".json")  # as long as a name can be
    with runstore.whole(path, shared=True) as one, runstore.whole(path, shared=True) as other:
        assert one != other
        one.write_text("one")
        other.write_text("other")
    assert path.read_text() == "one", "whoever ends last"


def test_models_are_written_as_json(tmp_path: Path) -> None:
    runstore.write_json(tmp_path / "row.json", Row(name="é"))
    assert (tmp_path / "row.json").read_text() == '{\n  "name": "é"\n}\n'


def test_a_torn_line_is_none_and_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    assert runstore.whole_lines(path) == []
    runstore.cut_lines(path)
    runstore.append_lines(path, ["1", "2", "3"], durable=True)
    with path.open("a") as file:
        file.write('{"torn')
    assert runstore.whole_lines(path) == [b"1\n", b"2\n", b"3\n"]
    runstore.cut_lines(path)
    assert path.read_bytes() == b"1\n2\n3\n"
    runstore.cut_lines(path, 2)
    assert path.read_bytes() == b"1\n2\n"


def test_what_other_languages_call_a_line_end_ends_no_row(tmp_path: Path) -> None:
    """Quotes come from notes: a line separator (U+2028) or next line (U+0085) in one must not damage a results file."""
    said = Text(role="turn", text="two\u2028lines\x85and more")
    append(tmp_path, [Prediction(case_id="1", status="ok", turns=[said])], 0.1)
    assert (tmp_path / PREDICTIONS).read_bytes().count(b"\n") == 1
    (read,) = read_predictions(tmp_path)
    assert read.turns == [said]
