"""A diagnosis decided anew after a person corrected its findings, without asking the model again.

What goes by findings follows: with CRR by fusion the opinions, the ranking and its confidences; next steps always. The
model has read the note, or weighed what was read of it, and not the corrections, so its own list, its turn and the
ranking by words stay as they were.
"""

from collections.abc import Sequence
from dataclasses import replace

from raredxr1.diagnose import crr
from raredxr1.diagnose.asking import Reading
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.next_steps import next_steps
from raredxr1.diagnose.overruled import beside, person_with
from raredxr1.diagnose.pipeline import Answer, lines, ranked, verdict_of
from raredxr1.diagnose.requests import without_model
from raredxr1.diagnose.result import ConfidenceKind, Result, Settings, StatedFinding


def rerank(result: Result, stated: Sequence[StatedFinding], model: Model, names: Names, steps: int) -> Result:
    """Rank anew by other findings.

    Args:
        result: as it was diagnosed.
        stated: the findings as they are now.
        model: whose calibration is used; a ranking made with another model's is left as it is.
        names: the knowledge base and its linker.
        steps: how many next steps to name at most.
    """
    anew = result.model_copy(update={"stated": list(stated)})
    if follows(result, model):
        anew = _fused(anew, model, names)
    age = result.patient.age
    years = age.years if age and age.kind == "presentation" else None
    sex = result.patient.sex.value if result.patient.sex else None
    told = next_steps(anew.candidates, anew.stated, names, steps, years=years, sex=sex, note=anew.note)
    return anew.model_copy(update={"next_steps": told})


def follows(result: Result, model: Model) -> bool:
    """Whether the ranking can follow corrected findings: it was fused, and with this very model."""
    same = (result.versions.model, result.versions.model_sha256) == (model.name, model.sha256)
    return result.crr is not None and result.crr.mode == "fusion" and same


def _fused(result: Result, model: Model, names: Names) -> Result:
    assert result.crr is not None, "asked for results of a fusion only"
    own = Reading(result.diagnosis, list(result.crr.own), _kind(result.settings), list(result.turns))
    kept = result.truncation.kept_characters if result.truncation else None
    note = result.note[:kept]
    given = beside(result.patient)
    settings = result.settings.model_copy(update={"form": "short"}) if model.leads else result.settings
    said = without_model(crr.refine(note, own, result.stated, model, names, "fusion", (), settings, given=given))
    answer = Answer(replace(said.reading, shown=result.diagnosis), said.confident, result.stated, said)
    candidates = ranked(answer, names, person_with(note, given, result.stated, names.kb), note)
    return result.model_copy(
        update={
            "candidates": candidates,
            "lines": lines(candidates, answer, names),
            "verdict": verdict_of(candidates, answer, result.stated, model, note),
            "confidence_kind": said.confident.kind,
            "calibration": said.confident.calibration,
            "crr": said.crr,
        }
    )


def _kind(settings: Settings) -> ConfidenceKind | None:
    """What the raw confidences of the model's own list are."""
    if settings.samples > 1:
        return "agreement"
    return None if settings.ranking == "list" else "beam probability"
