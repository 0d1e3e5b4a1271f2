"""The model as it is served, many cases at once: the very steps of `diagnose`, at the speed of a batch."""

from collections.abc import Mapping, Sequence
from typing import Any

from raredxr1.diagnose.batched import Given, diagnose_many
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.pipeline import Options
from raredxr1.diagnose.result import Result
from raredxr1.errors import InputError
from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.rows import Answer, OnLine, Prediction, Text
from raredxr1.schemas import Candidate, Form

BATCH = 32


class ModelSystem:
    """The shipped model, another one, or an untrained base."""

    def __init__(self, name: str, model: Model, names: Names, options: Options, batch: int = BATCH) -> None:
        """Take an opened model and how to ask it."""
        self.name, self.batch = name, batch
        self._names, self._options = names, options
        self.model = model

    def facts(self) -> dict[str, Any]:
        """Name, sha256 and coverage; whether others' opinions were fused in, and whether confidence is calibrated."""
        model = self.model
        return {
            "name": model.name,
            "sha256": model.sha256,
            "coverage": model.coverage.model_dump(),
            "crr": self._options.crr,
            "calibrated": model.fitted is not None,
        }

    @property
    def form(self) -> Form:
        """The form it is asked for."""
        return self._options.form or self.model.forms[0]

    def fitted_on(self, files: Sequence[Mapping[str, str]]) -> list[str]:
        """Say which case files (file, sha256) the confidences, and the fusion of opinions, were fitted on."""
        fitted = {one.sha256 for one in self.model.fitted.cases} if self.model.fitted else set()
        return [
            f"{file['file']}: the confidences and the fusion of opinions were fitted on cases of this file; "
            "`raredx train calibrate` reports figures on files left out"
            for file in files
            if file["sha256"] in fitted
        ]

    def predict(self, items: Sequence[Item]) -> list[Prediction]:
        """Diagnose the notes of a batch."""
        given = [Given(item.note, item.key) for item in items]
        results = diagnose_many(given, self.model, self._names, self._options)
        return [
            Prediction(case_id=item.key, status="failed", reason=str(result))
            if isinstance(result, InputError)
            else prediction(item.key, result)
            for item, result in zip(items, results, strict=True)
        ]


def prediction(key: str, result: Result) -> Prediction:
    """Keep of a result what does not change from run to run."""
    return Prediction(
        case_id=key,
        notices=[*result.notices, *filter(None, [result.excluded])],
        note_sha256=result.note_sha256,
        form=result.settings.form,
        answer=[Answer.model_validate(c.model_dump(include=set(Candidate.model_fields))) for c in result.candidates],
        lines=[[OnLine(rank=m.rank, name=m.name, id=m.id) for m in line.members] for line in result.lines],
        confidence_kind=result.confidence_kind,
        findings=result.diagnosis.findings,
        problems=result.diagnosis.problems,
        turns=[Text(role=t.role, text=t.text, truncated=t.truncated) for t in result.turns],
        prompt_tokens=result.timings.prompt_tokens,
        tokens=result.timings.tokens,
    )
