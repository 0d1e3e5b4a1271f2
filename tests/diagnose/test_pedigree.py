"""Related and affected parents are read, and count for how a disease is inherited; what is denied or asked does not."""

import pytest

from raredxr1.data import table
from raredxr1.diagnose.calibration import Sigmoid
from raredxr1.diagnose.fused import weigh
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.pedigree import Pedigree, fit_of, fits_parents, pedigree_of, with_findings
from raredxr1.diagnose.person import person_of
from raredxr1.diagnose.stated import stated_findings
from raredxr1.knowledge import KnowledgeBase, load


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.mark.parametrize(
    "note",
    [
        "She is the second child of consanguineous parents.",
        "Family history: parents are first cousins. Two healthy brothers.",
        "His mother and father are\nsecond cousins from one village.",
        "There is consanguinity: the parents' mothers are sisters.",
        "My husband and I are cousins.",
        "He is the third child of healthy parents, who both grew up in the same small valley in the Alps and are "
        "second cousins.",
    ],
)
def test_related_parents_are_read(note: str) -> None:
    assert pedigree_of(note) == Pedigree(related=True)


@pytest.mark.parametrize(
    "note",
    [
        "Parents are non-consanguineous.",
        "There is no consanguinity.",
        "Consanguinity: nil.",
        "Consanguinity denied. Both parents are well.",
        "The parents are not related.",
        "It is unknown whether the parents are related.",
        "Is there consanguinity?",
        "A maternal uncle and his wife, a consanguineous couple, lost a child.",
        "His parents are well. Two first cousins have asthma.",
        "The maternal grandparents were first cousins.",
        "His father is not affected.",
        "Her mother's grandmother had the same trouble.",
        "The mother had a similar rash? Not known.",
        "",
    ],
)
def test_what_is_denied_unknown_or_of_others_is_not(note: str) -> None:
    assert pedigree_of(note) == Pedigree()


@pytest.mark.parametrize(
    "note",
    [
        "His father is similarly affected.",
        "Her mother also has long fingers and a lens operation behind her.",
        "The boy's dad had the same gait from childhood.",
        "There is an affected parent.",
        "Her father, aged 50, also had cataracts as a young man.",
    ],
)
def test_an_affected_parent_is_read(note: str) -> None:
    assert pedigree_of(note) == Pedigree(affected=True)


@pytest.mark.parametrize(
    "note",
    [
        "Two of the mother's brothers died in the first week of life.",
        "FH: maternal uncle in a wheelchair at 11, dead at 19.",
        "A maternal great-uncle was similarly affected.",
        'A maternal uncle died at 6 days, "infection", no autopsy.',
        "My mum's younger brother had the same thing.",
    ],
)
def test_men_on_the_mothers_side_are_read(note: str) -> None:
    assert pedigree_of(note) == Pedigree(maternal=True)


@pytest.mark.parametrize(
    "note",
    [
        "Maternal uncle died in a car accident.",
        "Maternal uncle died of a stroke at 70.",
        "Maternal uncles are healthy, none affected.",
        "A paternal uncle died as a baby.",
        "Maternal aunt died young.",
        "Did a maternal uncle die?",
    ],
)
def test_other_deaths_are_not(note: str) -> None:
    assert pedigree_of(note) == Pedigree()


def test_the_mothers_brothers_speak_for_x_linked_diseases(kb: KnowledgeBase) -> None:
    menkes, marfan = kb.disease("OMIM:309400"), kb.disease("OMIM:154700")
    assert menkes is not None and marfan is not None
    assert fit_of(Pedigree(maternal=True), menkes, kb) > 0 == fit_of(Pedigree(maternal=True), marfan, kb)
    assert fits_parents(Pedigree(maternal=True), menkes, kb).startswith("X-linked")


def test_parents_speak_for_the_inheritance_they_fit(kb: KnowledgeBase) -> None:
    cystinosis, marfan, turner = (kb.disease(i) for i in ("OMIM:219800", "OMIM:154700", "ORPHA:881"))
    assert cystinosis is not None and marfan is not None and turner is not None
    related, affected = Pedigree(related=True), Pedigree(affected=True)
    assert fit_of(related, cystinosis, kb) > 0 == fit_of(related, marfan, kb) == fit_of(related, turner, kb)
    assert fit_of(affected, marfan, kb) > 0 > fit_of(affected, cystinosis, kb)
    assert fit_of(Pedigree(), cystinosis, kb) == 0
    assert fits_parents(related, cystinosis, kb) == "inherited recessively, and the parents are related"
    assert fits_parents(related, marfan, kb) == fits_parents(affected, cystinosis, kb) == ""


def test_a_disease_that_gains_takes_from_the_others() -> None:
    rows: dict[str, dict[str, float]] = {"OMIM:219800": {}, "OMIM:154700": {}}
    fusion = Sigmoid(intercept=-1.0, weights={})
    plain = weigh(fusion, rows)
    moved = weigh(fusion, rows, more={"OMIM:219800": 1.0})
    assert plain["OMIM:219800"] == pytest.approx(plain["OMIM:154700"])
    assert moved["OMIM:219800"] > plain["OMIM:219800"] and moved["OMIM:154700"] < plain["OMIM:154700"]


def test_the_person_has_the_parents() -> None:
    assert person_of("A boy of 4 years. His parents are first cousins.").pedigree.related


@pytest.mark.parametrize(
    ("note", "affected"),
    [
        ("Nosebleeds since childhood. FH: Dad had nosebleeds all his life.", True),
        ("Ataxia from the age of six. His mother has ataxia.", True),
        ("Ataxia. His mother's brother has ataxia.", False),
        ("Ataxia. Dad's mother had ataxia.", False),
        ("Ataxia. The patient's mother has ataxia.", True),
        ("Nosebleeds. FH: his brother has nosebleeds, mum has asthma.", False),
        ("She has migraine. Mother has migraine.", False),
        ("Seizures. Father: no seizures.", False),
    ],
)
def test_a_parent_with_a_finding_of_the_patient_is_affected_unless_it_is_common(
    note: str, affected: bool, kb: KnowledgeBase
) -> None:
    stated = stated_findings(note, [], open_names(by_meaning=False))
    assert with_findings(pedigree_of(note), note, stated, kb).affected is affected


@pytest.mark.parametrize(
    ("note", "affected"),
    [
        ('FH: dad + pat uncle same "turns" in their 20s.', True),
        ("Mother and father come from the same village.", False),
    ],
)
def test_the_same_turns_of_a_parent(note: str, affected: bool) -> None:
    assert pedigree_of(note).affected is affected


def test_common_findings_are_terms(kb: KnowledgeBase) -> None:
    for row in table("common_findings"):
        assert kb.term_name(row["term"]).startswith(row["label"])
