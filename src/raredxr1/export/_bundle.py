"""The shipped form of a model: a tar in parts small enough for any host, and a manifest with their sha256.

`bundle` writes it, byte for byte the same for the same folder; `unbundle` joins and verifies it on first use.
"""

import contextlib
import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from raredxr1.errors import InputError, faults
from raredxr1.export.files import new_folder, require_files
from raredxr1.export.manifest import INFO_FILE, MANIFEST_FILE, Facts, Manifest, Part, read_manifest
from raredxr1.runstore import write_json

PART_SIZE = 90 * 2**20
CACHE_VARIABLE = "RAREDX_CACHE"

_MARKER = ".complete"
_CHUNK = 2**20


def bundle(ct2_dir: Path, out_dir: Path, facts: Facts | Mapping[str, Any], part_size: int = PART_SIZE) -> Manifest:
    """Write the bundle of a model folder.

    Args:
        ct2_dir: the folder `export` made; every file directly in it is shipped.
        out_dir: the folder to write; it must not exist, or be empty.
        facts: what its maker says of the model; see `Facts`.
        part_size: at most so many bytes a part.

    Raises:
        InputError: `ct2_dir` is no model folder, facts are missing or wrong, or `out_dir` exists.
    """
    require_files(ct2_dir, ("model.bin", "tokenizer.json", INFO_FILE), "a model folder made by `raredx export`")
    try:
        known = facts if isinstance(facts, Facts) else Facts.model_validate(dict(facts))
    except ValidationError as error:
        raise InputError(f"the facts of the bundle are wrong: {faults(error.errors(), 20)}") from error
    with new_folder(out_dir) as temporary:
        writer = _PartWriter(temporary, part_size)
        with tarfile.open(fileobj=writer, mode="w|", format=tarfile.USTAR_FORMAT) as tar:
            for path in sorted(ct2_dir.iterdir()):
                if path.is_file():
                    _add(tar, path)
        parts, sha256 = writer.finish()
        size = sum(part.size for part in parts)
        manifest = Manifest(**known.model_dump(), parts=parts, size=size, sha256=sha256)
        write_json(temporary / MANIFEST_FILE, manifest)
    return manifest


def unpacked(folder: Path) -> Path:
    """The folder of a model: of a bundle that in the user's cache (see `unbundle`), any other as it is."""
    has_parts = (folder / MANIFEST_FILE).is_file() and not (folder / "model.bin").is_file()
    return unbundle(folder) if has_parts else folder


