"""From a note to a Result, with a model that says what it is told to."""

import hashlib
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fake_product import FULL, NOTE, SHORT, FakeEngine, fake_model, fake_names
from raredxr1 import __version__, dialogue
from raredxr1.diagnose.pipeline import Options, diagnose
from raredxr1.diagnose.result import Result
from raredxr1.errors import InputError
from raredxr1.schemas import ProblemKind, schema_text

READ = "Female, 3 years.\nFindings: Inability to walk; Stereotypic hand movements.\nAbsent: Seizure."
"""What is read of the note, as names are asked for."""


def run(engine: FakeEngine | None = None, note: str = NOTE, **options: Any) -> Result:
    return diagnose(note, fake_model(engine), fake_names(), Options(**options), "n.txt")


def ranking(result: Result) -> list[tuple[str, str | None]]:
    return [(candidate.name, candidate.id) for candidate in result.candidates]


def answer(*names: str) -> str:
    return "<answer>\n" + "".join(f"{rank}. {name}\n" for rank, name in enumerate(names, 1)) + "</answer>"


# --- the full form ---------------------------------------------------------------------------------------------------


def test_the_answer_is_linked_and_what_cannot_be_linked_stays() -> None:
    result = run()
    assert ranking(result) == [
        ("Rett syndrome", "OMIM:312750"),
        ("Angelman syndrome", "OMIM:105830"),
        ("Hand-wringing disease of Atlantis", None),
    ]
    rett = result.candidates[0]
    assert (rett.label, rett.same_as, rett.link_rule, rett.link_score) == ("Rett syndrome", ["ORPHA:778"], "exact", 100)


def test_evidence_is_the_words_of_the_note() -> None:
    rett, angelman, unlinked = run().candidates
    assert [(e.quote, e.term, e.hpo_id) for e in rett.supports] == [
        ("never walked unaided", "Inability to walk", "HP:0002540"),
        ("wrings her hands all day", "Stereotypic hand movements", "HP:0012171"),
    ]
    assert [(a.term, a.hpo_id) for a in rett.awaited] == [("Microcephaly", None), ("Breathing irregularity", None)]
    assert [(e.quote, e.present) for e in angelman.against] == [("No seizures so far", False)]
    assert unlinked.supports == unlinked.against == unlinked.awaited == []
    for item in (*rett.supports, *angelman.against):
        assert item.span is not None
        assert NOTE[item.span.start : item.span.end] == item.quote


def test_a_hypothesis_under_another_name_is_evidence_all_the_same() -> None:
    result = run(FakeEngine(full=FULL.replace("1. Rett syndrome", "1. RTT")))
    assert result.candidates[0].name == "RTT"
    assert [e.finding for e in result.candidates[0].supports] == [1, 2]


def test_confidence_is_the_share_among_the_beams() -> None:
    result = run()
    assert result.confidence_kind == "beam probability"
    # Beams: Rett -0.5 and RTT -1.5 are one disease; Angelman -2; Marfan -4; the unlinked name is in none of them.
    assert [c.confidence for c in result.candidates] == [0.8437, 0.1376, None]
    assert [turn.role for turn in result.turns] == ["turn", "beam", "beam", "beam", "beam"]


def test_ranked_by_beams_the_order_is_theirs_and_the_rest_follows() -> None:
    result = run(FakeEngine(full=FULL.replace("1. Rett", "1. Zett")), ranking="beam")
    assert [c.name for c in result.candidates] == [
        "Rett syndrome",
        "Angelman syndrome",
        "Marfan syndrome",
        "Zett syndrome",
        "Hand-wringing disease of Atlantis",
    ]
    assert [c.rank for c in result.candidates] == [1, 2, 3, 4, 5]
    assert [e.finding for e in result.candidates[0].supports] == [1, 2]


def test_a_plain_list_has_no_confidence_and_costs_no_beams() -> None:
    engine = FakeEngine()
    result = run(engine, ranking="list")
    assert result.confidence_kind is None
    assert {c.confidence for c in result.candidates} == {None}
    assert len(engine.prompts) == 1


