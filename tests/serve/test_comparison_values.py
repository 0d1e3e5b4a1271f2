"""The values of the comparison are those of the cards, and what a reader may say of a finding."""

from typing import Any

import pytest

from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.output.glossary import how_frequent
from raredxr1.diagnose.output.shown import ShownLine
from raredxr1.diagnose.result import Member, Ranked
from raredxr1.schemas import Demographics, Span
from raredxr1.serve import review
from raredxr1.serve.comparison import grid
from raredxr1.serve.evidence import Weigher
from raredxr1.serve.review import Noted, Review

DISEASES = ("ORPHA:781", "ORPHA:3452")


def noted(number: int, hpo_id: str, term: str, state: str = "present", **more: Any) -> Noted:
    return Noted(number=number, term=term, hpo_id=hpo_id, state=state, quote=term, origin="dictionary", **more)


def shown_line(place: int, record_id: str) -> ShownLine:
    one = Ranked(rank=place, name=record_id, id=record_id)
    return ShownLine(
        place, record_id, record_id, None, one, [Member(rank=place, name=record_id, id=record_id)], None, False, ""
    )


def test_the_table_says_what_the_cards_say() -> None:
    names = open_names()
    kb = names.kb
    terms = ("HP:0001945", "HP:0011134", "HP:0002039", "HP:0000969", "HP:0004326", "HP:0001369", "HP:0002315")
    found = [noted(n, one, kb.term_name(one)) for n, one in enumerate(terms, 1)]
    found.append(noted(9, "HP:0000554", "Uveitis", "absent"))
    weigher = Weigher(Review(findings=found), names)
    table = grid([shown_line(n, i) for n, i in enumerate(DISEASES, 1)], Review(findings=found), weigher)
    told = 0
    for column, record_id in enumerate(DISEASES):
        disease = kb.disease(record_id)
        assert disease is not None
        card = weigher.disease(Ranked(rank=1, name=record_id, id=record_id), disease)
        cells = {row.number: row.cells[column] for row in table.rows}
        for one in (*card.supports, *card.against):
            if one.frequency:
                told += 1
                assert cells[one.finding].words == how_frequent(one.frequency), one.term
        assert {n for n, cell in cells.items() if cell.clash} == {one.finding for one in card.against}
    assert told > 4


def test_the_first_two_are_compared_and_what_they_share_is_told_apart() -> None:
    names = open_names()
    found = [noted(1, "HP:0001945", "Fever"), noted(2, "HP:0002315", "Headache")]
    lines = [shown_line(n, i) for n, i in enumerate((*DISEASES, "ORPHA:829"), 1)]
    table = grid(lines, Review(findings=found), Weigher(Review(findings=found), names))
    assert [column.place for column in table.chosen] == [1, 2]
    for row in table.rows:
        assert row.same == (len({cell.words for cell in row.cells}) == 1)


@pytest.mark.parametrize("sense", review.SENSES)
def test_a_reader_may_say_anything_that_a_note_may(sense: review.Sense) -> None:
    before = Review(findings=[noted(1, "HP:0001250", "Seizure", span=Span(start=0, end=7))])
    after = review.set_state(before, 1, sense)
    assert after.by_number(1).sense == sense
    assert after.corrected == (sense != "present")
    assert review.set_state(after, 1, "present") == before
    (stated,) = review.stated_of(after)
    assert (stated.state, stated.detail) == (("present", "past") if sense == "past" else (sense, None))


def test_what_was_read_as_over_is_so_again_without_a_correction() -> None:
    before = Review(findings=[noted(1, "HP:0001250", "Seizure", detail="past")])
    now = review.set_state(before, 1, "present")
    assert now.corrected and review.stated_of(now)[0].detail is None
    assert review.set_state(now, 1, "past") == before
    assert review.flip(review.flip(before, 1), 1) == before


def test_the_age_that_was_read_again_is_no_correction() -> None:
    empty = Review()
    stated = review.set_patient(empty, Demographics(), "54y", "male")
    assert stated.corrected and stated.patient.age and stated.patient.age.years == 54
    assert not review.set_patient(stated, stated.patient, "54 years", "male").corrected
    assert not review.set_patient(stated, Demographics(), "", "").corrected
