"""Quotes are held to the note: what the note does not have is written again, or the list of findings ends."""

from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from raredxr1 import dialogue
from raredxr1.diagnose.engine import Completion, GenerationSettings, Stream
from raredxr1.diagnose.grounding import GroundedEngine, unfounded

NOTE = "Girl of 3. She never walked unaided and wrings her hands all day."
START = '<think>\nFindings\n1 + " never walked unaided " = Inability to walk\n2 + "'
WRONG = ' shakes her hands " = Stereotypy\n3 + " tall " = Tall stature\nHypotheses\nRett syndrome | for 1\n'
END = "Weigh\nNothing.\n</think>\n<answer>\n1. Rett syndrome\n</answer>"
RIGHT = ' wrings her hands " = Stereotypy\nHypotheses\nRett syndrome | for 1 2\n'
PROMPT = dialogue.render_prompt(NOTE)
GREEDY = GenerationSettings(max_tokens=400)


class Scripted:
    """Writes a turn with a wrong second quote; after the right one, or where the findings end, it goes on well."""

    name, path, context_length = "scripted", Path(), 4000

    def __init__(self, beams: Sequence[str]) -> None:
        self.beams = beams
        self.searched: list[str] = []

    def count(self, text: str) -> int:
        return len(text.split())

    def score(self, prompt: str, continuation: str) -> list[float]:
        return [-0.25] * self.count(continuation)

    def answer(self, prompt: str) -> str:
        turn = prompt.removeprefix(PROMPT)
        if not turn:
            return START + WRONG + END
        if turn.endswith("Hypotheses\n"):
            return "Rett syndrome | for 1\n" + END
        assert turn.endswith(' wrings her hands " = '), "asked to go on from somewhere else"
        return RIGHT.partition('" = ')[2] + END

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        if settings.beam > 1:
            self.searched += prompts
            return [[self.completion(text) for text in self.beams]]
        return [[self.completion(self.answer(prompt))] for prompt in prompts]

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        def pieces() -> Generator[str, None, Completion]:
            text = self.answer(prompt)
            yield from text
            return self.completion(text)

        return Stream(pieces())

    def completion(self, text: str) -> Completion:
        return Completion(text=text, tokens=self.count(text), log_prob=-1.0, truncated=False)


def written(beams: Sequence[str], streamed: bool, settings: GenerationSettings = GREEDY) -> tuple[Completion, Scripted]:
    engine = Scripted(beams)
    grounded = GroundedEngine(engine)
    if not streamed:
        return grounded.generate([PROMPT], settings)[0][0], engine
    stream = grounded.stream(PROMPT, settings)
    pieces = list(stream)
    assert "".join(pieces) == stream.completion.text
    assert all("shakes" not in piece for piece in pieces), "a wrong quote is never shown"
    return stream.completion, engine


@pytest.mark.parametrize("streamed", [True, False])
def test_the_first_quote_that_the_note_has_stands(streamed: bool) -> None:
    beams = [
        ' shakes her head " = x',
        " wrings her",
        ' \n" = x',
        ' wrings her hands " = Stereotypy and more',
        ' never " = x',
    ]
    turn, engine = written(beams, streamed)
    assert turn.text == START + RIGHT + END
    assert (turn.mended, turn.truncated, turn.tokens) == (1, False, engine.count(turn.text))
    assert turn.log_prob == -0.25 * engine.count(turn.text + dialogue.TURN_END)
    assert engine.searched == [PROMPT + START]
    assert all(finding.span for finding in dialogue.parse(turn.text, NOTE).findings)


@pytest.mark.parametrize("streamed", [True, False])
def test_where_no_quote_stands_in_the_note_the_findings_end(streamed: bool) -> None:
    turn, _ = written([' shakes her head " = x'], streamed)
    read = dialogue.parse(turn.text, NOTE)
    assert [finding.quote for finding in read.findings] == ["never walked unaided"]
    assert [candidate.name for candidate in read.answer] == ["Rett syndrome"]
    assert read.problems == [] and turn.mended == 1


@pytest.mark.parametrize(
    ("prompt", "settings"),
    [
        (PROMPT, GREEDY.model_copy(update={"temperature": 0.7})),
        (PROMPT, GenerationSettings(max_tokens=400, beam=2)),
        (dialogue.render_prompt(NOTE, "short"), GREEDY),
    ],
)
def test_only_greedy_full_turns_are_held(prompt: str, settings: GenerationSettings) -> None:
    engine = Scripted(["as it is"])
    engine.answer = lambda _: START + WRONG + END  # type: ignore[method-assign]
    assert GroundedEngine(engine).generate([prompt], settings) == engine.generate([prompt], settings)


def test_a_turn_whose_quotes_stand_is_left_as_it_is() -> None:
    engine = Scripted([])
    engine.answer = lambda _: START + RIGHT + END  # type: ignore[method-assign]
    (turn,) = GroundedEngine(engine).generate([PROMPT], GREEDY)[0]
    assert (turn.text, turn.mended, turn.log_prob) == (START + RIGHT + END, 0, -1.0)
    assert engine.searched == []


def test_a_quote_is_judged_once_it_is_closed() -> None:
    assert unfounded(START + " shakes her", NOTE) is None
    assert unfounded(START + ' shakes her hands " = ', NOTE) == len(START)
    assert unfounded(START + ' wrings her hands " = x\nHypotheses\n3 + " tall " = x', NOTE) is None
