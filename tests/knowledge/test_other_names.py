"""The names by which people know a disease."""

from types import SimpleNamespace
from typing import Any

import pytest

from raredxr1.knowledge.describe import familiar_names


def base(label: str, *others: str) -> Any:
    imported = SimpleNamespace(synonyms={"OMIM:1": list(others)})
    return SimpleNamespace(disease_names=[label], disease_records=[(0,)], record_ids=["OMIM:1"], imported=imported)


@pytest.mark.parametrize(
    ("label", "others", "named"),
    [
        (
            "Glycogen storage disease due to acid maltase deficiency",
            ["deficiency of maltase", "GSD II", "GSD2", "Pompe disease", "Cardiomegalia Glycogenica diffusa"],
            ["Pompe disease", "GSD2"],
        ),
        ("Hereditary hemorrhagic telangiectasia", ["Rendu-Osler disease", "HHT"], ["Rendu-Osler disease", "HHT"]),
        ("Palindromic rheumatism", ["Hench-Rosenberg syndrome", "Hench's syndrome"], ["Hench's syndrome"]),
        ("Wilson disease", ["Westphal-Strumpell syndrome", "WND"], ["WND"]),  # it is known by its own
        ("Fabry disease", ["Anderson-Fabry disease"], []),  # says nothing new
        ("Myophosphorylase deficiency of muscle", ["McArdle disease", "PYGM deficiency"], ["McArdle disease"]),
        ("Encephalitis lethargica", ["von Economo disease"], ["von Economo disease"]),
        ("Marfan syndrome", [], []),
    ],
)
def test_an_eponym_and_an_abbreviation(label: str, others: list[str], named: list[str]) -> None:
    assert familiar_names(base(label, *others), 0) == named
