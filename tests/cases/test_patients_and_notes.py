"""Synthetic patients and notes: reproducible, true to the annotations, every finding where the note says it is."""

from collections import Counter
from random import Random

import pytest
from rapidfuzz import fuzz

from raredxr1.cases.notes import Note, NoteWriter, interrupted
from raredxr1.cases.patients import PatientOptions, PatientSampler
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.plain import age_in_words, plain_note, render_case, spoken_age
from raredxr1.cases.wordings import BEFORE, misspell
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.schemas import Case

RETT, MARFAN = "OMIM:312750", "OMIM:154700"


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def diseases(kb: KnowledgeBase) -> list[int]:
    return [kb.disease(RETT), kb.disease(MARFAN), kb.disease("OMIM:142900")]


@pytest.fixture(scope="module")
def sampler(kb: KnowledgeBase, diseases: list[int]) -> PatientSampler:
    return PatientSampler(kb, diseases)


@pytest.fixture(scope="module")
def notes(kb: KnowledgeBase, diseases: list[int], sampler: PatientSampler) -> list[Note]:
    writer, rng = NoteWriter(Phrases(kb)), Random(7)
    return [writer.write(sampler.draw(diseases[i % 3], rng), rng) for i in range(600)]


def test_the_same_seed_draws_the_same_patient_and_note(kb, diseases, sampler):
    writer = NoteWriter(Phrases(kb))

    def draw(seed: int) -> tuple[object, Note]:
        rng = Random(seed)
        patient = sampler.draw(diseases[0], rng)
        return patient, writer.write(patient, rng)

    assert draw(3) == draw(3)
    assert draw(3) != draw(4)


def test_frequent_findings_are_drawn_more_often_than_rare_ones(kb, diseases):
    options = PatientOptions(imprecise=0, specific=0, noise_a_patient=0, negatives_a_patient=0, typical_count=100)
    sampler, rng = PatientSampler(kb, diseases, options), Random(1)
    drawn = Counter(term for _ in range(400) for term in sampler.draw(diseases[0], rng, most=24).present)
    frequencies = kb.frequencies[diseases[0]]
    common = [drawn[t] for t, f in frequencies.items() if f >= 0.8]
    rare = [drawn[t] for t, f in frequencies.items() if 0 < f <= 0.1]
    assert sum(common) / len(common) > 4 * sum(rare) / max(1, len(rare))
    assert all(drawn[t] == 0 for t, f in frequencies.items() if f == 0)


def test_without_noise_every_finding_is_the_diseases_own(kb, diseases):
    options = PatientOptions(imprecise=0, specific=0, noise_a_patient=0)
    sampler, rng = PatientSampler(kb, diseases, options), Random(2)
    for disease in diseases:
        for _ in range(50):
            assert all(kb.frequencies[disease].get(term, 0) > 0 for term in sampler.draw(disease, rng).present)


def test_an_absent_finding_is_neither_shown_nor_nearly_constant_in_the_disease(kb, diseases, sampler):
    rng = Random(3)
    for i in range(300):
        patient = sampler.draw(diseases[i % 3], rng)
        assert not set(patient.absent) & set(patient.present)
        assert all(kb.frequencies[patient.disease].get(term, 0) < 0.8 for term in patient.absent)


def test_every_mention_stands_where_it_says(kb, notes):
    for note in notes:
        ends = 0
        for mention in note.mentions:
            assert 0 <= mention.start < mention.end <= len(note.text)
            assert mention.start >= ends, "mentions come in order and do not overlap"
            ends = mention.end


def test_a_mention_holds_a_wording_of_its_term_at_times_misspelt(kb, notes):
    misspelt = total = 0
    for note in notes:
        for mention in note.mentions:
            said = note.text[mention.start : mention.end].lower()
            wordings = [kb.term_names[mention.term], *(s.text for s in kb.term_synonyms[mention.term])]
            whole = any(wording.lower() in said for wording in wordings)
            assert whole or max(fuzz.partial_ratio(wording.lower(), said) for wording in wordings) > 80, said
            misspelt, total = misspelt + (not whole), total + 1
    assert 0 < misspelt / total < 0.04


def test_absent_findings_come_from_look_alikes_unless_asked_otherwise(kb, diseases):
    def own_share(options: PatientOptions) -> float:
        sampler, rng = PatientSampler(kb, [*diseases, kb.disease("OMIM:607208")], options), Random(4)
        absent = [(p.disease, t) for _ in range(200) for p in [sampler.draw(diseases[0], rng)] for t in p.absent]
        return sum(kb.frequencies[d].get(t, 0) > 0 for d, t in absent) / len(absent)

    assert own_share(PatientOptions(own_negatives=1.0)) == 1.0
    assert own_share(PatientOptions()) < 0.4


