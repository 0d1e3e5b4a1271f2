"""What letters plan, exclude or call normal, and of whom and of which side: read as they mean it."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings
from state_read import state_read

CK = "Elevated circulating creatine kinase concentration"


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)  # the rules by themselves


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        ("As a boy he was tested for coeliac disease, which was excluded.", "Celiac disease", "absent"),
        ("She had asthma, which was excluded from the trial's count.", "Asthma", "present"),
        ("The school raised the question of autism, but testing did not support this diagnosis.", "Autism", "absent"),
        ("Autism was queried, but the team did not confirm it.", "Autism", "absent"),
        (
            "An echo was asked for, as heart defects and deafness can be associated.",
            "Hearing impairment",
            "hypothetical",
        ),
        (
            "An echo was asked for, as heart defects and deafness can be associated.",
            "Abnormal heart morphology",
            "hypothetical",
        ),
        ("A bone scan is requested since osteoporosis is described.", "Osteoporosis", "hypothetical"),
        (
            "Renal ultrasound ordered because nephrocalcinosis is a recognised complication.",
            "Nephrocalcinosis",
            "hypothetical",
        ),
        ("An EEG was ordered because seizures are described by the nursery.", "Seizure", "present"),
        ("He went to psychiatry, where no disorder was found.", "Atypical behavior", None),
        ("Neutrophils 0.2 x10^9/L, platelets 300 x10^9/L.", "Neutropenia", "present"),
        ("Eosinophils 2.9 x 10e9/l.", "Eosinophilia", "present"),
        ("Lymphocytes 600 x10^6/L.", "Lymphopenia", "present"),
        ("CD3+ 80 /uL (low)\nCD19+ 410 /uL (normal)", "T lymphocytopenia", "present"),
        ("CD3+ 80 /uL (low)\nCD19+ 410 /uL (normal)", "B lymphocytopenia", "absent"),
        ("CD16/56 NK    4 /uL", "Reduced natural killer cell count", "present"),
        ("The infiltrate was of CD3 positive cells, CD20 0.", "T lymphocytopenia", None),
        ("Eczema that does not clear with creams.", "Eczematoid dermatitis", "present"),
        ("Hives which never settled.", "Urticaria", "present"),
        (
            "On the forearm test lactate failed to rise.",
            "Failure to elevate lactate upon ischemic exercise test",
            "present",
        ),
        ("On the forearm test ammonia rose normally.", "Hyperammonemia", None),
        ("JPS lost at the toes.", "Impaired proprioception", "present"),
        ("Joint position sense was normal.", "Impaired proprioception", "absent"),
        ("Puffy hands since May, now tightening of fingers and face.", "Moon facies", None),
        ("Puffy fingers. Mouth opening reduced.", "Trismus", "present"),
        ("Mouth opening reduced.", "Open mouth", None),
        ("Abdomen: liver 1 cm, no spleen.", "Splenomegaly", "absent"),
        ("Abdomen: liver 1 cm, no spleen.", "Hepatomegaly", "absent"),
        ("Abdomen: liver 1 cm, no spleen.", "Asplenia", None),
        ("On the scan no spleen was seen.", "Asplenia", "present"),
        ("DOE 2 flights for 3 mo.", "Exertional dyspnea", "present"),
        ("Factor XI 31 U/dL (70-150).", "Reduced factor XI activity", "present"),
        ("FVIII 3 %.", "Reduced factor VIII activity", "present"),
        ("Factor IX 95 %.", "Reduced factor IX activity", "absent"),
        (
            "Hearing aids since three (moderate, bilateral, sensorineural).",
            "Bilateral sensorineural hearing impairment",
            "present",
        ),
        ("Hearing loss, probably sensorineural.", "Sensorineural hearing impairment", "present"),
        ("The hearing loss is conductive, not sensorineural.", "Sensorineural hearing impairment", None),
        (
            "ERG: rod responses extinguished, cone responses delayed.",
            "Undetectable dark-adapted electroretinogram",
            "present",
        ),
        (
            "ERG: rod responses extinguished, cone responses delayed.",
            "Undetectable light-adapted electroretinogram",
            None,
        ),
        ("Hypopara since seven; enamel chalky.", "Hypoparathyroidism", "present"),
        ("Hypopara since seven; enamel chalky.", "Enamel hypomineralization", "present"),
        ("# wrist Feb after a fall, wt up 2 stone, off sick.", "Bone fracture", "present"),
        ("# wrist Feb after a fall, wt up 2 stone, off sick.", "Increased body weight", "present"),
        ("# wrist Feb after a fall, wt up 2 stone, off sick.", "Nausea", None),
        ("Bruises if you look at her, BP 172/104.", "Hypertension", "present"),
        ("Cortisol after 1 mg dex 430.", "Increased circulating cortisol level", "present"),
        ("Cortisol after 1 mg dex 31.", "Increased circulating cortisol level", None),
        ("UFC x2: 780 and 910 nmol/24h (<165)", "Increased urinary cortisol level", "present"),
        ("ACTH <2 ng/L", "Decreased circulating ACTH concentration", "present"),
        ("DEXA -3.2, K+ 2.8 in May.", "Reduced bone mineral density", "present"),
        ("DEXA -3.2, K+ 2.8 in May.", "Hypokalemia", "present"),
        ("cant get out of the chair w/o help, face got rounder", "Proximal muscle weakness", "present"),
        ("cant get out of the chair w/o help, face got rounder", "Round face", "present"),
        ("A left atrial myxoma was removed.", "Cardiac myxoma", "present/past"),
        ("pCO2 18", "Hypocapnia", "present"),
        ("He responds to pain only.", "Pain", None),
        ("He had a run of fits at five days.", "Seizure", "present"),
        ("Fits and blue spells.", "Seizure", "present"),
        ("It all fits a pattern, and that fits in well.", "Seizure", None),
        ("IgA 3.4 (0.3-1.9) IgE 2100.", "Increased circulating IgE concentration", "present"),
        ("Clubbed. Fine crackles.", "Clubbing", "present"),
        ("Her hair went grey at 23.", "Premature graying of hair", "present"),
        ("Her hair went grey at 53.", "Premature graying of hair", None),
        ("SpO2 95% at rest, 84% after 6MWT.", "Oxygen desaturation on exertion", "present"),
        ("FVC 71%, TLCO 40%.", "Decreased DLCO", "present"),
        ("CT: subpleural reticulation.", "Reticular pattern on pulmonary HRCT", "present"),
        ("A white patch on the side of the tongue.", "Oral leukoplakia", "present"),
        ("A white patch on the side of the tongue.", "Hypopigmented skin patches", None),
        ("Swirls of brown on the flank.", "Hyperpigmented streaks", "present"),
        ("MPV 5.1 fL (7-11)", "Decreased mean platelet volume", "present"),
        ("Carpal tunnel release on both sides.", "Constrictive median neuropathy", "present"),
        ("The ECG has low voltages. NT-proBNP 3,100.", "Decreased QRS voltage", "present"),
        ("The ECG has low voltages. NT-proBNP 3,100.", "Increased circulating NT-proBNP concentration", "present"),
        ("BP lying 122/74 standing 88/52", "Orthostatic hypotension", "present"),
        ("BP 124/76 supine, 100/64 after 3 min standing", "Orthostatic hypotension", "present"),
        ("BP lying 122/74 standing 120/76", "Orthostatic hypotension", "absent"),
        ("Diarrhoea, then bunged up for days.", "Constipation", "present"),
        ("MRI: caudate heads flat.", "Caudate atrophy", "present"),
        ("MRI: caudate heads flat.", "Plagiocephaly", None),
        ("Short: 94 cm (<0.4th).", "Short stature", "present"),
        ("FGF23 intact 168 (N<50)", "Elevated circulating fibroblast growth factor 23 concentration", "present"),
        ("I saw this girl, Amelia. Amelia's brother is well.", "Amelia", None),
        ("On the scan amelia of the left arm.", "Amelia", "present"),
        (
            "MRI: high T2 signal of the occipital white matter.",
            "Hyperintensity of cerebral white matter on MRI",
            "present",
        ),
        ("His handwriting has gone downhill.", "Dysgraphia", "present"),
        ("She could not copy a cube.", "Impaired visuospatial constructive cognition", "present"),
        ("Tone slightly up in the legs.", "Hypertonia", "present"),
        ("PMH: nil. ADHD ?as a kid.", "Attention deficit hyperactivity disorder", "uncertain"),
        ("Asthma ?when small, eczema.", "Eczematoid dermatitis", "present"),
        ("Asthma as a child (grown out of it).", "Asthma", "present/past"),
        (
            "Small PDA on the first echo, closed on repeat echo at two weeks.",
            "Patent ductus arteriosus",
            "present/past",
        ),
        ("Urine glucose, amino acids: normal.", "Glycosuria", "absent"),
        ("Urine glucose, amino acids: normal.", "Aminoaciduria", "absent"),
        ("Plasma glucose, amino acids: normal.", "Aminoaciduria", None),
        ("This is not MS. Her early cataracts need a cause.", "Cataract", "present"),
        ("Seen by Ms. Holt for cataracts.", "Cataract", "present"),
        ("MRI head: occipital oedema.", "Cerebral edema", "present"),
        ("Ddx GBS (unlikely), thyrotoxic (TFT N), cord lesion.", "Abnormality of thyroid physiology", "absent"),
        ("Ddx GBS (K low), cord lesion.", "Hypokalemia", "present"),
        ("Father: normal hearing.", "Hearing impairment", "other/denied"),
        ("Father: hearing loss.", "Hearing impairment", "other"),
        ("R retina: retinal tear. L retina: no retinal hole.", "Retinal hole", None),
        ("A retinal tear was sealed; no retinal hole in either eye.", "Retinal hole", "absent"),
    ],
)
def test_states(note: str, term: str, state: str | None, names: Names) -> None:
    assert state_read(note, term, names) == state


@pytest.mark.parametrize(
    ("note", "term", "quote"),
    [
        ("K 2.9 on arrival, K 1.9 at noon, after the drip K 3.2.", "Hypokalemia", "K 1.9"),
        ("CK 480 on day one, CK 21000 on day two, CK 900 on leaving.", CK, "CK 21000"),
        ("Hypoglycaemia at night. Glucose 1.1 mmol/L.", "Hypoglycemia", "Hypoglycaemia"),
        ("Glucose 2.0 mmol/L, later glucose 30 mg/dL.", "Hypoglycemia", "Glucose 2.0 mmol/L"),
    ],
)  # fmt: skip
def test_the_worst_of_a_course_is_quoted(note: str, term: str, quote: str, names: Names) -> None:
    assert {one.term: one.quote for one in stated_findings(note, [], names)}[term] == quote


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        ("Sats 92% on air.", "Hypoxemia", "present"),
        ("O2 sats 98% on air.", "Hypoxemia", "absent"),
        ("Transferrin saturation 92%.", "Hypoxemia", None),
        ("Lactate 8.1 mmol/L, pH 7.21.", "Lactic acidosis", "present"),
        ("Lactate 8.1 mmol/L, pH 7.40.", "Lactic acidosis", None),
        ("Lactate 1.0 mmol/L, pH 7.21.", "Lactic acidosis", None),
        ("Her urine, left to stand, had become the colour of port wine.", "Dark urine", "present"),
        ("His wee looked like blood.", "Red urine", "present"),
        ("The urine was tested for red cells.", "Red urine", None),
        ("One night she saw insects on the ceiling.", "Visual hallucination", "present"),
        ("She saw children in the park.", "Visual hallucination", None),
        ("The sodium was blamed on SIADH.", "Inappropriate antidiuretic hormone secretion", "present"),
        ("MoCA 19/30.", "Cognitive impairment", "present"),
        ("MMSE 29/30.", "Cognitive impairment", "absent"),
        ("Power: UL prox 3/5 dist 4/5.", "Proximal muscle weakness in upper limbs", "present"),
        ("Power: UL prox 3/5 dist 4/5.", "Distal upper limb muscle weakness", "present"),
        ("Power in the legs 2/5 proximally.", "Proximal muscle weakness in lower limbs", "present"),
        ("Pain in the legs 4/5.", "Lower limb muscle weakness", None),
        ("Neck flex 4/5.", "Neck flexor weakness", "present"),
        ("LL prox 1/5, power 4+/5 throughout an hour later.", "Muscle weakness", None),
        ("ECG: U waves, flat T.", "Prominent U wave", "present"),
        ("ECG: U waves, flat T.", "Abnormal T-wave", "present"),
        ("Thick saliva.", "Abnormality of salivation", "present"),
        ("Tone dec.", "Hypotonia", "present"),
        ("He hugs himself when pleased.", "Self hugging", "present"),
        ("First words came after her third birthday.", "Delayed speech and language development", "present"),
        (
            "She was putting two words together before her second birthday.",
            "Delayed speech and language development",
            None,
        ),
        ("Cupping, splaying and fraying of the metaphyses.", "Metaphyseal cupping", "present"),
        ("Cupping, splaying and fraying of the metaphyses.", "Flared metaphysis", "present"),
        ("No cupping or fraying of the metaphyses.", "Metaphyseal cupping", "absent"),
        ("1,25-(OH)2 vit D    180 pmol/L    55 - 140", "High serum calcitriol", "present"),
        ("TmP/GFR 0.8 mmol/L (low for age).", "Renal phosphate wasting", "present"),
        ("Left vitreous: optically empty behind a retrolental membrane.", "Optically empty vitreous", "present"),
        ("Left vitreous: optically empty behind a retrolental membrane.", "Membranous vitreous appearance", "present"),
        ("Age 20 months. Only four teeth.", "Delayed eruption of teeth", "present"),
        ("Age 20 months. Only four teeth.", "Oligodontia", None),
        ("Age 14 years. Only four teeth.", "Oligodontia", "present"),
        ("She attends a special school.", "Intellectual disability", "present"),
        ("A full-scale IQ in the region of 55.", "Intellectual disability, mild", "present"),
        ("He has a severe learning disability.", "Intellectual disability, severe", "present"),
    ],
)
def test_what_was_missed(note: str, term: str, state: str | None, names: Names) -> None:
    assert state_read(note, term, names) == state


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        (
            "She did not say a word until after her third birthday.",
            "Delayed speech and language development",
            "present",
        ),
        ("Asthma as a toddler, which she has grown out of.", "Asthma", "present/past"),
        ("Gout excluded 2019.", "Gout", "absent"),
        ("MRI brain: occipital oedema in keeping with PRES.", "Cerebral edema", "present"),
        ("Left fundus: no tear, no breaks, lattice degeneration.", "Lattice retinal degeneration", "present"),
        ("No cough, no sweats, vomiting or diarrhoea.", "Vomiting", "absent"),
        ("The girl does not have pain, itch or headaches.", "Pain", "absent"),
        ("The girl does not have pain, itch or headaches.", "Headache", "absent"),
        ("He does not feel pain when he burns himself.", "Pain insensitivity", "present"),
        ("Tests for hepatitis A, B, C and E were negative.", "Viral hepatitis", "absent"),
        ("Tests for hepatitis A, B, C and E were negative.", "Hepatitis", None),
        ("A brownish ring was seen in the outer cornea of each eye.", "Kayser-Fleischer ring", "present"),
    ],
)
def test_what_fresh_letters_showed(note: str, term: str, state: str | None, names: Names) -> None:
    assert state_read(note, term, names) == state


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        ("Ulnar motor conduction velocity 19 m/s.", "Decreased motor nerve conduction velocity", "present"),
        ("Median motor NCV 55 m/s.", "Decreased motor nerve conduction velocity", "absent"),
        ("Hb 6.1 g/dL, HbF 88%, HbA2 2%.", "Persistence of hemoglobin F", "present"),
        ("HbA2 5.1%, HbF 1%.", "Increased HbA2 hemoglobin", "present"),
        ("IOP 29 mmHg in the left eye.", "Ocular hypertension", "present"),
        ("RVSP 71 mmHg on the echo.", "Elevated pulmonary artery pressure", "present"),
        ("Polysomnography: AHI 22/h.", "Sleep apnea", "present"),
        ("Both ankle jerks have gone.", "Absent Achilles reflex", "present"),
        ("He walks as if drunk.", "Gait ataxia", "present"),
        ("She trips over her own feet.", "Frequent falls", "present"),
        ("Her big toe went up when the sole was stroked.", "Babinski sign", "present"),
        ("The walls of his heart are too thick.", "Hypertrophic cardiomyopathy", "present"),
        ("Echo: IVSd 19 mm, EF 62%.", "Left ventricular hypertrophy", "present"),
        ("Echo: LV wall thickness 9 mm.", "Left ventricular hypertrophy", "absent"),
        ("Short thumbs (left one absent).", "Short thumb", "present"),
        ("Problems: 1) bow legs 2) abscess, no caries 3) ataxia 4) tremor.", "Ataxia", "present"),
        ("(1) no fever (2) cough", "Cough", "present"),
        ("No signs of: 1) ataxia 2) tremor", "Tremor", "absent"),
        ("His mother has: 1) asthma 2) tremor", "Tremor", "other"),
        ("| Vision | no longer fixes or follows |", "Abnormal visual fixation", "present"),
        ("She no longer sits.", "Developmental regression", "present"),
        ("Her feet turn red and are hot to the touch.", "Fever", None),
        ("He has drop attacks when laughing.", "Cataplexy", "present"),
        ("He falls asleep in class.", "Excessive daytime somnolence", "present"),
        (
            "I saw her today. I explained that arteries and bowel can rupture in conditions of this kind.",
            "Arterial rupture",
            "hypothetical",
        ),
        ("Her seizures began at 6. I explained that her seizures may go on.", "Seizure", "present"),
        ("Small ear lobes.", "Small earlobe", "present"),
        ("Small ear lobes.", "Microtia", None),
        ("Her skin is thin; it is not hyperextensible.", "Hyperextensible skin", "absent"),
        ("Her skin is thin; it is not hyperextensible.", "Joint hypermobility", None),
        ("She cannot let go after shaking hands.", "Tremor", None),
        ("Her hands are shaking.", "Tremor", "present"),
        ("PR interval 240 milliseconds.", "Prolonged PR interval", "present"),
        ("Pelvic ultrasound: no uterus seen.", "Aplasia of the uterus", "present"),
        ("She has no axillary hair.", "Absent axillary hair", "present"),
        ("Chest film: no thymic shadow.", "Aplasia of the thymus", "present"),
        ("Hexagonal crystals in the urine.", "Cystinuria", "present"),
        ("He had a VF arrest at school.", "Ventricular fibrillation", "present"),
        ("Echo: aneurysm of the RV free wall.", "Right ventricular aneurysm", "present"),
        ("Echo: aneurysm of the RV free wall.", "Vascular dilatation", None),
        ("Her gloves do not fit, the dentist says there is a new diastema.", "Diastema", "present"),
        ("His hats do not fit, colleagues tell him that he snores.", "Snoring", "present"),
    ],
)
def test_measurements_of_clinics_and_words_of_parents(note: str, term: str, state: str | None, names: Names) -> None:
    assert state_read(note, term, names) == state
