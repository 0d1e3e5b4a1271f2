"""Findings that the site beside them makes more special, and words that a case report has for other things."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.knowledge.recognition.sites import in_its_place


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)


def _present(note: str, names: Names) -> set[str]:
    return {finding.term for finding in stated_findings(note, (), names) if finding.state == "present"}


@pytest.mark.parametrize(
    ("note", "term", "general"),
    [
        ("He woke with pain, redness and swelling of the right knee.", "Knee pain", "Pain"),
        ("She has had dull pain around the umbilicus since May.", "Abdominal pain", "Pain"),
        ("A sharp left iliac fossa pain woke her.", "Abdominal pain", "Pain"),
        ("He complained of pain in both inferior limbs.", "Lower limb pain", "Limb pain"),
        ("Pain over the left side of the back for a week.", "Back pain", "Pain"),
        ("There was marked scrotal oedema.", "Genital edema", "Edema"),
        ("MRI showed oedema within the L3 vertebral body.", "Bone marrow edema", "Edema"),
        ("Ultrasound showed a tumour within the head of the pancreas.", "Neoplasm of the pancreas", "Neoplasm"),
        ("Histology: squamous cell carcinoma of the tongue.", "Squamous cell carcinoma of the tongue", "Carcinoma"),
        ("He was treated for rectal carcinoma last year.", "Neoplasm of the rectum", "Carcinoma"),
        ("She has weakness and numbness in her legs.", "Lower limb muscle weakness", "Muscle weakness"),
        ("CT showed an intra-abdominal abscess.", "Peritoneal abscess", "Abscess"),
        ("Angiography showed stenosis of the right renal artery.", "Renal artery stenosis", "Arterial stenosis"),
        ("A type 1 diabetic man of forty.", "Type I diabetes mellitus", "Diabetes mellitus"),
        ("He had a left-sided facial palsy.", "Unilateral facial palsy", "Facial palsy"),
        ("She has auditory command hallucinations.", "Auditory hallucination", "Hallucinations"),
        ("She went into respiratory failure requiring mechanical ventilation.",
         "Respiratory failure requiring assisted ventilation", "Respiratory failure"),
    ],
)  # fmt: skip
def test_a_site_makes_a_finding_more_special(note: str, term: str, general: str, names: Names) -> None:
    read = _present(note, names)
    assert term in read
    assert general not in read


@pytest.mark.parametrize(
    ("note", "term"),
    [
        ("The pain settled with rest.", "Pain"),
        ("He has oedema.", "Edema"),
        ("Haemodialysis three times weekly since 2011.", "Stage 5 chronic kidney disease"),
        ("He became hypoxic and needed intubation and mechanical ventilation.",
         "Respiratory failure requiring assisted ventilation"),
        ("She had a faint at school.", "Syncope"),
        ("Low mood and depression since spring.", "Depression"),
    ],
)  # fmt: skip
def test_without_a_site_it_stays_as_it_is(note: str, term: str, names: Names) -> None:
    assert term in _present(note, names)


@pytest.mark.parametrize(
    ("note", "term"),
    [
        ("The baby was born by emergency caesarean section.", "Caesarian section"),
        ("Temporary haemodialysis was required for nine days.", "Stage 5 chronic kidney disease"),
        ("The scan showed faint enhancement of the rim.", "Syncope"),
        ("The left colic artery was divided.", "Abdominal colic"),
        ("A stone in the renal pelvis.", "Ectopic kidney"),
        ("The short arm of chromosome 5 was deleted.", "Upper limb undergrowth"),
        ("Urine grew Streptococcus agalactiae.", "Agalactia"),
        ("He was referred to oncology.", "Neoplasm"),
        ("A slow growing mass behind the ear.", "Growth delay"),
        ("ECG showed ST depression in leads II and III.", "Depression"),
        ("The eye was filled with silicone oil tamponade.", "Cardiac tamponade"),
        ("Admitted at 32 weeks of amenorrhoea.", "Amenorrhea"),
        ("His Beck Depression Inventory was filled in.", "Depression"),
        ("He has risk factors, and her angina risk factors were discussed.", "Angina pectoris"),
        ("Bleeding was stopped by bipolar electrocoagulation.", "Bipolar affective disorder"),
        ("The ICD shocks came at night.", "Shock"),
        ("A reducible lump with a cough impulse.", "Cough"),
    ],
)
def test_words_of_case_reports_that_are_no_findings(note: str, term: str, names: Names) -> None:
    assert term not in _present(note, names)


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        ("The preoperative diagnosis was acute appendicitis.", "Appendicitis", "uncertain"),
        ("A lumbar puncture was done on clinical suspicion to meningitis.", "Meningitis", "uncertain"),
        ("CT was done to search for an occult malignancy.", "Neoplasm", "uncertain"),
        ("A diagnosis of glomerulonephritis was suggested.", "Glomerulonephritis", "uncertain"),
        ("Ultrasound excluded epigastric hernia.", "Hernia", "absent"),
        ("He did not show any complications, including ptosis.", "Ptosis", "absent"),
        ("Organizing pneumonia could not be completely excluded.", "Organizing pneumonia", "uncertain"),
    ],
)
def test_what_case_reports_hold_open(note: str, term: str, state: str, names: Names) -> None:
    read = {finding.term: finding.state for finding in stated_findings(note, (), names)}
    assert read.get(term) == state


def test_a_list_of_long_words_behind_a_finding_ends() -> None:
    text = f"Tumour, {', '.join(['intermittentnonproductivecoughing'] * 3)} without weightloss"  # else hours
    assert in_its_place(text, Hit("HP:0002664", 0, 6, "name")).hpo_id == "HP:0002664"
