"""The loop: attempt, judge, reflect, accept, write back; nothing sampled is lost, and nothing is sampled twice."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from scripted import WRONG, ScriptedTeacher, is_review, learns_on_review, who, write_patients
from trajectories import PATIENTS

from raredxr1 import dialogue
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.reflect.attempt_log import Attempt, read_attempts
from raredxr1.reflect.loop import reflect
from raredxr1.reflect.prompts import Written
from raredxr1.reflect.sft_rows import Accepted


def accepted(out: Path) -> list[Accepted]:
    return [Accepted.model_validate_json(line) for line in (out / "accepted.jsonl").read_text().splitlines()]


def numbers(out: Path) -> dict:
    return json.loads((out / "report.json").read_text())


def test_failures_go_back_until_solved_or_the_rounds_end(config):
    teacher = ScriptedTeacher(learns_on_review)
    out = reflect(config(), quiet=True, teacher=teacher)
    by_case = {name: [r for r in read_attempts(out) if r.case_id == name] for name in PATIENTS}
    assert [(r.round, r.kind, r.accepted) for r in by_case["rett"]] == [(0, "attempt", True), (0, "attempt", False)]
    assert {f.filter for f in by_case["rett"][1].rejections} == {"duplicate"}
    assert [(r.round, r.accepted) for r in by_case["marfan"]] == [(0, False), (0, False), (1, True)]
    assert [r.round for r in by_case["zellweger"]] == [0, 0, 1, 2]
    assert not any(r.accepted or r.right for r in by_case["zellweger"])
    report = numbers(out)
    assert report["solved_at"] == {"0": 1, "1": 1, "never": 1}
    assert report["solved_first"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert report["repaired"]["value"] == 0.5
    assert report["tiers"]["easy"] == {"cases": 1, "solved": 1}
    assert report["tiers"]["extreme"] == {"cases": 2, "solved": 1}
    assert report["diseases"] == 3 and report["diseases_covered"] == 2
    assert report["rejections"]["attempt"]["diagnosis"] == 4


def test_what_is_written_back_answers_the_plain_prompt_and_keeps_the_turn_of_thought(config):
    out = reflect(config(mask=0.4), quiet=True, teacher=ScriptedTeacher(learns_on_review))
    rows = {row.case_id: row for row in accepted(out)}
    assert set(rows) == {"rett", "marfan"}
    for name, row in rows.items():
        assert row.prompt == dialogue.render_prompt(PATIENTS[name].note, "full", "differential")
        turn = dialogue.parse(row.completion, PATIENTS[name].note)
        assert turn.problems == []
        assert row.completion.endswith(dialogue.TURN_END)
    assert rows["marfan"].kind == "reflection" and rows["marfan"].thought
    said = dialogue.parse(rows["marfan"].completion, PATIENTS["marfan"].note)
    assert said.weigh.startswith(
        "At first Angelman syndrome, but Angelman syndrome does not explain 1; Marfan syndrome does."
    )
    assert "Angelman syndrome" in {hypothesis.name for hypothesis in said.hypotheses}
    assert rows["rett"].kind == "attempt" and not rows["rett"].thought


def test_a_reflection_prompt_shows_the_failure_with_knowledge_and_opinions(config):
    teacher = ScriptedTeacher(learns_on_review)
    reflect(config(mask_terms=0.0), quiet=True, teacher=teacher)
    plain = [ask for ask in teacher.asked if not is_review(ask)]
    assert all(ask.user == PATIENTS[who(ask)].note and "Opinions" not in ask.user for ask in plain)
    review = next(ask for ask in teacher.asked if is_review(ask) and who(ask) == "marfan")
    assert "Former answer\nAngelman syndrome" in review.user
    assert "Failed: format" in review.user and "the diagnosis" in review.user
    assert "likelihood: Marfan syndrome" in review.user
    assert "similarity: Marfan syndrome" in review.user
    assert "Profiles\nAngelman syndrome: " in review.user, "the former name comes first"
    assert "Marfan syndrome: Arachnodactyly; Aortic root aneurysm" in review.user


def test_the_right_answer_reaches_a_prompt_only_through_knowledge_and_opinions(config):
    teacher = ScriptedTeacher(learns_on_review)
    reflect(config(opinions=[], profiles=0), quiet=True, teacher=teacher)
    for ask in teacher.asked:
        gold = {"rett": "Rett", "marfan": "Marfan", "zellweger": "Zellweger"}[who(ask)]
        assert gold not in ask.user + ask.system


def test_the_hint_is_a_last_round_and_hides_the_answer_among_others(config):
    teacher = ScriptedTeacher(lambda ask: WRONG)
    out = reflect(config(rounds=1, hint="shortlist"), quiet=True, teacher=teacher)
    rows = [row for row in read_attempts(out) if row.kind == "hint"]
    assert {row.round for row in rows} == {2} and len(rows) == 3
    for row in rows:
        names = row.user.rpartition("Shortlist: ")[2].split("; ")
        assert len(names) == 4
        assert sum({"rett": "Rett", "marfan": "Marfan", "zellweger": "Zellweger"}[row.case_id] in n for n in names) == 1
    assert not any("Shortlist" in row.user for row in read_attempts(out) if row.kind != "hint")


@pytest.mark.parametrize("stop_after", [0, 1, 3, 4])
def test_a_run_that_was_killed_goes_on_and_samples_nothing_twice(config, tmp_path, stop_after):
    whole = reflect(config(out=tmp_path / "whole", mask=0.4), quiet=True, teacher=ScriptedTeacher(learns_on_review))
    killed, again = ScriptedTeacher(learns_on_review, stop_after), ScriptedTeacher(learns_on_review)
    settings = config(mask=0.4)
    with pytest.raises(KeyboardInterrupt):
        reflect(settings, quiet=True, teacher=killed)
    with (tmp_path / "run" / "attempts.jsonl").open("ab") as file:
        file.write(b'{"case_id": "marf')  # what a kill leaves of a line
    reflect(settings, quiet=True, teacher=again)
    assert len(killed.asked) + len(again.asked) == len(read_attempts(whole))
    assert killed.asked + again.asked == [ask_of(row) for row in read_attempts(whole)]
    for name in ("attempts.jsonl", "accepted.jsonl"):
        assert (tmp_path / "run" / name).read_bytes() == (whole / name).read_bytes()


def ask_of(row: Attempt):
    from raredxr1.reflect.prompts import Ask

    return Ask(row.system, row.user)


def test_a_complete_run_is_not_run_again_and_other_settings_are_refused(config):
    out = reflect(config(), quiet=True, teacher=ScriptedTeacher(learns_on_review))
    idle = ScriptedTeacher(learns_on_review)
    assert reflect(config(), quiet=True, teacher=idle) == out
    assert idle.asked == []
    with pytest.raises(InputError, match=r"other settings \(attempts\)"):
        reflect(config(attempts=3), quiet=True, teacher=idle)


def test_a_run_begun_with_other_knowledge_or_cases_is_not_gone_on_with(config, tmp_path, knowledge):
    with pytest.raises(KeyboardInterrupt):
        reflect(config(), quiet=True, teacher=ScriptedTeacher(learns_on_review, stop_after=1))
    before = read_attempts(tmp_path / "run")
    newer = tmp_path / "newer.npz"
    arrays = dict(np.load(knowledge))
    text = bytes(arrays["meta"]).replace(b"2024-01-01", b"2025-05-05")
    arrays["meta"] = np.frombuffer(text, arrays["meta"].dtype)
    np.savez(newer, **arrays)
    assert KnowledgeBase(newer).version != KnowledgeBase(knowledge).version
    with pytest.raises(InputError, match="begun with another knowledge"):
        reflect(config(knowledge=newer), quiet=True, teacher=ScriptedTeacher(learns_on_review))
    write_patients(tmp_path / "cases.jsonl", [{"case_id": "new", "note": "x", "gold": [{"label": "Rett syndrome"}]}])
    with pytest.raises(InputError, match="begun with another cases"):
        reflect(config(), quiet=True, teacher=ScriptedTeacher(learns_on_review))
    assert read_attempts(tmp_path / "run") == before, "nothing was lost"


def test_what_a_teacher_does_wrong_is_a_row_with_its_reason(config):
    said = {
        "rett": Written(status="timeout", reason="no answer in 3 s"),
        "marfan": Written(status="refused", reason="the model refused"),
        "zellweger": Written(text="  \n"),
    }
    out = reflect(config(rounds=1), quiet=True, teacher=ScriptedTeacher(lambda ask: said[who(ask)]))
    rows = read_attempts(out)
    assert len(rows) == 9, "two attempts and a reflection a case"
    for row in rows:
        (fault,) = row.rejections
        assert fault.filter == "teacher"
        assert fault.reason == (said[row.case_id].reason or "an empty text")
    assert numbers(out)["kinds"]["attempt"]["failed"] == {"refused": 2, "timeout": 2}
    assert accepted(out) == []


def test_how_good_the_opinions_were_is_kept_and_so_is_what_copying_them_would_repair(config):
    out = reflect(config(mask_terms=0.0), quiet=True, teacher=ScriptedTeacher(learns_on_review))
    rows = read_attempts(out)
    assert {row.advice for row in rows if row.kind == "attempt"} == {None}
    assert {row.advice for row in rows if row.case_id == "marfan" and row.round} == {"first"}
    assert {row.advice for row in rows if row.case_id == "zellweger"} == {None}, "no finding, so no ranking"
    report = numbers(out)
    assert report["advice"]["first"] == {"turns": 1, "right": 1}
    assert report["copied"]["value"] == 0.5
    assert "Copying the first opinion would have repaired 50.0 %" in (out / "report.md").read_text()


def test_without_opinions_there_is_no_word_of_advice(config):
    out = reflect(config(opinions=[]), quiet=True, teacher=ScriptedTeacher(learns_on_review))
    assert all(row.advice is None for row in read_attempts(out))
    assert numbers(out)["advice"] == {} and numbers(out)["copied"] is None
    assert "Copying" not in (out / "report.md").read_text()


def test_synthetic_notes_can_be_of_another_style_than_stage_ones(config, tmp_path):
    from raredxr1 import runstore
    from raredxr1.internalize.config import InternalizeConfig
    from raredxr1.internalize.corpus import taught_diseases
    from raredxr1.knowledge import load
    from raredxr1.reflect.patients import open_patients

    one = InternalizeConfig(out=tmp_path / "one", base="x", tokens=1, diseases=4, plain_share=1.0)
    (tmp_path / "one").mkdir()
    runstore.write_json(
        tmp_path / "one" / "taught.json", [load().disease_ids(d)[0] for d in taught_diseases(load(), 4)]
    )
    done = runstore.Manifest(stage="internalize", config=one.model_dump(mode="json"), seed=0)
    runstore.write_manifest(tmp_path / "one", done)
    notes = {}
    for share in (None, 0.0):
        settings = config(out=tmp_path / f"run {share}", knowledge=None, cases=[], synthetic=8,
                          internalized=tmp_path / "one", case_plain_share=share)  # fmt: skip
        notes[share] = [item.note for item in open_patients(settings, load()).items]
    plain = re.compile(r"(.+\.\n)?Findings: [^\n]+\.(\nAbsent: [^\n]+\.)?")
    assert all(plain.fullmatch(note) for note in notes[None])
    assert not all(plain.fullmatch(note) for note in notes[0.0])


def test_an_answer_in_another_format_is_a_row_too(config):
    out = reflect(config(rounds=0), quiet=True, teacher=ScriptedTeacher(lambda ask: "I think it is Rett syndrome."))
    assert all({"format", "diagnosis"} <= {f.filter for f in row.rejections} for row in read_attempts(out))


def test_cases_that_cannot_be_used_are_listed_with_the_reason(config, tmp_path):
    write_patients(tmp_path / "cases.jsonl", [{"case_id": "no-gold", "note": "A girl.", "gold": []}])
    with (tmp_path / "cases.jsonl").open("a") as file:
        file.write("{torn\n")
    out = reflect(config(), quiet=True, teacher=ScriptedTeacher(learns_on_review))
    rows = [json.loads(line) for line in (out / "unusable.jsonl").read_text().splitlines()]
    assert [row["reason"].split(" ")[0] for row in rows] == ["gold:", "no"]
    assert numbers(out)["unusable"] == 2 and numbers(out)["cases"] == 3
    assert "2 more rows could not be used" in (out / "report.md").read_text()


def test_a_set_without_one_usable_case_is_refused(config, tmp_path):
    (tmp_path / "cases.jsonl").write_text(json.dumps({"case_id": "a", "note": "A girl.", "gold": []}) + "\n")
    with pytest.raises(InputError, match="none of the 1 cases can be used: gold"):
        reflect(config(), quiet=True, teacher=ScriptedTeacher(learns_on_review))


def test_a_full_disk_is_one_clear_error_and_the_run_can_go_on(config, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        reflect(config(), quiet=True, teacher=ScriptedTeacher(learns_on_review, stop_after=1))
    path, kept = tmp_path / "run" / "attempts.jsonl", tmp_path / "kept"
    path.rename(kept)
    path.symlink_to("/dev/full")
    with pytest.raises(InputError, match="No space left on device"):
        reflect(config(), quiet=True, teacher=ScriptedTeacher(learns_on_review))
    path.unlink()
    kept.rename(path)
    out = reflect(config(), quiet=True, teacher=ScriptedTeacher(learns_on_review))
    assert numbers(out)["solved_at"] == {"0": 1, "1": 1, "never": 1}


def test_a_damaged_journal_is_named(config, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        reflect(config(), quiet=True, teacher=ScriptedTeacher(learns_on_review, stop_after=1))
    path = tmp_path / "run" / "attempts.jsonl"
    path.write_text("{}\n" + path.read_text())
    with pytest.raises(InputError, match=r"attempts\.jsonl: line 1 is damaged"):
        reflect(config(), quiet=True, teacher=ScriptedTeacher(learns_on_review))


def test_the_manifest_names_sources_and_splits_as_evaluation_looks_for_them(config, tmp_path):
    more = [
        {
            "case_id": "real", "note": "A girl with ataxia.", "gold": [{"id": "OMIM:105830"}], "split": "train",
            "source": "someone/phenopacket-store@b694d17 notebooks/x.json",
        }
    ]  # fmt: skip
    write_patients(tmp_path / "cases.jsonl", more)
    teacher = ScriptedTeacher(lambda ask: WRONG)
    out = reflect(config(rounds=0), quiet=True, teacher=teacher)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["sources"] == ["cases.jsonl (cases)", "someone/phenopacket-store (split: train)"]
    assert len(manifest["inputs"]["cases.jsonl"]) == 64


def test_the_report_holds_its_tables_and_plots(config, plots):
    out = reflect(config(), quiet=True, teacher=ScriptedTeacher(learns_on_review))
    text = (out / "report.md").read_text()
    for line in ("| 0 | 1 | 1 |", "| 1 | 1 | 1 |", "| never | 1 | 1 |", "| extreme | 2 | 1 |"):
        assert line in text
    assert "accepted per 1,000 tokens" in text and "rollouts/s" in text
    assert (out / "report.png").read_bytes().startswith(b"\x89PNG")
    spent = numbers(out)["kinds"]["reflection"]
    assert spent["accepted"] == 1
    assert spent["yield_per_1000"] == pytest.approx(1000 / (spent["generated"] + spent["read"]), abs=1e-3)
