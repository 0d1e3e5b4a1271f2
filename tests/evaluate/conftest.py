"""The shipped knowledge base enlarged by small hand-written files: other names from Orphanet, ids from Mondo."""

from pathlib import Path

import pytest

from raredxr1.evaluate.matcher import Matcher
from raredxr1.knowledge import KnowledgeBase, load
from raredxr1.knowledge.importing import enlarge
from sharing import once

SSSOM = """\
# mapping_set_version: http://purl.obolibrary.org/obo/mondo/releases/2026-01-02/mappings/x.sssom.tsv
subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label
MONDO:0010726\tRett syndrome\tskos:exactMatch\tOMIM:312750\trett syndrome
MONDO:0007947\tMarfan syndrome\tskos:exactMatch\tOMIM:154700\tmarfan syndrome
"""


@pytest.fixture(scope="session")
def named_kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    from orphanet_names import write_orphapacket

    def make(path: Path) -> None:
        path.with_suffix(".sssom.tsv").write_text(SSSOM, encoding="utf-8")
        enlarge(path, [path.with_suffix(".sssom.tsv")], orphapacket=write_orphapacket(path.with_suffix(".jsonl")))

    return KnowledgeBase(once(tmp_path_factory, "named_kb.npz", make))


@pytest.fixture(scope="session")
def matcher(named_kb: KnowledgeBase) -> Matcher:
    return Matcher(named_kb)


@pytest.fixture(scope="session")
def shipped_matcher() -> Matcher:
    return Matcher(load())


@pytest.fixture(scope="session")
def data_folder() -> Path:
    return Path(__file__).parent
