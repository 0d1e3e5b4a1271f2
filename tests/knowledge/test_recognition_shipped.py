"""Findings as people write them, by the shipped knowledge base: wordings, lists, slips, shorthand, values, growth."""

import pytest

from growth import grows_slower
from raredxr1.knowledge import load
from raredxr1.knowledge.recognition import Mention, Recogniser


def read(text: str) -> list[Mention]:
    return Recogniser(load()).find(text)


def present(text: str) -> list[str]:
    return [load().term_names[m.term] for m in read(text) if m.assertion.value == "present"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The palate was found to be cleft.", ["Cleft palate"]),
        ("Her hearing is reduced in both ears.", ["Hearing impairment"]),
        ("a hypotonic, cyanosed newborn", ["Hypotonia", "Cyanosis"]),
        ("an ataxic child", ["Ataxia"]),
        ("tone in the limbs was increased", ["Limb hypertonia"]),
        ("atrophied cerebellum", ["Cerebellar atrophy"]),
        ("kidney agenesis", ["Renal agenesis"]),
        ("oesophageal atresia and anaemia", ["Esophageal atresia", "Anemia"]),
        ("the eyes were wide apart", ["Hypertelorism"]),
        ("mild pectus and falls", ["Abnormal sternum morphology", "Falls"]),
    ],
)
def test_findings_in_other_words_endings_and_order(text: str, terms: list[str]) -> None:
    assert present(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("small hands and feet", ["Small hand", "Short foot"]),
        ("broad, low-set, posteriorly rotated ears", ["Low-set ears", "Posteriorly rotated ears"]),
        ("atrophy of the optic nerve and of the cerebellum", ["Optic atrophy", "Cerebellar atrophy"]),
        ("seizures and severe hypotonia", ["Seizure", "Severe muscular hypotonia"]),
    ],
)
def test_members_of_a_list_share_what_stands_around_it(text: str, terms: list[str]) -> None:
    assert present(text) == terms


def test_words_broken_at_the_end_of_a_line_are_put_together() -> None:
    text = "He has hydro-\ncephalus, low-\nset ears and kypho-\n  scoliosis."
    assert present(text) == ["Hydrocephalus", "Low-set ears", "Kyphoscoliosis"]


@pytest.mark.parametrize("text", ["hepatosplenomegally", "polydactily", "retinitis pigmentossa"])
def test_one_wrong_letter_in_a_long_word_is_forgiven(text: str) -> None:
    assert len(present(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Amelia was seen with her parents.",
        "Seen by Dr. Graves and Mrs Moon of Albin Street.",
        "Hepatitis B vaccine given",
        "double-blind study",
        "He fell asleep in the car.",
        "bone marrow aspiration",
        "The hemithorax moved well.",
        "She was admitted with regression analysis pending.",
        "an irritable bowel",
        "Cut her chin after a fall from a swing.",
    ],
)
def test_what_only_looks_like_a_finding_is_none(text: str) -> None:
    assert present(text) == []


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("3yo M, GDD, sz, IUGR", ["Global developmental delay", "Seizure", "Intrauterine growth retardation"]),
        ("Echo: ASD, murmur", ["Atrial septal defect", "Heart murmur"]),
        ("ASD. He avoids social contact.", ["Autism"]),
        ("ASD", []),
        ("MR spectroscopy", []),
        ("An orbital mass (OM) with ear pain. OM again.", []),
    ],
)
def test_shorthand_is_read_where_the_note_settles_it(text: str, terms: list[str]) -> None:
    assert [term for term in present(text) if "pain" not in term.lower() and "Reduced" not in term] == terms


