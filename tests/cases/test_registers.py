"""Notes in registers: whatever the words, every finding is where the note says, with the right sign, and true."""

import re
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raredxr1 import dialogue
from raredxr1.cases.draft import Note
from raredxr1.cases.notes import NoteWriter
from raredxr1.cases.patients import Patient, PatientSampler
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.plain import age_in_words
from raredxr1.cases.registers.phrasing import plural
from raredxr1.cases.registers.shorthand import shortened
from raredxr1.cases.registers.writer import REGISTERS, RegisterWriter
from raredxr1.internalize.dialogues import DialogueWriter
from raredxr1.knowledge import KnowledgeBase, load
from tiny_knowledge import make_tiny_kb

DISEASES = ("OMIM:312750", "OMIM:154700", "OMIM:142900", "OMIM:105830", "ORPHA:702", "OMIM:310200", "OMIM:219700")
NAMES = sorted(REGISTERS)


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def diseases(kb) -> list[int]:
    return [kb.disease(i) for i in DISEASES]


@pytest.fixture(scope="module")
def sampler(kb, diseases) -> PatientSampler:
    return PatientSampler(kb, diseases)


@pytest.fixture(scope="module")
def writer(kb) -> RegisterWriter:
    return RegisterWriter(Phrases(kb))


@pytest.fixture(scope="module")
def notes(diseases, sampler, writer) -> dict[str, list[tuple[Patient, Note]]]:
    written: dict[str, list[tuple[Patient, Note]]] = {}
    for name in NAMES:
        rng = Random(name)
        for i in range(150):
            patient = sampler.draw(diseases[i % len(diseases)], rng)
            written.setdefault(name, []).append((patient, writer.write(patient, rng, name)))
    return written


def of(kb: KnowledgeBase, *labels: str) -> list[int]:
    return [kb.term_names.index(label) for label in labels]


def write_many(writer, patient, count=300, registers=NAMES) -> list[Note]:
    return [writer.write(patient, Random(i), registers[i % len(registers)]) for i in range(count)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), place=st.integers(0, len(DISEASES) - 1), register=st.sampled_from(NAMES))
def test_every_finding_is_told_once_in_its_place_with_its_sign(kb, diseases, sampler, writer, seed, place, register):
    rng = Random(seed)
    patient = sampler.draw(diseases[place], rng)
    note = writer.write(patient, rng, register)
    assert sorted(m.term for m in note.mentions if m.present) == sorted(patient.present)
    assert sorted(m.term for m in note.mentions if not m.present) == sorted(patient.absent)
    ends = 0
    for mention in note.mentions:
        assert ends <= mention.start < mention.end <= len(note.text)
        quote = note.text[mention.start : mention.end]
        assert quote == quote.strip() and "\n" not in quote
        assert dialogue.locate(quote, note.text) is not None
        ends = mention.end


@given(seed=st.integers(0, 2**32), register=st.sampled_from(NAMES))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_seed_writes_the_same_note(diseases, sampler, writer, kb, seed, register):
    patient = sampler.draw(diseases[0], Random(seed))
    assert writer.write(patient, Random(seed), register) == writer.write(patient, Random(seed), register)


def test_a_new_writer_writes_the_same_notes(kb, diseases, sampler, writer):
    other = RegisterWriter(Phrases(kb))
    patient = sampler.draw(diseases[1], Random(1))
    assert [writer.write(patient, Random(i)) for i in range(20)] == [other.write(patient, Random(i)) for i in range(20)]


def test_notes_are_clean_text(notes):
    for register, several in notes.items():
        for _, note in several:
            assert note.text == note.text.strip(), register
            assert not re.search(r"[{}\[\]]|<[a-z ]*\||\bWERE\b|@", note.text), note.text
            assert not re.search(r" [.,;](?: |$)|\.\.", note.text), note.text
            assert register in ("shorthand", "problems") or not re.search(r"[a-z]{3}\. [a-z]", note.text), note.text


def test_no_two_notes_are_the_same_and_registers_begin_differently(notes):
    texts = [note.text for several in notes.values() for _, note in several]
    assert len(set(texts)) == len(texts)
    openings = {name: Counter(n.text.lower()[:16] for _, n in several) for name, several in notes.items()}
    for name, counted in openings.items():
        others = {start for other, counts in openings.items() if other != name for start in counts}
        shared = sum(count for start, count in counted.items() if start in others)
        assert shared / counted.total() < 0.5, name
        assert counted.most_common(1)[0][1] / counted.total() < 0.25, name


