"""Acceptance: sixty hand-made trajectories are judged exactly, and each filter by itself."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from trajectories import PATIENTS, TRAJECTORIES, shuffled

from raredxr1 import dialogue
from raredxr1.diagnose.names import Names
from raredxr1.evaluate.matcher import Matcher
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.linking import Linker
from raredxr1.reflect.acceptance import FILTERS, Pool, Shown, judge, leaked, read, ungrounded, wrong_polarity
from raredxr1.reflect.config import Limits
from raredxr1.schemas import DiseaseName
from tiny_knowledge import make_tiny_kb


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    kb = make_tiny_kb(tmp_path_factory.mktemp("kb"))
    return Names(kb, Linker(kb))


@pytest.fixture(scope="module")
def matcher(names: Names) -> Matcher:
    return Matcher(names.kb, names.linker)


@pytest.fixture(scope="module")
def faults(names: Names, matcher: Matcher) -> Callable[..., set[str]]:
    """Judges a text as the turn of one of the patients, and says which filters turn it away."""

    def judged(name: str, text: str, limits: Limits | None = None, gold: str = "", **asked: Any) -> set[str]:
        patient = PATIENTS[name]
        form, task, truncated = asked.get("form", "full"), asked.get("task", "differential"), asked.get("cut", False)
        turn = read(text, patient.note, form, task, truncated, names)
        right = matcher.gold([DiseaseName(id=gold or patient.gold)])
        found = judge(
            text, turn, patient.note, right, matcher, names, limits or Limits(most_words=300), Claims(names.kb),
            patient.shown, patient.observed, patient.excluded,
        )  # fmt: skip
        return {fault.filter for fault in found}

    return judged


@pytest.mark.parametrize("number", range(len(TRAJECTORIES)))
def test_each_trajectory_is_turned_away_for_its_one_reason_or_not_at_all(number, faults):
    one = TRAJECTORIES[number]
    assert faults(one.patient, one.text) == (set() if one.verdict == "ok" else {one.verdict})


def test_the_set_is_what_it_says_and_order_does_not_matter(faults):
    assert len(TRAJECTORIES) == 60
    assert len({one.text for one in TRAJECTORIES}) == 60
    counted = Counter(one.verdict for one in TRAJECTORIES)
    assert counted["ok"] == 15
    assert set(counted) - {"ok"} == set(FILTERS) - {"teacher", "duplicate"}
    assert all(faults(one.patient, one.text) <= {one.verdict} for one in shuffled())


def test_a_right_turn_is_wrong_for_another_patient(faults):
    text = PATIENTS["rett"].turn
    assert faults("rett", text, gold="OMIM:105830") == {"diagnosis"}
    assert faults("rett", text, Limits(within=2), gold="OMIM:105830") == set()


def test_a_truncated_turn_is_malformed(faults):
    assert "format" in faults("rett", PATIENTS["rett"].turn, cut=True)


def test_short_answers_pass_without_any_reasoning(faults):
    for name, expected in (("Marfan syndrome", set()), ("Rett syndrome", {"diagnosis"}), ("", {"diagnosis", "format"})):
        text = f"<answer>\n1. {name}\n</answer>"
        assert faults("marfan", text, form="short", task="final") == expected


def test_claims_that_cannot_be_checked_are_tolerated_up_to_a_share(faults):
    text = PATIENTS["rett"].turn.replace("awaited Seizure", "awaited Love of water", 1)
    assert faults("rett", text) == {"claims"}
    assert faults("rett", text, Limits(unchecked=0.2)) == set()


def test_the_cases_own_annotations_outrank_the_words_around_a_quote(names):
    note = "He has no fear of watery stool."
    turn = dialogue.parse('<think>\nFindings\n1 + "watery stool" = Diarrhea\nHypotheses\n', note)
    turn.findings[0].hpo_id = "HP:0002014"
    assert wrong_polarity(turn, note, names.kb, [], []) != []
    assert wrong_polarity(turn, note, names.kb, ["HP:0002014"], []) == []
    assert wrong_polarity(turn, note, names.kb, [], ["HP:0002014"]) != []


@pytest.mark.parametrize("sign", ["+", "-"])
def test_what_a_note_says_of_a_relative_is_no_finding_of_the_patient(names, sign):
    note = "A boy with ataxia. His mother has seizures."
    turn = dialogue.parse(f'<think>\nFindings\n1 + "ataxia" = Ataxia\n2 {sign} "seizures" = Seizure\n', note)
    faults = wrong_polarity(turn, note, names.kb, [], [])
    assert [fault.split(":")[0] for fault in faults] == (["finding 2"] if sign == "+" else [])


def test_a_quote_that_is_only_a_letter_or_the_whole_note_grounds_nothing():
    note = "A girl " + "who has seizures and ataxia and a small head " * 4
    for quote in ("A", note.strip()):
        turn = dialogue.parse(f'<think>\nFindings\n1 + "{quote}" = Seizure\n', note)
        assert turn.findings[0].span
        assert ungrounded(turn, note, 25) != []


def test_words_of_the_note_are_no_leak():
    shown = Shown(profiles=["X: a big liver and a small head since birth"])
    thought = "<think>\nWeigh\nThe note says a big liver and a small head since birth.\n</think>\n"
    assert leaked(thought, "", shown, [], 6) != []
    assert leaked(thought, "He had a big liver and a small head since birth.", shown, [], 6) == []
    assert (
        leaked("<think>\nWeigh\nA second opinion was asked for.\n", "A second opinion was asked for.", shown, [], 6)
        == []
    )


def test_near_duplicates_need_both_note_and_turn_alike():
    pool = Pool(0.9)
    note, turn = (
        "A girl of three years with seizures and ataxia since birth",
        "she has the one and not the other of them",
    )
    pool.add("OMIM:1", "first", note, turn)
    assert pool.like("OMIM:1", note, turn) == "first"
    assert pool.like("OMIM:1", note.replace("three", "four"), turn) == "first"
    assert pool.like("OMIM:1", "An old man came with a dislocated lens and tall stature", turn) is None
    assert pool.like("OMIM:1", note, "something else altogether is said here now") is None
    assert pool.like("OMIM:2", note, turn) is None
