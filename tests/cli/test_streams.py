"""Streams that are closed, full or narrow, names too long, and what files are allowed: one plain line, or it works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raredxr1.cli import app
from raredxr1.cli._batch import agreed
from raredxr1.cli._destination import (
    Format,
    choose_formats,
    is_file,
    plan_files,
    refuse_existing,
    refuse_inputs,
    write_whole,
)
from raredxr1.diagnose.batched import Given
from raredxr1.errors import InputError

pytestmark = pytest.mark.slow


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run `raredx` as $R in a shell, as a user would."""
    env = {**os.environ, **environment, "R": f"{sys.executable} -m raredxr1"}
    return subprocess.run(["bash", "-c", command], env=env, capture_output=True, timeout=3000, check=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("$R knowledge search ataxia > /dev/full", "standard output: cannot be written (No space left on device)"),
        ("$R knowledge search ataxia >&-", "standard output: cannot be written (Bad file descriptor)"),
        ("$R diagnose <&-", "standard input: empty"),
    ],
)
def test_what_cannot_be_written_or_read_is_one_line_and_code_2(command: str, said: str) -> None:
    done = shell(command)
    assert done.returncode == 2
    assert is_one_line(done.stderr.decode(), said)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--text", "x", "--out", "a" * 300 + ".json"], "cannot be written (File name too long)"),
        (["--text", "x", "--out", "a" * 300], "cannot be written (File name too long)"),
        (["--text", "x", "--out", "answer.doc"], "not as .doc"),
        (["--text", "x", "--out", "/dev/null"], "neither a file nor a folder"),
        ([""], "'': no file name"),
        (["\x1b[2Jx"], "\N{REPLACEMENT CHARACTER}[2Jx: cannot be read"),
    ],
)
def test_a_name_that_cannot_be_used_is_one_line_and_code_2(args: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["diagnose", *args])
    assert done.exit_code == 2
    assert is_one_line(done.stderr, said)


def is_one_line(stderr: str, said: str) -> bool:
    return said in stderr and len(stderr.splitlines()) == 1 and "fault of the program" not in stderr


@pytest.mark.slow
def test_a_reader_that_has_read_enough_is_no_failure() -> None:
    done = shell("$R knowledge search syndrome | true; echo ${PIPESTATUS[0]}")
    assert done.stdout.decode().splitlines()[-1] in ("0", "1", "141")
    assert done.stderr == b""


@pytest.mark.slow
def test_without_standard_error_the_answer_comes_all_the_same() -> None:
    assert b"ataxia" in shell("$R knowledge search ataxia 2>&-").stdout.lower()


@pytest.mark.parametrize(
    ("piped", "agrees"),
    [(b"n\n", False), (b"no", False), (b"maybe\n", False), (b"Y\n", True), (b"\n", True), (b"", True)],
)
def test_a_piped_answer_is_taken(monkeypatch: pytest.MonkeyPatch, piped: bytes, agrees: bool) -> None:
    out, into = os.pipe()
    os.write(into, piped)
    os.close(into)
    with os.fdopen(out, encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert agreed(Given("Seizures."), quiet=False, from_standard_input=False) is agrees


def test_a_pipe_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    out, into = os.pipe()
    with os.fdopen(out, encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert agreed(Given("Seizures."), quiet=False, from_standard_input=False)
        os.close(into)


def test_a_file_has_the_rights_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a.html", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "a.html").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_long_names_of_inputs_are_cut_and_stay_apart(tmp_path: Path) -> None:
    stem = "ä" * 120
    plans = plan_files([stem, stem], [Format.html], tmp_path)
    refuse_existing([path for plan in plans for path in plan.values()], force=False)
    for plan in plans:
        write_whole(plan[Format.html], "x")
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("name", ["a.odt", "a.DOCX", "a.csv", "a.jsonl", "a.htm"])
def test_the_ending_of_another_format_is_no_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="results are written as"):
        choose_formats([], tmp_path / name, 1)
    (tmp_path / name).mkdir()
    assert not is_file(tmp_path / name)


def test_a_result_never_replaces_its_input(tmp_path: Path) -> None:
    note, link = tmp_path / "note.txt", tmp_path / "link.txt"
    note.write_text("Girl with ataxia.")
    link.symlink_to(note)
    for out in (note, link):
        with pytest.raises(InputError, match="is an input"):
            refuse_inputs([tmp_path / "other.txt", out], [tmp_path / "gone.txt", note])
    refuse_inputs([tmp_path / "other.txt"], [note])
