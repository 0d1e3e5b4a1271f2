"""Lessons in reflecting: what is taught is true, is asked as sampling asks, and shows a hypothesis that fell."""

from collections import Counter

import pytest

from raredxr1 import dialogue
from raredxr1.diagnose.names import Names, open_names
from raredxr1.evaluate.matcher import Matcher
from raredxr1.internalize.corpus import Example, taught_diseases
from raredxr1.knowledge.claims import Claims
from raredxr1.reflect.acceptance import judge, read
from raredxr1.reflect.config import LessonOptions, Limits
from raredxr1.reflect.lessons import Lessons
from raredxr1.reflect.prompts import REVIEW
from raredxr1.schemas import DiseaseName


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names()


@pytest.fixture(scope="module")
def full(names: Names) -> Lessons:
    return Lessons(names.kb, taught_diseases(names.kb, 24), 5, LessonOptions(hypotheses=2, names=5))


@pytest.fixture(scope="module")
def short(names: Names) -> Lessons:
    return Lessons(names.kb, taught_diseases(names.kb, 24), 5, LessonOptions(form="short", task="final"))


def user_of(example: Example) -> str:
    return example.prompt.split("<|im_start|>user\n")[1].split("<|im_end|>")[0]


def note_of(example: Example) -> str:
    return user_of(example).split("\nFormer answer\n")[0]


def test_a_lesson_depends_on_seed_and_number_alone(names, short):
    again = Lessons(names.kb, short.diseases, 5, short.options)
    assert [again.example(n) for n in reversed(range(12))] == [short.example(n) for n in range(12)][::-1]
    assert Lessons(names.kb, short.diseases, 6, short.options).example(0) != short.example(0)


def test_every_disease_takes_its_turn(short):
    assert sorted(short.example(n).disease for n in range(24)) == sorted(short.diseases)


def test_full_lessons_are_true_by_the_filters_that_sampled_turns_must_pass(names, full):
    """Reviews and thoughts alike: right diagnosis, quotes in the note, true claims, no trace of K and E."""
    matcher, truth = Matcher(names.kb, names.linker), Claims(names.kb)
    kinds = Counter()
    for number in range(40):
        lesson = full.example(number)
        kinds[lesson.kind] += 1
        note = note_of(lesson)
        turn = read(lesson.completion, note, "full", "differential", False, names)
        gold = matcher.gold([DiseaseName(id=names.kb.disease_ids(lesson.disease)[0])])
        # polarity has tests of its own: here the note's own words would be the only witness
        faults = judge(lesson.completion, turn, note, gold, matcher, names, Limits(), truth)
        assert [fault for fault in faults if fault.filter != "polarity"] == []
    assert kinds["review"] > kinds["thought"] > 0


def test_a_thought_examines_a_wrong_first_hypothesis_and_drops_it(names, full):
    thoughts = [lesson for n in range(60) if (lesson := full.example(n)).kind == "thought"]
    assert thoughts
    for lesson in thoughts:
        right = names.kb.disease_names[lesson.disease]
        turn = dialogue.parse(lesson.completion, note_of(lesson))
        assert turn.weigh.startswith("At first ")
        wrong = turn.weigh.removeprefix("At first ").split(", but ")[0]
        assert wrong != right and wrong in {hypothesis.name for hypothesis in turn.hypotheses}
        assert f"{right} does." in turn.weigh
        assert REVIEW not in lesson.prompt and "Opinions" not in lesson.prompt
        assert turn.answer[0].name == right


@pytest.mark.parametrize("form", ["full", "short"])
def test_a_review_is_asked_as_sampling_asks_and_its_former_answer_is_wrong(names, full, short, form):
    lessons = {"full": full, "short": short}[form]
    seen = 0
    for number in range(30):
        lesson = lessons.example(number)
        if lesson.kind != "review":
            continue
        right = names.kb.disease_names[lesson.disease]
        said = user_of(lesson)
        former = said.split("\nFormer answer\n")[1].split("\nFailed: ")[0].splitlines()[-1].split("; ")
        assert former[0] != right and right not in former[1:2]
        assert "\nFailed: the diagnosis\n" in said
        assert "\nOpinions\nlikelihood: " in said and "\nsimilarity: " in said and "\nProfiles\n" in said
        assert REVIEW in lesson.prompt
        turn = dialogue.parse(lesson.completion, note_of(lesson), form, lessons.options.task)
        assert turn.problems == [] or form == "short"
        assert turn.answer[0].name == right
        seen += 1
    assert seen >= 15


def test_opinions_in_lessons_are_good_advice_but_no_oracle(names, short):
    lessons = [short.example(n) for n in range(150)]
    first = [user_of(one).split("\nlikelihood: ")[1].split("\n")[0].split("; ")[0] for one in lessons]
    right = sum(name == names.kb.disease_names[one.disease] for name, one in zip(first, lessons, strict=True))
    assert 0.5 < right / len(lessons) < 0.99


def test_lessons_are_told_in_registers_where_stage_one_was(names):
    diseases = taught_diseases(names.kb, 24)
    told = [
        Lessons(names.kb, diseases, 5, LessonOptions(form="short", task="final", plain_share=0, register_share=share))
        for share in (0.0, 1.0)
    ]
    prompts = [{lessons.example(number).prompt for number in range(6)} for lessons in told]
    assert not prompts[0] & prompts[1]
