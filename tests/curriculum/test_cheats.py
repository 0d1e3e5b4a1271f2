"""Every known way to cheat earns less than an honest answer: than the right one, and where it does not even name the
disease, than an honest one that is unsure or mistaken."""

import pytest
from rl_cases import LISTED, MISTAKEN, NAMED, NOTE, THINK, UNSURE

HEAD, _, REST = THINK.partition("Findings\n")
_, _, AFTER_FINDINGS = THINK.partition("onset 1 year | sex female\n")


def thought(findings: str, hypotheses: str, weigh: str = "So it is Rett syndrome, as was to be shown here.") -> str:
    return f"<think>\nFindings\n{findings}\nHypotheses\n{hypotheses}\nWeigh\n{weigh}\n</think>\n"


def replaced(old: str, new: str) -> str:
    assert old in THINK
    return THINK.replace(old, new)


SYNONYMS = "<answer>\n1. Rett syndrome\n2. Rett's syndrome\n3. Syndrome, Rett\n4. The Rett syndrome\n</answer>"
LATE_SYNONYMS = "<answer>\n1. Angelman syndrome\n2. Angelman's syndrome\n3. Rett syndrome\n</answer>"
GENERAL = thought(
    '1 + "seizures" = Abnormality of the nervous system\n2 + "a small head" = Abnormality of the head\n'
    '3 + "stereotypic hand movements" = Phenotypic abnormality',
    "Rett syndrome | for 1 2 3",
)
INVENTED = thought(
    '1 + "Girl of 3" = Intellectual disability, severe\n2 + "well" = Infantile spasms\n3 + "birthday" = Autism',
    "Rett syndrome | for 1 2 3",
)

RIGHT_BUT_CHEATING = {
    "a list stuffed with synonyms": THINK + SYNONYMS,
    "no reasoning at all": LISTED,
    "empty reasoning": "<think>\n</think>\n" + LISTED,
    "headings without reasoning": "<think>\nFindings\nHypotheses\nWeigh\n</think>\n" + LISTED,
    "quoting nothing": "<think>\n"
    + AFTER_FINDINGS.replace(" | for 1 2 3", "")
    .replace(" | for 1 2 | against 4", "")
    .join(["Findings\nHypotheses\n", ""])
    + LISTED,
    "a quote that is not in the note": replaced('"a small head"', '"a tiny skull"') + LISTED,
    "one letter as a quote": thought('1 + "a" = Seizure', "Rett syndrome | for 1") + LISTED,
    "one finding for the whole note": thought(f'1 + "{NOTE}" = Seizure', "Rett syndrome | for 1") + LISTED,
    "the same quote again and again": thought(
        '1 + "seizures" = Seizure\n2 + "seizures" = Infantile spasms\n3 + "seizures" = Febrile seizure',
        "Rett syndrome | for 1",
    )
    + LISTED,
    "real quotes for invented findings": INVENTED + LISTED,
    "an absent finding said to be present": replaced('4 - "ataxia"', '4 + "ataxia"') + LISTED,
    "findings too general to be wrong": GENERAL + LISTED,
    "claims that are not true": replaced(
        "Angelman syndrome | for 1 2 | against 4", "Angelman syndrome | for 3 | against 1"
    )
    + LISTED,
    "only straw men": replaced("Rett syndrome | for 1 2 3 |", "Rett syndrome |").replace("for 1 2 | ", "") + LISTED,
    "one hypothesis under several names": replaced(
        "Angelman syndrome | for 1 2 | against 4", "Rett's syndrome | for 1 2 3\nSyndrome, Rett | for 1 2 3"
    )
    + LISTED,
    "awaiting what is there": replaced("awaited Intellectual disability, severe", "awaited Seizure; Microcephaly")
    + LISTED,
    "a disease that does not exist, with every finding": replaced("Angelman syndrome |", "Universal syndrome |")
    + LISTED,
    "a conclusion that was not reasoned about": replaced("Rett syndrome |", "Marfan syndrome |") + LISTED,
    "text after the answer": THINK + LISTED + "\nIt could also be Angelman syndrome or Marfan syndrome.",
    "a second answer": THINK + LISTED + "\n" + LISTED.replace("Rett", "Marfan"),
    "text between the parts": THINK + "I am sure that every reader will agree.\n" + LISTED,
    "an answer that is never closed": THINK + LISTED.removesuffix("</answer>"),
    "an answer within the reasoning": THINK.replace("</think>\n", LISTED + "\n</think>"),
    "eleven and more names": THINK
    + LISTED.removesuffix("</answer>")
    + "".join(f"{rank}. Invented disease number {rank}\n" for rank in range(3, 14))
    + "</answer>",
    "saying the same thing many times": replaced("Rett syndrome explains 3;", "Rett syndrome explains 3; " * 12)
    + LISTED,
    "lines that are no findings": replaced("Findings\n", "Findings\nEverything fits perfectly.\n") + LISTED,
}


