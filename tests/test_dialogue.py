"""The chat format: what is written can be read back, and nothing a model or a note says can break the reading."""

import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from raredxr1 import dialogue
from raredxr1.schemas import Candidate, Context, Diagnosis, Finding, Hypothesis, ProblemKind, Span

NOTE = "Girl of 3 years. She never walked unaided and wrings her hands all day. No seizures so far. Hb <9."
TURN = """<think>
Findings
1 + " never walked unaided " = Inability to walk
2 + " wrings her hands all day " = Stereotypic hand movements
3 - " No seizures so far " = Seizure
onset infancy | sex female
Hypotheses
Rett syndrome | for 1 2 | against 3 | awaited Microcephaly; Breathing irregularity
Angelman syndrome | for 1 | awaited Ataxia
Weigh
Rett syndrome explains 2, the most specific finding.
</think>
<answer>
1. Rett syndrome
2. Angelman syndrome
</answer>"""

# --- values as the program writes them -------------------------------------------------------------------------------

TITLES = {"Findings", "Hypotheses", "Weigh"}


def lines(forbidden: str = "") -> st.SearchStrategy[str]:
    """Text that already is one clean line: `clean` leaves it alone."""
    return (
        st.text(min_size=1, max_size=30)
        .map(lambda text: dialogue.clean(text, forbidden))
        .filter(lambda text: text and text not in TITLES)
    )


NAMES = lines("|").filter(lambda name: name.split(" ")[0] not in {"for", "against", "awaited"})


@st.composite
def diagnoses(draw: st.DrawFn) -> tuple[str, Diagnosis]:
    """A note and a diagnosis whose quotes stand in it, in either form and task."""
    form = draw(st.sampled_from(["full", "short"]))
    task = draw(st.sampled_from(["differential", "final"]))
    most = 10 if task == "differential" else 1
    answer = draw(st.lists(lines(), min_size=1, max_size=most, unique_by=str.casefold))
    names = [Candidate(rank=rank, name=name) for rank, name in enumerate(answer, 1)]
    if form == "short":
        return draw(st.text()), Diagnosis(form=form, task=task, answer=names)
    quotes = draw(st.lists(lines(), max_size=5))
    note = "\n".join(quotes)
    findings: list[Finding] = []
    for index, quote in enumerate(quotes, 1):
        span = dialogue.locate(quote, note, [f.span for f in findings if f.span])
        term = draw(lines('"'))
        findings.append(Finding(index=index, present=draw(st.booleans()), quote=quote, term=term, span=span))
    numbers = st.lists(st.sampled_from(range(1, len(quotes) + 1)), unique=True) if quotes else st.just([])
    hypotheses = draw(
        st.lists(
            st.builds(
                Hypothesis,
                name=NAMES,
                supports=numbers,
                against=numbers,
                awaited=st.lists(lines("|;"), max_size=3),
            ),
            max_size=4,
        )
    )
    value = st.none() | lines("|")
    context = Context(onset=draw(value), sex=draw(value), family=draw(value))
    weigh = draw(st.just("") | lines())
    return note, Diagnosis(
        form=form,
        task=task,
        findings=findings,
        context=context,
        hypotheses=hypotheses,
        weigh=weigh,
        answer=names,
    )


@given(diagnoses())
def test_what_is_rendered_is_read_back(case: tuple[str, Diagnosis]) -> None:
    note, diagnosis = case
    read = dialogue.parse(dialogue.render_turn(diagnosis), note, diagnosis.form, diagnosis.task)
    problems = [problem for problem in read.problems if problem.kind != ProblemKind.JOINED_NAMES]
    assert problems == []
    assert read.model_copy(update={"problems": []}) == diagnosis


def test_the_example_turn_is_read() -> None:
    read = dialogue.parse(TURN, NOTE)
    assert read.problems == []
    assert [c.name for c in read.answer] == ["Rett syndrome", "Angelman syndrome"]
    assert [NOTE[f.span.start : f.span.end] for f in read.findings if f.span] == [f.quote for f in read.findings]
    assert [f.present for f in read.findings] == [True, True, False]
    assert read.context == Context(onset="infancy", sex="female")
    rett = read.hypotheses[0]
    assert (rett.supports, rett.against) == ([1, 2], [3])
    assert rett.awaited == ["Microcephaly", "Breathing irregularity"]
    assert dialogue.render_turn(read) == TURN


# --- nothing breaks the reading --------------------------------------------------------------------------------------

FRAGMENTS = st.sampled_from(
    [
        *dialogue.CONTROL_TOKENS,
        *TURN.splitlines(),
        "\n",
        " | for 1 99999999999999999999",
        "²",
        "1. ",
        '1 + "" = x',
        "\x00",
    ]
)
MODEL_OUTPUT = st.lists(FRAGMENTS | st.text(max_size=20), max_size=30).map("".join)


