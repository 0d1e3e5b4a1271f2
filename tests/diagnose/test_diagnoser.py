"""The product as a Python object."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crr_product import NOTE, fitted, scripted, tiny_names
from raredxr1 import Diagnoser
from raredxr1.diagnose import diagnoser as module
from raredxr1.diagnose.calibration import Fitted
from raredxr1.diagnose.result import Result
from raredxr1.errors import InputError

PACKET = {"id": "p", "phenotypicFeatures": [{"type": {"id": "HP:0000733"}}, {"type": {"id": "HP:0000252"}}]}


def opened(folder: Path, monkeypatch: pytest.MonkeyPatch, fit: Fitted | None = None, **options: object) -> Diagnoser:
    monkeypatch.setattr(module, "open_model", lambda path, threads: scripted(fit))
    monkeypatch.setattr(module, "open_names", lambda path, *_: tiny_names(folder))
    return Diagnoser(**options)  # type: ignore[arg-type]


def test_words_files_and_packets_are_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    diagnoser = opened(tmp_path, monkeypatch)
    (tmp_path / "girl.txt").write_text(NOTE, encoding="utf-8")
    (tmp_path / "packet.json").write_text(json.dumps(PACKET), encoding="utf-8")
    results = [diagnoser.diagnose(note) for note in (NOTE, tmp_path / "girl.txt", tmp_path / "packet.json", PACKET)]
    assert [result.input for result in results] == ["text", "girl.txt", "packet.json", "text"]
    assert results[0].candidates == results[1].candidates
    assert results[2].note == results[3].note == "Findings: Motor stereotypy; Microcephaly."


def test_people_get_next_steps_and_crr_where_it_is_better(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = opened(tmp_path, monkeypatch).with_options(form="short")
    assert plain.diagnose(NOTE).next_steps
    assert plain.diagnose(NOTE).crr is None
    better = opened(tmp_path, monkeypatch, fitted(), options=module.Options(form="short"))
    result = better.diagnose(NOTE)
    assert result.crr is not None
    assert result.candidates[0].id == "ORPHA:778"
    asked_not_to = opened(tmp_path, monkeypatch, fitted(), crr=False, options=module.Options(form="short"))
    assert asked_not_to.diagnose(NOTE).crr is None


def test_asked_in_another_way_it_settles_anew_whether_others_are_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CRR measured better for the short form; that says nothing of the full one."""
    short = opened(tmp_path, monkeypatch, fitted(), options=module.Options(form="short"))
    full = short.with_options(form="full")
    assert (short.options.crr, full.options.crr) == ("fusion", None)
    assert full.with_options(form="short").options.crr == "fusion"
    wanted = opened(tmp_path, monkeypatch, fitted(), crr=True, options=module.Options(form="short"))
    assert wanted.with_options(form="full").options.crr == "fusion"
    assert (full.with_options(crr="context").options.crr, short.with_options(crr=None).options.crr) == ("context", None)
    said_how = opened(tmp_path, monkeypatch, options=module.Options(crr="context"))
    assert said_how.options.crr == "context"


def test_a_text_is_held_to_what_holds_for_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    diagnoser = opened(tmp_path, monkeypatch)
    assert diagnoser.diagnose(f"\ufeff{NOTE}\r\nSo far.").note == f"{NOTE}\nSo far."
    for note, said in ((" ", "blank"), ("a" * 200_001, "over 200 kB"), ("12 / 34", "no clinical content")):
        with pytest.raises(InputError, match=f"text: {said}"):
            diagnoser.diagnose(note)


def test_one_finding_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    diagnoser = opened(tmp_path, monkeypatch)
    for note in ("Seizure.", "no seizures", {**PACKET, "phenotypicFeatures": PACKET["phenotypicFeatures"][:1]}):
        result = diagnoser.diagnose(note)
        assert result.candidates
        assert [notice for notice in result.notices if "the ranking rests on little" in notice]
    with pytest.raises(InputError, match="no known finding among them"):
        diagnoser.diagnose("hm")


def test_many_come_in_order_and_a_bad_one_stops_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    diagnoser = opened(tmp_path, monkeypatch, options=module.Options(form="short"))
    answers = list(diagnoser.diagnose_many([NOTE, "", NOTE + " More.", tmp_path / "none.txt"], rows=2))
    kinds = [type(answer) for answer in answers]
    assert kinds == [Result, InputError, Result, InputError]
    alone = diagnoser.diagnose(NOTE)
    first = answers[0]
    assert isinstance(first, Result)
    assert first.candidates == alone.candidates


def test_the_model_reads_the_note_after_replacement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    diagnoser = opened(tmp_path, monkeypatch, deidentify=True)
    result = diagnoser.diagnose(f"Mrs Nora Quill brought her on 3 March 2023. {NOTE}")
    assert result.note.startswith("Mrs [name] brought her on [date].")
    assert all("Quill" not in prompt for prompt in diagnoser.model.engine.prompts)  # type: ignore[attr-defined]
    assert {one.kind for one in result.redactions} == {"name", "date"}


@pytest.mark.slow
def test_importing_the_package_imports_nothing_of_the_product() -> None:
    code = (
        "import sys, raredxr1; "
        "print(sorted({'numpy', 'pydantic', 'ctranslate2', 'raredxr1.diagnose'} & set(sys.modules))); "
        "from raredxr1 import Diagnoser; print(Diagnoser.__name__); "
        "print(sorted({'torch', 'transformers', 'sklearn', 'fhir', 'mcp'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == ["[]", "Diagnoser", "[]"]
    with pytest.raises(AttributeError, match="no attribute 'Diagnosis'"):
        import raredxr1

        raredxr1.Diagnosis  # noqa: B018
