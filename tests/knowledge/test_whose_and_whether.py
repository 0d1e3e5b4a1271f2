"""Values of other fluids, forms that are denied, ages that make a finding, what is over, and idioms."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from state_read import state_read


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)


CSF_GLUCOSE, CSF_LACTATE, CSF_PROTEIN = (
    "Hypoglycorrhachia",
    "Increased CSF lactate",
    "Increased CSF protein concentration",
)
CELLS, LACTATE = "CSF pleocytosis", "Increased circulating lactate concentration"
PRIMARY, SECONDARY = "Primary amenorrhea", "Secondary amenorrhea"
FEBRILE = "Febrile seizure (within the age range of 3 months to 6 years)"
JAUNDICE = "Prolonged neonatal jaundice"


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        # whose value it is: the fluid that heads the line, the lines or the sentence
        ("Girl, 4 years.\nCSF:\n- protein 1.1 g/L\n- glucose 1.6 mmol/L\n- WCC 60", CSF_GLUCOSE, "present"),
        ("Girl, 4 years.\nCSF:\n- protein 1.1 g/L\n- glucose 1.6 mmol/L\n- WCC 60", CSF_PROTEIN, "present"),
        ("Girl, 4 years.\nCSF:\n- protein 1.1 g/L\n- glucose 1.6 mmol/L\n- WCC 60", CELLS, "present"),
        ("Girl, 4 years.\nCSF:\n- protein 1.1 g/L\n- glucose 1.6 mmol/L", "Hypoglycemia", None),
        ("Girl, 4 years.\nCSF:\n- glucose 3.6 mmol/L\n\nBlood:\n- glucose 1.6 mmol/L", "Hypoglycemia", "present"),
        ("A lumbar puncture showed a protein of 1.5 g/L and a lactate of 4.2 mmol/L.", CSF_LACTATE, "present"),
        ("A lumbar puncture showed a protein of 1.5 g/L and a lactate of 4.2 mmol/L.", LACTATE, None),
        ("The glucose in the CSF was 1.6 mmol/L.", CSF_GLUCOSE, "present"),
        ("CSF: protein 0.3 g/L, glucose 1.6 mmol/L (blood glucose 1.9 mmol/L).", "Hypoglycemia", "present"),
        ("Urine:\nSodium 9 mmol/L\nGlucose 3+\nProtein 2+", "Hyponatremia", None),
        ("Urine:\nSodium 9 mmol/L\nGlucose 3+\nProtein 2+", "Glycosuria", "present"),
        ("Urine biochemistry: sodium 14, potassium 88 mmol/L.", "Hyperkalemia", None),
        ("Urine PCR 12 mg/mmol.", "Proteinuria", "absent"),
        ("PCR 290 mg/mmol on a spot urine.", "Proteinuria", "present"),
        ("Influenza PCR negative.", "Proteinuria", None),
        # a form that is denied
        ("He has amyloidosis, but not AL amyloidosis.", "Amyloidosis", "present"),
        ("This was not secondary hyperoxaluria.", "Hyperoxaluria", None),
        ("No juvenile myoclonic epilepsy.", "Seizure", None),
        ("There was no hyperoxaluria.", "Hyperoxaluria", "absent"),
        ("No diabetic retinopathy, but macular dystrophy.", "Retinopathy", None),
        # by age
        ("An 11-year-old girl. No periods yet.", PRIMARY, None),
        ("A girl of 17. She has not started her periods.", PRIMARY, "present"),
        ("A 29-year-old woman. Her periods stopped seven months ago.", SECONDARY, "present"),
        ("A 58-year-old woman. Her periods stopped at 50.", SECONDARY, None),
        ("A 31-year-old woman has not menstruated since 2019.", SECONDARY, "present"),
        ("She was not a known diabetic or hypertensive.", "Hypertension", "absent"),
        # over
        ("He had neonatal jaundice, which needed phototherapy and resolved.", JAUNDICE, "present/past"),
        ("She had a single febrile seizure at 20 months.", FEBRILE, "present/past"),
        ("He has ataxia and resolved diplopia.", "Ataxia", "present"),
        ("A term baby. Echo at birth: PDA, closed day 5.", "Patent ductus arteriosus", "present/past"),
        ("Two seizures in the night, stopped with lorazepam.", "Seizure", "present"),
        # of what was measured or seen, and of nothing else
        ("Tone was reduced in the legs, reflexes were present.", "Reduced tendon reflexes", None),
        ("Ketones 4+ in urine.", "Ketonuria", "present"),
        ("A man of 58 with slowing of his walking.", "Motor delay", None),
        ("He didn't walk until he was two.", "Delayed ability to walk", "present"),
        ("Allergies: PCN (rash), zithro (hives).", "Skin rash", "hypothetical"),
        ("Allergies: PCN (rash), zithro (hives).", "Urticaria", "hypothetical"),
        ("I do not think that this is drug-induced parkinsonism.", "Parkinsonism", None),
        # what was looked for and not seen, what is not expected, and what may come
        ("She was examined for cataract; none was seen.", "Cataract", "absent"),
        ("We listened for a heart murmur. None was heard.", "Heart murmur", "absent"),
        ("Blindness is not expected.", "Blindness", "hypothetical"),
        ("Later: deafness, cataract discussed w her parents.", "Cataract", "hypothetical"),
        ("Were she to need surgery, respiratory failure would be a danger.", "Respiratory failure", "hypothetical"),
        ("When jaundice appears, the family should ring us.", "Jaundice", "hypothetical"),
        ("When jaundice appeared, he was two days old.", "Jaundice", "present"),
        ("He is 4. Ataxia in childhood has a wide differential, including nystagmus.", "Nystagmus", "hypothetical"),
        # a part that is described beside one that is denied
        ("Hands clenched, overlapping fingers not seen.", "Hand clenching", "present"),
        ("No ptosis, long eyelashes.", "Long eyelashes", "present"),
        ("No ptosis, long eyelashes or synophrys.", "Long eyelashes", "absent"),
        ("No low-set ears, cleft palate, polydactyly.", "Cleft palate", "absent"),
        ("No pericardial effusion, cataract mild.", "Cataract", "present"),
        ("Bright days hurt his eyes.", "Photophobia", "present"),
        ("Fever she does not have, rash neither.", "Skin rash", "absent"),
        ("- Small fiber neuropathy, suspected", "Peripheral neuropathy", "uncertain"),
        ("PMH: migraine w aura.", "Migraine with aura", "present"),
        # whose it is
        ("Father and son both have deafness. The patient, the son, is 5.", "Hearing impairment", "present"),
        ("Both mother and daughter (the patient) have deafness.", "Hearing impairment", "present"),
        ("Mrs Berg, 44, is well. Her only child, Per, born floppy, has talipes.", "Neonatal hypotonia", "other"),
        ("A man of 40. His only son has seizures.", "Seizure", "other"),
        ("Consanguineous parents (cousins)\nc/o: vomiting", "Vomiting", "present"),
        ("His mother had not perceived reduced fetal movements.", "Decreased fetal movement", "absent"),
        ("Ms Bray is 29. Her partner remarks that her hands shake: a tremor.", "Tremor", "present"),
        ("Ms Bray is 29. Her husband comments that she snores.", "Snoring", "present"),
        ("His mother complains that he never sleeps through; she adds that he drools.", "Drooling", "present"),
        ("Her mother complains of migraine.", "Migraine", "other"),
        ("Her brother complained of headaches at school.", "Headache", "other"),
        # what is only told, tested, or yet to come
        ("Her GP said that the blisters were \"just milk spots\".", "Milia", "uncertain"),
        ("Respiratory failure possible if he falls ill.", "Respiratory failure", "uncertain"),
        ("She has had gout since six, antibodies negative.", "Gout", "present"),
        ("Stridor and sudden death are what we would try to forestall.", "Stridor", "hypothetical"),
        ("Further hair loss must be anticipated.", "Alopecia", "hypothetical"),
        ("Girl, 2. Her mother has asthma, lost two babies (both boys), and has gout.", "Gout", "other"),
        ("Untreated, kidney failure is the rule.", "Renal insufficiency", "hypothetical"),
        ("I explained that goitre and gout would be late events.", "Goiter", "hypothetical"),
        ("Glaucoma suspect.", "Glaucoma", "uncertain"),
        ("We suspect epilepsy.", "Seizure", "uncertain"),
        ("She stopped colchicine by herself a year ago because of loose stools.", "Diarrhea", "hypothetical"),
        ("Scan 21+3\nG2P1, 33 y, BMI 34\nDVP 9 cm, EFW 300 g, NF 7 mm. Short ribs.", "Obesity", "other"),
        # words of wards and families
        ("PMH: no DM/HTN/epilepsy", "Hypertension", "absent"),
        ("Ears: low set + cupped", "Cupped ear", "present"),
        ("Film of the wrist: cupping and fraying.", "Metaphyseal cupping", "present"),
        ("He squints in bright sunlight.", "Strabismus", None),
        ("He squints in bright sunlight.", "Photophobia", "present"),
        ("Audiology: high tone loss.", "Hypertonia", None),
        ("DEB test: increased breakage.", "Chromosomal breakage induced by crosslinking agents", "present"),
        ("The sodium went down to 119.", "Hyponatremia", "present"),
        ("T-score -3.1 at the hip.", "Osteoporosis", "present"),
        ("Lying 140/85, standing 105/60.", "Orthostatic hypotension", "present"),
        ("Tryptase 64 (<11.4).", "Elevated total serum tryptase", "present"),
        ("ANA weak pos.", "Antinuclear antibody positivity", "present"),
        ("She never breaks into a sweat.", "Anhidrosis", "present"),
        ("Red spots on the lips and tongue.", "Telangiectasia", "present"),
        ("ECG: first degree heart block.", "First degree atrioventricular block", "present"),
        ("VA R PL, L 6/6", "Severely reduced visual acuity", "present"),
        ("Elbows carry outwards.", "Cubitus valgus", "present"),
        ("His ear drums are scarred.", "Abnormal tympanic membrane morphology", "present"),
        ("Low post hairline.", "Low posterior hairline", "present"),
        ("SLE: cornea clear, lens normal.", "Systemic lupus erythematosus", None),
        ("Wt 10.1 (-2.5) OFC 57.5 (+3.6).", "Macrocephaly", "present"),
        ("L 70 cm (<0.4th).", "Short stature", "present"),
        ("Kidneys: R 9 cm, L 10 cm.", "Short stature", None),
        ("IOP 24/26.", "Ocular hypertension", "present"),
        ("IOP 14/15.", "Ocular hypertension", "absent"),
        ("MRI: vents prominent, thin CC.", "Thin corpus callosum", "present"),
        # a pulse by the age
        ("A 7-month-old girl, HR 178/min.", "Tachycardia", "present"),
        ("A 7-month-old girl, HR 160/min.", "Tachycardia", None),
        ("A boy of 9 years, pulse 140.", "Tachycardia", "present"),
        # idioms
        ("The school was deaf to our concerns.", "Hearing impairment", None),
        ("The bailiffs came for the seizure of his assets.", "Seizure", None),
        ("She laughed in a fit of giggles and fits in well.", "Seizure", None),
        ("His business collapsed.", "Syncope", None),
        ("He lives in Deaf Smith County.", "Hearing impairment", None),
    ],
)  # fmt: skip
def test_a_letter_is_read_as_it_is_meant(note: str, term: str, state: str | None, names: Names) -> None:
    assert state_read(note, term, names) == state


def test_a_relative_is_spoken_of_by_name(names: Names) -> None:
    note = "Re: Ben Hale, 7 years. His sister Ida has scoliosis. Ida also has deafness. Ben has myopia. He has ptosis."
    assert [state_read(note, term, names) for term in ("Scoliosis", "Hearing impairment", "Myopia", "Ptosis")] == [
        *("other", "other"),
        *("present", "present"),
    ]