def test_sentences_about_something_else_move_no_finding(kb, diseases, sampler):
    asides = ["Nothing to see here.", "The door was painted green."]
    writer, rng = NoteWriter(Phrases(kb), 0.0, asides, 1.0), Random(5)
    for i in range(200):
        patient = sampler.draw(diseases[i % 3], rng)
        note = writer.write(patient, rng)
        assert any(aside in note.text for aside in asides)
        assert sorted(m.term for m in note.mentions) == sorted(patient.present + patient.absent)
        for mention in note.mentions:
            assert not any(aside in note.text[mention.start : mention.end] for aside in asides)
    unchanged = interrupted(note, [], rng)
    assert unchanged == note


def test_a_qualifier_stands_outside_the_quote(kb, diseases, sampler):
    writer, rng = NoteWriter(Phrases(kb), 0.0), Random(6)
    around = Counter(
        word
        for i in range(300)
        for note in [writer.write(sampler.draw(diseases[i % 3], rng), rng)]
        for m in note.mentions
        for word in [note.text[: m.start].rstrip().rpartition(" ")[2]]
        if word in BEFORE
    )
    assert len(around) > 10


def test_a_slip_changes_one_long_word_and_spares_short_ones():
    rng = Random(8)
    for _ in range(200):
        slipped = misspell("low set ears with microcephaly", rng)
        assert slipped.startswith("low set ears with ")
    assert {len(misspell("microcephaly", rng)) for _ in range(50)} == {11, 12, 13}
    assert misspell("low IQ", rng) == "low IQ"


def test_all_findings_of_the_patient_are_in_the_note(kb, diseases, sampler):
    writer, rng = NoteWriter(Phrases(kb)), Random(11)
    for i in range(300):
        patient = sampler.draw(diseases[i % 3], rng)
        note = writer.write(patient, rng)
        assert sorted(m.term for m in note.mentions if m.present) == sorted(patient.present)
        assert sorted(m.term for m in note.mentions if not m.present) == sorted(patient.absent)


def test_notes_tell_sex_only_where_a_word_for_it_stands(kb, diseases, sampler):
    writer, rng = NoteWriter(Phrases(kb)), Random(12)
    words = ("male", "girl", "boy", "woman", "man", "lady", "she", "he ", "he,", "f.", "m.", "f;", "m;", "f\n", "m\n")
    for i in range(300):
        patient = sampler.draw(diseases[i % 3], rng)
        note = writer.write(patient, rng)
        if "sex" in note.tells:
            assert patient.sex and any(word in note.text.lower() for word in words), note.text


def test_notes_come_in_many_layouts(notes):
    starts = Counter(note.text.split(maxsplit=1)[0] for note in notes)
    assert len(starts) > 25
    assert len({note.text for note in notes}) == len(notes)


def test_labels_lose_their_capital_inside_a_sentence_unless_it_is_a_name(kb):
    phrases = Phrases(kb)
    assert phrases.inside("Seizure") == "seizure"
    assert phrases.inside("EEG abnormality") == "EEG abnormality"
    assert phrases.inside("Babinski sign") == "Babinski sign"


def test_plain_rendering_is_fixed(kb):
    case = Case(
        case_id="a", hpo_observed=["HP:0001250", "HP:0000252"], hpo_excluded=["HP:0001251"], age="P5Y3M", sex="F"
    )
    expected = "Female, 5 years 3 months.\nFindings: Seizure; Microcephaly.\nAbsent: Ataxia."
    assert render_case(case, kb) == expected


def test_plain_rendering_leaves_out_what_is_unknown(kb):
    assert render_case(Case(case_id="a", hpo_observed=["HP:0001250"]), kb) == "Findings: Seizure."
    assert plain_note(None, "newborn", [], ["Ataxia"]) == "Newborn.\nAbsent: Ataxia."


def test_a_case_without_phenotypes_or_with_an_unknown_id_is_refused(kb):
    with pytest.raises(InputError, match="neither a note nor phenotypes"):
        render_case(Case(case_id="a"), kb)
    with pytest.raises(InputError, match="HP:9999999"):
        render_case(Case(case_id="a", hpo_observed=["HP:9999999"]), kb)


@pytest.mark.parametrize(
    ("age", "said"),
    [("P1Y", "1 year"), ("P3M", "3 months"), ("P2W", "2 weeks"), ("P0D", "newborn"),
     ("Childhood onset", "Childhood onset"),
     ("", None), (None, None), ("P1Y2M3D", "1 year 2 months 3 days"), ("P10DT3H", "10 days")],
)  # fmt: skip
def test_ages_are_spoken(age, said):
    assert spoken_age(age) == said


@pytest.mark.parametrize(
    ("years", "said"),
    [(0, "newborn"), (0.02, "7 days"), (0.1, "5 weeks"), (0.5, "5 months"), (1.5, "17 months"), (30.2, "30 years")],
)
def test_years_become_words(years, said):
    assert age_in_words(years) == said
