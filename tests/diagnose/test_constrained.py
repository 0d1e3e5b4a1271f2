"""A turn over evidence is held to it: whatever an engine writes, what comes out is sound."""

from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import pytest
from benchmarks.weighing_attempts import unsound
from hypothesis import given, settings
from hypothesis import strategies as st

from raredxr1 import dialogue
from raredxr1.diagnose.copying import LogProbs
from raredxr1.diagnose.engine import Completion, GenerationSettings, Stream
from raredxr1.diagnose.grounding import GroundedEngine
from raredxr1.diagnose.lead import Evidence, Weighed
from raredxr1.diagnose.lead_grammar import MOST_SPECIFIC, LeadGrammar, read_candidates
from raredxr1.errors import InputError
from raredxr1.schemas import Demographics, Finding

GREEDY = GenerationSettings(max_tokens=4000)
SETTLED = GREEDY.model_copy(update={"stop": dialogue.THINK_END})
TERMS = [f"sign {chr(97 + n)}" for n in range(14)]
NAMES = ["Rett syndrome", "Rett syndrome, late", "Angelman syndrome", "Noonan syndrome 1", "Noonan syndrome 12", "MODY"]
LABELS = ["Seizure", "Seizures, febrile", "Small head", "Ataxia"]


def evidence(candidates: Sequence[Weighed], findings: int = 14) -> Evidence:
    read = [Finding(index=n, present=n < 12, quote=TERMS[n - 1], term=TERMS[n - 1]) for n in range(1, findings + 1)]
    return Evidence(Demographics(), tuple(read), tuple(candidates))


RETT = Weighed(1, "Rett syndrome", 0.5, {"texts": 1}, (1, 2, 12), (13,), ("Small head", "Seizure", "Ataxia"))
ANGELMAN = Weighed(2, "Angelman syndrome", 0.3, {"texts": 2}, (1,), (), ("Seizure",))
MODY = Weighed(None, "MODY", None, {"similarity": 3})
THREE = evidence([ANGELMAN, RETT, MODY])
RIGHT = """Rett syndrome | for 1 2 | against 13 | awaited Seizure; Small head
Angelman syndrome | for 1
MODY
Weigh
Rett syndrome explains 2; Angelman syndrome does not.
</think>
<answer>
1. Rett syndrome
2. MODY
3. Angelman syndrome
</answer>"""


class Bytes:
    """Tokens are bytes; it writes a text that is wanted, or anything."""

    name, path = "scripted", Path()

    def __init__(self, wanted: str = "", context_length: int = 20_000) -> None:
        """Take what it would write."""
        self.wanted, self.wrote, self.context_length = wanted, "", context_length

    def encode(self, text: str) -> list[int]:
        return list(text.encode())

    def decode(self, ids: Sequence[int]) -> str:
        return bytes(ids).decode(errors="replace")

    def count(self, text: str) -> int:
        return len(self.encode(text))

    def score(self, prompt: str, continuation: str) -> list[float]:
        return [-1.0] * self.count(continuation)

    def continuing(self, prompt: str) -> Callable[[Sequence[Sequence[int]]], LogProbs]:
        def following(turns: Sequence[Sequence[int]]) -> LogProbs:
            raise AssertionError("nothing is searched")

        return following

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        return [[Completion(text="Anything.", tokens=9, log_prob=-1.0, truncated=False)] for _ in prompts]

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        begun = prompt.partition(f"{dialogue.HYPOTHESES}\n")[2]
        rest = self.wanted.removeprefix(begun) if self.wanted.startswith(begun) else "Anything."

        def pieces() -> Generator[str, None, Completion]:
            for number, letter in enumerate(rest):
                self.wrote += letter
                yield letter
                if number + 1 == settings.max_tokens:
                    break
            return Completion(text=rest, tokens=len(rest), log_prob=-1.0, truncated=False)

        return Stream(pieces())


def both(engine: Bytes, prompt: str, asked: GenerationSettings = GREEDY) -> Completion:
    """Write a turn in one piece and as a stream, which must be the same."""
    held = GroundedEngine(engine)
    stream = held.stream(prompt, asked)
    pieces = list(stream)
    assert "".join(pieces) == stream.completion.text
    assert all(piece.endswith("\n") for piece in pieces[:-1]), "only whole lines are shown"
    ((whole,),) = held.generate([prompt], asked)
    assert whole == stream.completion
    return stream.completion


