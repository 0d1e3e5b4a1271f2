"""From a note to a Result: limits, prompt, engine, reading, linking, evidence, confidence.

Confidence is raw, and its kind is stated. With one turn it is the *beam probability*: ten single-name answers are found
by beam search over the final-diagnosis task, answers that name the same disease are added up, and their probabilities
are divided by the sum over all ten. With several samples it is the *agreement*: the share of samples that name the
disease first.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from raredxr1 import __version__, dialogue
from raredxr1.diagnose import fusion
from raredxr1.diagnose.engine import Completion, GenerationSettings
from raredxr1.diagnose.evidence import with_evidence
from raredxr1.diagnose.limits import check_words, fit
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names, link_turn
from raredxr1.diagnose.result import ConfidenceKind, Ranking, Result, Settings, Timings, Turn, Versions
from raredxr1.errors import InputError
from raredxr1.schemas import MAX_CANDIDATES, Candidate, Diagnosis, Form, Problem, ProblemKind

BEAM_TOKENS = 96
"""Enough for the longest name in a small vocabulary; a beam that has ended costs nothing more."""
DEFAULT_TOKENS: dict[Form, int] = {"full": 640, "short": 192}
SAMPLE_TEMPERATURE = 0.7
_HARMLESS = {ProblemKind.JOINED_NAMES}
"""The one problem that still leaves a single-name answer readable."""


@dataclass(frozen=True)
class Options:
    """How to diagnose; None leaves the choice to the model's makers or to the form."""

    form: Form | None = None
    ranking: Ranking | None = None
    samples: int = 1
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float = 0.95
    seed: int = 0
    truncate: bool = False


@dataclass
class _Reading:
    """What came of asking: the turn to show, the ranking, and every text written."""

    shown: Diagnosis
    candidates: list[Candidate]
    confidence_kind: ConfidenceKind | None = None
    turns: list[Turn] = field(default_factory=list)


def diagnose(
    note: str,
    model: Model,
    names: Names,
    options: Options | None = None,
    name: str = "note",
    on_text: Callable[[str], None] | None = None,
    notices: Sequence[str] = (),
) -> Result:
    """Diagnose one note.

    Args:
        note: the text; see `limits.decode` for how bytes become one.
        model: what answers.
        names: what the answer is linked to.
        options: how to ask.
        name: what the result and messages call the note.
        on_text: given each piece of the turn as it is written; with several samples, and where there is no turn but
            only a ranking by beams, nothing is given.
        notices: what had to be done to read the input; see `inputs.note_of`.

    Raises:
        InputError: the note is blank, says nothing or is too long; or the model was not taught what is asked for.
    """
    started = time.perf_counter()
    check_words(note, name)
    settings = resolve(options or Options(), model)

    def count(text: str) -> int:
        # The prompt of the beams has the shorter system line and turn: what fits here fits there.
        return model.engine.count(dialogue.render_prompt(text, settings.form))

    room = model.engine.context_length - settings.max_tokens
    if room < 1:
        raise InputError(f"--max-tokens {settings.max_tokens} leaves no room for a note in a context of "
                         f"{model.engine.context_length}")  # fmt: skip
    kept, truncation = fit(note, room, count, (options or Options()).truncate, name)
    asked = time.perf_counter()
    if settings.samples > 1:
        reading = _by_samples(kept, model, names, settings)
    else:
        reading = _by_one_turn(kept, model, names, settings, on_text)
    generation = time.perf_counter() - asked
    tokens = sum(turn.tokens for turn in reading.turns)
    return Result(
        input=name,
        note=note,
        note_sha256=hashlib.sha256(note.encode()).hexdigest(),
        notices=[*notices, *_notices(model, names)],
        truncation=truncation,
        candidates=with_evidence(reading.candidates, reading.shown, names),
        confidence_kind=reading.confidence_kind,
        diagnosis=reading.shown,
        turns=reading.turns,
        settings=settings,
        versions=Versions(
            raredxr1=__version__,
            dialogue=dialogue.VERSION,
            knowledge=names.kb.version,
            model=model.name,
            model_sha256=model.sha256,
        ),
        coverage=model.coverage,
        timings=Timings(
            seconds=round(time.perf_counter() - started, 3),
            prompt_tokens=count(kept),
            tokens=tokens,
            tokens_per_second=round(tokens / generation, 1) if generation > 0 else None,
        ),
    )


