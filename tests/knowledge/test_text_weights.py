"""Words of a note, and the weights that rank diseases by them."""

from pathlib import Path

import numpy as np
import pytest

from raredxr1.errors import InputError
from raredxr1.knowledge.text_ranker import ADDED, TEXT_RANKER, UNSURE, TextRanker, carried
from raredxr1.knowledge.wording import grams, hashed
from tiny_knowledge import make_tiny_kb


def test_words_are_stemmed_and_pairs_reach_over_stop_words() -> None:
    counted = grams("Loss of hearing; the child HAD hearing losses, oedema and café-au-lait spots.")
    assert counted["hear"] == counted["loss"] == 2
    assert counted["loss hear"] == 1  # over "of"
    assert counted["edema"] == 1
    assert "cafe" in counted
    assert not {"of", "the", "had"} & set(counted)


def test_a_note_finds_the_disease_its_words_are_about(tmp_path: Path) -> None:
    ranker = TextRanker(make_tiny_kb(tmp_path))
    found = ranker.rank("Tall boy with long fingers, lens dislocation and a dilated aortic root.", 3)
    assert found[0][0] == make_tiny_kb(tmp_path / "again").disease("OMIM:154700")
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert ranker.rank("xqzzy", 3) == []
    assert ranker.meta["sources"]


def test_labels_of_findings_count_half_a_word_that_the_note_does_not_say(tmp_path: Path) -> None:
    ranker = TextRanker(make_tiny_kb(tmp_path))
    note, label = "His eyes are wrong.", "Ectopia lentis"
    plain, labelled = ranker.scores(note), ranker.scores(note, [label])
    assert np.allclose(labelled - plain, ADDED * ranker.scores(label), atol=1e-4)
    assert (labelled != plain).any()
    assert np.allclose(ranker.scores(f"{note} {label}", [label]), ranker.scores(f"{note} {label}"))


def test_findings_rank_the_diseases_that_have_them_and_more_general_ones_count_too(tmp_path: Path) -> None:
    kb = make_tiny_kb(tmp_path)
    ranker, fingers = TextRanker(kb), kb.term_names.index("Arachnodactyly")
    marfan = kb.disease("OMIM:154700")
    assert ranker.best(ranker.finding_scores([fingers], kb), 3)[0][0] == marfan
    assert not ranker.finding_scores([], kb).any()
    sure, held_possible = ranker.finding_scores([fingers], kb), ranker.finding_scores([], kb, [fingers])
    assert np.allclose(held_possible, UNSURE * sure)
    assert np.allclose(ranker.finding_scores([fingers], kb, [fingers]), sure)
    grams = carried([fingers], kb)
    assert grams[0] == kb.term_ids[fingers]
    assert set(grams) <= {kb.term_ids[term] for term in kb.term_ancestors[fingers]}
    assert len(set(grams)) == len(grams)


def test_no_word_stands_in_the_file() -> None:
    with np.load(TEXT_RANKER) as file:
        assert file["grams"].dtype == np.uint32
        assert set(file.files) == {"meta", "ids", "grams", "starts", "rows", "weights"}
        assert hashed("hear") in file["grams"]


def test_what_is_no_ranker_is_said_to_be_none(tmp_path: Path) -> None:
    kb = make_tiny_kb(tmp_path)
    with pytest.raises(InputError, match="no text ranker here"):
        TextRanker(kb, tmp_path / "none.npz")
    (tmp_path / "bad.npz").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(InputError, match="damaged"):
        TextRanker(kb, tmp_path / "bad.npz")
