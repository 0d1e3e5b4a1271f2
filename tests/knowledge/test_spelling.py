"""Which words a misspelt word may stand for."""

import pytest

from raredxr1.knowledge.spelling import Vocabulary, acronyms, alike, edits_allowed, opposed

WORDS = Vocabulary(
    ["hypokalemic", "microcephaly", "syndrome", "seizure", "crises", "liposarcoma", "without", "dominant", "neuro",
     "degeneration", "neurodegeneration", "marfan", "dystrophies", "dystrophy"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("word", "readings"),
    [
        ("seizure", {"seizure": 0}),
        ("seizures", {"seizure": 1}),
        ("crisis", {"crises": 1}),
        ("dystrophy", {"dystrophy": 0, "dystrophies": 1}),
        ("microcephally", {"microcephaly": 1}),
        ("mikrocephalyy", {}),  # the part that tells it from macrocephaly is wrong
        ("hyperkalemic", {}),
        ("gliosarcoma", {}),  # two errors at the start make another prefix
        ("dominnat", {}),  # words with an opposite are never misspelt
        ("marfen", {}),  # too short
        ("b12", {}),
    ],
)
def test_readings_of_a_word(word: str, readings: dict[str, int]) -> None:
    assert WORDS.readings(word) == readings


@pytest.mark.parametrize(
    ("one", "other"),
    [("hypotelorism", "hypertelorism"), ("esotropia", "exotropia"), ("abduction", "adduction"), ("typia", "atypia"),
     ("pseudohypoaldosteronism", "pseudohyperaldosteronism"), ("isocoria", "anisocoria")],
)  # fmt: skip
def test_opposites_work_both_ways(one: str, other: str) -> None:
    assert opposed(one, other)
    assert opposed(other, one)


def test_a_plain_misspelling_is_no_opposite() -> None:
    assert not opposed("muscullar", "muscular")


def test_longer_words_may_have_more_errors() -> None:
    assert [edits_allowed("x" * n) for n in (6, 7, 9, 10, 30)] == [0, 1, 1, 2, 2]
    assert edits_allowed("abcdefgh9") == 0


@pytest.mark.parametrize(
    ("words", "respaced"),
    [
        (["neuro", "degeneration"], ["neurodegeneration"]),
        (["micro", "cephaly"], ["microcephaly"]),
        (["seizuresyndrome"], ["seizure", "syndrome"]),
        (["marfan", "syndrome"], ["marfan", "syndrome"]),
        (["unheard"], ["unheard"]),
    ],
)
def test_spaces_are_mended(words: list[str], respaced: list[str]) -> None:
    assert WORDS.respaced(words) == respaced


def test_acronyms_are_words_in_capitals_among_others() -> None:
    assert acronyms("PAPA syndrome and CoA") == ["PAPA", "CoA"]
    assert acronyms("RETT SYNDROME") == []
    assert acronyms("HADDS") == ["HADDS"]


def literal(*words: str) -> dict[str, dict[str, int]]:
    return {word: {word: 0} for word in words}


@pytest.mark.parametrize(
    ("words", "other", "score"),
    [
        ("marfan syndrome", "marfan syndrome", 100),
        ("ataxia seizure", "ataxia and seizure", 100 * (1 - 3 / 29)),
        ("marfan", "marfan syndrome", 100 * (1 - 8 / 20)),
        ("ataxia renal", "ataxia", None),
        ("ataxia", "ataxia renal", None),
        ("ataxia 1", "ataxia 2", None),
        ("complex 1 3", "complex 3 1", None),
        ("ataxia without seizure", "seizure without ataxia", None),
    ],
)
def test_names_are_compared_word_by_word(words: str, other: str, score: float | None) -> None:
    assert alike(words.split(), other.split(), literal(*words.split())) == (score and pytest.approx(score))


def test_a_misspelt_letter_costs_two() -> None:
    assert alike(
        ["marfan", "sindrome"], ["marfan", "syndrome"], {"marfan": {"marfan": 0}, "sindrome": {"syndrome": 1}}
    ) == (pytest.approx(100 * (1 - 2 / 28)))
