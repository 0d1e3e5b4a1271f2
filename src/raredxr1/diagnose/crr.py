"""Collaborative reasoning refinement (CRR): the model's ranking is made anew in the light of other opinions.

Two ways. *fusion*: rankings are fused by a model fitted on development cases (`fused`). *context*: the opinions and the
profiles of their candidates go before the model as lead diagnostician (`crr_prompt`), which only a model large enough
to use them can do. A model that was taught to weigh evidence (`lead`) has the fused ranking and what is known of its
candidates before it, to decide, or in fusion to reason for the order it is given. Whichever decides, the output names
it, keeps the model's own list, and says of each disease who named it at which rank.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from raredxr1.cases.demographics import read_demographics
from raredxr1.diagnose import crr_prompt
from raredxr1.diagnose.already import already_diagnosed
from raredxr1.diagnose.asking import BEAM_TOKENS, Ask, Reading, ask_model
from raredxr1.diagnose.confidence import Confident, calibrated, calibrated_fusion, mass_of
from raredxr1.diagnose.excluded import exclusion_notice
from raredxr1.diagnose.features import Patient, list_likeness
from raredxr1.diagnose.fused import Fused, fuse
from raredxr1.diagnose.lead import evidence, lead_turn
from raredxr1.diagnose.lines import Named, line_family
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.opinions import OWN, Heard, gather, ranks_of
from raredxr1.diagnose.overruled import overruled, person_with
from raredxr1.diagnose.requests import Steps
from raredxr1.diagnose.result import Crr, CrrMode, Settings, StatedFinding
from raredxr1.diagnose.stated import terms
from raredxr1.diagnose.verdict import note_values
from raredxr1.schemas import Candidate, Demographics, Diagnosis, ProblemKind

if TYPE_CHECKING:
    from raredxr1.diagnose.servers.client import Client

_LEAD = {"turn": "lead turn", "beam": "lead beam"}


@dataclass(frozen=True)
class Said:
    """A refined reading, its confidences, and who said what."""

    reading: Reading
    confident: Confident
    crr: Crr
    heard: list[Heard]
    notices: list[str] = field(default_factory=list)
    beyond: list[Named] = field(default_factory=list)
    """Diseases after the tenth, which only stand on lines."""
    values: dict[str, float] | None = None
    """What the verdict goes by; see `verdict.note_values`."""
    excluded: str = ""
    """Which diseases were put behind all others because the note excludes them, in a sentence."""

    def ranks_of(self, candidate: Candidate, names: Names) -> dict[str, int]:
        """Who names a disease, at which rank; the model's own list first."""
        key = names.key(candidate.name)
        own = next((one.rank for one in self.crr.own if names.key(one.name) == key), None)
        return ({OWN: own} if own else {}) | ranks_of(key, self.heard)


def refine(
    note: str,
    own: Reading,
    stated: Sequence[StatedFinding],
    model: Model,
    names: Names,
    mode: CrrMode,
    endpoints: Sequence[str],
    settings: Settings,
    own_prompt: Ask | None = None,
    given: Demographics | None = None,
) -> Steps[Said]:
    """Hear the others, and decide again; only in context is the model asked.

    Args:
        note: what was read.
        own: the model's reading of it.
        stated: the findings of the note.
        model: what answers, and leads in context.
        names: the knowledge base and its linker.
        mode: fusion or context.
        endpoints: `openai:URL#model` of further diagnosers, each sent the note.
        settings: how the model was asked, and in context is asked again.
        own_prompt: how the model was asked; needed in context.
        given: age and sex that a person stated, which overrule the note's.

    Raises:
        InputError: an endpoint's name is wrong, or it refuses for good.
    """
    heard = gather(note, stated, names, _clients(endpoints))
    notices: list[str] = []
    if mode == "context" and own_prompt and not model.leads:
        reserve = max(settings.max_tokens, BEAM_TOKENS)
        lead = crr_prompt.Lead.within(
            own_prompt(settings.form, "differential", ()), heard, names, model.engine, reserve
        )
        if lead:
            led = yield from ask_model(note, lead.ask, names, settings)
            for turn in led.turns:
                turn.role = _LEAD.get(turn.role, turn.role)  # type: ignore[assignment]
            led = replace(led, turns=[*own.turns, *led.turns])
            # fitted on answers without opinions: the calibration says nothing of these
            confident = calibrated(led, None)
            return Said(led, confident, _crr(mode, f"{model.name}, with the opinions before it", own, heard), heard)
        notices = ["The model has no room for the opinions beside the note; they were fused instead."]
    fitted = model.fitted
    patient = patient_of(note, stated, names, given)
    fused = fuse(own.candidates, heard, mass_of(own), patient, names, fitted, model.served_weight, note)
    if fitted and fused.scores is not None:
        confident = calibrated_fusion(fused.scores, fused.own_shares, fitted)
    else:
        confident = Confident([(None, share) for share in fused.own_shares], None)
    values = note_values(note, stated, heard, fused.scores, names.kb) if fused.scores is not None else None
    reading = replace(own, candidates=fused.candidates, confidence_kind=confident.kind)
    if model.leads:
        reading = yield from _led(reading, note, stated, heard, fused, mode, names, settings, given)
        if mode == "context":
            confident = Confident([(None, None) for _ in reading.candidates], None)
    first = {names.key(one.name) for one in reading.candidates[:1]}
    notices += [
        f'The note states a diagnosis{", which the ranking follows" if one.key in first else ""}: "{one.quote}".'
        for one in already_diagnosed(note, names)
    ]
    excluded = exclusion_notice(fused.excluded)
    leads = model.leads and mode == "context" and settings.form == "full"
    crr = _crr("context" if leads else "fusion", f"{model.name}, over the evidence" if leads else fused.how, own, heard)
    return Said(reading, confident, crr, heard, notices, fused.beyond, values, excluded)


