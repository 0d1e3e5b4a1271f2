"""Which line of the answer, as it is shown, holds the right disease."""

import pytest

from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.judging import JudgedCase, judge
from raredxr1.evaluate.matcher import Matcher
from raredxr1.evaluate.rows import Answer, OnLine, Prediction
from raredxr1.schemas import Case


def answered(matcher: Matcher, right: str, *lines: tuple[str, ...]) -> JudgedCase:
    """A case judged by lines of ids; the first ten diseases, read line by line, are the candidates."""
    kb = matcher.kb
    shown = [[(i, kb.disease_names[kb.disease(i) or 0]) for i in line] for line in lines]
    ranks = {i: rank for rank, i in enumerate((i for line in lines for i in line), 1)}
    answer = [Answer(rank=ranks[i], name=name, id=i) for line in shown for i, name in line][:10]
    on_lines = [[OnLine(rank=ranks[i], name=name, id=i) for i, name in line] for line in shown]
    gold = [{"id": right, "label": kb.disease_names[kb.disease(right) or 0]}]
    case = Case.model_validate({"case_id": "c", "note": "x", "gold": gold})
    item = Item("c", "f", case, note="x")
    return judge(item, Prediction(case_id="c", answer=answer, lines=on_lines), matcher)


MARFAN, RETT, FABRY = "OMIM:154700", "OMIM:312750", "OMIM:301500"
CMT = ("OMIM:118220", "OMIM:118200", "OMIM:607677")


def test_a_folded_line_counts_once(shipped_matcher: Matcher) -> None:
    judged = answered(shipped_matcher, FABRY, (MARFAN,), CMT, (FABRY,))
    assert (judged.strict, judged.line, judged.lines) == (5, 3, 3)


@pytest.mark.parametrize("place", [0, 2])
def test_a_line_is_right_if_any_of_its_diseases_is(shipped_matcher: Matcher, place: int) -> None:
    judged = answered(shipped_matcher, CMT[place], (MARFAN,), CMT, (RETT,))
    assert (judged.strict, judged.line) == (2 + place, 2)


def test_a_wrong_sibling_alone_is_no_right_line(shipped_matcher: Matcher) -> None:
    judged = answered(shipped_matcher, CMT[0], (MARFAN,), CMT[1:])
    assert (judged.strict, judged.line, judged.lines) == (None, None, 2)


def test_an_answer_without_lines_has_none(shipped_matcher: Matcher) -> None:
    judged = answered(shipped_matcher, RETT)
    assert (judged.line, judged.lines) == (None, None)
