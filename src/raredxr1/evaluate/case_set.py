"""The cases of a run: rows read from files, each with its note and its findings, none left out.

A row that cannot be evaluated (unreadable, a second row of the same id, no diagnosis, neither note nor phenotypes)
stays in its place with the reason: it counts as a miss.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from raredxr1.cases.plain import render_case
from raredxr1.cases.readers import RowError, read_cases
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.runstore import sha256
from raredxr1.schemas import Case

NOTE_FIELD = "note"


@dataclass(frozen=True)
class Item:
    """One row of a case file.

    Attributes:
        key: the case id; for a row without one of its own, file and line.
        file: name of the file it stands in.
        case: None where the row could not be read.
        error: why it cannot be evaluated; empty where it can.
        note: the text a system reads.
        present: HPO ids of the patient's findings, as the knowledge base has them now.
        absent: HPO ids of what the patient lacks.
        written: the note was written from the phenotypes.
        notices: what had to be done to use the row.
    """

    key: str
    file: str
    case: Case | None = None
    error: str = ""
    note: str = ""
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    written: bool = False
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseSet:
    """All items of a run in file order, and the files with their sha256."""

    items: list[Item]
    files: list[dict[str, str]]
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Selection:
    """Which cases, and which text of them.

    Attributes:
        note_field: the field that holds the note; where it is null, the note is written from the phenotypes.
        negatives: whether findings reported absent are used (in written notes, and by rankers).
        where: "key=value" pairs; only rows whose fields have these values are cases of the run.
        limit: so many cases, drawn by `seed`, in file order; None: all.
        seed: of the draw.
    """

    note_field: str = NOTE_FIELD
    negatives: bool = True
    where: tuple[str, ...] = ()
    limit: int | None = None
    seed: int = 0


def open_cases(paths: Sequence[Path], kb: KnowledgeBase, selection: Selection | None = None) -> CaseSet:
    """Read case files.

    Raises:
        InputError: a file is missing, damaged or empty, stands there twice, or no case has the text field
            asked for or the values wanted.
    """
    selection = selection or Selection()
    if len({path.resolve() for path in paths}) < len(paths):
        raise InputError("the same case file is named twice")
    names = [path.name for path in paths]
    rows: list[tuple[str, Case | RowError]] = []
    for path, name in zip(paths, names, strict=True):
        shown = name if names.count(name) == 1 else str(path)
        rows += [(shown, row) for row in read_cases(path) if wanted(row, selection.where)]
    if not rows:
        raise InputError(f"no case has {' and '.join(selection.where)}")
    if selection.note_field != NOTE_FIELD and not any(
        isinstance(row, Case) and hasattr(row, selection.note_field) for _, row in rows
    ):
        raise InputError(f"no case has a field {selection.note_field!r}")
    items = _drawn(_items(rows, kb, selection), selection)
    files = [{"file": str(path), "sha256": sha256(path)} for path in paths]
    return CaseSet(items, files, _warnings(items))


def wanted(row: Case | RowError, where: Sequence[str]) -> bool:
    """Whether a row belongs to the run; one that cannot be read always does, because nobody can tell."""
    if isinstance(row, RowError):
        return True
    for condition in where:
        key, equals, value = condition.partition("=")
        if not equals or not key:
            raise InputError(f"--where {condition}: write key=value, such as split=dev")
        if str(getattr(row, key, None)).casefold() != value.casefold():
            return False
    return True


def _items(rows: Sequence[tuple[str, Case | RowError]], kb: KnowledgeBase, selection: Selection) -> list[Item]:
    items: list[Item] = []
    seen: dict[str, str] = {}
    for file, row in rows:
        if isinstance(row, RowError):
            items.append(Item(f"{file} line {row.line}", file, error=row.reason))
            continue
        first = seen.setdefault(row.case_id, file)
        if first != file:
            error = f"the case_id {row.case_id!r} stands in {first} too; every case needs its own"
            items.append(Item(f"{file} {row.case_id}", file, error=error))
        else:
            items.append(_item(row, file, kb, selection))
    return items


def _item(case: Case, file: str, kb: KnowledgeBase, selection: Selection) -> Item:
    notices: list[str] = []
    present = _known(case.hpo_observed, kb, notices)
    absent = _known(case.hpo_excluded, kb, notices) if selection.negatives else ()
    ids = [name.id for name in case.gold if name.id]
    unknown = [i for i in ids if kb.disease(i) is None]
    if ids and len(unknown) == len(ids):
        notices.append(f"the knowledge base has no {', '.join(unknown)}")
    text = getattr(case, selection.note_field, None)
    error, note, written = "", "", False
    if not any(name.id or name.label.strip() for name in case.gold):
        error = "gold: names no disease"
    elif text is not None and not isinstance(text, str):
        error = f"{selection.note_field}: is no text"
    elif text is not None and text.strip():
        note = text
    elif present or absent:
        plain = case.model_copy(update={"hpo_observed": [*present], "hpo_excluded": [*absent]})
        note, written = render_case(plain, kb), True
    else:
        error = f"neither {selection.note_field} nor phenotypes"
    return Item(case.case_id, file, case, error, note, present, absent, written, tuple(notices))


def _known(hpo_ids: Sequence[str], kb: KnowledgeBase, notices: list[str]) -> tuple[str, ...]:
    """Current ids of the terms; those the knowledge base lacks are left out and named."""
    found: list[str] = []
    for hpo_id in hpo_ids:
        current = kb.resolve_term(hpo_id)
        if current is None:
            notices.append(f"{hpo_id} is unknown in HPO {kb.hpo_version} and was left out")
        else:
            found.append(current)
    return tuple(dict.fromkeys(found))


def _drawn(items: list[Item], selection: Selection) -> list[Item]:
    if selection.limit is None or selection.limit >= len(items):
        return items
    drawn = random.Random(selection.seed).sample(range(len(items)), selection.limit)
    return [items[i] for i in sorted(drawn)]


def _warnings(items: Sequence[Item]) -> list[str]:
    """One line for each row that counts as a miss, then one for each kind of notice."""
    lines = [
        f"{item.key if item.case is None else f'{item.file}: {item.key}'}: {item.error}: counts as a miss"
        for item in items
        if item.error
    ]
    unknown_terms = Counter(n.split(" ")[0] for item in items for n in item.notices if n.endswith("left out"))
    if unknown_terms:
        shown = ", ".join(sorted(unknown_terms)[:5])
        lines.append(
            f"{sum(unknown_terms.values())} findings have HPO ids unknown here and were left out ({shown} ...)"
        )
    unknown_gold = [item.key for item in items if any(n.startswith("the knowledge base has no") for n in item.notices)]
    if unknown_gold:
        lines.append(
            f"{len(unknown_gold)} cases have a diagnosis the knowledge base lacks ({', '.join(unknown_gold[:3])} ...): "
            "only its name can match"
        )
    return lines
