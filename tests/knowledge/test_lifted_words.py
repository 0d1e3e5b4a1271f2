"""Words that look like a finding and are part of another phrase, by the dictionary and by the encoder."""

import pytest

from raredxr1.diagnose.lifted import is_lifted, shares_a_word
from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)


@pytest.fixture(scope="module")
def meaning() -> Names:
    return open_names(by_meaning=True)


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        ("Ultrasound of the abdomen revealed a distended gallbladder.", "Abdominal distention", None),
        ("Palpation of the abdomen revealed distension.", "Abdominal distention", "present"),
        ("He still has a large abdominal wound.", "Abdominal distention", None),
        (
            "CT: thickening of the wall of the ileum, wall thickening of the colon.",
            "Left ventricular hypertrophy",
            None,
        ),
        ("Echocardiography: wall thickening of the left ventricle.", "Left ventricular hypertrophy", "present"),
        ("A mass was seen on the pulmonary valve.", "Pulmonary mass", None),
        ("Echo showed two large masses in the left ventricle.", "Ventriculomegaly", None),
        ("Early full weight bearing after the operation.", "Early satiety", None),
        ("He had a fever 4 months after the bite.", "Recurrent fever", None),
        ("A low arched palate.", "Pes planus", None),
        ("The CSF showed a raised white cell count.", "Leukocytosis", None),
        ("The CSF showed a raised white cell count.", "CSF pleocytosis", "present"),
        ("The CSF was clear; blood: raised white cell count.", "Leukocytosis", "present"),
        ("She underwent repeated oesophageal dilatation.", "Esophageal dilation", None),
        ("Two tonic-clonic convulsions.", "Clonic seizure", None),
        ("He came with an abnormal chest radiograph.", "Abnormal thorax morphology", None),
        ("PET: high methionine uptake on the left.", "Hypermethioninemia", None),
        ("A faint but definite rash.", "Syncope", None),
        ("She tends to faint at the sight of blood.", "Syncope", "present"),
        ("He tripped and fell, hitting his head on the kerb.", "Self-injurious behavior", None),
        ("He keeps hitting his head against the wall.", "Self-injurious behavior", "present"),
        ("He was examined lying with the knees flexed.", "Knee flexion contracture", None),
        ("She has a swan neck deformity of two fingers.", "Abnormality of the neck", None),
        ("Liver and renal function tests normal.", "Hepatomegaly", None),
        ("A high level of creatine phosphokinase.", "Elevated circulating creatine kinase concentration", "present"),
        ("He attends a special school for the deaf.", "Intellectual disability", None),
        ("Salt and pepper hypopigmentation of the trunk.", "Pigmentary retinopathy", None),
        ("Ferritin was elevated at 240 ng/mL.", "Increased circulating ferritin concentration", "present"),
        ("Raised ALP, 110 IU/L.", "Elevated circulating alkaline phosphatase concentration", "present"),
        ("Calcium increased to 2.4 mmol/L.", "Hypocalcemia", "absent"),
        ("Previously raised CK, now 120 U/L.", "Elevated circulating creatine kinase concentration", "absent"),
        (
            "Lactate dehydrogenase (LDH) was 3 times elevated.",
            "Increased circulating lactate dehydrogenase concentration",
            "present",
        ),
        ("Birth weight 3 450 g at term.", "Small for gestational age", "absent"),
        ("He is well nourished.", "Malnutrition", "absent"),
        ("This girl is well. Her firstborn brother has autism.", "Autism", "other"),
        (
            "The patient is a girl. In several reported cases, cortisol was low.",
            "Decreased circulating cortisol level",
            "hypothetical",
        ),
        ("A sudden tearing chest pain woke him.", "Epiphora", None),
        ("Excessive tearing of the left eye.", "Epiphora", "present"),
        ("Potassium stays low from urinary wasting.", "Skeletal muscle atrophy", None),
        ("Muscle wasting, most of all in spring.", "Skeletal muscle atrophy", "present"),
        ("Right radial pulse absent.", "Absent radius", None),
        ("Absent radius on the right.", "Absent radius", "present"),
        ("Fundus: pale.", "Pallor", None),
        ("Fundus: pale.", "Hypopigmentation of the fundus", "present"),
        ("Pale, waxy plaques on the tongue.", "Pallor", None),
        ("She looked pale.", "Pallor", "present"),
        ("Abdomen distended, BS ↓.", "Abnormal breath sound", None),
        ("Abdomen distended, BS ↓.", "Hypoactive bowel sounds", "present"),
        ("Chest: BS ↓ at the left base.", "Abnormal breath sound", "present"),
        ("When he is excited his whole body shakes.", "Bilateral tonic-clonic seizure", None),
        ("Without warning his whole body shakes and his eyes roll up.", "Bilateral tonic-clonic seizure", "present"),
        ("A webbed neck with loose skin.", "Cutis laxa", None),
        ("A webbed neck with loose skin.", "Redundant neck skin", "present"),
        ("Loose skin all over.", "Cutis laxa", "present"),
        ("To do: repeat bone density.", "Increased bone mineral density", None),
        ("Increased bone density on the radiographs.", "Increased bone mineral density", "present"),
        ("The scar is pale.", "Pallor", None),
        ("She is wasting time at school.", "Skeletal muscle atrophy", None),
        ("He is always hungry for praise.", "Polyphagia", None),
        ("He is always hungry.", "Polyphagia", "present"),
        ("She trembles with excitement before a party.", "Tremor", None),
        ("Her hands tremble when she pours tea.", "Tremor", "present"),
        ("Echo: trileaflet aortic valve.", "Bicuspid aortic valve", "absent"),
        ("Plantars down.", "Babinski sign", "absent"),
        ("A tall man of athletic build.", "Skeletal muscle hypertrophy", None),
        ("No eating disorder.", "Feeding difficulties", None),
        ("No eating disorder.", "Abnormal eating behavior", "absent"),
        ("MRI of both calves: no oedema.", "Muscular edema", "absent"),
        ("CT venogram: no venous sinus thrombosis.", "Cerebral venous thrombosis", "absent"),
        ("Hay fever every June.", "Fever", None),
        ("BP 118/70 lying, falls to 92/50 on standing.", "Falls", None),
        ("Two falls at home since May.", "Falls", "present"),
        ("Left CVA tenderness.", "Stroke", None),
        ("CVA in 2019.", "Stroke", "present"),
        ("She went limp in the bath.", "Gait disturbance", None),
        ("He has walked with a limp since May.", "Gait disturbance", "present"),
        ("He arches his back when cross.", "Hyperlordosis", None),
        ("Pitting oedema to both knees.", "Pedal edema", "present"),
        ("Pitting oedema to both knees.", "Edema", None),
        ("Her ankles are puffy by evening; swollen ankles.", "Ankle swelling", "present"),
        ("Vibration absent to the knees.", "Impaired vibration sensation in the lower limbs", "present"),
        ("Areflexic at the ankles.", "Areflexia of lower limbs", "present"),
        ("Many ear infections as a toddler.", "Recurrent otitis media", "present"),
        ("Breathless on two flights of stairs.", "Exertional dyspnea", "present"),
        ("Breathless at rest.", "Dyspnea", "present"),
        ("He bruises at the slightest knock.", "Bruising susceptibility", "present"),
        ("A soft ejection murmur.", "Systolic heart murmur", "present"),
        ("Allergies: penicillin (hives).", "Allergy", None),
        ("She has been sleeping badly.", "Insomnia", "present"),
        ("No sweating with feeds.", "Anhidrosis", None),
        ("Both feet numb at night.", "Distal sensory impairment", "present"),
        ("He went stiff, then jerking of all limbs for two minutes.", "Myoclonus", None),
        ("Jerks of both arms on waking.", "Myoclonus", "present"),
        ("Glasgow coma score 15.", "Coma", None),
        ("Fine needle aspiration of the thyroid.", "Aspiration", None),
        ("Tumour cells stained for smooth muscle actin.", "Neoplasm", None),
        ("A boost to the tumour bed was given.", "Neoplasm", None),
        ("Several enlarged abdominal lymph nodes.", "Abdominal distention", None),
        ("Hip flexion 4/5 on both sides.", "Hip flexor weakness", "present"),
        ("Neck flexors 3/5, ankle dorsiflexion 2/5.", "Neck flexor weakness", "present"),
        ("Neck flexors 3/5, ankle dorsiflexion 2/5.", "Foot dorsiflexor weakness", "present"),
        ("A woman of 30 years. Weight up 6 kg since May.", "Decreased body weight", None),
        ("BW 3.3 kg, 1st baby.", "Small for gestational age", "absent"),
        ("Glandular fever at university.", "Fever", None),
        ("A fever of three days.", "Fever", "present"),
        ("Two soft skin tags beside the eye.", "Soft skin", None),
        ("Two soft skin tags beside the eye.", "Skin tags", "present"),
        ("LETTER FROM THE SCHOOL", "Limitation of joint mobility", None),
        ("Hips FROM.", "Limitation of joint mobility", "absent"),
        ("Abdomen soft, no guarding or rigidity.", "Rigidity", None),
        ("Rigidity of both arms.", "Rigidity", "present"),
        ("Sunken belly; a bright liver on ultrasound.", "Increased hepatic echogenicity", "present"),
        ("Liver 16 cm, diffusely bright.", "Increased hepatic echogenicity", "present"),
        ("A monoclonal IgM lambda band was found.", "Monoclonal immunoglobulin M proteinemia", "present"),
        ("Fundus: br retinal art occlusion.", "Branch retinal artery occlusion", "present"),
        ("His uncle had a burst lung.", "Pneumothorax", "other"),
        ("LP: OP 15, prot 1.3, glucose 3.", "Increased CSF protein concentration", "present"),
        ("A man of 61 years. Hb 107.", "Anemia", "present"),
        ("A man of 61 years. Platelets 480.", "Thrombocytosis", "present"),
        ("A boy of 4 years. Platelets 480.", "Thrombocytosis", None),
        ("ERG: cone responses undetectable.", "Undetectable light-adapted electroretinogram", "present"),
    ],
)
def test_words_in_their_phrase(note: str, term: str, state: str | None, names: Names) -> None:
    assert names.term_id(term), "the test names a term that there is"
    said = {finding.term: finding.state for finding in stated_findings(note, [], names)}
    assert said.get(term) == state, said


