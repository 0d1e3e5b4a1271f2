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
        ("A diagnosis of asthma at 4, since revised.", "Asthma", "absent"),
        # results: what stands before, behind or without its unit
        ("UA 2+ blood 1+ prot.", "Proteinuria", "present"),
        ("UA 2+ blood 1+ prot.", "Hematuria", "present"),
        ("Eosinophils 19%.", "Eosinophilia", "present"),
        ("Eosinophils were 19 percent.", "Eosinophilia", "present"),
        ("Eosinophils 2%.", "Eosinophilia", "absent"),
        ("Test        Result   Range\nEosinophils   0.3    <0.8 10^9/L", "Eosinophilia", "absent"),
        ("Test        Result   Range\nUrine albumin/creatinine   1.7    <3.5 mg/mmol", "Albuminuria", "absent"),
        ("Urine porphobilinogen/creat | 51 | umol/mmol | <1.5 | HH", "Increased urinary porphobilinogen", "present"),
        ("A lactate of 7.9 and a low tone.", "Increased circulating lactate concentration", "present"),
        ("Na 140  BUN 9  T bili 3.4  D bili 0.4", "Hyperbilirubinemia", "present"),
        ("T bili 3.4, D bili 0.4, ALT 20, Hb 140 g/L", "Hyperbilirubinemia", None),
        ("IgG 0.7 IgA undetectable IgM 0.1", "Decreased circulating IgG concentration", "present"),
        ("Factor XI 30% (70-120).", "Reduced factor XI activity", "present"),
        ("A 50-year-old man. WCC 14.2.", "Leukocytosis", "present"),
        ("A 50-year-old man. Albumin 33 g/L.", "Hypoalbuminemia", "present"),
        # tests and signs told in their own way
        ("ABR: profound loss on the right, moderate on the left.", "Profound hearing impairment", "present"),
        ("AABR referred both sides.", "Hearing impairment", "present"),
        ("Audiogram: no severe loss.", "Severe hearing impairment", None),
        ("Plantars: extensor on both sides.", "Babinski sign", "present"),
        ("Sensory:\nVibration: absent at ankles\nTemperature: normal", "Fever", None),
        ("A girl of 15. Breasts Tanner 1.", "Delayed puberty", "present"),
        ("A girl of 8. Breasts Tanner 1.", "Delayed puberty", None),
        ("A girl of 14. No periods yet.", "Primary amenorrhea", None),
        ("A girl of 15. No periods yet.", "Primary amenorrhea", "present"),
        ("The Beighton score is 3/9.", "Joint hypermobility", None),
        ("The uvula was single.", "Bifid uvula", "absent"),
        ("The sclerae are white and not blue.", "Blue sclerae", "absent"),
        ("The thymus was not seen at surgery.", "Aplasia of the thymus", "present"),
        ("Kidneys: left normal, right with pelvic dilatation.", "Dilatation of the renal pelvis", "present"),
        ("He has low set posteriorly rotated ears.", "Low-set ears", "present"),
        ("He has low set posteriorly rotated ears.", "Posteriorly rotated ears", "present"),
        # other words
        ("She was born stone deaf.", "Nephrolithiasis", None),
        ("She was born stone deaf.", "Hearing impairment", "present"),
        ("The abdominal wound broke down, a dehiscence of the wound.", "Poor wound healing", "present"),
        ("She began to trip last year.", "Frequent falls", "present"),
        ("He struggles with maths.", "Dyscalculia", "present"),
        # no finding at all
        ("He broke his wrist falling off a skateboard.", "Bone fracture", None),
        ("He broke his wrist after a minor fall.", "Bone fracture", "present"),
        ("Her large joints have never been hypermobile.", "Enlarged joints", None),
        ("Hearing was normal to whispered voice.", "Weak voice", None),
        ("He was rather confused about the dates of his operations.", "Confusion", None),
        ("She was confused about the place and time.", "Confusion", "present"),
        ("She can no longer walk in the dark without touching the wall.", "Loss of ambulation", None),
        ("The liver was at 1 cm, and I could feel no spleen.", "Asplenia", None),
        ("Rheumatic fever in 1988.", "Fever", None),
        ("Penicillin allergy.", "Allergy", None),
        ("A uti at six.", "Recurrent urinary tract infections", None),
        ("Facial palsy (lower motor neurone).", "Abnormal lower motor neuron morphology", None),
        # five letters more: whose, and whether
        (MAN + "He has two girls, 8 and 5; Ida, the elder, has asthma.", "Asthma", "other"),
        ("A hip surgeon treated him for gout on the strength of a sore toe.", "Gout", "uncertain"),
        ("X-linked agammaglobulinaemia does not arise in a woman.", "Agammaglobulinemia", "absent"),
        ("Bradycardia: no AVN blockers.", "Bradycardia", "present"),
        ("Bradycardia: no AVN blockers.", "Avascular necrosis", None),
        ("Plan: 2) calcium supplement for hypocalcaemia", "Hypocalcemia", "present"),
        ("Allergies: latex - hives; hay - wheeze.", "Wheezing", "hypothetical"),
        ("Rash on phenytoin, now gone.", "Skin rash", "hypothetical"),
        ("Rash on the arms.", "Skin rash", "present"),
        ("Please list it as an allergy.", "Allergy", None),
        ("Department of Immunology & Allergy", "Allergy", None),
        ("Mum, Ida, 40: anxiety; gout. He has ptosis.", "Anxiety", "other"),
        ("Mum, Ida, 40: anxiety; gout. He has ptosis.", "Ptosis", "present"),
        ("A boy of 5. His aunt has a girl with epilepsy.", "Seizure", "other"),
        ("Father is away but is thought to have gout.", "Gout", "other"),
        ("She carried a diagnosis of asthma from two to nine.", "Asthma", "uncertain"),
        ("Hives w/ platelets once.", "Urticaria", "hypothetical"),
        ("Plan:\n- eye clinic on deferasirox (hearing loss, cataract)", "Cataract", "hypothetical"),
        ("Dx'd as gout, then pseudogout, both ruled out.", "Gout", "absent"),
        ("Polycystic kidney disease would not explain the head.", "Polycystic kidney dysplasia", "uncertain"),
        ("Now portal hypertension, and renal artery stenosis is possible.", "Portal hypertension", "present"),
        ("The fever does not explain the rash.", "Skin rash", "present"),
        ("Gout was the first diagnosis.", "Gout", "uncertain"),
        ("Gout had also been suggested.", "Gout", "uncertain"),
        ("We will venesect monthly (faints, anaemia).", "Anemia", "hypothetical"),
        ("Chloroquine is the alternative (retinopathy).", "Retinopathy", "hypothetical"),
        ("He ate without stopping: the family kept the kitchen locked.", "Polyphagia", "present"),
        ("Ida (54, a nurse). Her periods stopped at 49.", "Secondary amenorrhea", None),
        ("Three spider naevi.", "Nevus", None),
        (MAN + "He has two sisters, Ida who is well and Eva who has gout.", "Gout", "other"),
        ("Kidneys 10.4 and 10.2 cm, slightly bright, no cysts.", "Renal cyst", "absent"),
        ("Plan: rest. Amino acids sent: glutamine 2,140 (high).", "Hyperglutaminemia", "present"),
        ("Coeliac disease as a cause of the anaemia to be excluded.", "Celiac disease", "uncertain"),
        ("DDAVP trial after delivery (hyponatraemia, seizures).", "Hyponatremia", "hypothetical"),
        ("On the pill for endometriosis, which was never proven.", "Endometriosis", "uncertain"),
        ("The uterus is enlarged for age.", "Overgrowth", None),
        ("Ground glass lesions of the left femur.", "Ground-glass opacification", None),
        ("Ammonia 842 -> 1,120 umol/L.", "Hyperammonemia", "present"),
        ("Weight gain fine.", "Increased body weight", None),
        # figures
        ("A 24-year-old man. ALP 480.", "Elevated circulating alkaline phosphatase concentration", "present"),
        ("His platelets fell to 12 the next week.", "Thrombocytopenia", "present"),
        ("TLCO 51% predicted.", "Decreased DLCO", "present"),
        ("Ms Berg (b. 3/4/1988). BMI 16.9.", "Decreased body mass index", "present"),
        ("Axillary nodes up to 2 cm.", "Axillary lymphadenopathy", "present"),
        ("Nodes of 0.5 cm.", "Lymphadenopathy", None),
        ("24h urine calcium 10.9 mmol (2.5-7.5).", "Hypercalciuria", "present"),
        ("DXA: lumbar spine Z -3.1.", "Reduced bone mineral density", "present"),
        ("NT-proBNP 940.", "Increased circulating NT-proBNP concentration", "present"),
        ("alpha-Gal A 0.3 nmol/h/mg (ref >7.5)", "Decreased alpha-galactosidase A activity", "present"),
        # words that mean another thing beside others
        ("The seizure: jerking all over for an hour.", "Myoclonus", None),
        ("EEG: spike and wave, photosensitivity at 15 Hz.", "Cutaneous photosensitivity", None),
        ("EEG: spike and wave, photosensitivity at 15 Hz.", "EEG with photoparoxysmal response", "present"),
        ("She drops her head several times a day.", "Atonic seizure", "present"),
        ("Absences of ten seconds. Absences from school.", "Generalized non-motor (absence) seizure", None),
        ("Absences of 10 seconds.", "Generalized non-motor (absence) seizure", "present"),
        ("He had six words and has lost two of them.", "Loss of speech", "present"),
        ("She has never sweated much.", "Hypohidrosis", "present"),
        ("Her fourth fracture in a year.", "Recurrent fractures", "present"),
        ("ECG: TWI V4-V6.", "T-wave inversion", "present"),
    ],
)
def test_a_letter_is_read_as_it_is_meant(note: str, term: str, state: str | None, names: Names) -> None:
    assert state_read(note, term, names) == state
