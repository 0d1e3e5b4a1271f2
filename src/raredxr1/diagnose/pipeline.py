"""From a note to a Result: limits, reading, prompt, engine, linking, evidence, opinions, confidence, next steps.

Everything but the language model reads the whole note at once. The model reads one that does not fit its context window
by window, and reasons over what was read; it names diseases from what was read, however long the note is (`summary`).
The steps are a generator that asks for turns (`requests`), so that one note and many are diagnosed in the same way.

Raw confidence is of one of two kinds, and its kind is stated. With one turn it is the *beam probability*: ten
single-name answers are found by beam search over the final-diagnosis task, answers that name the same disease are added
up, and their probabilities are divided by the sum over all ten. With several samples it is the *agreement*: the share
of samples that name the disease first. Where a calibration was fitted for the very model that answers, beam
probabilities are turned into calibrated ones (`calibration`); any other confidence stays raw and is called so.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from raredxr1 import dialogue
from raredxr1.cases.demographics import read_demographics
from raredxr1.cases.json_text import mended
from raredxr1.diagnose import crr
from raredxr1.diagnose.asking import Reading
from raredxr1.diagnose.confidence import Confident, calibrated
from raredxr1.diagnose.evidence import with_evidence
from raredxr1.diagnose.forms import with_forms
from raredxr1.diagnose.language import language_notice
from raredxr1.diagnose.limits import check_little, check_words
from raredxr1.diagnose.lines import lines_of, named
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.next_steps import next_steps
from raredxr1.diagnose.overruled import overruled, overruling_notice, person_with
from raredxr1.diagnose.own_reading import own_reading
from raredxr1.diagnose.person import Person
from raredxr1.diagnose.requests import Meter, Steps, run
from raredxr1.diagnose.result import (
    CrrMode,
    Line,
    Ranked,
    Ranking,
    Redaction,
    Result,
    Settings,
    StatedFinding,
    Timings,
    Turn,
    Verdict,
    Versions,
)
from raredxr1.diagnose.stated import stated_findings
from raredxr1.diagnose.verdict import verdict
from raredxr1.errors import InputError
from raredxr1.schemas import Demographics, Form
from raredxr1.version import VERSION

DEFAULT_TOKENS: dict[Form, int] = {"full": 640, "short": 192}
LEAST_TOKENS: dict[Form, int] = {"full": 320, "short": 128}
"""So far the room for a turn gives way to a long note, where nobody asked for more: turns as they are taught fit in."""
SAMPLE_TEMPERATURE = 0.7
NO_CUT = "Nothing is cut any more: notes of any length are read whole, and truncate has no effect."
NEXT_STEPS = 5
"""Next steps that people are shown, unless they ask for more or fewer."""


@dataclass(frozen=True)
class Options:
    """How to diagnose; None leaves the choice to the model's makers or to the form.

    Attributes:
        form: with reasoning (full) or without (short).
        ranking: see `result.Ranking`.
        samples: turns drawn and fused.
        max_tokens: at most so many a turn.
        temperature: 0: the most likely token each time.
        top_p: sample from the most probable tokens of this mass.
        seed: of sampling.
        truncate: has no effect, and is said to: notes of any length are read whole.
        crr: let the opinions of other diagnosers in, and how; None: the model's own ranking. See `with_crr`.
        endpoints: with crr, `openai:URL#model` of further diagnosers; the note is sent there.
        next_steps: how many findings, tests and genes that separate the candidates to name.
        patient: age and sex that a person states; they overrule what the note says.
    """

    form: Form | None = None
    ranking: Ranking | None = None
    samples: int = 1
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float = 0.95
    seed: int = 0
    truncate: bool = False
    crr: CrrMode | None = None
    endpoints: tuple[str, ...] = ()
    next_steps: int = 0
    patient: Demographics | None = None


@dataclass
class Answer:
    """What is on its way to becoming a Result."""

    reading: Reading
    confident: Confident
    stated: list[StatedFinding] = field(default_factory=list)
    said: crr.Said | None = None


def with_crr(options: Options, model: Model, wanted: bool | None = None) -> Options:
    """Settle whether CRR is used, for those who leave it to the measurements.

    Args:
        options: how to diagnose; `options.crr` says how, where CRR is used.
        model: what answers.
        wanted: None: if it measured better than this very model alone, asked in this very way; else as said.
    """
    if model.leads:
        if wanted is False:
            raise InputError(f"the model {model.name} weighs what the rankings name, so they cannot be left out")
        wanted = True
    if wanted is None:
        fitted = model.fitted
        if model.server:
            return replace(options, crr=options.crr or "fusion")
        settings = resolve(replace(options, crr=options.crr or "fusion"), model)
        wanted = (
            fitted is not None
            and fitted.crr_by_default
            and (settings.samples > 1 or fitted.holds_for(settings.form, settings.ranking))
        )
    return replace(options, crr=(options.crr or "fusion") if wanted else None)


def diagnose(
    note: str,
    model: Model,
    names: Names,
    options: Options | None = None,
    name: str = "note",
    on_text: Callable[[str], None] | None = None,
    notices: Sequence[str] = (),
    redactions: Sequence[Redaction] = (),
    check: Callable[[], None] | None = None,
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
        redactions: what `deidentify` replaced in the note before it came here.
        check: called now and then; what it raises ends the work.

    Raises:
        InputError: the note is blank or says nothing; or the model was not taught what is asked for.
    """
    return run(diagnosis(note, model, names, options, name, notices, redactions), model.engine, on_text, check)


