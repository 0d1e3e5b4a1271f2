"""The shipped bundle: the same bytes for the same model, whole or refused, unpacked once."""

import datetime
import hashlib
import io
import json
import multiprocessing
import os
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest

from raredxr1.errors import InputError
from raredxr1.export import Facts, bundle, default_cache, read_manifest, unbundle

FACTS: dict[str, Any] = {
    "name": "tiny",
    "base": "from scratch",
    "recipe": "recipes/tiny/internalize.yaml",
    "knowledge_version": "hpoa 2025-01-16",
    "data_sources": ["HPO annotations 2025-01-16"],
    "trained_diseases": 3,
    "coverage": "three diseases of 12,687",
    "accuracy": {"synthetic recall@1": 0.5},
    "created": "2026-01-02",
}
CONTENTS = {"model.bin": bytes(range(256)) * 100, "tokenizer.json": b"{}", "raredx.json": b"{}", "config.json": b""}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    for name, content in CONTENTS.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def shipped(model: Path, tmp_path: Path) -> Path:
    bundle(model, tmp_path / "shipped", FACTS, part_size=10_000)
    return tmp_path / "shipped"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


# --- writing ---------------------------------------------------------------------------------------------------------


def test_the_manifest_describes_every_part_and_the_whole(shipped: Path) -> None:
    manifest = read_manifest(shipped)
    whole = b""
    assert len(manifest.parts) > 3
    for index, part in enumerate(manifest.parts):
        content = (shipped / part.file).read_bytes()
        whole += content
        assert part.file == f"model.tar.part-{index:02}"
        assert part.size == len(content) <= 10_000
        assert part.sha256 == hashlib.sha256(content).hexdigest()
    assert manifest.sha256 == hashlib.sha256(whole).hexdigest()
    assert manifest.size == len(whole)
    assert Facts.model_validate(manifest.model_dump(include=set(Facts.model_fields))) == Facts.model_validate(FACTS)
    assert manifest.created == datetime.date(2026, 1, 2)


def test_the_same_model_makes_the_same_bytes(model: Path, shipped: Path, tmp_path: Path) -> None:
    for path in model.iterdir():
        path.chmod(0o600)
        path.write_bytes(path.read_bytes())  # a new time of change
    bundle(model, tmp_path / "again", FACTS, part_size=10_000)
    again = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert again == {path.name: path.read_bytes() for path in shipped.iterdir()}


def test_wrong_facts_are_named(model: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"accuracy\.synthetic recall@1"):
        bundle(model, tmp_path / "out", {**FACTS, "accuracy": {"synthetic recall@1": "good"}})
    with pytest.raises(InputError, match="colour"):
        bundle(model, tmp_path / "out", {**FACTS, "colour": "red"})
    (model / "model.bin").unlink()
    with pytest.raises(InputError, match=r"model\.bin is missing"):
        bundle(model, tmp_path / "out", FACTS)
    assert not (tmp_path / "out").exists()


# --- unpacking -------------------------------------------------------------------------------------------------------


def test_a_bundle_comes_back_as_it_was(shipped: Path, cache: Path) -> None:
    folder = unbundle(shipped, cache)
    assert folder == cache / read_manifest(shipped).sha256
    assert {name: (folder / name).read_bytes() for name in CONTENTS} == CONTENTS
    assert read_manifest(folder) == read_manifest(shipped)
    assert [path.name for path in cache.iterdir()] == [folder.name]


def test_the_second_time_no_part_is_read(shipped: Path, cache: Path) -> None:
    folder = unbundle(shipped, cache)
    for part in shipped.glob("*.part-*"):
        part.unlink()
    assert unbundle(shipped, cache) == folder


def test_other_facts_of_the_same_weights_are_taken_up_without_reading_a_part(shipped: Path, cache: Path) -> None:
    folder = unbundle(shipped, cache)
    stated = json.loads((shipped / "manifest.json").read_text())
    (shipped / "manifest.json").write_text(json.dumps({**stated, "coverage": "three diseases, measured again"}))
    for part in shipped.glob("*.part-*"):
        part.unlink()
    assert unbundle(shipped, cache) == folder
    assert read_manifest(folder).coverage == "three diseases, measured again"
    assert {path.name for path in folder.iterdir()} == {*CONTENTS, "manifest.json", ".complete"}


def test_a_cache_that_cannot_be_written_any_more_still_serves(shipped: Path, cache: Path) -> None:
    folder = unbundle(shipped, cache)
    before = (folder / "manifest.json").read_bytes()
    (shipped / "manifest.json").write_text((shipped / "manifest.json").read_text() + "\n")
    (folder / f".manifest.json.{os.getpid()}").mkdir()  # nothing can be written under the temporary name
    assert unbundle(shipped, cache) == folder
    assert (folder / "manifest.json").read_bytes() == before


def test_a_folder_without_its_marker_is_made_again(shipped: Path, cache: Path) -> None:
    folder = unbundle(shipped, cache)
    (folder / ".complete").unlink()
    (folder / "model.bin").write_bytes(b"half")
    assert unbundle(shipped, cache) == folder
    assert (folder / "model.bin").read_bytes() == CONTENTS["model.bin"]
    assert [path.name for path in cache.iterdir()] == [folder.name]


