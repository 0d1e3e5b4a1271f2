"""The stage of short turns, end to end at tiny size; and lessons in weighing, whose every claim is true."""

import json
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from raredxr1 import dialogue
from raredxr1.cli import app
from raredxr1.diagnose.names import Names
from raredxr1.export.base import load_model
from raredxr1.internalize.corpus import taught_diseases
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.linking import Linker
from raredxr1.recipe import read_config
from raredxr1.reflect.claims import claims
from raredxr1.reflect.config import TurnsConfig
from raredxr1.reflect.turns import TurnLessons
from raredxr1.reflect.weighing import WeighingLessons

pytestmark = pytest.mark.slow

RECIPE = Path(__file__).parents[2] / "recipes" / "smol" / "turns.yaml"
TEXT = "He has seizures and a small head. There is no ataxia."


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.fixture
def annotated(tmp_path: Path) -> str:
    path = tmp_path / "texts.jsonl"
    marks = [{"hpo": "HP:0001250", "start": 7, "end": 15, "state": "present"}]
    path.write_text(json.dumps({"doc_id": "1", "text": TEXT, "annotations": marks}))
    return f"annotated=[{{path: '{path}', licence: MIT, share: 0.5}}]"


def test_the_recipe_trains_a_checkpoint_and_says_from_what(tiny_checkpoint: Path, tmp_path: Path, annotated: str):
    asked = [
        "train", "turns", "--quiet", "--recipe", str(RECIPE), f"base={tiny_checkpoint}", f"out={tmp_path / 'run'}",
        "frozen_layers=1", "diseases=30", "learning.tokens=600", "learning.longest=200", annotated,
    ]  # fmt: skip
    first = CliRunner().invoke(app, asked)
    assert first.exit_code == 0, first.output
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["counts"]["tokens"] >= 600 and "texts.jsonl, MIT" in manifest["sources"]
    model, tokenizer = load_model(first.stdout.strip())
    base, _ = load_model(str(tiny_checkpoint))
    assert tokenizer.eos_token == dialogue.TURN_END
    changed = {
        name
        for (name, was), now in zip(base.state_dict().items(), model.state_dict().values(), strict=True)
        if not was.equal(now)
    }
    assert changed and not any(name.startswith(("model.layers.0.", "model.embed_tokens")) for name in changed)
    before = (tmp_path / "run" / "checkpoint" / "model.safetensors").stat().st_mtime_ns
    assert CliRunner().invoke(app, asked).exit_code == 0
    assert (tmp_path / "run" / "checkpoint" / "model.safetensors").stat().st_mtime_ns == before
    other = CliRunner().invoke(app, [*asked, "seed=5"])
    assert other.exit_code == 2 and "other settings (seed)" in other.output


def test_lessons_are_mixed_by_their_shares_and_the_same_for_a_seed(kb, tmp_path: Path, annotated: str):
    more = ["registers_share=0.5", "weighing_share=1", "diseases=60", f"out={tmp_path}", annotated]
    config = read_config(TurnsConfig, RECIPE, more)
    drawn = TurnLessons(config, kb)
    lessons = [drawn.example(n) for n in range(80)]
    assert 25 <= sum(one.kind == "weighing" for one in lessons) <= 55
    real = [one for one in lessons if dialogue.note_of(one.prompt) in TEXT]
    assert 10 <= len(real) <= 35
    again = TurnLessons(config, kb)
    assert [again.example(n) for n in range(0, 80, 9)] == lessons[::9]


def test_a_recipe_without_anything_to_learn_is_refused(tmp_path: Path):
    nothing = CliRunner().invoke(app, ["train", "turns", "--recipe", str(RECIPE), "registers_share=0"])
    assert nothing.exit_code == 2 and "nothing to learn from" in nothing.output


def test_weighing_is_taught_true_and_among_the_named(kb):
    lessons = WeighingLessons(kb, taught_diseases(kb, 150))
    names, truth = Names(kb, Linker(kb)), Claims(kb)
    disagreed = 0
    for number in range(25):
        lesson = lessons.write(Random(number))
        prompt, begun = lesson.prompt.split(f"{dialogue.TURN_START}assistant\n")
        turn = dialogue.parse(begun + lesson.completion, dialogue.note_of(prompt))
        assert not turn.problems
        opinions = dialogue.note_of(prompt).partition("Opinions\n")[2].partition("Profiles")[0]
        assert all(candidate.name in opinions for candidate in turn.answer)
        said = [hypothesis.name for hypothesis in turn.hypotheses]
        assert said == [candidate.name for candidate in turn.answer][: len(said)] and len(set(said)) == 3
        assert kb.disease(names.disease(turn.answer[0].name).id) == lesson.disease
        assert all(claim.holds for claim in claims(turn, names, truth))
        firsts = [line.partition("1. ")[2].partition(";")[0] for line in opinions.splitlines() if "1. " in line]
        disagreed += len(set(firsts)) > 1
    assert disagreed >= 5