@pytest.mark.parametrize(
    ("note", "term"),
    [
        ("Joint pains began in the hips and both ankles.", "Ankle swelling"),
        ("Severe tummy ache for two days.", "Severe muscular hypotonia"),
        ("He licks his thumb to turn the pages.", "Self-mutilation"),
        ("On arrival distressed and clammy.", "Depression"),
        ("He demands our attention from morning to night.", "Short attention span"),
        ("Power 5/5 in all groups, neck flexion included.", "Neck flexor weakness"),
        ("She has pushed beads in her ears twice.", "Hyperacusis"),
        ("He did not say a word till he was nearly 5 and then spoke in sentences.", "Absent speech"),
        ("No laxatives were taken.", "Constipation"),
        ("ECG: sinus rhythm, 76/min.", "Sinus tachycardia"),
        ("Blue eyes with wandering movements.", "Chorea"),
        ("Histology: a benign cystic mesothelioma.", "Malignant mesothelioma"),
        ("A man of 30 with cystic fibrosis lung disease.", "Pulmonary fibrosis"),
        ("She felt fullness and tenderness of the arm.", "Early satiety"),
        ("Eye massage for lowering of intraocular pressure.", "Ocular hypertension"),
        ("He denied allergies to food or drugs.", "Drug allergy"),
        ("Stool culture and parasites negative.", "Blood parasite"),
        ("Thickening of the arch and of the descending aorta.", "Ascending tubular aorta aneurysm"),
        ("Blond hair, the others are dark.", "Hyperpigmentation of the skin"),
        ("No punctate calcifications of the epiphyses.", "Cerebral calcification"),
        ("Pleurodesis on the right at 30.", "Pleuritis"),
        ('MRI: "snowballs" in the middle of the callosum.', "Vitreous snowballs"),
        ("Acanthosis nigricans of both axillae.", "Axillary lymphadenopathy"),
        ("MRI: no posterior reversible encephalopathy.", "Encephalopathy"),
        ("We hurry and then forget half of what we meant to ask.", "Memory impairment"),
    ],
)
def test_what_the_encoder_lifts_out(note: str, term: str, meaning: Names) -> None:
    assert meaning.term_id(term), "the test names a term that there is"
    assert term not in {finding.term for finding in stated_findings(note, [], meaning)}


