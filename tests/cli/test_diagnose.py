"""`raredx diagnose` from the outside: what comes in, what goes out, and with which code it ends."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner
from typer.testing import Result as Ran

from fake_product import FULL, NOTE, SHORT, FakeEngine, fake_model, fake_names
from raredxr1.cli import _batch, app
from raredxr1.diagnose.result import Result
from raredxr1.errors import InputError
from raredxr1.schemas import schema_text

Run = Callable[..., Ran]
PACKET = {
    "id": "p1",
    "subject": {"sex": "FEMALE"},
    "phenotypicFeatures": [{"type": {"id": "HP:0002540", "label": "Inability to walk"}}],
}


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(samples=(FULL, FULL, SHORT))


@pytest.fixture
def run(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setattr(_batch, "open_said", lambda *_: fake_model(engine))
    monkeypatch.setattr(_batch, "open_names", lambda path, *_: fake_names())
    monkeypatch.chdir(tmp_path)
    return lambda *args, **extra: CliRunner().invoke(app, ["diagnose", *map(str, args)], **extra)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "girl.txt"
    path.write_text(NOTE, encoding="utf-8")
    return path


def errors(result: Ran) -> list[str]:
    return [line for line in result.stderr.splitlines() if line.startswith("raredx: ")]


# --- what comes in ---------------------------------------------------------------------------------------------------


def test_a_file_gives_its_reasoning_in_sentences_and_then_its_table(run: Run, note: Path) -> None:
    result = run("girl.txt")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.index("Rett syndrome fits best") < result.stdout.index("OMIM:312750")
    assert "reasoning, unchecked" not in result.stdout, "the model's own turn is shown on request"
    shown = run("girl.txt", "-vv").stdout
    assert "reasoning, unchecked" in shown and "<think>" not in shown and "explains 2" not in shown
    assert "Angelman" not in run("girl.txt", "--explain", "1").stdout


def test_nothing_but_plain_text_goes_to_a_pipe(run: Run, note: Path) -> None:
    shown = run("girl.txt", env={"COLUMNS": "50", "FORCE_COLOR": ""}).stdout
    assert "\x1b" not in shown
    assert shown == run("girl.txt", env={"COLUMNS": "200", "NO_COLOR": "1"}).stdout, "as wide whatever the terminal"


def test_characters_an_encoding_lacks_are_replaced(run: Run, note: Path) -> None:
    assert "█" in run("girl.txt").stdout
    narrow = CliRunner(charset="latin-1").invoke(app, ["diagnose", "girl.txt"])
    assert narrow.exit_code == 0, narrow.stderr
    assert "Rett syndrome" in narrow.stdout and "?" in narrow.stdout


def test_json_loses_nothing_in_a_narrow_encoding(run: Run, note: Path) -> None:
    said = "Mädchen – a girl with seizures and ataxia"
    narrow = CliRunner(charset="ascii").invoke(app, ["diagnose", "--text", said, "--format", "json"])
    assert narrow.exit_code == 0, narrow.stderr
    assert json.loads(narrow.stdout)["note"] == said


@pytest.mark.parametrize("args", [(), ("-",)])
def test_standard_input_is_read_with_and_without_being_named(run: Run, args: tuple[str, ...]) -> None:
    result = run(*args, "--format", "json", input=NOTE)
    assert json.loads(result.stdout)["input"] == "standard input"


def test_text_can_be_given_as_an_option(run: Run) -> None:
    assert json.loads(run("--text", NOTE, "--format", "json").stdout)["note"] == NOTE


def test_the_example_note_ships(run: Run) -> None:
    document = json.loads(run("--example", "--format", "json").stdout)
    assert document["input"] == "rett_clinic.txt"
    assert "stereotypic hand movements" in document["note"]


def test_a_phenopacket_is_told_by_its_content(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text(json.dumps(PACKET))
    document = json.loads(run("p.txt", "--format", "json").stdout)
    assert document["note"] == "Female.\nFindings: Inability to walk."


def test_several_inputs_in_text_each_have_a_heading(run: Run, note: Path) -> None:
    shown = run("girl.txt", "--text", NOTE).stdout
    assert shown.startswith("== girl.txt ==\n")
    assert "\n\n== text ==\n" in shown


# --- what goes out ---------------------------------------------------------------------------------------------------


def test_one_input_is_one_document_several_are_one_a_line(run: Run, note: Path) -> None:
    assert run("girl.txt", "--format", "json").stdout.startswith("{\n")
    lines = run("girl.txt", "--text", NOTE, "--format", "json").stdout.splitlines()
    assert [json.loads(line)["input"] for line in lines] == ["girl.txt", "text"]
    for line in lines:
        Draft202012Validator(json.loads(schema_text(Result))).validate(json.loads(line))


def test_a_table_of_several_inputs_has_one_header(run: Run, note: Path) -> None:
    told = run("girl.txt", "--text", NOTE, "--format", "tsv").stdout.splitlines()
    lines = [line for line in told if not line.startswith("#")]
    assert [line.split("\t")[0] for line in lines] == ["input", *["girl.txt"] * 3, *["text"] * 3]


def test_quiet_is_the_table_alone(run: Run, note: Path) -> None:
    result = run("girl.txt", "--quiet")
    assert result.stdout.split()[:4] == ["#", "Disease", "Id", "Confidence"]
    assert result.stderr == ""


def test_files_are_named_after_their_inputs(run: Run, note: Path, tmp_path: Path) -> None:
    (tmp_path / "ward").mkdir()
    (tmp_path / "ward" / "girl.txt").write_text(NOTE)
    result = run("girl.txt", "ward/girl.txt", "--out", "out", "--format", "json", "--format", "html")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "girl-2.diagnosis.html",
        "girl-2.diagnosis.json",
        "girl.diagnosis.html",
        "girl.diagnosis.json",
    ]
    assert json.loads((tmp_path / "out" / "girl-2.diagnosis.json").read_text())["input"] == "ward/girl.txt"
    assert errors(result)[0] == "raredx: wrote out/girl.diagnosis.json"


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("r.json", "{"),
        ("r.html", "<!doctype"),
        ("r.pdf", "%PDF"),
        ("r.tsv", "# For research use only"),
        ("r.txt", "Rett syndrome fits best"),
    ],
)
def test_a_file_name_tells_the_format(run: Run, note: Path, tmp_path: Path, name: str, start: str) -> None:
    assert run("girl.txt", "--out", name).exit_code == 0
    assert (tmp_path / name).read_bytes().startswith(start.encode())


def test_one_result_goes_into_a_folder_too(run: Run, note: Path, tmp_path: Path) -> None:
    run("girl.txt", "--out", "results")
    assert (tmp_path / "results" / "girl.diagnosis.txt").read_text().startswith("Rett syndrome fits best")


def test_a_file_is_not_replaced_unless_told_to(run: Run, note: Path, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("mine")
    result = run("girl.txt", "--out", "r.json")
    assert (result.exit_code, errors(result)) == (2, ["raredx: r.json: exists; --force replaces it"])
    assert (tmp_path / "r.json").read_text() == "mine"
    assert run("girl.txt", "--out", "r.json", "--force").exit_code == 0
    assert (tmp_path / "r.json").read_text().startswith("{")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["girl.txt", "--format", "json", "--format", "html"], "several formats at once need --out FOLDER"),
        (["girl.txt", "--text", NOTE, "--format", "html"], "several pages at once need --out FOLDER"),
        (["girl.txt", "--text", NOTE, "--out", "r.json"], "r.json: several results do not go into one file"),
        (["girl.txt", "--out", "girl.txt/r.json"], "girl.txt/r.json: cannot be written"),
        (["-", "-"], "standard input (-) can be read once only"),
        (["girl.txt", "--format", "odt"], "Invalid value for '--format'"),
        (["girl.txt", "--format", "pdf"], "a PDF needs --out FILE.pdf or --out FOLDER"),
        (["girl.txt", "--samples", "0"], "Invalid value for '--samples'"),
        (["girl.txt", "--samples", "2", "--temperature", "0"], "raise the temperature"),
        (["girl.txt", "--max-tokens", "9999"], "max-tokens 9999 leaves no room"),
        (["girl.txt", "--nonsense"], "No such option: --nonsense"),
    ],
)
def test_calls_that_make_no_sense_get_one_line(run: Run, note: Path, args: list[str], said: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr
    assert result.stdout == ""


# --- how it asks -----------------------------------------------------------------------------------------------------


def test_fast_leaves_the_reasoning_out(run: Run, note: Path) -> None:
    document = json.loads(run("girl.txt", "--fast", "--format", "json").stdout)
    assert (document["settings"]["form"], document["confidence_kind"]) == ("short", "beam probability")
    assert document["diagnosis"]["findings"] == []


def test_samples_are_fused_and_their_seed_and_temperature_handed_on(run: Run, note: Path, engine: FakeEngine) -> None:
    args = ["--samples", "3", "--seed", "7", "--temperature", "0.9", "--max-tokens", "300"]
    document = json.loads(run("girl.txt", *args, "--format", "json").stdout)
    assert document["confidence_kind"] == "agreement"
    assert [c["confidence"] for c in document["candidates"]][:2] == [0.6667, 0.3333]
    (settings,) = engine.settings
    assert (settings.samples, settings.seed, settings.temperature, settings.max_tokens) == (3, 7, 0.9, 300)


def test_samples_in_text_show_one_reasoning(run: Run, note: Path) -> None:
    shown = run("girl.txt", "--samples", "3", "-vv").stdout
    assert shown.count("reasoning, unchecked") == 1
    assert "share of 3 answers" in " ".join(shown.split())


def test_a_long_note_is_read_whole(run: Run, tmp_path: Path, engine: FakeEngine) -> None:
    engine.context_length = 400
    (tmp_path / "long.txt").write_text(NOTE + " And so on." * 3000)
    read = run("long.txt")
    assert (read.exit_code, errors(read)) == (0, [])
    assert "left out" not in read.stdout
    cut = run("long.txt", "--truncate")
    assert cut.exit_code == 0
    assert "truncate has no effect" in " ".join(cut.stdout.split())


# --- bad input -------------------------------------------------------------------------------------------------------

BAD: dict[str, tuple[bytes | None, str]] = {
    "empty.txt": (b"", "empty.txt: empty"),
    "blank.txt": (b" \n\n ", "blank.txt: blank"),
    "binary.txt": (b"abc\x00\x01", "binary.txt: binary, no text"),
    "damaged.pdf": (b"%PDF-1.7 ...", "damaged.pdf: a PDF that cannot be read"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1", "old.doc: an old (.doc) or encrypted Office document"),
    "large.txt": (b"word " * 40_001, "large.txt: over 200 kB"),
    "missing.txt": (None, "missing.txt: cannot be read (No such file or directory)"),
    "nothing.txt": (b"12 / 34", "nothing.txt: no clinical content"),
    "none.json": (b'{"id": "x", "phenotypicFeatures": []}', "none.json: a phenopacket without phenotypicFeatures"),
    "ids.json": (
        b'{"id": "x", "phenotypicFeatures": [{"type": {"id": "HP:12"}}]}',
        "ids.json: none of its 1 findings can be used: HP:12 is a malformed HPO id",
    ),
    "unknown.json": (
        b'{"id": "x", "phenotypicFeatures": [{"type": {"id": "HP:9999999"}}]}',
        "unknown.json: none of its 1 findings can be used: HP:9999999 is not in HPO",
    ),
}


def put(folder: Path, name: str) -> None:
    content = BAD[name][0]
    if content is not None:
        (folder / name).write_bytes(content)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_gets_one_line_and_code_2(run: Run, tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    result = run(name, "--out", "out")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith(f"raredx: {BAD[name][1]}")
    assert not (tmp_path / "out").exists()


def test_a_folder_is_no_note(run: Run, tmp_path: Path) -> None:
    result = run(tmp_path)
    assert (result.exit_code, errors(result)) == (2, [f"raredx: {tmp_path}: a folder; name the files in it"])


def test_the_others_of_the_same_call_go_on(run: Run, note: Path, tmp_path: Path) -> None:
    for name in BAD:
        put(tmp_path, name)
    result = run(*BAD, "girl.txt", "--out", "out", "--format", "json")
    assert result.exit_code == 2
    assert len(errors(result)) == len(BAD) + 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["girl.diagnosis.json"]


def test_nothing_partial_is_left_when_writing_fails(
    run: Run, note: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    result = run("girl.txt", "--out", "out", "--format", "json")
    assert (result.exit_code, len(errors(result))) == (2, 1)
    assert "cannot be written (No space left on device)" in result.stderr
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("said", ["the model is damaged: part-01", "this installation ships no model"])
def test_a_model_that_cannot_be_opened_gets_one_line(
    run: Run, note: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    def fail(*_: object) -> None:
        raise InputError(said)

    monkeypatch.setattr(_batch, "open_said", fail)
    result = run("girl.txt")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"raredx: {said}\n")


def test_a_missing_model_is_said(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_batch, "open_names", lambda path, *_: fake_names())
    result = CliRunner().invoke(app, ["diagnose", str(note), "--model", "nowhere"])
    assert (result.exit_code, result.stderr) == (2, "raredx: the model nowhere does not exist\n")


def test_without_a_shipped_model_one_must_be_named(note: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_batch, "open_names", lambda path, *_: fake_names())
    monkeypatch.setattr("raredxr1.diagnose.model.SHIPPED", tmp_path / "none")
    result = CliRunner().invoke(app, ["diagnose", str(note)])
    assert result.exit_code == 2
    assert result.stderr == "raredx: this installation ships no model; name one with --model PATH\n"


# --- faults of ours --------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: FakeEngine, text: str) -> int:
        raise KeyError("words of the note")

    monkeypatch.setattr(FakeEngine, "count", fail)


@pytest.mark.usefixtures("broken")
def test_a_fault_of_ours_is_one_line_without_clinical_text(run: Run, note: Path) -> None:
    result = run("girl.txt")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("raredx: failed: KeyError in ")
    assert "words of the note" not in result.stderr


@pytest.mark.usefixtures("broken")
def test_debug_shows_where(run: Run, note: Path) -> None:
    assert "Traceback" in run("girl.txt", "--debug").stderr


def test_ctrl_c_ends_with_130(run: Run, note: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupt(self: FakeEngine, prompt: str, settings: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeEngine, "stream", interrupt)
    result = run("girl.txt", "--out", "out")
    assert result.exit_code == 130
    assert not (tmp_path / "out").exists()


# --- the house -------------------------------------------------------------------------------------------------------


def test_a_run_opens_no_connection(run: Run, note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert run("girl.txt", "--out", "out", "--format", "html", "--format", "json").exit_code == 0


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
def test_the_product_imports_no_training_package() -> None:
    """Neither the command nor the server and the tools of an agent; and importing them asks no network."""
    code = (
        "import sys; asks = ('socket.connect', 'socket.getaddrinfo', 'socket.bind'); "
        "sys.addaudithook(lambda event, _: event in asks and sys.exit(event)); "
        "import raredxr1.cli._batch, raredxr1.diagnose.pipeline, raredxr1.diagnose.doctor, raredxr1.mcp_server; "
        "import raredxr1.serve.app, raredxr1.serve.server, raredxr1.diagnose._ctranslate2; "
        "print(sorted({'torch', 'transformers', 'trl', 'datasets', 'accelerate', 'sklearn'} & set(sys.modules)))"
    )
    assert python(code).strip() == "[]"


@pytest.mark.slow
def test_help_is_quick_because_it_imports_little() -> None:
    code = "import sys, raredxr1.cli; print(sorted({'numpy', 'pydantic', 'jinja2', 'ctranslate2'} & set(sys.modules)))"
    assert python(code).strip() == "[]"


def test_help_and_version() -> None:
    runner = CliRunner()
    for args in ([], ["--help"]):
        result = runner.invoke(app, args)
        assert result.exit_code == 0
        assert "diagnose" in result.stdout
        assert "doctor" in result.stdout
    group = runner.invoke(app, ["train"])
    assert (group.exit_code, group.stderr.startswith("raredx:")) == (2, False)
    assert "internalize" in group.stderr + group.stdout
    told = runner.invoke(app, ["--version"]).stdout.splitlines()
    assert told[0].startswith("raredx 0.")
    assert [line.split(" ")[0] for line in told[1:]] == ["model", "knowledge"]
    assert "--samples" in runner.invoke(app, ["diagnose", "--help"], env={"COLUMNS": "120"}).stdout


# --- other inputs ----------------------------------------------------------------------------------------------------


def test_findings_can_be_given_without_a_note(run: Run) -> None:
    read = run("--hpo", "HP:0001250,-HP:0002540", "--age", "4y", "--sex", "f", "--format", "json")
    document = json.loads(read.stdout)
    assert document["note"] == "Female, 4 years.\nFindings: Seizure.\nAbsent: Inability to walk."
    assert document["patient"]["age"]["iso8601"] == "P4Y"


def test_age_and_sex_beside_a_note_overrule_it(run: Run, note: Path) -> None:
    document = json.loads(run("girl.txt", "--age", "54y", "--sex", "male", "--format", "json").stdout)
    patient = document["patient"]
    assert (patient["age"]["years"], patient["age"]["quote"]) == (54, "")
    assert (patient["sex"]["value"], patient["sex"]["quote"]) == ("male", "")
    assert document["notices"][0].startswith(
        "As stated beside the note, the patient is male, 54 years; the note says “"
    )
    unread = run("girl.txt", "--age", "old")
    assert unread.exit_code == 2 and "is no age such as 4y" in errors(unread)[0]
    several = run("girl.txt", "girl.txt", "--age", "4y")
    assert errors(several) == ["raredx: --age and --sex are one patient's; give one input with them"]


def test_another_encoding_is_read_with_a_word(run: Run, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(NOTE.replace("Girl", "Zoë, a girl").encode("latin-1"))
    shown = json.loads(run("latin.txt", "--format", "json").stdout)
    assert shown["note"].startswith("Zoë, a girl")
    assert shown["notices"] == ["It is no UTF-8; it was read as Windows-1252."]


def test_a_file_name_that_is_no_utf8_names_its_result(run: Run, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text(NOTE, encoding="utf-8")
    result = run(str(path), "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["input"].endswith("caf\N{REPLACEMENT CHARACTER}.txt")


def test_json_is_a_word_of_its_own(run: Run, note: Path) -> None:
    short, long = (json.loads(run("girl.txt", *how).stdout) for how in (("--json",), ("--format", "json")))
    assert short | {"timings": 0} == long | {"timings": 0}
