"""`raredx knowledge update`: fetch the official release of the HPO, build a knowledge base of it, put it in place.

Nothing here runs unless a person asked for it and said yes. Files are fetched into a folder of their own beside the
result, and an interrupted fetch goes on where it stopped. What is there stays until the new one is built and checked;
then it becomes the previous one, to which `rollback` returns.
"""

import http.client
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from raredxr1.errors import InputError
from raredxr1.knowledge import names
from raredxr1.knowledge.build import build, record_arrays, record_order, save
from raredxr1.knowledge.imported import OLD_ARRAYS, ONE, SEVERAL, Arrays, Imported, text, to_arrays, untext
from raredxr1.knowledge.importing import Report, annotation_arrays, default_path, joined
from raredxr1.knowledge.store import KnowledgeBase
from raredxr1.knowledge.term_store import DEFAULT_PATH
from raredxr1.runstore import sha256, whole

OFFICIAL = "https://github.com/obophenotype/human-phenotype-ontology/releases/latest/download"
"""The files of the HPO's latest release."""

FILES = ("hp.obo", "phenotype.hpoa", "genes_to_disease.txt")
SUMS = "SHA256SUMS"
"""Checksums, one `<sha256>  <name>` a line, where the source offers them; the official one does not."""

LEAST_SHARE = 0.8
"""A release with fewer diseases than this share of the present one is taken for a wrong or cut file."""

TIMEOUT = 60.0
_BLOCK = 1 << 16
Say = Callable[[str], None]


@dataclass(frozen=True)
class Places:
    """Where the updated knowledge base lies, the one before it, and what is being fetched."""

    current: Path
    previous: Path
    fetched: Path


def places(out: Path | None = None) -> Places:
    """The places of an update: in the user's data folder unless told otherwise."""
    current = out or default_path().with_name("knowledge-updated.npz")
    return Places(
        current, current.with_name(current.stem + "-previous.npz"), current.with_name(current.stem + "-fetched")
    )


def addresses(source: str = OFFICIAL) -> list[str]:
    """What an update fetches."""
    return [f"{source.rstrip('/')}/{name}" for name in FILES]


def update(source: str, where: Places, base: Path | None = None, say: Say = lambda line: None) -> KnowledgeBase:
    """Fetch, check, build and put in place.

    Args:
        source: address of the folder that holds the files (http, https or file).
        where: from `places`.
        base: the knowledge base whose joins, names and kinds are kept; by default the shipped one.
        say: is told each step.

    Returns:
        The new knowledge base, opened.

    Raises:
        InputError: a file cannot be fetched, is not what it should be, or the release is much smaller than the present
            one. What was there is unchanged.
    """
    if where.current.resolve() == DEFAULT_PATH.resolve():
        raise InputError(f"{where.current}: the shipped knowledge base; write the updated one to another file")
    base = base or DEFAULT_PATH
    try:
        where.fetched.mkdir(parents=True, exist_ok=True)
        sums = _sums(source)
        for address, name in zip(addresses(source), FILES, strict=True):
            _fetch(address, where.fetched / name, sums.get(name), say)
        fresh, joined = where.fetched / "fresh.npz", where.fetched / "joined.npz"
        say("building the knowledge base")
        try:
            for note in build(where.fetched, fresh):
                say(f"note: {note}")
            carry_over(fresh, base, joined)
            new = KnowledgeBase(joined)
            _check(new, KnowledgeBase(base))
        except InputError:
            for name in FILES:  # what is wrong with them would be wrong again
                (where.fetched / name).unlink(missing_ok=True)
            raise
        if where.current.exists():
            _replace_by_copy(where.current, where.previous)
        joined.replace(where.current)
        shutil.rmtree(where.fetched, ignore_errors=True)
        return KnowledgeBase(where.current)
    except OSError as error:
        raise InputError(f"{error.filename or where.current}: {error.strerror or error}") from error


def rollback(where: Places) -> str:
    """Go back to the knowledge base before the last update; to the shipped one where there is none.

    Returns:
        What is in use now, for people.

    Raises:
        InputError: nothing was updated.
    """
    try:
        if where.previous.exists():
            where.previous.replace(where.current)
            return f"{where.current}: {KnowledgeBase(where.current).version}"
        if where.current.exists():
            where.current.unlink()
            return f"the shipped knowledge base: {KnowledgeBase().version}"
    except OSError as error:
        raise InputError(f"{where.current}: {error.strerror}") from error
    raise InputError(f"{where.current}: nothing was updated, so there is nothing to go back to")


def _replace_by_copy(source: Path, target: Path) -> None:
    with whole(target) as partial:
        shutil.copyfile(source, partial)


def _check(new: KnowledgeBase, old: KnowledgeBase) -> None:
    have, had = int(new.annotated_mask.sum()), int(old.annotated_mask.sum())
    if have < LEAST_SHARE * had:
        raise InputError(f"the release annotates {have:,} diseases, the present one {had:,}: not taken")


