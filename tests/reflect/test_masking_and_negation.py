"""Masking leaves true statements only; negation is found where notes deny."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raredxr1.dialogue import locate
from raredxr1.knowledge.assertion import Assertion
from raredxr1.reflect.masking import mask_note, negated, said_of, sentences

NOTES = {
    "There was no seizure or ataxia. Microcephaly is seen.": {"seizure": True, "ataxia": True, "Microcephaly": False},
    "Female, 5 years.\nFindings: Seizure; Microcephaly.\nAbsent: Ataxia; Diarrhea.": {
        "Seizure": False, "Microcephaly": False, "Ataxia": True, "Diarrhea": True,
    },
    "She has microcephaly but no seizures, and ataxia was denied.": {"microcephaly": False, "seizures": True,
                                                                     "ataxia": True},
    "He denies deafness. He has a large head.": {"deafness": True, "large head": False},
    "No fever, however there is diarrhea.": {"fever": True, "diarrhea": False},
    "- no seizures\n- ataxia\n- deafness absent\n- split hand: no": {
        "seizures": True, "ataxia": False, "deafness": True, "split hand": True,
    },
    "Pt 3yo F. o/e: small head, ataxia. neg: seizures, deafness.": {"small head": False, "ataxia": False,
                                                                   "seizures": True, "deafness": True},
    "Not only ataxia was seen.": {"ataxia": False},
    "A boy with seizures since infancy\nNot present: ataxia\ndiarrhea\ndeafness.": {"seizures": False, "ataxia": True,
                                                                                 "diarrhea": True, "deafness": True},
    "Nothing is known. Seizures occur.": {"Seizures": False},
    "o/e: small head, w/o ataxia. -ve: seizures, deafness; nil: diarrhea.": {
        "small head": False, "ataxia": True, "seizures": True, "deafness": True, "diarrhea": True,
    },
}  # fmt: skip


@pytest.mark.parametrize("note", NOTES)
def test_what_a_note_denies_is_found(note):
    for quote, denied in NOTES[note].items():
        span = locate(quote, note)
        assert span
        assert negated(note, span) is denied, quote


@pytest.mark.parametrize(
    ("note", "quote", "said"),
    [
        ("She had no seizures so far.", "no seizures so far", Assertion.absent),
        ("Deafness absent, ataxia.", "Deafness absent", Assertion.absent),
        ("Findings: absent speech; ataxia.", "absent speech", Assertion.present),
        ("His mother has seizures.", "seizures", Assertion.other),
        ("MRI was done to rule out macrocephaly.", "macrocephaly", Assertion.uncertain),
    ],
)
def test_a_quote_may_deny_itself_and_what_is_said_of_a_relative_is_not_said_of_the_patient(note, quote, said):
    span = locate(quote, note)
    assert span
    assert said_of(note, span) is said


def test_the_words_of_other_findings_deny_nothing():
    note = "Findings: absent speech, ataxia, short stature."
    speech, ataxia = locate("absent speech", note), locate("ataxia", note)
    assert speech and ataxia
    assert not negated(note, ataxia), "the word belongs to the finding beside it, marked or not"
    assert not negated(note, ataxia, [speech])


@pytest.mark.parametrize("note", NOTES)
def test_masking_never_turns_a_denial_into_an_affirmation(note):
    for seed in range(60):
        masked = mask_note(note, 0.5, Random(seed))
        assert masked
        for quote, denied in NOTES[note].items():
            if span := locate(quote, masked):
                assert negated(masked, span) is denied, (quote, masked)


@given(note=st.text(max_size=200), share=st.floats(0, 0.99), seed=st.integers(0, 99))
def test_masking_only_ever_leaves_out(note, share, seed):
    assert "".join(sentences(note)) == note
    masked = mask_note(note, share, Random(seed))
    assert masked == note or len(masked) <= len(note)
    rest = iter(note)
    assert all(character in rest for character in masked)
    if note.strip():
        assert masked.strip()


def test_the_share_masked_is_about_what_is_asked_for():
    note = " ".join(f"Finding {number} was seen." for number in range(200))
    kept = sum(len(mask_note(note, 0.3, Random(seed))) for seed in range(20)) / (20 * len(note))
    assert kept == pytest.approx(0.7, abs=0.05)
    assert mask_note(note, 0.0, Random(1)) == note
