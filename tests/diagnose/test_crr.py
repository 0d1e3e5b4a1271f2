"""CRR: other opinions come in, everybody is named, and the model's own list stays in view."""

from pathlib import Path

import pytest

from crr_product import BEAMS, NOTE, fitted, scripted, tiny_names
from fake_product import FULL
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.opinions import gather
from raredxr1.diagnose.output import words
from raredxr1.diagnose.output.html import html
from raredxr1.diagnose.output.text import text
from raredxr1.diagnose.pipeline import Options, diagnose, with_crr
from raredxr1.diagnose.stated import stated_findings
from raredxr1.errors import InputError
from raredxr1.schemas import Finding, Span

SHORT = Options(form="short", crr="fusion")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    return tiny_names(tmp_path_factory.mktemp("kb"))


def test_opinions_rank_by_the_findings_and_by_the_words(names: Names) -> None:
    heard = {one.opinion.source: one for one in gather(NOTE, stated_findings(NOTE, [], names), names)}
    assert list(heard) == ["likelihood", "similarity", "texts", "profiles", "meaning"]
    assert heard["likelihood"].opinion.lines[0].id == "ORPHA:778"
    assert heard["likelihood"].opinion.read == "3 findings present, 1 absent, as HPO terms"
    assert heard["texts"].opinion.read == "the words of the note and the names of its findings"
    assert all(rank >= 1 for one in heard.values() for rank, _ in one.voice.places.values())


def test_who_has_nothing_to_go_by_says_so(names: Names) -> None:
    heard = gather("Nothing here says anything.", [], names)
    assert [bool(one.opinion.silent) for one in heard][:2] == [True, True]
    assert heard[0].voice.places == {}


def test_without_a_fit_reciprocal_ranks_decide_and_nobody_claims_a_confidence(names: Names) -> None:
    result = diagnose(NOTE, scripted(), names, SHORT)
    assert result.crr
    assert "not fitted to this model" in result.crr.decided_by
    assert {c.confidence for c in result.candidates} == {None}
    assert result.confidence_kind is None
    assert any("No confidence" in line for line in words.remarks(result))


def test_with_a_fit_the_fused_ranking_is_calibrated(names: Names) -> None:
    result = diagnose(NOTE, scripted(fitted()), names, SHORT)
    assert result.candidates[0].id == "ORPHA:778"
    assert result.confidence_kind == "calibrated"
    assert [c.confidence for c in result.candidates] == sorted((c.confidence for c in result.candidates), reverse=True)
    assert result.calibration
    assert (result.calibration.method, result.calibration.cases, result.calibration.ece) == ("platt", 120, 0.06)
    angelman = next(c for c in result.candidates if c.name == "Angelman syndrome")
    assert angelman.raw_confidence is not None


def test_the_models_own_list_stays_and_everybody_is_named(names: Names) -> None:
    result = diagnose(NOTE, scripted(fitted()), names, SHORT)
    assert result.crr
    assert [c.name for c in result.crr.own] == [name for name, _ in BEAMS]
    assert result.candidates[0].ranks["likelihood"] == 1
    assert "model" not in result.candidates[0].ranks
    angelman = next(c for c in result.candidates if c.name == "Angelman syndrome")
    assert angelman.ranks["model"] == 1
    for shown in (text(result, verbosity=2), html(result)):
        flat = " ".join(shown.split())
        assert "Who said what" in flat
        assert "Hand disease of Atlantis" in flat
        assert "how likely the findings are 1st" in flat


def test_a_name_that_links_to_nothing_is_never_lost(names: Names) -> None:
    only = diagnose(NOTE, scripted(fitted(), beams=(("Hand disease of Atlantis", -1.0),)), names, SHORT)
    assert only.crr
    assert "Hand disease of Atlantis" in [c.name for c in [*only.crr.own, *only.candidates]]


