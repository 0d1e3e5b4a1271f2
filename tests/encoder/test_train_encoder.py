"""The stage that trains the encoder, on a BERT of two small layers: learns, resumes, ships what inference reads."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from raredxr1.encoder.config import Annotated, EncoderConfig
from raredxr1.encoder.marked import NO_TERM, read_marked
from raredxr1.encoder.train import train_encoder
from raredxr1.errors import InputError
from raredxr1.knowledge import load
from raredxr1.knowledge.extraction.encoder_model import EncoderModel
from raredxr1.knowledge.extraction.phrase_linker import PhraseLinker
from raredxr1.knowledge.extraction.reader import FindingReader
from raredxr1.recipe import read_config
from tiny_encoder import make_tiny_bert
from tiny_knowledge import make_tiny_kb

pytestmark = pytest.mark.slow

RECIPE = Path(__file__).parents[2] / "recipes" / "encoder" / "encoder.yaml"
STATED = [
    ("The patient had seizures and a small head, but no ataxia.", [
        (16, 24, "HP:0001250", "present"), (31, 41, "HP:0000252", "present"), (50, 56, "HP:0001251", "absent"),
    ]),
    ("Severe hearing impairment was noted. The father is well.", [(7, 25, "HP:0000365", "present")]),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    make_tiny_bert(folder / "base")
    make_tiny_kb(folder)
    with (folder / "notes.jsonl").open("w") as file:
        for text, marks in STATED:
            annotations = [{"start": a, "end": b, "hpo": i, "state": state} for a, b, i, state in marks]
            file.write(json.dumps({"doc_id": "d", "text": text, "annotations": annotations}) + "\n")
    with gzip.open(folder / "marked.jsonl.gz", "wt") as file:
        for text, marks in STATED:
            annotations = [{"hpo": i, "raw": [str(a), str(b), text[a:b], i]} for a, b, i, _ in marks]
            file.write(json.dumps({"doc_id": "d", "text": text, "annotations": annotations}) + "\n")
    (folder / "texts.jsonl").write_text(
        "".join(json.dumps({"doc_id": i, "text": f"{i}: she has a small head."}) + "\n" for i in ("a", "b", "c"))
    )
    (folder / "marks.tsv").write_text(
        "doc_id\tstart\tend\thpo\tstate\nc\t13\t23\tHP:0000252\tpresent\na\t\t\t\t\nnone\t0\t1\t\tabsent\n"
    )
    (folder / "words.tsv").write_text(
        "term\tlabel\twording\nHP:0000252\tMicrocephaly\t(tiny|small) skull; little head\n"
    )
    return folder


def settings(folder: Path, name: str, **changes: object) -> EncoderConfig:
    values = {
        "out": str(folder / name),
        "base": str(folder / "base"),
        "knowledge": str(folder / "knowledge.npz"),
        "annotated": [
            {"path": str(folder / "notes.jsonl"), "licence": "Apache-2.0"},
            {"path": str(folder / "marked.jsonl.gz"), "licence": "MIT", "part": "development", "share": 0.5},
        ],
        "wordings": [str(folder / "words.tsv")],
        "windows": 6, "phrases_a_step": 8, "steps": 200, "notes": 20,
        "learning_rate": 3e-3, "head_learning_rate": 1e-2, "log_steps": 20,
    }  # fmt: skip
    return EncoderConfig.model_validate(values | changes)


def test_a_small_run_learns_and_ships_what_inference_reads(folder: Path) -> None:
    config = settings(folder, "run")
    shipped = train_encoder(config, quiet=True)
    rows = [json.loads(line) for line in (config.out / "metrics.jsonl").read_text().splitlines()]
    assert all(rows[-1][kind] < rows[0][kind] for kind in ("tag", "link", "phrase"))
    manifest = json.loads((shipped / "manifest.json").read_text())
    assert set(manifest["facts"]["files"]) == {
        "model.bin", "config.json", "vocabulary.json", "tokenizer.json", "heads.npz", "terms.npz",
    }  # fmt: skip
    assert any("marked.jsonl.gz, MIT" in source for source in manifest["sources"])
    assert manifest["counts"]["marks"] == 5  # the second row of the second file is its development part
    model = EncoderModel(shipped)
    (found,) = PhraseLinker(model).link(["small head"])
    assert "HP:0000252" in [one.hpo_id for one in found[:2]]
    read = FindingReader(model).read(STATED[0][0])
    assert [(one.start, one.state) for one in read] == [(16, "present"), (31, "present"), (50, "absent")]
    assert {one.term.hpo_id for one in read if one.term} <= {i for _, marks in STATED for _, _, i, _ in marks}


def test_no_text_learned_from_is_in_what_is_shipped(folder: Path) -> None:
    shipped = train_encoder(settings(folder, "run"), quiet=True)
    assert "Microcephaly" in EncoderModel(shipped).labels
    for file in shipped.iterdir():
        assert b"The father is well" not in file.read_bytes()
        assert b"little head" not in file.read_bytes()


def test_an_interrupted_run_ends_as_one_that_was_not(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = settings(folder, "whole", steps=8, save_minutes=1e-9)
    train_encoder(whole, quiet=True)
    broken = settings(folder, "broken", steps=8, save_minutes=1e-9)
    from raredxr1.encoder.examples import Examples

    original = Examples.windows

    def fail(self: Examples, step: int) -> object:
        if step == 5:
            raise KeyboardInterrupt
        return original(self, step)

    monkeypatch.setattr(Examples, "windows", fail)
    with pytest.raises(KeyboardInterrupt):
        train_encoder(broken, quiet=True)
    monkeypatch.setattr(Examples, "windows", original)
    train_encoder(broken, quiet=True)
    first, second = (EncoderModel(c.out / "asset").phrase_states(["small head"]) for c in (whole, broken))
    assert np.allclose(first, second, atol=1e-3)


def test_marks_stand_apart_from_texts_that_may_not_be_given_on(folder: Path) -> None:
    kb = load(folder / "knowledge.npz")
    source = Annotated(path=folder / "marks.tsv", texts=folder / "texts.jsonl", licence="MIT")
    without, with_mark = read_marked(source, kb)  # texts that no row names are left out
    assert without.marks == () and without.text.startswith("a:")
    (mark,) = with_mark.marks
    assert with_mark.text[mark.start : mark.end] == "small head" and kb.term_ids[mark.term] == "HP:0000252"
    with pytest.raises(InputError, match="texts"):
        read_marked(source.model_copy(update={"texts": None}), kb)


def test_a_mark_of_all_that_is_abnormal_has_no_term_to_learn(folder: Path, tmp_path: Path) -> None:
    text = "He had several abnormalities."
    marks = [{"start": 15, "end": 28, "hpo": "HP:0000118", "state": "present"}]
    row = json.dumps({"doc_id": "d", "text": text, "annotations": marks})
    (tmp_path / "root.jsonl").write_text(row + "\n")
    (example,) = read_marked(Annotated(path=tmp_path / "root.jsonl", licence="MIT"), load(folder / "knowledge.npz"))
    assert [mark.term for mark in example.marks] == [NO_TERM]


def test_a_finished_run_is_not_run_again_and_not_overwritten(folder: Path) -> None:
    train_encoder(settings(folder, "whole", steps=8, save_minutes=1e-9), quiet=True)
    with pytest.raises(InputError, match="other settings"):
        train_encoder(settings(folder, "whole", steps=9, save_minutes=1e-9), quiet=True)


def test_a_base_that_is_none_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tokenizer"):
        train_encoder(settings(folder, "bad", base=str(tmp_path)), quiet=True)


def test_the_recipe_is_readable() -> None:
    config = read_config(EncoderConfig, RECIPE, [])
    assert config.annotated and all(source.licence for source in config.annotated)
