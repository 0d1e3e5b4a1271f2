"""What letters plan, exclude or call normal, and of whom and of which side: read as they mean it."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings

CK = "Elevated circulating creatine kinase concentration"


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)  # the rules by themselves


def said(note: str, term: str, names: Names) -> str | None:
    assert names.term_id(term), "the test names a term that there is"
    read = {one.term: one for one in stated_findings(note, [], names)}
    if term not in read:
        return None
    return f"{read[term].state}/{read[term].detail}" if read[term].detail else read[term].state


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
    assert said(note, term, names) == state


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
