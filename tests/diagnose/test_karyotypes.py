"""Diagnoses that a karyotype or an array states."""

import pytest

from raredxr1.data import table
from raredxr1.diagnose.already import already_diagnosed
from raredxr1.diagnose.names import Names, open_names


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names()


@pytest.mark.parametrize(
    ("note", "disease"),
    [
        ("Karyotype 47,XXY.", "Klinefelter syndrome"),
        ("Karyotype 45,X[22]/46,X,i(Xq)[8]", "Turner syndrome"),
        ("Array and FISH: 46,XY,del(22)(q11.2q11.2) de novo", "22q11.2 deletion syndrome"),
        ("47, XX, +21", "Down syndrome"),
        ("arr[GRCh37] 22q11.21(18900000_21400000)x1", "22q11.2 deletion syndrome"),
        ("His sister has 47,XXX.", None),
        ("No evidence of 47,XXY.", None),
        ("Mosaic 45,X/46,XY.", None),
        ("CVS 46,XX, normal.", None),
    ],
)
def test_a_karyotype_states_a_diagnosis(note: str, disease: str | None, names: Names) -> None:
    found = already_diagnosed(note, names)
    assert [one.name for one in found] == ([disease] if disease else [])
    assert all(note[one.start : one.end] == one.quote for one in found)


def test_every_disease_of_the_table_is_known_by_name(names: Names) -> None:
    for row in table("karyotypes"):
        link = names.linker.disease(row["disease"])
        assert link is not None and link.rule != "fuzzy"
