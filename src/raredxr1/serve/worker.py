"""Workers ask the models for one thing at a time; requests wait in a short queue, batch jobs behind them.

A model on a CPU gains nothing from two requests at once, so a queue keeps each answer as fast as it can be and makes
the wait known. The models of this machine share a lane of the queue, each model server has its own: who asks the one is
not held up by a slow answer of the other.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

from raredxr1.diagnose import Result
from raredxr1.errors import InputError, place_of
from raredxr1.serve.metrics import Metrics
from raredxr1.serve.product import Order, Product, Stop, StoppedError
from raredxr1.serve.run_state import Failure, Run

log = logging.getLogger("raredx.serve")

_OUTCOMES = {422: "refused", 504: "late"}


class BusyError(Exception):
    """The queue is full; try again after so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds


class Worker:
    """The threads that ask the models, one a lane.

    Args:
        product: what is asked.
        metrics: what counts.
        queue: runs that may wait.
        time_limit: seconds a run may take, its time in the queue included.
        on_done: called in the worker's thread with each run and its result, before the run ends.
        background: asked for work when no run waits; gives None where there is none.
    """

    def __init__(
        self,
        product: Product,
        metrics: Metrics,
        queue: int,
        time_limit: float,
        on_done: Callable[[Run, Result], None],
        background: Callable[[], Callable[[], None] | None],
    ) -> None:
        self._product, self._metrics = product, metrics
        self._limit, self.time_limit = queue, time_limit
        self._on_done, self._background = on_done, background
        self._waiting: deque[Run] = deque()
        self._running: dict[str, Run] = {}
        self._changed = threading.Condition()
        self._closing = self._nudged = False
        self._mean_seconds = 1.0
        lanes = product.lanes
        self._main = lanes[0]
        self._threads = [
            threading.Thread(target=self._work, args=(lane,), name="raredx-worker", daemon=True) for lane in lanes
        ]

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Cancel what runs and waits, and end the threads."""
        with self._changed:
            self._closing = True
            unfinished = [*self._waiting, *self._running.values()]
            self._changed.notify_all()
        for run in unfinished:
            run.cancel()
        for thread in self._threads:
            thread.join(timeout=10)

    def submit(self, order: Order, source: Literal["page", "api"]) -> Run:
        """Put a diagnosis in the queue.

        Raises:
            BusyError: the queue is full.
        """
        with self._changed:
            # what was cancelled while it waited takes no place
            self._waiting = deque(run for run in self._waiting if not run.ended)
            if len(self._waiting) >= self._limit:
                raise BusyError(max(1, round(self._mean_seconds * (len(self._waiting) + 1))))
            run = Run(order, Stop(time.monotonic() + self.time_limit), source)
            lane = self._product.lane(order)
            ahead = sum(self._product.lane(other.order) == lane for other in self._waiting) + (lane in self._running)
            run.tell("status", state="queued", ahead=ahead)
            self._waiting.append(run)
            self._changed.notify_all()
        return run

    def nudge(self) -> None:
        """Say that there may be background work."""
        with self._changed:
            self._nudged = True
            self._changed.notify_all()

    @property
    def load(self) -> tuple[int, int]:
        """Runs that wait, and runs being answered."""
        return sum(not run.ended for run in list(self._waiting)), len(self._running)

    def _work(self, lane: str) -> None:
        if lane == self._main and not self._waiting:
            try:
                self._product.warm_up()
            except Exception as error:  # what is damaged is told to whoever asks; the thread must live
                log.error("warming up failed: %s", place_of(error))
        while not self._closing:
            if (run := self._next_run(lane)) is not None:
                self._answer(run, lane)
            elif lane != self._main:
                with self._changed:
                    while not (self._first(lane) or self._closing):
                        self._changed.wait()
            elif not self._do_background():
                with self._changed:
                    while not (self._first(lane) or self._nudged or self._closing):
                        self._changed.wait()
                    self._nudged = False

    def _first(self, lane: str) -> Run | None:
        return next((run for run in self._waiting if self._product.lane(run.order) == lane), None)

    def _next_run(self, lane: str) -> Run | None:
        with self._changed:
            if not self._closing and (run := self._first(lane)) is not None:
                self._waiting.remove(run)
                self._running[lane] = run
                return run
        return None

    def _do_background(self) -> bool:
        """Do one piece of background work; False where there is none, or it fails and should wait for a nudge."""
        try:
            task = self._background()
            if task is None:
                return False
            task()
        except Exception as error:  # a full disk, a damaged file: requests must still be answered
            log.error("batch work stopped: %s", place_of(error))
            return False
        return True

    def _answer(self, run: Run, lane: str) -> None:
        started = time.monotonic()
        try:
            if not run.begin():
                return
            result = self._product.diagnose(run.order, run.stop, lambda piece: run.tell("text", text=piece))
            if not run.ended:
                self._on_done(run, result)  # before anybody hears of it: what was told is kept
            run.succeed(result)
        except InputError as error:
            run.fail(Failure(422, str(error)))
        except StoppedError:
            if run.stop.late:
                run.late(self.time_limit)
            run.cancel()
        except Exception as error:  # whatever it is, this run fails and the next is answered
            run.fail(Failure(500, f"failed: {place_of(error)}"))
        finally:
            seconds = time.monotonic() - started
            self._mean_seconds += 0.2 * (seconds - self._mean_seconds)
            self._metrics.answered(_outcome(run), seconds, run.result.timings.tokens if run.result else 0)
            with self._changed:
                del self._running[lane]


def _outcome(run: Run) -> str:
    return _OUTCOMES.get(run.failure.status, run.state) if run.failure else run.state
