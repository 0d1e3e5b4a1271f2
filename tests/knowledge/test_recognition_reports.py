"""Findings as case reports put them: modifiers inside a finding, repeats of a tumor, values, plain words for signs."""

import re

import pytest

from raredxr1.data import rows
from raredxr1.knowledge import load
from raredxr1.knowledge.recognition import Recogniser


def present(text: str) -> list[str]:
    return [load().term_names[m.term] for m in Recogniser(load()).find(text) if m.assertion.value == "present"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("He had pain in the distal left arm.", ["Upper limb pain"]),
        ("A cough, non-productive, and then a productive cough.", ["Cough", "Productive cough"]),
        ("She had a non-productive cough.", ["Nonproductive cough"]),
        ("Nausea and vomiting since Monday.", ["Nausea", "Vomiting"]),
        ("She complained of weakness.", ["Muscle weakness"]),
        ("One small bruise on the shin.", ["Ecchymosis"]),
        ("She has always bruised easily.", ["Bruising susceptibility"]),
        ("CT: retroperitoneal haematoma.", ["Internal hemorrhage"]),
        ("A jejunal perforation was sutured.", ["Intestinal perforation"]),
        ("She developed HUS, then DIC.", ["Hemolytic-uremic syndrome", "Disseminated intravascular coagulation"]),
        ("Inferior akinesis on echocardiography.", ["Regional left ventricular wall motion abnormality"]),
        ("A nodule in the left lobe of the thyroid.", ["Thyroid nodule"]),
        ("There was a disorder of consciousness.", ["Reduced consciousness"]),
        ("GBS followed a cold.", ["Acute demyelinating polyneuropathy"]),
        ("Two sigmoid polyps.", ["Colorectal polyposis"]),
    ],
)
def test_findings_of_case_reports(text: str, terms: list[str]) -> None:
    assert present(text) == terms


@pytest.mark.parametrize(
    "text",
    [
        "The abdomen showed a large spleen scar.",
        "Steroid eye drops were given.",
        "The patient lives with human immunodeficiency virus.",
        "A bone marrow aspirate was sent.",
        "Antinuclear antibodies were requested.",
        "There were blister-like structures.",
    ],
)
def test_words_that_are_no_finding(text: str) -> None:
    assert not set(present(text)) & {
        "Abdominal distention", "Ptosis", "Immunodeficiency", "Aspiration", "Antinuclear antibody positivity",
        "Abnormal blistering of the skin",
    }  # fmt: skip


def test_a_repeat_in_general_words_is_no_second_finding() -> None:
    assert present("An ultrasound found a hepatoblastoma. The tumor was resected.") == ["Hepatoblastoma"]
    assert present("The tumor grew.") == ["Neoplasm"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Visual acuity was 20/400 in the right eye and 20/20 in the left.", ["Reduced visual acuity"]),
        ("VA: hand movements on the left.", ["Severely reduced visual acuity"]),
        ("Vision was 0.9 and 1.0.", []),
        ("The white blood cell count was 31,500.", ["Leukocytosis"]),
        ("CA 125 (410 U/mL)", ["Elevated carcinoma antigen 125 level"]),
        ("Hct 61%, transferrin saturation 8%", ["Increased hematocrit", "Decreased transferrin saturation"]),
        ("oestradiol 90 pg/mL (ULN 60 pg/mL)", ["Increased serum estradiol"]),
        ("An opening pressure of 41 cm H2O was measured.", ["Increased intracranial pressure"]),
        ("PaCO2 68 mmHg", ["Hypercapnia"]),
        ("a BMI of 34.2", ["Obesity"]),
        ("QTc 512 ms", ["Prolonged QTc interval"]),
        ("PR 230 ms, QRS 140 ms", ["Prolonged PR interval", "Prolonged QRS complex"]),
        ("PR 150 ms, QRS 90 ms; PR 88/min", []),
        ("A girl of 16 has not yet had her periods.", ["Primary amenorrhea"]),
        ("A man of 50 years: 118 bpm, white blood cell of 17300.", ["Tachycardia", "Leukocytosis"]),
        ("A 50-year-old man, pulse between 110 and 120.", ["Tachycardia"]),
        ("A 50-year-old man, systolic blood pressure of 72 mmHg.", ["Hypotension"]),
        ("Pulse-oximetry of 76%", ["Hypoxemia"]),
        ("She was born at the 33rd gestational week.", ["Premature birth"]),
        ("Leucocytes count of 16000/mm 3", ["Leukocytosis"]),
    ],
)
def test_values_of_reports(text: str, terms: list[str]) -> None:
    assert present(text) == terms


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("She has red spots that blanch on her lips.", "Telangiectasia"),
        ("There were dark red spots on the scrotum that did not blanch.", "Angiokeratoma"),
        ("The eye clinic saw a golden-brown ring around each cornea.", "Kayser-Fleischer ring"),
        ("He has irides with a star-like pattern of the iris.", "Stellate iris"),
        ("She hugs complete strangers.", "Overfriendliness"),
        ("He covers his ears at the sound of the hoover.", "Hyperacusis"),
        ("His speech became slurred.", "Slurred speech"),
        ("He gets breathless on sitting up.", "Platypnea"),
        ("She sees zigzag lines before the headache.", "Migraine with aura"),
        ("The soft spot closed late.", "Delayed closure of the anterior fontanelle"),
        ("He falls down when laughing.", "Cataplexy"),
        ("Her knees buckle with laughter.", "Cataplexy"),
        ("Grip is slow to relax.", "Myotonia"),
        ("He climbs up his own legs to stand.", "Gowers sign"),
        ("His arm span exceeds his height.", "Disproportionate tall stature"),
        ("The nappies turn black.", "Dark urine"),
        ("She lost her milk teeth early, roots intact.", "Premature loss of primary teeth"),
        ("Her fingers turn white in the cold.", "Raynaud phenomenon"),
        ("He steals food and is always hungry.", "Polyphagia"),
        ("He has never felt pain.", "Pain insensitivity"),
    ],
)
def test_signs_in_plain_words(text: str, term: str) -> None:
    assert term in present(text)


