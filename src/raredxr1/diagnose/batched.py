"""Many notes at once: what is written for each is what `diagnose` writes alone, several times as fast."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.pipeline import Options, diagnosis
from raredxr1.diagnose.requests import run_together
from raredxr1.diagnose.result import Redaction, Result
from raredxr1.errors import InputError

T = TypeVar("T")
ROWS = 16
"""Notes answered together, by default."""


def parts(items: Sequence[T], size: int = ROWS) -> list[Sequence[T]]:
    """Items in order, so many together."""
    return [items[start : start + size] for start in range(0, len(items), size)]


@dataclass(frozen=True)
class Given:
    """A note, what to call it, and what had to be done to read it."""

    note: str
    name: str = "note"
    notices: Sequence[str] = ()
    redactions: Sequence[Redaction] = ()

    @staticmethod
    def of(note: str, name: str, notices: Sequence[str] = (), deidentified: bool = False) -> "Given":
        """A note, after replacement of names, dates and the like where that is wanted."""
        if not deidentified:
            return Given(note, name, notices)
        from raredxr1.diagnose.deidentify import deidentify  # its patterns take a while to make

        replaced = deidentify(note)
        return Given(replaced.note, name, notices, replaced.redactions)


def diagnose_many(notes: Sequence[Given], model: Model, names: Names, options: Options) -> list[Result | InputError]:
    """Diagnose notes together.

    Args:
        notes: as many as may be held in memory.
        model: what answers.
        names: what the answers are linked to.
        options: how to ask.

    Returns:
        For each note, in order, its result, or why it has none.
    """
    many = [diagnosis(n.note, model, names, options, n.name, n.notices, n.redactions) for n in notes]
    return run_together(many, model.engine)
