"""Whether a note has an answer, and that no disease is named as one where it has none."""

import pytest
from test_output import result

from raredxr1.diagnose.confidence import Confident
from raredxr1.diagnose.output import sentences, words
from raredxr1.diagnose.output.cohort import cohort
from raredxr1.diagnose.output.html import html
from raredxr1.diagnose.output.text import text
from raredxr1.diagnose.result import Calibration, Line, Member, NextStep, Ranked, Result, Verdict
from raredxr1.diagnose.verdict import says_healthy, verdict


@pytest.mark.parametrize(
    "note",
    [
        "In summary Tom is a healthy boy and nothing needs to be done.",
        "The baby is entirely well. No further investigations are needed.",
        "He is growing exactly as expected. I discharged him with reassurance.",
        "Mia is a healthy girl with normal hearing.",
        "She does not need a brain scan, an EEG or blood tests.",
        "Her tests were normal and she is completely well.",
        "I saw nothing that made me think of an underlying condition.",
    ],
)
def test_a_note_that_concludes_health_is_heard(note: str) -> None:
    assert says_healthy(note)


@pytest.mark.parametrize(
    "note",
    [
        "She was a healthy girl until the age of 3 years.",
        "His sister is healthy. He is a healthy boy apart from three fractures.",
        "The parents are healthy and unrelated.",
        "Between attacks she is entirely well between episodes of weakness.",
        "Follow-up is needed.",
        "The fever comes every month. In between he is completely healthy.",
        "Otherwise she is perfectly well.",
        "When he is not vomiting he is entirely well.",
        "He was developing normally until 14 months, then lost his words.",
        "After two days she is completely well again.",
        "He is a healthy boy with epilepsy.",
    ],
)
def test_health_of_others_or_of_before_is_no_conclusion(note: str) -> None:
    assert not says_healthy(note)


def _confident(none: float) -> Confident:
    return Confident([], "calibrated", Calibration(method="platt", cases=10, ece=0.1, none_of_these=none))


@pytest.mark.parametrize(("first", "none", "kind"), [(0.28, 0.5, "nothing_stands_out"), (0.9, 0.05, "ranked")])
def test_a_healthy_note_has_no_answer_unless_a_disease_is_likely(first: float, none: float, kind: str) -> None:
    ranking = [Ranked(rank=1, name="Marfan syndrome", id="ORPHA:558", confidence=first)]
    said = verdict(ranking, _confident(none), None, note="On the whole Mia is a healthy child.")
    assert said.kind == kind
    assert verdict(ranking, _confident(none), None, note="Mia is tall.").kind == "ranked"


def _weak() -> Result:
    calibration = Calibration(method="platt", cases=10, ece=0.1, none_of_these=0.6)
    member = Member(rank=1, name="Rett syndrome", id="ORPHA:778", confidence=0.3)
    gene = NextStep(kind="gene", label="MECP2", hpo_id=None, genes=["MECP2"], gain=0.5, reason="r", separates=[])
    change = {
        "calibration": calibration,
        "verdict": Verdict(kind="ranked", reason=""),
        "lines": [Line(name="Rett syndrome", members=[member], confidence=0.3)],
        "next_steps": [gene],
    }
    return Result.model_validate(result().model_copy(update=change).model_dump())


def test_where_none_is_likely_no_disease_is_named_as_the_answer() -> None:
    weak = _weak()
    assert sentences.title(weak) == "No disease is likely"
    assert "Rett" not in " ".join((sentences.verdict(weak), *sentences.reasoning(weak)))
    assert words.steps(weak) == []
    assert sentences.UNLIKELY in text(weak)
    assert sentences.UNLIKELY in html(weak)
    assert cohort([("a", weak, "")]).nothing == 1


def test_where_nothing_stands_out_the_title_says_so() -> None:
    nothing = _weak().model_copy(update={"verdict": Verdict(kind="nothing_stands_out", reason="Too little.")})
    assert sentences.title(nothing) == "Nothing stands out"
    assert "Rett" not in text(nothing, verbosity=0)
    assert sentences.NO_ANSWER in html(nothing)
