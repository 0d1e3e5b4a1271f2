"""Values of grown-ups against their narrower ranges, rows under a heading of another fluid, and ranges in words."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)


URINE = (
    "TABLE 3. URINE, 24 h\nTest        Result      Comment\nCalcium     0.7 mmol    LOW (2.5-7.5), repeated\n"
    "Magnesium   6.1 mmol    FEMg 8%: renal wasting\nSodium      140 mmol    \n"
)


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        (URINE, "Hypocalcemia", None),
        (URINE, "Hypocalciuria", "present"),
        (URINE, "Renal magnesium wasting", "present"),
        (URINE, "Hypernatremia", None),
        ("No renal potassium wasting.", "Renal potassium wasting", "absent"),
        ("A man of 41 years. K 3.3, Mg 0.62, ALT 56.", "Hypokalemia", "present"),
        ("A man of 41 years. K 3.3, Mg 0.62, ALT 56.", "Hypomagnesemia", "present"),
        (
            "A man of 41 years. K 3.3, Mg 0.62, ALT 56.",
            "Elevated circulating alanine aminotransferase concentration",
            "present",
        ),
        ("A girl of 3 years. K 3.4, ALT 54.", "Hypokalemia", None),
        ("Age:   41 years. MCV 76.", "Decreased mean corpuscular volume", "present"),
        ("Age:   41 years. MCV 76.", "Increased mean corpuscular volume", None),
        ("A toddler aged 14 months, MCV 76.", "Decreased mean corpuscular volume", None),
        ("CSF: white cells 8, protein 0.3.", "CSF pleocytosis", "present"),
        ("CSF: white cells 2, protein 0.3.", "CSF pleocytosis", "absent"),
        ("Ferritin 2,130 micrograms/L.", "Increased circulating ferritin concentration", "present"),
        ("Ammonia, taken after a meal of meat, was 133 micromol/L (normal below 50).", "Hyperammonemia", "present"),
        ("Ammonia was 88 umol/L (normal up to 50).", "Hyperammonemia", "present"),
        ("A woman of 30 years, BP 92/56.", "Hypotension", "present"),
        ("A woman of 30 years, BP 102/62.", "Hypotension", None),
        ("A boy of 3 years, BP 92/56.", "Hypotension", None),
    ],
)
def test_results(note: str, term: str, state: str | None, names: Names) -> None:
    assert names.term_id(term), "the test names a term that there is"
    said = {finding.term: finding.state for finding in stated_findings(note, [], names)}
    assert said.get(term) == state, said
