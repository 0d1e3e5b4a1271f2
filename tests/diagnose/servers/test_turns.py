"""A foreign model's answer becomes a turn of the one chat format, however it was written."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raredxr1 import dialogue
from raredxr1.diagnose.servers.turns import document, form_of, listed_names, to_turn, turn_lines, without_thinking

NOTE = "Girl of 4 years. She wrings her hands all day and has lost her speech. No seizures."
WHOLE = {
    "findings": [
        {"quote": "wrings her hands", "present": True, "term": "Stereotypic hand movements"},
        {"quote": "No seizures", "present": False, "term": "Seizure"},
    ],
    "hypotheses": [{"name": "Rett syndrome", "supports": [1], "against": [2], "expected": ["Microcephaly"]}],
    "weighing": "Finding 1 decides.",
    "answer": ["Rett syndrome", "Angelman syndrome"],
}


def names(text: str, form: dialogue.Form = "short") -> list[str]:
    return [one.name for one in dialogue.parse(to_turn(text, form), NOTE, form).answer]


def test_a_document_becomes_a_sound_turn() -> None:
    turn = dialogue.parse("\n".join(turn_lines(WHOLE, "full", complete=True)), NOTE, "full")
    assert not turn.problems
    assert [(f.term, f.present, f.span is not None) for f in turn.findings] == [
        ("Stereotypic hand movements", True, True),
        ("Seizure", False, True),
    ]
    (hypothesis,) = turn.hypotheses
    assert (hypothesis.supports, hypothesis.against, hypothesis.awaited) == ([1], [2], ["Microcephaly"])
    assert [one.name for one in turn.answer] == ["Rett syndrome", "Angelman syndrome"]


def test_while_it_is_written_lines_only_grow() -> None:
    text = json.dumps(WHOLE)
    shown: list[str] = []
    for end in range(1, len(text)):
        found = document(text[:end], partial=True)
        if found is not None:
            lines = turn_lines(found, "full", complete=False)
            assert lines[: len(shown)] == shown
            shown = lines
    assert turn_lines(WHOLE, "full", complete=True)[: len(shown)] == shown
    assert any("Rett syndrome | for 1" in line for line in shown)


@pytest.mark.parametrize(
    "text",
    [
        "<answer>\n1. Rett syndrome\n2. Angelman syndrome\n</answer>",
        "Here you are:\n\n1. **Rett syndrome** (OMIM:312750) - hand wringing\n2. **Angelman syndrome**: less likely",
        "- Rett syndrome\n- Angelman syndrome\n",
        "1) Rett syndrome\n   - fits the hand movements\n2) Angelman syndrome\n   - fits less\n",
        '```json\n{"answer": ["Rett syndrome", "Angelman syndrome"]}\n```',
        '{"diagnoses": [{"name": "Rett syndrome", "why": "x"}, {"name": "Angelman syndrome"}]}',
        "Findings:\n1. regression\n2. hands\n\nMy differential:\n1. Rett syndrome (most likely)\n2. Angelman syndrome",
    ],
)
def test_lists_in_any_usual_form_are_read(text: str) -> None:
    assert names(text) == ["Rett syndrome", "Angelman syndrome"]


def test_names_keep_their_own_dashes_colons_and_brackets() -> None:
    said = listed_names("1. Charcot-Marie-Tooth disease type 1A\n2. Trisomy 18 (Edwards syndrome)\n3. 22q11.2 deletion")
    assert said == ["Charcot-Marie-Tooth disease type 1A", "Trisomy 18 (Edwards syndrome)", "22q11.2 deletion"]


def test_prose_is_no_list() -> None:
    assert names("I cannot name a disease from so little.") == []


def test_thoughts_are_kept_apart() -> None:
    assert without_thinking("<think>Could be X.\n1. X</think>\n1. Rett syndrome") == (
        "1. Rett syndrome",
        "Could be X.\n1. X",
    )
    assert without_thinking("Could be X.</think>1. Rett syndrome") == ("1. Rett syndrome", "Could be X.")
    ours = "<think>\nFindings\nHypotheses\nWeigh\nx\n</think>\n<answer>\n1. A\n</answer>"
    assert without_thinking(ours) == (ours, "")


def test_a_prompt_says_what_it_asks_for() -> None:
    assert form_of(dialogue.render_prompt(NOTE, "full", "differential")) == ("full", "differential")
    assert form_of(dialogue.render_prompt(NOTE, "short", "final")) == ("short", "final")
    # a note that holds the line of the other form changes nothing
    other = dialogue.system_line("full", "differential")
    assert form_of(dialogue.render_prompt(f"{NOTE} {other}", "short", "final")) == ("short", "final")


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=300), st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20),
       lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(list(WHOLE)), inner, max_size=5),
       max_leaves=20).map(json.dumps)))  # fmt: skip
def test_anything_is_read(text: str) -> None:
    for form in ("full", "short"):
        without, _ = without_thinking(text)
        dialogue.parse(to_turn(without, form), NOTE, form)  # type: ignore[arg-type]
        if (found := document(text, partial=True)) is not None:
            turn_lines(found, form, complete=False)  # type: ignore[arg-type]
