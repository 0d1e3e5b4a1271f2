"""The stage of short turns, end to end at tiny size; and lessons in weighing, whose every claim is true."""

import json
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from raredxr1 import dialogue
from raredxr1.cli import app
from raredxr1.diagnose.calibration import CALIBRATION_FILE, read_fitted
from raredxr1.diagnose.model import SHIPPED
from raredxr1.diagnose.names import Names, link_turn
from raredxr1.export.base import load_model
from raredxr1.internalize.corpus import taught_diseases
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.claims import Claims
from raredxr1.knowledge.linking import Linker
from raredxr1.recipe import read_config
from raredxr1.reflect.claims import claims
from raredxr1.reflect.config import CaseSource, TurnsConfig
from raredxr1.reflect.turns import TurnLessons
from raredxr1.reflect.weighing import WeighingLessons
from raredxr1.schemas import Finding, ProblemKind

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
        "weighing_share=0",
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
    more = ["registers_share=0.5", "weighing_share=1", "words=null", "diseases=60", f"out={tmp_path}", annotated]
    config = read_config(TurnsConfig, RECIPE, more)
    drawn = TurnLessons(config, kb)
    lessons = [drawn.example(n) for n in range(24)]
    assert 6 <= sum(one.kind == "weighing" for one in lessons) <= 18
    real = [one for one in lessons if dialogue.note_of(one.prompt) in TEXT]
    assert 3 <= len(real) <= 11
    again = TurnLessons(config, kb)
    assert [again.example(n) for n in range(0, 24, 9)] == lessons[::9]


def test_a_recipe_without_anything_to_learn_is_refused(tmp_path: Path):
    nothing = CliRunner().invoke(
        app, ["train", "turns", "--recipe", str(RECIPE), "registers_share=0", "weighing_share=0"]
    )
    assert nothing.exit_code == 2 and "nothing to learn from" in nothing.output


def test_weighing_is_taught_true_and_led_by_the_right_disease(kb, tmp_path: Path):
    names, truth = Names(kb, Linker(kb)), Claims(kb)
    fitted = read_fitted(SHIPPED / CALIBRATION_FILE)
    lessons = WeighingLessons(names, fitted)
    cases = tmp_path / "cases.jsonl"
    notes = {
        "OMIM:312750": "A girl of 4 lost her words and now wrings her hands all day; she grinds her teeth. No fits.",
        "OMIM:154700": "Tall boy with long thin fingers, a caved-in chest and lenses out of place. His aorta is wide.",
    }
    rows = [{"case_id": i, "note": note, "gold": [{"id": i, "label": ""}]} for i, note in notes.items()]
    cases.write_text("\n".join(map(json.dumps, rows)) + "\n")
    of_cases = lessons.of_cases(CaseSource(path=cases, licence="CC0"))
    of_patients = lessons.of_patients(taught_diseases(kb, 150))
    overruled = 0
    for number in range(24):
        lesson = (of_cases if number % 4 == 0 else of_patients)(Random(number))
        assert dialogue.asks_lead(lesson.prompt)
        user = dialogue.note_of(lesson.prompt)
        findings, candidates = user.split("Candidates\n")
        listed = [line.partition(" | ")[0] for line in candidates.splitlines()]
        read = [Finding(index=int(n), present=s == "+", quote=t, term=t) for n, s, t in _numbered(findings)]
        begun = dialogue.render_findings(read)
        turn = link_turn(dialogue.parse(begun + lesson.completion, user), names)  # knows names that have an "or"
        assert not [p for p in turn.problems if p.kind != ProblemKind.QUOTE_NOT_IN_NOTE]
        assert sorted(c.name for c in turn.answer) == sorted(listed)
        said = [hypothesis.name for hypothesis in turn.hypotheses]
        assert said == [c.name for c in turn.answer][: len(said)] and len(set(said)) == min(3, len(listed))
        assert kb.disease(names.disease(turn.answer[0].name).id) == lesson.disease
        assert all(claim.holds for claim in claims(turn, names, truth))
        overruled += turn.answer[0].name != listed[0]
    assert overruled, "the right disease is not always first among the candidates"


def test_a_case_whose_disease_is_no_candidate_teaches_nothing(kb, tmp_path: Path):
    lessons = WeighingLessons(Names(kb, Linker(kb)), None)
    cases = tmp_path / "cases.jsonl"
    row = {"case_id": "1", "note": "Tall boy with long thin fingers.", "gold": [{"id": "OMIM:312750", "label": ""}]}
    cases.write_text(json.dumps(row))
    with pytest.raises(ValueError, match="candidate in no case"):
        lessons.of_cases(CaseSource(path=cases, licence="CC0"))(Random(0))


def _numbered(findings: str) -> list[list[str]]:
    return [line.split(" ", 2) for line in findings.splitlines() if line[:1].isdigit() and line.split(" ")[1] in "+-"]
