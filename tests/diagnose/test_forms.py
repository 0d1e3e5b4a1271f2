"""Forms of one disease are called likelier only where the note says so."""

from raredxr1.diagnose.forms import with_forms
from raredxr1.diagnose.result import Line, Member, StatedFinding
from raredxr1.knowledge import load
from raredxr1.knowledge.claims import Claims
from raredxr1.schemas import Span

NAME = "Glycogen storage disease due to glucose-6-phosphatase deficiency"
MEMBERS = [
    Member(rank=1, name=f"{NAME} type Ib", id="ORPHA:79259", confidence=0.6),
    Member(rank=2, name=f"{NAME} type IA", id="OMIM:232200", confidence=0.1),
]
LINE = Line(name=NAME, members=MEMBERS, confidence=0.7)


def _said(hpo_id: str, state: str) -> StatedFinding:
    span = Span(start=0, end=1)
    return StatedFinding(hpo_id=hpo_id, term="t", state=state, quote="q", span=span, by="dictionary")


def test_a_form_that_should_have_what_is_absent_is_not_favoured() -> None:
    line = with_forms(LINE, [_said("HP:0001943", "present"), _said("HP:0001875", "absent")], Claims(load()))
    assert not line.favoured


def test_a_form_whose_own_finding_is_there_is_favoured() -> None:
    line = with_forms(LINE, [_said("HP:0001943", "present"), _said("HP:0001875", "present")], Claims(load()))
    assert line.favoured


def test_genes_and_findings_that_tell_forms_apart_are_named() -> None:
    line = with_forms(LINE, [_said("HP:0001943", "present")], Claims(load()))
    assert line.told_apart_by[0] == "the gene: SLC37A4 (type Ib), G6PC1 (type IA)"
    assert any(one.endswith("(type Ib)") for one in line.told_apart_by[1:])


def test_a_disease_of_one_form_is_left_as_it_is() -> None:
    alone = LINE.model_copy(update={"members": MEMBERS[:1]})
    assert with_forms(alone, [], Claims(load())) is alone