def diagnosis(
    note: str,
    model: Model,
    names: Names,
    options: Options | None = None,
    name: str = "note",
    notices: Sequence[str] = (),
    redactions: Sequence[Redaction] = (),
) -> Steps[Result]:
    """The steps of `diagnose`, to be driven by `requests.run` or `requests.run_together`."""
    started = time.perf_counter()
    options = options or Options()
    check_words(note, name)
    little = check_little(note, name, lambda text: _names_something(text, names))
    settings = resolve(options, model)
    if model.engine.context_length - settings.max_tokens < 1:
        raise InputError(f"max-tokens {settings.max_tokens} leaves no room for a note in a context of "
                         f"{model.engine.context_length}")  # fmt: skip
    needed = 0 if model.leads else model.engine.count(dialogue.render_prompt(note, settings.form))
    if options.max_tokens is None:
        settings = _giving_way(settings, needed, model.engine.context_length)
    read = read_demographics(note)
    patient = overruled(read, options.patient)
    meter = Meter()
    # in context the lead turn is the one to show
    own = meter.measured(own_reading(note, patient, needed, model, names, settings), shown=options.crr != "context")
    reading, asked = yield from own
    stated, said = asked.stated(reading.shown.findings), None
    if options.crr:
        refining = crr.refine(
            note, reading, stated, model, names, options.crr, options.endpoints, settings, asked.prompt, options.patient
        )
        said = yield from meter.measured(refining)
        answer = Answer(said.reading, said.confident, stated, said)
    else:
        answer = Answer(reading, calibrated(reading, model.fitted), stated)
    turns = answer.reading.turns
    tokens = sum(turn.tokens for turn in turns)
    person = person_with(note, options.patient, stated, names.kb)
    candidates = ranked(answer, names, person, note)
    return Result(
        input=mended(name),
        note=note,
        note_sha256=hashlib.sha256(note.encode()).hexdigest(),
        patient=patient,
        notices=[
            *language_notice(note),
            *notices,
            *overruling_notice(read, options.patient),
            *([NO_CUT] if options.truncate else []),
            *little,
            *_of_server(model, turns),
            *(said.notices if said else ()),
        ],
        excluded=said.excluded if said else "",
        details=[*asked.details, *_details(model, names, settings, answer.confident)],
        truncation=None,
        candidates=candidates,
        lines=lines(candidates, answer, names),
        verdict=verdict_of(candidates, answer, stated, model, note),
        confidence_kind=answer.confident.kind,
        calibration=answer.confident.calibration,
        crr=said.crr if said else None,
        stated=stated,
        next_steps=next_steps(
            candidates, stated, names, options.next_steps, years=person.years, sex=person.sex, note=note
        ),
        redactions=list(redactions),
        diagnosis=answer.reading.shown,
        turns=turns,
        settings=settings,
        versions=Versions(
            raredxr1=VERSION,
            dialogue=dialogue.VERSION,
            knowledge=names.kb.version,
            model=model.name,
            model_sha256=model.sha256,
        ),
        coverage=model.coverage,
        timings=Timings(
            seconds=round(time.perf_counter() - started, 3),
            prompt_tokens=model.engine.count(meter.longest) if meter.longest else 0,
            tokens=tokens,
            tokens_per_second=round(tokens / meter.seconds, 1) if meter.seconds > 0 else None,
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
    if options.endpoints and not options.crr:
        raise InputError("an endpoint's opinion is only heard with --crr")
    several = options.samples > 1
    if model.leads and several:
        raise InputError(f"the model {model.name} weighs the evidence once; several samples are for models that rank")
    has_beams = "final" in model.tasks
    best: Ranking = model.rankings.get(form, "scored" if form == "full" else "beam")
    ranking = options.ranking or (best if has_beams else "list")
    if several:
        ranking = "list"
    if ranking != "list" and not has_beams:
        raise InputError(f"the model {model.name} was not taught the final diagnosis, which beams need")
    if several and options.temperature == 0:
        raise InputError("several samples at temperature 0 are all the same; raise the temperature")
    temperature = options.temperature if options.temperature is not None else SAMPLE_TEMPERATURE if several else 0.0
    return Settings(
        form=form,
        ranking=ranking,
        samples=options.samples,
        max_tokens=options.max_tokens
        or model.turn_tokens.get(form)
        or min(DEFAULT_TOKENS[form], model.engine.context_length // 2),
        temperature=temperature,
        top_p=options.top_p,
        seed=options.seed,
    )


def _giving_way(settings: Settings, needed: int, context: int) -> Settings:
    """Leave a long note as much of the context as the turn can spare."""
    least = min(LEAST_TOKENS[settings.form], settings.max_tokens)
    return settings.model_copy(update={"max_tokens": min(settings.max_tokens, max(least, context - needed))})


def ranked(answer: Answer, names: Names, person: Person, note: str) -> list[Ranked]:
    """The candidates with their evidence and confidences, and who named them."""
    ranked = with_evidence(answer.reading.candidates, answer.reading.shown, names, answer.stated, person, note)
    shares = zip(ranked, answer.confident.shares, strict=True)
    done = [
        candidate.model_copy(update={"confidence": share, "raw_confidence": raw}) for candidate, (share, raw) in shares
    ]
    if answer.said:
        done = [c.model_copy(update={"ranks": answer.said.ranks_of(c, names)}) for c in done]
    return done


def verdict_of(
    candidates: Sequence[Ranked], answer: Answer, stated: Sequence[StatedFinding] | None, model: Model, note: str
) -> Verdict:
    """Whether any disease stands out."""
    values = answer.said.values if answer.said else None
    fitted = model.fitted.stands_out if model.fitted else None
    return verdict(candidates, answer.confident, stated, values, fitted, note)


def lines(candidates: Sequence[Ranked], answer: Answer, names: Names) -> list[Line]:
    """The ranking as it is shown; where opinions were fused, diseases beyond the tenth fill the lines."""
    shown = lines_of([*named(candidates, names), *(answer.said.beyond if answer.said else ())], names.kb)
    claims, stated = names.claims, answer.stated or ()
    return shown if claims is None else [with_forms(line, stated, claims) for line in shown]


def _names_something(text: str, names: Names) -> bool:
    """Whether a text of a word or two is, or holds, the name of a finding or a disease."""
    return bool(names.term_id(text) or names.disease(text) or stated_findings(text, [], names))


def _details(model: Model, names: Names, settings: Settings, confident: Confident) -> list[str]:
    details = [model.uncalibrated] if model.uncalibrated else []
    if model.knowledge_version not in (None, names.kb.version):
        details.append(f"The model was taught {model.knowledge_version}; names are linked with {names.kb.version}.")
    if model.server and confident.calibration:
        return [*details, _of_served(model)]
    fitted = model.fitted if confident.calibration else None
    if fitted and fitted.knowledge != names.kb.version:
        details.append(f"The confidences were calibrated with {fitted.knowledge}.")
    if fitted and not fitted.holds_for(settings.form, settings.ranking):
        details.append(f"The confidences were calibrated on the {fitted.form} form, ranked by {fitted.ranking}.")
    return details


def _of_served(model: Model) -> str:
    """What the confidence says of a served model."""
    if model.served:
        return f"How much {model.name} counts was fitted on {model.served.n:,} of your own cases."
    return (
        f"How reliable {model.name} is was not measured: its list counts as much as the ranking by words, and the "
        "confidences were calibrated without it (`raredx train calibrate --model` measures it on your cases)."
    )


def _of_server(model: Model, turns: Sequence[Turn]) -> list[str]:
    """Where the note went, and what of the model server's answers is missing."""
    if model.server is None:
        return []
    sent = [f"The note was sent to {host}, where {model.name} is served." for host in model.server.remote_hosts]
    failures = dict.fromkeys(turn.failure for turn in turns if turn.failure)
    return sent + [f"The model server gave no whole answer ({failure})." for failure in failures]
