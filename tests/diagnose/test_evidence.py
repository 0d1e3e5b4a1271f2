"""Evidence for candidates: what the knowledge base says of the findings, else what the turn says."""

import pytest

from raredxr1.diagnose.evidence import numbered, with_evidence
from raredxr1.diagnose.names import Names, link_turn
from raredxr1.diagnose.person import Person, remarks_against
from raredxr1.diagnose.result import StatedFinding
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.linking import Linker
from raredxr1.schemas import Candidate, Diagnosis, Finding, Hypothesis, Span
from tiny_knowledge import make_tiny_kb


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return make_tiny_kb(tmp_path_factory.mktemp("tiny"))


def finding(index: int, term: str, present: bool = True, located: bool = True) -> Finding:
    span = Span(start=10 * index, end=10 * index + 5) if located else None
    return Finding(index=index, present=present, quote="words", term=term, span=span)


TURN = Diagnosis(
    findings=[
        finding(1, "Febrile seizure"),
        finding(2, "Ataxia", present=False),
        finding(3, "Microcephaly", located=False),
        finding(4, "something no term says"),
    ],
    hypotheses=[Hypothesis(name="Rett syndrome", supports=[1])],
    answer=[
        Candidate(rank=1, name="Rett syndrome"),
        Candidate(rank=2, name="Angelman syndrome"),
        Candidate(rank=3, name="Marfan syndrome"),
        Candidate(rank=4, name="Atlantis disease"),
    ],
)


def test_the_knowledge_base_weighs_every_disease_it_knows(kb: KnowledgeBase) -> None:
    names = Names(kb, Linker(kb), Claims(kb))
    turn = link_turn(TURN, names)
    rett, angelman, marfan, unlinked = with_evidence(turn.answer, turn, names)
    assert (rett.evidence_by, [e.finding for e in rett.supports]) == ("knowledge", [1])
    assert rett.supports[0].frequency and rett.supports[0].weight is not None
    assert rett.awaited and all(a.frequency and a.frequency >= 0.5 for a in rett.awaited)
    assert angelman.evidence_by == "knowledge"
    assert [e.finding for e in angelman.supports] == [1], "a kind of seizure; the quote that is nowhere is no evidence"
    assert [e.finding for e in angelman.against] == [2], "ataxia is absent, and nine of ten have it"
    assert [(a.term, a.hpo_id) for a in angelman.awaited][:2] == [
        ("Intellectual disability, severe", "HP:0010864"),
        ("Microcephaly", "HP:0000252"),
    ]
    assert marfan.supports == marfan.against == [] and marfan.awaited
    assert [e.finding for e in marfan.unexplained] == [1], "nothing like a seizure is annotated"
    assert (unlinked.evidence_by, unlinked.awaited) == (None, [])


def test_a_disease_that_nobody_knows_has_what_the_turn_says_of_it(kb: KnowledgeBase) -> None:
    names = Names(kb, Linker(kb), Claims(kb))
    said = Hypothesis(name="Atlantis disease", supports=[4], awaited=["Microcephaly"])
    turn = link_turn(TURN.model_copy(update={"hypotheses": [said]}), names)
    unlinked = with_evidence(turn.answer, turn, names)[3]
    assert (unlinked.evidence_by, [e.finding for e in unlinked.supports]) == ("turn", [4])
    assert [a.hpo_id for a in unlinked.awaited] == ["HP:0000252"]


def test_a_finding_known_not_to_occur_speaks_against(kb: KnowledgeBase) -> None:
    large = StatedFinding(
        hpo_id="HP:0000256", term="Macrocephaly", present=True, quote="", span=Span(start=0, end=0), by="reader"
    )
    names = Names(kb, Linker(kb), Claims(kb))
    turn = link_turn(TURN, names)
    rett = with_evidence(turn.answer, turn, names, [large])[0]
    assert [e.term for e in rett.against] == ["Macrocephaly"]


def test_without_claims_or_findings_nothing_is_said(kb: KnowledgeBase) -> None:
    for names, turn in (
        (Names(kb, Linker(kb)), TURN),
        (Names(kb, Linker(kb), Claims(kb)), Diagnosis(form="short", answer=TURN.answer)),
    ):
        linked = link_turn(turn, names)
        angelman = with_evidence(linked.answer, linked, names)[1]
        assert (angelman.evidence_by, angelman.supports, angelman.awaited) == (None, [], [])


def test_findings_that_only_others_read_are_weighed_too_and_numbered_after_the_turns(kb: KnowledgeBase) -> None:
    names = Names(kb, Linker(kb), Claims(kb))
    turn = link_turn(TURN, names)

    def stated(term: str, hpo_id: str, start: int) -> StatedFinding:
        span = Span(start=start, end=start + 5)
        return StatedFinding(hpo_id=hpo_id, term=term, present=True, quote="words", span=span, by="dictionary")

    read = [stated("Febrile seizure", "HP:0002373", 10), stated("Microcephaly", "HP:0000252", 90)]
    assert {index: finding.term for index, finding in numbered(turn, read).items()} == {
        1: "Febrile seizure",
        5: "Microcephaly",
    }
    _, angelman, _, _ = with_evidence(turn.answer, turn, names, read)
    assert sorted((e.finding, e.term) for e in angelman.supports) == [(1, "Febrile seizure"), (5, "Microcephaly")]
    weights = [e.weight or 0.0 for e in angelman.supports]
    assert weights == sorted(weights, reverse=True), "the strongest first"
    assert "Microcephaly" not in [a.term for a in angelman.awaited], "what the note states is not awaited"


def test_age_and_sex_against_a_disease_are_said_in_words() -> None:
    kb = load()
    tremor, duchenne = kb.disease("ORPHA:93256"), kb.disease("ORPHA:98896")  # FXTAS; Duchenne muscular dystrophy
    assert tremor is not None and duchenne is not None
    (young,) = remarks_against(Person(9.0, "male"), tremor, kb)
    assert young == "onset at 60 years or later by annotation, and the patient is 9 years old"
    assert remarks_against(Person(66.0, "male"), tremor, kb) == []
    assert remarks_against(Person(None, "female"), duchenne, kb) == [
        "X-linked and mostly of men, and the patient is female"
    ]
    assert remarks_against(Person(), duchenne, kb) == []


def test_they_go_with_the_evidence(kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("raredxr1.diagnose.evidence.remarks_against", lambda person, disease, kb: ["too young"])
    names = Names(kb, Linker(kb), Claims(kb))
    turn = link_turn(TURN, names)
    assert [c.person_against for c in with_evidence(turn.answer, turn, names)] == [[]] * 4
    known = with_evidence(turn.answer, turn, names, person=Person(1.0))
    assert [c.person_against for c in known] == [["too young"]] * 3 + [[]]
