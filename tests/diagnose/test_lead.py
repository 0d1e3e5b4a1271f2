"""A model that weighs evidence: what stands before it, and what becomes of its turn."""

import pytest

from crr_product import NOTE, fitted, tiny_names
from fake_product import FakeEngine
from raredxr1 import dialogue
from raredxr1.diagnose.lead import evidence
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.output.stream import ReasoningStream
from raredxr1.diagnose.pipeline import Options, diagnose, with_crr
from raredxr1.diagnose.reranked import rerank
from raredxr1.diagnose.stated import stated_findings
from raredxr1.errors import InputError
from raredxr1.schemas import Demographics

WEIGHED = """ | for 1 2 3 | awaited Scoliosis
Angelman syndrome | for 1 2
Weigh
Rett syndrome explains 3, the most specific finding; Angelman syndrome does not.
"""


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    return tiny_names(tmp_path_factory.mktemp("kb"))


def model(**engine: object) -> Model:
    return Model(FakeEngine(**engine), "lead-1", fitted=fitted(), leads=True, tasks=("differential",))  # type: ignore[arg-type]


def test_the_evidence_has_each_finding_once_and_what_is_true_of_each_candidate(names: Names) -> None:
    stated = stated_findings(NOTE, [], names)
    ranked = [("Rett syndrome", 0.6, {"texts": 1, "likelihood": 2, "profiles": 3}), ("A disease of Atlantis", None, {})]
    before = evidence(Demographics(), stated, ranked, names)
    user = dialogue.note_of(before.prompt())
    findings, candidates = user.split("Candidates\n")
    assert [line.split(" ", 2)[2] for line in findings.splitlines()] == [f.term for f in before.findings]
    first, second = candidates.splitlines()
    assert first.startswith("Rett syndrome | 60% | texts 1, likelihood 2 | for ")
    assert second == "A disease of Atlantis"
    explained = {before.findings[n - 1].term for n in before.candidates[0].supports}
    assert explained == {f.term for f in before.findings if f.present}
    assert dialogue.asks_lead(before.prompt()) and before.prompt().endswith("<think>\nHypotheses\n")
    assert not set(before.candidates[0].awaited) & {f.term for f in before.findings}


def test_a_disease_is_not_weighed_against_its_own_subtype(names: Names) -> None:
    ranked = [("Noonan syndrome 4", 0.5, {}), ("Rett syndrome", 0.2, {}), ("Noonan syndrome 1", 0.1, {})]
    ranked += [("Noonan syndrome 9", None, {})]
    before = evidence(Demographics(), stated_findings(NOTE, [], names), ranked, names)
    weighed = [(one.name, one.share and round(one.share, 3)) for one in before.candidates]
    assert weighed == [("Noonan syndrome 4", 0.6), ("Rett syndrome", 0.2)]


def test_in_fusion_the_turn_reasons_for_the_order_of_the_table(names: Names) -> None:
    said: list[str] = []
    engine = {"lead": WEIGHED}
    result = diagnose(NOTE, model(**engine), names, Options(form="full", crr="fusion"), on_text=said.append)
    assert result.candidates[0].name == "Rett syndrome" and result.confidence_kind == "calibrated"
    assert [c.name for c in result.diagnosis.answer] == [c.label or c.name for c in result.candidates]
    assert [h.name for h in result.diagnosis.hypotheses] == ["Rett syndrome", "Angelman syndrome"]
    assert [turn.role for turn in result.turns] == ["lead turn"] and not result.diagnosis.problems
    assert all(NOTE[f.span.start : f.span.end] == f.quote for f in result.diagnosis.findings if f.span)
    shown = ReasoningStream().feed("".join(said) + "\n")
    assert "Rett syndrome: fits " in shown and " 1 " not in shown


def test_in_context_the_table_follows_the_turn(names: Names) -> None:
    turn = "Angelman syndrome | for 1 2\nRett syndrome | for 1\nWeigh\nAngelman syndrome explains 2; Rett does not."
    lead = f"{turn}\n</think>\n<answer>\n1. Angelman syndrome\n2. Rett syndrome\n</answer>"
    result = diagnose(NOTE, model(lead=lead), names, Options(form="full", crr="context"))
    assert [c.name for c in result.candidates][:2] == ["Angelman syndrome", "Rett syndrome"]
    assert [c.rank for c in result.candidates] == list(range(1, len(result.candidates) + 1))
    assert result.crr and result.crr.decided_by == "lead-1, over the evidence"
    assert {c.confidence for c in result.candidates} == {None}


def test_the_short_form_asks_the_model_nothing(names: Names) -> None:
    engine = FakeEngine()
    asked = Model(engine, "lead-1", fitted=fitted(), leads=True, tasks=("differential",))
    result = diagnose(NOTE, asked, names, Options(form="short", crr="fusion"))
    assert not engine.prompts and not result.turns
    assert [c.name for c in result.diagnosis.answer] == [c.label or c.name for c in result.candidates]


def test_what_such_a_model_cannot_do_is_refused_in_words(names: Names) -> None:
    with pytest.raises(InputError, match="weighs what the rankings name"):
        with_crr(Options(), model(), wanted=False)
    with pytest.raises(InputError, match="weighs the evidence once"):
        diagnose(NOTE, model(), names, Options(samples=3))
    assert with_crr(Options(), model()).crr == "fusion"


def test_corrected_findings_rank_anew_without_the_model(names: Names) -> None:
    asked = model(lead=WEIGHED)
    result = diagnose(NOTE, asked, names, Options(form="full", crr="fusion"))
    assert "likelihood" in result.candidates[0].ranks
    anew = rerank(result, [], asked, names, 3)
    assert anew.candidates and anew.diagnosis == result.diagnosis and anew.turns == result.turns
    assert not [c for c in anew.candidates if "likelihood" in c.ranks]
