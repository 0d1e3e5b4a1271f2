"""The curriculum: tiers from pass rates, promotion, what is kept, what is set aside, and the order of tasks."""

import json
from collections import Counter

import pytest

from raredxr1.curriculum.config import CaseLevel, TaskLevel
from raredxr1.curriculum.schedule import ASIDE, UNKNOWN, Curriculum
from raredxr1.curriculum.tiers import TIERS, PassRates, tier_of

RATES = {"easy": [1, 1, 1, 0], "medium": [1, 1, 0, 0], "hard": [1, 0, 0, 0], "extreme": [1, 0, 0, 0, 0, 0, 0, 0]}
ORDER = list(RATES)
CASES = 40


def curriculum(tasks_on: bool = True, cases_on: bool = True, size: int = 8, **options: object) -> Curriculum:
    """Forty cases; prompts 2c (differential) and 2c + 1 (final)."""
    tasks = ["differential", "final"] * CASES
    level = CaseLevel.model_validate({"on": cases_on, "window": 4, "promote": 0.7, "samples": 4, **options})
    return Curriculum(tasks, level, TaskLevel(on=tasks_on, window=8, latest=0.5), size, 100, seed=5)


def measure_all(subject: Curriculum) -> None:
    """Ten cases a tier, in both tasks."""
    subject.measured({prompt: RATES[ORDER[prompt // 2 % 4]] for prompt in range(2 * CASES)}, 0)


def run(subject: Curriculum, number: int, accuracies: list[float]) -> list[int]:
    batch = subject.batch(number)
    subject.observe(number, dict.fromkeys(batch, accuracies))
    return batch


def tiers_of(batch: list[int]) -> Counter[str]:
    return Counter(ORDER[prompt // 2 % 4] for prompt in batch)


@pytest.mark.parametrize(("rate", "tier"), [(1.0, 0), (0.75, 0), (0.74, 1), (0.5, 1), (0.3, 2), (0.24, 3), (0.0, 3)])
def test_a_pass_rate_has_a_tier(rate, tier):
    assert tier_of(rate, CaseLevel()) == tier


def test_training_begins_with_the_easy_tier_and_moves_up_one_at_a_time():
    subject = curriculum(keep=0.0, revisit=0.0)
    subject.task = TaskLevel(promote=1.0, latest=1.0)
    measure_all(subject)
    for level, tier in enumerate(ORDER):
        assert subject.level["differential"] == level
        # half right, once: below the threshold, it stays; then all batches are above it, and it goes on
        assert set(tiers_of(run(subject, 3 * level, [1, 0, 1, 0]))) == {tier}
        assert subject.level["differential"] == level
        run(subject, 3 * level + 1, [1, 1, 1, 0.9])
        subject.batch(3 * level + 2)
    assert subject.level["differential"] == len(TIERS) - 1, "there is nothing above extreme"


def test_earlier_tiers_keep_a_share_that_fades():
    subject = curriculum(keep=0.3, fade=0.5, revisit=0.0, size=20)
    measure_all(subject)
    subject.level["differential"] = 2
    drawn = sum((tiers_of(subject.batch(number)) for number in range(40)), Counter())
    shares = {tier: drawn[tier] / 800 for tier in ORDER}
    assert shares["extreme"] == 0
    assert 0.2 < shares["medium"] < 0.4
    assert 0.08 < shares["easy"] < 0.25
    assert shares["hard"] > 0.4


def test_a_tier_that_never_passes_the_threshold_is_left_in_the_end():
    subject = curriculum(longest=5, keep=0.0)
    measure_all(subject)
    for number in range(5):
        run(subject, number, [1, 0, 0, 0])
    assert subject.level["differential"] == 1


def test_tiers_without_prompts_are_passed_over():
    subject = curriculum()
    subject.measured(dict.fromkeys(range(2 * CASES), RATES["hard"]), 0)
    subject.batch(0)
    assert subject.level["differential"] == 2


def test_a_batch_larger_than_a_tier_takes_the_rest_from_the_next_one_not_from_what_is_set_aside():
    subject = curriculum(revisit=0.0, size=16)
    measure_all(subject)
    subject.measured({prompt: [1, 1, 1, 1] for prompt in (6, 14)}, 0)
    assert tiers_of(subject.batch(0)) == {"easy": 10, "medium": 6}
    assert subject.level["differential"] == 0, "that is no promotion"


def test_prompts_always_or_never_solved_are_set_aside_and_revisited():
    subject = curriculum(revisit=0.2, size=10)
    rates = {prompt: [1, 1, 1, 1] if prompt % 4 == 0 else RATES["easy"] for prompt in range(2 * CASES)}
    rates |= {prompt: [0, 0, 0, 0] for prompt in range(8, 12)}
    subject.measured(rates, 0)
    aside = {prompt for prompt in subject.prompts["differential"] if subject.rates.is_aside(prompt)}
    assert aside == set(range(0, 80, 4)) | {10}
    drawn = Counter(prompt in aside for number in range(60) for prompt in subject.batch(number))
    assert 0.08 < drawn[True] / 600 < 0.3
    back = next(iter(aside))
    subject.rates.observe(back, [1, 0, 1, 1])
    assert not subject.rates.is_aside(back), "one group with variance brings it back"


def test_groups_without_variance_in_a_row_set_a_prompt_aside():
    rates = PassRates(1, CaseLevel(flat_groups=2))
    rates.measure(0, RATES["medium"], 0)
    for accuracies, aside in (([1, 1], False), ([1, 0], False), ([0, 0], False), ([1, 1], True)):
        rates.observe(0, accuracies)
        assert rates.is_aside(0) is aside


def test_tiers_change_when_measured_not_with_every_group():
    rates = PassRates(1, CaseLevel())
    rates.measure(0, RATES["hard"], 0)
    rates.observe(0, [1, 1, 1, 0])
    assert rates.standings[0].tier == 2
    rates.measure(0, [1, 1, 1, 0], 7)
    assert rates.standings[0].tier == 0


def test_pass_rates_are_measured_again_on_schedule_longest_ago_first():
    subject = curriculum(remeasure_every=10, remeasure_prompts=3)
    assert subject.due(0) == subject.prompts["differential"], "what is not asked yet is not measured yet"
    measure_all(subject)
    assert subject.due(5) == []
    assert subject.due(10) == [0, 2, 4]
    subject.measured({0: [1, 0], 2: [1, 0]}, 10)
    assert subject.due(20) == [4, 6, 8]


def test_the_differential_comes_first_and_the_final_diagnosis_when_it_is_good_enough_in_every_tier():
    subject = curriculum()
    measure_all(subject)
    for number in range(3):
        assert all(prompt % 2 == 0 for prompt in run(subject, number, [1, 1, 1, 0.9]))
        assert not subject.final, "good at the easy tiers alone is not good enough"
    assert subject.level["differential"] == len(TIERS) - 1
    run(subject, 3, [1, 1, 1, 0.9])
    assert subject.final
    batches = [prompt for number in range(4, 40) for prompt in subject.batch(number)]
    final = sum(prompt % 2 for prompt in batches) / len(batches)
    assert 0.6 < final < 0.9, "a share stays with the differential"


def test_without_tiers_every_differential_counts_towards_the_final_diagnosis():
    subject = curriculum(cases_on=False)
    run(subject, 0, [1, 1, 1, 0.9])
    assert subject.final


def test_the_final_diagnosis_begins_at_the_latest_at_a_share_of_the_run():
    subject = curriculum()
    measure_all(subject)
    for number in range(49):
        run(subject, number, [0.2, 0.1, 0.0, 0.1])
    assert not subject.final
    run(subject, 49, [0.2, 0.1, 0.0, 0.1])
    assert subject.final


def test_without_curriculum_every_prompt_of_both_tasks_has_its_turn():
    subject = curriculum(tasks_on=False, cases_on=False)
    assert subject.due(0) == []
    drawn = Counter(prompt for number in range(40) for prompt in subject.batch(number))
    assert set(drawn) == set(range(2 * CASES))
    assert max(drawn.values()) <= 7
    assert subject._plans[39][0][1] == UNKNOWN


def test_a_batch_holds_no_prompt_twice_while_there_are_others():
    subject = curriculum(revisit=0.0)
    subject.measured({prompt: [1, 1, 1, 1] for prompt in range(2 * CASES)}, 0)
    assert len(set(subject.batch(0))) == 8, "everything set aside: it is drawn from there"
    assert {name for _, name in subject._plans[0]} == {ASIDE}


def test_the_same_observations_give_the_same_batches_and_a_restored_state_goes_on_alike():
    def begun() -> Curriculum:
        subject = curriculum()
        measure_all(subject)
        for number in range(6):
            run(subject, number, [1, 1, 0, 1 - number / 10])
        subject.batch(6)  # planned ahead, as loaders do
        return subject

    one, two = begun(), begun()
    three = curriculum()
    three.restore(json.loads(json.dumps(two.state())))
    for number in range(6, 12):
        batches = [run(subject, number, [1, 0, 1, 0.5]) for subject in (one, two, three)]
        assert batches[0] == batches[1] == batches[2]
    assert one.metrics() == three.metrics()


def test_the_mix_of_a_batch_and_the_pass_rate_of_each_tier_are_told():
    subject = curriculum(keep=0.0, revisit=0.0)
    measure_all(subject)
    run(subject, 0, [1, 1, 0, 0])
    told = subject.metrics()
    assert told["tier_mix/easy"] == 1.0
    assert told["pass_rate/easy"] == 0.5
    assert told["pool/easy"] == told["pool/extreme"] == 10
    assert told["pool/aside"] == 0
