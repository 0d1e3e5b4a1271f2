"""What is said of a model: by the bundle that was named, whatever the cache holds."""

import json
import shutil
from pathlib import Path

import pytest

from raredxr1.diagnose import open_model
from raredxr1.export import bundle

FACTS = {
    "name": "tiny",
    "base": "from scratch",
    "recipe": "recipes/tiny/internalize.yaml",
    "knowledge_version": "tiny",
    "data_sources": [],
    "trained_diseases": 3,
    "coverage": "three diseases",
    "accuracy": {"recall@1": 0.1},
    "created": "2026-01-02",
}


def test_a_bundle_is_described_by_its_own_manifest(
    tiny_exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two bundles of the same weights share a folder of the cache; each says what its own manifest says."""
    monkeypatch.setenv("RAREDX_CACHE", str(tmp_path / "cache"))
    bundle(tiny_exported, tmp_path / "first", FACTS)
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    stated = json.loads((tmp_path / "first" / "manifest.json").read_text())
    changed = {**stated, "coverage": "three diseases, measured again", "accuracy": {"recall@1": 0.2}}
    (tmp_path / "second" / "manifest.json").write_text(json.dumps(changed))
    said = [open_model(tmp_path / name, threads=1).coverage for name in ("first", "second", "first")]
    assert [one.accuracy["recall@1"] for one in said] == [0.1, 0.2, 0.1]
    assert said[1].statement == "three diseases, measured again"
    assert len(list((tmp_path / "cache").iterdir())) == 1
