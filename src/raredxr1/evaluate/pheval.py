"""PhEval's result files: one parquet a case in `pheval_disease_results/`, as PhEval 0.7 writes and reads them.

Columns: rank, score, disease_identifier, mondo_identifier, true_positive. As PhEval does, the right disease is appended
with rank and score 0 where a system did not name it, so that a miss is counted. A name without an id has no place in
this format; ranks stay as they were, so an unlinked first name still costs its rank.
"""

import importlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from raredxr1.errors import extra
from raredxr1.evaluate.judging import JudgedCase
from raredxr1.evaluate.rows import Answer, Prediction
from raredxr1.knowledge import KnowledgeBase

FOLDER = "pheval_disease_results"


def write_pheval(out: Path, predictions: Sequence[Prediction], judged: Sequence[JudgedCase], kb: KnowledgeBase) -> Path:
    """Write the files; returns their folder.

    Raises:
        InputError: pyarrow is not installed.
    """
    with extra("PhEval's format", "parquet"):
        pyarrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    schema = pyarrow.schema(
        [
            ("rank", pyarrow.int64()),
            ("score", pyarrow.float64()),
            ("disease_identifier", pyarrow.string()),
            ("mondo_identifier", pyarrow.string()),
            ("true_positive", pyarrow.bool_()),
        ]
    )
    mondo = {record: other for other, record in kb.imported.xrefs.items() if other.startswith("MONDO:")}
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    used: dict[str, int] = {}
    for prediction, case in zip(predictions, judged, strict=True):
        stem = re.sub(r"[^\w.-]+", "_", prediction.case_id)
        used[stem] = used.get(stem, 0) + 1
        name = stem if used[stem] == 1 else f"{stem}-{used[stem]}"
        table = pyarrow.Table.from_pylist(_rows(prediction, case, kb, mondo), schema=schema)
        parquet.write_table(table, folder / f"{name}-disease_result.parquet", compression="zstd")
    return folder


def _rows(prediction: Prediction, case: JudgedCase, kb: KnowledgeBase, mondo: dict[str, str]) -> list[dict[str, Any]]:
    right = {one.rank for one in case.names if one.level == "strict"}
    gold = next((i for i in case.gold_ids if i.startswith("OMIM:")), next(iter(case.gold_ids), None))
    rows = []
    for answer, score in zip(prediction.answer, _scores(prediction.answer), strict=True):
        record = answer.id or (gold if answer.rank in right else None)
        if record:
            ids = {"disease_identifier": record, "mondo_identifier": _mondo(record, kb, mondo)}
            rows.append({"rank": answer.rank, "score": score, **ids, "true_positive": answer.rank in right})
    if not any(row["true_positive"] for row in rows) and gold:
        missed = {"disease_identifier": gold, "mondo_identifier": _mondo(gold, kb, mondo)}
        rows.append({"rank": 0, "score": 0.0, **missed, "true_positive": True})
    return rows


def _scores(answer: Sequence[Answer]) -> list[float]:
    """PhEval sorts by score: where a system gives none that falls with the rank, one over the rank does."""
    given = [one.score if one.score is not None else one.confidence for one in answer]
    known = [score for score in given if score is not None]
    if len(known) == len(given) and known == sorted(known, reverse=True):
        return known
    return [1.0 / one.rank for one in answer]


def _mondo(record: str, kb: KnowledgeBase, mondo: dict[str, str]) -> str:
    """Mondo id, where an import brought it; as in PhEval, the id itself where not."""
    disease = kb.disease(record)
    ids = [record] if disease is None else [record, *kb.disease_ids(disease)]
    return next((mondo[i] for i in ids if i in mondo), record)