def test_the_turn_is_handed_on_as_it_is_written() -> None:
    pieces: list[str] = []
    diagnose(NOTE, fake_model(), fake_names(), on_text=pieces.append)
    assert "".join(pieces) == FULL
    assert len(pieces) > 10


# --- the short form --------------------------------------------------------------------------------------------------


def test_fast_is_one_beam_search_and_nothing_else() -> None:
    engine = FakeEngine()
    result = run(engine, form="short")
    assert [(c.name, c.confidence) for c in result.candidates] == [
        ("Rett syndrome", 0.8437),
        ("Angelman syndrome", 0.1376),
        ("Marfan syndrome", 0.0186),
    ]
    assert [s.beam for s in engine.settings] == [10]
    assert result.diagnosis.problems == []
    assert [c.name for c in result.diagnosis.answer] == [c.name for c in result.candidates]


def test_fast_as_a_list_is_one_short_turn() -> None:
    engine = FakeEngine()
    result = run(engine, form="short", ranking="list")
    assert [c.name for c in result.candidates] == ["Angelman syndrome", "Rett syndrome"]
    assert engine.prompts == [dialogue.render_prompt(READ, "short")]


def test_the_makers_choice_of_ranking_is_the_default() -> None:
    model = fake_model(rankings={"short": "list"})
    result = diagnose(NOTE, model, fake_names(), Options(form="short"))
    assert (result.settings.ranking, result.turns[0].text) == ("list", SHORT)


def test_beams_that_say_nothing_readable_are_a_problem() -> None:
    engine = FakeEngine(beams=(("", -1.0), (" ", -2.0)))
    result = run(engine, form="short")
    assert result.candidates == []
    assert result.diagnosis.has(ProblemKind.UNPARSED)


@pytest.mark.parametrize("unreadable", ["", "Angelman syndrome\n2. Marfan syndrome", "Ang\nelman"])
def test_an_unreadable_beam_keeps_its_share(unreadable: str) -> None:
    result = run(FakeEngine(beams=(("Rett syndrome", -1.0), (unreadable, -1.0))), form="short")
    assert [(c.name, c.confidence) for c in result.candidates] == [("Rett syndrome", 0.5)]
    assert result.diagnosis.problems == []


# --- samples ---------------------------------------------------------------------------------------------------------


def test_samples_are_fused_and_agreement_is_stated() -> None:
    samples = (
        answer("Rett syndrome", "Angelman syndrome"),
        answer("Angelman syndrome", "RTT"),
        answer("RTT", "Marfan syndrome"),
        "I cannot say.",
    )
    result = run(FakeEngine(samples=samples), form="short", samples=4)
    assert result.confidence_kind == "agreement"
    assert [(c.name, c.confidence) for c in result.candidates] == [
        ("Rett syndrome", 0.5),
        ("Angelman syndrome", 0.25),
        ("Marfan syndrome", 0.0),
    ]
    assert [turn.text for turn in result.turns] == list(samples)
    assert result.settings.temperature > 0


def test_the_reasoning_shown_is_that_of_the_sample_most_like_the_whole() -> None:
    other = FULL.replace("1. Rett syndrome", "1. Marfan syndrome").replace("explains 2", "explains 9")
    result = run(FakeEngine(samples=(other, FULL, FULL)), form="full", samples=3)
    assert "explains 2" in result.diagnosis.weigh
    assert [e.finding for e in result.candidates[0].supports] == [1, 2]


def test_samples_that_all_fail_give_an_empty_ranking_and_a_problem() -> None:
    result = run(FakeEngine(samples=("?", "?")), form="short", samples=2)
    assert result.candidates == []
    assert result.diagnosis.has(ProblemKind.UNPARSED)


# --- names -----------------------------------------------------------------------------------------------------------


def test_the_second_name_of_a_disease_is_left_out_and_named() -> None:
    result = run(FakeEngine(short=answer("RTT", "Rett syndrome", "Marfan syndrome")), form="short", ranking="list")
    assert [(c.rank, c.name) for c in result.candidates] == [(1, "RTT"), (2, "Marfan syndrome")]
    assert [(p.kind, p.detail) for p in result.diagnosis.problems] == [(ProblemKind.DUPLICATE_NAME, "Rett syndrome")]