def resolve(options: Options, model: Model) -> Settings:
    """Fill in what the options leave open.

    Raises:
        InputError: the model was not taught the form or task this needs, or the options contradict each other.
    """
    form = options.form or model.forms[0]
    if form not in model.forms:
        raise InputError(f"the model {model.name} was not taught the {form} form; it knows {', '.join(model.forms)}")
    several = options.samples > 1
    has_beams = "final" in model.tasks
    best: Ranking = model.rankings.get(form, "scored" if form == "full" else "beam")
    ranking = options.ranking or (best if has_beams else "list")
    if several:
        ranking = "list"
    if ranking != "list" and not has_beams:
        raise InputError(f"the model {model.name} was not taught the final diagnosis, which beams need")
    if several and options.temperature == 0:
        raise InputError("several samples at temperature 0 are all the same; raise --temperature")
    temperature = options.temperature if options.temperature is not None else SAMPLE_TEMPERATURE if several else 0.0
    return Settings(
        form=form,
        ranking=ranking,
        samples=options.samples,
        max_tokens=options.max_tokens or min(DEFAULT_TOKENS[form], model.engine.context_length // 2),
        temperature=temperature,
        top_p=options.top_p,
        seed=options.seed,
    )


# --- one turn --------------------------------------------------------------------------------------------------------


def _by_one_turn(
    note: str, model: Model, names: Names, settings: Settings, on_text: Callable[[str], None] | None
) -> _Reading:
    turns: list[Turn] = []
    shown = Diagnosis(form=settings.form)
    if not (settings.form == "short" and settings.ranking == "beam"):
        completion = _write(note, model, settings, on_text)
        turns.append(_turn("turn", completion))
        shown = link_turn(_read(completion, note, settings.form), names)
    if settings.ranking == "list":
        return _Reading(shown, shown.answer, None, turns)
    beams = _search(note, model)
    turns += [_turn("beam", completion) for completion in beams]
    found, shares = _read_beams(beams, note, names)
    if not shown.answer and settings.form == "short":
        shown = found
    candidates = _combined(shown.answer, found.answer, shares, settings.ranking, names)
    return _Reading(shown, candidates, "beam probability", turns)


def _write(note: str, model: Model, settings: Settings, on_text: Callable[[str], None] | None) -> Completion:
    stream = model.engine.stream(dialogue.render_prompt(note, settings.form), _generation(settings))
    for piece in stream:
        if on_text:
            on_text(piece)
    return stream.completion


def _search(note: str, model: Model) -> list[Completion]:
    prompt = dialogue.render_prompt(note, "short", "final")
    wanted = GenerationSettings(max_tokens=BEAM_TOKENS, beam=MAX_CANDIDATES, samples=MAX_CANDIDATES)
    return model.engine.generate([prompt], wanted)[0]


def _read_beams(beams: Sequence[Completion], note: str, names: Names) -> tuple[Diagnosis, dict[str, float]]:
    """Read ten single-name answers as one ranking, with the share of probability of each disease by its key.

    An answer that is more or less than one name on one line is read as nothing; its share is nobody's.
    """
    read = [link_turn(_read(beam, note, "short", final=True), names) for beam in beams]
    read = [r if all(p.kind in _HARMLESS for p in r.problems) else Diagnosis(form="short") for r in read]
    best = [reading.answer[0] if reading.answer else None for reading in read]
    scored = [(names.key(c.name) if c else None, beam.log_prob) for c, beam in zip(best, beams, strict=True)]
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
        by_key[key].model_copy(update={"rank": rank, "confidence": _rounded(shares.get(key))})
        for rank, key in enumerate(keys, 1)
    ]


# --- several samples -------------------------------------------------------------------------------------------------


def _by_samples(note: str, model: Model, names: Names, settings: Settings) -> _Reading:
    prompt = dialogue.render_prompt(note, settings.form)
    completions = model.engine.generate([prompt], _generation(settings))[0]
    read = [link_turn(_read(completion, note, settings.form), names) for completion in completions]
    by_key = {names.key(c.name): c for reading in reversed(read) for c in reversed(reading.answer)}
    rankings = [[names.key(c.name) for c in reading.answer] for reading in read]
    fused = fusion.reciprocal_rank(rankings)[:MAX_CANDIDATES]
    agreed = fusion.agreement(rankings)
    candidates = [
        by_key[key].model_copy(update={"rank": rank, "confidence": _rounded(agreed[key])})
        for rank, key in enumerate(fused, 1)
    ]
    shown = read[fusion.closest(fused, rankings)]
    return _Reading(shown, candidates, "agreement", [_turn("sample", completion) for completion in completions])


# --- small things ----------------------------------------------------------------------------------------------------


def _notices(model: Model, names: Names) -> list[str]:
    if model.knowledge_version in (None, names.kb.version):
        return []
    return [f"The model was taught {model.knowledge_version}; names are linked with {names.kb.version}."]


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


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
