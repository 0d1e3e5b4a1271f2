"""Training the ranker by meaning, a BERT of two layers over the tiny knowledge base: notes come near their texts."""

import json
from pathlib import Path

import numpy as np
import pytest

from raredxr1.errors import InputError
from raredxr1.internalize.meaning_ranker.config import MeaningRankerConfig
from raredxr1.internalize.meaning_ranker.pairs import Pairs
from raredxr1.internalize.meaning_ranker.train import _either, train
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.extraction.encoder_model import TextEncoder
from raredxr1.knowledge.meaning_ranker import DISEASES, MOST, MeaningRanker
from raredxr1.recipe import read_config
from tiny_encoder import make_tiny_bert
from tiny_knowledge import make_tiny_kb

pytestmark = pytest.mark.slow

RECIPE = Path(__file__).parents[2] / "recipes" / "meaning_ranker" / "meaning_ranker.yaml"
RETT, MARFAN = "OMIM:312750", "OMIM:154700"
TOLD = {
    RETT: ("A girl with a small head had seizures and ataxia.", "Severe intellectual disability and a small head."),
    MARFAN: ("Long slender fingers and widely spaced eyes.", "He had long fingers and deafness; a large head."),
}


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return make_tiny_kb(tmp_path_factory.mktemp("kb"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("meaning")
    make_tiny_bert(folder / "base")
    rows = [f"{disease}\t{text}" for disease, texts in TOLD.items() for text in texts]
    (folder / "presentations.tsv").write_text("\n".join(["id\tpresentation", *rows]) + "\n", encoding="utf-8")
    (folder / "words").mkdir()
    return folder


def config(folder: Path, kb: KnowledgeBase, **more: object) -> MeaningRankerConfig:
    source = {"path": folder / "presentations.tsv", "source": "own words", "licence": "CC0"}
    given = {
        "out": folder / "ranker", "knowledge": kb.path, "base": folder / "base", "texts": [], "presentations": [source],
        "steps": 30, "frozen_layers": 0, "learning_rate": 3e-3, "groups": 2, "group": 2,
    }  # fmt: skip
    return MeaningRankerConfig.model_validate(given | more)


def test_notes_come_near_the_texts_of_their_disease(folder: Path, kb: KnowledgeBase) -> None:
    asset = train(config(folder, kb), quiet=True)
    ranker = MeaningRanker(kb, asset)
    for disease, (_, note) in TOLD.items():
        scores = ranker.scores(note)
        assert int(np.nanargmax(scores)) == kb.disease(disease)
        assert np.nanmax(scores) <= 1.001
    manifest = json.loads((asset / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"]["presentations"] == 4
    assert manifest["sources"] == ["own words (CC0)"]
    assert train(config(folder, kb), quiet=True) == asset  # complete: not run again


def test_it_goes_on_where_it_was_stopped(folder: Path, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = config(folder, kb, out=folder / "stopped", save_minutes=1e-9)
    whole, seen = Pairs.batch, list[int]()

    def batch(self: Pairs, step: int) -> object:
        seen.append(step)
        if len(seen) == 20:
            raise KeyboardInterrupt
        return whole(self, step)

    monkeypatch.setattr(Pairs, "batch", batch)
    with pytest.raises(KeyboardInterrupt):
        train(settings, quiet=True)
    stopped = train(settings, quiet=True)
    assert seen == [*range(20), *range(19, 30)]
    for_whole = np.load(train(config(folder, kb), quiet=True) / DISEASES)["vectors"].astype(int)
    assert np.abs(np.load(stopped / DISEASES)["vectors"] - for_whole).max() <= 2


def test_a_note_is_never_its_own_text_and_a_step_draws_the_same_again(folder: Path, kb: KnowledgeBase) -> None:
    first, second = Pairs(config(folder, kb), kb), Pairs(config(folder, kb), kb)
    for step in range(20):
        batch = first.batch(step)
        assert batch == second.batch(step)
        assert len({pair.disease for pair in batch}) == len(batch) > 1
        assert all(pair.note not in pair.text for pair in batch)


def test_what_would_be_as_right_is_no_rival(folder: Path, kb: KnowledgeBase) -> None:
    pairs = Pairs(config(folder, kb), kb)
    a, b = pairs.batch(0)
    assert not _either([a, b], pairs.kin).any()
    assert _either([a._replace(right=(a.disease, b.disease)), b], pairs.kin).tolist() == [[False, True], [False, False]]
    kin = list(pairs.kin)
    kin[a.disease] = kin[b.disease]
    assert _either([a, b], kin).tolist() == [[False, True], [True, False]]


def test_what_is_no_ranker_is_refused(kb: KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no ranker"):
        MeaningRanker(kb, tmp_path)
    np.savez(tmp_path / DISEASES, meta=np.array([1], dtype=np.uint8))
    with pytest.raises(InputError, match="no ranker"):  # vectors alone
        MeaningRanker(kb, tmp_path)
    (tmp_path / "model.bin").touch()
    with pytest.raises(InputError, match="damaged"):
        MeaningRanker(kb, tmp_path)


def test_the_recipe_that_made_the_shipped_one_is_read() -> None:
    settings = read_config(MeaningRankerConfig, RECIPE, ["data=somewhere"])
    assert settings.steps * settings.groups * settings.group > 2 * 14_000  # more notes than there are presentations
    assert {file.path.suffix for file in settings.presentations} == {".tsv"}
    assert all(str(file.path).startswith("somewhere") for file in settings.texts)


def test_of_a_long_note_parts_that_are_evenly_spread_are_read(
    folder: Path, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[list[str]] = []
    monkeypatch.setattr(TextEncoder, "means", lambda _, texts: read.append(texts) or np.ones((len(texts), 32)))
    ranker = MeaningRanker(kb, train(config(folder, kb), quiet=True))
    pages = [f"Page {number}. " + "She was well. " * 30 for number in range(100)]
    for count in (3, 100):
        ranker.scores("\n".join(pages[:count]))
    assert len(read[0]) >= 3
    assert len(read[1]) <= MOST
    assert "Page 0." in read[1][0]
    assert any("Page 9" in part for part in read[1][-4:])