@given(MODEL_OUTPUT, st.text(max_size=60), st.booleans())
@pytest.mark.parametrize("form", ["full", "short"])
@pytest.mark.parametrize("task", ["differential", "final"])
def test_no_text_crashes_the_reading(form: str, task: str, text: str, note: str, truncated: bool) -> None:
    read = dialogue.parse(text, note, form, task, truncated)  # type: ignore[arg-type]
    assert read.has(ProblemKind.UNPARSED) == (not read.answer)
    assert [c.rank for c in read.answer] == list(range(1, len(read.answer) + 1))
    assert len(read.answer) <= (10 if task == "differential" else 1)
    assert all(f.span is None or f.span.end <= len(note) for f in read.findings)
    known = {f.index for f in read.findings}
    assert all({*h.supports, *h.against} <= known for h in read.hypotheses)
    assert Diagnosis.model_validate_json(read.model_dump_json()) == read


@given(st.integers(0, len(TURN)))
def test_a_half_finished_turn_never_invents_a_name(cut: int) -> None:
    read = dialogue.parse(TURN[:cut], NOTE, truncated=True)
    assert {c.name for c in read.answer} <= {"Rett syndrome", "Angelman syndrome"}
    assert {h.name for h in read.hypotheses} <= {"Rett syndrome", "Angelman syndrome"}
    assert {f.term for f in read.findings} <= {"Inability to walk", "Stereotypic hand movements", "Seizure"}


def test_an_answer_the_model_left_open_is_read_and_named() -> None:
    read = dialogue.parse("<answer>\n1. Rett syndrome", NOTE, "short")
    assert [c.name for c in read.answer] == ["Rett syndrome"]
    assert [p.detail for p in read.problems] == ["the answer is not closed"]


def test_a_finding_counts_once_for_a_hypothesis() -> None:
    turn = TURN.replace("for 1 2", "for 1 1 2 1 1")
    assert dialogue.parse(turn, NOTE).hypotheses[0].supports == [1, 2]


# --- notes are data --------------------------------------------------------------------------------------------------

TOKENISH = st.sampled_from(
    [
        *dialogue.CONTROL_TOKENS,
        "<|endoftext|>",
        "<|a thing|>",
        "</s>",
        "<s>",
        "<<SYS>>",
        "<INST>",
        "<!--",
        "<_x>",
        "<｜User｜>",
        "<unk",
        "<",
        ">",
        "|",
        "‹",
    ]
)
NOTES = st.lists(TOKENISH | st.text(alphabet=string.printable, max_size=8) | st.text(max_size=8), max_size=20).map(
    "".join
)
CONTROL = re.compile(r"<\|.*?\|>|</?\w+>|<\uff5c.*?\uff5c>|<<?[A-Z]+>>?", re.DOTALL)


@given(NOTES)
@example("<<|im_end|>>")
@example("<a<|im_end|>")
def test_no_control_token_survives_in_a_note(note: str) -> None:
    neutral = dialogue.neutralise(note)
    assert CONTROL.search(neutral) is None
    assert not any(token in neutral for token in dialogue.CONTROL_TOKENS)
    assert len(neutral) == len(note)
    assert dialogue.neutralise(neutral) == neutral
    assert neutral.replace("‹", "<").replace("›", ">") == note.replace("‹", "<").replace("›", ">")


@given(NOTES)
def test_a_prompt_holds_the_envelope_and_nothing_else_of_the_kind(note: str) -> None:
    prompt = dialogue.render_prompt(note)
    assert prompt.count(dialogue.TURN_START) == 3
    assert prompt.count(dialogue.TURN_END) == 2
    assert prompt.endswith(f"{dialogue.TURN_START}assistant\n")


@pytest.mark.parametrize(
    "note",
    ["Hb <9 g/dl", "Hb < 9", "p<0.05", "CK>1000 U/l", "Na>K", "T->C", "a > b < c", "<5 mg", "x<-3 SD", "<=2", "a => b"],
)
def test_comparisons_and_arrows_stay_as_they_are(note: str) -> None:
    assert dialogue.neutralise(note) == note


def test_markup_becomes_guillemets_at_the_same_offsets() -> None:
    assert dialogue.neutralise("x <b>bold</b> <|im_end|>") == "x ‹b›bold‹/b› ‹|im_end|›"


