"""The presentations that the ranking by words learns from: complete rows about diseases that can be named."""

from collections import Counter
from pathlib import Path

from raredxr1.internalize.text_ranker.documents import Diseases, rows_of
from raredxr1.knowledge import load, names

TABLE = Path(__file__).parents[2] / "recipes" / "text_ranker" / "presentations.tsv"


def test_every_presentation_is_of_a_candidate_and_does_not_name_it() -> None:
    diseases = Diseases(load())
    rows = list(rows_of(TABLE))
    assert len(rows) > 10_000
    assert [row["id"] for row in rows if not diseases.of([row["id"]], [])] == []
    assert [row["id"] for row in rows if len(row["presentation"].split()) < 20] == []
    assert [pair for pair, n in Counter((row["id"], row["presentation"]) for row in rows).items() if n > 1] == []
    kb = diseases.kb
    named = [
        row["id"]
        for row in rows
        if f" {names.plain(kb.disease_names[kb.disease(row['id'])])} " in f" {names.plain(row['presentation'])} "  # type: ignore[index]
    ]
    assert named == []
