"""What is held out is never written by training, and is all that probes ask with."""

import pickle
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from raredxr1 import data, dialogue
from raredxr1.cases.patients import Patient
from raredxr1.internalize.config import HeldOut, InternalizeConfig, Mixture, Probes
from raredxr1.internalize.corpus import Corpus, Example, documented, make_corpus, taught_diseases
from raredxr1.internalize.held_out import HeldOutRule, TrainingKnowledge, held_out_wordings, training_knowledge
from raredxr1.internalize.probes.questions import Questions, make_questions
from raredxr1.knowledge import KnowledgeBase, load

pytestmark = pytest.mark.slow

EXAMPLES = 600
ALL = Mixture(final=3, differential=1, full=1, profile=1, reverse=1, contrast=1, term=2)


def recipe(held_out: HeldOut | None) -> InternalizeConfig:
    return InternalizeConfig(
        out=Path("none"),
        tokens=1,
        base="none",
        diseases=60,
        plain_share=0.2,
        register_share=0.5,
        seed=3,
        held_out=held_out,
    )


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def diseases(kb: KnowledgeBase) -> list[int]:
    return taught_diseases(kb, 60)


@pytest.fixture(scope="module")
def wordings(kb: KnowledgeBase) -> dict[int, list[str]]:
    return held_out_wordings(kb, HeldOut())


@pytest.fixture(scope="module")
def corpus(kb: KnowledgeBase, diseases: list[int]) -> Corpus:
    return make_corpus(recipe(HeldOut()), kb, diseases)[0]


@pytest.fixture(scope="module")
def questions(kb: KnowledgeBase, diseases: list[int]) -> Questions:
    return make_questions(recipe(HeldOut()), Probes(n=120, seed=5), kb, diseases)


@pytest.fixture(scope="module")
def examples(corpus: Corpus) -> list[Example]:
    """Many examples of all families, of a training that holds out."""
    return [corpus.example(number, ALL) for number in range(EXAMPLES)]


def written(examples: Iterable[Example]) -> str:
    """Everything they say."""
    return " \n ".join(example.prompt + example.completion for example in examples).casefold()


def drawn(corpus: Corpus, monkeypatch: pytest.MonkeyPatch, examples: int) -> list[Patient]:
    """The patients of examples, caught where the note is written."""
    patients, write = list[Patient](), corpus._notes.write
    monkeypatch.setattr(corpus._notes, "write", lambda p, rng: (patients.append(p), write(p, rng))[1])
    for number in range(examples):
        corpus.example(number, Mixture(final=1, differential=0, full=0, profile=0))
    return patients


def test_about_the_share_asked_for_is_held_out_and_no_label_is(kb, wordings):
    synonyms = sum(map(len, kb.term_synonyms))
    left = sum(map(len, training_knowledge(kb.path, HeldOut()).term_synonyms))
    assert 0.08 < 1 - left / synonyms < 0.12
    labels = {name.casefold() for name in kb.term_names}
    assert not any(text.casefold() in labels for texts in wordings.values() for text in texts)
    other = held_out_wordings(kb, HeldOut(seed=1))
    assert set(wordings) != set(other) and held_out_wordings(kb, HeldOut(wordings=0)) == {}


def test_no_synonym_training_knows_is_a_held_out_wording_of_any_term(kb, wordings):
    known = {s.text.casefold() for several in training_knowledge(kb.path, HeldOut()).term_synonyms for s in several}
    assert known.isdisjoint(text.casefold() for texts in wordings.values() for text in texts)


def test_the_hidden_synonyms_stay_hidden_in_another_process(kb):
    knowledge = TrainingKnowledge(kb.path, HeldOut())
    there = pickle.loads(pickle.dumps(knowledge))
    assert there.term_synonyms == knowledge.term_synonyms != kb.term_synonyms


def test_no_example_of_any_family_says_a_finding_in_a_held_out_wording(kb, examples, wordings, diseases):
    kept = [s.text for several in training_knowledge(kb.path, HeldOut()).term_synonyms for s in several]
    # a wording that is a part of a kept one, a label or a definition may be written as a part of that
    everyday = [path.read_text(encoding="utf-8") for path in (Path(data.__file__).parent / "speech").glob("*.txt")]
    around = " \n ".join([*kb.term_names, *kb.term_definitions, *kept, *everyday]).casefold()
    own = {t for d in diseases for t in kb.frequencies[d]} & wordings.keys()
    telling = [said for term in own for text in wordings[term] if (said := text.casefold()) not in around]
    free = make_corpus(recipe(None), kb, diseases)[0]
    with_them, without = written(free.example(n, ALL) for n in range(EXAMPLES)), written(examples)
    assert sum(text in with_them for text in telling) > 30, "nothing is proved: these wordings are never drawn"
    assert [text for text in telling if text in without] == []


