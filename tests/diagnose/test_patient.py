"""What the fusion is told of a note beside the rankings: age, sex, diagnoses made; opinions may fail."""

import numpy as np
import pytest

from crr_product import tiny_names
from raredxr1.diagnose import opinions
from raredxr1.diagnose.already import already_diagnosed
from raredxr1.diagnose.calibration import Sigmoid
from raredxr1.diagnose.features import FEATURES, Patient, features
from raredxr1.diagnose.fused import weigh
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.opinions import Voice, gather, own_voice
from raredxr1.diagnose.person import Person, against, person_of
from raredxr1.diagnose.stated import stated_findings
from raredxr1.errors import InputError
from raredxr1.knowledge import load
from raredxr1.knowledge.course import onset_years


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    return tiny_names(tmp_path_factory.mktemp("kb"))


@pytest.mark.parametrize(
    "note",
    ["A girl with known Rett syndrome has a fever.", "She was diagnosed with Rett syndrome at the age of three."],
)
def test_a_diagnosis_that_is_made_is_found(note: str, names: Names) -> None:
    (found,) = already_diagnosed(note, names)
    assert found.quote == "Rett syndrome"
    assert note[found.start : found.end] == found.quote


@pytest.mark.parametrize(
    "note",
    [
        "No diagnosis of Rett syndrome was made.",
        "Her sister was diagnosed with Rett syndrome.",
        "Rett syndrome is considered.",
        "History of seizures.",
    ],
)
def test_one_that_is_not_hers_or_not_made_is_not(note: str, names: Names) -> None:
    assert already_diagnosed(note, names) == []


def test_age_and_sex_speak_against_diseases_they_do_not_fit() -> None:
    kb = load()
    late, hemophilia = int(np.flatnonzero(onset_years(kb)[0] >= 40)[0]), kb.disease("OMIM:306700")
    assert hemophilia is not None
    assert against(Person(1, "male"), late, kb)["too_young"] > 0.5
    assert against(Person(70, "male"), late, kb)["too_young"] == 0
    assert against(Person(30, "female"), hemophilia, kb)["other_sex"] > 0
    assert against(Person(30, "male"), hemophilia, kb)["other_sex"] == 0
    several = kb.disease("ORPHA:791")  # X-linked in some families only
    assert several is not None
    assert against(Person(30, "female"), several, kb)["other_sex"] == 0
    assert set(against(Person(), hemophilia, kb).values()) == {0.0}


def test_who_the_note_is_about_is_read() -> None:
    person = person_of("A 58-year-old man with a tremor.")
    assert (person.years, person.sex) == (58, "male")


def test_an_opinion_that_fails_changes_no_other(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise InputError("the text ranker is damaged")

    note = "Girl with small head, seizures and repetitive movements."
    whole = gather(note, stated_findings(note, [], names), names)
    monkeypatch.setattr(opinions, "text_ranker", fail)
    partly = gather(note, stated_findings(note, [], names), names)
    assert [one.opinion.silent for one in partly] == ["", "", *["the text ranker is damaged"] * 2, ""]
    assert [one.voice.places for one in partly][:2] == [one.voice.places for one in whole][:2]


def test_probabilities_exclude_each_other_and_leave_room_for_none() -> None:
    fusion = Sigmoid(intercept=0.0, weights={"own_share": 2.0})
    said = weigh(fusion, {"a": {"own_share": 1.0}, "b": {"own_share": 0.0}})
    assert 0 < said["b"] < said["a"] < 1
    assert sum(said.values()) < 1


def test_an_endpoint_joins_the_fit_instead_of_switching_it_off() -> None:
    fusion = Sigmoid(intercept=-1.0, weights={"texts_reciprocal": 3.0, "own_share": 0.0})
    rows = {key: {"texts_reciprocal": 0.0, "own_share": 0.0} for key in "ab"}
    said = weigh(fusion, rows, [(Voice("gpt at https://x", {"b": (1, 0.0), "c": (2, 0.0)}), None)])
    assert said["b"] > said["c"] > said["a"]


def test_a_stated_diagnosis_is_described_though_no_ranking_names_it(names: Names) -> None:
    rows = features(own_voice([], names), -1, [], Patient((), Person(), frozenset({"OMIM:312750"})), names.kb)
    assert rows["OMIM:312750"]["stated"] == 1
    assert set(rows["OMIM:312750"]) == set(FEATURES)
