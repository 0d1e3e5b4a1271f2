"""Where in a note a finding belongs: history, examination, or one of the investigations that would have shown it."""

import re
from itertools import groupby

from raredxr1.data import table
from raredxr1.knowledge import KnowledgeBase

HISTORY, EXAMINATION, BIRTH = "history", "examination", "birth"
_MEASURED = re.compile(
    r"circulating|concentration|activity of|level$|titer|serum|plasma|urinary|acidosis|penia$|cytosis$|emia$"
)


class Sorter:
    """Sorts terms into the parts of a note; remembers what it sorted."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Look up the terms that head the parts."""
        self.kb = kb
        parts = groupby(table("note_parts"), key=lambda row: row["part"])
        roots = [
            (part, frozenset(kb.term(i) for row in rows if (i := kb.resolve_term(row["hpo_id"]))))
            for part, rows in parts
        ]
        *self._roots, (_, self._resolving) = roots
        self._parts: dict[int, tuple[str, bool]] = {}

    def part(self, term: int) -> str:
        """history, examination, birth, or the name of an investigation."""
        return self._sorted(term)[0]

    def resolves(self, term: int) -> bool:
        """Whether the finding is of a kind that comes and goes."""
        return self._sorted(term)[1]

    def _sorted(self, term: int) -> tuple[str, bool]:
        known = self._parts.get(term)
        if known is None:
            above = set(self.kb.term_ancestors[term])
            part = next((part for part, roots in self._roots if roots & above), HISTORY)
            if part in (HISTORY, "echo") and _MEASURED.search(self.kb.term_names[term].lower()):
                part = "labs"
            known = self._parts[term] = (part, bool(self._resolving & above))
        return known