def _sums(source: str) -> dict[str, str]:
    """Checksums by file name; empty where the source has none."""
    try:
        with urllib.request.urlopen(f"{source.rstrip('/')}/{SUMS}", timeout=TIMEOUT) as response:
            lines = response.read(1 << 16).decode("utf-8", "replace").splitlines()
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    pairs = (line.split() for line in lines)
    return {pair[1].lstrip("*"): pair[0].lower() for pair in pairs if len(pair) == 2 and len(pair[0]) == 64}


def _fetch(address: str, target: Path, wanted: str | None, say: Say) -> None:
    """Fetch one file into `target`, going on with what an interrupted fetch left."""
    if target.exists() and (wanted is None or sha256(target) == wanted):
        say(f"{target.name}: fetched before")
        return
    partial, tag_file = target.with_name(target.name + ".partial"), target.with_name(target.name + ".tag")
    tag = tag_file.read_text("utf-8") if tag_file.exists() and partial.exists() else ""
    start = partial.stat().st_size if tag else 0
    request = urllib.request.Request(address, headers={"User-Agent": "raredx"})
    if start:
        request.add_header("Range", f"bytes={start}-")
        request.add_header("If-Range", tag)
    say(f"fetching {address}" + (f" from byte {start:,}" if start else ""))
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            again = start and getattr(response, "status", 200) == 206
            length = response.headers.get("Content-Length")
            tag_file.write_text(response.headers.get("ETag") or response.headers.get("Last-Modified") or "", "utf-8")
            with partial.open("ab" if again else "wb") as file:
                shutil.copyfileobj(response, file, _BLOCK)
                file.flush()
                os.fsync(file.fileno())
    except urllib.error.HTTPError as error:
        if error.code == 416:  # what is there is longer than the file: start afresh next time
            partial.unlink(missing_ok=True)
        raise InputError(f"{address}: the server says {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = getattr(error, "reason", None) or error
        raise InputError(f"{address}: {why}; run the same again to go on from where it stopped") from error
    expected = int(length) + (start if again else 0) if length and length.isdigit() else None
    if expected is not None and partial.stat().st_size < expected:
        raise InputError(
            f"{address}: the connection ended after {partial.stat().st_size:,} of {expected:,} bytes; "
            "run the same again to go on from where it stopped"
        )
    if wanted and (found := sha256(partial)) != wanted:
        partial.unlink()
        raise InputError(f"{address}: sha256 is {found[:12]}..., {SUMS} says {wanted[:12]}...; not taken")
    partial.replace(target)
    tag_file.unlink(missing_ok=True)


def carry_over(fresh: Path, base: Path, out: Path) -> None:
    """Write `fresh` with what `base` knows from elsewhere.

    Args:
        fresh: what `build.build` wrote.
        base: the knowledge base in use before.
        out: the artifact to write; replaced only when all succeeded.
    """
    new, old = KnowledgeBase(fresh), KnowledgeBase(base)
    with np.load(fresh, allow_pickle=False) as file:
        arrays: Arrays = {name: file[name] for name in file.files if name not in OLD_ARRAYS}
    labels = dict(zip(new.record_ids, new.record_names, strict=True))
    bare = np.diff(old.annotation_ptr) == 0
    labels |= {i: old.record_names[r] for r, i in enumerate(old.record_ids) if bare[r] and i not in labels}
    order = sorted(labels, key=record_order)
    together = [old.disease_ids(disease) for disease in range(len(old.disease_records))]
    leader = joined(new, order, [], [], together, Report())
    genes = dict(zip(new.record_ids, new.record_genes, strict=True))
    arrays |= {
        "meta": text([*untext(arrays["meta"]), *(part for part in old.extra_versions if part.startswith("mondo-"))]),
        **record_arrays(order, labels, leader, genes),
        **annotation_arrays(new, arrays, order, [], Report()),
        **to_arrays(_facts(new, old, labels, leader)),
    }
    save(arrays, out)


def _facts(new: KnowledgeBase, old: KnowledgeBase, labels: dict[str, str], leader: dict[str, str]) -> Imported:
    """What the old one knows of records that are still there, under the new names where those changed."""
    found = Imported()
    for attribute in (*SEVERAL.values(), *ONE.values()):
        held = getattr(found, attribute)
        held.update((i, said) for i, said in getattr(old.imported, attribute).items() if i in labels)
    found.xrefs.update((i, record) for i, record in old.imported.xrefs.items() if record in labels)
    found.groups.update(old.imported.groups)
    found.excluded.update(new.imported.excluded)
    known = {(leader[record], names.bag(label)) for record, label in labels.items()}
    before = zip(old.record_ids, old.record_names, strict=True)
    others = [(i, name) for i, name in before if i in labels]
    others += [(i, name) for i, several in new.imported.synonyms.items() for name in several]
    others += [(i, name) for i, several in found.synonyms.items() for name in several]
    found.synonyms.clear()
    taken = {names.bag(label) for label in labels.values()}
    for i, name in others:
        bag = names.bag(name)
        if (leader[i], bag) not in known and bag not in taken:
            known.add((leader[i], bag))
            found.synonyms.setdefault(i, []).append(name)
    return found
