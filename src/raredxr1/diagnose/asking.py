"""Asking the model once: a turn, ten beams or several samples become one reading with raw confidences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from raredxr1 import dialogue
from raredxr1.diagnose import fusion
from raredxr1.diagnose.engine import Completion, GenerationSettings
from raredxr1.diagnose.names import Names, link_turn
from raredxr1.diagnose.requests import Request, Steps
from raredxr1.diagnose.result import ConfidenceKind, Ranking, Settings, Turn
from raredxr1.diagnose.summary import of_note
from raredxr1.schemas import MAX_CANDIDATES, Candidate, Diagnosis, Finding, Form, Problem, ProblemKind, Task

BEAM_TOKENS = 96
"""Enough for the longest name in a small vocabulary; a beam that has ended costs nothing more."""
_HARMLESS = {ProblemKind.JOINED_NAMES}
"""The one problem that still leaves a single-name answer readable."""


@dataclass(frozen=True)
class Prompt:
    """What stands before what the model writes.

    Attributes:
        text: the whole prompt.
        begun: the beginning of the turn; empty where the model begins it.
        findings: what stands in place of the note, with the words of the note; those listed in `begun`, if it is given.
    """

    text: str
    begun: str = ""
    findings: tuple[Finding, ...] = ()


Ask = Callable[[Form, Task, Sequence[Finding]], Prompt]
"""Writes the prompt for a form and a task, given the findings of the turn so far."""


@dataclass
class Reading:
    """What came of asking: the turn to show, the ranking, and every text written."""

    shown: Diagnosis
    candidates: list[Candidate]
    confidence_kind: ConfidenceKind | None = None
    turns: list[Turn] = field(default_factory=list)


def ask_model(note: str, ask: Ask, names: Names, settings: Settings) -> Steps[Reading]:
    """Ask as the settings say.

    Args:
        note: the note; quotes are located in it.
        ask: writes the prompts.
        names: what the answer is linked to.
        settings: how to ask.
    """
    if settings.samples > 1:
        return (yield from _by_samples(note, ask, names, settings))
    return (yield from _by_one_turn(note, ask, names, settings))


# --- one turn --------------------------------------------------------------------------------------------------------


def _by_one_turn(note: str, ask: Ask, names: Names, settings: Settings) -> Steps[Reading]:
    turns: list[Turn] = []
    shown = Diagnosis(form=settings.form)
    if not (settings.form == "short" and settings.ranking == "beam"):
        prompt = ask(settings.form, "differential", ())
        ((completion,),) = yield Request((prompt.text + prompt.begun,), _generation(settings), shown=True)
        completion = _whole(prompt, completion)
        turns.append(_turn("turn", completion))
        shown = _linked(prompt, completion, note, settings.form, names)
    if settings.ranking == "list":
        return Reading(shown, shown.answer, None, turns)
    wanted = GenerationSettings(max_tokens=BEAM_TOKENS, beam=MAX_CANDIDATES, samples=MAX_CANDIDATES)
    (beams,) = yield Request((ask("short", "final", shown.findings).text,), wanted)
    turns += [_turn("beam", completion) for completion in beams]
    found, shares = _read_beams(beams, note, names)
    if not shown.answer and settings.form == "short":
        shown = found
    candidates = _combined(shown.answer, found.answer, shares, settings.ranking, names)
    return Reading(shown, candidates, "beam probability", turns)


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


def _by_samples(note: str, ask: Ask, names: Names, settings: Settings) -> Steps[Reading]:
    prompt = ask(settings.form, "differential", ())
    (answers,) = yield Request((prompt.text + prompt.begun,), _generation(settings))
    completions = [_whole(prompt, completion) for completion in answers]
    read = [_linked(prompt, completion, note, settings.form, names) for completion in completions]
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


def _whole(prompt: Prompt, completion: Completion) -> Completion:
    """The turn with its beginning, where that was given."""
    return completion.model_copy(update={"text": prompt.begun + completion.text})


def _linked(prompt: Prompt, completion: Completion, note: str, form: Form, names: Names) -> Diagnosis:
    read = link_turn(_read(completion, note, form), names)
    return of_note(read, prompt.findings, numbered=bool(prompt.begun)) if prompt.findings else read


def _read(completion: Completion, note: str, form: Form, final: bool = False) -> Diagnosis:
    return dialogue.parse(completion.text, note, form, "final" if final else "differential", completion.truncated)


def _turn(role: str, completion: Completion) -> Turn:
    return Turn.model_validate({"role": role, **completion.model_dump()})


def rounded(share: float | None) -> float | None:
    """A share to four places."""
    return None if share is None else round(share, 4)
