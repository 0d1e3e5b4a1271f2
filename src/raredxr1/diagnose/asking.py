"""Asking the model once: a turn, ten beams or several samples become one reading with raw confidences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from raredxr1 import dialogue
from raredxr1.diagnose import fusion
from raredxr1.diagnose.engine import Completion, GenerationSettings
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names, link_turn
from raredxr1.diagnose.result import ConfidenceKind, Ranking, Settings, Turn
from raredxr1.schemas import MAX_CANDIDATES, Candidate, Diagnosis, Form, Problem, ProblemKind, Task

BEAM_TOKENS = 96
"""Enough for the longest name in a small vocabulary; a beam that has ended costs nothing more."""
_HARMLESS = {ProblemKind.JOINED_NAMES}
"""The one problem that still leaves a single-name answer readable."""

Ask = Callable[[Form, Task], str]
"""Writes the prompt for a form and a task."""


@dataclass
class Reading:
    """What came of asking: the turn to show, the ranking, and every text written."""

    shown: Diagnosis
    candidates: list[Candidate]
    confidence_kind: ConfidenceKind | None = None
    turns: list[Turn] = field(default_factory=list)


def read_note(
    note: str,
    ask: Ask,
    model: Model,
    names: Names,
    settings: Settings,
    on_text: Callable[[str], None] | None = None,
) -> Reading:
    """Ask as the settings say.

    Args:
        note: what the model reads; quotes are located in it.
        ask: writes the prompts.
        model: what answers.
        names: what the answer is linked to.
        settings: how to ask.
        on_text: given each piece of a single turn as it is written.
    """
    if settings.samples > 1:
        return _by_samples(note, ask, model, names, settings)
    return _by_one_turn(note, ask, model, names, settings, on_text)


# --- one turn --------------------------------------------------------------------------------------------------------


def _by_one_turn(
    note: str, ask: Ask, model: Model, names: Names, settings: Settings, on_text: Callable[[str], None] | None
) -> Reading:
    turns: list[Turn] = []
    shown = Diagnosis(form=settings.form)
    if not (settings.form == "short" and settings.ranking == "beam"):
        completion = _write(ask(settings.form, "differential"), model, settings, on_text)
        turns.append(_turn("turn", completion))
        shown = link_turn(_read(completion, note, settings.form), names)
    if settings.ranking == "list":
        return Reading(shown, shown.answer, None, turns)
    beams = _search(ask("short", "final"), model)
    turns += [_turn("beam", completion) for completion in beams]
    found, shares = _read_beams(beams, note, names)
    if not shown.answer and settings.form == "short":
        shown = found
    candidates = _combined(shown.answer, found.answer, shares, settings.ranking, names)
    return Reading(shown, candidates, "beam probability", turns)


def _write(prompt: str, model: Model, settings: Settings, on_text: Callable[[str], None] | None) -> Completion:
    stream = model.engine.stream(prompt, _generation(settings))
    for piece in stream:
        if on_text:
            on_text(piece)
    return stream.completion


def _search(prompt: str, model: Model) -> list[Completion]:
    wanted = GenerationSettings(max_tokens=BEAM_TOKENS, beam=MAX_CANDIDATES, samples=MAX_CANDIDATES)
    return model.engine.generate([prompt], wanted)[0]


def _read_beams(beams: Sequence[Completion], note: str, names: Names) -> tuple[Diagnosis, dict[str, float]]:
    """Read ten single-name answers as one ranking, with the share of probability of each disease by its key.

    An answer that is more or less than one name on one line is read as nothing; its share is nobody's.
    """
    read = [link_turn(_read(beam, note, "short", final=True), names) for beam in beams]
    read = [r if all(p.kind in _HARMLESS for p in r.problems) else Diagnosis(form="short") for r in read]
    best = [reading.answer[0] if reading.answer else None for reading in read]
    scored = [(names.key(c.name) if c else None, beam.log_prob or 0.0) for c, beam in zip(best, beams, strict=True)]
    shares = fusion.shares(scored)
    first = {names.key(reading.answer[0].name): reading for reading in reversed(read) if reading.answer}
    answer = [first[key].answer[0].model_copy(update={"rank": rank}) for rank, key in enumerate(shares, 1)]
    problems = [problem for key in shares for problem in first[key].problems]
    if not answer:
        problems.append(Problem(kind=ProblemKind.UNPARSED, detail="no disease name could be read"))
    return Diagnosis(form="short", answer=answer, problems=problems), shares


def _combined(
    listed: Sequence[Candidate],
    found: Sequence[Candidate],
    shares: dict[str, float],
    ranking: Ranking,
    names: Names,
) -> list[Candidate]:
    """Rank by the turn or by the beams; either way each disease gets its share of the beams' probability."""
    order = [*found, *listed] if ranking == "beam" else listed
    by_key = {names.key(c.name): c for c in reversed(order)}
    keys = list(dict.fromkeys(names.key(c.name) for c in order))[:MAX_CANDIDATES]
    return [
        by_key[key].model_copy(update={"rank": rank, "confidence": rounded(shares.get(key))})
        for rank, key in enumerate(keys, 1)
    ]


# --- several samples -------------------------------------------------------------------------------------------------


def _by_samples(note: str, ask: Ask, model: Model, names: Names, settings: Settings) -> Reading:
    prompt = ask(settings.form, "differential")
    completions = model.engine.generate([prompt], _generation(settings))[0]
    read = [link_turn(_read(completion, note, settings.form), names) for completion in completions]
    by_key = {names.key(c.name): c for reading in reversed(read) for c in reversed(reading.answer)}
    rankings = [[names.key(c.name) for c in reading.answer] for reading in read]
    fused = fusion.reciprocal_rank(rankings)[:MAX_CANDIDATES]
    agreed = fusion.agreement(rankings)
    candidates = [
        by_key[key].model_copy(update={"rank": rank, "confidence": rounded(agreed[key])})
        for rank, key in enumerate(fused, 1)
    ]
    shown = read[fusion.closest(fused, rankings)]
    return Reading(shown, candidates, "agreement", [_turn("sample", completion) for completion in completions])


# --- small things ----------------------------------------------------------------------------------------------------


def _generation(settings: Settings) -> GenerationSettings:
    return GenerationSettings(
        max_tokens=settings.max_tokens,
        temperature=settings.temperature,
        top_p=settings.top_p,
        samples=settings.samples,
        seed=settings.seed,
    )


def _read(completion: Completion, note: str, form: Form, final: bool = False) -> Diagnosis:
    return dialogue.parse(completion.text, note, form, "final" if final else "differential", completion.truncated)


def _turn(role: str, completion: Completion) -> Turn:
    return Turn.model_validate({"role": role, **completion.model_dump()})


def rounded(share: float | None) -> float | None:
    """A share to four places."""
    return None if share is None else round(share, 4)
