"""What letters of a stranger got wrong, and stays mended."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings
from raredxr1.schemas import Finding, Span

FEBRILE = "Febrile seizure (within the age range of 3 months to 6 years)"


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names()


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        ("Hearing and vision: no concerns at all.", "Blindness", None),
        ("He can't sweat in the heat.", "Anhidrosis", "present"),
        ("Sats 97% RA. Joints swollen.", "Rheumatoid arthritis", None),
        (
            "Leaflet given on febrile convulsions.",
            "Febrile seizure (within the age range of 3 months to 6 years)",
            "hypothetical",
        ),
        ("She has never had a stroke, a haemorrhage or a brain abscess.", "Brain abscess", "absent"),
        ("She was put on a low calcium formula.", "Hypocalcemia", None),
        ("Echo: narrowing of the aorta above the valve.", "Supravalvular aortic stenosis", "present"),
        ("Echo: narrowing of the aorta above the valve.", "Coarctation of aorta", None),
    ],
)
def test_letters(note: str, term: str, state: str | None, names: Names) -> None:
    assert names.term_id(term), "the test names a term that there is"
    said = {finding.term: finding.state for finding in stated_findings(note, [], names)}
    assert said.get(term) == state, said


def test_a_quote_that_says_nothing_is_no_finding(names: Names) -> None:
    note = "Hearing: no problems."
    at = note.index("no")
    quoted = Finding(
        index=1, present=True, quote="no", term="Hypertonia", hpo_id="HP:0001276", span=Span(start=at, end=at + 2)
    )
    assert all(finding.by != "model" for finding in stated_findings(note, [quoted], names))