@pytest.mark.parametrize("damage", ["flipped", "truncated", "longer", "missing", "swapped"])
def test_a_damaged_part_is_named_and_nothing_is_left(shipped: Path, cache: Path, damage: str) -> None:
    part = shipped / "model.tar.part-01"
    content = part.read_bytes()
    if damage == "missing":
        part.unlink()
    elif damage == "swapped":
        part.write_bytes((shipped / "model.tar.part-00").read_bytes())
    else:
        flipped = bytes([content[0] ^ 1]) + content[1:]
        part.write_bytes({"flipped": flipped, "truncated": content[:-1], "longer": content + b"x"}[damage])
    with pytest.raises(InputError, match=r"model\.tar\.part-01.*install the package again") as error:
        unbundle(shipped, cache)
    assert "\n" not in str(error.value)
    assert not cache.exists() or list(cache.iterdir()) == []


def test_a_manifest_that_lists_other_parts_is_refused(shipped: Path, cache: Path) -> None:
    manifest = json.loads((shipped / "manifest.json").read_text())
    manifest["parts"].reverse()
    (shipped / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=r"manifest\.json lists other parts"):
        unbundle(shipped, cache)
    (shipped / "manifest.json").write_text("{")
    with pytest.raises(InputError, match=r"manifest\.json is damaged"):
        unbundle(shipped, cache)
    (shipped / "manifest.json").unlink()
    with pytest.raises(InputError, match=r"manifest\.json is missing"):
        unbundle(shipped, cache)


def evil_bundle(folder: Path, entry: tarfile.TarInfo, content: bytes = b"") -> Path:
    """A bundle with right checksums, whose archive holds something it should not."""
    buffer = io.BytesIO()
    entry.size = len(content)
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.addfile(entry, io.BytesIO(content))
    data = buffer.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    part = {"file": "model.tar.part-00", "size": len(data), "sha256": sha256}
    folder.mkdir()
    (folder / "model.tar.part-00").write_bytes(data)
    manifest = {**FACTS, "format_version": 1, "size": len(data), "sha256": sha256, "parts": [part]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.mark.parametrize("name", ["../escaped", "/tmp/raredx-escaped", "sub/file", ".."])
def test_an_archive_cannot_write_outside_its_folder(tmp_path: Path, cache: Path, name: str) -> None:
    with pytest.raises(InputError, match="no plain file"):
        unbundle(evil_bundle(tmp_path / "evil", tarfile.TarInfo(name), b"x"), cache)
    assert list(cache.iterdir()) == []


def test_an_archive_cannot_hold_links(tmp_path: Path, cache: Path) -> None:
    entry = tarfile.TarInfo("model.bin")
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with pytest.raises(InputError, match="no plain file"):
        unbundle(evil_bundle(tmp_path / "evil", entry), cache)
    assert list(cache.iterdir()) == []


def test_parts_that_are_no_archive_are_refused(shipped: Path, cache: Path, tmp_path: Path) -> None:
    folder = evil_bundle(tmp_path / "evil", tarfile.TarInfo("x"))
    data = b"no archive" * 100
    sha256 = hashlib.sha256(data).hexdigest()
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest |= {"sha256": sha256, "parts": [{"file": "model.tar.part-00", "size": len(data), "sha256": sha256}]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "model.tar.part-00").write_bytes(data)
    with pytest.raises(InputError, match="do not make up an archive"):
        unbundle(folder, cache)


# --- the cache -------------------------------------------------------------------------------------------------------


def test_a_cache_that_cannot_be_written_says_what_to_set(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="set RAREDX_CACHE"):
        unbundle(shipped, tmp_path / "file" / "cache")


def test_the_cache_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, shipped: Path, tmp_path: Path) -> None:
    monkeypatch.delenv("RAREDX_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert default_cache() == tmp_path / "home" / ".cache" / "raredxr1"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert default_cache() == tmp_path / "xdg" / "raredxr1"
    monkeypatch.setenv("RAREDX_CACHE", str(tmp_path / "own"))
    assert default_cache() == tmp_path / "own"
    assert unbundle(shipped).parent == tmp_path / "own"


def _unbundle_at_once(shipped: Path, cache: Path, start: Any, results: Any) -> None:
    start.wait()
    try:
        results.put(str(unbundle(shipped, cache)))
    except InputError as error:
        results.put(f"failed: {error}")


def test_two_processes_at_once_both_get_the_model(shipped: Path, cache: Path) -> None:
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(4), context.Queue()
    processes = [context.Process(target=_unbundle_at_once, args=(shipped, cache, start, results)) for _ in range(4)]
    for process in processes:
        process.start()
    found = {results.get(timeout=3000) for _ in processes}
    for process in processes:
        process.join()
    assert found == {str(cache / read_manifest(shipped).sha256)}
    assert [re.sub("^[0-9a-f]{64}$", "model", path.name) for path in cache.iterdir()] == ["model"]
