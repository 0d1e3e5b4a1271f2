"""Every row of a case file is evaluated or counted as a miss, with its reason."""

import json
from pathlib import Path

import pytest

from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import Selection, open_cases
from raredxr1.knowledge import load
from tiny_cases import BAD_LINES, CASES, MARFAN, RETT, write_cases


def test_notes_come_from_the_field_or_are_written_from_the_phenotypes(tmp_path: Path) -> None:
    items = open_cases([write_cases(tmp_path / "a.jsonl.gz")], load()).items
    assert [item.key for item in items] == [case["case_id"] for case in CASES]
    assert items[0].note == CASES[0]["note"] and not items[0].written
    assert items[1].written and items[1].note.startswith("Female.\nFindings: ")
    assert items[0].present == ("HP:0002540", "HP:0012171") and items[0].absent == ("HP:0001250",)


def test_rows_that_cannot_be_evaluated_stay_with_their_reason(tmp_path: Path) -> None:
    found = open_cases([write_cases(tmp_path / "a.jsonl", lines=BAD_LINES)], load())
    assert len(found.items) == len(CASES) + len(BAD_LINES)
    errors = {item.key: item.error for item in found.items if item.error}
    assert "no JSON" in errors["a.jsonl line 9"]
    assert "was used on line 1" in errors["a.jsonl line 10"]
    assert errors["no-gold"] == "gold: names no disease"
    assert errors["nothing"] == "neither note nor phenotypes"
    assert len(errors) == 4
    odd = next(item for item in found.items if item.key == "odd-term")
    assert not odd.error and odd.present == ("HP:0001083",)
    assert "HP:9999999 is unknown" in odd.notices[0]


def test_each_trouble_has_a_named_message(tmp_path: Path) -> None:
    warnings = "\n".join(open_cases([write_cases(tmp_path / "a.jsonl", lines=BAD_LINES)], load()).warnings)
    for said in ("a.jsonl line 9", "no-gold: gold: names no disease: counts as a miss", "HP:9999999", "unknown-1"):
        assert said in warnings


def test_warnings_never_repeat_a_note(tmp_path: Path) -> None:
    lines = [json.dumps({"case_id": "x", "note": 7, "gold": [RETT], "secret": "quokka"}), '{"note": "quokka"']
    found = open_cases([write_cases(tmp_path / "a.jsonl", lines=lines)], load())
    assert "quokka" not in "\n".join(found.warnings)


def test_an_id_used_in_two_files_is_named(tmp_path: Path) -> None:
    row = {"case_id": "rett-1", "note": "three words here", "gold": [RETT]}
    paths = [write_cases(tmp_path / "a.jsonl"), write_cases(tmp_path / "b.jsonl", [row])]
    items = open_cases(paths, load()).items
    assert "stands in a.jsonl too" in items[-1].error and items[-1].file == "b.jsonl"


def test_another_text_field_can_be_read(tmp_path: Path) -> None:
    path = write_cases(tmp_path / "a.jsonl", [CASES[3], {**CASES[0], "letter": "A letter about a girl."}])
    paraphrased = open_cases([path], load(), Selection(note_field="note_paraphrased")).items
    assert paraphrased[0].note == CASES[3]["note_paraphrased"]
    assert paraphrased[1].written
    assert open_cases([path], load(), Selection(note_field="letter")).items[1].note == "A letter about a girl."
    with pytest.raises(InputError, match="no case has a field 'leter'"):
        open_cases([path], load(), Selection(note_field="leter"))


def test_negatives_can_be_left_out(tmp_path: Path) -> None:
    row = {"case_id": "m", "hpo_observed": ["HP:0001083"], "hpo_excluded": ["HP:0001250"], "gold": [MARFAN]}
    path = write_cases(tmp_path / "a.jsonl", [row])
    assert "Absent: Seizure." in open_cases([path], load()).items[0].note
    without = open_cases([path], load(), Selection(negatives=False)).items[0]
    assert "Absent" not in without.note and without.absent == ()


def test_rows_can_be_chosen_by_the_value_of_a_field(tmp_path: Path) -> None:
    rows = [{"case_id": f"c{i}", "note": "a b c", "gold": [RETT], "split": split, "mapped": split == "dev"}
            for i, split in enumerate(("train", "dev", "dev"))]  # fmt: skip
    path = write_cases(tmp_path / "a.jsonl", rows, ["{unreadable"])
    for where in (("split=dev",), ("mapped=true",), ("split=dev", "mapped=True")):
        items = open_cases([path], load(), Selection(where=where)).items
        assert [item.key for item in items] == ["c1", "c2", "a.jsonl line 4"]


def test_a_limit_draws_cases_by_seed_in_file_order(tmp_path: Path) -> None:
    path = write_cases(tmp_path / "a.jsonl")
    draws = [[i.key for i in open_cases([path], load(), Selection(limit=3, seed=seed)).items] for seed in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]
    order = [case["case_id"] for case in CASES]
    assert draws[0] == sorted(draws[0], key=order.index)


def test_files_are_named_with_their_hash(tmp_path: Path) -> None:
    path = write_cases(tmp_path / "a.jsonl")
    assert len(open_cases([path], load()).files[0]["sha256"]) == 64
    with pytest.raises(InputError, match="named twice"):
        open_cases([path, path], load())
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(InputError, match="holds no cases"):
        open_cases([tmp_path / "empty.jsonl"], load())