HELD = """Rett syndrome | for 1 2 12 | against 13 | awaited Small head; Seizure
MODY
Angelman syndrome | for 1 | awaited Seizure
Weigh
Rett syndrome explains 2; Angelman syndrome does not.
</think>
<answer>
1. Rett syndrome
2. MODY
3. Angelman syndrome
</answer>"""


def test_what_the_model_would_write_is_written_where_it_is_sound():
    engine = Bytes(HELD)
    turn = both(engine, THREE.prompt())
    assert (turn.text, turn.truncated, turn.tokens, turn.log_prob) == (HELD, False, len(HELD), None)
    assert len(engine.wrote) < len(HELD), "each turn was written twice, and mostly copied"


def test_what_can_be_written_in_one_way_only_is_not_asked_for():
    engine = Bytes(HELD.replace("MODY\nAngelman", "MODY\nWeigh"))
    stream = GroundedEngine(engine).stream(THREE.prompt() + "Rett syndrome", SETTLED)
    assert next(stream) == " | for 1 2 12 | against 13 | awaited Small head; Seizure\n" and engine.wrote == ""
    one = evidence([RETT])
    assert both(engine, one.prompt()).text.startswith("Rett syndrome | for 1 2 12 | against 13 | awaited")
    turn = both(Bytes(), evidence([MODY]).prompt())
    assert turn.text.splitlines()[2] == "No finding is specific; MODY is only the least unlikely."


def test_a_list_that_leaves_out_what_speaks_against_a_disease_is_made_whole():
    wanted = HELD.replace("for 1 2 12 | against 13 | awaited Small head; Seizure", "for 1 2")
    assert both(Bytes(wanted), THREE.prompt()).text.splitlines()[0] == HELD.splitlines()[0]


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("MODY\nWeigh", "Rett syndrome\nWeigh", "Rett syndrome is a hypothesis twice"),
        ("MODY\nWeigh", "Marfan syndrome\nWeigh", "Marfan syndrome is no candidate"),
        ("for 1 2 |", "for 1 3 |", "Rett syndrome: for 3 is not so"),
        ("for 1 2 |", "for 1 1 |", "Rett syndrome: for 1 twice"),
        ("against 13", "against 14", "Rett syndrome: against 14 is not so"),
        ("awaited Seizure; Small", "awaited Seizure; Smaller", "Rett syndrome: awaited Smaller head is not so"),
        ("Small head\n", "Small head; Ataxia\n", "Rett syndrome: too much is awaited"),
        ("Angelman syndrome | for 1\n", "Angelman syndrome | fro 1\n", "Angelman syndrome: cannot be read: fro 1"),
        ("Angelman syndrome | for 1\nMODY\n", "", "there are too few hypotheses"),
        ("explains 2;", "explains 1;", "weighing: is not so"),
        ("2; Angelman", "2; Rett", "weighing: Rett syndrome is compared with itself"),
        ("2; Angelman syndrome does not.", "2; the others explain it less well.", "weighing: cannot be read"),
        ("explains 2;", f"explains 2{MOST_SPECIFIC};", "weighing: is not so"),
        ("Rett syndrome explains 2;", "Angelman syndrome explains 2;", "weighing: Angelman syndrome is compared"),
        ("Rett syndrome explains 2; Angelman syndrome does not.", "MODY explains 1.", "weighing: is not so"),
        (
            "Rett syndrome explains 2; Angelman syndrome does not.",
            "Angelman syndrome would explain the same, but 13 speaks against it.",
            "weighing: is not so",
        ),
        (
            "Rett syndrome explains 2; Angelman syndrome does not.",
            "No finding is specific; Rett syndrome is only the least unlikely.",
            "weighing: is not so",
        ),
        ("1. Rett syndrome\n2. MODY", "1. MODY\n2. Rett syndrome", "the answer begins with MODY"),
        ("2. MODY\n3.", "2. Angelman syndrome\n3.", "the answer repeats Angelman syndrome"),
        ("\n3. Angelman syndrome", "", "the answer lacks Angelman syndrome"),
        ("3. Angelman syndrome", "3. Marfan syndrome", "the answer's Marfan syndrome is no candidate"),
        ("</think>\n", "", "the reasoning is not closed"),
        ("\n</answer>", "", "the answer is not closed"),
        ("</answer>", "</answer>\nBye.", "there is text behind the answer"),
        (RIGHT[RIGHT.index("Weigh\n") : RIGHT.index("</think>")], "", "nothing is weighed"),
    ],
)
def test_what_is_unsound_is_named_and_not_written(right: str, wrong: str, why: str):
    assert right in RIGHT and unsound(RIGHT, THREE.prompt()) == []
    turn = RIGHT.replace(right, wrong, 1)
    assert any(reason.startswith(why) for reason in unsound(turn, THREE.prompt())), unsound(turn, THREE.prompt())
    assert unsound(both(Bytes(turn), THREE.prompt()).text, THREE.prompt()) == []


