"""A knowledge base with other names: the shipped one, enlarged by a small hand-written Orphanet file."""

from pathlib import Path

import pytest

from raredxr1.evaluate.matcher import Matcher
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.importing import enlarge


@pytest.fixture(scope="session")
def named_kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    from orphanet_names import write_orphapacket

    folder = tmp_path_factory.mktemp("knowledge")
    out = folder / "enlarged.npz"
    enlarge(out, orphapacket=write_orphapacket(folder / "orphapacket.jsonl"))
    return KnowledgeBase(out)


@pytest.fixture(scope="session")
def matcher(named_kb: KnowledgeBase) -> Matcher:
    return Matcher(named_kb)


@pytest.fixture(scope="session")
def shipped_matcher() -> Matcher:
    return Matcher(load())


@pytest.fixture(scope="session")
def data_folder() -> Path:
    return Path(__file__).parent


SSSOM = """\
# mapping_set_version: http://purl.obolibrary.org/obo/mondo/releases/2026-01-02/mappings/x.sssom.tsv
subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label
MONDO:0010726\tRett syndrome\tskos:exactMatch\tOMIM:312750\trett syndrome
MONDO:0007947\tMarfan syndrome\tskos:exactMatch\tOMIM:154700\tmarfan syndrome
"""


@pytest.fixture(scope="session")
def mondo_kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("mondo")
    (folder / "mondo.sssom.tsv").write_text(SSSOM, encoding="utf-8")
    enlarge(folder / "enlarged.npz", [folder / "mondo.sssom.tsv"])
    return KnowledgeBase(folder / "enlarged.npz")