def test_what_is_read_up_to_its_denial_is_denied(meaning: Names) -> None:
    note = (
        "Ultrasound: liver 16 cm, spleen 13 cm; portal vein open; gallbladder without stones. Both kidneys are normal."
    )
    said = {finding.term: finding.state for finding in stated_findings(note, [], meaning)}
    assert said.get("Cholelithiasis") == "absent", said


@pytest.mark.parametrize(
    ("note", "quote", "term", "lifted"),
    [
        ("Aching in the knees and ankles.", "ankles", "Ankle swelling", True),
        ("Swelling of the knees and ankles.", "ankles", "Ankle swelling", False),
        ("Both knees and ankles were puffy.", "ankles", "Ankle swelling", False),
        ("His back is to be watched.", "back", "Back pain", True),
        ("His back hurts.", "back", "Back pain", False),
        ("Lung and hepatic metastases.", "hepatic", "Neoplasm of the liver", False),
    ],
)
def test_a_part_of_a_name_needs_its_noun(note: str, quote: str, term: str, lifted: bool, names: Names) -> None:
    start = note.index(quote)
    assert is_lifted(note, start, start + len(quote), names.kb.term(names.term_id(term) or ""), names.kb) is lifted


def test_a_quote_of_a_language_model_shares_a_word_with_its_term(names: Names) -> None:
    term = names.kb.term(names.term_id("Basal cell carcinoma") or "")
    assert shares_a_word("a basal cell cancer of the nose", term, names.kb)
    assert not shares_a_word("cramps, low sodium and numb feet", term, names.kb)