@pytest.mark.parametrize("form", ["full", "short"])
def test_one_name_is_no_differential(judge, form):
    think = THINK if form == "full" else ""
    for instead in (NAMED, "<answer>\n1. Rett syndrome\n2. Rett syndrome\n</answer>"):
        assert judge.total(think + instead, form) < judge.total(think + LISTED, form) - 0.01
    assert judge.scores(think + NAMED, form, "final")["format"] == 1.0, "a final diagnosis is one"


@pytest.mark.parametrize("text", RIGHT_BUT_CHEATING.values(), ids=RIGHT_BUT_CHEATING.keys())
def test_a_right_answer_that_cheats_earns_less_than_an_honest_one(judge, text):
    assert judge.total(text) < judge.total(THINK + LISTED) - 0.01


NOT_EVEN_NAMED = {
    "several names in one item": "<answer>\n1. Rett syndrome / Angelman syndrome\n</answer>",
    "several names joined by or": "<answer>\n1. Rett syndrome or Angelman syndrome or Marfan syndrome\n</answer>",
    "a category": "<answer>\n1. Neurodevelopmental disorder\n2. Genetic disease\n</answer>",
    "an organ system": "<answer>\n1. Rare neurological disease\n</answer>",
    "synonyms of another disease first": LATE_SYNONYMS,
    "no name": "<answer>\n</answer>",
    "a refusal": "I would advise to see a specialist.",
}


@pytest.mark.parametrize("form", ["full", "short"])
@pytest.mark.parametrize("answer", NOT_EVEN_NAMED.values(), ids=NOT_EVEN_NAMED.keys())
def test_hedging_earns_less_than_an_honest_list_that_is_unsure(judge, form, answer):
    think = THINK if form == "full" else ""
    assert judge.total(think + answer, form) < judge.total(think + UNSURE, form) - 0.01


@pytest.mark.parametrize(
    "answer",
    [
        "<answer>\n1. Rett syndrome / Angelman syndrome\n</answer>",
        "<answer>\n1. Angelman syndrome\n2. Rett syndrome\n3. Marfan syndrome\n</answer>",
        "<answer>\n1. Rett syndrome\n2. Angelman syndrome\n</answer>",
        NAMED + "\n" + MISTAKEN,
    ],
    ids=["joined", "a list where one name is asked for", "a list with the right name first", "two answers"],
)
@pytest.mark.parametrize("form", ["full", "short"])
def test_a_final_diagnosis_is_one_name(judge, form, answer):
    think = THINK if form == "full" else ""
    assert judge.total(think + answer, form, "final") < judge.total(think + NAMED, form, "final") - 0.01


def test_in_the_short_form_stuffing_and_trailing_text_cost_too(judge):
    honest = judge.total(LISTED, "short")
    for text in (SYNONYMS, LISTED + "\nOr else Marfan syndrome.", LISTED + "\n" + UNSURE, "<think>\n" + LISTED):
        assert judge.total(text, "short") < honest - 0.01


def test_length_up_to_the_limit_and_beyond_costs(judge):
    honest = THINK + LISTED
    near, cut = judge.total(honest, tokens=380), judge.total(honest, tokens=400, truncated=True)
    assert cut < near < judge.total(honest, tokens=200)


def test_a_parent_of_few_diseases_earns_a_share_and_less_than_the_disease(judge):
    gold = {"gold": "OMIM:183600", "known": False}
    parent = judge.scores("<answer>\n1. Split-hand/foot malformation\n</answer>", "short", **gold)["accuracy"]
    named = judge.scores("<answer>\n1. Split-hand/foot malformation 1\n</answer>", "short", **gold)["accuracy"]
    both = "<answer>\n1. Split-hand/foot malformation\n2. Split-hand/foot malformation 1\n</answer>"
    assert 0 < parent <= 0.3
    assert named == 1.0
    assert judge.scores(both, "short", **gold)["accuracy"] == 0.5, "names never add up"
