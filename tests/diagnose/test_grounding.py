"""Quotes are held to the note: what the note does not have is written again, or the list of findings ends."""

import re
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import pytest

from raredxr1 import dialogue
from raredxr1.diagnose import grounding
from raredxr1.diagnose.copying import LogProbs
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

    def encode(self, text: str) -> list[int]:
        return [ord(character) for character in text]

    def decode(self, ids: Sequence[int]) -> str:
        return "".join(map(chr, ids))

    def continuing(self, prompt: str) -> Callable[[Sequence[Sequence[int]]], LogProbs]:
        raise AssertionError("the search is scripted too")

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
        assert turn.endswith(' wrings her hands " ='), "asked to go on from somewhere else, or after a space"
        return RIGHT.partition('" =')[2] + END

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        return [[self.completion(self.answer(prompt))] for prompt in prompts]

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        def pieces() -> Generator[str, None, Completion]:
            text = self.answer(prompt)
            yield from text
            return self.completion(text)

        return Stream(pieces())

    def completion(self, text: str) -> Completion:
        return Completion(text=text, tokens=self.count(text), log_prob=-1.0, truncated=False)


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the search is asked, and what it is to answer."""
    script: dict[str, object] = {"finds": "wrings her hands"}

    def search(tokens: object, prompt: str, turn: str, note: str, taken: Sequence[str]) -> object:
        script.update(prompt=prompt, turn=turn, note=note, taken=list(taken))
        return script["finds"]

    monkeypatch.setattr(grounding, "most_probable_quote", search)
    return script


def written(streamed: bool) -> Completion:
    grounded = GroundedEngine(Scripted())
    if not streamed:
        return grounded.generate([PROMPT], GREEDY)[0][0]
    stream = grounded.stream(PROMPT, GREEDY)
    pieces = list(stream)
    assert "".join(pieces) == stream.completion.text
    assert all("shakes" not in piece for piece in pieces), "a wrong quote is never shown"
    return stream.completion


@pytest.mark.parametrize("streamed", [True, False])
def test_a_quote_the_note_has_takes_the_place_of_one_it_has_not(streamed: bool, searched: dict[str, object]) -> None:
    turn = written(streamed)
    assert turn.text == START + RIGHT + END
    count = Scripted().count
    assert (turn.mended, turn.truncated, turn.tokens) == (1, False, count(turn.text))
    assert turn.log_prob == -0.25 * count(turn.text + dialogue.TURN_END)
    assert (searched["prompt"], searched["turn"], searched["note"]) == (PROMPT, START, NOTE)
    assert searched["taken"] == [" never walked unaided "]
    assert all(finding.span for finding in dialogue.parse(turn.text, NOTE).findings)


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("finds", [None, "shakes her head"])
def test_where_no_quote_stands_in_the_note_the_findings_end(
    streamed: bool, finds: str | None, searched: dict[str, object]
) -> None:
    searched["finds"] = finds
    turn = written(streamed)
    read = dialogue.parse(turn.text, NOTE)
    assert [finding.quote for finding in read.findings] == ["never walked unaided"]
    assert [candidate.name for candidate in read.answer] == ["Rett syndrome"]
    assert read.problems == [] and turn.mended == 1


def test_where_the_context_ends_no_quote_is_searched(searched: dict[str, object]) -> None:
    engine = Scripted()
    engine.context_length = engine.count(PROMPT + START) + 10
    GroundedEngine(engine).generate([PROMPT], GREEDY)
    assert "turn" not in searched


@pytest.mark.parametrize(
    ("prompt", "settings"),
    [
        (PROMPT, GREEDY.model_copy(update={"temperature": 0.7})),
        (PROMPT, GenerationSettings(max_tokens=400, beam=2)),
        (dialogue.render_prompt(NOTE, "short"), GREEDY),
    ],
)
def test_only_greedy_full_turns_are_held(prompt: str, settings: GenerationSettings) -> None:
    engine = Scripted()
    engine.answer = lambda _: START + WRONG + END  # type: ignore[method-assign]
    assert GroundedEngine(engine).generate([prompt], settings) == engine.generate([prompt], settings)


def test_a_turn_whose_quotes_stand_is_left_as_it_is() -> None:
    engine = Scripted()
    engine.answer = lambda _: START + RIGHT + END  # type: ignore[method-assign]
    (turn,) = GroundedEngine(engine).generate([PROMPT], GREEDY)[0]
    assert (turn.text, turn.mended, turn.log_prob) == (START + RIGHT + END, 0, -1.0)


def test_a_quote_is_judged_once_it_is_closed() -> None:
    assert unfounded(START + " shakes her", NOTE) is None
    assert unfounded(START + ' shakes her hands " = ', NOTE) == len(START)
    twice = START + ' never walked unaided " = x'
    for note in (NOTE, NOTE + " He never walked unaided."):
        assert unfounded(twice, note) == len(START), "once is enough"
    assert unfounded(START + ' wrings her hands " = x\nHypotheses\n3 + " tall " = x', NOTE) is None


class Limited(Scripted):
    """Tokens are words, a turn stops at its limit, and there are two notes: of one the second quote is wrong, of the
    other the first."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def encode(self, text: str) -> list[int]:
        found = re.findall(r"\s*\S+|\s+$", text)
        self.words += [word for word in found if word not in self.words]
        return [self.words.index(word) for word in found]

    def decode(self, ids: Sequence[int]) -> str:
        return "".join(self.words[i] for i in ids)

    def count(self, text: str) -> int:
        return len(self.encode(text))

    def within(self, prompt: str, settings: GenerationSettings) -> Completion:
        begun = dialogue.note_of(prompt.partition("<think>")[0])
        text = self.answer(PROMPT + prompt.removeprefix(dialogue.render_prompt(begun)))
        if begun == OTHER and prompt == dialogue.render_prompt(OTHER):
            text = START.partition('1 + "')[0] + '1 + "' + WRONG + END
        ids = self.encode(text)
        ended = len(ids) < settings.max_tokens
        return Completion(
            text=self.decode(ids[: settings.max_tokens]), tokens=len(ids), log_prob=-1.0, truncated=not ended
        )

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        return [[self.within(prompt, settings)] for prompt in prompts]

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        def pieces() -> Generator[str, None, Completion]:
            yield from (one := self.within(prompt, settings)).text
            return one

        return Stream(pieces())


OTHER = NOTE.replace("She never walked unaided and", "Girl who")


@pytest.mark.parametrize("limit", range(12, 70, 3))
def test_a_turn_ends_at_its_limit_whoever_is_written_beside_it(limit: int, searched: dict[str, object]) -> None:
    settings, prompts = GenerationSettings(max_tokens=limit), [PROMPT, dialogue.render_prompt(OTHER)]
    grounded = GroundedEngine(Limited())
    together = [one for (one,) in grounded.generate(prompts, settings)]
    assert together == [grounded.generate([prompt], settings)[0][0] for prompt in prompts]
    for prompt, one in zip(prompts, together, strict=True):
        stream = grounded.stream(prompt, settings)
        assert "".join(stream) == one.text
        assert stream.completion.truncated == one.truncated
