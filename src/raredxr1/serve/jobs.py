"""Batch jobs: many notes, answered one after the other whenever nobody waits for the model.

Everything is in one private SQLite file, a row a note, and a row is written the moment its answer is there: a server
that is killed loses nothing that was finished, and the job can be resumed. A note that cannot be used is a row with a
reason. Notes and results stay until their job is deleted.
"""

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from raredxr1.errors import InputError, place_of
from raredxr1.serve.database import Database
from raredxr1.serve.metrics import Metrics
from raredxr1.serve.product import Product, Stop, StoppedError
from raredxr1.serve.requests import Ask, AskOptions
from raredxr1.serve.settings import Settings, private_file

JOBS_FILE = "jobs.sqlite"
MIGRATIONS = (
    """
    CREATE TABLE job (id TEXT PRIMARY KEY, created TEXT NOT NULL, state TEXT NOT NULL, options TEXT NOT NULL);
    CREATE TABLE item (
        job TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE, place INTEGER NOT NULL, asked TEXT NOT NULL,
        state TEXT NOT NULL, answer TEXT, PRIMARY KEY (job, place)
    ) WITHOUT ROWID;
    CREATE INDEX item_state ON item (state, job)
    """,
)
JobState = Literal["active", "done", "cancelled", "interrupted"]


@dataclass(frozen=True)
class Job:
    """A job and how far it is."""

    id: str
    created: str
    state: JobState
    model: str | None
    """Which was asked for, by name; None: the first."""
    total: int
    succeeded: int
    failed: int


class TooManyError(Exception):
    """No room for another job."""


