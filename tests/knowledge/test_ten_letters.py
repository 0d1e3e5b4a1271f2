"""Kinds of fault that letters by somebody who did not build the product brought to light: each read as it is meant."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from state_read import state_read


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)


FAMILY = "Family history\nHer aunt Ida, who is 41, has gout. Her first child, Pia (8, who has asthma), is well.\n\n"
MAN = "This 44-year-old man has a murmur. "


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        # whose it is
        (FAMILY, "Asthma", "other"),
        (
            FAMILY + "Mr and Mrs Berg have a son. Their son Aron, 4, is well but for eczema.",
            "Eczematoid dermatitis",
            "other",
        ),
        (MAN + "Their son is well but for eczema.", "Eczematoid dermatitis", "other"),
        (MAN + "His daughter Pia, who is 2, was born with talipes and has asthma.", "Talipes", "other"),
        (MAN + "His daughter Pia, who is 2, was born with talipes and has asthma.", "Asthma", "other"),
        (MAN + "He has two sisters (Ida, 30, who has asthma, and Eva, 41, who is well).", "Asthma", "other"),
        ("Mother: Ann, 31, a nurse. She takes tablets for gout. Baby boy, his tone was low.", "Gout", "other"),
        ("The pregnancy was normal apart from gestational diabetes. He is floppy.", "Diabetes mellitus", "other"),
        (MAN + "You asked whether his scoliosis and the history in the family point to NF1.", "Scoliosis", "uncertain"),
        # what is not there, though a word that denies it is far, and what is though one is near
        ("The weals were never accompanied by wheeze or angioedema.", "Angioedema", "absent"),
        ("He has a narrow palate but no cleft palate, ptosis.", "Ptosis", "present"),
        ("General: pale, jaundiced, NAD.", "Jaundice", "present"),
        ("He could not sleep for two nights (insomnia).", "Insomnia", "present"),
        ("Psoriatic arthritis and gout are not in keeping with the films.", "Gout", "absent"),
        ("Scan: suspected ventricular septal defect.", "Ventricular septal defect", "uncertain"),
        # dangers and what is to be done
        ("The main dangers are aortic dissection and stroke.", "Stroke", "hypothetical"),
        ("Discharge planning\n[x] safe sleep taught\n[ ] hearing aids fitted", "Hearing impairment", "hypothetical"),
        ("Plan\n- Iron 2 mg/kg for iron deficiency", "Decreased circulating iron concentration", "present"),
        # what others called it
        ("She was told that she had endometriosis, but surgery showed none.", "Endometriosis", "absent"),
        ("He was treated for asthma, but I don't think he ever had it.", "Asthma", "absent"),
        ("Previously labelled as lazy and, by a teacher, as autistic.", "Autism", "uncertain"),
        ("Her GP treated her for reflux.", "Gastroesophageal reflux", "uncertain"),
        ("The GP diagnosed hypertension.", "Hypertension", "present"),
        ("Treated for gout for a year, which made no difference.", "Gout", "uncertain"),
        ("She carried several labels. She was later diagnosed with asthma.", "Asthma", "uncertain"),
        ("He was told by another hospital that he had gout.", "Gout", "uncertain"),
    ],
)
def test_a_letter_is_read_as_it_is_meant(note: str, term: str, state: str | None, names: Names) -> None:
    assert state_read(note, term, names) == state
