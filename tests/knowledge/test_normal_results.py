"""What normal results and examinations deny, and what they leave alone."""

import textwrap

import pytest

from raredxr1.knowledge.recognition import Recogniser
from raredxr1.knowledge.recognition.analytes import may_name_analytes
from raredxr1.knowledge.store import load


def said(text: str) -> dict[str, str]:
    kb = load()
    return {kb.term_names[mention.term]: mention.assertion.value for mention in Recogniser(kb).find(text)}


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Her hearing test was normal.", {"Hearing impairment"}),
        ("Hearing and vision have been tested and are normal.", {"Hearing impairment", "Visual impairment"}),
        ("Newborn hearing screen passed", {"Hearing impairment"}),
        ("Liver and spleen not palpable.", {"Hepatomegaly", "Splenomegaly"}),
        ("Tone, power and reflexes were all normal.", {"Abnormal muscle tone", "Muscle weakness", "Abnormal reflex"}),
        ("PERRL, EOMI.", {"Abnormal pupillary function", "Abnormality of eye movement"}),
        ("The pupils were equal and reactive.", {"Abnormal pupillary function"}),
        ("He is not dysmorphic.", {"Abnormal facial shape"}),
        ("Normal EEG, ECG and echocardiogram.", {"EEG abnormality", "Abnormal EKG", "Abnormal heart morphology"}),
        ("EEG: normal", {"EEG abnormality"}),
        ("CK N, TFTs N.", {"Elevated circulating creatine kinase concentration", "Abnormality of thyroid physiology"}),
        ("Abdomen soft, no organomegaly", {"Visceromegaly"}),
        ("No weight loss or night sweats.", {"Weight loss", "Night sweats"}),
        ("No organomegaly or lymphadenopathy", {"Visceromegaly", "Lymphadenopathy"}),
        ("Power 5/5 throughout", {"Muscle weakness"}),
        (
            "Full blood count, CK, lactate and ammonia normal.",
            {
                "Elevated circulating creatine kinase concentration",
                "Increased circulating lactate concentration",
                "Hyperammonemia",
            },
        ),
    ],
)
def test_what_is_normal_denies_what_it_would_show(text: str, denied: set[str]) -> None:
    assert said(text) == dict.fromkeys(denied, "absent")


@pytest.mark.parametrize(
    "text",
    [
        "Hearing was not normal.",
        "The MRI brain was normal at 6 months.",
        "The echocardiogram was normal apart from a small effusion in 2019.",
        "Development was normal until 15 months.",
        "normal pressure",
        "normal growth hormone",
        "If the EEG is normal we will stop.",
        "Low normal reflexes.",
        "Hands and feet: normal shoes.",
        "A normal delivery. Normally fit and well.",
    ],
)
def test_what_is_normal_in_part_or_not_yet_denies_nothing(text: str) -> None:
    assert "absent" not in said(text).values()


def test_a_normal_result_of_a_relative_is_the_relatives() -> None:
    assert said("Mother: hearing normal") == {"Hearing impairment": "other"}
    assert said("His sister's CK was normal.") == {"Elevated circulating creatine kinase concentration": "other"}


RESULTS = [
    "Her hearing and vision were normal. Liver and spleen not palpable.",
    "CK, lactate and ammonia normal; ALT/AST 312/408 U/L.",
    "Haemoglobin fell to 78 g/L and platelets were 71 x 10^9/L last autumn.",
    "Sodium      118      134      133-146 mmol/L",
    "| Urate | 512 umol/L | 200-430 |",
    "Tone, power and reflexes were all normal, gait unremarkable, PERRL.",
]
UNRELATED = ["The appointment lasted an hour.", "Plan: see again in June.", "Weight was not taken.", ""]


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("line", UNRELATED)
def test_an_unrelated_line_before_or_behind_a_result_changes_nothing(result: str, line: str) -> None:
    assert said(result)
    assert said(f"{line}\n{result}\n{line}") == said(result)


@pytest.mark.parametrize("result", [RESULTS[0], RESULTS[2], RESULTS[5]])
@pytest.mark.parametrize("width", [45, 60, 75])
def test_a_wrapped_result_is_read_as_one_that_is_not(result: str, width: int) -> None:
    assert said(textwrap.fill(f"She came with her father from the north. {result}", width)) == said(result)


@pytest.mark.parametrize("result", [RESULTS[0], RESULTS[5]])
def test_capitals_change_nothing(result: str) -> None:
    assert said(result.upper()) == said(result)


def test_names_of_analytes_begin_with_latin_letters_or_not():
    text = "25-OH vitamin D 12, HbA1c 9; α-fetoprotein 800, x-K 3.1, éCK, CK_MB, 17OHP 60"
    assert [word[0] for word in may_name_analytes(text)] == [
        "25",
        "vitamin",
        "D",
        "HbA1c",
        "α",
        "3",
        "1",
        "CK",
        "17OHP",
    ]
