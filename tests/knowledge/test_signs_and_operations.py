"""Bedside signs, bowels, bladder, waking and exertion in words and figures, and what was operated on."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        ("Chvostek's sign negative, Trousseau positive.", "Chvostek sign", "absent"),
        ("Chvostek's sign negative, Trousseau positive.", "Trousseau sign", "present"),
        ("Carpopedal spasms after a run.", "Tetany", "present"),
        ("BNO 6/7, passing wind.", "Constipation", "present"),
        ("BNO 1/7 after theatre.", "Constipation", None),
        ("He has not opened his bowels for five days.", "Constipation", "present"),
        ("Bladder palpable, catheterised: 750 ml drained, residual 750 ml.", "Urinary retention", "present"),
        ("Bladder scan: residual 40 ml.", "Urinary retention", None),
        ("She wakes at 4 every day.", "Terminal insomnia", "present"),
        ("He drops off early, and he's up at 3.", "Terminal insomnia", "present"),
        ("He gets up at 8.", "Terminal insomnia", None),
        ("She sat up at 4.", "Terminal insomnia", None),
        ("He wakes at 7.", "Terminal insomnia", None),
        ("Waking at 4 months was worst.", "Terminal insomnia", None),
        (
            "Aching in the right arm when hanging washing that settles on resting.",
            "Intermittent claudication",
            "present",
        ),
        ("Left arm claudication.", "Intermittent claudication", "present"),
        ("Karyotype 46,XY. External genitalia: normal female.", "Sex reversal", "present"),
        ("Karyotype 46,XX. Female external genitalia.", "Sex reversal", None),
        ("Karyotype 46,XY. The genitalia are male.", "Sex reversal", None),
        ("Uvula with a midline notch.", "Bifid uvula", "present"),
        ("Upward gaze limited.", "Upgaze palsy", "present"),
        ("He pulls off his toenails.", "Onychotillomania", "present"),
        ("She hardly notices pain.", "Impaired pain sensation", "present"),
        ("She hardly notices pain.", "Pain", None),
        ("Turns away from eggs, cheese and fish.", "Protein avoidance", "present"),
        ("N+V since Sunday.", "Nausea and vomiting", "present"),
        ("URINE\nVolume      4.4 L     raised\n", "Polyuria", "present"),
    ],
)
def test_signs(note: str, term: str, state: str | None, names: Names) -> None:
    assert names.term_id(term), "the test names a term that there is"
    said = {finding.term: finding.state for finding in stated_findings(note, [], names)}
    assert said.get(term) == state, said


@pytest.mark.parametrize(
    ("note", "term", "detail"),
    [
        ("Squint operation at four.", "Strabismus", "past"),
        ("Cleft palate, repaired at a year.", "Cleft palate", "past"),
        ("Patent ductus arteriosus was ligated.", "Patent ductus arteriosus", "past"),
        ("Squint surgery is planned for May.", "Strabismus", None),
        ("Listed for hernia repair.", "Hernia", None),
        ("He squints: strabismus of the left eye.", "Strabismus", None),
    ],
)
def test_what_was_operated_on_was_there_before(note: str, term: str, detail: str | None, names: Names) -> None:
    said = {finding.term: finding.detail for finding in stated_findings(note, [], names) if finding.state == "present"}
    assert term in said
    assert said[term] == detail