def _led(
    fused_reading: Reading,
    note: str,
    stated: Sequence[StatedFinding],
    heard: Sequence[Heard],
    fused: Fused,
    mode: CrrMode,
    names: Names,
    settings: Settings,
    given: Demographics | None,
) -> Steps[Reading]:
    """The fused ranking with the reasoning of a model that weighs the evidence; in context, in its order."""
    candidates = fused_reading.candidates
    shown = [c.label or c.name for c in candidates]
    answer = [c.model_copy(update={"name": name}) for c, name in zip(candidates, shown, strict=True)]
    if settings.form == "short" or not candidates:
        return replace(fused_reading, shown=Diagnosis(form=settings.form, answer=answer))
    scores: Sequence[float | None] = fused.scores or [None] * len(candidates)
    ranked = [
        (name, score, ranks_of(names.key(c.name), heard))
        for c, name, score in zip(candidates, shown, scores, strict=True)
    ]
    before = evidence(overruled(read_demographics(note), given), stated, ranked, names, note)
    turn, written = yield from lead_turn(before, note, shown if mode == "fusion" else (), names, settings)
    if mode == "fusion":
        problems = [p for p in turn.problems if p.kind != ProblemKind.DUPLICATE_NAME]  # two diseases of one name
        turn = turn.model_copy(update={"answer": answer, "problems": problems})
    else:
        line = {names.key(c.name): line_family(c.name, c.id, names.kb) for c in candidates}
        place = {line.get(names.key(c.name), ""): c.rank for c in turn.answer}
        candidates = sorted(candidates, key=lambda c: (place.get(line[names.key(c.name)], len(place) + c.rank), c.rank))
        candidates = [c.model_copy(update={"rank": rank}) for rank, c in enumerate(candidates, 1)]
    return replace(fused_reading, shown=turn, candidates=candidates, turns=[written])


def patient_of(note: str, stated: Sequence[StatedFinding], names: Names, given: Demographics | None = None) -> Patient:
    """What the fusion is told of a note beside the rankings."""
    diagnosed = frozenset(one.key for one in already_diagnosed(note, names))
    present, absent = (tuple(sorted(set(found))) for found in terms(stated, names.kb))
    person = person_with(note, given, stated, names.kb)
    return Patient(present, person, diagnosed, list_likeness(note, stated), absent)


def _clients(endpoints: Sequence[str]) -> list["Client"]:
    if not endpoints:
        return []
    from raredxr1.diagnose.servers.client import Client, Endpoint  # what can open a connection
    from raredxr1.diagnose.servers.differential import parse_system

    return [Client(Endpoint(*parse_system(name))) for name in endpoints]


def _crr(mode: CrrMode, decided_by: str, own: Reading, heard: Sequence[Heard]) -> Crr:
    return Crr(mode=mode, decided_by=decided_by, own=own.candidates, opinions=[one.opinion for one in heard])
