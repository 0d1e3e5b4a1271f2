"""Reading hp.obo and phenotype.hpoa: what is kept, and how a broken line is named."""

import pytest

from raredxr1.errors import InputError
from raredxr1.knowledge.hpoa import frequency_of, read_genes, read_hpoa
from raredxr1.knowledge.obo import Synonym, read_obo
from tiny_knowledge import HPOA_HEADER, hpoa_text, obo_text


def test_a_term_is_read_whole() -> None:
    ontology = read_obo(obo_text().splitlines(keepends=True))
    terms = {term.id: term for term in ontology.terms}
    seizure = terms["HP:0001250"]
    assert ontology.version == "2024-01-01"
    assert (seizure.name, seizure.definition) == ("Seizure", "What Seizure is.")
    assert seizure.synonyms == [
        Synonym("Seizures", "EXACT", "plural_form"),
        Synonym("Epilepsy", "RELATED", "layperson"),
    ]
    assert (seizure.parents, seizure.alternative_ids) == (["HP:0000707"], ["HP:0001275"])
    assert (terms["HP:0002348"].obsolete, terms["HP:0002348"].replaced_by) == (True, "HP:0000252")
    assert "part_of" not in terms


def test_quotes_and_backslashes_are_unescaped() -> None:
    lines = ["data-version: 1", "[Term]", "id: HP:0000001", "name: A", r'def: "A \"loud\" sound,\n  he\:re." []']
    assert read_obo(lines).terms[0].definition == 'A "loud" sound, he:re.'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("id: MP:1", "line 3: not an HPO id: 'MP:1'"),
        ("def: no quotes", "line 3: no quoted text"),
        ('synonym: "a" SOMEHOW []', "line 3: unknown synonym scope 'SOMEHOW'"),
        ("is_a: HP:12", "line 3: not an HPO id: 'HP:12'"),
        ("comment: nothing else", "line 2: a term without id or name"),
    ],
)
def test_a_broken_ontology_is_named_by_line(line: str, said: str) -> None:
    with pytest.raises(InputError, match="hp.obo " + said):
        read_obo(["data-version: 1", "[Term]", line])


def test_an_id_may_not_stand_twice() -> None:
    term = ["[Term]", "id: HP:0000001", "name: A"]
    with pytest.raises(InputError, match="line 5: HP:0000001 stands twice"):
        read_obo(["data-version: 1", *term, *term])


def test_something_else_is_no_ontology() -> None:
    with pytest.raises(InputError, match="not an OBO ontology"):
        read_obo(["<html>"])


def row(**changed: str) -> str:
    cells = dict(
        zip(
            HPOA_HEADER.strip().split("\t"),
            ["OMIM:1", "A", "", "HP:0001250", "PMID:1", "PCS", "HP:0003593", "3/7", "MALE", "HP:0012828", "P", "x[1]"],
            strict=True,
        )
    )
    return "\t".join({**cells, **changed}.values()) + "\n"


def test_an_annotation_is_read_whole() -> None:
    (one,) = read_hpoa(["#version: 1\n", HPOA_HEADER, row(qualifier="NOT")]).rows
    assert (one.disease_id, one.hpo_id, one.negated, one.frequency) == ("OMIM:1", "HP:0001250", True, "3/7")
    assert (one.onset, one.sex, one.modifier, one.reference) == ("HP:0003593", "male", "HP:0012828", "PMID:1")
    assert read_hpoa(hpoa_text().splitlines(keepends=True)).version == "2024-01-02"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"frequency": "7/3"}, "impossible frequency '7/3'"),
        ({"frequency": "0/0"}, "impossible frequency '0/0'"),
        ({"frequency": "often"}, "unknown frequency 'often'"),
        ({"qualifier": "MAYBE"}, "unknown qualifier 'MAYBE'"),
        ({"sex": "both"}, "unknown sex 'both'"),
        ({"aspect": "Z"}, "unknown aspect 'Z'"),
        ({"database_id": "FOO:1"}, "not an OMIM, ORPHA or DECIPHER id: 'FOO:1'"),
        ({"hpo_id": "1250"}, "not an HPO id: '1250'"),
        ({"sex": "\t"}, "13 columns, expected 12"),
    ],
)
def test_a_broken_annotation_is_named_by_line(changed: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=f"phenotype.hpoa line 4: {said}"):
        read_hpoa(["#version: 1\n", HPOA_HEADER, row(), row(**changed)])


@pytest.mark.parametrize("lines", [[], ["#version: 1\n", HPOA_HEADER], [HPOA_HEADER, row()]])
def test_annotations_need_a_version_and_a_row(lines: list[str]) -> None:
    with pytest.raises(InputError, match=r"no #version or no annotation"):
        read_hpoa(lines)


def test_other_columns_are_refused() -> None:
    with pytest.raises(InputError, match=r"line 2: columns are \['a', 'b'\]"):
        read_hpoa(["#version: 1\n", "a\tb\n"])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("", None), ("3/7", (3 / 7, 7.0)), ("45%", (0.45, 10.0)), ("12.5%", (0.125, 10.0)), ("HP:0040283", (0.17, 10.0))],
)
def test_a_frequency_is_a_fraction_a_percentage_or_a_term(cell: str, expected: tuple[float, float] | None) -> None:
    assert frequency_of(cell) == expected


def test_genes_are_read_by_column_name() -> None:
    lines = ["x\tgene_symbol\tdisease_id\n", "1\tB\tOMIM:1\n", "1\tA\tOMIM:1\n", "1\tA\tOMIM:1\n"]
    assert read_genes(lines) == {"OMIM:1": ["A", "B"]}
    with pytest.raises(InputError, match="line 3: 1 columns, expected 3"):
        read_genes([*lines[:2], "1\n"])
    with pytest.raises(InputError, match="line 1: no columns gene_symbol and disease_id"):
        read_genes(["a\tb\n"])
