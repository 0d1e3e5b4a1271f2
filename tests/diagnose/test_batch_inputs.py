"""What a batch reads: a bad row fails alone, no note is cut, no patient is swallowed, whatever the file is like."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raredxr1.diagnose.batch_inputs import Input, read_inputs
from raredxr1.diagnose.fhir import FhirRecord
from raredxr1.diagnose.given_terms import GivenTerms
from raredxr1.diagnose.inputs import Text
from raredxr1.errors import InputError


def read(tmp_path: Path, content: str | bytes, name: str = "in.csv") -> list[Input]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_inputs(path))


def said(rows: list[Input]) -> list[tuple[str, str]]:
    """Id, and the note or why there is none."""
    return [(row.id, row.given.note if isinstance(row.given, Text) else f"! {row.given}") for row in rows]


def test_a_note_with_a_comma_and_no_quotes_fails_alone_and_says_what_to_do(tmp_path: Path) -> None:
    rows = read(
        tmp_path, 'id,note\n1,Girl with ataxia, tremor and deafness\n2,"Boy with fits, ataxia"\n3,She falls often\n'
    )
    assert said(rows)[1:] == [("2", "Boy with fits, ataxia"), ("3", "She falls often")]
    assert isinstance(rows[0].given, InputError)
    assert str(rows[0].given).startswith("line 2: more cells than columns; put the note in quotes")


@pytest.mark.parametrize(
    "lines",
    [
        ['1,"Boy with fits', "2,Girl with ataxia", "3,Man with tremor"],
        ['1,"Boy with fits', '2,"Girl with ataxia"', "3,Man with tremor"],
        ['1,"Boy with fits', '2,Girl with ataxia"', "3,Man with tremor"],
        ['1,"Boy with "mild" fits"', "2,Girl with ataxia", "3,Man with tremor"],
    ],
)
def test_a_quote_that_is_not_closed_swallows_nobody(tmp_path: Path, lines: list[str]) -> None:
    rows = read(tmp_path, "id,note\n" + "\n".join(lines) + "\n")
    assert [row.id for row in rows] == ["1", "2", "3"]
    assert isinstance(rows[0].given, InputError)
    assert "quote" in str(rows[0].given)
    assert said(rows)[2] == ("3", "Man with tremor")


def test_a_quote_open_to_the_end_of_a_long_file_costs_one_row(tmp_path: Path) -> None:
    rows = read(
        tmp_path, 'id,note\na1,"Boy with fits\n' + "".join(f"a{n},Girl with ataxia\n" for n in range(2, 20_000))
    )
    assert len(rows) == 19_999
    assert sum(isinstance(row.given, InputError) for row in rows) == 1


def test_a_note_of_several_lines_in_quotes_is_one_note(tmp_path: Path) -> None:
    note = "Girl, 4 years\nataxia, tremor\nno fits"
    assert said(read(tmp_path, f'id,note\n17,"{note}"\n18,"She falls often"\n')) == [
        ("17", note),
        ("18", "She falls often"),
    ]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("\ufeffid;note\r\n1;She falls, and shakes\r\n".encode(), "in.csv"),
        (b"id\tnote\n1\tShe falls, and shakes\n", "in.csv"),
        (b"id\tnote\n1\tShe falls, and shakes\n", "in.tsv"),
        ("id\tnote\n1\tShe falls, and shakes\n".encode("utf-16"), "in.tsv"),
        (b'ID , Note ,\n1, "She falls, and shakes",\n', "in.csv"),
        (b'\n\nid,note\n\n1,"She falls, and shakes"\n\n', "in.csv"),
        (b'note,id\r"She falls, and shakes",1\r', "in.csv"),
        (b"sep=;\r\nid;note\r\n1;She falls, and shakes\r\n", "in.csv"),
        (b'"id","note","ward"\n"1","She falls, and shakes","7"\n', "in.csv"),
    ],
)
def test_tables_are_read_as_spreadsheets_write_them(tmp_path: Path, content: bytes, name: str) -> None:
    assert said(read(tmp_path, content, name)) == [("1", "She falls, and shakes")]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("id,text\n1,x\n", "no column 'note'"),
        ("note,note\nx,y\n", "one column 'note'"),
        ("id,note\n", "no rows"),
        (b"id,note\n1,M\xe4dchen\n", "not UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_as_a_whole_is_refused(tmp_path: Path, content: str | bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read(tmp_path, content)


def test_rows_without_a_note_fail_alone(tmp_path: Path) -> None:
    rows = read(tmp_path, "id,note\n1\n2,\n3,She falls\x00 often\n4,She falls often\n")
    assert [isinstance(row.given, InputError) for row in rows] == [True, True, True, False]


def test_an_id_that_comes_again_is_said(tmp_path: Path) -> None:
    lines = [{"id": "a", "note": "She falls often."}, {"id": "a", "note": "He falls often."}]
    rows = read(tmp_path, "\n".join(map(json.dumps, lines)), "in.jsonl")
    assert rows[0].notices == ()
    assert "Row 1 has the same id" in rows[1].notices[0]


def test_half_a_character_fails_a_note_and_is_mended_in_an_id(tmp_path: Path) -> None:
    content = '{"id":"a\\ud800","note":"She falls often."}\n{"id":"b","note":"He \\udfff falls often."}\n'
    content += '"ok \\ud83d\\ude00 she falls"'
    rows = read(tmp_path, content, "in.jsonl")
    assert rows[0].id == "a\N{REPLACEMENT CHARACTER}"
    for row in rows:
        row.id.encode()
        repr(row.given).encode()
    assert isinstance(rows[0].given, Text)
    assert isinstance(rows[2].given, Text)


@pytest.mark.parametrize(
    "bad", ["{", '{"id": 1' + "0" * 5000 + "}", "[" * 100_000, '{"note": 7}', '{"hpo_observed": 3}', "NaN"]
)
def test_a_bad_line_fails_alone(tmp_path: Path, bad: str) -> None:
    rows = read(tmp_path, f'{bad}\n{{"id": "a", "note": "She falls often."}}\n', "in.jsonl")
    assert isinstance(rows[0].given, InputError)
    assert said(rows)[1] == ("a", "She falls often.")


def test_a_file_name_that_is_no_utf8_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "config").write_text("x")
    (folder / "a.txt").write_text("She falls often.")
    Path(os.fsdecode(os.fsencode(folder) + b"/b\xff.txt")).write_text("He falls often.")
    rows = list(read_inputs(folder))
    assert said(rows) == [("a.txt", "She falls often."), ("b\N{REPLACEMENT CHARACTER}.txt", "He falls often.")]


def test_nothing_in_a_folder_is_passed_over_without_a_word(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "notes", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "a.txt").write_text("Girl with ataxia.")
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere")
    (folder / "more").symlink_to(elsewhere)
    os.mkfifo(folder / "pipe")
    (folder / "to-pipe").symlink_to(folder / "pipe")
    rows = dict(said(list(read_inputs(folder))))
    assert rows["a.txt"] == "Girl with ataxia."
    assert "cannot be read" in rows["gone.txt"]
    assert "not followed" in rows["more"]
    assert "but a pipe" in rows["pipe"]
    assert "but a pipe" in rows["to-pipe"]


def test_a_folder_within_that_cannot_be_listed_is_a_failed_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("Girl with ataxia.")
    (tmp_path / "shut").mkdir()
    scan = os.scandir

    def refusing(path: str) -> Any:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    rows = dict(said(list(read_inputs(tmp_path))))
    assert rows["a.txt"] == "Girl with ataxia."
    assert "Permission denied" in rows["shut"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_lines_and_tables_may_be_in_any_unicode_encoding(tmp_path: Path, codec: str) -> None:
    wanted = [("7", "Girl with ataxia")]
    assert said(read(tmp_path, '{"id": "7", "note": "Girl with ataxia"}\n'.encode(codec), "in.jsonl")) == wanted
    assert said(read(tmp_path, "id,note\n7,Girl with ataxia\n".encode(codec))) == wanted


def test_a_line_may_give_terms_and_ids_may_be_numbers(tmp_path: Path) -> None:
    lines = '{"id": 1.5, "hpo": ["HP:0001250"], "age": "4y"}\n{"id": true, "note": "Boy with fits"}\n'
    rows = read(tmp_path, lines, "in.jsonl")
    assert [row.id for row in rows] == ["1.5", "row 2"]
    assert rows[0].given == GivenTerms("HP:0001250", "4y")


def test_a_key_that_stands_twice_costs_its_line_only(tmp_path: Path) -> None:
    rows = said(read(tmp_path, '{"note": "Girl", "note": "Boy"}\n{"id": "b", "note": "Boy with fits"}\n', "in.jsonl"))
    assert "twice" in rows[0][1]
    assert rows[1] == ("b", "Boy with fits")


def test_an_export_of_a_fhir_server_is_a_row_for_each_patient(tmp_path: Path) -> None:
    def condition(patient: str, text: str) -> dict[str, Any]:
        return {"resourceType": "Condition", "subject": {"reference": f"Patient/{patient}"}, "code": {"text": text}}

    lines = [{"resourceType": "Patient", "id": "a", "gender": "male"}, condition("a", "Ataxia"), condition("b", "Fits")]
    rows = read(tmp_path, "\n".join(map(json.dumps, lines)), "in.ndjson")
    assert [row.id for row in rows] == ["Patient/a", "Patient/b"]
    assert isinstance(rows[0].given, FhirRecord)
    assert rows[0].given.sex == "Male"
    assert [finding.label for finding in rows[0].given.coded] == ["Ataxia"]


@given(st.binary(max_size=300), st.sampled_from(["in.csv", "in.tsv", "in.jsonl", "in.ndjson"]))
def test_any_bytes_give_rows_or_one_reason(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(b"id,note\n" + content if name.endswith("sv") else content)
    try:
        rows = list(read_inputs(path))
    except InputError:
        return
    assert [row.row for row in rows] == list(range(1, len(rows) + 1))


# --- Parquet ---------------------------------------------------------------------------------------------------------


def parquet(**columns: list[object]) -> bytes:
    import pyarrow
    from pyarrow import parquet as writer

    sink = pyarrow.BufferOutputStream()
    writer.write_table(pyarrow.table(columns), sink)
    return sink.getvalue().to_pybytes()


def test_a_parquet_file_is_a_row_a_note_and_a_missing_note_fails_alone(tmp_path: Path) -> None:
    data = parquet(note=["Girl with ataxia", None, "Boy, deaf"], id=[7, 8, 9], ward=["a", "b", "c"])
    assert said(read(tmp_path, data, "in.parquet")) == [
        ("7", "Girl with ataxia"),
        ("8", "! row 2: its note is empty"),
        ("9", "Boy, deaf"),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PAR1 but then nothing of the kind", "not a Parquet file"),
        (parquet(text=["Girl with ataxia"]), "no column 'note'"),
        (parquet(note=[]), "no rows"),
    ],
)
def test_a_parquet_file_that_cannot_be_used_says_why(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path, data, "in.parquet")


def test_notes_of_parquet_that_are_numbers_fail_by_row(tmp_path: Path) -> None:
    assert said(read(tmp_path, parquet(note=[1.5]), "in.parquet")) == [("row 1", "! row 1: its note is not a text")]