class Jobs:
    """The jobs of a server; only one server at a time works on a folder's jobs."""

    def __init__(self, settings: Settings, product: Product, metrics: Metrics) -> None:
        self._settings, self._product, self._metrics = settings, product, metrics
        self._path = settings.folder / JOBS_FILE
        self._database = Database(self._path, MIGRATIONS)
        self._stop = Stop()
        self._closing = False
        self._running: str | None = None
        self._hold: sqlite3.Connection | None = None

    def open(self) -> None:
        """Take the folder, once; jobs that a server before this one left unfinished are interrupted, until resumed.

        Raises:
            InputError: another server works in the same folder.
        """
        if self._hold is not None:
            return
        path = private_file(self._settings.folder / "serve.lock")
        self._hold = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            # an exclusive transaction that is never ended: gone with the process, whatever ends it
            self._hold.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._hold.close()
            self._hold = None
            raise InputError(
                f"{self._settings.folder}: another `raredx serve` works here; name another folder with --data"
            ) from error
        self._closing = False
        self._interrupt()

    def close(self) -> None:
        """Stop working; what is unfinished is interrupted."""
        self._closing = True  # first, or the row that is stopped here would be taken up again at once
        self._stop.wish()
        if self._hold is not None:
            self._interrupt()
            self._hold.close()
            self._hold = None

    def create(self, asks: Sequence[Ask], options: AskOptions) -> Job:
        """Put a job at the end of the line.

        Raises:
            TooManyError: there are too many; delete some.
            InputError: there is no such model here.
        """
        self._product.named(options.model)
        job_id = secrets.token_hex(6)
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        with self._database.connect() as db:
            (jobs,) = db.execute("SELECT count(*) FROM job").fetchone()
            if jobs >= self._settings.jobs:
                raise TooManyError
            db.execute("INSERT INTO job VALUES (?, ?, 'active', ?)", (job_id, stamp, options.model_dump_json()))
            db.executemany(
                "INSERT INTO item VALUES (?, ?, ?, 'waiting', NULL)",
                [(job_id, place, json.dumps(ask.model_dump())) for place, ask in enumerate(asks, 1)],
            )
        return Job(job_id, stamp, "active", options.model, len(asks), 0, 0)

    def listed(self) -> list[Job]:
        """List all jobs, the newest first."""
        return [_job(row) for row in self._database.rows(f"{_COUNTED} GROUP BY job.id ORDER BY job.rowid DESC")]

    def get(self, job_id: str) -> Job | None:
        """A job; None where there is none."""
        rows = self._database.rows(f"{_COUNTED} WHERE job.id = ? GROUP BY job.id", (job_id,))
        return _job(rows[0]) if rows else None

    def rows(self, job_id: str, after: int = 0) -> Iterator[str]:
        """Give the finished rows as lines of JSON, in order; those after a place only, where one is named."""
        query = (
            "SELECT place, answer FROM item WHERE job = ? AND place > ? AND answer IS NOT NULL ORDER BY place LIMIT 1"
        )
        while found := self._database.rows(query, (job_id, after)):
            after = found[0]["place"]
            yield found[0]["answer"] + "\n"

    def cancel(self, job_id: str) -> Job | None:
        """Work on it no more; what is finished stays, and it can be resumed. A job that is done stays done."""
        self._set(job_id, "cancelled", ("active", "interrupted"))
        if self._running == job_id:
            self._stop.wish()
        return self.get(job_id)

    def resume(self, job_id: str) -> Job | None:
        """Work on it again, from where it stands.

        Raises:
            InputError: its model is not open here.
        """
        if (job := self.get(job_id)) and job.state in ("cancelled", "interrupted"):
            self._product.named(job.model)
        self._set(job_id, "active", ("cancelled", "interrupted"))
        return self.get(job_id)

    def delete(self, job_id: str) -> bool:
        """Remove a job with its notes and results, overwriting what the file held."""
        if not self._path.is_file():
            return False
        deleted = self._database.change(("DELETE FROM job WHERE id = ?", (job_id,)))
        if self._running == job_id:
            self._stop.wish()
        self._database.forget_log()
        return bool(deleted)

    def next_task(self) -> Callable[[], None] | None:
        """The next row to answer, as something to do; None where there is none."""
        rows = self._database.rows(_NEXT) if not self._closing else []
        return (lambda: self._answer(*rows[0])) if rows else None

    def _answer(self, job_id: str, place: int, asked: str, options: str) -> None:
        """Answer a row and write the answer down; a row that was stopped waits again."""
        self._stop = Stop(time.monotonic() + self._settings.time_limit)
        if self._closing:
            return
        self._running = job_id
        ask = Ask.model_validate(json.loads(asked))
        head = {"place": place, "name": ask.name}
        state, said = "failed", None
        try:
            order = ask.order(AskOptions.model_validate_json(options), self._product)
            result = self._product.diagnose(order, self._stop)
            state, said = "succeeded", {**head, "result": result.model_dump(mode="json"), "error": None}
        except InputError as error:
            said = {**head, "result": None, "error": str(error)}
        except StoppedError:
            if not self._stop.late:
                return
            said = {**head, "result": None, "error": f"not finished within {self._settings.time_limit:g} s"}
        except Exception as error:  # whatever it is, this row fails and the next is answered
            said = {**head, "result": None, "error": f"failed: {place_of(error)}"}
        finally:
            self._running = None
        answer = (state, json.dumps(said, ensure_ascii=False), job_id, place)
        self._database.change(
            ("UPDATE item SET state = ?, answer = ? WHERE job = ? AND place = ?", answer), (_SETTLE, (job_id,))
        )
        self._metrics.job_item(state)

    def _set(self, job_id: str, state: JobState, former: Sequence[JobState]) -> None:
        change = f"UPDATE job SET state = ? WHERE id = ? AND state IN ({', '.join('?' * len(former))})"
        self._database.change((change, (state, job_id, *former)), (_SETTLE, (job_id,)))

    def _interrupt(self) -> None:
        self._database.change(("UPDATE job SET state = 'interrupted' WHERE state = 'active'", ()))


_NEXT = (
    "SELECT item.job, item.place, item.asked, job.options FROM item JOIN job ON job.id = item.job "
    "WHERE job.state = 'active' AND item.state = 'waiting' ORDER BY job.rowid, item.place LIMIT 1"
)
_SETTLE = (
    "UPDATE job SET state = 'done' WHERE id = ? AND state = 'active' "
    "AND NOT EXISTS (SELECT 1 FROM item WHERE item.job = job.id AND item.state = 'waiting')"
)
_COUNTED = (
    "SELECT job.id, job.created, job.state, json_extract(job.options, '$.model') AS model, count(item.place) AS total, "
    "coalesce(sum(item.state = 'succeeded'), 0) AS succeeded, coalesce(sum(item.state = 'failed'), 0) AS failed "
    "FROM job LEFT JOIN item ON item.job = job.id"
)


def _job(row: sqlite3.Row) -> Job:
    return Job(row["id"], row["created"], row["state"], row["model"], row["total"], row["succeeded"], row["failed"])
