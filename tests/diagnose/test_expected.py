"""What is called missing in a note is missing in it."""

import pytest

from raredxr1.diagnose.evidence import EvidenceWeigher
from raredxr1.diagnose.expected import Told, says_nothing_new, says_the_same
from raredxr1.diagnose.output import words
from raredxr1.diagnose.result import Ranked
from raredxr1.knowledge import load
from raredxr1.knowledge.claims import Claims


def _awaited(disease: str, told: Told, present: tuple[str, ...], absent: tuple[str, ...] = ()) -> list[str]:
    kb = load()
    number = kb.disease(disease)
    assert number is not None
    findings = dict(enumerate([(kb.term(i), True) for i in present] + [(kb.term(i), False) for i in absent], 1))
    return [kb.term_names[term] for term, _ in EvidenceWeigher(Claims(kb), findings, told).weigh(number, 20).awaited]


@pytest.mark.parametrize(
    ("term", "note"),
    [
        ("HP:0031153", "Behind the lens the vitreous holds a folded membrane and little else."),
        ("HP:0012418", "Sats 91% in room air."),
        ("HP:0012052", "1,25-(OH)2 vitamin D 160 pmol/L."),
        ("HP:0002625", "A thrombosis of deep veins was found."),
    ],
)
def test_what_the_note_has_in_other_words_or_as_a_value_is_not_missing(term: str, note: str) -> None:
    kb = load()
    number = kb.term(term) if kb.resolve_term(term) else 0
    assert Told(note).rules_out(kb, number, ())
    assert not Told("She has a rash.").rules_out(kb, number, ())


def test_the_opposite_of_what_was_found_is_not_missing() -> None:
    kb = load()
    low, high = kb.term("HP:0002901"), kb.term("HP:0003072")  # hypocalcemia, hypercalcemia
    assert Told().rules_out(kb, low, {high})
    assert not Told().rules_out(kb, low, {kb.term("HP:0001250")})


def test_what_comes_with_the_years_is_not_expected_of_a_newborn() -> None:
    young, grown = (_awaited("ORPHA:739", Told(years=years), ("HP:0001252",)) for years in (0.05, 12.0))
    assert "Class III obesity" in grown
    assert "Class III obesity" not in young


def test_what_the_note_suspects_is_not_missing() -> None:
    kb = load()
    term = kb.term("HP:0001250")
    assert Told(mentioned=[kb.term("HP:0012469")]).rules_out(kb, term, ())  # a kind of it


def test_an_anemia_explains_anemia() -> None:
    kb = load()
    number = next(d for d, name in enumerate(kb.disease_names) if name == "Autoimmune hemolytic anemia")
    known = EvidenceWeigher(Claims(kb), {1: (kb.term("HP:0001903"), True)}).weigh(number)
    assert [weight.finding for weight in known.supports] == [1]
    assert not known.unexplained


def test_a_disease_of_which_nothing_is_recorded_says_so() -> None:
    bare = Ranked(rank=1, name="Some anemia", id="MONDO:1", annotated=0)
    assert words.little_known(bare) == "ranked by its description; no findings are recorded"
    assert words.little_known(bare.model_copy(update={"annotated": 2})).endswith("only 2 findings recorded")
    assert words.little_known(bare.model_copy(update={"annotated": 40})) == ""


def test_what_one_patient_had_stands_last_among_what_speaks_against() -> None:
    kb = load()
    number = kb.disease("ORPHA:79259")
    assert number is not None
    absent = {1: (kb.term("HP:0001744"), False), 2: (kb.term("HP:0001875"), False)}  # splenomegaly, neutropenia
    against = EvidenceWeigher(Claims(kb), absent).weigh(number).against
    assert [(one.finding, one.rests_on) for one in against] == [(2, ""), (1, "1 of 1")]


def test_the_corrected_page_and_the_result_expect_the_same_of_a_newborn() -> None:
    kb = load()
    assert Told(years=0.07).rules_out(kb, kb.term_names.index("Class III obesity"), ())
    assert not Told(years=0.07).rules_out(kb, kb.term("HP:0002033"), ())  # poor suck


@pytest.mark.parametrize(
    ("finding", "disease", "nothing_new"),
    [
        ("Arteritis", "Takayasu arteritis", True),
        ("Granulomatosis", "Granulomatosis with polyangiitis", True),
        ("Glomerulopathy", "Fibronectin glomerulopathy", True),
        ("Myelofibrosis", "Primary myelofibrosis", True),
        ("Intracranial meningioma", "Meningioma", True),
        ("Peripheral primitive neuroectodermal neoplasm", "Peripheral primitive neuroectodermal tumor", True),
        ("Ataxia", "Friedreich ataxia", False),
        ("Pneumothorax", "Familial spontaneous pneumothorax", False),
        ("Optic neuritis", "Neuromyelitis optica", False),
        ("Neoplasm of the liver", "Wilson disease", False),
    ],
)
def test_what_says_the_disease_again_is_no_news(finding: str, disease: str, nothing_new: bool):
    assert says_nothing_new(finding, disease) is nothing_new


def test_a_kind_of_the_disease_says_the_same_and_a_part_of_its_name_does_not():
    assert says_the_same("Anaplastic thyroid carcinoma", "Anaplastic thyroid carcinoma")
    assert not says_the_same("Ataxia", "Friedreich ataxia") and not says_the_same("Carcinoma", "Thyroid carcinoma")


@pytest.mark.parametrize(
    ("sex", "left"), [("male", "Cryptorchidism"), ("female", "Polycystic ovaries"), (None, "Polycystic ovaries")]
)
def test_what_the_other_sex_has_is_not_missing(sex: str | None, left: str):
    kb = load()
    assert not Told(sex=sex).rules_out(kb, kb.term_names.index(left), ())
    other = {"male": "Polycystic ovaries", "female": "Cryptorchidism"}.get(sex or "")
    assert other is None or Told(sex=sex).rules_out(kb, kb.term_names.index(other), ())


def test_systolic_pressure_is_not_missing_beside_hypertension_nor_a_disease_from_itself():
    kb = load()
    systolic = kb.term("HP:0004421")
    assert Told().rules_out(kb, systolic, {kb.term("HP:0000822")}) and not Told().rules_out(kb, systolic, ())
    itself = kb.term_names.index("Vasculitis")
    assert Told().rules_out(kb, itself, (), "Vasculitis") and not Told().rules_out(kb, itself, (), "Asthma")
