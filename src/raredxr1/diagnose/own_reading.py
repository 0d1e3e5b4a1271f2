"""The model's own reading of a note, before any opinion: how it is asked, whatever the note's length."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from raredxr1 import dialogue
from raredxr1.diagnose.asking import BEAM_TOKENS, Prompt, Reading, ask_model
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.reading import read_windows
from raredxr1.diagnose.requests import Steps
from raredxr1.diagnose.result import Settings, StatedFinding, Turn
from raredxr1.diagnose.stated import stated_findings
from raredxr1.diagnose.summary import Summary, summarise
from raredxr1.diagnose.windows import windows
from raredxr1.schemas import Demographics, Diagnosis, Finding, Form, Task


@dataclass
class OwnPrompts:
    """How the model is asked about one note.

    A full turn is asked for by the note itself where it fits, else by what was read in windows. Names alone are asked
    for by what was read, whoever read it; of a model server, which is a large model, by the note where it fits.

    Attributes:
        note: the whole note.
        patient: age and sex.
        whole: whether the model reads the note as one: it and a turn fit the context, and it was taught to.
        read: findings read in windows.
        details: what is worth knowing about how a long note was read.
    """

    note: str
    patient: Demographics
    model: Model
    names: Names
    settings: Settings
    whole: bool
    read: Sequence[Finding] = ()
    details: list[str] = field(default_factory=list)
    _stated: dict[tuple[int, ...], list[StatedFinding]] = field(default_factory=dict)

    def stated(self, quoted: Sequence[Finding]) -> list[StatedFinding]:
        """Everything read of the note, with what a turn over the whole note quotes."""
        quoted = quoted if self.whole else self.read
        key = tuple(finding.index for finding in quoted)
        if key not in self._stated:
            self._stated[key] = stated_findings(self.note, quoted, self.names)
        return self._stated[key]

    def prompt(self, form: Form, task: Task, quoted: Sequence[Finding]) -> Prompt:
        """The prompt for a form and a task; see `asking.Ask`."""
        served = self.model.server is not None
        if self.whole and (form == "full" or served):
            return Prompt(dialogue.render_prompt(self.note, form, task))
        stated = self.stated(quoted)
        engine = self.model.engine
        reserve = BEAM_TOKENS if task == "final" else self.settings.max_tokens

        def asked(summary: Summary) -> Prompt:
            text = dialogue.render_prompt(summary.text, form, task)
            if form == "short":
                return Prompt(text)
            # a model server begins its own turns
            return Prompt(text, "" if served else summary.begun(), tuple(summary.numbered()))

        def fits(summary: Summary) -> bool:
            prompt = asked(summary)
            return engine.count(prompt.text + prompt.begun) + reserve <= engine.context_length

        summary = summarise(self.patient, stated, self.names, fits)
        if not summary.findings:
            return Prompt(dialogue.render_prompt(self._beginning(form, task, reserve), form, task))
        if form == "full":
            self.details.append(_extent(len(summary.findings), len(stated)))
        return asked(summary)

    def _beginning(self, form: Form, task: Task, reserve: int) -> str:
        """As much of a note in which no finding was read as fits."""
        engine = self.model.engine
        room = engine.context_length - reserve - engine.count(dialogue.render_prompt("", form, task))
        first = windows(self.note, max(1, room), engine.count)[0]
        return self.note[first.start : first.end]


def own_reading(
    note: str, patient: Demographics, needed: int, model: Model, names: Names, settings: Settings
) -> Steps[tuple[Reading, OwnPrompts]]:
    """Read a note and rank; nothing of a model that weighs what others read and rank.

    Args:
        note: the whole note.
        patient: age and sex.
        needed: tokens of the prompt that holds the whole note.
        model: what answers.
        names: what the answer is linked to.
        settings: how to ask.
    """
    if model.leads:
        return Reading(Diagnosis(form=settings.form), []), OwnPrompts(
            note, patient, model, names, settings, whole=False
        )
    whole = needed + settings.max_tokens <= model.engine.context_length and not model.windowed
    prompts = OwnPrompts(note, patient, model, names, settings, whole)
    turns: list[Turn] = []
    if model.windowed or (settings.form == "full" and not whole):
        prompts.read, turns = yield from read_windows(note, model, names, settings)
        prompts.details.append(f"The model read the note in {len(turns)} windows.")
    reading = yield from ask_model(note, prompts.prompt, names, settings)
    reading.turns = [*turns, *reading.turns]
    return reading, prompts


def _extent(taken: int, read: int) -> str:
    if taken == read:
        return f"The model reasoned over the {read} findings read."
    return f"The model reasoned over the {taken} most specific of {read} findings read."
