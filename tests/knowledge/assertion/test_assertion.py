"""What the assertion engine says of findings in annotated notes, and what must not change it.

`notes.txt` has short notes of every kind, `letters.txt` whole letters; both were written for these tests.
"""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from growth import grows_slower
from raredxr1.knowledge.assertion import Assertion, assertions, foremost

HERE = Path(__file__).parent
STATES = {state.value[0]: state for state in Assertion}
_MARK = re.compile(r"\{([^{}=]*)=([pauoh])\}")

Note = tuple[str, str, list[tuple[int, int]], list[Assertion]]


def read(marked: str) -> tuple[str, list[tuple[int, int]], list[Assertion]]:
    """A text, the places of its findings, and what is said there."""
    text, places, said, at = "", [], [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        places.append((len(text), len(text) + len(match[1])))
        text += match[1]
        said.append(STATES[match[2]])
        at = match.end()
    return text + marked[at:], places, said


def notes(name: str) -> list[Note]:
    blocks = re.split(r"(?m)^=== (.*)\n", (HERE / name).read_text(encoding="utf-8"))[1:]
    return [(kind, *read(block.rstrip("\n"))) for kind, block in zip(blocks[::2], blocks[1::2], strict=True)]


NOTES = notes("notes.txt")
LETTERS = notes("letters.txt")
PROSE = [note for note in NOTES if note[0] not in ("tabs", "pipes", "columns", "header table", "boxes", "signs")]


def wrong(note: Note) -> list[tuple[str, str]]:
    _, text, places, said = note
    return [
        (text[a:b], found.value)
        for (a, b), right, found in zip(places, said, assertions(text, places), strict=True)
        if right is not found
    ]


def test_the_sets_are_large_enough_to_tell_something() -> None:
    assert len(NOTES) >= 80
    assert sum(len(note[2]) for note in NOTES) >= 250
    assert {state for note in NOTES for state in note[3]} == set(Assertion)


@pytest.mark.parametrize("note", NOTES, ids=[f"{number}-{note[0]}" for number, note in enumerate(NOTES)])
def test_a_note_is_read_as_a_clinician_reads_it(note: Note) -> None:
    assert not wrong(note)


@pytest.mark.parametrize("note", LETTERS, ids=[note[0] for note in LETTERS])
def test_a_letter_is_read_as_a_clinician_reads_it(note: Note) -> None:
    assert not wrong(note)


# --- what must change nothing ----------------------------------------------------------------------------------------

UNRELATED = (
    "She goes to the local school.",
    "No change was made to the seating plan.",
    "Weight is 23 kg.",
    "The appointment took an hour",
    "Her teacher is Mr. Brown.",
    "Blood pressure 90/60.",
    "Thank you for the referral!",
)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(NOTES), st.sampled_from(UNRELATED))
def test_an_unrelated_line_before_or_behind_changes_nothing(note: Note, line: str) -> None:
    _, text, places, _ = note
    said = assertions(text, places)
    assert assertions(f"{text}\n\n{line}", places) == said
    moved = len(line) + 2
    assert assertions(f"{line}\n\n{text}", [(a + moved, b + moved) for a, b in places]) == said


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([n for n in PROSE if "\n" not in n[1]]), st.sampled_from(UNRELATED[:6]))
def test_an_unrelated_sentence_before_or_behind_changes_nothing(note: Note, sentence: str) -> None:
    _, text, places, _ = note
    said = assertions(text, places)
    full = sentence.rstrip(".") + "."
    ended = text if text.endswith((".", "?")) else text + "."
    assert assertions(f"{ended} {full}", places) == said
    moved = len(full) + 1
    assert assertions(f"{full} {text}", [(a + moved, b + moved) for a, b in places]) == said


@settings(deadline=None, max_examples=80)
@given(
    st.sampled_from([n for n in PROSE if "\n" not in n[1] and len(n[1]) > 80]),  # shorter ones nobody wraps
    st.integers(min_value=45, max_value=100),
)
def test_wrapping_lines_changes_nothing(note: Note, width: int) -> None:
    _, text, places, _ = note
    wrapped, used = "", 0
    for piece in re.split(r"( )", text):
        if piece == " " or used + len(piece) <= width or not used:
            wrapped, used = wrapped + piece, used + len(piece)
        else:
            wrapped, used = f"{wrapped[:-1]}\n{piece}", len(piece)
    assert len(wrapped) == len(text)
    assert assertions(wrapped, places) == assertions(text, places)


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(NOTES))
def test_upper_case_changes_nothing(note: Note) -> None:
    _, text, places, _ = note
    shouted = "".join(c.upper() if len(c.upper()) == 1 else c for c in text)
    assert assertions(shouted, places) == assertions(text, places)


def test_headings_in_capitals_need_no_colon() -> None:
    note = "PMH {tonsillitis=p}, tonsils out.\n\nFH Father {gout=o}.\nAunt {strokes=o}.\nNo {deafness=o}.\n\n"
    note += "EXAM Pale. {Jaundice=p}.\n\nPLAN Gene panel. PEG would be offered for {aspiration=h}."
    text, places, said = read(note)
    assert assertions(text, places) == said


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="aZ0 .,;:?!()[]|\t\n-–•☐☑+x’", max_size=120), st.data())
def test_any_text_is_read(text: str, data: st.DataObject) -> None:
    ends = st.integers(min_value=0, max_value=len(text))
    places = [tuple(sorted(pair)) for pair in data.draw(st.lists(st.tuples(ends, ends), max_size=5))]
    assert len(assertions(text, places)) == len(places)  # type: ignore[arg-type]


UNITS = (
    *("ataxia, ", "no ataxia ", "ataxia\n"),
    *("(ataxia ", "ataxia\t", "[ ] ataxia ", "ataxia? ", "his mother and ataxia "),
    *("ataxia: ", "ataxia was not ", "ataxia and\n", ". ", "......", "     ", "\n", "\t", "ataxia cannot be "),
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_the_time_grows_with_the_length_and_no_faster(unit: str) -> None:
    def work(length: int) -> None:
        text = (unit * (length // len(unit) + 1))[:length]
        assertions(text, [match.span() for match in re.finditer("ataxia", text)] or [(0, 1)])

    assert grows_slower(work, 4_000, 32_000, times=20)


def test_of_several_things_said_the_patient_comes_first() -> None:
    assert foremost([Assertion.other, Assertion.absent, Assertion.present]) is Assertion.present
    assert foremost([Assertion.hypothetical, Assertion.uncertain]) is Assertion.uncertain
