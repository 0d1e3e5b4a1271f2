"""Windows of a note: nothing is left out, each fits, and what is found does not depend on how they fall."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from raredxr1.diagnose.reading import merged
from raredxr1.diagnose.windows import windows
from raredxr1.schemas import Finding, Span

NOTES = st.text(alphabet=st.sampled_from("ab .\n!;"), max_size=200)


def words(text: str) -> int:
    return len(text.split())


@given(NOTES, st.integers(1, 12), st.sampled_from([words, len]))
def test_every_character_is_covered_in_order_and_every_window_fits(note: str, room: int, count: object) -> None:
    spans = windows(note, room, count)  # type: ignore[arg-type]
    assert (spans[0].start, spans[-1].end) == (0, len(note))
    for one, other in pairwise(spans):
        assert one.start < other.start <= one.end < other.end
    assert all(count(note[span.start : span.end]) <= room for span in spans)  # type: ignore[operator]


def test_windows_end_with_sentences_and_repeat_the_last_one() -> None:
    note = "One two three. Four five six. Seven eight. Nine ten eleven twelve. Ten."
    read = [note[span.start : span.end].strip() for span in windows(note, 8, words)]
    assert read == ["One two three. Four five six. Seven eight.", "Seven eight. Nine ten eleven twelve. Ten."]


def test_lines_end_windows_too() -> None:
    note = "one two\nthree four\nfive six"
    assert [note[s.start : s.end].strip() for s in windows(note, 4, words)] == ["one two\nthree four", "five six"]


def test_a_note_that_fits_is_one_window() -> None:
    assert windows("One. Two.", 2, words) == [Span(start=0, end=9)]


def finding(start: int, end: int, term: str, present: bool = True) -> Finding:
    return Finding(index=1, present=present, quote="x" * (end - start), term=term, span=Span(start=start, end=end))


FINDINGS = st.lists(
    st.builds(
        lambda start, size, term, present: finding(start, start + size, term, present),
        st.integers(0, 30), st.integers(1, 6), st.sampled_from(["Ataxia", "Seizure"]), st.booleans(),
    ),
    max_size=12,
)  # fmt: skip


@given(FINDINGS, st.randoms())
def test_the_order_of_the_windows_changes_nothing(findings: list[Finding], rng: random.Random) -> None:
    shuffled = rng.sample(findings, len(findings))
    assert merged(shuffled) == merged(findings)
    assert [f.index for f in merged(findings)] == [*range(1, len(merged(findings)) + 1)]


def test_a_finding_where_two_windows_overlap_is_found_once() -> None:
    read = merged([finding(10, 16, "Ataxia"), finding(8, 16, "Ataxia"), finding(40, 46, "Ataxia")])
    assert [(f.index, f.span) for f in read] == [(1, Span(start=8, end=16)), (2, Span(start=40, end=46))]


def test_two_terms_of_one_place_both_stay() -> None:
    assert len(merged([finding(8, 16, "Ataxia"), finding(8, 16, "Seizure"), finding(8, 16, "Ataxia", False)])) == 3