def test_quotes_are_short_enough_to_count_as_findings(notes):
    lengths = [
        len(n.text[m.start : m.end].split()) for several in notes.values() for _, n in several for m in n.mentions
    ]
    assert max(lengths) <= 16


def test_many_findings_are_said_in_words_the_ontology_lacks(kb, notes):
    said = exact = 0
    for several in notes.values():
        for _, note in several:
            for m in note.mentions:
                if m.present:
                    names = {kb.term_names[m.term], *(s.text for s in kb.term_synonyms[m.term] if s.scope == "EXACT")}
                    exact += note.text[m.start : m.end].lower() in {name.lower() for name in names}
                    said += 1
    assert 0.3 < 1 - exact / said < 0.8


def test_nothing_is_told_of_sex_or_onset_that_is_not_in_the_note(notes):
    words = (
        r"\b(?:he|she|his|her|him|girl|boy|woman|man|lady|gentleman|female|male|son|daughter|wife|husband|sister|brother|"
        r"mother|father|[fm])\b|\d(?:yo|mo|d)[fm]\b"
    )
    told: Counter[str] = Counter()
    for several in notes.values():
        for patient, note in several:
            told.update(note.tells)
            if "sex" in note.tells:
                assert patient.sex and re.search(words, note.text.lower()), note.text
            if "onset" in note.tells:
                said = age_in_words(patient.onset_years)
                assert said in note.text or (said == "newborn" and "birth" in note.text), note.text
            assert ("family" in note.tells) == bool(patient.family), note.text
    assert min(told[what] for what in ("sex", "onset", "family")) > 100, told


def test_a_girl_is_never_called_a_boy(kb, writer):
    patient = Patient(
        0, of(kb, "Seizure", "Ataxia", "Hypotonia", "Low-set ears", "Gait disturbance"), [], age_years=7.0
    )
    words = {"male": r"\b(?:he|his|him|boy|son|male|man)\b", "female": r"\b(?:she|her|girl|daughter|female|woman)\b"}
    for sex, other in (("female", "male"), ("male", "female")):
        patient.sex = sex
        own = 0
        for note in write_many(writer, patient):
            text = re.sub(
                r"(?i)[^.\n]*\b(?:mother|father|brother|sister|grand|aunt|uncle|husband|wife)[^.\n]*", "", note.text
            ).lower()
            assert not re.search(words[other], text), note.text
            own += bool(re.search(words[sex], text))
        assert own > 100, "the sex is told where nothing speaks against it"


def test_findings_of_one_sex_or_age_are_not_contradicted(kb, writer):
    girl = Patient(0, of(kb, "Cryptorchidism", "Hypospadias"), [], age_years=3.0, sex="female")
    assert not any("sex" in note.tells for note in write_many(writer, girl, 100))
    any_child = Patient(0, of(kb, "Short neck", "Seizure"), [], age_years=3.0, sex="female")
    assert sum("sex" in note.tells for note in write_many(writer, any_child, 100)) > 50
    two_years = r"\b2 ?(?:yo|year-old|years? old|years\b)"
    toddler = Patient(0, of(kb, "Primary amenorrhea", "Dementia"), [], age_years=2.0)
    for note in write_many(writer, toddler, 100):
        assert not re.search(two_years, note.text), note.text
    any_toddler = Patient(0, of(kb, "Short neck", "Seizure"), [], age_years=2.0)
    assert sum(bool(re.search(two_years, note.text)) for note in write_many(writer, any_toddler, 100)) > 20


def test_what_is_absent_is_not_said_to_be_normal_where_something_else_is_wrong(kb, writer):
    patient = Patient(
        0, of(kb, "Conductive hearing impairment"), of(kb, "Sensorineural hearing impairment"), age_years=8.0
    )
    for note in write_many(writer, patient):
        absent = next(note.text[m.start : m.end] for m in note.mentions if not m.present)
        assert "normal" not in absent.lower() and "hears" not in absent, note.text