def test_the_lowest_number_of_a_candidate_is_its_most_specific_finding():
    two = evidence([RETT, ANGELMAN])
    turn = "Angelman syndrome | for 1 | awaited Seizure\n"
    turn += "Rett syndrome | for 1 2 12 | against 13 | awaited Small head; Seizure\n"
    turn += f"Weigh\nAngelman syndrome explains 1{MOST_SPECIFIC}; so do the others.\n"
    turn += "</think>\n<answer>\n1. Angelman syndrome\n2. Rett syndrome\n</answer>"
    assert unsound(turn, two.prompt()) == []
    assert both(Bytes(turn), two.prompt()).text == turn


def test_where_the_order_is_settled_the_first_leads_and_no_answer_is_written():
    late = Weighed(4, "Rett syndrome, late", 0.1, {}, (1, 2, 12))
    four = evidence([RETT, late, ANGELMAN])
    for first in (RETT, late):
        engine = Bytes(f"{first.name}\nAngelman syndrome | for 1 | awaited Seizure\nWeigh\n")
        held = both(engine, four.prompt() + first.name, SETTLED)
        assert held.text.startswith(" | for 1 2 12") and held.text.endswith(".\n") and dialogue.ANSWER not in held.text
        assert unsound(f"{first.name}{held.text}", four.prompt()) == [
            "the reasoning is not closed",
            "the answer is not closed",
            *(f"the answer lacks {one.name}" for one in four.candidates),
        ]


def test_that_a_name_which_was_used_is_repeated_makes_no_other_the_choice():
    late = Weighed(None, "Rett syndrome, late", 0.1, {}, (1,))
    four = evidence([RETT, ANGELMAN, late, MODY])
    first = "Rett syndrome | for 1 2 12 | against 13 | awaited Small head; Seizure\n"
    for second, chosen in (("Rett syndrome | for", "Angelman syndrome"), ("Rett syndrome, l", "Rett syndrome, late")):
        held = both(Bytes(first + second), four.prompt())
        assert held.text.splitlines()[1].partition(" |")[0] == chosen


def test_a_sentence_that_is_not_so_becomes_the_nearest_that_is():
    wanted = HELD.replace(
        "Rett syndrome explains 2; Angelman syndrome does not.", "Rett syndrome explains 12; MODY does"
    )
    turn = both(Bytes(wanted), THREE.prompt())
    assert "Rett syndrome explains 12; Angelman syndrome does not." in turn.text.splitlines()


@pytest.mark.parametrize("first", [RETT, MODY])
def test_of_a_disease_without_annotations_it_is_not_said_that_it_does_not_explain(first: Weighed):
    two = evidence([RETT, MODY])
    wanted = f"{'MODY' if first is RETT else 'Rett syndrome'} | for 1"
    held = both(Bytes(wanted), two.prompt() + first.name, SETTLED)
    sentence = held.text.splitlines()[-1]
    assert "MODY does not" not in held.text and "so do" not in sentence
    if first is RETT:
        assert sentence.startswith("Rett syndrome explains ") and sentence.endswith((".", "finding."))
    else:
        assert sentence == "Nothing is annotated of MODY; the words of the note name it."


