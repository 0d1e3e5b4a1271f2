"""Slips of the pen, names of persons and places, and words that are something else beside others."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)  # the rules by themselves


def states(note: str, names: Names) -> dict[str, str]:
    return {one.term: one.state for one in stated_findings(note, [], names)}


@pytest.mark.parametrize(
    ("note", "term"),
    [
        ("Known with epilespy and asthma.", "Seizure"),
        ("There is atxaia since spring.", "Ataxia"),
        ("Bilateral nystagmous.", "Nystagmus"),
        ("Troubled by vomitting.", "Vomiting"),
        ("A marked kypho\u00adsis.", "Kyphosis"),
        ("Cough. Otherwise well.", "Cough"),
        ("Falls. Two this week.", "Falls"),
        ("His mother had oligohydramnios.", "Oligohydramnios"),
    ],
)
def test_what_is_meant_is_found(note: str, term: str, names: Names) -> None:
    assert states(note, names)[term] == "present"


@pytest.mark.parametrize(
    ("note", "term"),
    [
        ("Mr. Gout was kind enough to refer her.", "Gout"),
        ("She came by bus from Cough Lane with her aunt.", "Cough"),
        ("I met Poppy Pain, who lives with her gran.", "Pain"),
        ("Amelia is five years old.", "Amelia"),
        ("The absence of seizures is a relief.", "Generalized non-motor (absence) seizure"),
        ("In her first pregnancy his mother had polyhydramnios.", "Polyhydramnios"),
        ("He spoke of ataraxia.", "Ataxia"),
    ],
)
def test_what_is_something_else_is_not_stated(note: str, term: str, names: Names) -> None:
    assert states(note, names).get(term) != "present"


def test_a_finding_behind_an_ordinary_word_with_a_capital_is_no_name(names: Names) -> None:
    assert states("Severe Pain, 3 days.", names)["Pain"] == "present"
    assert states("Absent: seizures, tremor.", names) == {"Seizure": "absent", "Tremor": "absent"}