def test_in_context_the_opinions_go_before_the_model(names: Names) -> None:
    model = scripted(fitted())
    result = diagnose(NOTE, model, names, Options(form="short", crr="context"))
    own, lead = model.engine.prompts  # type: ignore[attr-defined]
    assert "Opinions" not in own
    assert "You are the lead diagnostician" in lead
    assert "likelihood (3 findings present" in lead
    assert "Profiles" in lead
    assert result.crr
    assert (result.crr.mode, [turn.role for turn in result.turns].count("lead beam")) == ("context", len(BEAMS))
    # the calibration was fitted on answers without opinions
    assert (result.confidence_kind, result.calibration) == ("beam probability", None)


def test_without_room_for_the_opinions_they_are_fused_and_it_is_said(names: Names) -> None:
    model = scripted(context_length=len(NOTE.split()) + 130)
    result = diagnose(NOTE, model, names, Options(form="short", crr="context", max_tokens=100))
    assert result.crr
    assert result.crr.mode == "fusion"
    assert any("no room for the opinions" in notice for notice in result.notices)


def test_a_control_token_in_a_profile_or_note_is_text_in_the_prompt(names: Names) -> None:
    model = scripted()
    diagnose(NOTE + " <|im_end|>", model, names, Options(form="short", crr="context"))
    lead = model.engine.prompts[-1]  # type: ignore[attr-defined]
    assert lead.count("<|im_end|>") == 2


def test_the_model_reads_what_no_dictionary_does_where_half_of_its_quotes_are_in_the_note(names: Names) -> None:
    def quoted(quote: str, there: bool) -> Finding:
        span = Span(start=note.index(quote), end=note.index(quote) + len(quote)) if there else None
        return Finding(index=1, present=True, quote=quote, term="Autism", hpo_id="HP:0000717", span=span)

    note = NOTE + " There is an autism-like streak to her play."
    good = stated_findings(note, [quoted("an autism-like streak", True)], names)
    assert [(f.by, f.term) for f in good if f.by == "model"] == [("model", "Autism")]
    named = stated_findings(note, [quoted("repetitive movements", True)], names)
    assert {f.by for f in named} == {"dictionary"}  # words that are a name are not read as another term
    other = stated_findings(note, [quoted("Parents are healthy", True)], names)
    assert {f.by for f in other} == {"dictionary"}  # nor are words that share none with the term
    bad = stated_findings(note, [quoted("an autism-like streak", True), *[quoted("made up", False)] * 2], names)
    assert {f.by for f in bad} == {"dictionary"}


def test_crr_is_used_by_default_only_where_it_measured_better_asked_the_same_way() -> None:
    options = Options(form="short")
    assert with_crr(options, scripted()).crr is None
    assert with_crr(options, scripted(fitted(crr_by_default=False))).crr is None
    assert with_crr(options, scripted(fitted())).crr == "fusion"
    assert with_crr(Options(form="full", ranking="list"), scripted(fitted())).crr is None
    assert with_crr(Options(form="full", ranking="beam"), scripted(fitted())).crr == "fusion"  # the same beams
    assert with_crr(Options(form="short", samples=3), scripted(fitted())).crr == "fusion"  # the same fusion
    assert with_crr(options, scripted(), wanted=True).crr == "fusion"
    assert with_crr(options, scripted(fitted()), wanted=False).crr is None


def test_an_endpoint_is_named_only_with_crr_and_by_a_whole_address(names: Names) -> None:
    with pytest.raises(InputError, match="only heard with --crr"):
        diagnose(NOTE, scripted(), names, Options(endpoints=("openai:http://127.0.0.1:9/v1#m",)))
    with pytest.raises(InputError, match="openai:URL#model"):
        diagnose(NOTE, scripted(), names, Options(form="short", crr="fusion", endpoints=("openai:nowhere",)))


def test_full_turns_keep_their_evidence_under_crr(names: Names, tmp_path: Path) -> None:
    note = "She never walked unaided, wrings her hands all day, No seizures so far, and has a small head."
    result = diagnose(note, scripted(full=FULL), names, Options(form="full", crr="fusion"))
    rett = next(c for c in result.candidates if "Rett" in c.name)
    assert [e.quote for e in rett.supports] == ["never walked unaided", "wrings her hands all day"]
