"""The stage that trains the encoder, on a BERT of two small layers: learns, resumes, ships what inference reads."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from raredxr1.encoder.config import EncoderConfig
from raredxr1.encoder.train import train_encoder
from raredxr1.errors import InputError
from raredxr1.knowledge.extraction.encoder_model import EncoderModel
from raredxr1.knowledge.extraction.phrase_linker import PhraseLinker
from raredxr1.knowledge.extraction.span_tagger import SpanTagger
from raredxr1.recipe import read_config
from tiny_encoder import make_tiny_bert
from tiny_knowledge import make_tiny_kb

pytestmark = pytest.mark.slow

RECIPE = Path(__file__).parents[2] / "recipes" / "encoder" / "encoder.yaml"
ROWS = (
    ("The patient had seizures and a small head, but no ataxia.", [(16, 24, "HP:0001250"), (31, 41, "HP:0000252")]),
    ("Severe hearing impairment was noted. The father is well.", [(7, 25, "HP:0000365")]),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    make_tiny_bert(folder / "base")
    make_tiny_kb(folder)
    with gzip.open(folder / "marked.jsonl.gz", "wt") as file:
        for text, marks in ROWS:
            annotations = [{"hpo": i, "raw": [str(a), str(b), text[a:b], i]} for a, b, i in marks]
            file.write(json.dumps({"doc_id": "d", "text": text, "annotations": annotations}) + "\n")
    with gzip.open(folder / "plain.jsonl.gz", "wt") as file:
        file.write(
            json.dumps({"text": "He had microcephaly and a large head. He was seen by a doctor on Monday."}) + "\n"
        )
    return folder


def settings(folder: Path, name: str, **changes: object) -> EncoderConfig:
    values = {
        "out": str(folder / name),
        "base": str(folder / "base"),
        "knowledge": str(folder / "knowledge.npz"),
        "annotated": [{"path": str(folder / "marked.jsonl.gz"), "licence": "MIT", "part": "all"}],
        "texts": [{"path": str(folder / "plain.jsonl.gz"), "licence": "CC0"}],
        "frozen_layers": 0, "dimensions": 16, "phrase_batch": 8, "sentence_batch": 6, "steps": 60, "notes": 20,
        "learning_rate": 3e-3, "head_learning_rate": 1e-2, "log_steps": 20,
    }  # fmt: skip
    return EncoderConfig.model_validate(values | changes)


def test_a_small_run_learns_and_ships_what_inference_reads(folder: Path) -> None:
    config = settings(folder, "run")
    shipped = train_encoder(config, quiet=True)
    rows = [json.loads(line) for line in (config.out / "metrics.jsonl").read_text().splitlines()]
    assert rows[-1]["linker"] < rows[0]["linker"] and rows[-1]["tagger"] < rows[0]["tagger"]
    manifest = json.loads((shipped / "manifest.json").read_text())
    assert set(manifest["facts"]["files"]) == {
        "model.bin", "config.json", "vocabulary.json", "tokenizer.json", "heads.npz", "names.npz",
    }  # fmt: skip
    assert any("marked.jsonl.gz, MIT" in source for source in manifest["sources"])
    model = EncoderModel(shipped)
    (matches,) = PhraseLinker(model).link(["microcephaly"])
    assert matches[0].hpo_id == "HP:0000252" and matches[0].similarity > 0.5
    assert all(np.isclose(np.linalg.norm(row), 1, atol=1e-4) for row in model.phrase_vectors(["ataxia", "deafness"]))
    assert SpanTagger(model).read("The patient had seizures.").probability(16, 24) > 0.1


def test_no_text_learned_from_is_in_what_is_shipped(folder: Path) -> None:
    shipped = train_encoder(settings(folder, "run"), quiet=True)
    with np.load(shipped / "names.npz") as table:
        names = str(table["texts"][0])
    assert "seizures" in names and "small head" in names
    for file in shipped.iterdir():
        assert b"doctor on Monday" not in file.read_bytes()
        assert b"The father is well" not in file.read_bytes()


def test_an_interrupted_run_ends_as_one_that_was_not(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = settings(folder, "whole", steps=8, save_minutes=1e-9)
    train_encoder(whole, quiet=True)
    broken = settings(folder, "broken", steps=8, save_minutes=1e-9)
    from raredxr1.encoder.batches import Batches

    original = Batches.sentences

    def fail(self: Batches, step: int) -> object:
        if step == 5:
            raise KeyboardInterrupt
        return original(self, step)

    monkeypatch.setattr(Batches, "sentences", fail)
    with pytest.raises(KeyboardInterrupt):
        train_encoder(broken, quiet=True)
    monkeypatch.setattr(Batches, "sentences", original)
    train_encoder(broken, quiet=True)
    first, second = (EncoderModel(c.out / "asset").phrase_vectors(["small head"]) for c in (whole, broken))
    assert np.allclose(first, second, atol=1e-3)


def test_a_finished_run_is_not_run_again_and_not_overwritten(folder: Path) -> None:
    train_encoder(settings(folder, "whole", steps=8, save_minutes=1e-9), quiet=True)
    with pytest.raises(InputError, match="other settings"):
        train_encoder(settings(folder, "whole", steps=9, save_minutes=1e-9), quiet=True)


def test_a_base_that_is_none_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tokenizer"):
        train_encoder(settings(folder, "bad", base=str(tmp_path)), quiet=True)


def test_the_recipe_is_readable() -> None:
    config = read_config(EncoderConfig, RECIPE, [])
    assert config.annotated and all(source.licence for source in config.files)
