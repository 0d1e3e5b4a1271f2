"""One diagnosis that was asked for: what it has become, everything that happened on the way, and those who follow it.

A run ends once: done, failed or cancelled, whatever comes first; what the worker still finds out afterwards is dropped.
"""

import asyncio
import contextlib
import json
import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Literal

from raredxr1.diagnose import Result
from raredxr1.serve.product import Order, Stop

State = Literal["queued", "running", "done", "failed", "cancelled"]
ENDED = ("done", "failed", "cancelled")


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