def test_absent_findings_are_denied_in_many_ways(kb, writer):
    patient = Patient(
        0, of(kb, "Low-set ears", "Scoliosis"), of(kb, "Seizure", "Ataxia", "Ptosis"), age_years=8.0, sex="male"
    )
    texts = " ".join(note.text.lower() for note in write_many(writer, patient, 500))
    for way in (
        "no ",
        "denie",
        "neither",
        "nor ",
        "absent",
        "negative for",
        "-ve",
        "not found",
        "negatives:",
        ": no",
        "without",
        "never had a",
        "w/o",
        "nil",
        "not seen",
        "seizure-free",
        "normal coordination",
    ):
        assert way in texts, way


def test_a_denial_holds_no_number_and_no_second_denial(notes):
    denials = 0
    for several in notes.values():
        for _, note in several:
            for m in note.mentions:
                if not m.present:
                    before, quote = note.text[: m.start].lower(), note.text[m.start : m.end]
                    if re.search(r"\b(?:no|without|denies|negative for) $", before):
                        denials += 1
                        assert not re.match(r"(?:no|not|never|without|a|an)\b", quote.lower()), note.text
    assert denials > 100


def test_when_the_patient_walked_is_told_once_and_never_of_one_who_cannot_walk(kb, writer):
    age = r"walked (?:only )?at|first steps|walking (?:only )?at|late walking|walking late"
    late = of(kb, "Delayed ability to walk", "Motor delay", "Delayed gross motor development")
    told = Counter()
    for note in write_many(writer, Patient(0, late, [], age_years=6.0, sex="female")):
        told[len(re.findall(r"(?:walked (?:only )?at|first steps (?:only )?at) \d", note.text))] += 1
    assert told[1] > 5 and not any(told[several] for several in (2, 3))
    never = of(kb, "Inability to walk", "Motor delay", "Delayed gross motor development")
    for note in write_many(writer, Patient(0, never, [], age_years=6.0, sex="female")):
        assert not re.search(age, note.text), note.text


def test_ages_in_findings_lie_in_the_past(kb, writer):
    patient = Patient(
        0,
        of(kb, "Delayed gross motor development", "Delayed speech and language development", "Seizure"),
        [],
        age_years=3.5,
        sex="male",
    )
    ages = 0
    for note in write_many(writer, patient):
        for m in note.mentions:
            for count, unit in re.findall(r"(\d+) (month|year)s?", note.text[m.start : m.end]):
                ages += 1
                assert int(count) / (12 if unit == "month" else 1) <= 3.5, note.text
    assert ages > 20


def test_doubtful_findings_are_never_quoted(kb, notes):
    doubts = 0
    for several in notes.values():
        for patient, note in several:
            for match in re.finditer(
                r"(?:query|poss|possible|questionable|rule out|r/o|\?+) ?([a-z][a-z -]{5,})", note.text
            ):
                place = match.start(1)
                if not any(m.start <= place < m.end for m in note.mentions):
                    doubts += 1
                    label = match[1].strip()
                    terms = [t for t in (*patient.present, *patient.absent) if kb.term_names[t].lower() == label]
                    assert not terms, note.text
    assert doubts > 30


def test_what_is_past_counts_as_present(kb, writer):
    patient = Patient(
        0, of(kb, "Febrile seizure (within the age range of 3 months to 6 years)", "Short neck"), [], age_years=9.0
    )
    resolved = [
        note
        for note in write_many(writer, patient, 400)
        if re.search(r"resolved|not any more|settled|recurred", note.text)
    ]
    assert resolved
    assert all(sum(m.present for m in note.mentions) == 2 for note in resolved)


def test_relatives_illnesses_are_not_the_patients(kb, writer):
    patient = Patient(0, of(kb, "Short neck"), [], age_years=9.0, sex="male")
    told = [note for note in write_many(writer, patient, 600) if re.search("grand|migraine|cancer", note.text)]
    assert told and all(len(note.mentions) == 1 for note in told)


def test_words_that_are_not_to_be_said_are_not(kb, diseases, sampler):
    labels = {name.lower() for name in kb.term_names}

    def said(writer: RegisterWriter) -> list[str]:
        """Synonyms with an e in them that the notes say."""
        found, rng = [], Random(3)
        for i in range(100):
            patient = sampler.draw(diseases[i % len(diseases)], rng)
            note = writer.write(patient, rng)
            for m in note.mentions:
                quote = note.text[m.start : m.end].lower()
                known = {s.text.lower() for s in kb.term_synonyms[m.term]}
                if m.present and "e" in quote and quote not in labels and quote in known:
                    found.append(quote)
        return found

    assert said(RegisterWriter(Phrases(kb), unsaid=lambda text: "e" in text.lower())) == []
    assert len(said(RegisterWriter(Phrases(kb)))) > 10, "they are said where they may be"