@pytest.mark.parametrize(
    ("text", "term", "said"),
    [
        ("CK 9,400 U/L", "Elevated circulating creatine kinase concentration", "present"),
        ("CK: 120 U/L", "Elevated circulating creatine kinase concentration", "absent"),
        ("Copper 3 umol/L (ref 11-22)", "Decreased circulating copper concentration", "present"),
        ("ferritin 900 ng/mL (normal <300)", "Increased circulating ferritin concentration", "present"),
        ("Hb 71 g/L", "Anemia", "present"),
        ("Hb 7.1 g/dL", "Anemia", "present"),
        ("platelets of 21 x 10^9/L", "Thrombocytopenia", "present"),
        ("WBC 21,000/mm3", "Leukocytosis", "present"),
        ("calcium 11.9 mg/dL", "Hypercalcemia", "present"),
        ("↑ammonia", "Hyperammonemia", "present"),
        ("lactate 6.1 (H)", "Increased circulating lactate concentration", "present"),
        ("temp 39.4", "Fever", "present"),
        ("BP 182/110 mmHg", "Hypertension", "present"),
        ("HP:0001166", "Arachnodactyly", "present"),
        ("OFC 43 cm at 3 years", "Microcephaly", "present"),
        ("head circumference -3.1 SD", "Microcephaly", "present"),
        ("height was below the 3rd centile", "Short stature", "present"),
        ("Height 101 cm (<0.4th)", "Short stature", "present"),
        ("Wt 50th", "Decreased body weight", "absent"),
        ("BW 1.8 kg (<2nd)", "Small for gestational age", "present"),
        ("her haemoglobin fell to 78 g/L", "Anemia", "present"),
        ("Hb 78", "Anemia", "present"),
        ("plt 71", "Thrombocytopenia", "present"),
        ("Na 118", "Hyponatremia", "present"),
        ("creat 171 (60-110)", "Elevated circulating creatinine concentration", "present"),
        ("eGFR 24", "Decreased glomerular filtration rate", "present"),
        ("uPCR 210 mg/mmol", "Proteinuria", "present"),
        ("24h urine copper 3.1 umol/24h", "Increased urinary copper concentration", "present"),
        ("urine dip: prot 3+", "Proteinuria", "present"),
        ("DXA of the spine: Z-score -2.8", "Reduced bone mineral density", "present"),
        ("Bone density of the hip, T score −0.6.", "Reduced bone mineral density", "absent"),
        ("CK 5 x ULN", "Elevated circulating creatine kinase concentration", "present"),
        ("urinary copper raised", "Increased urinary copper concentration", "present"),
        ("HR 41 regular", "Bradycardia", "present"),
        ("Head 56 cm (99th)", "Macrocephaly", "present"),
        ("BP 112/68, JVP not raised", "Hypertension", "absent"),
        ("bile acids 288 umol/L (<10)", "Increased serum bile acid concentration", "present"),
        ("BP 118/74, above the 95th centile", "Hypertension", "present"),
        ("Bilirubin total\t148\tumol/L\t<21", "Hyperbilirubinemia", "present"),
        ("| Urate | 512 umol/L | 200-430 |", "Hyperuricemia", "present"),
        ("Platelets      71      10^9/L      150-400", "Thrombocytopenia", "present"),
        ("Sodium      118      134      133-146 mmol/L", "Hyponatremia", "present"),
        ("CRP      3      <1      <5 mg/L", "Elevated circulating C-reactive protein concentration", "absent"),
        ("height on the 50th centile", "Short stature", "absent"),
        ("OFC > 97th centile", "Macrocephaly", "present"),
    ],
)
def test_values_speak_by_the_range_in_the_note_or_the_usual_one(text: str, term: str, said: str) -> None:
    assert [(load().term_names[m.term], m.assertion.value) for m in read(text)] == [(term, said)]


@pytest.mark.parametrize(
    "text",
    [
        "calcium 12 in all, ordered in 2019",
        "urine calcium 12 mmol/L",
        "sodium 3 tablets",
        "Boy of 4 years. BP 112/70",
        "Urine Zn/creatinine 4",
    ],
)
def test_values_that_cannot_be_judged_are_left_alone(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ALT/AST 312/408 U/L", [("alanine", "present"), ("aspartate", "present")]),
        ("Na/K 118/3.9", [("Hyponatremia", "present"), ("Hypokalemia", "absent")]),
        ("Urate 0.58 mmol/L ↑\n  CRP <1", [("Hyperuricemia", "present"), ("C-reactive", "absent")]),
    ],
)
def test_values_between_slashes_and_below_each_other_belong_to_their_names(
    text: str, said: list[tuple[str, str]]
) -> None:
    found = [(load().term_names[m.term], m.assertion.value) for m in read(text)]
    assert len(found) == len(said)
    assert all(word in term and state == told for (term, state), (word, told) in zip(found, said, strict=True))


@pytest.mark.parametrize(
    "piece",
    [
        "seizures, ",
        "normal ",
        "hearing, ",
        "hearing and ",
        "Na/",
        "CK | ",
        "CK      1      ",
        "micro-\n",
        "(",
        "small and ",
        "ASD ",
        "CK 12 ",
        "zzzzzzzzzzzz",
        "height ",
    ],
)
def test_time_grows_with_the_length_of_the_text_and_no_faster(piece: str) -> None:
    recogniser = Recogniser(load())

    def work(count: int) -> None:
        recogniser._names(piece * count)
        list(recogniser.hits(piece * count))

    assert grows_slower(work, 250, 2000, times=20)
