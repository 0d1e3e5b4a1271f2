"""What may come in, and how it is said that something may not."""

import pytest

from raredxr1.diagnose.limits import MAX_BYTES, check_little, check_words, decode
from raredxr1.errors import InputError


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "n.txt: empty"),
        (b"a" * (MAX_BYTES + 1), "n.txt: over 200 kB"),
        (b"%PDF-1.7 ...", "n.txt: a PDF that cannot be read"),
        (b"PK\x03\x04...", "n.txt: a damaged or encrypted zip"),
        (b"\x1f\x8b...", "n.txt: gzipped"),
        (b"\xd0\xcf\x11\xe0...", "n.txt: an old (.doc) or encrypted"),
        (b"abc\x00def", "n.txt: binary"),
        (bytes(range(1, 32)) * 10, "n.txt: binary"),
        (bytes(range(256)) * 10, "n.txt: binary"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(data, "n.txt")
    assert str(caught.value).startswith(said)


def test_text_is_read_with_plain_line_ends_and_no_byte_order_mark() -> None:
    assert decode("\ufeffMädchen\r\nein\rJahr".encode(), "n") == "Mädchen\nein\nJahr"
    assert decode(b"a" * MAX_BYTES, "n") == "a" * MAX_BYTES


@pytest.mark.parametrize(
    ("note", "said"),
    [("", "blank"), (" \n\t", "blank"), ("12345 67 8", "no clinical content"), ("?! — …", "no clinical content")],
)
def test_a_note_without_a_word_is_refused(note: str, said: str) -> None:
    with pytest.raises(InputError, match=f"n: {said}"):
        check_words(note, "n")


@pytest.mark.parametrize("note", ["Seizure.", "never walked unaided", "步态异常", "Не ходит самостоятельно"])
def test_words_of_any_script_will_do(note: str) -> None:
    check_words(note, "n")


@pytest.mark.parametrize(
    ("note", "known", "said"),
    [
        ("Seizure.", True, ["The note has only 1 word: the ranking rests on little."]),
        ("Seizures, ataxia", True, ["The note has only 2 words: the ranking rests on little."]),
        ("never walked unaided", False, ["The note has only 3 words: the ranking rests on little."]),
        ("She has never walked unaided and has no words", False, []),
    ],
)
def test_a_short_note_is_taken_and_said_to_be_short(note: str, known: bool, said: list[str]) -> None:
    assert check_little(note, "n", lambda text: known) == said


@pytest.mark.parametrize("note", ["hm", "Hb 9 !!", "foo bar"])
def test_a_word_or_two_that_nobody_knows_are_refused(note: str) -> None:
    with pytest.raises(InputError, match=r"^n: no clinical content \(fewer than 3 words, and no known finding"):
        check_little(note, "n", lambda text: False)
