"""What is taken of an encoder's reading beside the dictionary's: a made-up encoder says what it read."""

import pytest

from raredxr1.diagnose import stated
from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.result import StatedFinding
from raredxr1.knowledge.extraction.encoder_model import STATES
from raredxr1.knowledge.extraction.phrase_linker import TermMatch
from raredxr1.knowledge.extraction.reader import ReadFinding

STAIRS = TermMatch("HP:0003551", "Difficulty climbing stairs", 0.9)
SEIZURE = TermMatch("HP:0001250", "Seizure", 0.9)


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names()


def read(
    note: str, quote: str, term: TermMatch, names: Names, monkeypatch: pytest.MonkeyPatch, state: str = "present"
) -> list[StatedFinding]:
    start = note.index(quote)
    shares = dict.fromkeys(STATES, 0.0) | {state: 0.95}
    finding = ReadFinding(start, start + len(quote), 0.95, term, shares)

    class Reader:
        def read(self, text: str) -> list[ReadFinding]:
            return [finding]

    monkeypatch.setattr(stated, "_reader", Reader)
    return stated.stated_findings(note, [], names)


def said(found: list[StatedFinding]) -> list[tuple[str, str, str]]:
    return [(one.by, one.term, one.state) for one in found]


def test_what_the_dictionary_does_not_know_is_added_with_its_state(names, monkeypatch):
    note = "He lugs himself upstairs."
    assert said(read(note, "lugs himself upstairs", STAIRS, names, monkeypatch)) == [
        ("encoder", "Difficulty climbing stairs", "present")
    ]
    assert said(read(note, "lugs himself upstairs", STAIRS, names, monkeypatch, "other")) == [
        ("encoder", "Difficulty climbing stairs", "other")
    ]
    unsure = TermMatch(STAIRS.hpo_id, STAIRS.label, stated.ADDED / 2)
    assert said(read(note, "lugs himself upstairs", unsure, names, monkeypatch)) == []


def test_the_rules_deny_what_the_encoder_does_not(names, monkeypatch):
    found = read("Family history: lugs himself upstairs (father).", "lugs himself upstairs", STAIRS, names, monkeypatch)
    assert [one.state for one in found] == ["other"]


def test_what_has_a_name_keeps_it_and_what_is_no_finding_stays_none(names, monkeypatch):
    assert said(read("She had seizures.", "seizures", STAIRS, names, monkeypatch)) == [
        ("dictionary", "Seizure", "present")
    ]
    assert said(read("A low calcium formula.", "low calcium", SEIZURE, names, monkeypatch)) == []


def test_figures_are_left_to_the_rules(names, monkeypatch):
    raised = TermMatch("HP:0031956", "Elevated circulating aspartate aminotransferase concentration", 0.9)
    assert said(read("Bloods: XYZ 53.", "XYZ 53", raised, names, monkeypatch)) == []
    assert said(read("Bloods: XYZ up.", "XYZ up", raised, names, monkeypatch)) != []


def test_names_of_persons_and_places_are_none(names, monkeypatch):
    for note, name in (("Stairley was seen by us.", "Stairley"), ("He lives in Stairley now.", "Stairley"),
                       ("Seen with Miss Anne Stairley.", "Anne Stairley")):  # fmt: skip
        assert said(read(note, name, STAIRS, names, monkeypatch)) == []
    assert said(read("Problems:\nStairs\nSleep", "Stairs", STAIRS, names, monkeypatch)) != []


def test_drugs_organs_and_sides_are_none(names, monkeypatch):
    for note, words in (("Thrush, nystatin given.", "nystatin"), ("Dark palms, buccal mucosa.", "buccal mucosa"),
                        ("It is worse and bilateral.", "bilateral")):  # fmt: skip
        assert said(read(note, words, STAIRS, names, monkeypatch)) == []
    assert said(read("The knees lock.", "knees lock", STAIRS, names, monkeypatch)) != []


def test_the_rules_decide_the_state_of_what_has_a_name(names, monkeypatch):
    note = "The seizures came up in talk."
    assert said(read(note, "seizures", SEIZURE, names, monkeypatch, "hypothetical")) == [
        ("dictionary", "Seizure", "present")
    ]


def test_a_symptom_that_was_read_with_its_denial_is_absent_and_a_lack_is_not(names, monkeypatch):
    tremor = TermMatch("HP:0002080", "Intention tremor", 0.9)
    assert said(read("Her hands don't shake.", "hands don't shake", tremor, names, monkeypatch)) == [
        ("encoder", "Intention tremor", "absent")
    ]
    walking = TermMatch("HP:0002540", "Inability to walk", 0.9)
    assert said(read("His legs won't carry him.", "legs won't carry him", walking, names, monkeypatch)) == [
        ("encoder", "Inability to walk", "present")
    ]


def test_a_single_word_must_be_surer(names, monkeypatch):
    sureness = (stated.ADDED + stated.ADDED_WORD) / 2 / 0.95
    unsure = TermMatch(STAIRS.hpo_id, STAIRS.label, sureness)
    assert said(read("He hauls.", "hauls", unsure, names, monkeypatch)) == []
    assert len(read("He hauls up.", "hauls up", unsure, names, monkeypatch)) == 1
