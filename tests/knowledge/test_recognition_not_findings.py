"""Words and values that look like a finding and are none, and values that stand without unit or sign between them."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names()


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        ("FVC 80% sitting, 68% supine.", "Delayed ability to sit", None),
        ("FiO2 0.4 sat 94% GCS 15.", "Delayed ability to sit", None),
        ("He sat at 15 months.", "Delayed ability to sit", "present"),
        ("Body hair is no worry so far.", "Hypertrichosis", None),
        ("Increased body hair.", "Hypertrichosis", "present"),
        ("Urine protein is to be checked each year.", "Proteinuria", None),
        ("There was protein in the urine.", "Proteinuria", "present"),
        ("A helmet, since a head injury may harm the ear.", "Self-injurious behavior", None),
        ("MSU WBC >900, mixed growth.", "Leukocytosis", None),
        ("MSU WBC >900, mixed growth.", "Leukopenia", None),
        ("Stool: Na 66, K 28, Cl 139.", "Hyperchloremia", None),
        ("Knee asp WCC 64, no crystals.", "Leukocytosis", None),
        ("CSF protein 0.9, WCC 1.", "Leukopenia", None),
        ("CSF protein 0.9, WCC 1.", "Increased CSF protein concentration", "present"),
        ("Mg 2.1; creatinine 0.8.", "Hypermagnesemia", None),
        ("Mg 1.9 mmol/L.", "Hypermagnesemia", "present"),
        ("She stood up and the room started spinning.", "Vertigo", "present"),
        ("She stood up and the room started spinning.", "Spinning", None),
        ("The left eyelid is jumping.", "Jumping", None),
        ("He keeps jumping up and down.", "Jumping", "present"),
        ("Renal duplex: arteries open.", "Renal duplication", None),
        ("Jaw jerk brisk.", "Myoclonus", None),
        ("NH3, AA, OA and VLCFA normal. Knees fine.", "Osteoarthritis", None),
        ("OA of both knees.", "Osteoarthritis", "present"),
        ("Right pleuritic CP since Monday.", "Chest pain", "present"),
        ("Height 120 cm. No pubertal signs.", "Delayed puberty", None),
        ("Alkaline phosphatase 200.", "Elevated circulating alkaline phosphatase concentration", None),
        ("AST 53, osm 301.", "Elevated circulating aspartate aminotransferase concentration", None),
        ("AST 53, osm 301.", "High serum osmolality", None),
        ("AST 21.", "Elevated circulating aspartate aminotransferase concentration", "absent"),
        ("A boy of 5 years. Born at 39 weeks by section, 3.2 kg, OFC 34.5 cm.", "Microcephaly", None),
        ("A boy of 5 years. Born at term, now OFC 43 cm.", "Microcephaly", "present"),
        ("I am tired of waiting. The eye turns in when she is tired.", "Fatigue", None),
        ("She is always tired.", "Fatigue", "present"),
        ("Gram negative rods with bipolar staining.", "Bipolar affective disorder", None),
        ("Pupils unequal, sluggish.", "Lethargy", None),
        ("HRCT: smooth septal thickening.", "Hypertrophic cardiomyopathy", None),
        ("HRCT: smooth septal thickening.", "Interlobular septal thickening", "present"),
        ("Na 126 K 2.4 Cl 76 HCO3 37 BE +12.", "Hypokalemia", "present"),
        ("Na 126 K 2.4 Cl 76 HCO3 37 BE +12.", "Elevated serum bicarbonate concentration", "present"),
        ("T 39.3 P 118.", "Fever", "present"),
        ("HDL 21.", "Decreased HDL cholesterol concentration", "present"),
        ("IgG 3.2.", "Decreased circulating IgG concentration", "present"),
        ("Calcium 12 in 3 of the tests.", "Hypercalcemia", None),
    ],
)
def test_what_is_no_finding(note: str, term: str, state: str | None, names: Names) -> None:
    assert names.term_id(term), "the test names a term that there is"
    said = {finding.term: finding.state for finding in stated_findings(note, [], names)}
    assert said.get(term) == state, said
