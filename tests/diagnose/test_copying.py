"""The most probable quote of a note: the model chooses, and can choose nothing that the note does not have."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from raredxr1 import dialogue
from raredxr1.diagnose._ctranslate2 import KEPT_PROMPTS, CTranslate2Engine
from raredxr1.diagnose.copying import LogProbs, most_probable_quote
from raredxr1.diagnose.opening import open_engine

NOTE = "Girl of 3. She never walked unaided, and wrings her hands all day (since 2 years)."
CLOSE = ' "'


class Words:
    """Tokens are words with the space before them; what is probable next is told by a table.

    Its keys are words, or "before>after" for a word that follows another.
    """

    def __init__(self, likes: dict[str, float]) -> None:
        """Take the log-probability of words, and of " \"", the close; others have -20."""
        self.likes, self.vocabulary, self.asked = likes, list[str](), list[list[str]]()
        self.encode(CLOSE)

    def encode(self, text: str) -> list[int]:
        words = re.findall(r" ?[^ ]+| ", text)
        self.vocabulary += [word for word in dict.fromkeys(words) if word not in self.vocabulary]
        return [self.vocabulary.index(word) for word in words]

    def decode(self, ids: Sequence[int]) -> str:
        return "".join(self.vocabulary[i] for i in ids)

    def like(self, before: str, word: str) -> float:
        return self.likes.get(f"{before}>{word}", self.likes.get(word, -20.0))

    def continuing(self, prompt: str) -> Callable[[Sequence[Sequence[int]]], LogProbs]:
        def following(turns: Sequence[Sequence[int]]) -> LogProbs:
            assert len({len(turn) for turn in turns}) == 1, "turns of different length"
            self.asked += [[self.vocabulary[i] for i in turn] for turn in turns]
            rows = [[self.like(self.vocabulary[turn[-1]], word) for word in self.vocabulary] for turn in turns]
            return np.array(rows, np.float32)

        return following


def quote(likes: dict[str, float], taken: Sequence[str] = (), note: str = NOTE) -> str | None:
    return most_probable_quote(Words(likes), "prompt", '1 + "', note, taken)


def test_the_model_chooses_where_a_quote_begins_and_ends() -> None:
    likes = {" wrings": -0.5, " her> hands": -0.1, CLOSE: -0.1, " never": -3.0}
    assert quote(likes) == "wrings"
    assert quote(likes | {" wrings>" + CLOSE: -5.0, " wrings> her": -0.1, " her>" + CLOSE: -5.0}) == "wrings her hands"
    assert quote(likes | {" wrings": -9.0}) == "never"


def test_what_the_note_does_not_have_cannot_be_chosen() -> None:
    assert quote({" shakes": -0.01, " wrings": -4.0, CLOSE: -0.1}) == "wrings"


def test_a_quote_stays_inside_its_clause() -> None:
    likes = {" walked": -0.1, " walked> unaided": -0.1, " unaided> and": -0.1, CLOSE: -8.0, " walked>" + CLOSE: -18.0}
    assert quote(likes) == "walked unaided"
    assert quote({" 3": -0.1, " She": -0.1, CLOSE: -3.0}) in ("3", "She")


def test_a_quote_is_written_once() -> None:
    likes = {" wrings": -0.5, " her": -2.0, " never": -3.0, CLOSE: -0.1}
    assert quote(likes) == "wrings"
    assert quote(likes, [" wrings "]) == "her"
    assert quote(likes, [" wrings her hands "]) == "never"
    assert quote(likes, ["her"]) == "wrings", "words beside it are free"
    assert quote(likes, ["wrings"], "She wrings hands, she wrings her fingers.") == "her", "wherever it stands"


@pytest.mark.parametrize("likes", [{}, {" wrings": -15.0, CLOSE: -0.1}])
def test_an_improbable_quote_is_none(likes: dict[str, float]) -> None:
    assert quote(likes) is None


def test_a_note_without_words_has_no_quote() -> None:
    assert quote({CLOSE: -0.1}, note="...") is None
    assert quote({" 7": -0.1, " -": -0.1, CLOSE: -0.1}, note="-") is None


@pytest.mark.slow
@pytest.mark.parametrize("made", ["tiny_exported", "tiny_checkpoint"])
def test_both_engines_say_what_is_probable_next_as_they_score_it(made: str, request: pytest.FixtureRequest) -> None:
    engine = open_engine(request.getfixturevalue(made), 1)
    prompt, turn = dialogue.render_prompt("Tall, lens off axis.", "short", "final"), "<answer>\n1. Marfan syndrome"
    ids = engine.encode(turn)
    assert engine.decode(ids) == turn
    scored = engine.score(prompt, turn)
    step = engine.continuing(prompt)
    for length in (3, len(ids) - 1):
        (log_probs,) = step([ids[:length]])
        assert np.exp(log_probs).sum() == pytest.approx(1.0, abs=1e-3)
        assert log_probs[ids[length]] == pytest.approx(scored[length], abs=2e-3)
    two = step([ids[:4], [*ids[:3], ids[5]]])
    assert two.shape[0] == 2 and two[0][ids[4]] == pytest.approx(scored[4], abs=2e-3)
    assert not np.allclose(two[0], two[1])


def test_a_real_engine_quotes_only_what_stands_in_the_note(tiny_exported: Path) -> None:
    engine = open_engine(tiny_exported, 1)
    note = "Tall, lens off axis."
    found = most_probable_quote(engine, dialogue.render_prompt(note), '1 + "', note)
    assert found is None or dialogue.locate(found, note)


def test_a_prompt_is_read_once_and_few_are_kept(tiny_exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, prompts = CTranslate2Engine(tiny_exported, 1), [f"Note {n}: she" for n in range(KEPT_PROMPTS + 1)]
    turns = [engine.encode(" walks and falls")[:2], engine.encode(" never sat")[:2]]
    loads, load = [], engine._load
    monkeypatch.setattr(engine, "_load", lambda: loads.append(1) or load())
    first = [engine.continuing(prompt)(turns) for prompt in [prompts[0], *prompts[:KEPT_PROMPTS]]]
    assert len(loads) == 1
    again = engine.continuing(prompts[0])(turns)
    assert len(loads) == 1
    engine.continuing(prompts[-1])
    assert len(loads) == 2, "the states of the first prompts are let go"
    np.testing.assert_allclose(again, first[0], atol=1e-5)
    fresh = CTranslate2Engine(tiny_exported, 1)
    for prompt, found in zip(prompts, first[1:], strict=False):
        np.testing.assert_allclose(found, fresh.continuing(prompt)(turns), atol=1e-5)
