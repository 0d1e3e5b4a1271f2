"""A second note for cases that come as terms: everything is told once, and nothing is invented or lost."""

import json

import pytest
from typer.testing import CliRunner

from raredxr1.cases.paraphrase import Reteller
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.registers.writer import REGISTERS, RegisterWriter
from raredxr1.cli import app
from raredxr1.knowledge import load
from raredxr1.schemas import Case

CASE = Case(
    case_id="one", hpo_observed=["HP:0001250", "HP:0000252", "HP:0001263"], hpo_excluded=["HP:0001251"],
    age="P3Y", sex="female", gold=[{"id": "OMIM:312750", "label": "Rett syndrome"}],
)  # fmt: skip


@pytest.fixture(scope="module")
def writer() -> RegisterWriter:
    return RegisterWriter(Phrases(load()))


def test_the_second_note_is_not_the_plain_one_and_never_names_the_diagnosis(writer):
    for register in REGISTERS:
        told, reason = Reteller(load(), writer, register=register).retell(CASE)
        assert reason == ""
        assert told.note is None, "the first note is still written from the terms"
        assert "Findings:" not in told.note_paraphrased
        assert "rett" not in told.note_paraphrased.casefold()
        assert told.hpo_observed == CASE.hpo_observed


def test_the_same_seed_writes_the_same_note_and_another_seed_another(writer):
    notes = [Reteller(load(), writer, seed).retell(CASE)[0].note_paraphrased for seed in (1, 1, 2)]
    assert notes[0] == notes[1] != notes[2]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"note": "A girl with seizures."}, "note of its own"),
        ({"note_paraphrased": "Fits."}, "second note already"),
        ({"hpo_observed": ["HP:9999999"]}, "no finding"),
    ],
)
def test_what_cannot_or_need_not_be_told_again_stays_as_it_was(writer, changes, reason):
    case = CASE.model_copy(update=changes)
    told, said = Reteller(load(), writer).retell(case)
    assert told == case
    assert reason in said


def run(*arguments: str):
    return CliRunner().invoke(app, ["paraphrase", *arguments])


def test_the_command_keeps_every_row_and_says_how_many_were_told_again(tmp_path):
    rows = [CASE.model_dump() | {"split": "dev"}, {"case_id": "two", "note": "Tall.", "split": "dev", "gold": []}]
    source, out = tmp_path / "cases.jsonl", tmp_path / "told.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"case_id": "three", "split": "train"}]))
    result = run(str(source), "--where", "split=dev", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert "1 of 2 cases told again; 1 kept as they were: has a note of its own" in result.output
    told = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["case_id"] for row in told] == ["one", "two"]
    assert told[0]["note_paraphrased"]
    assert told[0]["split"] == "dev"
    assert run(str(source), "--out", str(out)).exit_code == 2, "a file that is there is not overwritten"


def test_a_damaged_row_is_named_and_nothing_is_written(tmp_path):
    source, out = tmp_path / "cases.jsonl", tmp_path / "told.jsonl"
    source.write_text(CASE.model_dump_json() + "\n{damaged\n")
    result = run(str(source), "--out", str(out))
    assert result.exit_code == 2
    assert "line 2" in result.output
    assert not out.exists()


def test_an_unknown_register_is_refused(tmp_path):
    result = run("cases.jsonl", "--register", "poem", "--out", str(tmp_path / "told.jsonl"))
    assert result.exit_code == 2
    assert "letter" in result.output
