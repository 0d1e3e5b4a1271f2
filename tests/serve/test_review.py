"""What the page shows beside the model's list: findings, corrections, and what they say by themselves."""

import json

import pytest
from google.protobuf.json_format import ParseDict
from phenopackets import Phenopacket

from fake_product import FULL, FakeEngine
from raredxr1.cases.phenopackets import case_of_phenopacket
from raredxr1.diagnose import Options, Result
from raredxr1.diagnose.inputs import Text
from raredxr1.diagnose.output.pages import outside
from raredxr1.diagnose.result import Evidence
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.serve import review
from raredxr1.serve.corrected import corrected_packet
from raredxr1.serve.product import Order, Product, Stop
from raredxr1.serve.view import view
from serving import NOTE, make_product

QUOTED = "She never walked unaided and wrings her hands all day. No seizures so far. Small head."


def result_of(product: Product, note: str = NOTE, **options: object) -> Result:
    return product.diagnose(Order(Text(note), "note", Options(**options)), Stop())  # type: ignore[arg-type]


@pytest.fixture
def short(product: Product) -> Result:
    return result_of(product, form="short")


def numbers(evidence: list[Evidence]) -> list[int]:
    return sorted(one.finding for one in evidence)


# --- what was read ---------------------------------------------------------------------------------------------------


def test_without_quotes_the_findings_are_those_the_note_names(short: Result) -> None:
    found = review.read(short)
    assert [(f.number, f.present, f.term, f.quote, f.origin) for f in found.findings] == [
        (1, True, "Seizure", "seizures", "dictionary"),
        (2, True, "Motor stereotypy", "repetitive movements", "dictionary"),
        (3, True, "Microcephaly", "microcephaly", "dictionary"),
        (4, False, "Hearing impairment", "deafness", "dictionary"),
    ]
    assert not found.corrected


def test_what_the_model_quoted_keeps_the_number_its_reasoning_knows_it_by(product: Product) -> None:
    found = review.read(result_of(product, QUOTED, form="full"))
    assert [(f.number, f.present, f.quote[:16], f.hpo_id, f.origin) for f in found.findings] == [
        (1, True, "never walked una", None, "model"),
        (2, True, "wrings her hands", "HP:0000733", "dictionary"),
        (3, False, "seizures", "HP:0001250", "dictionary"),
        (4, True, "Small head", "HP:0000252", "dictionary"),
    ]


def test_quotes_of_a_model_that_invents_them_are_left_out(kb: KnowledgeBase) -> None:
    invented = FULL.replace("never walked unaided", "walks well").replace("wrings her hands all day", "sings")
    found = review.read(result_of(make_product(kb, FakeEngine(full=invented)), QUOTED, form="full"))
    assert {f.origin for f in found.findings} == {"dictionary"}


# --- corrections -----------------------------------------------------------------------------------------------------


def test_a_finding_can_be_turned_round_removed_and_added(short: Result, kb: KnowledgeBase) -> None:
    found = review.read(short)
    turned = review.flip(found, 1)
    assert (turned.by_number(1).present, turned.by_number(1).flipped, turned.corrected) == (False, True, True)
    assert review.flip(turned, 1) == found
    removed = review.remove(found, 2)
    assert [f.number for f in removed.findings] == [1, 3, 4]
    assert [f.term for f in removed.removed] == ["Motor stereotypy"]
    added = review.add(removed, kb, "HP:0001251")
    assert (added.findings[-1].number, added.findings[-1].term) == (5, "Ataxia")
    assert review.remove(added, 5) == removed
    assert [f.number for f in found.findings] == [1, 2, 3, 4], "what was read stays as it was"


def test_adding_what_is_there_changes_its_sense_only(short: Result, kb: KnowledgeBase) -> None:
    found = review.read(short)
    assert review.add(found, kb, "HP:0001250") == found
    assert review.add(found, kb, "HP:0001275") == found, "an alternative id of the same term"
    assert not review.add(found, kb, "HP:0001250", present=False).by_number(1).present


@pytest.mark.parametrize("hpo_id", ["HP:9999999", "seizure", ""])
def test_what_is_no_term_cannot_be_added(short: Result, kb: KnowledgeBase, hpo_id: str) -> None:
    with pytest.raises(InputError):
        review.add(review.read(short), kb, hpo_id)


def test_a_finding_that_is_not_there_cannot_be_corrected(short: Result) -> None:
    with pytest.raises(InputError, match="no finding 9"):
        review.flip(review.read(short), 9)


# --- what the findings say --------------------------------------------------------------------------------------


