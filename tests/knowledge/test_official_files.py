"""The official files as they come: what releases of the HPO have had in them, and how it is read."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.build import build
from raredxr1.knowledge.hpoa import read_genes, read_hpoa
from raredxr1.knowledge.obo import read_obo
from tiny_knowledge import HPOA_HEADER, obo_text, write_tiny_source


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_tiny_source(tmp_path / "source")


def changed(source: Path, name: str, change: Callable[[str], str]) -> KnowledgeBase:
    path = source / name
    path.write_bytes(change(path.read_text("utf-8")).encode())
    build(source, source.parent / "out.npz")
    return KnowledgeBase(source.parent / "out.npz")


def test_an_obsolete_stanza_without_a_name_is_left_out_with_a_note(source: Path) -> None:
    text = (source / "hp.obo").read_text("utf-8")
    (source / "hp.obo").write_text(text + "\n[Term]\nid: HP:0009999\nis_obsolete: true\nreplaced_by: HP:0001250\n")
    notes = build(source, source.parent / "out.npz")
    assert any("1 obsolete term(s) without a name left out (HP:0009999)" in note for note in notes)
    assert KnowledgeBase(source.parent / "out.npz").resolve_term("HP:0009999") is None


@pytest.mark.parametrize("form", ["HP_0001250", "http://purl.obolibrary.org/obo/HP_0001250", "HP:0001250 ! Seizure"])
@pytest.mark.parametrize("tag", ["replaced_by", "is_a", "alt_id"])
def test_ids_are_read_in_every_form_releases_have_used(form: str, tag: str) -> None:
    lines = ["data-version: 1", "[Term]", "id: HP:0000001", "name: A", f"{tag}: {form}"]
    term = read_obo(lines).terms[0]
    assert [*term.parents, *term.alternative_ids, *filter(None, [term.replaced_by])] == ["HP:0001250"]


def test_a_replacement_written_with_an_underscore_leads_to_the_term(source: Path) -> None:
    kb = changed(source, "hp.obo", lambda text: text.replace("replaced_by: HP:", "replaced_by: HP_"))
    assert kb.resolve_term("HP:0002348") == "HP:0000252"


@pytest.mark.parametrize("name", ["hp.obo", "phenotype.hpoa"])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text + "\n\n",
        lambda text: "".join(line.rstrip("\n") + " \n" for line in text.splitlines(keepends=True)),
    ],
    ids=["CRLF", "BOM", "empty lines", "spaces at the end"],
)
def test_line_ends_and_marks_change_nothing(source: Path, name: str, change: Callable[[str], str]) -> None:
    build(source, source.parent / "plain.npz")
    plain, kb = KnowledgeBase(source.parent / "plain.npz"), changed(source, name, change)
    assert (kb.version, kb.term_names, kb.record_names) == (plain.version, plain.term_names, plain.record_names)
    assert list(kb.frequencies) == list(plain.frequencies)


def test_terms_of_other_ontologies_are_passed_over() -> None:
    text = obo_text() + "\n[Term]\nid: UBERON:0000955\nname: brain\nis_a: CARO:0000003\n"
    assert [t.id for t in read_obo(text.splitlines()).terms] == [t.id for t in read_obo(obo_text().splitlines()).terms]


def test_a_synonym_without_a_scope_is_a_related_one() -> None:
    lines = ["data-version: 1", "[Term]", "id: HP:0000001", "name: A", 'synonym: "B" []']
    assert read_obo(lines).terms[0].synonyms[0].scope == "RELATED"


def table(header: str, *rows: dict[str, str], version: str = "#version: 2031-01-01") -> list[str]:
    columns = header.lstrip("#").split("\t")
    usual = {"database_id": "OMIM:1", "disease_name": "A", "hpo_id": "HP:0001250", "aspect": "P"}
    usual |= {"DatabaseID": "OMIM:1", "DiseaseName": "A", "HPO_ID": "HP:0001250", "Aspect": "P"}
    lines = ["\t".join((usual | row).get(column, "") for column in columns) for row in rows]
    return [version, header, *lines]


OLD = (
    "#DatabaseID\tDiseaseName\tQualifier\tHPO_ID\tReference\tEvidence\tOnset\tFrequency\tSex\tModifier\tAspect\t"
    "Biocuration"
)


def test_the_columns_of_older_releases_and_new_ones_are_found_by_name() -> None:
    assert read_hpoa(table(OLD, {"Frequency": "1/2"}, version="#date: 2021-08-02")).version == "2021-08-02"
    newer = HPOA_HEADER.strip() + "\tconfidence"
    assert read_hpoa(table(newer, {"frequency": "1/2", "confidence": "high"})).rows[0].frequency == "1/2"
    turned = "\t".join(reversed(newer.split("\t")))
    assert read_hpoa(table(turned, {"frequency": "1/2"})).rows[0].frequency == "1/2"


@pytest.mark.parametrize(
    ("cell", "value", "read"),
    [
        ("hpo_id", "HP_0001250", "HP:0001250"),
        ("database_id", "Orphanet:324", "ORPHA:324"),
        ("frequency", "3 / 7", "3 / 7"),
        ("frequency", "12.5 %", "12.5 %"),
        ("frequency", "HP_0040283", "HP:0040283"),
        ("sex", "MALE", "male"),
    ],
)
def test_cells_are_read_as_releases_have_written_them(cell: str, value: str, read: str) -> None:
    row = read_hpoa(table(HPOA_HEADER.strip(), {cell: value})).rows[0]
    assert getattr(row, {"database_id": "disease_id"}.get(cell, cell)) == read


def test_a_few_bad_rows_of_many_are_left_out_with_a_note_and_many_are_refused() -> None:
    good = [{"reference": f"PMID:{i}"} for i in range(100)]
    notes: list[str] = []
    read = read_hpoa(table(HPOA_HEADER.strip(), *good, {"frequency": "often"}), notes=notes)
    assert len(read.rows) == 100
    assert "1 of 100 rows left out, the first being phenotype.hpoa line 103: unknown frequency 'often'" in notes[0]
    with pytest.raises(InputError, match="unknown sex"):
        read_hpoa(table(HPOA_HEADER.strip(), *good, *([{"sex": "both"}] * 3)))


def test_annotations_with_a_replaced_term_are_those_of_its_successor(source: Path) -> None:
    def change(text: str) -> str:
        return text.replace("HP:0000252", "HP:0002348", 1)

    kb = changed(source, "phenotype.hpoa", change)
    assert any(kb.term("HP:0000252") in found for found in kb.frequencies)


@pytest.mark.parametrize(
    "lines",
    [
        ["ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id", "1\tMECP2\tHP:1\tx\t-\tOMIM:312750"],
        ["ncbi_gene_id\tgene_symbol\tassociation_type\tdisease_id\tsource", "1\tMECP2\tMENDELIAN\tOMIM:312750\ty"],
        [
            "#Format: entrez-gene-id<tab>entrez-gene-symbol<tab>HPO-Term-ID<tab>HPO-Term-Name<tab>Frequency-Raw<tab>"
            "Frequency-HPO<tab>Additional Info from G-D source<tab>G-D source<tab>disease-ID for link",
            "1\tMECP2\tHP:1\tx\t\t\t-\tmim2gene\tOMIM:312750",
        ],
    ],
    ids=["genes_to_phenotype", "genes_to_disease", "2019"],
)
def test_gene_files_of_every_year_are_read(lines: list[str]) -> None:
    assert read_genes([*lines, ""]) == {"OMIM:312750": ["MECP2"]}


def test_genes_come_from_genes_to_disease_where_it_is_there(source: Path) -> None:
    shutil.move(source / "genes_to_phenotype.txt", source / "genes_to_disease.txt")
    build(source, source.parent / "out.npz")
    assert KnowledgeBase(source.parent / "out.npz").gene_diseases