def test_words_heard_in_real_texts_are_said_again(kb, writer):
    seizure = of(kb, "Seizure")
    heard = RegisterWriter(Phrases(kb), heard={seizure[0]: ["paroxysmal zigzags"]})
    patient = Patient(0, seizure, [], age_years=9.0)
    assert any("paroxysmal zigzags" in note.text for note in write_many(heard, patient, 200))
    assert not any("zigzags" in note.text for note in write_many(writer, patient, 200))


def test_without_a_share_notes_are_what_they_were_before_there_were_registers(tmp_path):
    kb = make_tiny_kb(tmp_path)
    writer, rng = NoteWriter(Phrases(kb), 0.2, ["An aside."], 0.3), Random(21)
    patient = Patient(
        0,
        of(kb, "Seizure", "Microcephaly", "Ataxia"),
        of(kb, "Hypertelorism"),
        age_years=4.0,
        sex="female",
        family="unaffected",
    )
    assert [writer.write(patient, rng).text for _ in range(7)][3:] == [
        "A 4-year-old child was seen for seizure. Previous tests at another hospital were inconclusive. Ruled out: "
        "Hypertelorism. Also noted were Microcephaly. Physical examination revealed lack of coordination.  No one else "
        "in the family is affected.  An aside. ",
        "Dear colleague,\n\nThe patient is a child aged 4 years with seizure, small head and Ataxia. Ruled out: "
        "Hypertelorism.  Family history is unremarkable. We would welcome your advice.",
        "I reviewed a girl, 4 years old with seizure, a history of Microcephaly and right-sided Ataxia. There were no "
        "signs of widely spaced eyes. Sleep is good.  The parents are healthy and unrelated. ",
        "Presenting complaint\nA female (4 years). Medical history includes seizures. Immunisations are up to date. \n"
        "Findings: Investigations revealed Microcephaly and Ataxia. There is no history of Hypertelorism. \n"
        "Family history: The parents are healthy and unrelated. ",
    ]


def test_registers_do_with_a_knowledge_base_that_lacks_most_terms(tmp_path):
    kb = make_tiny_kb(tmp_path)
    patient = Patient(0, of(kb, "Seizure", "Microcephaly", "Ataxia"), of(kb, "Hypertelorism"), age_years=4.0)
    for note in write_many(RegisterWriter(Phrases(kb)), patient, 70):
        assert len(note.mentions) == 4


def test_a_share_of_notes_is_written_in_registers(kb, diseases, sampler):
    rng = Random(5)
    writer = NoteWriter(Phrases(kb), plain_share=0.5, register_share=1.0)
    notes = [writer.write(sampler.draw(diseases[i % 3], rng), rng) for i in range(300)]
    plain = sum("Findings: " in n.text and n.text.endswith(".") for n in notes)
    assert 110 < plain < 190


def test_the_turn_quotes_the_wording_and_names_the_term(kb, diseases, writer):
    walks = of(kb, "Delayed gross motor development", "Seizure", "Hypotonia", "Scoliosis")
    patient = Patient(diseases[0], walks, of(kb, "Hearing impairment"), age_years=4.0, sex="female")
    turns = DialogueWriter(kb, diseases)
    for note in write_many(writer, patient, 60):
        turn = turns.full(patient, note)
        parsed = dialogue.parse(dialogue.render_turn(turn), note.text)
        assert not parsed.problems
        assert {f.term for f in parsed.findings} == {kb.term_names[t] for t in (*walks, *patient.absent)}
        assert [f.present for f in parsed.findings] == [m.present for m in note.mentions]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("bilateral recurrent infections", "b/l rec infxns"),
        ("severe intellectual disability", "sev ID"),
        ("ataxia", "ataxia"),
    ],
)
def test_ward_shorthand_abbreviates_whole_words(text, short):
    assert shortened(text) == short


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("low-set ears", True),
        ("short neck", False),
        ("cysts of the kidney", True),
        ("loss of teeth", False),
        ("ptosis", False),
    ],
)
def test_plural_is_told_by_the_head(text, expected):
    assert plural(text) is expected