def test_candidates_are_weighed_by_the_knowledge_base_where_the_model_gave_no_reasons(
    short: Result, product: Product
) -> None:
    shown = view("r", short, review.read(short), product)
    weighed = {candidate.name: candidate for candidate in shown.result.candidates}
    rett, angelman, marfan = (weighed[name] for name in ("Rett syndrome", "Angelman syndrome", "Marfan syndrome"))
    assert rett.evidence_by == "knowledge"
    assert weighed["RTT"].evidence_by is None, "a name that is linked to nothing cannot be weighed"
    assert (numbers(rett.supports), numbers(rett.unexplained)) == ([1, 2, 3], [])
    assert (numbers(angelman.supports), numbers(angelman.unexplained)) == ([1, 3], [2])
    assert numbers(marfan.unexplained) == [1, 2, 3]
    assert ("Intellectual disability, severe", "HP:0010864") in [(a.term, a.hpo_id) for a in rett.awaited]


def test_a_finding_known_to_be_absent_speaks_against(product: Product, kb: KnowledgeBase, short: Result) -> None:
    large = review.add(review.remove(review.read(short), 3), kb, "HP:0000256")
    (rett,) = [c for c in view("r", short, large, product).result.candidates if c.id == "ORPHA:778"]
    assert numbers(rett.against) == [5]


def test_what_the_model_said_of_a_disease_nobody_knows_stands_until_a_reader_corrects_something(
    product: Product,
) -> None:
    said = "Hand-wringing disease of Atlantis | for 1 2 | awaited Microcephaly\nWeigh"
    engine = FakeEngine(full=FULL.replace("Weigh", said))
    other = make_product(product.names.kb, engine)
    result = result_of(other, QUOTED, form="full", ranking="list")
    found = review.read(result)
    unknown = view("r", result, found, other).result.candidates[2]
    assert (unknown.evidence_by, numbers(unknown.supports)) == ("turn", [1, 2])
    assert view("r", result, review.remove(found, 3), other).result.candidates[2].evidence_by is None


def test_the_ranking_by_findings_follows_corrections_and_the_models_list_does_not(
    short: Result, product: Product, kb: KnowledgeBase
) -> None:
    found = review.read(short)
    before = view("r", short, found, product)
    assert before.places[0].name == "Rett syndrome"
    marfan = found
    for number in (1, 2, 3, 4):
        marfan = review.remove(marfan, number)
    for hpo_id in ("HP:0002616", "HP:0001166"):
        marfan = review.add(marfan, kb, hpo_id)
    after = view("r", short, marfan, product)
    assert after.places[0].name == "Marfan syndrome"
    assert [line.name for line in after.lines] == [line.name for line in before.lines]


def test_without_a_present_finding_nothing_is_ranked(short: Result, product: Product) -> None:
    empty = review.Review(findings=[f for f in review.read(short).findings if not f.present])
    assert view("r", short, empty, product).places == []


def test_the_note_is_cut_where_findings_stand_and_nowhere_lost(short: Result, product: Product) -> None:
    shown = view("r", short, review.read(short), product)
    assert "".join(segment.text for segment in shown.segments) == NOTE
    assert [s.text for s in shown.segments if s.numbers] == [
        "seizures",
        "repetitive movements",
        "microcephaly",
        "deafness",
    ]


# --- links and phenopackets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("any_id", "address"),
    [
        ("OMIM:312750", "https://omim.org/entry/312750"),
        ("ORPHA:778", "https://www.orpha.net/en/disease/detail/778"),
        ("HP:0001250", "https://hpo.jax.org/browse/term/HP:0001250"),
        ("DECIPHER:1", None),
        ("OMIM:javascript", None),
    ],
)
def test_ids_lead_to_their_public_pages(any_id: str, address: str | None) -> None:
    assert outside(any_id) == address


def test_the_phenopacket_holds_the_findings_as_corrected(short: Result, kb: KnowledgeBase) -> None:
    corrected = review.add(review.flip(review.remove(review.read(short), 2), 1), kb, "HP:0001251")
    packet = corrected_packet(short, corrected)
    ParseDict(json.loads(json.dumps(packet)), Phenopacket())
    case = case_of_phenopacket(packet, "packet")
    assert case.hpo_observed == ["HP:0000252", "HP:0001251"]
    assert case.hpo_excluded == ["HP:0001250", "HP:0000365"]
    said = {f["type"]["id"]: f["description"] for f in packet["phenotypicFeatures"]}
    assert said["HP:0001250"] == "“seizures” (found by name in the note, its sense corrected by a person)"
    assert said["HP:0001251"] == "added by a person"
