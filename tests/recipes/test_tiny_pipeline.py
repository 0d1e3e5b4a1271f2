"""The pipeline at tiny size, end to end: knowledge into weights, weights into a bundle, a note into a differential.

The margins are far above what an untrained or broken model reaches (one in twelve, five in twelve) and below what the
recipe does with half its diseases (conftest.py).
"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raredxr1 import dialogue
from raredxr1.cli import app
from raredxr1.diagnose.engine import Engine, GenerationSettings
from raredxr1.diagnose.opening import open_engine
from raredxr1.internalize.config import Mixture
from raredxr1.internalize.corpus import Corpus, Example
from raredxr1.knowledge import load
from raredxr1.schemas import Diagnosis

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]  # a busy machine needs minutes for the training alone

UNSEEN_SEED = 991


def invoke(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def stage(tiny_internalized: Path) -> Path:
    return tiny_internalized


@pytest.fixture(scope="module")
def exported(stage: Path) -> Path:
    invoke("export", "model", str(stage), str(stage.parent / "exported"))
    return stage.parent / "exported"


@pytest.fixture(scope="module")
def engine(exported: Path) -> Engine:
    return open_engine(exported)


@pytest.fixture(scope="module")
def unseen(stage: Path) -> Corpus:
    kb = load()
    taught = [kb.disease(disease_id) for disease_id in json.loads((stage / "taught.json").read_text())]
    return Corpus(kb, [disease for disease in taught if disease is not None], UNSEEN_SEED)


def ask(engine: Engine, examples: list[Example], **settings: int) -> list[list[Diagnosis]]:
    notes = [e.prompt.split("<|im_start|>user\n")[1].split("<|im_end|>")[0] for e in examples]
    forms = [("full", "differential") if e.kind == "full" else ("short", e.kind) for e in examples]
    written = engine.generate([e.prompt for e in examples], GenerationSettings(**settings))
    return [
        [dialogue.parse(c.text, note, *form, c.truncated) for c in completions]
        for note, form, completions in zip(notes, forms, written, strict=True)
    ]


def test_the_model_names_the_disease_of_patients_it_has_not_seen(engine, unseen):
    examples = [unseen.example(n, Mixture(final=1, differential=0, full=0, profile=0)) for n in range(90)]
    turns = ask(engine, examples, max_tokens=48)
    named = [turn[0].answer[0].name if turn[0].answer else "" for turn in turns]
    right = sum(name == unseen.kb.disease_names[e.disease] for name, e in zip(named, examples, strict=True))
    assert right / len(examples) >= 0.35


def test_five_beams_hold_the_disease_more_often_than_one_answer(engine, unseen):
    examples = [unseen.example(n, Mixture(final=1, differential=0, full=0, profile=0)) for n in range(60)]
    turns = ask(engine, examples, max_tokens=48, beam=5, samples=5)
    names = [[d.answer[0].name for d in turn if d.answer] for turn in turns]
    hits = [unseen.kb.disease_names[e.disease] in found for found, e in zip(names, examples, strict=True)]
    first = [unseen.kb.disease_names[e.disease] in found[:1] for found, e in zip(names, examples, strict=True)]
    assert sum(hits) / len(hits) >= 0.7
    assert sum(hits) > sum(first)


def test_full_turns_have_the_form_that_was_taught(engine, unseen):
    """Findings, hypotheses and an answer. Quotes are not asked for: so small a model does not learn to copy."""
    examples = [unseen.example(n, Mixture(final=0, differential=0, full=1, profile=0)) for n in range(20)]
    turns = [turn[0] for turn in ask(engine, examples, max_tokens=640)]
    whole = [turn for turn in turns if turn.findings and turn.hypotheses and turn.weigh and turn.answer]
    assert len(whole) >= 6, "the base writes them about other diseases, a broken model writes none"
    taught = {unseen.kb.disease_names[disease] for disease in unseen.diseases}
    names = [candidate.name for turn in whole for candidate in turn.answer]
    assert sum(name in taught for name in names) / len(names) >= 0.5


def test_the_bundle_diagnoses_a_note_from_the_command_line(exported, stage, tmp_path, monkeypatch):
    monkeypatch.setenv("RAREDX_CACHE", str(tmp_path / "cache"))
    facts = {
        "name": "tiny", "base": "from scratch", "recipe": "recipes/tiny/internalize.yaml", "trained_diseases": 12,
        "knowledge_version": load().version, "data_sources": ["HPO"], "coverage": "12 diseases, for tests.",
        "accuracy": {}, "rankings": {"full": "scored", "short": "beam"}, "created": "2026-11-22",
    }  # fmt: skip
    (tmp_path / "facts.yaml").write_text(json.dumps(facts))
    invoke("export", "bundle", str(exported), str(tmp_path / "bundle"), "--facts", str(tmp_path / "facts.yaml"))
    note = tmp_path / "note.txt"
    note.write_text("Female, 5 years.\nFindings: Seizure; Microcephaly; Short stature.\nAbsent: Ataxia.")
    for extra, form in ((["--fast"], "short"), ([], "full")):
        said = invoke("diagnose", str(note), "--model", str(tmp_path / "bundle"), "--format", "json", "--quiet", *extra)
        result = json.loads(said)
        assert result["settings"]["form"] == form
        assert result["coverage"]["diseases"] == 12
        assert 1 <= len(result["candidates"]) <= 10
        linked = [candidate for candidate in result["candidates"] if candidate["id"]]
        assert linked, "names the model was taught link to ids"
        for finding in result["diagnosis"]["findings"]:
            if finding["span"]:
                words = result["note"][finding["span"]["start"] : finding["span"]["end"]]
                assert words.lower() == finding["quote"].lower()
