"""What was diagnosed before: kept only where its owner has switched it on, in one private SQLite file.

An entry holds the note and the whole result, so everything here is clinical text: it is listed, shown, exported and
deleted for its owner, and never logged.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from raredxr1.diagnose import Result
from raredxr1.diagnose.output import sentences
from raredxr1.errors import InputError
from raredxr1.serve.database import Database
from raredxr1.serve.review import Review

HISTORY_FILE = "history.sqlite"
MIGRATIONS = (
    """
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE entry (
        id TEXT PRIMARY KEY, created TEXT NOT NULL, source TEXT NOT NULL, input TEXT NOT NULL, names TEXT NOT NULL,
        note TEXT NOT NULL, result TEXT NOT NULL, review TEXT NOT NULL
    );
    CREATE INDEX entry_created ON entry (created)
    """,
    """
    ALTER TABLE entry ADD COLUMN model TEXT NOT NULL DEFAULT '';
    UPDATE entry SET model = coalesce(json_extract(result, '$.versions.model'), '') WHERE json_valid(result)
    """,
)
"""Migration n leaves version n; what has been released is never edited."""


@dataclass(frozen=True)
class Line:
    """An entry in a list."""

    id: str
    created: str
    """ISO 8601, UTC, to the second."""
    source: str
    """page or api."""
    input: str
    first: str
    """The answer in a few words: the first disease, or that none stands out."""
    note: str
    """Its first words."""
    model: str
    """The language model that answered."""


@dataclass(frozen=True)
class Entry:
    """An entry, whole."""

    id: str
    created: str
    source: str
    result: Result
    review: Review

    def document(self) -> dict[str, Any]:
        """The entry as JSON."""
        return {
            "id": self.id,
            "created": self.created,
            "source": self.source,
            "result": self.result.model_dump(mode="json"),
            "review": self.review.model_dump(mode="json"),
        }


class History:
    """The history in a folder; its file is made when it is first switched on."""

    def __init__(self, folder: Path) -> None:
        """Take the folder."""
        self.path = folder / HISTORY_FILE
        self._database = Database(self.path, MIGRATIONS)

    @property
    def recording(self) -> bool:
        """Whether new diagnoses are kept; off until somebody switches it on."""
        rows = self._database.rows("SELECT value FROM setting WHERE name = 'recording'")
        return [row["value"] for row in rows] == ["on"]

    def switch(self, on: bool) -> None:
        """Keep new diagnoses from now on, or no more; what is kept already stays."""
        if not on and not self.path.is_file():
            return
        with self._database.connect() as db:
            db.execute("REPLACE INTO setting VALUES ('recording', ?)", ("on" if on else "off",))

    def add(self, entry_id: str, created: float, source: str, result: Result, review: Review) -> None:
        """Keep a diagnosis, whether or not recording is on."""
        stamp = datetime.fromtimestamp(created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        names = "\n".join(dict.fromkeys((sentences.title(result), *(one.name for one in result.candidates))))
        texts = (result.note, result.model_dump_json(), review.model_dump_json())
        cells = (entry_id, stamp, source, result.input, names, *texts, result.versions.model)
        with self._database.connect() as db:
            db.execute("REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", cells)

    def review(self, entry_id: str, review: Review) -> None:
        """Keep the corrections to an entry; nothing if there is no such entry."""
        self._database.change(("UPDATE entry SET review = ? WHERE id = ?", (review.model_dump_json(), entry_id)))

    def lines(self, words: str = "", limit: int = 100, offset: int = 0) -> list[Line]:
        """List entries, the newest first; only those whose note, input or diseases hold every one of the words."""
        patterns = [f"%{_literal(word)}%" for word in words.split()]
        where = " AND ".join(["(note || char(10) || input || char(10) || names) LIKE ? ESCAPE '!'"] * len(patterns))
        rows = self._database.rows(
            "SELECT id, created, source, input, names, model, substr(note, 1, 160) AS note FROM entry "
            f"{'WHERE ' + where if where else ''} ORDER BY created DESC, rowid DESC LIMIT ? OFFSET ?",
            (*patterns, limit, offset),
        )
        return [
            Line(
                row["id"],
                row["created"],
                row["source"],
                row["input"],
                row["names"].partition("\n")[0],
                " ".join(row["note"].split()),
                row["model"],
            )
            for row in rows
        ]

    def count(self) -> int:
        """How many entries there are."""
        return sum(row["n"] for row in self._database.rows("SELECT count(*) AS n FROM entry"))

    def holds(self, entry_id: str) -> bool:
        """Whether there is such an entry."""
        return bool(self._database.rows("SELECT 1 FROM entry WHERE id = ?", (entry_id,)))

    def get(self, entry_id: str) -> Entry | None:
        """Give an entry; None where there is none.

        Raises:
            InputError: another version of the program wrote it, and this one cannot read it.
        """
        rows = self._database.rows("SELECT * FROM entry WHERE id = ?", (entry_id,))
        if not rows:
            return None
        row = rows[0]
        try:
            result, review = Result.model_validate_json(row["result"]), Review.model_validate_json(row["review"])
        except ValidationError as error:
            raise InputError(
                f"history entry {entry_id}: written by another version of raredx; `raredx history export` gives it as "
                "it is"
            ) from error
        return Entry(row["id"], row["created"], row["source"], result, review)

    def export(self) -> Iterator[str]:
        """Give every entry as a line of JSON, the oldest first, as it was written, whatever version wrote it."""
        for known in self._database.rows("SELECT id FROM entry ORDER BY created, rowid"):
            for row in self._database.rows("SELECT * FROM entry WHERE id = ?", (known["id"],)):
                head = {key: row[key] for key in ("id", "created", "source")}
                parts = {key: json.loads(row[key]) for key in ("result", "review")}
                yield json.dumps(head | parts, ensure_ascii=False) + "\n"

    def delete(self, entry_ids: list[str] | None = None) -> int:
        """Delete entries, all of them by default, overwriting what the file held; how many there were."""
        if not self.path.is_file():
            return 0
        named = [("DELETE FROM entry WHERE id = ?", (entry_id,)) for entry_id in entry_ids or ()]
        deleted = self._database.change(*([("DELETE FROM entry", ())] if entry_ids is None else named))
        self._database.forget_log()
        return deleted


def _literal(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
