"""Imports enlarge a copy of the knowledge base: twins joined, names, definitions, parents and annotations added."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge._orphapacket import read_orphapacket
from raredxr1.knowledge._sssom import read_sssom
from raredxr1.knowledge.build import build
from raredxr1.knowledge.importing import Report, default_path, enlarge
from raredxr1.knowledge.linking import Linker

OBO = """\
format-version: 1.2
data-version: hp/releases/2026-01-01

[Term]
id: HP:0000001
name: All

[Term]
id: HP:0000118
name: Phenotypic abnormality
is_a: HP:0000001 ! All

[Term]
id: HP:0001250
name: Seizure
is_a: HP:0000118 ! Phenotypic abnormality

[Term]
id: HP:0001251
name: Ataxia
is_a: HP:0000118 ! Phenotypic abnormality

[Term]
id: HP:0012823
name: Clinical modifier
is_a: HP:0000001 ! All

[Term]
id: HP:0000007
name: Autosomal recessive inheritance
is_a: HP:0000001 ! All
"""
ROWS = [
    ("OMIM:1", "ALPHA DISEASE; AD", "HP:0001250", "3/4"),
    ("OMIM:2", "Beta disease", "HP:0001250", ""),
    ("OMIM:3", "Gamma disease 1", "HP:0001251", ""),
    ("OMIM:4", "Gamma disease 2", "HP:0001251", ""),
    ("ORPHA:11", "First disorder", "HP:0001250", "HP:0040282"),
    ("ORPHA:12", "Beta disease", "HP:0001251", "HP:0040283"),
    ("ORPHA:13", "Gamma disorder", "HP:0001251", ""),
]
MONDO = [
    ("MONDO:1", "alpha malady", "skos:exactMatch", "OMIM:1", "alpha disease"),
    ("MONDO:1", "alpha malady", "skos:exactMatch", "Orphanet:11", "First disorder"),
    ("MONDO:2", "obsolete beta", "skos:exactMatch", "OMIM:2", ""),
    ("MONDO:3", "gamma", "skos:exactMatch", "OMIM:3", "gamma disease 1"),
    ("MONDO:3", "gamma", "skos:exactMatch", "OMIM:4", "gamma disease 2"),
    ("MONDO:3", "gamma", "skos:exactMatch", "Orphanet:13", "Gamma disorder"),
    ("MONDO:4", "delta", "skos:exactMatch", "OMIM:77", "delta without a record"),
    ("MONDO:1", "alpha malady", "skos:exactMatch", "OMIM:78", "alpha malady"),
    ("MONDO:5", "epsilon", "skos:broadMatch", "OMIM:2", "beta"),
    ("MONDO:6", "zeta", "skos:exactMatch", "ICD10:1", "zeta"),
]
ENTRIES: list[dict[str, Any]] = [
    {"id": "ORPHA:11", "label": "First disorder", "type": "Disease", "synonyms": ["Premier's disorder"],
     "definition": "A rare disorder that comes first.", "parents": ["ORPHA:90"],
     "phenotypes": [{"hpo": "HP:0001250", "term": "x", "freq": "Frequent (79-30%)"},
                    {"hpo": "HP:0001251", "term": "x", "freq": "Very rare (<4-1%)"},
                    {"hpo": "HP:9999999", "term": "x", "freq": "Frequent (79-30%)"}],
     "inheritance": ["Autosomal recessive", "Unknown"],
     "prevalence": [{"PrevalenceType": "Point prevalence", "PrevalenceGeographic": "Europe",
                     "PrevalenceClass": "1-9 / 100 000"},
                    [{"PrevalenceType": "Point prevalence", "PrevalenceClass": "Unknown"}]]},
    {"id": "ORPHA:13", "label": "Gamma disorder", "type": "Disease", "parents": ["ORPHA:90"],
     "omim": [["OMIM:3", "BTNT"], ["OMIM:4", "BTNT"]]},
    {"id": "ORPHA:50", "label": "Fresh disorder", "type": "Disease", "parents": ["ORPHA:91"],
     "phenotypes": [{"hpo": "HP:0001251", "term": "x", "freq": "Obligate (100%)"}],
     "genes": [{"symbol": "GENE1"}], "omim": [["OMIM:2", "ND ("]]},
    {"id": "ORPHA:90", "label": "Group of disorders", "type": "Category", "parents": ["ORPHA:91"]},
    {"id": "ORPHA:91", "label": "All disorders", "type": "Clinical group", "parents": []},
]  # fmt: skip
Make = Callable[..., tuple[KnowledgeBase, Report]]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    columns = (
        "database_id disease_name qualifier hpo_id reference evidence onset frequency sex modifier aspect biocuration"
    )
    rows = ["\t".join([i, name, "", hpo, "PMID:1", "PCS", "", often, "", "", "P", "x"]) for i, name, hpo, often in ROWS]
    (folder / "hp.obo").write_text(OBO)
    (folder / "phenotype.hpoa").write_text(
        "\n".join(["#version: 2026-01-02", columns.replace(" ", "\t"), *rows]) + "\n"
    )
    build(folder, folder / "base.npz")
    return folder / "base.npz"


def write_mondo(path: Path, rows: list[tuple[str, ...]] = MONDO) -> Path:
    head = "# mapping_set_version: http://x/mondo/releases/2026-03-04/mappings/x.tsv\n"
    head += "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\n"
    path.write_text(head + "".join("\t".join(row) + "\n" for row in rows))
    return path


def write_entries(path: Path, entries: list[dict[str, Any]] = ENTRIES) -> Path:
    data = "".join(json.dumps(entry) + "\n" for entry in entries).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.fixture
def make(base: Path, tmp_path: Path) -> Make:
    def run(mondo: bool = True, orphapacket: bool = True) -> tuple[KnowledgeBase, Report]:
        tables = [write_mondo(tmp_path / "m.sssom.tsv")] if mondo else []
        entries = write_entries(tmp_path / "o.jsonl.gz") if orphapacket else None
        report = enlarge(tmp_path / "out" / "big.npz", tables, entries, base)
        return KnowledgeBase(tmp_path / "out" / "big.npz"), report

    return run


def test_mondo_joins_twins_whatever_they_are_called(make: Make, base: Path) -> None:
    kb, report = make(orphapacket=False)
    assert kb.disease_ids(kb.disease("OMIM:1")) == ["ORPHA:11", "OMIM:1"]
    before = KnowledgeBase(base)
    assert before.disease("OMIM:1") != before.disease("ORPHA:11")
    assert before.disease("OMIM:2") == before.disease("ORPHA:12"), "equal names join without any import"
    assert kb.disease("OMIM:2") == kb.disease("ORPHA:12")
    assert (report.joined, report.obsolete, report.other_rows) == (2, 1, 2)


def test_a_match_with_two_ids_of_one_catalogue_joins_none_of_them(make: Make) -> None:
    kb, _ = make(orphapacket=False)
    assert len({kb.disease("OMIM:3"), kb.disease("OMIM:4"), kb.disease("ORPHA:13")}) == 3


def test_of_two_ids_of_one_catalogue_the_one_that_is_called_alike_is_joined(base: Path, tmp_path: Path) -> None:
    rows = [(m, "gamma disease 2" if m == "MONDO:3" else label, *rest) for m, label, *rest in MONDO]
    enlarge(tmp_path / "o.npz", [write_mondo(tmp_path / "m.tsv", rows)], base=base)  # type: ignore[arg-type]
    kb = KnowledgeBase(tmp_path / "o.npz")
    assert kb.disease("OMIM:4") == kb.disease("ORPHA:13") != kb.disease("OMIM:3")


def test_a_disease_never_gets_two_ids_of_one_catalogue(base: Path, tmp_path: Path) -> None:
    rows = [
        ("MONDO:1", "a", "skos:exactMatch", "OMIM:1", "x"),
        ("MONDO:1", "a", "skos:exactMatch", "ORPHA:12", "y"),
    ]
    report = enlarge(tmp_path / "o.npz", [write_mondo(tmp_path / "m.tsv", rows)], base=base)  # type: ignore[arg-type]
    kb = KnowledgeBase(tmp_path / "o.npz")
    assert kb.disease_ids(kb.disease("ORPHA:12")) == ["ORPHA:12", "OMIM:1"]  # type: ignore[arg-type]
    assert kb.disease_ids(kb.disease("OMIM:2")) == ["OMIM:2"]  # type: ignore[arg-type]
    assert report.conflicts == 1


def test_mondo_ids_and_ids_without_a_record_lead_to_the_disease(make: Make) -> None:
    kb, _ = make()
    assert kb.disease("MONDO:1") == kb.disease("OMIM:78") == kb.disease("OMIM:1")
    assert kb.disease("MONDO:4") is None and kb.disease("OMIM:77") is None


def test_other_names_are_linked(make: Make) -> None:
    kb, report = make()
    linker = Linker(kb)
    for name in ("Premier disorder", "Alpha malady", "alpha disease"):
        link = linker.disease(name)
        assert link is not None and kb.disease(link.id) == kb.disease("OMIM:1")
    assert report.synonyms == sum(map(len, kb.imported.synonyms.values()))


def test_definitions_prevalence_and_new_diseases_are_kept(make: Make) -> None:
    kb, report = make()
    assert kb.imported.definitions["ORPHA:11"] == "A rare disorder that comes first."
    assert kb.imported.prevalences["ORPHA:11"] == ["Point prevalence, Europe: 1-9 / 100 000"]
    fresh = kb.disease("ORPHA:50")
    assert kb.disease_names[fresh] == "Fresh disorder" and kb.genes(fresh) == ["GENE1"]
    assert (report.new_diseases, report.groups, report.definitions) == (1, 2, 1)


def test_annotations_that_were_lacking_are_added_and_the_others_stay(make: Make, base: Path) -> None:
    kb, report = make()
    before = KnowledgeBase(base)
    for record in before.record_ids:
        old = [a for a in before.annotations(before.disease(record)) if a.record_id == record]  # type: ignore[arg-type]
        new = [a for a in kb.annotations(kb.disease(record)) if a.record_id == record]
        assert new[: len(old)] == old
    added = [a for a in kb.annotations(kb.disease("ORPHA:11")) if a.reference == "ORPHA:11"]
    assert [(kb.term_ids[a.term], a.frequency, a.aspect) for a in added] == [
        ("HP:0001251", "HP:0040284", "P"), ("HP:0000007", "", "I"),
    ]  # fmt: skip
    assert kb.frequencies[kb.disease("ORPHA:50")] == {kb.term("HP:0001251"): 1.0}
    assert kb.inheritance(kb.disease("OMIM:1")) == ["Autosomal recessive inheritance"]
    assert (report.annotations, report.unknown_terms) == (3, 1)


def test_parents_and_broader_matches_make_a_hierarchy(make: Make) -> None:
    kb, _ = make()
    h = kb.hierarchy
    assert h.ancestors("OMIM:3") == {"ORPHA:13", "ORPHA:90", "ORPHA:91"}
    assert h.named("group of DISORDERS") == ["ORPHA:90"]
    assert (h.covers("ORPHA:13"), h.covers("ORPHA:90"), h.covers("ORPHA:91")) == (2, 4, 5)
    assert h.covers("ORPHA:50") == 0 and h.ancestors("nothing") == frozenset()
    assert h.is_wider("ORPHA:91", 4) and not h.is_wider("ORPHA:91", 5) and not h.is_wider("nothing", 0)


def test_cycles_in_the_parents_end(base: Path, tmp_path: Path) -> None:
    entries = [
        {"id": "ORPHA:11", "label": "a", "type": "Disease", "parents": ["ORPHA:12"]},
        {"id": "ORPHA:12", "label": "b", "type": "Disease", "parents": ["ORPHA:11"]},
    ]
    enlarge(tmp_path / "o.npz", orphapacket=write_entries(tmp_path / "o.jsonl", entries), base=base)
    h = KnowledgeBase(tmp_path / "o.npz").hierarchy
    assert h.ancestors("ORPHA:11") == {"ORPHA:12"}
    assert h.covers("ORPHA:11") == h.covers("ORPHA:12") == 1


def test_the_version_names_the_imports(make: Make, base: Path) -> None:
    kb, _ = make()
    assert kb.version.startswith(KnowledgeBase(base).version + "+mondo-2026-03-04+orphapacket-")


def test_a_base_without_imports_has_none(base: Path) -> None:
    kb = KnowledgeBase(base)
    assert not kb.imported.synonyms and not kb.hierarchy.covers("ORPHA:90")


def test_imports_go_to_the_users_data_folder_by_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_path() == tmp_path / "raredx" / "knowledge.npz"


def test_what_cannot_be_imported_is_said(base: Path, tmp_path: Path, make: Make) -> None:
    with pytest.raises(InputError, match="nothing to import"):
        enlarge(tmp_path / "o.npz", base=base)
    with pytest.raises(InputError, match="the knowledge base itself"):
        enlarge(base, [write_mondo(tmp_path / "m.tsv")], base=base)
    make()
    with pytest.raises(InputError, match="has imports already"):
        enlarge(tmp_path / "o.npz", [write_mondo(tmp_path / "m.tsv")], base=tmp_path / "out" / "big.npz")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\tb\n1\t2\n", "line 1: no SSSOM table: column subject_id is missing"),
        ("", "holds no exact match"),
        ("#x\nsubject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\nMONDO:1\tx\n", "line 3: 2 columns"),
    ],
)
def test_bad_tables_are_named_with_their_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "m.tsv").write_text(text)
    with pytest.raises(InputError, match=said):
        read_sssom([tmp_path / "m.tsv"])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds no Orphanet entry"),
        (b"{", "line 1: no JSON"),
        (b'{"id": "OMIM:1", "label": "x"}', "line 1: no Orphanet entry: id"),
        (b'{"id": "ORPHA:1", "label": "x"}\n{"id": "ORPHA:1", "label": "x"}', "line 2: ORPHA:1 stands there twice"),
        (b"\xff\xfe", "not UTF-8"),
        (b"\x1f\x8bxx", "damaged gzip"),
    ],
)
def test_bad_entries_are_named_with_their_line(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "o.jsonl").write_bytes(data)
    with pytest.raises(InputError, match=said):
        read_orphapacket(tmp_path / "o.jsonl")


def test_a_failed_import_leaves_what_was_there(base: Path, tmp_path: Path) -> None:
    (tmp_path / "o.npz").write_text("precious")
    with pytest.raises(InputError):
        enlarge(tmp_path / "o.npz", [tmp_path / "missing.tsv"], base=base)
    assert (tmp_path / "o.npz").read_text() == "precious"
