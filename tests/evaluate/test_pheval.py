"""PhEval's result files: its columns, its ranks, its way of writing a miss."""

import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from judged_cases import case

from raredxr1.errors import InputError
from raredxr1.evaluate.judging import Judgement
from raredxr1.evaluate.pheval import FOLDER, write_pheval
from raredxr1.evaluate.rows import Answer, Prediction
from raredxr1.knowledge import KnowledgeBase, load


def judgement(rank: int, level: str | None) -> Judgement:
    return Judgement.model_validate({"rank": rank, "name": "n", "level": level, "rule": "id"})


def read(path: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(path).to_pylist()
    return rows


def test_a_hit_and_a_miss(tmp_path: Path) -> None:
    kb = load()
    hit = Prediction(
        case_id="PMID_1 patient/2",
        answer=[
            Answer(rank=1, name="Angelman syndrome", id="OMIM:105830", score=9.0),
            Answer(rank=2, name="Rett", id=None),
            Answer(rank=3, name="Marfan syndrome", id="OMIM:154700", score=2.0),
        ],
    )
    hit_case = case(
        0, 2, names=[judgement(1, None), judgement(2, "strict"), judgement(3, None)], gold_ids=["OMIM:312750"]
    )
    miss = Prediction(case_id="b", status="failed", reason="x")
    folder = write_pheval(tmp_path, [hit, miss], [hit_case, case(1, gold_ids=["ORPHA:778", "OMIM:312750"])], kb)
    assert folder == tmp_path / FOLDER
    table = pq.read_table(folder / "PMID_1_patient_2-disease_result.parquet")
    assert table.column_names == ["rank", "score", "disease_identifier", "mondo_identifier", "true_positive"]
    rows = table.to_pylist()
    assert [(r["rank"], r["disease_identifier"], r["true_positive"]) for r in rows] == [
        (1, "OMIM:105830", False), (2, "OMIM:312750", True), (3, "OMIM:154700", False),
    ]  # fmt: skip
    assert [r["score"] for r in rows] == sorted((r["score"] for r in rows), reverse=True)
    assert read(folder / "b-disease_result.parquet") == [
        {"rank": 0, "score": 0.0, "disease_identifier": "OMIM:312750", "mondo_identifier": "MONDO:0010726",
         "true_positive": True},
    ]  # fmt: skip


def test_scores_that_fall_are_kept(tmp_path: Path) -> None:
    answer = [
        Answer(rank=1, name="a", id="OMIM:105830", score=3.5),
        Answer(rank=2, name="b", id="OMIM:154700", score=3.5),
    ]
    folder = write_pheval(
        tmp_path, [Prediction(case_id="a", answer=answer)], [case(0, gold_ids=["OMIM:312750"])], load()
    )
    assert [row["score"] for row in read(folder / "a-disease_result.parquet")] == [3.5, 3.5, 0.0]


def test_cases_whose_names_make_one_file_name_get_two(tmp_path: Path) -> None:
    predictions = [Prediction(case_id="a b"), Prediction(case_id="a/b")]
    folder = write_pheval(tmp_path, predictions, [case(0), case(1)], load())
    assert len(list(folder.iterdir())) == 2


def test_mondo_ids_are_used_where_an_import_brought_them(tmp_path: Path, named_kb: KnowledgeBase) -> None:
    answer = [Answer(rank=1, name="a", id="OMIM:312750", score=3.5)]
    folder = write_pheval(tmp_path, [Prediction(case_id="a", answer=answer)], [case(0)], named_kb)
    assert read(folder / "a-disease_result.parquet")[0]["mondo_identifier"] == "MONDO:0010726"


def test_without_pyarrow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match="needs pyarrow: pip install"):
        write_pheval(tmp_path, [], [], load())
