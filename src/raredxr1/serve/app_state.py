"""What all routes share: the product, the worker, and the runs whose pages can still be opened."""

import logging
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from raredxr1.diagnose import Result
from raredxr1.errors import InputError
from raredxr1.serve import review
from raredxr1.serve.history import History
from raredxr1.serve.jobs import Jobs
from raredxr1.serve.metrics import Metrics
from raredxr1.serve.product import Order, Product
from raredxr1.serve.review import Review
from raredxr1.serve.run_state import Run
from raredxr1.serve.sessions import Sessions
from raredxr1.serve.settings import Settings
from raredxr1.serve.worker import Worker

log = logging.getLogger("raredx.serve")


@dataclass
class Visit:
    """A run of the page, and its findings as corrected."""

    run: Run
    note: str
    """As it was typed, to be given back."""
    chosen: Mapping[str, str]
    """Fields of the form that said how to ask."""
    review: Review | None = None
    """None: as they were read."""


class AppState:
    """Made once for an application."""

    def __init__(self, product: Product, settings: Settings) -> None:
        self.product, self.settings = product, settings
        self.metrics = Metrics()
        self.sessions = Sessions(settings.token, settings.folder)
        self.history = History(settings.folder)
        self.jobs = Jobs(settings, product, self.metrics)
        self.worker = Worker(
            product, self.metrics, settings.queue, settings.time_limit, self._keep, self.jobs.next_task
        )
        self.reviewing = threading.Lock()
        """Held while findings are corrected."""
        self._visits: OrderedDict[str, Visit] = OrderedDict()
        self._lock = threading.Lock()

    def open(self) -> None:
        """Begin to work."""
        self.jobs.open()
        self.worker.start()

    def close(self) -> None:
        """Cancel what is unfinished; jobs can be resumed."""
        self.jobs.close()
        self.worker.close()

    def visit(self, order: Order, note: str, chosen: Mapping[str, str]) -> Visit:
        """Start a run for a page. For errors see `Worker.submit`."""
        made = Visit(self.worker.submit(order, "page"), note, chosen)
        with self._lock:
            self._visits[made.run.id] = made
            while len(self._visits) > self.settings.runs_kept:
                self._visits.popitem(last=False)
        return made

    def visited(self, run_id: str) -> Visit | None:
        """The run of a page that is still in memory."""
        with self._lock:
            return self._visits.get(run_id)

    def forget(self, run_id: str | None = None) -> None:
        """Drop a run from memory, or all that have ended."""
        with self._lock:
            ids = [run_id] if run_id else [i for i, visit in self._visits.items() if visit.run.ended]
            for one in ids:
                self._visits.pop(one, None)

    def _keep(self, run: Run, result: Result) -> None:
        """Put an answer into the history, if it is on; a full disk must not lose the answer that is there."""
        try:
            if self.history.recording:
                self.history.add(run.id, run.created, run.source, result, review.read(result))
        except (InputError, OSError, sqlite3.Error) as error:
            log.error("the history could not be written: %s", error)
