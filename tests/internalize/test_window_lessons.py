"""Windows of marked texts as lessons: what is taught can be read back, and no state is taught wrong."""

import gzip
import json
from pathlib import Path
from random import Random

import pytest

from raredxr1 import dialogue
from raredxr1.cases.draft import Mention
from raredxr1.errors import InputError
from raredxr1.internalize.window_lessons import WindowLessons, marked, read_marked, window_lesson, with_repeats
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.recognition import Recogniser

TEXT = (
    "The boy had seizures and a small head. There was no ataxia. His mother had migraine. Growth was normal. "
    "Seizures began at 3 months."
)


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


def _row(*marks: tuple[str, str], state: str | None = None) -> str:
    annotations = []
    for said, hpo in marks:
        start = TEXT.index(said)
        raw = [str(start), str(start + len(said)), said, hpo]
        stated = {"start": start, "end": start + len(said), "state": state} if state else {"raw": raw}
        annotations.append({"hpo": hpo, **stated})
    return json.dumps({"doc_id": "1", "text": TEXT, "annotations": annotations})


MARKS = (("seizures", "HP:0001250"), ("small head", "HP:0000252"), ("ataxia", "HP:0001251"), ("migraine", "HP:0002076"))


def test_states_of_public_corpora_come_from_the_assertion_engine(kb, tmp_path: Path):
    path = tmp_path / "texts.jsonl.gz"
    path.write_bytes(gzip.compress(_row(*MARKS).encode()))
    (text,) = read_marked(path, kb)
    assert [(kb.term_ids[m.term], m.present) for m in text.mentions] == [
        ("HP:0001250", True),
        ("HP:0000252", True),
        ("HP:0001251", False),  # denied; and the mother's migraine is not the patient's
    ]


def test_stated_states_are_taken_as_they_are(kb, tmp_path: Path):
    path = tmp_path / "texts.jsonl"
    lines = [
        _row(*MARKS[:2], state="absent"),
        _row(MARKS[0], state="hypothetical"),
        _row(("boy", "HP:0000006"), state="present"),
    ]
    path.write_text("\n".join(lines))
    denied, unsaid, inheritance = read_marked(path, kb)
    assert [m.present for m in denied.mentions] == [False, False]
    assert not unsaid.mentions and not inheritance.mentions


@pytest.mark.parametrize("line", ["{}", "[1]", '{"text": "x", "annotations": [{"hpo": "HP:0001250"}]}'])
def test_a_damaged_row_is_named(kb, tmp_path: Path, line: str):
    path = tmp_path / "texts.jsonl"
    path.write_text(_row() + "\n" + line)
    with pytest.raises(InputError, match="line 2"):
        read_marked(path, kb)
    with pytest.raises(InputError, match="cannot be read"):
        read_marked(tmp_path / "none.jsonl", kb)


def test_every_lesson_reads_back_as_what_is_marked(kb, tmp_path: Path):
    path = tmp_path / "texts.jsonl"
    path.write_text(_row(*MARKS))
    (text,) = read_marked(path, kb)
    seen = set()
    for number in range(60):
        prompt, completion = window_lesson(kb, text, Random(number))
        window = dialogue.note_of(prompt)
        assert window in TEXT
        findings, problems = dialogue.parse_reading(completion, window)
        assert not problems and completion.endswith(dialogue.TURN_END)
        inside = [TEXT[m.start : m.end] for m in text.mentions if TEXT[m.start : m.end] in window]
        assert [f.quote for f in findings] == inside
        seen.add(len(findings))
    assert {0, 3} <= seen


def test_empty_windows_are_taught_but_less_often(kb):
    texts = [marked("Nothing is said here. " * 3 + "He has ataxia.", [])]
    rng = Random(1)
    lessons = WindowLessons(kb, texts)
    assert all(lessons.write(rng)[1] == dialogue.NOTHING + dialogue.TURN_END for _ in range(5))
    with pytest.raises(ValueError, match="no text"):
        WindowLessons(kb, [])


def test_a_term_that_is_named_again_is_marked_again(kb):
    start = TEXT.index("seizures")
    text = marked(TEXT, [Mention(kb.term("HP:0001250"), True, start, start + 8)])
    again = with_repeats(text, Recogniser(kb))
    places = [(TEXT[m.start : m.end], m.present) for m in again.mentions]
    assert places == [("seizures", True), ("Seizures", True)]  # and not the head, which nobody marked


def test_of_marks_inside_one_another_the_outermost_stays(kb):
    nails = "aplastic or hypoplastic nails"
    start = (text := f"He has {nails}.").index(nails)
    outer, inner = Mention(1, True, start, start + len(nails)), Mention(2, True, start + 12, start + len(nails))
    assert marked(text, [inner, outer]).mentions == (outer,)
