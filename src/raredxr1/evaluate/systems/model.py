"""The model as it is served, many cases at once.

`diagnose` asks its engine for one turn after the other. Here the engine in between notes what is asked and stops; the
questions of a whole batch are answered together, and `diagnose` runs again with the answers at hand. So what is
measured is what is served, at the speed of a batch.
"""

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

from raredxr1.diagnose.engine import Completion, Engine, GenerationSettings, Stream
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.pipeline import Options, diagnose
from raredxr1.diagnose.result import Result
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.rows import Answer, Prediction, Text
from raredxr1.schemas import Candidate

BATCH = 32


class Pending(Exception):
    """An answer is not there yet."""

    def __init__(self, prompt: str, settings: GenerationSettings) -> None:
        """Note what was asked."""
        super().__init__("an answer is not there yet")
        self.prompt, self.settings = prompt, settings


class Deferred:
    """An engine that gives the answers it holds and raises `Pending` for others."""

    def __init__(self, engine: Engine) -> None:
        """Stand before an engine."""
        self._engine = engine
        self.name: str = engine.name
        self.path: Path = engine.path
        self.context_length: int = engine.context_length
        self._held: dict[tuple[str, GenerationSettings], list[Completion]] = {}

    def count(self, text: str) -> int:
        """Count the tokens of a prompt."""
        return self._engine.count(text)

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        """Give a turn that is at hand, in one piece."""
        (completion,) = self._answers(prompt, settings)

        def whole() -> Generator[str, None, Completion]:
            yield completion.text
            return completion

        return Stream(whole())

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        """Give turns that are at hand."""
        return [self._answers(prompt, settings) for prompt in prompts]

    def score(self, prompt: str, continuation: str) -> list[float]:
        """Ask the engine behind."""
        return self._engine.score(prompt, continuation)

    def fetch(self, asked: Sequence[Pending]) -> None:
        """Ask the engine behind for everything at once."""
        by_settings: dict[GenerationSettings, dict[str, None]] = {}
        for one in asked:
            by_settings.setdefault(one.settings, {})[one.prompt] = None
        for settings, prompts in by_settings.items():
            answers = self._engine.generate([*prompts], settings)
            self._held.update(((prompt, settings), given) for prompt, given in zip(prompts, answers, strict=True))

    def forget(self) -> None:
        """Let go of all answers."""
        self._held.clear()

    def _answers(self, prompt: str, settings: GenerationSettings) -> list[Completion]:
        held = self._held.get((prompt, settings))
        if held is None:
            raise Pending(prompt, settings)
        return held


class ModelSystem:
    """The shipped model, another one, or an untrained base."""

    def __init__(self, name: str, model: Model, names: Names, options: Options, batch: int = BATCH) -> None:
        """Take an opened model and how to ask it; a note that is too long is cut, and the cut is named."""
        self.name, self.batch = name, batch
        self._names, self._options = names, options
        self._engine = Deferred(model.engine)
        self._model = Model(**{**vars(model), "engine": self._engine})

    def facts(self) -> dict[str, Any]:
        """Name, sha256 and coverage; whether others' opinions were fused in, and whether confidence is calibrated."""
        model = self._model
        return {
            "name": model.name,
            "sha256": model.sha256,
            "coverage": model.coverage.model_dump(),
            "crr": self._options.crr,
            "calibrated": model.fitted is not None,
        }

    def fitted_on(self, files: Sequence[Mapping[str, str]]) -> list[str]:
        """Say which case files (file, sha256) the confidences, and the fusion of opinions, were fitted on."""
        fitted = {one.sha256 for one in self._model.fitted.cases} if self._model.fitted else set()
        return [
            f"{file['file']}: the confidences and the fusion of opinions were fitted on cases of this file; "
            "`raredx train calibrate` reports figures on files left out"
            for file in files
            if file["sha256"] in fitted
        ]

    def predict(self, items: Sequence[Item]) -> list[Prediction]:
        """Diagnose the notes of a batch."""
        done: dict[str, Prediction] = {}
        while len(done) < len(items):
            asked: list[Pending] = []
            for item in items:
                if item.key in done:
                    continue
                try:
                    result = diagnose(item.note, self._model, self._names, self._options, item.key)
                except Pending as pending:
                    asked.append(pending)
                except InputError as error:
                    done[item.key] = Prediction(case_id=item.key, status="failed", reason=str(error))
                else:
                    done[item.key] = prediction(item.key, result)
            if asked:
                self._engine.fetch(asked)
        self._engine.forget()
        return [done[item.key] for item in items]


def prediction(key: str, result: Result) -> Prediction:
    """Keep of a result what does not change from run to run."""
    notices = list(result.notices)
    if result.truncation:
        notices.append(f"the model read {1 - result.truncation.omitted_share:.0%} of the note")
    return Prediction(
        case_id=key,
        notices=notices,
        note_sha256=result.note_sha256,
        form=result.settings.form,
        answer=[Answer.model_validate(c.model_dump(include=set(Candidate.model_fields))) for c in result.candidates],
        confidence_kind=result.confidence_kind,
        findings=result.diagnosis.findings,
        problems=result.diagnosis.problems,
        turns=[Text(role=t.role, text=t.text, truncated=t.truncated) for t in result.turns],
        prompt_tokens=result.timings.prompt_tokens,
        tokens=result.timings.tokens,
    )
