"""Reads the tables of everyday wordings (`data/speech/*.txt`) into wordings by HPO id.

An entry is a line with an HPO id and its label, then lines of wordings, divided by ";", in the notation of
`grammar.py`:

    n, v, c       anyone's words: a noun phrase, a predicate ("tires easily"), or a clause ("the eyes wobble")
    N, V, C       words only a clinician would use
    -n, -v, -c    words that say the patient does not have it

After the label, `~HP:...` names a term: where the patient has something below it, the denial would not be true. A
wording that ends in `#word` says something that must not be said twice in a note, such as when the patient walked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from raredxr1.cases.speech.wording import Form, Wording, wording
from raredxr1.data import lines
from raredxr1.knowledge.recognition.everyday import TABLES

_FORMS: dict[str, Form] = {"n": "noun", "v": "verb", "c": "clause"}
Kind = Literal["anyone", "clinician", "denial", "clinical denial"]


@dataclass
class Entry:
    """How a finding is put by people who do not know its label."""

    term: str
    label: str
    guard: str | None
    """Where the patient has a finding below this term, the denials would not be true."""
    wordings: dict[Kind, list[Wording]] = field(default_factory=dict)
    plain_nouns: list[Wording] = field(default_factory=list)
    """Noun phrases that can be denied: "no fits"."""


@cache
def entries() -> dict[str, Entry]:
    """Every entry of the tables by HPO id."""
    found: dict[str, Entry] = {}
    for name in TABLES:
        for entry in read_entries(lines(f"speech/{name}.txt")):
            if entry.term in found:
                raise ValueError(f"{entry.term} {entry.label}: two entries")
            found[entry.term] = entry
    return found


def read_entries(table: Iterable[str]) -> list[Entry]:
    """Read the lines of a table; the head of this module says how it is written.

    Raises:
        ValueError: a line that is neither a heading nor wordings.
    """
    found: list[Entry] = []
    for line in map(str.strip, table):
        if line.startswith("HP:"):
            head, _, guard = line.partition(" ~")
            term, _, label = head.partition(" ")
            found.append(Entry(term, label, guard or None))
            continue
        mark, _, said = line.partition(" ")
        form = _FORMS.get(mark.lstrip("-").lower())
        if form is None or not said or not found:
            raise ValueError(f"no line of wordings: {line!r}")
        denies, clinical = mark.startswith("-"), mark[-1].isupper()
        kind: Kind = (
            ("clinical denial" if clinical else "denial") if denies else ("clinician" if clinical else "anyone")
        )
        read = [wording(one, form) for one in said.split(";")]
        found[-1].wordings.setdefault(kind, []).extend(read)
        if form == "noun" and not denies:
            found[-1].plain_nouns += [w for w, one in zip(read, said.split(";"), strict=True) if _deniable(one)]
    return found


_COUNTED = frozenset(
    ["one", "two", "three", "several", "many", "no", "not", "never", "without", "being", "lack", "loss", "need"]
)


def _deniable(text: str) -> bool:
    return _COUNTED.isdisjoint(text.lower().split()) and not any(mark in text for mark in "[{<,#0123456789↑↓")