@given(NOTES, st.integers(0, 30), st.integers(1, 30))
@example("<a> b", 1, 2)
def test_what_was_copied_from_a_note_is_found_in_it(note: str, start: int, length: int) -> None:
    quote = note[start : start + length]
    span = dialogue.locate(quote, note)
    if quote.strip():
        assert span is not None
        assert note[span.start : span.end].split() == quote.split()
    else:
        assert span is None


def test_a_quote_is_found_across_lines_and_capitals() -> None:
    assert dialogue.locate("wrings her hands", "She WRINGS\n  her hands.") == Span(start=4, end=22)


def test_a_second_mention_takes_the_second_place() -> None:
    first = dialogue.locate("pain", "pain here, pain there")
    assert first == Span(start=0, end=4)
    assert dialogue.locate("pain", "pain here, pain there", [first]) == Span(start=11, end=15)


# --- every problem has a name ----------------------------------------------------------------------------------------

ANSWER = "<answer>\n1. Rett syndrome\n</answer>"
PROBLEMS = {
    ProblemKind.UNPARSED: ("I do not know.", "short"),
    ProblemKind.TRUNCATED: ("<answer>\n1. Rett syndrome\n", "short"),
    ProblemKind.NO_ANSWER: (TURN.split("<answer>")[0], "full"),
    ProblemKind.NO_REASONING: (ANSWER, "full"),
    ProblemKind.BAD_LINE: ("<answer>\nRett syndrome\n</answer>", "short"),
    ProblemKind.DUPLICATE_NAME: ("<answer>\n1. Rett syndrome\n2. RETT syndrome\n</answer>", "short"),
    ProblemKind.JOINED_NAMES: ("<answer>\n1. Rett syndrome / Angelman syndrome\n</answer>", "short"),
    ProblemKind.TOO_MANY_NAMES: (
        "<answer>\n" + "".join(f"{i}. Disease {i}\n" for i in range(1, 12)) + "</answer>",
        "short",
    ),
    ProblemKind.QUOTE_NOT_IN_NOTE: (TURN.replace("never walked", "never danced"), "full"),
    ProblemKind.UNKNOWN_FINDING: (TURN.replace("against 3", "against 7"), "full"),
    ProblemKind.TEXT_AFTER_ANSWER: (ANSWER + "\nI hope this helps.", "short"),
}


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_can_be_met(kind: ProblemKind) -> None:
    text, form = PROBLEMS[kind]
    assert dialogue.parse(text, NOTE, form).has(kind)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["A syndrome / B syndrome", "A or B", "A and/or B", "A vs B", "A versus B"])
def test_joined_names_are_kept_as_written_and_named(name: str) -> None:
    read = dialogue.parse(f"<answer>\n1. {name}\n</answer>", NOTE, "short")
    assert [c.name for c in read.answer] == [name]
    assert [(p.kind, p.detail) for p in read.problems] == [(ProblemKind.JOINED_NAMES, name)]


def test_one_name_with_or_without_is_not_joined() -> None:
    read = dialogue.parse("<answer>\n1. Deafness with or without goitre\n</answer>", NOTE, "short")
    assert read.problems == []


def test_a_note_that_holds_the_system_line_changes_nothing() -> None:
    note = f"She falls. {dialogue.system_line('full', 'differential')}"
    assert not dialogue.asks_full(dialogue.render_prompt(note, "short"))
    assert dialogue.asks_full(dialogue.render_prompt("She falls.", "full"))


def test_a_window_is_answered_by_its_findings_line_by_line() -> None:
    window = "Girl with fits = seizures and no  ataxia."
    written = dialogue.render_reading(
        [
            Finding(index=1, present=True, quote="fits", term="Seizure"),
            Finding(index=2, present=False, quote="no  ataxia", term="Ataxia"),
        ]
    )
    assert written == "+ fits = Seizure\n- no ataxia = Ataxia"
    findings, problems = dialogue.parse_reading(written + dialogue.TURN_END, window)
    assert not problems
    assert [(f.index, f.present, f.term, window[f.span.start : f.span.end]) for f in findings if f.span] == [
        (1, True, "Seizure", "fits"),
        (2, False, "Ataxia", "no  ataxia"),
    ]
    assert dialogue.render_reading([]) == dialogue.NOTHING
    assert dialogue.parse_reading(dialogue.NOTHING, window) == ([], [])


def test_what_a_window_does_not_say_is_a_problem_and_no_finding() -> None:
    findings, problems = dialogue.parse_reading("+ deaf = Deafness\nsome words\n+ fits = Sei", "Girl with fits.", True)
    assert not findings
    assert [p.kind for p in problems] == [
        ProblemKind.TRUNCATED,
        ProblemKind.QUOTE_NOT_IN_NOTE,
        ProblemKind.BAD_LINE,
    ]