def test_migraine_without_aura_is_not_one_with() -> None:
    assert present("Migraine without aura.") == ["Migraine without aura"]
    assert present("Migraine with aura.") == ["Migraine with aura"]


@pytest.mark.parametrize("text", ["Mr Rash Behari came.", "He was very happy with the visit.", "The cat was fed."])
def test_ordinary_sentences_hold_no_sign(text: str) -> None:
    assert present(text) == []


@pytest.mark.parametrize("table", ["wordings", "plain_words"])
def test_every_row_of_the_tables_names_a_term_by_its_label_and_nests_no_choice(table: str) -> None:
    kb = load()
    for hpo_id, label, wording in rows(f"recognition/{table}"):
        assert hpo_id in "-!" or kb.resolve_term(hpo_id), hpo_id
        assert wording.count("(") == wording.count(")"), hpo_id
        assert not re.search(r"\([^()]*\(", wording), hpo_id
        if table == "plain_words":
            assert kb.term_name(hpo_id) == label


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Deep tendon reflexes could not be elicited.", "Areflexia"),
        ("Saccades were slow.", "Slow saccadic eye movements"),
        ("The vermis was hypoplastic on MRI.", "Cerebellar vermis hypoplasia"),
        ("There was a metastasis in the liver.", "Neoplasm of the liver"),
        ("A clot in the renal vein was seen.", "Renal vein thrombosis"),
        ("Both kidneys were echogenic.", "Hyperechogenic kidneys"),
        ("His tummy aches after meals.", "Abdominal pain"),
        ("She cannot move her eyes downwards.", "Vertical supranuclear gaze palsy"),
    ],
)
def test_findings_as_reports_word_them(text: str, term: str) -> None:
    assert term in present(text)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("He sat at 14 months and walked at 26 months.", ["Delayed ability to sit", "Delayed ability to walk"]),
        ("She walked at 12 months.", []),
        ("Her first words were at three years.", ["Delayed speech and language development"]),
        ("Hip flexion 3/5 bilaterally.", ["Hip flexor weakness"]),
        ("Strength 5/5 throughout.", []),
        ("plasma ornithine 310 umol/L (30-120)", ["Hyperornithinemia"]),
        ("reticulocytes 0.1%", ["Reticulocytopenia"]),
    ],
)
def test_milestones_and_grades_of_power(text: str, terms: list[str]) -> None:
    assert present(text) == terms


@pytest.mark.parametrize(
    "text",
    [
        "He had a heat stroke last summer.",
        "Patches of hypo-autofluorescence.",
        "Familial HLH was discussed.",
        "Allergy/Immune: nothing to note.",
        "She is seizure-free.",
        "Treated for overheating.",
        "Polyarteritis nodosa was in the differential of the referral.",
    ],
)
def test_pieces_of_words_and_headings_are_no_findings(text: str) -> None:
    assert not set(present(text)) & {
        "Stroke", "Hypoglycemia", "Hypoplastic left heart", "Allergy", "Seizure", "Polyphagia",
        "Polyarticular arthritis",
    }  # fmt: skip
