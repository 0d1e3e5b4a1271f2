"""The model and the knowledge behind the server, asked for one diagnosis at a time, and stoppable."""

import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from raredxr1.diagnose import Model, Names, Options, Result, diagnose
from raredxr1.diagnose.deidentify import deidentify
from raredxr1.diagnose.engine import Completion, Engine, GenerationSettings, Stream
from raredxr1.diagnose.inputs import Document, note_of
from raredxr1.diagnose.opinions import gather
from raredxr1.diagnose.pipeline import with_crr
from raredxr1.diagnose.result import Redaction
from raredxr1.diagnose.stated import stated_findings


class StoppedError(Exception):
    """The answer is no longer wanted: cancelled, or out of time."""


@dataclass
class Stop:
    """A wish to stop that another thread can utter, and a time at which to stop by oneself."""

    deadline: float = float("inf")
    """In `time.monotonic` seconds."""
    _wished: threading.Event = field(default_factory=threading.Event)

    def wish(self) -> None:
        """Ask for the work to stop."""
        self._wished.set()

    @property
    def late(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.deadline

    def check(self) -> None:
        """Raise StoppedError if the work should stop."""
        if self._wished.is_set() or self.late:
            raise StoppedError


@dataclass(frozen=True)
class Order:
    """What is to be diagnosed, and how."""

    given: Document
    name: str
    options: Options = field(default_factory=Options)
    deidentify: bool = False
    """Take names, dates and the like out before anything reads the note."""
    redactions: Sequence[Redaction] = ()
    """What was taken out of it already."""
    strict: bool = False
    """Refuse a phenopacket or a bundle of which something would have to be left out."""


@dataclass(frozen=True)
class Product:
    """What answers."""

    model: Model
    names: Names

    def diagnose(self, order: Order, stop: Stop, on_text: Callable[[str], None] | None = None) -> Result:
        """Diagnose, in the calling thread.

        Raises:
            InputError: the input cannot be used, or the model was not taught what is asked for.
            StoppedError: it was stopped.
        """
        stop.check()
        note, notices = note_of(order.given, order.name, self.names.kb, order.strict)
        redactions = list(order.redactions)
        if order.deidentify:
            cleaned = deidentify(note)
            note, redactions = cleaned.note, cleaned.redactions
        model = replace(self.model, engine=StoppableEngine(self.model.engine, stop))
        return diagnose(note, model, self.names, order.options, order.name, on_text, notices, redactions)

    def warm_up(self) -> None:
        """Build the indexes that would delay the first answer."""
        self.names.disease("Rett syndrome")
        self.names.term_id("Seizure")
        found = stated_findings("Seizure.", [], self.names)
        if any(with_crr(Options(form=form), self.model).crr for form in self.model.forms):
            gather("Seizure.", found, self.names)


class StoppableEngine:
    """An engine that looks between two tokens, and around a batch, whether its text is still wanted."""

    def __init__(self, engine: Engine, stop: Stop) -> None:
        self._engine, self._stop = engine, stop
        self.name: str = engine.name
        self.path: Path = engine.path
        self.context_length: int = engine.context_length

    def count(self, text: str) -> int:
        """Count the tokens of a prompt."""
        return self._engine.count(text)

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        """Write one turn, piece by piece."""
        self._stop.check()
        inner = self._engine.stream(prompt, settings)

        def pieces() -> Generator[str, None, Completion]:
            try:
                for piece in inner:
                    self._stop.check()
                    yield piece
            finally:
                inner.close()
            return inner.completion

        return Stream(pieces())

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        """Write `samples` turns for each prompt; a batch that has begun is finished."""
        self._stop.check()
        written = self._engine.generate(prompts, settings)
        self._stop.check()
        return written

    def score(self, prompt: str, continuation: str) -> list[float]:
        """Return the log-probability of each token of a continuation."""
        self._stop.check()
        return self._engine.score(prompt, continuation)
