"""Attempts at weighing: what is accepted, what goes back after a failure, and that both ways cost the same."""

from collections.abc import Sequence

import pytest
from benchmarks.weighing_attempts import (
    Situation,
    accepted,
    attempt,
    faults,
    plain,
    resampled,
    review_prompt,
    reviews,
)

from raredxr1 import dialogue
from raredxr1.diagnose.engine import Completion, GenerationSettings
from raredxr1.diagnose.lead import Evidence, Weighed
from raredxr1.diagnose.lead_grammar import read_candidates
from raredxr1.schemas import Demographics, Finding

FINDINGS = tuple(Finding(index=n, present=True, quote=f"sign {n}", term=f"sign {n}") for n in (1, 2))
BEFORE = Evidence(
    Demographics(),
    FINDINGS,
    (Weighed(1, "Rett syndrome", 0.6, {"texts": 1}, (1,)), Weighed(2, "Angelman syndrome", 0.3, {"texts": 2}, (1, 2))),
)
SOUND = """Angelman syndrome | for 1 2
Rett syndrome | for 1
Weigh
Angelman syndrome explains 2; Rett syndrome does not.
</think>
<answer>
1. Angelman syndrome
2. Rett syndrome
</answer>"""
FOLLOWS = """Rett syndrome | for 1
Angelman syndrome | for 1 2
Weigh
Rett syndrome explains 1, its most specific finding; so do the others.
</think>
<answer>
1. Rett syndrome
2. Angelman syndrome
</answer>"""
UNTRUE = SOUND.replace("Rett syndrome | for 1", "Rett syndrome | for 2")
PLAIN = GenerationSettings(temperature=0.7)


def case(number: int = 0, right: Sequence[str] = ("Angelman syndrome",)) -> Situation:
    return Situation(
        case_id=f"case-{number}",
        file="notes.jsonl",
        prompt=BEFORE.prompt(),
        begun=BEFORE.begun(),
        names=["Rett syndrome", "Angelman syndrome"],
        right=list(right),
        turn=SOUND,
    )


class Scripted:
    """Writes the same behind every plain prompt, and another turn where a failure is given back."""

    def __init__(self, plain: str, review: str) -> None:
        self.turns = {False: plain, True: review}

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        texts = [self.turns["Former answer" in prompt] for prompt in prompts]
        return [[Completion(text=text, tokens=100, log_prob=-1.0, truncated=False)] for text in texts]

    def count(self, text: str) -> int:
        return 300 if "Former answer" in text else 200


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (SOUND, ["Angelman syndrome"], []),
        (FOLLOWS, ["Angelman syndrome"], ["diagnosis"]),
        (FOLLOWS, [], []),
        (UNTRUE, ["Angelman syndrome"], ["claims"]),
        (UNTRUE, ["Rett syndrome"], ["claims", "diagnosis"]),
        (SOUND.partition("<answer>")[0], ["Angelman syndrome"], ["claims", "diagnosis"]),
    ],
)
def test_a_turn_is_accepted_that_is_sound_and_right_where_it_can_be(text: str, right: list[str], wrong: list[str]):
    assert list(dict.fromkeys(one.filter for one in faults(case(right=right), text))) == wrong


def test_a_failure_goes_back_with_its_faults_and_the_evidence_but_not_the_answer():
    (failure,) = attempt(Scripted(FOLLOWS, ""), PLAIN, [(case(), case().prompt)], 0)  # type: ignore[arg-type]
    back = review_prompt(case(), failure)
    assert read_candidates(back) == read_candidates(case().prompt)
    former, _, evidence = dialogue.note_of(back).partition("\nCandidates\n")
    assert "1 + sign 1" in former and "Rett syndrome; Angelman syndrome" in former and "Failed: the diagnosis" in former
    assert back.endswith("<think>\nHypotheses\n") and not dialogue.asks_lead(back)
    assert evidence.index("Rett syndrome") < evidence.index("Angelman syndrome")


def test_both_ways_start_alike_and_the_control_stays_within_the_cost():
    engine = Scripted(FOLLOWS, SOUND)
    cases = [case(number) for number in range(3)] + [case(3, ["Rett syndrome"])]
    first = attempt(engine, PLAIN, plain(cases), 0)  # type: ignore[arg-type]
    assert [one.accepted for one in first] == [False, False, False, True]
    back = attempt(engine, PLAIN, reviews(cases, first), 1)  # type: ignore[arg-type]
    assert [one.case_id for one in back] == ["case-0", "case-1", "case-2"] and all(one.accepted for one in back)
    budget = sum(one.cost for one in back)
    again = resampled(engine, PLAIN, cases, first, budget)  # type: ignore[arg-type]
    assert budget == 1200 and [one.round for one in again] == [1, 1, 1, 2]
    learned = accepted(cases, [*first, *back])
    assert [one.completion for one in learned] == [text + dialogue.TURN_END for text in (SOUND, SOUND, SOUND, FOLLOWS)]
    assert {one.prompt for one in learned} == {case().prompt}
    assert len(accepted(cases, [*first, *again])) == 1
