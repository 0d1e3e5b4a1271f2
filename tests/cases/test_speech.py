"""How findings are said: tables that are true, values beyond their limits, descriptions that fit into a sentence."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raredxr1.cases.patients import Patient
from raredxr1.cases.phrases import Phrases
from raredxr1.cases.speech import growth, labels
from raredxr1.cases.speech.grammar import compiled, expand
from raredxr1.cases.speech.measured import SIZES, drawn, read_table, say_pressure, say_size, say_value
from raredxr1.cases.speech.person import People, Person
from raredxr1.cases.speech.speech import Scene, Speech
from raredxr1.cases.speech.table import entries, read_entries
from raredxr1.cases.speech.wording import article
from raredxr1.data import table
from raredxr1.knowledge import KnowledgeBase, load

ROWS = read_table()


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def speech(kb) -> Speech:
    return Speech(kb, Phrases(kb))


def scene(kb, present, absent=(), years=6.0, sex="female", voice="clinical", past=False) -> Scene:
    shown = frozenset(a for term in present for a in kb.term_ancestors[term])
    return Scene(Person(years, sex, None, "girl"), voice, past, frozenset((*present, *absent)), shown)


def term(kb, label: str) -> int:
    return kb.term_names.index(label)


# the notation


def test_alternatives_tenses_words_and_numbers_are_filled_in():
    template = compiled("{he} [has|takes] <is|was> {3-5} [at {10-12m}|]")
    said = {expand(template, Random(i), {"he": "she"}, past=False) for i in range(80)}
    assert all(re.fullmatch(r"she (?:has|takes) is [345] (?:at 1[012] months)?", one) for one in said)
    assert len(said) > 10
    assert " was " in expand(template, Random(0), {"he": "she"}, past=True)
    assert template.slots == {"he"} and template.least_years == pytest.approx(10 / 12)


def test_no_drawn_age_is_above_the_patients():
    template = compiled("at {1-9y}")
    assert {expand(template, Random(i), {}, False, years=2.5) for i in range(50)} == {"at 1 year", "at 2 years"}


@pytest.mark.parametrize("text", ["[a|b", "a]", "<a|b", "<a>", "{he", "<a|b|c>", "[a|[b]", "}"])
def test_brackets_that_do_not_match_are_refused(text):
    with pytest.raises(ValueError, match=r"brackets|tense"):
        compiled(text)


# everyday words


def test_every_entry_names_a_term_by_its_label(kb):
    assert len(entries()) >= 400
    for hpo_id, entry in entries().items():
        assert kb.term_name(hpo_id) == entry.label
        assert kb.resolve_term(hpo_id) == hpo_id
        if entry.guard:
            assert kb.resolve_term(entry.guard) == entry.guard
        assert entry.wordings


def test_common_findings_have_several_wordings_each():
    several = [entry for entry in entries().values() if sum(map(len, entry.wordings.values())) >= 3]
    assert len(several) >= 250
    for label in ("Seizure", "Hypotonia", "Delayed gross motor development", "Hearing impairment", "Failure to thrive"):
        entry = next(entry for entry in entries().values() if entry.label == label)
        assert len(entry.wordings["anyone"]) >= 4


def test_every_wording_can_be_said(kb):
    for entry in entries().values():
        for several in entry.wordings.values():
            for made in several:
                for past in (False, True):
                    words = Person(30.0, "female", None, "woman").words
                    said = expand(made.template, Random(1), words, past, 30.0)
                    assert said.strip() and not re.search(r"[\[\]{}<>|]", said.replace("<", "", 0)), entry.label


def test_denials_that_speak_of_all_that_is_normal_have_a_guard_above_the_term(kb):
    for hpo_id, entry in entries().items():
        if entry.guard:
            assert kb.term(entry.guard) in kb.term_ancestors[kb.term(hpo_id)], entry.label


def test_most_wordings_are_not_in_the_ontology(kb):
    ours = {
        node.lower()
        for e in entries().values()
        for w in e.wordings.get("anyone", [])
        for node in w.template.nodes
        if isinstance(node, str) and len(w.template.nodes) == 1
    }
    theirs = {name.lower() for name in kb.term_names} | {
        s.text.lower() for several in kb.term_synonyms for s in several
    }
    assert len(ours - theirs) / len(ours) > 0.7


@pytest.mark.parametrize(("topic", "months"), [("walk", 17.6), ("sit", 9.2), ("speech", 18.0)])
def test_late_milestones_are_later_than_children_reach_them(topic, months):
    """Limits: 99th centiles of the WHO motor development study (2006); first words by 18 months."""
    late, in_time = [], []
    for entry in entries().values():
        for kind, several in entry.wordings.items():
            ages = [12 * w.template.least_years for w in several if w.topic == topic and w.template.least_years]
            (in_time if "denial" in kind else late).extend(ages)
    assert late and min(late) > months
    assert all(age < months for age in in_time)


def test_a_table_is_read_by_its_marks():
    entry = read_entries(["HP:0000001 All ~HP:0000118", "n a fit; two fits", "V <is|was> ill", "-n good health"])[0]
    assert (entry.term, entry.label, entry.guard) == ("HP:0000001", "All", "HP:0000118")
    assert {kind: len(several) for kind, several in entry.wordings.items()} == {
        "anyone": 2,
        "clinician": 1,
        "denial": 1,
    }
    assert len(entry.plain_nouns) == 1, "two fits cannot be denied"
    with pytest.raises(ValueError, match="no line of wordings"):
        read_entries(["HP:0000001 All", "x what"])


# measured values


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.label} {row.names[0]}")
def test_values_lie_on_their_side_of_the_limit_and_the_term_exists(kb, row):
    assert kb.term_name(row.term) == row.label
    assert row.abnormal[0] < row.abnormal[1]
    assert all(row.beyond(value) for value in row.abnormal)
    if row.normal:
        assert row.normal[0] < row.normal[1]
        assert not any(row.beyond(value) for value in row.normal)
    direction = re.match(
        r"(?:highly |mildly )?(elevated|increased|high |hyper|decreased|reduced|low |hypo)", row.label.lower()
    )
    if direction and not re.search(
        r"hypothyroidism|hyperthyroidism|hypermetropia|hypermobility|myopia", row.label.lower()
    ):
        assert row.high == (direction[1] in ("elevated", "increased", "high ", "hyper")), row.label


@given(seed=st.integers(0, 2**32), place=st.integers(0, len(ROWS) - 1), present=st.booleans())
def test_what_is_written_is_abnormal_where_present_and_normal_where_absent(seed, place, present):
    row = ROWS[place]
    if not present and not row.normal:
        return
    said = say_value(row, present, False, Random(seed)).text
    without_names = said
    for name in sorted(row.names, key=len, reverse=True):
        without_names = without_names.replace(name, "", 1) if name in without_names else without_names
    written = re.search(r"-?\d[\d,]*(?:\.\d+)?", without_names)
    assert written, said
    assert row.beyond(float(written[0].replace(",", ""))) == present, said


def test_values_are_drawn_inside_their_range():
    for seed in range(200):
        assert 600 <= float(drawn(600, 14000, 0, Random(seed)).replace(",", "")) <= 14000
        assert -5.5 <= float(drawn(-5.5, -1.5, 1, Random(seed))) <= -1.5


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.label)
def test_growth_is_off_by_what_its_term_says(kb, size):
    assert kb.term_name(size.term) == size.label
    assert (size.low >= 2.0) or (size.high <= -2.0)
    if "Severe" in size.label:
        assert size.high <= -4.0
    for seed in range(60):
        rng = Random(seed)
        z = rng.uniform(size.low, size.high)
        said = say_size(
            size, z, Person(rng.uniform(0, 30), rng.choice(("female", "male", None)), None), False, rng
        ).text
        below, above = r"[-−]\d|below|<", r"\+\d|above|>"
        assert re.search(below if z < 0 else above, said) and not re.search(above if z < 0 else below, said), said
        for written in re.findall(r"([+\-−]\d\.\d) ?SD|[Zz](?:-score)? ([+\-−]\d\.\d)", said):
            assert float("".join(written).replace("−", "-")) == pytest.approx(z, abs=0.051)


def test_centimetres_agree_with_the_deviation():
    for sex in ("female", "male"):
        for measure in ("head", "height", "weight"):
            for years in (0.0, 0.4, 1.0, 4.4, 11.0, 40.0):
                middle = growth.value(measure, 0, years, sex)
                assert growth.value(measure, -3, years, sex) < middle < growth.value(measure, 3, years, sex)
    assert growth.value("head", 0, 1.0, "male") == pytest.approx(46.1)
    assert growth.value("height", -2, 30.0, "female") == pytest.approx(149.6)
    assert growth.value("height", 0, 4.0, "female") == pytest.approx(102.25)


@pytest.mark.parametrize(
    ("z", "allowed"),
    [
        (-2.2, {"3rd"}),
        (-2.5, {"3rd", "1st"}),
        (-3.0, {"3rd", "1st", "0.4th"}),
        (2.9, {"97th", "99th", "99.6th"}),
        (0.0, {"50th"}),
        (-0.6, {"25th"}),
    ],
)
def test_centiles_are_true(z, allowed):
    said = {growth.centile(z, Random(i)) for i in range(60)}
    assert {match for one in said for match in re.findall(r"[\d.]+(?:rd|st|th)", one)} == allowed
    assert all(
        ("above" in one or ">" in one) == (z > 1.9) and ("below" in one or "<" in one) == (z < -1.9) for one in said
    )


def test_blood_pressure_is_high_or_normal_and_not_said_of_children():
    for seed in range(50):
        for high in (True, False):
            top, low = map(int, re.search(r"(\d+)/(\d+)", say_pressure(high, 40.0, Random(seed)).text).groups())
            assert (top >= 140 and low >= 90) == high and top - low > 20
    assert say_pressure(True, 8.0, Random(1)) is None


def test_rows_for_older_patients_are_not_said_of_younger_ones(kb, speech):
    disability = term(kb, "Intellectual disability")
    for seed in range(120):
        assert "IQ" not in speech.present(disability, scene(kb, [disability], years=2.0), Random(seed)).text
    assert any(
        "IQ" in speech.present(disability, scene(kb, [disability], years=9.0), Random(i)).text for i in range(120)
    )


def test_one_measure_has_one_value_in_a_note(kb, speech):
    liver = [
        term(kb, "Elevated circulating hepatic transaminase concentration"),
        term(kb, "Elevated circulating alanine aminotransferase concentration"),
    ]
    for seed in range(150):
        here, rng = scene(kb, liver), Random(seed)
        said = [speech.present(one, here, rng).text for one in liver]
        assert sum(bool(re.search(r"ALT\D+\d", one)) for one in said) <= 1, said


# rules


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Intellectual disability, severe", "severe intellectual disability"),
        ("Hearing loss, sensorineural", "sensorineural hearing loss"),
        ("Tapered finger", "Tapered fingers"),
        ("Bifid uvula", "Bifid uvula"),
        ("EEG abnormality", "EEG abnormality"),
        ("Abnormality of the 2nd finger", "Abnormality of the 2nd finger"),
    ],
)
def test_labels_are_put_in_the_order_and_number_people_use(label, said):
    assert labels.natural(label) == said


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("elevated circulating ferritin concentration", "raised ferritin"),
        ("abnormality of the skeletal system", "problems with the skeletal system"),
        ("recurrent pneumonia", "repeated pneumonia"),
        ("hypoplasia of the maxilla", "underdeveloped maxilla"),
        ("bilateral ptosis", "ptosis on both sides"),
        ("anemia", "anaemia"),
        ("short nose", "unusually short nose"),
    ],
)
def test_rules_turn_labels_into_what_people_say(label, expected):
    said = {
        expand(made.template, Random(i), Person(5, "male", None).words, False)
        for made in labels.by_rule(label)
        for i in range(3)
    }
    assert expected in said


@pytest.mark.parametrize(
    ("definition", "label", "said"),
    [
        ("Developmental hypoplasia of the mandible.", "Micrognathia", "Developmental hypoplasia of the mandible"),
        ("The presence of multiple lipomas in the brain.", "Lipomas", "multiple lipomas in the brain"),
        ("Seizure is an event of the brain.", "Seizure", "event of the brain"),
        ("This term applies to children only.", "X", None),
        ("Pus is in the sputum.", "Purulent sputum", None),
        ("Absence of the thumb.", "Absent thumb", None),
        ("A finger that is bent.", "Camptodactyly", "finger that is bent"),
        ("", "X", None),
    ],
)
def test_short_definitions_describe_and_others_do_not(definition, label, said):
    made = labels.described(definition, label)
    assert (made and made.template.nodes[0]) == said


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("short neck", "a "),
        ("atrial septal defect", "an "),
        ("low-set ears", ""),
        ("a big head", ""),
        ("cleft of the palate", "a "),
        ("unusually short nose", "an "),
        ("two fits", ""),
        ("uniform rash", "a "),
    ],
)
def test_prose_puts_an_article_before_what_is_counted(text, before):
    assert article(text) == before


# whose words


def test_the_family_says_more_in_everyday_words_than_a_clinician(kb, speech):
    ptosis = term(kb, "Ptosis")

    def share(voice: str) -> float:
        said = [speech.present(ptosis, scene(kb, [ptosis], voice=voice), Random(i)).text for i in range(300)]
        return sum("ptosis" in one for one in said) / len(said)

    assert share("lay") < 0.2 < share("clinical")


def test_families_do_not_say_what_only_clinicians_would(kb, speech):
    weak = term(kb, "Hyperreflexia")
    said = {speech.present(weak, scene(kb, [weak], voice="lay"), Random(i)).text for i in range(300)}
    assert not any("DTR" in one or "3+" in one for one in said)


def test_what_contradicts_a_finding_is_not_told_of_the_patient(kb):
    people, rng = People(kb), Random(0)
    boy = Patient(0, [term(kb, "Hypospadias")], [], age_years=5.0, onset_years=1.0, sex="female")
    assert people.told(boy, rng).sex is None
    infant = Patient(0, [term(kb, "Dementia")], [], age_years=0.5, onset_years=0.1, sex="male")
    assert (people.told(infant, rng).years, people.told(infant, rng).onset_years) == (None, None)
    plain = Patient(0, [term(kb, "Seizure")], [], age_years=0.5, onset_years=0.1, sex="male")
    assert people.told(plain, rng).years == 0.5


@pytest.mark.parametrize("name", ["least_ages", "note_parts"])
def test_the_terms_of_the_tables_exist_under_their_labels(kb, name):
    for row in table(name):
        assert kb.resolve_term(row["hpo_id"]) == row["hpo_id"]
        assert kb.term_names[kb.term(row["hpo_id"])] == row["label"]
