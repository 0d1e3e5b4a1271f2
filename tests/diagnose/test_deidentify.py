"""What is taken out of a note before anything reads it, and what must stay."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from growth import grows_slower
from raredxr1.diagnose.deidentify import deidentify

LETTER = """Dear Dr. O'Brien,
Re: Nora Quill, DOB 12/03/2019, MRN: 00482913
12 Baker Street, London, NW1 6XE. Tel: 020 7946 0958, nora@mail.example
I saw Nora at Great Oak Hospital on 3rd March 2023. Mrs Quill reports seizures since May 2022.
The grandfather died at 92 years; his passport no. X1234567 was lost.
Yours sincerely,
Pat Lorne"""


@pytest.mark.parametrize(
    "gone",
    ["Nora", "Quill", "O'Brien", "Lorne", "12/03/2019", "3rd March 2023", "May 2022", "00482913", "Baker", "NW1",
     "7946", "nora@", "Great Oak", "92", "X1234567"],
)  # fmt: skip
def test_what_identifies_is_gone(gone: str) -> None:
    assert gone not in deidentify(LETTER).note


def test_what_was_replaced_is_counted_by_kind() -> None:
    done = deidentify(LETTER)
    assert {one.kind for one in done.redactions} == {"name", "date", "id", "address", "contact", "age"}
    assert sum(one.count for one in done.redactions) == len(done.places)
    assert "seizures since [date]" in done.note
    assert "died at [age over 89] years" in done.note


@pytest.mark.parametrize(
    "kept",
    [
        "Angelman syndrome was considered, then Marfan's syndrome and Wilson disease.",
        "Kayser-Fleischer rings; Babinski sign; Charcot-Marie-Tooth disease.",
        "CK 4,200 U/L, platelets 350000, sodium 140 mmol/L, BP 120/80.",
        "HP:0001250 and OMIM:312750, ORPHA:778, PMID:12345678",
        "At 15 months, 2.5 kg, head -3.4 SD; seizures from 3 to 5 years.",
        "A 4-year-old girl was referred to the genetics clinic in 2015.",
        "The girl may walk. Patient: Female, 5 years. Variant c.1234567A>G.",
    ],
)
def test_what_is_clinical_stays(kept: str) -> None:
    assert deidentify(kept).note == kept


def test_a_name_found_once_is_found_again() -> None:
    done = deidentify("Zoltan Kovacs, a 3-month-old boy, is floppy. Kovacs feeds badly. Zoltan sleeps.")
    assert done.note == "[name], a 3-month-old boy, is floppy. [name] feeds badly. [name] sleeps."


@settings(deadline=None)
@given(st.text(max_size=300))
def test_what_is_not_replaced_is_untouched(note: str) -> None:
    done = deidentify(note)
    rest, at = "", 0
    for start, end, _ in done.places:
        assert at <= start < end
        rest, at = rest + note[at:start], end
    assert rest + note[at:] == _without_placeholders(done.note, len(done.places), note)


def _without_placeholders(text: str, places: int, note: str) -> str:
    for kind in ("name", "date", "id", "address", "contact", "age over 89"):
        if f"[{kind}]" not in note:
            text = text.replace(f"[{kind}]", "")
    return text


def test_doing_it_twice_changes_nothing() -> None:
    once = deidentify(LETTER).note
    assert deidentify(once).note == once


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "Aa-",
        "\n",
        "Aa ",
        "Ab van ",
        "James Ab ",
        "12 Ab Ab ",
        "Ab of the ",
        "a.",
        "tel ",
        "mrn  ",
        "Ab is a 3-",
        " ",
    ],
)
def test_the_time_grows_with_the_note_and_no_faster(piece: str) -> None:
    """Eight times the text takes eight times as long, and 64 times with a rule that looks back."""
    assert grows_slower(lambda size: deidentify((piece * (size // len(piece) + 1))[:size]), 4_000, 32_000, times=20)


def test_many_names_are_found_in_no_time_each() -> None:
    names = ["".join(chr(97 + (n // 26**k) % 26) for k in range(5)).capitalize() for n in range(4_000)]
    cleaned = deidentify(" ".join(f"Dr {name} saw {name}," for name in names))
    assert not [name for name in names[::50] if name in cleaned.note]


def test_a_long_address_is_taken_out_whole() -> None:
    long = "a" * 5000
    assert deidentify(f"write to {long}@example.org today").note == "write to [contact] today"