def test_training_never_writes_about_a_held_out_patient_and_probes_ask_about_no_other(
    kb, corpus, questions, diseases, monkeypatch
):
    rule = HeldOutRule(HeldOut())
    assert not any(rule.patient(patient) for patient in drawn(corpus, monkeypatch, 500))
    free = make_corpus(recipe(None), kb, diseases)[0]
    assert any(rule.patient(patient) for patient in drawn(free, monkeypatch, 100)), "nothing is proved"
    assert len(questions.new) == len(questions.familiar) == 120
    asked = [Patient(question.disease, list(question.shows)) for question in (*questions.new, *questions.familiar)]
    assert all(rule.patient(patient) for patient in asked)


def test_a_patient_is_held_out_by_what_they_show_in_whatever_order():
    rule = HeldOutRule(HeldOut(patients=0.5))
    patients = [Patient(1, [n, n + 1, n + 2]) for n in range(100)]
    assert 25 < sum(rule.patient(p) for p in patients) < 75
    turned = [Patient(1, p.present[::-1], absent=[9], sex="male") for p in patients]
    assert [rule.patient(p) for p in turned] == [rule.patient(p) for p in patients]
    assert [rule.patient(Patient(2, p.present)) for p in patients] != [rule.patient(p) for p in patients]


def test_frames_of_the_probes_are_none_of_trainings(examples):
    frames = data.wordings("probes")
    parts = [part for topic in ("notes", "profiles", "choices", "absent") for frame in frames[topic]
             for part in frame.replace("{", "\n{").replace("}", "}\n").split("\n")
             if "{" not in part and len(part.split()) >= 3]  # fmt: skip
    assert len(parts) > 20
    said = " \n ".join(dialogue.note_of(example.prompt) for example in examples)
    assert [part for part in parts if part.strip() in said] == []


def test_new_notes_are_said_in_held_out_words_where_there_are_any(kb, questions, wordings):
    assert 0.15 < questions.said_in_new_words < 0.6
    texts = {text.casefold() for several in wordings.values() for text in several}
    with_new = sum(any(text in question.note.casefold() for text in texts) for question in questions.new)
    assert with_new > 80
    for question in questions.new:
        assert kb.disease_names[question.disease].casefold() not in question.note.casefold()


def test_every_pair_is_asked_both_ways_with_findings_that_separate(kb, questions):
    assert len(questions.choices) > 100
    for one, two in zip(questions.choices[::2], questions.choices[1::2], strict=True):
        assert (one.right, one.wrong) == (two.wrong, two.right) and one.prompt != two.prompt
        asked = dialogue.note_of(one.prompt)
        assert kb.disease_names[one.right] in asked and kb.disease_names[one.wrong] in asked


def test_questions_depend_on_the_seed_alone(kb, diseases):
    one, same, other = (make_questions(recipe(HeldOut()), Probes(n=20, seed=s), kb, diseases) for s in (5, 5, 6))
    assert one == same and len(one.new) == 20
    assert other.new != one.new


def test_without_anything_held_out_the_corpus_is_as_it_was(kb, diseases):
    plain = Corpus(kb, diseases, 3, plain_share=0.2, hypotheses=3, full_names=10, register_share=0.5)
    made = make_corpus(recipe(None), kb, diseases)[0]
    assert [made.example(n, ALL) for n in range(30)] == [plain.example(n, ALL) for n in range(30)]


def test_published_diseases_come_up_in_proportion_where_asked(kb):
    some = taught_diseases(kb, 5)
    counts = {power: len(documented(kb, some, power)) for power in (0.0, 0.5, 1.0)}
    assert counts[0.0] == 0 < counts[0.5] < counts[1.0] == sum(kb.publications(disease) for disease in some)
    corpus = make_corpus(recipe(None).model_copy(update={"exposure": 1.0}), kb, some)[0]
    rounds = len(some) + counts[1.0]
    turns = Counter(corpus.example(n, Mixture(profile=1, final=0)).disease for n in range(rounds))
    assert turns == {disease: 1 + kb.publications(disease) for disease in some}
