"""The models and the knowledge behind the server, asked for a diagnosis, and stoppable."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from raredxr1.diagnose import Model, Names, Options, Result, diagnose
from raredxr1.diagnose.deidentify import deidentify
from raredxr1.diagnose.inputs import Document, note_of
from raredxr1.diagnose.opinions import gather
from raredxr1.diagnose.pipeline import with_crr
from raredxr1.diagnose.result import Redaction
from raredxr1.diagnose.stated import stated_findings
from raredxr1.errors import InputError


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
    model: str | None = None
    """The name of the model that answers; None: the first."""


@dataclass(frozen=True)
class Product:
    """What answers."""

    models: Mapping[str, Model]
    """By the name each is asked for by; the first answers where none is named."""
    names: Names

    @property
    def model(self) -> Model:
        """The model that answers where none is named."""
        return next(iter(self.models.values()))

    def named(self, name: str | None) -> Model:
        """Give a model by its name.

        Raises:
            InputError: there is no such model here.
        """
        if name is None:
            return self.model
        if name not in self.models:
            raise InputError(f"model {name[:60]!r}: this server has none of that name; it has {', '.join(self.models)}")
        return self.models[name]

    @property
    def lanes(self) -> list[str]:
        """What may be asked at the same time, the first model's lane first."""
        return list(dict.fromkeys(_lane(name, model) for name, model in self.models.items()))

    def lane(self, order: Order) -> str:
        """The lane of the model that an order is for; of one that is not here, the first."""
        model = self.models.get(order.model or "")
        return self.lanes[0] if model is None else _lane(order.model or "", model)

    def maker(self, result: Result) -> Model:
        """The model that made a result; the first, where that one is not open here."""
        made = result.versions.model, result.versions.model_sha256
        return next((m for m in self.models.values() if (m.name, m.sha256) == made), self.model)

    def diagnose(self, order: Order, stop: Stop, on_text: Callable[[str], None] | None = None) -> Result:
        """Diagnose, in the calling thread.

        Raises:
            InputError: the input cannot be used, there is no such model, or it was not taught what is asked for.
            StoppedError: it was stopped.
        """
        stop.check()
        note, notices = note_of(order.given, order.name, self.names.kb, order.strict)
        redactions = list(order.redactions)
        if order.deidentify:
            cleaned = deidentify(note)
            note, redactions = cleaned.note, cleaned.redactions
        model = self.named(order.model)
        return diagnose(note, model, self.names, order.options, order.name, on_text, notices, redactions, stop.check)

    def warm_up(self) -> None:
        """Build the indexes that would delay the first answer."""
        self.names.disease("Rett syndrome")
        self.names.term_id("Seizure")
        found = stated_findings("Seizure.", [], self.names)
        if any(with_crr(Options(form=form), model).crr for model in self.models.values() for form in model.forms):
            gather("Seizure.", found, self.names)


def _lane(name: str, model: Model) -> str:
    """Models on this machine share its processors and so a lane, the empty one; a model server has its own."""
    return name if model.server else ""