def test_joined_names_stay_as_written_unlinked_and_named() -> None:
    joined = "Rett syndrome or Angelman syndrome"
    result = run(FakeEngine(short=answer(joined)), form="short", ranking="list")
    assert ranking(result) == [(joined, None)]
    assert result.diagnosis.has(ProblemKind.JOINED_NAMES)


def test_a_disease_whose_name_holds_an_or_is_no_joined_name() -> None:
    name = "Skin/hair/eye pigmentation, blond or brown hair"
    result = run(FakeEngine(short=answer(name)), form="short", ranking="list")
    assert ranking(result) == [(name, "OMIM:227220")]
    assert result.diagnosis.problems == []


def test_a_misspelt_name_is_linked_with_its_score() -> None:
    (candidate,) = run(FakeEngine(short=answer("Ret syndrom")), form="short", ranking="list").candidates
    assert (candidate.name, candidate.id, candidate.link_rule, candidate.link_score) == (
        "Ret syndrom",
        "OMIM:312750",
        "fuzzy",
        92.0,
    )


# --- limits and refusals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "options", "said"),
    [
        ("  ", {}, "n.txt: blank"),
        ("42", {}, "n.txt: no clinical content"),
        (NOTE, {"max_tokens": 4000}, "max-tokens 4000 leaves no room"),
        (NOTE, {"samples": 3, "temperature": 0.0}, "raise the temperature"),
    ],
)
def test_what_cannot_be_done_is_said(note: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        run(note=note, **options)


def test_a_form_or_task_the_model_was_not_taught_is_refused() -> None:
    with pytest.raises(InputError, match="not taught the full form; it knows short"):
        diagnose(NOTE, fake_model(forms=["short"]), fake_names(), Options(form="full"))
    with pytest.raises(InputError, match="not taught the final diagnosis"):
        diagnose(NOTE, fake_model(tasks=["differential"]), fake_names(), Options(ranking="beam"))
    untaught = diagnose(NOTE, fake_model(tasks=["differential"]), fake_names())
    assert (untaught.settings.ranking, untaught.confidence_kind) == ("list", None)


@pytest.mark.parametrize(
    ("words", "max_tokens"), [(100, 500), (480, 500), (550, 430), (650, 330), (680, 320)], ids=lambda n: str(n)
)
def test_the_room_for_a_turn_gives_way_to_a_long_note(words: int, max_tokens: int) -> None:
    """In a context of 1,000 a turn gets 500 tokens, and down to 320 where the note needs the rest."""
    prompt = len(dialogue.render_prompt("", "full").split())
    result = run(FakeEngine(context_length=1000), "word " * (words - prompt) + "now")
    assert abs(result.settings.max_tokens - max_tokens) <= 25
    assert result.truncation is None


def test_a_long_note_is_read_in_windows_and_reasoned_over_as_what_was_read() -> None:
    note = NOTE + " And so on." * 200 + " She is still unable to walk."
    engine = FakeEngine(context_length=400)
    result = run(engine, note)
    windows = [p for p, s in zip(engine.prompts, engine.settings, strict=True) if s.stop]
    assert len(windows) > 3
    assert all(engine.count(p) + s.max_tokens <= 400 for p, s in zip(engine.prompts, engine.settings, strict=True))
    assert all(sentence in " ".join(windows) for sentence in note.split(". "))
    assert result.truncation is None
    turn = next(turn.text for turn in result.turns if turn.role == "turn")
    assert turn.startswith('<think>\nFindings\n1 + " Inability to walk " = Inability to walk\n')
    assert [turn.role for turn in result.turns].count("window") == len(windows)
    for finding in result.diagnosis.findings:
        assert finding.span and note[finding.span.start : finding.span.end] == finding.quote
    assert [f.quote for f in result.diagnosis.findings][:2] == ["never walked unaided", "wrings her hands"]
    assert result.candidates[0].name == "Rett syndrome"
    assert any("windows" in line for line in result.details)


def test_names_are_asked_for_by_what_was_read_however_long_the_note_is() -> None:
    engine, longer = FakeEngine(context_length=400), FakeEngine(context_length=400)
    run(engine, form="short")
    run(longer, NOTE + " And so on." * 5000, form="short")
    assert engine.prompts == longer.prompts == [dialogue.render_prompt(READ, "short", "final")]


def test_where_nothing_was_read_the_beginning_of_the_note_is_asked_about() -> None:
    engine = FakeEngine(context_length=300)
    run(engine, "Nothing that anybody knows. " * 400, form="short")
    (prompt,) = engine.prompts
    assert "Nothing that anybody knows." in prompt and engine.count(prompt) < 300


def test_samples_of_a_long_note_reason_over_what_was_read() -> None:
    note = NOTE + " And so on." * 400
    rest = FULL.partition("Hypotheses\n")[2]
    result = run(FakeEngine(context_length=500, samples=(rest,) * 3), note, samples=3)
    assert result.candidates[0].name == "Rett syndrome"
    assert result.diagnosis.findings[0].quote == "never walked unaided"


def test_to_cut_has_no_effect_and_is_said_to() -> None:
    result = run(note=NOTE, truncate=True)
    assert result.truncation is None
    assert any("truncate has no effect" in notice for notice in result.notices)


def test_a_turn_cut_off_by_its_limit_is_a_problem_not_a_failure() -> None:
    result = run(FakeEngine(full=FULL[:-30], truncated=True))
    assert result.diagnosis.has(ProblemKind.TRUNCATED)
    assert result.candidates[0].name == "Rett syndrome"


def test_a_quote_the_note_does_not_hold_is_a_problem_and_no_evidence() -> None:
    result = run(FakeEngine(full=FULL.replace("never walked", "never danced")))
    assert result.diagnosis.has(ProblemKind.QUOTE_NOT_IN_NOTE)
    assert result.diagnosis.findings[0].span is None
    assert 1 not in [evidence.finding for evidence in result.candidates[0].supports]
    assert all(evidence.span for candidate in result.candidates for evidence in candidate.supports)


# --- the document ----------------------------------------------------------------------------------------------------


def test_the_document_says_what_made_it() -> None:
    result = run()
    assert result.note_sha256 == hashlib.sha256(NOTE.encode()).hexdigest()
    assert result.versions.model_dump() == {
        "raredxr1": __version__,
        "dialogue": dialogue.VERSION,
        "knowledge": "test-knowledge-1",
        "model": "fake-1",
        "model_sha256": "ab" * 32,
    }
    assert result.coverage.statement == "Taught 5 diseases."
    assert "research use only" in result.disclaimer
    assert result.timings.tokens == sum(turn.tokens for turn in result.turns)


def test_knowledge_other_than_the_models_is_noticed() -> None:
    result = diagnose(NOTE, fake_model(knowledge_version="old-1"), fake_names())
    assert result.details == ["The model was taught old-1; names are linked with test-knowledge-1."]


@pytest.mark.parametrize(
    "options",
    [{}, {"form": "short"}, {"form": "short", "ranking": "list"}, {"form": "full", "samples": 2}],
)
def test_every_document_follows_the_schema_and_reads_back(options: dict[str, Any]) -> None:
    result = run(FakeEngine(samples=(FULL, "?")), **options)
    Draft202012Validator(json.loads(schema_text(Result))).validate(json.loads(result.model_dump_json()))
    assert Result.model_validate_json(result.model_dump_json()) == result


def test_the_published_schema_is_current(pytestconfig: pytest.Config) -> None:
    published = pytestconfig.rootpath / "docs" / "schema" / "diagnosis.schema.json"
    assert published.read_text(encoding="utf-8") == schema_text(Result), (
        "write it anew: python -m raredxr1.diagnose.result > docs/schema/diagnosis.schema.json"
    )
    Draft202012Validator.check_schema(json.loads(schema_text(Result)))
