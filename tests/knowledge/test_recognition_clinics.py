"""What letters of six kinds of clinic got wrong, by kind: results, shorthand, milestones, withdrawn findings."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings
from raredxr1.schemas import Finding, Span

FEBRILE = "Febrile seizure (within the age range of 3 months to 6 years)"


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)  # the rules by themselves


def states(note: str, names: Names) -> dict[str, str]:
    return {finding.term: finding.state for finding in stated_findings(note, [], names)}


RESULTS = [
    ("ANA 1:320, anti-Ro and anti-La positive.", "Antinuclear antibody positivity", "present"),
    ("ANA 1:320, anti-Ro and anti-La positive.", "Anti-Ro/SS-A antibody positivity", "present"),
    ("ANA 1:320, anti-Ro and anti-La positive.", "Anti-La/SS-B antibody positivity", "present"),
    ("AQP4/MOG neg.", "Anti-aquaporin 4 antibody positivity", "absent"),
    ("Rheumatoid factor 12 IU/mL (<14).", "Rheumatoid factor positive", "absent"),
    ("ANA was requested.", "Antinuclear antibody positivity", None),
    ("His sister is ANA positive.", "Antinuclear antibody positivity", "other"),
    ("Anticardiolipin IgG 60 (<20), not confirmed on repeat.", "Anticardiolipin IgG antibody positivity", "absent"),
    ("CSF: clear, glucose 1.9", "Hypoglycorrhachia", "present"),
    ("24 h urine: oxalate 0.9 mmol/d (<0.45), calcium normal.", "Hyperoxaluria", "present"),
    ("24 h urine: oxalate 0.9 mmol/d (<0.45), calcium normal.", "Hypocalcemia", None),
    ("24 h urine: oxalate 0.9 mmol/d (<0.45), calcium normal.", "Hypercalciuria", "absent"),
    ("LH/FSH low.", "Decreased circulating follicle stimulating hormone concentration", "present"),
    ("Testosterone 3.9 (8-30).", "Decreased serum testosterone concentration", "present"),
    ("Tone ↓ axially, plantars ↓↓.", "Hypotonia", "present"),
    ("Tone ↓ axially, plantars ↓↓.", "Babinski sign", "absent"),
    ("Vib sense ↓ to knees.", "Impaired vibration sensation in the lower limbs", "present"),
    ("Vision in both eyes was reduced.", "Reduced visual acuity", "present"),
    ("A boy of 6 years. BW 2.9 kg, length 47 cm, OFC 34 cm.", "Microcephaly", None),
    ("A boy of 6 years. BW 2.9 kg, length 47 cm, OFC 34 cm.", "Short stature", None),
    ("- Eyes: high myopia\n- Teeth: normal\n- Cardiac: echo N", "Abnormality of the dentition", "absent"),
    ("Her vision and hearing are thought to be normal.", "Hearing impairment", "absent"),
    ("Her hearing is expected to be normal.", "Hearing impairment", None),
]
MILESTONES = [
    ("Diagnoses\n1. Hypotonia\n2. Regression from 26 months\n", "Developmental regression", "present"),
    ("Regression\nSpeech was lost first.", "Developmental regression", "present"),
    ("No regression. Walked on time.", "Developmental regression", "absent"),
    ("Regression of the tumour was seen. Speech normal.", "Developmental regression", None),
    ("He had thirty words but has lost them all.", "Loss of speech", "present"),
    ("He had thirty words but has lost all of them.", "Loss of speech", "present"),
    ("No words until three.", "Delayed speech and language development", "present"),
    ("Late talker - no words until 2.", "Delayed speech and language development", "present"),
    ("Did not speak until three.", "Absent speech", None),
    ("She didn't walk until 2.", "Delayed ability to walk", "present"),
    ("- walked at 2 1/2", "Delayed ability to walk", "present"),
    ("Pain after walking 200 m.", "Delayed ability to walk", None),
    ("Refuses all meat, fish and eggs.", "Protein avoidance", "present"),
    ("A vegetarian; does not eat meat or fish.", "Protein avoidance", None),
]
STATES = [
    ("A septal defect was seen on the first scan, not confirmed on the second.", "Ventricular septal defect", None),
    ("Talipes on the antenatal scan, not confirmed at birth.", "Talipes", "absent"),
    ("Seizures were reported, but were not confirmed on repeat video EEG.", "Seizure", "absent"),
    ("Cataract was suspected and later excluded.", "Cataract", "absent"),
    ("Treated for epilepsy, and valproate was later withdrawn.", "Seizure", "present"),
    ("Emergency regimen at the first sign of vomiting, fever or drowsiness.", "Fever", "hypothetical"),
    ("The physiotherapist will review her for contractures.", "Flexion contracture", "hypothetical"),
    ("Plan\n- leaflet given: floaters, loss of vision -> A+E", "Visual loss", "hypothetical"),
    ("Ref: skeletal dysplasia MDT.", "Skeletal dysplasia", "hypothetical"),
    ("Pancreatitis was suspected because of abdominal pain but amylase was normal.", "Abdominal pain", "present"),
    ("# Penicillin allergy (rash)", "Skin rash", "hypothetical"),
    ("- Neck short? - no", "Short neck", "absent"),
    (
        "Children with such conditions may go on to lose their sight, so I have asked my colleagues to see her and "
        "would be grateful for an ERG to look for retinal dystrophy.",
        "Retinal dystrophy",
        "hypothetical",
    ),
]
SHORTHAND = [
    ("CHL 40 dB both sides.", "Conductive hearing impairment", "present"),
    ("Tymps type A, no CHL.", "Conductive hearing impairment", "absent"),
    ("No RAPD.", "Marcus Gunn pupil", "absent"),
    ("Thirsty, ?DI.", "Diabetes insipidus", "uncertain"),
    ("Recurrent stones x3, renal clinic.", "Nephrolithiasis", "present"),
    ("Gallbladder stones.", "Nephrolithiasis", None),
    ("EEG: diffuse slowing of the background.", "EEG with generalized slow activity", "present"),
    ("White patches on his hands.", "Hypopigmented skin patches", "present"),
]

WARD = [
    ("Cannot rise from the floor - Gowers +ve.", "Gowers sign", "present"),
    ("Myotonia: grip & percussion neg.", "Handgrip myotonia", "absent"),
    ("Allergic to Septrin - came out in hives", "Urticaria", "hypothetical"),
    ("Relatives to be screened for aortic dilatation.", "Aortic aneurysm", "hypothetical"),
    ("Fractures: none", "Bone fracture", "absent"),
    ("Heel and toe walk OK.", "Tip-toe gait", None),
    ("NG fed. TOF excluded by contrast.", "Tracheoesophageal fistula", "absent"),
    ("Echo: mitral prolapse of the anterior leaflet.", "Mitral valve prolapse", "present"),
    ("MRC        R     L\nHip flex   3     3+\nFDI        5     5\n", "Muscle weakness", "present"),
    ("MRC        R     L\nHip flex   5     5\nFDI        5     5\n", "Muscle weakness", "absent"),
    ("No fits. Bowels OK.", "Seizure", "absent"),
    ("She had a fit from the low calcium.", "Seizure", "present"),
    ("All of this fits with an overlap. He is fit and well.", "Seizure", None),
]
SIBLINGS = [
    ("1st child: girl, died 6/52, cardiomyopathy. 2nd child: boy, well.", "Cardiomyopathy", "other"),
    ("They lost a baby boy at 4 days with hyperammonaemia.", "Hyperammonemia", "other"),
    ("G3P2: first infant died at 2 months of hypoglycaemia; second is healthy.", "Hypoglycemia", "other"),
    ("2019 - boy, NND day 4, lactic acidosis.", "Lactic acidosis", "other"),
    ("She is the third of four children; the eldest died at 5 with ataxia.", "Ataxia", "other"),
    ("The couple's first child, a girl, had ataxia.", "Ataxia", "other"),
    ("Nobody else has seizures.", "Seizure", "other"),
    ("He is the second child of healthy parents and has ataxia.", "Ataxia", "present"),
    ("She is their first child. Seizures began at 3.", "Seizure", "present"),
    ("The infant died of sepsis.", "Sepsis", "present"),
]
FORM = (
    "I am Leo's mother. Leo is 6.\n\nQ8. Family?\nMe: 36, migraines.\nDad: epilepsy. No one has had a stroke.\n\n"
    "Q9. What worries you most?\nThat a brain tumour will grow.\n\nQ10. Tests?\nLow white cells.\n"
)
FORMS = [
    (FORM, "Migraine", "other"),
    (FORM, "Stroke", "other"),
    (FORM, "Brain neoplasm", "hypothetical"),
    (FORM, "Leukopenia", "present"),
    ("Me: migraines since 1998. I am 52.", "Migraine", "present"),
    ("He was assessed for autism and he does have it.", "Autism", "present"),
    ("She does not yet have liver failure.", "Hepatic failure", "absent"),
    ("This may be due to vitamin E deficiency.", "Decreased circulating vitamin E concentration", "uncertain"),
    ("Penicillin - rash as a baby.", "Skin rash", "hypothetical"),
    ("FEV1 1.02 (44%).", "Reduced forced expiratory volume in one second", "present"),
    ("Wt 51 kg, down 6 kg in a year.", "Weight loss", "present"),
    ("CXR: no effusion.", "Pleural effusion", "absent"),
    ("First words at 2 and a half.", "Delayed speech and language development", "present"),
]
ORGANS = [
    ("Renal ultrasound: kidneys 9 cm, no cysts.", "Renal cyst", "absent"),
    ("Kidneys: bilateral cysts. Liver normal.", "Renal cyst", "present"),
    ("Kidneys normal. A sebaceous cyst on the back.", "Renal cyst", None),
    ("MRI brain: no infarct, no atrophy.", "Brain atrophy", "absent"),
    ("MRI brain: cerebellar atrophy.", "Brain atrophy", None),
    ("Fundi: discs not pale.", "Optic disc pallor", "absent"),
    ("Echo: small pericardial effusion.", "Pericardial effusion", "present"),
    ("Knee: moderate effusion.", "Joint swelling", "present"),
    ("USS: liver looked fatty.", "Hepatic steatosis", "present"),
    ("No cysts.", "Renal cyst", None),
    ("The brain MRI of his sister showed atrophy.", "Brain atrophy", "other"),
    ("Myotonia: grip & percussion neg.", "Myotonia", "absent"),
]
NOT_HAD = "Things I do not have, because people ask: mouth ulcers, dry eyes. I have a rash."
HEADS = [
    (NOT_HAD, "Oral ulcer", "absent"),
    (NOT_HAD, "Keratoconjunctivitis sicca", "absent"),
    (NOT_HAD, "Skin rash", "present"),
    ("NOT: LOC, falls, cognitive decline", "Falls", "absent"),
    ("Rx: propranolol (wheeze -> stopped), sertraline OK", "Wheezing", "hypothetical"),
    ("Rx: tried levetiracetam: irritable, sertraline OK", "Irritability", "hypothetical"),
    ("All: latex (hives). He has a rash.", "Urticaria", "hypothetical"),
    ("All: latex (hives). He has a rash.", "Skin rash", "present"),
    ("About myself. My family: my mother, 70, has a pacemaker and protein in her urine.", "Proteinuria", "other"),
    ("Marrow failure - Fanconi anaemia to be excluded", "Bone marrow hypocellularity", "present"),
    ("Hepatitis viruses and EBV were negative.", "Hepatitis", None),
    ("febrile sz x1 age 2", FEBRILE, "present"),
    ("Retics 12.", "Reticulocytosis", None),
]
CHART = (
    "System    Finding              Y/N\nHeart     aortic stenosis      Y (mild)\n          cardiomyopathy       N\n"
    "Kidney    nephrocalcinosis     N\n"
)
MORE = [
    (CHART, "Aortic valve stenosis", "present"),
    (CHART, "Cardiomyopathy", "absent"),
    (CHART, "Nephrocalcinosis", "absent"),
    ("The first doctor thought it was hepatitis, which it wasn't.", "Hepatitis", "absent"),
    ("She had a rash, which she didn't scratch.", "Skin rash", "present"),
    ("I look after my grandson. I'm fine, though my heart is enlarged.", "Cardiomegaly", "other"),
    ("Para 3: #1 boy alive, #2 girl d. day 3 (sepsis), #3 index.", "Sepsis", "other"),
    ("Parents taught what to do w/ hypoglycaemia.", "Hypoglycemia", "hypothetical"),
    ("Echo d11: EF 48. No effusion.", "Pericardial effusion", "absent"),
    ("- lactate peak 11, ammonia peak 188", "Elevated brain lactate level by MRS", None),
]
GROWTH_CHART = "Growth chart\nage    ht     SDS    wt\n4.0    97.0   -1.1   15.0\n8.1    111.2  -2.9   20.2\n"
GROWTH_PIPES = (
    "| Age | Height | Height SDS | OFC centile |\n|---|---|---|---|\n| 4 | 92 | -2.3 | 9th |\n| 5 | 104 | -1.0 |"
    " 0.4th |\n"
)
MEASURED = [
    (GROWTH_CHART, "Short stature", "present"),
    (GROWTH_PIPES, "Short stature", "absent"),
    (GROWTH_PIPES, "Microcephaly", "present"),
    ("BA 9.5 at CA 12.0.", "Delayed skeletal maturation", "present"),
    ("Bone age 6.2 at age 6.5.", "Delayed skeletal maturation", "absent"),
    ("Specimen: plasma, urine\nAmmonia 140 umol/L (<50)", "Hyperammonemia", "present"),
    ("Neonatal unit summary. Born at 30+1 for pre-eclampsia.", "Preeclampsia", "other"),
    ("A woman of 30 years, who had pre-eclampsia at 32 weeks.", "Preeclampsia", "present"),
    ("Sepsis: suspected early sepsis, cultures negative.", "Sepsis", "uncertain"),
    ("Anaesthetic risk: cord compression.", "Spinal cord compression", "hypothetical"),
    ("Plantars mute.", "Absent speech", None),
    ("Bone age 5 y at 8 y 4 m.", "Delayed skeletal maturation", "present"),
    ("Age: 9 years 1 month\nBone age: 5 years 6 months", "Delayed skeletal maturation", "present"),
    ("A boy of 6 y 2 m. BA 6 y 6 m.", "Delayed skeletal maturation", "absent"),
    ("A boy of 9 years. The bone age was 5 years when he was 5.", "Delayed skeletal maturation", None),
    ("A girl of 6 years, normal height (father 196 cm).", "Tall stature", None),
    ("Head on the 50th centile (mother's OFC 61 cm, father 63 cm).", "Macrocephaly", None),
    ("A girl of 6 years; normal height, father 199 cm.", "Tall stature", None),
    ("BP 108/62 (father 190/115).", "Hypertension", "absent"),
    ("Urine amino acids: generalised increase", "Generalized aminoaciduria", "present"),
    ("Urine calcium:creatinine 1.4 mmol/mmol (<0.7)", "Hypercalciuria", "present"),
    ("Urine calcium:creatinine 1.4 mmol/mmol (<0.7)", "Elevated circulating creatinine concentration", None),
    ("Urine oxalate:creatinine 210 (<80)", "Elevated circulating creatinine concentration", None),
    ("Both wrists are wide.", "Enlargement of the wrists", "present"),
    ("Cupping and fraying of the metaphyses at the knee.", "Metaphyseal cupping", "present"),
    ("Metaphyseal fraying.", "Metaphyseal irregularity", "present"),
    ("MRI brain: no oedema.", "Cerebral edema", "absent"),
    ("CXR: no oedema.", "Pulmonary edema", "absent"),
    ("Ultrasound of the abdomen: no tumour, no bleeding.", "Neoplasm", "absent"),
    ("CT head normal. Heart sounds normal, ankles: no oedema.", "Edema", "absent"),
    ("I could not elicit his knee jerks.", "Absent patellar reflexes", "present"),
    ("I could not elicit his knee jerks.", "Myoclonus", None),
    ("Reflexes could not be elicited.", "Areflexia", "present"),
    ("Ferritin of 6.", "Decreased circulating ferritin concentration", "present"),
    ("ESM 2/6 at LSE.", "Systolic heart murmur", "present"),
    ("bx confirmed CD, GFD since.", "Celiac disease", "present"),
    ("Low copper diet.", "Decreased circulating copper concentration", None),
    ("Tone seems a bit low.", "Hypotonia", "present"),
]


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [*RESULTS, *MILESTONES, *STATES, *SHORTHAND, *WARD, *MEASURED, *SIBLINGS, *FORMS, *ORGANS, *HEADS, *MORE],
)
def test_clinics(note: str, term: str, state: str | None, names: Names) -> None:
    assert states(note, names).get(term) == state


@pytest.mark.parametrize(
    ("note", "term", "detail"),
    [
        ("Febrile convulsions as a toddler, which resolved by age four. EEG normal.", FEBRILE, "past"),
        ("Jaundice needing phototherapy for two days, resolved.", "Jaundice", "past"),
        ("He used to have nosebleeds.", "Epistaxis", "past"),
        ("He no longer has headaches.", "Headache", "past"),
        ("Seizures resolved on valproate but recurred at nine.", "Seizure", None),
        ("The rash has not resolved.", "Skin rash", None),
        ("A rash over both shins.", "Skin rash", None),
        ("Seizures stopped at six. He has had seizures every week since.", "Seizure", None),
        ("Rash and fever, resolved.", "Skin rash", "past"),
        ("Stridor, cough and wheeze, all settled by May.", "Stridor", "past"),
        ("Fever, wheeze, resolved.", "Fever", "past"),
        ("Ataxia and a rash, which settled.", "Ataxia", None),
        ("VSD and PDA, both repaired.", "Ventricular septal defect", "past"),
        ("Scoliosis and squint surgery.", "Scoliosis", None),
        ("Past medical history:\n- asthma\n- eczema, outgrown", "Asthma", None),
        ("Past medical history:\n- asthma\n- eczema, outgrown", "Eczematoid dermatitis", "past"),
        ("Past history of asthma.", "Asthma", None),
        ("PAST, RESOLVED\n- apnoea\n- jaundice\n\nCURRENT\n- asthma", "Apnea", "past"),
        ("PAST, RESOLVED\n- apnoea\n- jaundice\n\nCURRENT\n- asthma", "Asthma", None),
        ("Inactive problems: asthma.", "Asthma", "past"),
        ("Fever to 38.7, resolved.", "Fever", "past"),
        ("Patent ductus arteriosus, closed spontaneously.", "Patent ductus arteriosus", "past"),
        ("He used to snore, doesn't any more.", "Snoring", "past"),
        ("She is used to falls.", "Falls", None),
        ("Migraine as a student, none for 12 years.", "Migraine", "past"),
        ("Migraine (teens, none x8y).", "Migraine", "past"),
        ("Nosebleeds last summer, stopped.", "Epistaxis", "past"),
        ("Seizures, stopped carbamazepine.", "Seizure", None),
        ("A heart murmur heard in infancy was innocent.", "Heart murmur", "past"),
        ("Family history: no epilepsy. Brother has asthma.", "Seizure", "denied"),
        ("Family history: no epilepsy. Brother has asthma.", "Asthma", None),
        ("There is no family history of epilepsy.", "Seizure", "denied"),
        ("No epilepsy.", "Seizure", None),
    ],
)
def test_what_is_over_or_denied_of_others_is_told_beside_the_state(
    note: str, term: str, detail: str | None, names: Names
) -> None:
    found = {finding.term: finding for finding in stated_findings(note, [], names)}
    assert found[term].detail == detail


def test_an_age_is_no_quote_of_a_finding(names: Names) -> None:
    note = "Boy of 8 years. He limps."
    span = Span(start=7, end=14)
    quoted = [Finding(index=1, quote="8 years", term="Seizure", present=True, span=span, hpo_id="HP:0001250")]
    assert "Seizure" not in {finding.term for finding in stated_findings(note, quoted, names)}


@pytest.mark.parametrize(
    "piece",
    [
        *("ANA ", "ANA: ", "anti-Ro antibody titre ", "ANA 5 |", "not walk ", "refuses meat, "),
        *("age ht SDS\n4 92 -2 ", "previous rash, now "),
    ],
)
def test_time_grows_with_the_length_alone(piece: str, names: Names) -> None:
    assert states(piece * 3000, names) is not None
