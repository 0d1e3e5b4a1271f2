"""What is taught is true: turns parse, quotes stand in the note, claims hold in the knowledge base."""

from collections import Counter

import pytest

from raredxr1 import dialogue
from raredxr1.internalize.config import Mixture
from raredxr1.internalize.corpus import Corpus, Example, taught_diseases
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.schemas import Diagnosis

ONLY = {kind: Mixture(**{k: float(k == kind) for k in ("final", "differential", "full", "profile")}) for kind in
        ("final", "differential", "full", "profile")}  # fmt: skip


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def corpus(kb: KnowledgeBase) -> Corpus:
    return Corpus(kb, taught_diseases(kb, 60), seed=5)


def note_of(example: Example) -> str:
    return example.prompt.split("<|im_start|>user\n")[1].split("<|im_end|>")[0]


def full_turns(corpus: Corpus, count: int) -> list[tuple[Example, Diagnosis]]:
    examples = [corpus.example(n, ONLY["full"]) for n in range(count)]
    return [(e, dialogue.parse(e.completion, note_of(e))) for e in examples]


def test_an_example_depends_on_seed_and_number_alone(kb, corpus):
    again = Corpus(kb, corpus.diseases, seed=5)
    backwards = [again.example(n, Mixture()) for n in reversed(range(40))]
    assert [corpus.example(n, Mixture()) for n in range(40)] == backwards[::-1]
    assert Corpus(kb, corpus.diseases, seed=6).example(0, Mixture()) != corpus.example(0, Mixture())


def test_every_disease_takes_its_turn(corpus):
    round_ = [corpus.example(n, ONLY["final"]).disease for n in range(60)]
    assert sorted(round_) == sorted(corpus.diseases)
    assert round_ != [corpus.example(n, ONLY["final"]).disease for n in range(60, 120)]


def test_the_mixture_is_kept(corpus):
    mixture = Mixture(final=0.5, differential=0.1, full=0.3, profile=0.1)
    kinds = Counter(corpus.example(n, mixture).kind for n in range(1000))
    for kind, share in mixture.model_dump().items():
        assert kinds[kind] / 1000 == pytest.approx(share, abs=0.05)


def test_full_turns_parse_without_a_problem_and_every_quote_is_in_the_note(corpus):
    for example, diagnosis in full_turns(corpus, 300):
        assert diagnosis.problems == [] or all(p.kind == "joined_names" for p in diagnosis.problems)
        assert diagnosis.findings and all(finding.span for finding in diagnosis.findings)
        assert dialogue.render_turn(diagnosis) + dialogue.TURN_END == example.completion


def test_the_sampled_disease_is_the_first_hypothesis_and_answer(kb, corpus):
    for example, diagnosis in full_turns(corpus, 100):
        name = kb.disease_names[example.disease]
        assert diagnosis.hypotheses[0].name == diagnosis.answer[0].name == name
    for kind, most in (("final", 1), ("differential", 10)):
        for n in range(50):
            example = corpus.example(n, ONLY[kind])
            answer = dialogue.parse(example.completion, note_of(example), "short").answer
            assert answer[0].name == kb.disease_names[example.disease]
            assert len(answer) <= most


def test_claims_hold_in_the_knowledge_base(kb, corpus):
    numbers = {name: d for d, name in enumerate(kb.disease_names)}
    terms = {name: t for t, name in enumerate(kb.term_names)}
    for _, diagnosis in full_turns(corpus, 200):
        findings = {f.index: f for f in diagnosis.findings}
        for hypothesis in diagnosis.hypotheses:
            own = {t: f for t, f in kb.frequencies[numbers[hypothesis.name]].items() if f > 0}
            closure = {a for t in own for a in kb.term_ancestors[t]}
            for index in hypothesis.supports:
                term = terms[findings[index].term]
                assert findings[index].present and (term in closure or set(kb.term_parents[term]) & set(own))
            for index in hypothesis.against:
                assert not findings[index].present and terms[findings[index].term] in closure
            for awaited in hypothesis.awaited:
                assert own[terms[awaited]] >= 0.5
                assert awaited not in {f.term for f in diagnosis.findings}


def test_context_is_taught_only_where_the_note_tells_it(corpus):
    for example, diagnosis in full_turns(corpus, 300):
        note = note_of(example).lower()
        if diagnosis.context.family == "consanguineous":
            assert any(word in note for word in ("cousin", "consanguin", "related"))
        if diagnosis.context.onset:
            assert diagnosis.context.onset in note


def test_profiles_tell_the_diseases_own_findings(kb, corpus):
    for n in range(100):
        example = corpus.example(n, ONLY["profile"])
        assert kb.disease_names[example.disease] in example.prompt
        told = example.completion.split("Findings: ")[1].split(".<")[0].split(". ")[0]
        own = [kb.term_names[t] for t, f in kb.frequencies[example.disease].items() if f > 0]
        assert all(any(item.startswith(name) for name in own) for item in told.split("; "))


def test_the_best_documented_diseases_are_taught_first(kb):
    few, more = taught_diseases(kb, 50), taught_diseases(kb, 100)
    assert more[:50] == few
    assert all(sum(f > 0 for f in kb.frequencies[d].values()) >= 5 for d in taught_diseases(kb))
