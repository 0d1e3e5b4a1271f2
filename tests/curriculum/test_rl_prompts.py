"""Cases become prompts: each in both tasks, with what the rewards need to know, and where they come from."""

import json
from typing import Any

import pytest
from rl_cases import config

from raredxr1 import dialogue
from raredxr1.curriculum.config import Synthetic
from raredxr1.curriculum.prompts import make_prompts, synthetic_cases
from raredxr1.curriculum.selftest import LEAST, self_test
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import open_cases
from raredxr1.evaluate.leakage import overlaps

RETT = [{"id": "OMIM:312750", "label": "Rett syndrome"}]


@pytest.fixture
def made(judge, tmp_path):
    def make(rows: list[dict[str, Any]], **changes: Any) -> Any:
        path = tmp_path / "cases.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        settings = config("full", **{"cases": [path], "prompt_tokens": 4000, **changes})
        return make_prompts(settings, judge.terms.kb, judge.full.matcher, tmp_path, len)

    return make


def test_every_case_is_asked_in_both_tasks_by_the_one_dialogue(made):
    found = made([{"case_id": "a", "note": "A girl with seizures.", "gold": RETT}])
    assert [(p.task, p.index) for p in found.prompts] == [("differential", 0), ("final", 1)]
    assert found.prompts[1].text == dialogue.render_prompt("A girl with seizures.", "full", "final")


def test_a_case_without_a_note_is_written_from_its_phenotypes(made):
    row = {"case_id": "a", "hpo_observed": ["HP:0001250", "HP:7777777"], "hpo_excluded": ["HP:0001251"], "gold": RETT}
    (prompt, _) = made([row]).prompts
    assert prompt.note == "Findings: Seizure.\nAbsent: Ataxia."
    assert (len(prompt.present), len(prompt.absent)) == (1, 1)


def test_sources_are_told_with_their_split_so_that_evaluation_can_find_overlaps(made):
    rows = [
        {"case_id": "a", "note": "x y", "gold": RETT, "source": "someone/store@1 file.json", "split": "train"},
        {"case_id": "b", "note": "x z", "gold": RETT, "source": "someone/store@1 other.json", "split": "train"},
    ]
    found = made(rows)
    assert found.sources == ["someone/store@1 (split: train)"]
    assert len(found.inputs["cases cases.jsonl"]) == 64


def test_synthetic_patients_have_the_diseases_that_were_taught(made, tmp_path):
    (tmp_path / "taught.json").write_text(json.dumps(["OMIM:312750"]))
    found = made([], cases=[], synthetic=Synthetic(count=3, seed=4).model_dump())
    assert found.cases == 3
    assert all("OMIM:312750" in prompt.gold.ids for prompt in found.prompts)


def test_no_usable_case_is_an_error_that_says_why(made):
    with pytest.raises(InputError, match="no case can be trained on: a gold: names no disease"):
        made([{"case_id": "a", "note": "x", "gold": []}])


def test_the_turns_that_stage_1_teaches_reach_every_reward(made, judge):
    found = made([{"case_id": "a", "note": "x", "gold": RETT}])
    tested = self_test(config("full", self_test=12), judge.full, found.prompts)
    assert tested.turns == 12
    assert all(mean >= LEAST for name, mean in tested.means.items() if name != "length")


def test_rewards_that_gold_turns_do_not_reach_are_named(made, judge, monkeypatch):
    found = made([{"case_id": "a", "note": "x", "gold": RETT}])
    monkeypatch.setitem(judge.full._functions, "grounding", lambda rollout: 0.2)
    with pytest.raises(InputError, match=r"gold turns do not reach their rewards: grounding 0\.20"):
        self_test(config("full", self_test=4), judge.full, found.prompts)


def test_synthetic_patients_are_told_by_their_seed_so_that_others_can_be_evaluated_on(made, rl_kb, tmp_path):
    (tmp_path / "taught.json").write_text(json.dumps(["OMIM:312750"]))
    found = made([], cases=[], synthetic=Synthetic(count=2, seed=5).model_dump())
    for seed, overlap in ((5, True), (6, False)):
        path = tmp_path / f"{seed}.jsonl"
        cases = synthetic_cases(Synthetic(count=2, seed=seed), rl_kb, tmp_path)
        path.write_text("".join(case.model_dump_json() + "\n" for case in cases))
        assert bool(overlaps(open_cases([path], rl_kb), found.sources, found.inputs)) is overlap


def test_notes_are_told_in_registers_where_asked(rl_kb, tmp_path):
    def notes(**shares: float) -> list[str]:
        drawn = Synthetic(count=6, seed=5, **shares)
        return [case.note or "" for case in synthetic_cases(drawn, rl_kb, tmp_path)]

    assert all("Findings:" in note for note in notes(plain_share=1.0, register_share=1.0))
    layouts, registers = notes(plain_share=0.0), notes(plain_share=0.0, register_share=1.0)
    assert sum(map(len, registers)) > sum(map(len, layouts)), "a register tells more around the findings"
    assert not set(layouts) & set(registers)
