"""Patterns that few notes hold: found as `re` finds them, and not looked for where none of their words stands."""

import re

import pytest

from raredxr1.knowledge.recognition import recogniser
from raredxr1.pattern_syntax import beginnings, needed
from raredxr1.rare_re import latin_words, rare, registered


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        (r"\b(?:urine|wee|dip(?:stick)?)\b", {"urine ", "wee ", "dip"}),
        (r"\bcolou?r", {"colo"}),
        (r"\b(?:the )?[Ll]iver", {"the ", "liver"}),
        (r"(?<![\w/-])(?:MS|K)(?![\w-]|/\w)", {"ms ", "k "}),
        (r"(?<=\bno )worsening|^I(?: am|['’]m)\b", {"worsening", "i "}),
        (r"\b(?:no|nil) stools?", {"no ", "nil "}),
        (r"\b(?:heights?|head (?:size|circumference))\b", {"height", "head "}),
        ("cramp", None),  # within a word
        (r"\b(?:\d+|two) fits", None),
        (r"\b(?:the )?", None),  # matches nothing as well
        (r"\b[a-f]its", None),
    ],
)
def test_what_every_match_begins_with(pattern: str, begins: set[str] | None):
    found = beginnings(pattern)
    assert (found if found is None else set(found)) == begins


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        (r"\b(?:DE?XA|BMD)\b[^.]{0,9}\bscores?\b", [{"score"}, {"bmd", "xa"}]),
        (r"\d{2} ?(?:kg|lbs?)", [{"kg", "lb"}]),
        (r"(?:fits?)?|x", []),
        (r"\b\d\b", []),
    ],
)
def test_what_every_match_has(pattern: str, needs: list[set[str]]):
    assert [set(need) for need in needed(pattern)] == needs


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        (r"\bfits?\b", 0),
        (r"\bfits?\b", re.IGNORECASE),
        (r"(?:un)?fit\b", re.IGNORECASE),
        (r"\bs(?:ki|tre)n+\b|\bkinks?\b", re.IGNORECASE),
        (r"(?<=no )fits(?! and)|\bat\b", 0),
        (r"^fits|\d fits$", re.MULTILINE),
        (r"\bfits?[- ]fits?\b", re.IGNORECASE),
    ],
)
def test_found_as_by_a_compiled_pattern(pattern: str, flags: int):
    one, other = rare(pattern, flags), re.compile(pattern, flags)
    for text in _TEXTS:
        spans = [match.span() for match in other.finditer(text)]
        assert [match.span() for match in one.finditer(text)] == spans
        assert one.findall(text) == [text[start:end] for start, end in spans]
        assert one.sub(lambda match: "_" * len(match[0]), text) == other.sub(lambda match: "_" * len(match[0]), text)
        for start in range(0, len(text), 3):
            for end in range(start, len(text) + 1, 4):
                found, meant = one.search(text, start, end), other.search(text, start, end)
                assert (found and found.span()) == (meant and meant.span())
                assert [m.span() for m in one.finditer(text, start, end)] == [
                    m.span() for m in other.finditer(text, start, end)
                ]


_TEXTS = (
    "no fits and 3 fits",
    "Fits\nfits",
    "FIT-fits fit fits fit",
    "unfit misfit outfits",
    "ſkin, \u212aink, SKIN, skın",
    "éfits_fits 2fits İfits",
    "",
    "Nothing of the kind at night",
)


def test_words_of_a_text_with_their_places():
    assert latin_words("The fit, a \u212aink. THE 2nd the_") == {
        "the": [0, 17, 25],
        "fit": [4],
        "a": [9],
        "kink": [11],
        "nd": [22],
    }


def test_patterns_made_later_are_looked_for_in_a_text_read_before():
    text = "a quixotic note of zebras"
    assert rare(r"\bquixotic\b").search(text)
    assert rare(r"\bzebras?\b").search(text)


def test_an_ordinary_note_runs_few_of_the_patterns():
    assert recogniser
    note = (
        "Dear colleague, thank you for seeing this girl of nine with a long history of tiredness. She was well until "
        "last summer, when she had two seizures. On examination she is thin, with no rash, and her heart is normal."
    )
    tried = [one for one in registered() if one.places(note) is None or len(one.places(note) or ()) > 0]
    assert len(registered()) > 80
    assert len(tried) < len(registered()) / 4
