"""Training the text ranker over the tiny knowledge base: what texts and narratives say comes back when asked."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from raredxr1.errors import InputError
from raredxr1.internalize.text_ranker.config import TextRankerConfig
from raredxr1.internalize.text_ranker.documents import Diseases
from raredxr1.internalize.text_ranker.narratives import Labeller, Seen
from raredxr1.internalize.text_ranker.train import train
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.text_ranker import TextRanker
from tiny_knowledge import make_tiny_kb

pytestmark = pytest.mark.slow

UMBRELLAS = "A woman who collects seven rare and costly umbrellas in her small red house near the sea"
RETT, MARFAN = "OMIM:312750", "OMIM:154700"


@pytest.fixture
def kb(tmp_path: Path) -> KnowledgeBase:
    return make_tiny_kb(tmp_path)


def write(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def config(folder: Path, kb: KnowledgeBase, **more: object) -> TextRankerConfig:
    texts = [
        {"id": RETT, "label": "Rett syndrome", "synonyms": [], "definition": "Girls lose purposeful hand use."},
        {"disease": "Marfan syndrome", "ids": [], "synonyms": [], "text": "Trampolines are dangerous for them."},
        {"disease": "Atlantis fever", "ids": [], "synonyms": [], "text": "Nobody has seen it."},
    ]
    narratives = [
        {
            "doc_id": "1",
            "text": "He had watery stool. A diagnosis of Marfan syndrome was made, Rett syndrome was excluded.",
        },
        {"doc_id": "2", "text": f"{UMBRELLAS} was diagnosed with Marfan syndrome."},
    ]
    left = [{"case_id": "x", "note": f"{UMBRELLAS}. She is tall.", "gold": []}]
    given = {
        "out": folder / "ranker",
        "knowledge": kb.path,
        "texts": [{"path": write(folder / "texts.jsonl", texts), "source": "own words", "licence": "CC0"}],
        "narratives": [{"path": write(folder / "told.jsonl", narratives), "source": "own words", "licence": "CC0"}],
        "leave_out": [{"path": write(folder / "cases.jsonl", left)}],
        "folds": 2,
    }
    return TextRankerConfig.model_validate(given | more)


def test_texts_and_narratives_become_weights(kb: KnowledgeBase, tmp_path: Path) -> None:
    path = train(config(tmp_path, kb), quiet=True)
    ranker = TextRanker(kb, path)
    assert ranker.rank("does not use her hands with purpose", 1)[0][0] == kb.disease(RETT)
    assert ranker.rank("he jumped on trampolines", 1)[0][0] == kb.disease(MARFAN)
    assert kb.disease(MARFAN) in dict(ranker.rank("watery stool", 9))  # learned from the narrative
    assert ranker.rank("umbrellas", 1) == []  # of a narrative that shares its words with a case for measuring
    manifest = json.loads((tmp_path / "ranker" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"]["texts of texts.jsonl"] == 2
    assert manifest["counts"]["narratives left out"] == 1
    assert manifest["sources"] == ["own words (CC0)", "own words (CC0)"]
    assert train(config(tmp_path, kb), quiet=True) == path  # complete: not run again


def test_a_table_says_how_diseases_present(kb: KnowledgeBase, tmp_path: Path) -> None:
    table = tmp_path / "presentations.tsv"
    table.write_text(f'id\tpresentation\n{RETT}\tA girl "wrings" her hands, and giggles at night.\n', encoding="utf-8")
    source = {"path": table, "source": "own words", "licence": "CC0"}
    ranker = TextRanker(kb, train(config(tmp_path, kb, presentations=[source]), quiet=True))
    assert ranker.rank("giggling at night", 1)[0][0] == kb.disease(RETT)
    table.write_text(f"id\tpresentation\n{RETT}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"presentations\.tsv: line 2"):
        train(config(tmp_path, kb, presentations=[source], out=tmp_path / "other"), quiet=True)


def test_findings_that_a_text_states_become_weights(kb: KnowledgeBase, tmp_path: Path) -> None:
    table = tmp_path / "presentations.tsv"
    rows = [f"{RETT}\tThe girl has hearing impairment and no diarrhea.", f"{MARFAN}\tThe boy has watery eyes."]
    table.write_text("\n".join(["id\tpresentation", *rows]) + "\n", encoding="utf-8")
    source = {"path": table, "source": "own words", "licence": "CC0"}
    plain = TextRanker(kb, train(config(tmp_path, kb), quiet=True))
    taught = TextRanker(kb, train(config(tmp_path, kb, presentations=[source], out=tmp_path / "taught"), quiet=True))

    def says(ranker: TextRanker, label: str, disease: str) -> float:
        term = kb.term_names.index(label)
        return float(ranker.by_disease(ranker.finding_scores([term], kb))[kb.disease(disease)])

    assert says(taught, "Hearing impairment", RETT) > says(plain, "Hearing impairment", RETT)
    assert says(taught, "Diarrhea", RETT) == says(plain, "Diarrhea", RETT)  # denied there


def test_a_narrative_is_of_the_disease_it_is_diagnosed_with(kb: KnowledgeBase) -> None:
    labeller = Labeller(kb, Diseases(kb))
    told = labeller.label("She was diagnosed with Rett syndrome. Marfan syndrome was excluded.")
    assert told is not None
    assert told.diseases == (kb.disease(RETT),)
    assert "Rett" not in told.text
    assert labeller.label("Family history of Rett syndrome; she herself is well.") is None


def test_a_case_is_known_again_when_a_few_words_differ() -> None:
    note = "A boy of six came with fever and a rash on both arms since last week and would not eat."
    seen = Seen([note])
    assert seen.holds(f"Report. {note.replace('eat', 'drink')} He recovered.")
    assert not seen.holds("A boy of six came with a broken arm and went home after some hours with a cast on it.")


def test_a_missing_file_is_named(kb: KnowledgeBase, tmp_path: Path) -> None:
    missing = [{"path": tmp_path / "none.jsonl", "source": "", "licence": ""}]
    with pytest.raises(InputError, match=r"none\.jsonl: cannot be read"):
        train(config(tmp_path, kb, texts=missing), quiet=True)
