"""What is taught is true: turns parse, quotes stand in the note, claims hold in the knowledge base."""

import json
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from raredxr1 import dialogue
from raredxr1.cases.annotated import read_annotated
from raredxr1.cases.records import read_records, thinned
from raredxr1.data import wordings
from raredxr1.errors import InputError
from raredxr1.internalize.config import InternalizeConfig, Mixture
from raredxr1.internalize.corpus import Corpus, Example, Materials, make_corpus, taught_diseases
from raredxr1.internalize.readings import ReadingWriter
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


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents, in the two forms annotations come in."""
    one = "He has no seizures. Small head and webbed neck were noted. The clinic is closed on Mondays."
    two = "She walks with a broad-based gait."
    rows = [
        {"doc_id": "1", "text": one, "annotations": [
            {"hpo": "HP:0001250", "raw": ["[10::18]", "HP_0001250 | seizures"]},
            {"hpo": "HP:0000252", "raw": ["[20::30]", "HP_0000252 | Small head"]},
            {"hpo": "HP:0000465", "raw": ["[35::46]", "HP_0000465 | webbed neck"]},
            {"hpo": "HP:0000464", "raw": ["[42::46]", "HP_0000464 | neck"]},
            {"hpo": "HP:0000006", "raw": ["[0::2]", "HP_0000006 | He"]},
        ]},
        {"doc_id": "2", "text": two, "annotations": [
            {"hpo": "HP:0002136", "raw": ["17", "33", "broad-based gait", "HP:0002136"]}]},
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("texts") / "annotated.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


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
        names = [kb.disease_names[example.disease], *(kb.record_names[r] for r in kb.disease_records[example.disease])]
        assert any(name in example.prompt for name in names)
        parts = re.split(r"(?<=\.) ", example.completion.removesuffix(dialogue.TURN_END))
        heads = tuple(head.partition("{")[0] for head in wordings("questions, profile")["heads"])
        (told,) = [part.removeprefix(head) for part in parts for head in heads if part.startswith(head)]
        own = [t for t, f in kb.frequencies[example.disease].items() if f > 0]
        said = [n.lower() for t in own for n in (kb.term_names[t], *(s.text for s in kb.term_synonyms[t]))]
        items = [re.sub(r" \([^)]*\)$", "", item.rstrip(".")).lower() for item in told.split("; ")]
        assert len(items) >= 3 and all(any(item.endswith(name) for name in said) for item in items), told


def test_the_best_documented_diseases_are_taught_first(kb):
    few, more = taught_diseases(kb, 50), taught_diseases(kb, 100)
    assert more[:50] == few
    assert all(sum(f > 0 for f in kb.frequencies[d].values()) >= 5 for d in taught_diseases(kb))


def test_annotated_texts_are_read_by_sentence_and_what_is_left_out_is_counted(kb, annotated):
    texts = read_annotated([annotated], kb)
    assert texts.left_out == {"inside another": 1, "no phenotypic finding": 1}
    denied, shown, closed = texts.documents[0]
    assert [(denied.text[m.start : m.end], m.present) for m in denied.mentions] == [("seizures", False)]
    assert [shown.text[m.start : m.end] for m in shown.mentions] == ["Small head", "webbed neck"]
    assert all(m.present for m in shown.mentions) and closed.mentions == ()
    assert [s.text[m.start : m.end] for s in texts.documents[1] for m in s.mentions] == ["broad-based gait"]


def test_a_row_that_is_no_annotated_text_is_named(kb, tmp_path):
    path = tmp_path / "broken.jsonl"
    path.write_text('{"doc_id": "1", "text": "x", "annotations": []}\n{"doc_id": "2"}\n')
    with pytest.raises(InputError, match="line 2: no text with annotations"):
        read_annotated([path], kb)
    with pytest.raises(InputError, match="cannot be read"):
        read_annotated([tmp_path / "missing.jsonl"], kb)


def test_reading_lessons_quote_what_stands_in_the_text_and_end_before_the_hypotheses(kb, annotated):
    stand_ins = [kb.term("HP:0001251"), kb.term("HP:0000518")]
    writer, rng, named = ReadingWriter(kb, read_annotated([annotated], kb), stand_ins), Random(1), set()
    for _ in range(200):
        prompt, completion = writer.write(rng)
        assert completion.endswith("\nHypotheses\n")
        note = prompt.split("<|im_start|>user\n")[1].split("<|im_end|>")[0]
        findings = dialogue.parse(completion, note).findings
        assert findings and all(finding.span for finding in findings)
        named |= {finding.term for finding in findings}
    assert named == {"Seizure", "Microcephaly", "Webbed neck", "Broad-based gait", "Ataxia", "Cataract"}
    assert writer.asides == ["The clinic is closed on Mondays."]


def test_real_cases_are_patients_but_never_those_kept_for_measuring(kb, tmp_path):
    rett, marfan = kb.disease("OMIM:312750"), kb.disease("OMIM:154700")
    gold = [{"id": "OMIM:312750", "label": "Rett syndrome"}]
    rows = [
        {"case_id": "a", "gold": gold, "hpo_observed": ["HP:0001250", "HP:0000252"], "sex": "FEMALE", "age": "P2Y6M"},
        {"case_id": "b", "gold": gold, "hpo_observed": ["HP:0001250"], "split": "dev"},
        {"case_id": "c", "gold": gold},
        {"case_id": "d", "gold": [{"id": "OMIM:154700"}], "hpo_observed": ["HP:0001250"]},
        {"case_id": "e", "gold": 7},
    ]
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    records = read_records([path], kb, [rett])
    assert len(records) == 1 and list(records.patients) == [rett]
    assert records.left_out == {
        "kept for measuring": 1,
        "no findings": 1,
        "disease not taught": 1,
        "unreadable": 1,
    }
    patient = records.patients[rett][0]
    assert (patient.sex, patient.age_years) == ("female", pytest.approx(2.5, abs=0.01))
    drawn = [thinned(patient, Random(n)) for n in range(50)]
    assert {len(p.present) for p in drawn} == {1, 2} and all(set(p.present) <= set(patient.present) for p in drawn)
    real = Corpus(kb, [rett, marfan], seed=1, plain_share=1.0, materials=Materials(records=records, case_share=1.0))
    notes = [note_of(e) for n in range(20) for e in [real.example(n, ONLY["final"])] if e.disease == rett]
    assert notes and all("Seizure" in note or "Microcephaly" in note for note in notes)


def test_diseases_the_base_was_not_taught_come_up_twice(kb, tmp_path):
    before = tmp_path / "taught.json"
    diseases = taught_diseases(kb, 6)
    before.write_text(json.dumps([kb.disease_ids(disease)[0] for disease in diseases[:4]]))
    settings = {"out": tmp_path, "tokens": 1, "base": "x", "taught_before": before}
    corpus, _ = make_corpus(InternalizeConfig.model_validate(settings), kb, diseases)
    turns = Counter(corpus.example(n, ONLY["final"]).disease for n in range(80))
    assert [turns[disease] for disease in diseases] == [10, 10, 10, 10, 20, 20]
    before.write_text("no list")
    with pytest.raises(InputError, match="taught_before"):
        make_corpus(InternalizeConfig.model_validate(settings), kb, diseases)


def test_reading_lessons_and_asides_need_texts(tmp_path):
    settings = {"out": tmp_path, "tokens": 1, "base": "x"}
    with pytest.raises(ValueError, match="annotated texts"):
        InternalizeConfig.model_validate(settings | {"aside_share": 0.1})
    with pytest.raises(ValueError, match="annotated texts"):
        InternalizeConfig.model_validate(settings | {"phases": [{"until": 1.0, "mixture": {"reading": 0.1}}]})


def test_copying_drills_are_words_in_no_order_to_be_written_as_they_stand(corpus):
    drills = [corpus.example(n, Mixture(final=0, differential=0, full=0, profile=0, copying=1)) for n in range(50)]
    for drill in drills:
        assert drill.completion == dialogue.note_of(drill.prompt) + dialogue.TURN_END
        assert 12 <= len(drill.completion.split()) <= 50
    assert len({drill.completion.split()[0] for drill in drills}) > 40
