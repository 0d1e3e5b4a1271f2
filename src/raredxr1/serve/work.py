"""One worker asks the model for one thing at a time; requests wait in a short queue, batch jobs behind them.

A model on a CPU gains nothing from two requests at once, so a queue keeps each answer as fast as it can be and makes
the wait known. A run ends once: done, failed or cancelled, whatever comes first; what the worker still finds out
afterwards is dropped.
"""

import asyncio
import contextlib
import json
import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Literal

from raredxr1.diagnose import Result
from raredxr1.errors import InputError, place_of
from raredxr1.serve.metrics import Metrics
from raredxr1.serve.product import Order, Product, Stop, StoppedError

log = logging.getLogger("raredx.serve")

State = Literal["queued", "running", "done", "failed", "cancelled"]
ENDED = ("done", "failed", "cancelled")
_OUTCOMES = {422: "refused", 504: "late"}


@dataclass(frozen=True)
class Event:
    """Something that happened in a run: its kind (status, text, result, error) and what to tell, as JSON."""

    kind: Literal["status", "text", "result", "error"]
    data: str


@dataclass(frozen=True)
class Failure:
    """Why there is no result: an HTTP status, and one line without clinical text."""

    status: int
    detail: str


class BusyError(Exception):
    """The queue is full; try again after so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds


@dataclass
class Run:
    """One diagnosis that was asked for; what it has become, and everything that happened on the way."""

    order: Order
    stop: Stop
    source: Literal["page", "api"] = "api"
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    created: float = field(default_factory=time.time)
    state: State = "queued"
    result: Result | None = None
    failure: Failure | None = None
    events: list[Event] = field(default_factory=list)
    watchers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _bells: set[Callable[[], object]] = field(default_factory=set, repr=False)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED

    def tell(self, kind: Literal["status", "text"], **said: object) -> None:
        """Record an event; nothing once the run has ended."""
        with self._lock:
            if not self.ended:
                self.events.append(Event(kind, json.dumps(said, ensure_ascii=False)))
        self._ring()

    def begin(self) -> bool:
        """Say that the model is being asked; False if it need not be asked any more."""
        with self._lock:
            if self.ended:
                return False
            self.state = "running"
            self.events.append(Event("status", '{"state": "running"}'))
        self._ring()
        return True

    def succeed(self, result: Result) -> bool:
        """End with a result; False if the run had ended before."""
        return self._end("done", Event("result", result.model_dump_json()), result=result)

    def fail(self, failure: Failure) -> bool:
        """End without one; False if the run had ended before."""
        event = Event("error", json.dumps({"status": failure.status, "detail": failure.detail}))
        return self._end("failed", event, failure=failure)

    def cancel(self) -> bool:
        """End because nobody wants the answer any more; False if the run had ended before."""
        self.stop.wish()
        failure = Failure(409, "cancelled")
        return self._end("cancelled", Event("error", '{"status": 409, "detail": "cancelled"}'), failure=failure)

    def late(self, seconds: float) -> bool:
        """End because the time is up; False if the run had ended before."""
        self.stop.wish()
        return self.fail(Failure(504, f"not finished within {seconds:g} s"))

    async def follow(self, tick: float = 0.5) -> AsyncIterator[Event | None]:
        """Give all events from the first to the last, and None every `tick` seconds, busy or not."""
        wake, loop = asyncio.Event(), asyncio.get_running_loop()

        def bell() -> None:
            loop.call_soon_threadsafe(wake.set)

        with self._lock:
            self._bells.add(bell)
            self.watchers += 1
        seen, next_tick = 0, loop.time() + tick
        try:
            while True:
                wake.clear()
                ended, new = self.ended, self.events[seen:]
                for event in new:
                    seen += 1
                    yield event
                if ended and seen == len(self.events):
                    return
                if (left := next_tick - loop.time()) <= 0:
                    next_tick = loop.time() + tick
                    yield None
                    continue
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left):  # wait_for can swallow a cancellation (Python 3.11)
                        await wake.wait()
        finally:
            with self._lock:
                self._bells.discard(bell)
                self.watchers -= 1

    def _end(self, state: State, event: Event, result: Result | None = None, failure: Failure | None = None) -> bool:
        with self._lock:
            if self.ended:
                return False
            self.result, self.failure = result, failure
            self.events.append(event)
            self.state = state
        self._ring()
        return True

    def _ring(self) -> None:
        with self._lock:
            for bell in self._bells:
                bell()


class Worker:
    """The thread that asks the model.

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
        self._running: Run | None = None
        self._changed = threading.Condition()
        self._closing = self._nudged = False
        self._mean_seconds = 1.0
        self._thread = threading.Thread(target=self._work, name="raredx-worker", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def close(self) -> None:
        """Cancel what runs and waits, and end the thread."""
        with self._changed:
            self._closing = True
            unfinished = [*self._waiting, *([self._running] if self._running else [])]
            self._changed.notify_all()
        for run in unfinished:
            run.cancel()
        self._thread.join(timeout=10)

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
            ahead = len(self._waiting) + (self._running is not None)
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
        return sum(not run.ended for run in list(self._waiting)), int(self._running is not None)

    def _work(self) -> None:
        if not self._waiting:
            with contextlib.suppress(InputError):  # what is damaged is told to whoever asks
                self._product.warm_up()
        while not self._closing:
            if (run := self._next_run()) is not None:
                self._answer(run)
            elif not self._do_background():
                with self._changed:
                    while not (self._waiting or self._nudged or self._closing):
                        self._changed.wait()
                    self._nudged = False

    def _next_run(self) -> Run | None:
        with self._changed:
            if self._waiting and not self._closing:
                self._running = self._waiting.popleft()
                return self._running
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

    def _answer(self, run: Run) -> None:
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
                self._running = None


def _outcome(run: Run) -> str:
    return _OUTCOMES.get(run.failure.status, run.state) if run.failure else run.state
