"""What an honest turn earns, reward by reward, and by which rule."""

import pytest
from rl_cases import LISTED, MISTAKEN, NAMED, NOTE, THINK, UNSURE

from raredxr1.curriculum.rewards import PARENT_SHARE, graded, length
from raredxr1.evaluate.matcher import Verdict


def test_an_honest_turn_earns_every_reward_in_full(judge):
    assert judge.scores(THINK + LISTED) == {
        "accuracy": 1.0, "format": 1.0, "repetition": 1.0, "grounding": 1.0, "consistency": 1.0, "length": 0.0,
    }  # fmt: skip


def test_the_short_form_has_no_reasoning_to_reward(judge):
    assert judge.scores(LISTED, "short") == {"accuracy": 1.0, "format": 1.0, "repetition": 1.0}


def test_a_differential_earns_less_the_lower_the_disease_stands(judge):
    assert judge.scores(THINK + LISTED)["accuracy"] == 1.0
    assert judge.scores(THINK + UNSURE)["accuracy"] == 0.5
    assert judge.scores(THINK + MISTAKEN)["accuracy"] == 0.0


def test_a_final_diagnosis_is_right_or_wrong(judge):
    assert judge.scores(THINK + NAMED, task="final")["accuracy"] == 1.0
    assert judge.scores(THINK + MISTAKEN, task="final")["accuracy"] == 0.0
    assert judge.scores(THINK + UNSURE, task="final")["accuracy"] == 0.0, "the second name is not looked at"


@pytest.mark.parametrize(
    ("verdict", "share"),
    [
        (Verdict("strict", "name"), 1.0),
        (Verdict("strict", "fuzzy", score=96), 1.0),
        (Verdict("subtype", "parent", covers=10), PARENT_SHARE),
        (Verdict("subtype", "sibling", covers=3), 0.0),
        (Verdict("subtype", "child", covers=3), 0.0),
        (Verdict("category", "broader", covers=11), 0.0),
        (Verdict(None, "joined"), 0.0),
        (Verdict(None, "other"), 0.0),
    ],
)
def test_only_the_disease_and_a_small_parent_count(verdict, share):
    assert graded([verdict], "differential") == share
    assert graded([Verdict(None, "other"), verdict], "differential") == share / 2
    assert graded([Verdict(None, "other"), verdict], "final") == 0.0
    assert graded([], "final") == 0.0


def test_polarity_is_judged_by_the_note_where_the_case_gives_no_terms(judge):
    assert judge.scores(THINK + LISTED, known=False)["grounding"] == 1.0
    denied = THINK.replace('4 - "ataxia"', '4 + "ataxia"')
    assert judge.scores(denied + LISTED, known=False)["grounding"] < 1.0
    claimed = THINK.replace('1 + "seizures"', '1 - "seizures"')
    assert judge.scores(claimed + LISTED, known=False)["grounding"] < 1.0


@pytest.mark.parametrize(
    ("note", "finding", "holds"),
    [
        ("She never walked.", '+ "never walked" = Inability to walk', True),
        ("There were no seizures.", '- "no seizures" = Seizure', True),
        ("There were no seizures.", '+ "seizures" = Seizure', False),
        ("There were no seizures.", '- "seizures" = Seizure', True),
        ("Ataxia, but no seizures.", '+ "Ataxia" = Ataxia', True),
        ("Absent: ataxia; seizures.", '- "seizures" = Seizure', True),
        ("Absent speech, seizures.", '+ "seizures" = Seizure', True),
        ("Her mother has seizures.", '+ "seizures" = Seizure', False),
        ("Her mother has seizures.", '- "seizures" = Seizure', False),
    ],
)
def test_a_quote_says_what_the_note_says_there(judge, note, finding, holds):
    turn = f"<think>\nFindings\n1 {finding}\nHypotheses\nWeigh\n</think>\n"
    assert (judge.scores(turn + LISTED, note=note, known=False)["grounding"] > 0) is holds


def test_the_words_of_one_finding_deny_no_other(judge):
    findings = '1 + "Absent speech" = Absent speech\n2 + "seizures" = Seizure'
    turn = f"<think>\nFindings\n{findings}\nHypotheses\nWeigh\n</think>\n"
    scored = judge.scores(turn + LISTED, note="Absent speech, seizures.", known=False)
    assert scored["grounding"] == pytest.approx(2 / 3), "two of the three findings expected"


def test_a_term_that_is_a_kind_of_the_patients_counts_as_hers(judge):
    kind = THINK.replace('"seizures" = Seizure', '"seizures" = Infantile spasms')
    assert judge.scores(kind + LISTED)["grounding"] == 1.0
    other = THINK.replace('"seizures" = Seizure', '"seizures" = Hypertelorism')
    assert judge.scores(other + LISTED)["grounding"] < 1.0


def test_fewer_findings_than_the_case_has_earn_their_share(judge):
    lines = [line for line in THINK.splitlines() if not line.startswith(("3 +", "4 -"))]
    fewer = (
        "\n".join(lines).replace(" 2 3", " 2").replace(" | against 4", "").replace("explains 3", "explains 2") + "\n"
    )
    assert judge.scores(fewer + LISTED)["grounding"] == pytest.approx(2 / 4)


def test_a_false_claim_costs_its_share(judge):
    claims = 8  # for 1 2 3, awaited; for 1 2, against 4; and what the weighing says of two diseases: 9, one made false
    false = THINK.replace("awaited Intellectual disability, severe", "awaited Hypertelorism")
    assert judge.scores(false + LISTED)["consistency"] == pytest.approx(claims / (claims + 1))


def test_a_disease_truly_called_x_or_y_is_no_joined_item(judge, rl_kb):
    name = next(name for name in rl_kb.record_names if "/" in name)
    assert (
        judge.scores(f"<answer>\n1. {name}\n</answer>", "short", "final", gold="OMIM:183600", known=False)["format"]
        == 1.0
    )
    joined = "<answer>\n1. Rett syndrome or Marfan syndrome\n</answer>"
    assert judge.scores(joined, "short", "final")["format"] < 1.0


@pytest.mark.parametrize(("tokens", "earned"), [(10, 0.0), (300, 0.0), (350, -0.5), (400, -1.0)])
def test_the_soft_punishment_grows_over_the_last_tokens(judge, tokens, earned):
    assert length(judge.rollout(THINK + LISTED, tokens=tokens), limit=400, overlong=100) == pytest.approx(earned)


def test_a_completion_cut_at_the_limit_is_punished_in_full(judge):
    assert length(judge.rollout(THINK, tokens=3, truncated=True), limit=400, overlong=100) == -1.0


def test_repetition_counts_names_lines_and_runs_of_words(judge):
    assert judge.scores("<answer>\n1. Rett syndrome\n2. Rett's syndrome\n</answer>", "short")["repetition"] == 0.5
    assert judge.scores("<answer>\n1. Rett syndrome\n2. Rett syndrome\n</answer>", "short")["repetition"] == 0.5
    assert judge.scores("nothing", "short")["repetition"] == 0.0
    weigh = THINK.replace("Rett syndrome explains 3; Angelman", "it is so and so it is " * 5 + "Angelman")
    assert judge.scores(weigh + LISTED)["repetition"] < 0.5


def test_the_note_is_what_quotes_are_looked_for_in(judge):
    assert NOTE in judge.rollout(THINK + LISTED).prompt.text
    assert judge.scores(THINK + LISTED, note="Another note altogether.", known=False)["grounding"] == 0.0
