"""SQLite files of the server: private, in WAL mode, brought up to date by numbered migrations.

A connection is opened for each piece of work and closed after it, so that threads share none. What is deleted is
overwritten (`secure_delete`) and leaves the log at once.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from raredxr1.errors import InputError
from raredxr1.serve.settings import private_file

_SECONDS_TO_WAIT = 10


class Database:
    """A file and the migrations it must have had; migration n leaves `user_version` n."""

    def __init__(self, path: Path, migrations: Sequence[str]) -> None:
        """Name the file; it is made and migrated when first used."""
        self.path = path
        self._migrations = migrations
        self._ready = False
        self._owed = False
        """Whether the log still has to be emptied."""

    @contextmanager
    def connect(self) -> Iterator[sqlite3.Connection]:
        """Give a connection in a transaction: kept if the block ends well, undone if not.

        Raises:
            InputError: the file cannot be opened, is no database, or a newer program wrote it.
        """
        if not self._ready:
            self._migrate()
        connection = self._open()
        try:
            with connection:
                yield connection
        finally:
            connection.close()
        if self._owed:
            self.forget_log(0)

    def rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """What a query finds; nothing where the file was never made."""
        if not self.path.is_file():
            return []
        with self.connect() as db:
            return db.execute(query, tuple(values)).fetchall()

    def change(self, *statements: tuple[str, Sequence[object]]) -> int:
        """Change what is there, all or nothing; how many rows were. A file that was never made stays unmade."""
        if not self.path.is_file():
            return 0
        with self.connect() as db:
            return sum(db.execute(statement, tuple(values)).rowcount for statement, values in statements)

    def forget_log(self, seconds: float = _SECONDS_TO_WAIT) -> bool:
        """Empty the write-ahead log, which may still hold what was deleted.

        While another connection reads or writes, that cannot be done: it is tried for so many seconds, and after that
        again whenever the file is used.

        Returns:
            Whether the log is empty.
        """
        ends = time.monotonic() + seconds
        while True:
            connection = self._open(timeout=0.2)
            try:
                (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError:  # locked, at this very moment
                busy = 1
            finally:
                connection.close()
            self._owed = bool(busy)
            if not busy or time.monotonic() >= ends:
                return not busy
            time.sleep(0.05)

    def _open(self, timeout: float = _SECONDS_TO_WAIT) -> sqlite3.Connection:
        # autocommit off: `with connection` begins, commits and rolls back as PEP 249 says
        connection = sqlite3.connect(private_file(self.path), timeout=timeout)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        return connection

    def _migrate(self) -> None:
        try:
            connection = self._open()
        except sqlite3.Error as error:
            raise InputError(f"{self.path}: cannot be opened ({error})") from error
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > len(self._migrations):
                raise InputError(f"{self.path}: written by a newer version of raredx; update, or name another folder")
            for number, statements in enumerate(self._migrations[version:], version + 1):
                for statement in filter(str.strip, statements.split(";")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise InputError(f"{self.path}: no database of raredx, or a damaged one ({error})") from error
        finally:
            connection.close()
        self._ready = True