def test_where_the_order_is_settled_what_decides_is_said_of_the_first():
    small = Weighed(1, "Noonan syndrome 1", 0.5, {}, (1, 2), (), ("Seizure",))
    large = Weighed(2, "Noonan syndrome 12", 0.3, {}, (1, 2, 3), (), ("Ataxia",))
    two = evidence([small, large])
    rest = " | for 1 2 3 | awaited Ataxia\nWeigh\nNoonan syndrome 12 explains 3; Noonan syndrome 1 does not.\n"
    wanted = f"Noonan syndrome 1 | for 1 2 | awaited Seizure\nNoonan syndrome 12{rest}"
    held = both(Bytes(wanted), two.prompt() + small.name, SETTLED)
    assert held.text.splitlines()[-1].startswith("Noonan syndrome 1 explains") and "so do the others" in held.text


@pytest.mark.parametrize("limit", range(1, 330, 29))
def test_a_turn_ends_at_its_limit(limit: int):
    turn = both(Bytes(HELD), THREE.prompt(), GenerationSettings(max_tokens=limit))
    assert turn.tokens <= limit and HELD.startswith(turn.text)
    place = LeadGrammar(read_candidates(THREE.prompt())).follow(turn.text)
    assert place.fits and place.whole is not turn.truncated


@pytest.mark.parametrize(
    "asked", [GREEDY.model_copy(update={"temperature": 0.7}), GREEDY.model_copy(update={"beam": 2})]
)
def test_only_greedy_turns_are_held(asked: GenerationSettings):
    assert GroundedEngine(Bytes()).generate([THREE.prompt()], asked)[0][0].text == "Anything."


def test_a_prompt_without_room_is_refused_and_a_batch_keeps_its_order():
    short = Bytes(context_length=100)
    with pytest.raises(InputError, match="reads fewer than 100"):
        list(GroundedEngine(short).stream(THREE.prompt(), GREEDY))
    window = dialogue.render_reading_prompt("No seizures.")
    free, held, again = GroundedEngine(Bytes(HELD)).generate([window, THREE.prompt(), window], GREEDY)
    assert [free[0].text, held[0].text, again[0].text] == ["Anything.", HELD, "Anything."]


def numbers(least: int, most: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.sets(st.integers(least, most)).map(lambda found: tuple(sorted(found)))


@st.composite
def cases(draw: st.DrawFn) -> Evidence:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    labels = st.lists(st.sampled_from(LABELS), max_size=3, unique=True).map(tuple)
    one = st.tuples(numbers(1, 12), numbers(13, 14), labels)
    alike = draw(st.booleans())
    drawn = [draw(one)] * len(names) if alike else [draw(one) for _ in names]
    return evidence([Weighed(None, name, 0.1, {"texts": 1}, *parts) for name, parts in zip(names, drawn, strict=True)])


@settings(max_examples=120, deadline=None)
@given(cases(), st.text("abMR| for12;\nWeigh", max_size=40))
def test_whatever_is_probable_the_turn_is_sound(case: Evidence, wanted: str):
    prompt = case.prompt()
    assert [one.name for one in read_candidates(prompt)] == [one.name for one in case.candidates]
    turn = both(Bytes(wanted), prompt)
    assert not turn.truncated and unsound(turn.text, prompt) == []
    read = dialogue.parse(case.begun() + turn.text, " ".join(TERMS))
    assert read.problems == [] and len(read.answer) == len(case.candidates)
    assert read.answer[0].name == read.hypotheses[0].name
    known = {one.name: one for one in case.candidates}
    for one in read.hypotheses:
        assert (tuple(one.supports), tuple(one.against)) == (known[one.name].supports, known[one.name].against)


def test_what_all_explain_is_not_said_where_something_tells_them_apart():
    two = evidence([RETT, ANGELMAN])
    first = "Rett syndrome | for 1 2 12 | against 13 | awaited Small head; Seizure\n"
    alike = f"{first}Angelman syndrome | for 1 | awaited Seizure\nWeigh\nRett syndrome explains 1{MOST_SPECIFIC}; so do"
    told = both(Bytes(alike), two.prompt()).text.partition("Weigh\n")[2].splitlines()[0]
    assert told in {f"Rett syndrome explains {n}; Angelman syndrome does not." for n in (2, 12)}