def unbundle(bundle_dir: Path, cache_dir: Path | None = None) -> Path:
    """Return the folder of a bundled model, joining and verifying its parts into the user's cache on first use.

    The folder is named by the sha256 of the whole and appears complete or not at all, also when two processes do this
    at once; later calls find it there and read no part. It holds a copy of the manifest, renewed where the bundle's
    says other things of the same weights by now.

    Args:
        bundle_dir: manifest.json and the parts.
        cache_dir: where to keep it; by default $RAREDX_CACHE, else $XDG_CACHE_HOME/raredxr1, else ~/.cache/raredxr1.

    Raises:
        InputError: the manifest or a part is missing or damaged (the message names it), or the cache cannot be written.
    """
    manifest = read_manifest(bundle_dir)
    cache = cache_dir or default_cache()
    model = cache / manifest.sha256
    if (model / _MARKER).is_file():
        _renew(bundle_dir / MANIFEST_FILE, model / MANIFEST_FILE)
        return model
    _verify(bundle_dir, manifest)
    temporary = _temporary(cache)
    try:
        files = [bundle_dir / part.file for part in manifest.parts]
        with tarfile.open(fileobj=_Joined(files), mode="r|", bufsize=_CHUNK) as tar:
            _extract(tar, temporary)
        shutil.copyfile(bundle_dir / MANIFEST_FILE, temporary / MANIFEST_FILE)
        (temporary / _MARKER).touch()
        _publish(temporary, model)
    except tarfile.TarError as error:
        raise InputError(f"{bundle_dir}: the parts do not make up an archive ({error})") from error
    except OSError as error:
        raise _unwritable(cache, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return model


def is_unpacked(folder: Path) -> bool:
    """Whether a folder is one that `unbundle` made in a cache."""
    return (folder / _MARKER).is_file()


def default_cache() -> Path:
    """Where models are kept: $RAREDX_CACHE, else $XDG_CACHE_HOME/raredxr1, else ~/.cache/raredxr1."""
    if own := os.environ.get(CACHE_VARIABLE):
        return Path(own)
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "raredxr1"
    return Path("~/.cache/raredxr1").expanduser()


# --- writing ---------------------------------------------------------------------------------------------------------


def _add(tar: tarfile.TarFile, path: Path) -> None:
    """Add a file without anything that differs from machine to machine: owner, mode, time."""
    entry = tarfile.TarInfo(path.name)
    entry.size, entry.mode, entry.mtime = path.stat().st_size, 0o644, 0
    with path.open("rb") as file:
        tar.addfile(entry, file)


class _PartWriter(io.RawIOBase):
    """A sink that cuts what is written to it into parts, with their sha256."""

    def __init__(self, folder: Path, part_size: int) -> None:
        self._folder, self._part_size = folder, part_size
        self._parts: list[Part] = []
        self._whole = hashlib.sha256()
        self._open()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        view = memoryview(data)
        while view:
            if self._size == self._part_size:
                self._close()
                self._open()
            piece = view[: self._part_size - self._size]
            self._file.write(piece)
            self._hash.update(piece)
            self._whole.update(piece)
            self._size += len(piece)
            view = view[len(piece) :]
        return len(data)

    def finish(self) -> tuple[list[Part], str]:
        """Close the last part; return the parts and the sha256 of the whole."""
        self._close()
        return self._parts, self._whole.hexdigest()

    def _open(self) -> None:
        self._name = f"model.tar.part-{len(self._parts):02}"
        self._file: IO[bytes] = (self._folder / self._name).open("wb")
        self._hash, self._size = hashlib.sha256(), 0

    def _close(self) -> None:
        self._file.close()
        self._parts.append(Part(file=self._name, size=self._size, sha256=self._hash.hexdigest()))


# --- reading ---------------------------------------------------------------------------------------------------------


class _Joined(io.RawIOBase):
    """Files read one after the other as if they were one."""

    def __init__(self, paths: list[Path]) -> None:
        self._chunks = _chunks(paths)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._left:
            following = next(self._chunks, None)
            if following is None:
                return 0
            self._left = following
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def _chunks(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def _verify(bundle_dir: Path, manifest: Manifest) -> None:
    """Check the parts against the manifest before anything is made of them."""
    whole = hashlib.sha256()
    for part in manifest.parts:
        path, own, size = bundle_dir / part.file, hashlib.sha256(), 0
        try:
            for chunk in _chunks([path]):
                own.update(chunk)
                whole.update(chunk)
                size += len(chunk)
        except FileNotFoundError as error:
            raise InputError(f"the model is incomplete: {path} is missing: install the package again") from error
        except OSError as error:
            raise InputError(f"the model cannot be read: {path}: {error.strerror}") from error
        if size != part.size:
            raise InputError(
                f"the model is damaged: {path} has {size} bytes instead of {part.size}: install the package again"
            )
        if own.hexdigest() != part.sha256:
            raise InputError(f"the model is damaged: {path} has the wrong sha256: install the package again")
    if whole.hexdigest() != manifest.sha256:
        raise InputError(f"the model is damaged: {bundle_dir / MANIFEST_FILE} lists other parts than it was made of")


def _temporary(cache: Path) -> Path:
    try:
        cache.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".partial-", dir=cache))
    except OSError as error:
        raise _unwritable(cache, error) from error


def _extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Unpack plain files with plain names; anything else has no business in a bundle (`..`, links, devices).

    By hand, because tarfile's own filters are missing from early releases of Python 3.11.
    """
    for entry in tar:
        source = tar.extractfile(entry) if entry.isreg() else None
        if source is None or entry.name in ("", ".", "..") or Path(entry.name).name != entry.name:
            raise InputError(f"the model is damaged: its archive holds {entry.name!r}, which is no plain file")
        with source, (folder / entry.name).open("wb") as file:
            shutil.copyfileobj(source, file, _CHUNK)


def _publish(temporary: Path, model: Path) -> None:
    """Give the folder its name; whoever comes second finds a complete one there and leaves it."""
    if model.exists() and not (model / _MARKER).is_file():  # emptied by hand, perhaps
        shutil.rmtree(model)
    try:
        temporary.rename(model)
    except OSError:
        if not (model / _MARKER).is_file():
            raise


def _renew(manifest: Path, copy: Path) -> None:
    """Bring the copy up to date; in a cache that cannot be written it stays, and the bundle's own is what counts."""
    stated = manifest.read_bytes()
    if copy.is_file() and copy.read_bytes() == stated:
        return
    with contextlib.suppress(OSError):
        temporary = copy.with_name(f".{copy.name}.{os.getpid()}")
        temporary.write_bytes(stated)
        temporary.replace(copy)


def _unwritable(cache: Path, error: OSError) -> InputError:
    return InputError(
        f"the model cannot be unpacked into {cache} ({error.strerror}): set {CACHE_VARIABLE} to a folder that can be "
        "written and has room"
    )
