"""A disease that is nothing but a finding of the patient: what has all the findings explains them better."""

import pytest

from raredxr1.diagnose.features import Patient
from raredxr1.diagnose.fused import corrections
from raredxr1.diagnose.names import open_names
from raredxr1.knowledge import load
from raredxr1.knowledge.named_by import restated

RETINITIS, USHER = "ORPHA:791", "ORPHA:886"


def terms(*names: str) -> tuple[int, ...]:
    return tuple(load().term_names.index(name) for name in names)


def test_a_disease_is_restated_by_an_exact_name_of_a_finding_alone() -> None:
    kb = load()
    retinitis, usher = kb.disease(RETINITIS), kb.disease(USHER)
    assert retinitis is not None and usher is not None
    (dystrophy,) = terms("Rod-cone dystrophy")
    assert restated(kb, terms("Rod-cone dystrophy", "Vertigo"), [retinitis, usher]) == {retinitis: dystrophy}
    assert not restated(kb, terms("Nyctalopia", "Vertigo"), [retinitis, usher])


@pytest.mark.parametrize(
    ("present", "listed", "lost"),
    [
        (("Rod-cone dystrophy", "Vestibular areflexia"), 0.0, 2.0),
        (("Rod-cone dystrophy", "Vestibular areflexia"), 0.5, 1.0),
        (("Rod-cone dystrophy",), 0.0, 0.0),
        (("Nyctalopia", "Vestibular areflexia"), 0.0, 0.0),
    ],
)
def test_it_loses_where_the_patient_has_more(present: tuple[str, ...], listed: float, lost: float) -> None:
    patient = Patient(present=terms(*present), listed=listed)
    said = corrections(patient, [RETINITIS, USHER], open_names())
    assert said.get(RETINITIS, 0.0) == -lost
    assert not said.get(USHER)


def test_a_diagnosis_that_the_note_states_loses_nothing() -> None:
    patient = Patient(present=terms("Rod-cone dystrophy", "Vertigo"), diagnosed=frozenset({RETINITIS}))
    assert not corrections(patient, [RETINITIS], open_names()).get(RETINITIS)
