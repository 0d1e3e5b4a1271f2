"""Words and values that look like a finding and are none, and values that stand without unit or sign between them."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)  # the rules by themselves


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


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        ("A 44 year old man. HR 118, RR 26.", "Tachycardia", "present"),
        ("A 44 year old man. HR 118, RR 26.", "Tachypnea", "present"),
        ("A 4 year old boy. HR 118, RR 26.", "Tachycardia", None),
        ("31 y/o F. T 39.2  P 122  BP 118/70.", "Tachycardia", "present"),
        ("A woman, aged 30, BMI 16.8.", "Decreased body mass index", "present"),
        ("A girl of 6 years, BMI 15.", "Decreased body mass index", None),
        ("A man aged 50, BMI 27.", "Overweight", "present"),
        ("GCS 12 on arrival.", "Reduced consciousness", "present"),
        ("GCS 15.", "Reduced consciousness", "absent"),
        ("Full-scale IQ of 63.", "Intellectual disability, mild", "present"),
        ("Leiter IQ 42.", "Intellectual disability, moderate", "present"),
        ("IQ 103.", "Intellectual disability", "absent"),
        ("Verbal IQ 64.", "Intellectual disability, mild", None),
        ("Baby K, ex 32+5, day 4.", "Premature birth", "present"),
        ("Born by emergency LSCS at 34 weeks.", "Premature birth", "present"),
        ("Born at 39 weeks.", "Premature birth", None),
        ("His sister was born at 29 weeks.", "Premature birth", "other"),
        ("She has lost nearly a stone.", "Weight loss", "present"),
        ("No weight loss.", "Weight loss", "absent"),
        ("Reflexes +++ throughout.", "Hyperreflexia", "present"),
        ("Reflexes ++ throughout.", "Hyperreflexia", None),
        ("MMT: neck flexors 3+, hip flexors 4-, distal 5.", "Neck flexor weakness", "present"),
        ("MMT: neck flexors 3+, hip flexors 4-, distal 5.", "Hip flexor weakness", "present"),
        ("Power 5/5 throughout.", "Muscle weakness", "absent"),
        ("HbA1c 91 today.", "Elevated hemoglobin A1c", "present"),
        ("HbA1c 36 today.", "Elevated hemoglobin A1c", None),
        ("lact 4.7 on the gas.", "Increased circulating lactate concentration", "present"),
        ("He sat at ten months.", "Delayed ability to sit", "present"),
    ],
)
def test_numbers_of_the_bedside(note: str, term: str, state: str | None, names: Names) -> None:
    assert names.term_id(term), "the test names a term that there is"
    said = {finding.term: finding.state for finding in stated_findings(note, [], names)}
    assert said.get(term) == state, said


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        ("Constip, no cardiomyop. Hydroneph on the left.", "Constipation", "present"),
        ("Constip, no cardiomyop. Hydroneph on the left.", "Cardiomyopathy", "absent"),
        ("Constip, no cardiomyop. Hydroneph on the left.", "Hydronephrosis", "present"),
        ("Known hypercholesterol.", "Hypercholesterolemia", "present"),
        ("A paraprotein was looked at again.", "Paraproteinemia", None),
        ("Pharyngo-oesophageal reconstruction.", "Pharyngalgia", None),
        ("He runs fast, and runs about all day.", "Diarrhea", None),
        ("I couldn't sleep for the itch.", "Insomnia", "present"),
        ("Not potty trained at four.", "Impaired toileting ability", "present"),
        ("A picky eater.", "Restrictive eating", "present"),
        ("He pushes up off his knees to stand.", "Gowers sign", "present"),
        ("Takes the stairs one at a time.", "Difficulty climbing stairs", "present"),
        ("Up three times a night to pass urine.", "Nocturia", "present"),
        ("His pyjamas were soaked.", "Night sweats", "present"),
        ("Her lips went blue.", "Cyanosis", "present"),
        ("Gets winded on the hill.", "Exertional dyspnea", "present"),
        ("She was hard to rouse.", "Lethargy", "present"),
        ("Reduced air entry on the left.", "Diminished breath sounds", "present"),
        ("NSVT on the Holter, frequent PVCs.", "Premature ventricular contraction", "present"),
        ("CT: surgical emphysema.", "Emphysema", None),
        ("CT: surgical emphysema.", "Subcutaneous emphysema", "present"),
        ("Born at 35 weeks of gestational age with a cleft lip.", "Premature birth", "present"),
        ("Born at 35 weeks of gestational age with a cleft lip.", "Cleft lip", "present"),
    ],
)
def test_plain_words_and_words_cut_short(note: str, term: str, state: str | None, names: Names) -> None:
    assert names.term_id(term), "the test names a term that there is"
    said = {finding.term: finding.state for finding in stated_findings(note, [], names)}
    assert said.get(term) == state, said
