"""What the page of a result shows, computed before a template sees it: marked note, lines with evidence, steps."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from raredxr1.cases.plain import spoken_age
from raredxr1.diagnose import Result
from raredxr1.diagnose.genes import by_cause
from raredxr1.diagnose.output import sentences, words
from raredxr1.diagnose.output.glossary import printable, shown
from raredxr1.diagnose.output.html import Mark, segments
from raredxr1.diagnose.output.pages import gene_page, mondo_page
from raredxr1.diagnose.output.pdf import available
from raredxr1.diagnose.output.shown import ShownLine, shown_lines
from raredxr1.diagnose.output.stream import own_words, weighed
from raredxr1.diagnose.output.stream import reasoning as spoken
from raredxr1.diagnose.reranked import follows
from raredxr1.diagnose.result import Evidence, NextStep, Turn
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import Span
from raredxr1.serve.comparison import Grid, grid
from raredxr1.serve.corrected import as_corrected, remark
from raredxr1.serve.evidence import Place, Weigher
from raredxr1.serve.product import Product
from raredxr1.serve.review import SENSES, Noted, Review

_GENES = 6
_BEFORE, _BEHIND = 60, 30
"""Letters of the note that are quoted before and behind a finding of which it says two things."""
_LINE = 72
"""Characters for and against on the line below a candidate's name, on a screen of 1280 pixels."""
_MORE = ", {} more"
_ORDER = {"finding": 0, "laboratory": 1, "imaging": 2, "electrophysiology": 3, "gene": 4}


@dataclass(frozen=True)
class LineView(ShownLine):
    """A line of the ranking with what the page says of it.

    Attributes:
        pro: the strongest findings for it.
        contra: the strongest against it.
        ids: its ids in the catalogues.
        genes: symbol and public page of each.
        mondo: the page that finds it in Mondo; empty without an id.
    """

    pro: str
    contra: str
    ids: Sequence[str]
    genes: Sequence[tuple[str, str]]
    mondo: str


@dataclass(frozen=True)
class Part:
    """A stretch of the note: its findings by number, and how it is marked."""

    text: str
    kind: str
    numbers: Sequence[int]
    said: str


@dataclass(frozen=True)
class FindingView:
    """A finding in the list below the note."""

    number: int
    term: str
    hpo_id: str | None
    state: str
    sense: str
    """The state, or "past"."""
    changed: bool
    both: Sequence[tuple[str, str]]
    """Where the note says several things of it: each place's state and words; else empty."""
    said: str
    """Who added or changed it, or what the note says beside the state; empty: neither."""


@dataclass(frozen=True)
class ResultView:
    """Everything the page of a finished run shows."""

    id: str
    result: Result
    """With the findings as they stand: ranked anew where a fused ranking follows corrections."""
    review: Review
    follows: bool
    """Whether the ranking follows corrections."""
    verdict: str
    nothing: bool
    """Nothing stands out: the ranking is folded."""
    reasoning: Sequence[str]
    patient: str
    age: str
    """The patient's age as a field holds it; empty: not known."""
    sex: str
    segments: Sequence[Part]
    omitted: str
    """What was not read."""
    senses: Sequence[str]
    """What a finding may be said to be."""
    lines: Sequence[LineView]
    places: Sequence[Place]
    findings: Sequence[FindingView]
    none: float | None
    """Probability that the right disease is not listed; None: nobody can say."""
    steps: Sequence[NextStep]
    grid: Grid
    all_rows: bool
    """Whether rows in which they do not differ are shown too."""
    compared: bool
    """Whether a reader chose what stands side by side."""
    partners: Mapping[int, int]
    """Number of a candidate -> the one it is best compared with."""
    warnings: Sequence[str]
    """What must be acted on, or known before the ranking is looked at."""
    changed: str
    """What the reader corrected, in a sentence; empty where nothing."""
    remarks: Sequence[str]
    """What the note excludes, and what the confidences are."""
    slips: Sequence[str]
    """What was wrong with the model's turn and was put right or left out."""
    weighed: str
    """How the model weighs the evidence, in sentences; empty where it did not, or findings were corrected since."""
    leads: bool
    """Whether the model weighs what others rank, and has no list of its own."""
    turn: str
    """The model's turn in sentences; empty where it wrote none."""
    own_words: str
    """What that turn is called."""
    pdf: bool
    """Whether this installation can write PDF."""
    model: str
    """Which language model this is from; empty where there is only the shipped one."""


def view(
    run_id: str,
    result: Result,
    review: Review,
    product: Product,
    compared: Sequence[int] = (),
    all_rows: bool = False,
) -> ResultView:
    """Compute it.

    Args:
        run_id: of the run.
        result: as it was made.
        review: its findings as they stand.
        product: what ranks them anew.
        compared: numbers of the candidates to stand side by side; none: the first ones.
        all_rows: show the findings in which they do not differ, too.
    """
    corrected = as_corrected(result, review, product)
    weigher = Weigher(review, product.names, corrected)
    corrected = corrected.model_copy(update={"candidates": weigher.weigh(corrected)})
    kept = corrected.truncation.kept_characters if corrected.truncation else len(corrected.note)
    followed = follows(result, product.maker(result))
    changed = remark(review, followed) if review.corrected else ""
    lines = shown_lines(corrected)
    side_by_side = grid(lines, review, weigher, compared)
    turn = _turn(corrected)
    return ResultView(
        id=run_id,
        result=corrected,
        review=review,
        follows=followed,
        verdict=sentences.verdict(corrected),
        nothing=corrected.verdict.kind == "nothing_stands_out" and bool(lines),
        reasoning=[line for line in sentences.reasoning(corrected) if line != sentences.verdict(corrected)],
        patient=words.in_words(corrected.patient),
        age=_age(corrected),
        sex=corrected.patient.sex.value if corrected.patient.sex else "",
        segments=_parts(corrected.note[:kept], review.findings),
        omitted=corrected.note[kept:],
        senses=SENSES,
        lines=[_line(line, product.names.kb) for line in lines],
        places=[] if followed else weigher.places(),
        findings=[_finding(noted, corrected.note) for noted in review.findings],
        none=corrected.calibration.none_of_these if corrected.calibration else None,
        steps=sorted(words.steps(corrected), key=lambda step: (_ORDER[step.kind], -step.gain)),
        grid=side_by_side,
        partners=_partners([column.place for column in side_by_side.columns]),
        all_rows=all_rows,
        compared=len(set(compared)) > 1,
        warnings=[line for line in words.to_act_on(corrected) if line != changed],
        changed=changed.replace("A reader", "You", 1),
        remarks=words.below_ranking(corrected),
        slips=words.slips(corrected),
        weighed="" if review.corrected else weighed(corrected).replace("\n", " "),
        leads=product.maker(result).leads,
        turn=spoken(turn.text) if turn else "",
        own_words=own_words(turn) if turn else "",
        pdf=available(),
        model=_model(corrected, product),
    )


def _model(result: Result, product: Product) -> str:
    """The name of the model that answered, where it could be another than a reader takes for granted."""
    made, usual = result.versions.model, product.model
    return made if len(product.models) > 1 or usual.server or made != usual.name else ""


def _partners(places: Sequence[int]) -> dict[int, int]:
    """Each with the first, and the first with the second."""
    return {} if len(places) < 2 else dict.fromkeys(places, places[0]) | {places[0]: places[1]}


def _line(line: ShownLine, kb: KnowledgeBase) -> LineView:
    candidate = line.candidate
    disease = kb.disease(line.id) if line.id else None
    genes = [] if disease is None else by_cause(kb, disease)[:_GENES]
    contra = sentences.strongest_against(candidate, more=_MORE) if candidate else ""
    return LineView(
        **vars(line),
        pro=_on_a_line(candidate.supports, _LINE - len(contra)) if candidate else "",
        contra=contra,
        ids=[one for one in (line.id, *(candidate.same_as if candidate else ())) if one],
        genes=[(gene, gene_page(gene)) for gene in genes],
        mondo=mondo_page(line.id) if line.id else "",
    )


def _on_a_line(supports: Sequence[Evidence], room: int) -> str:
    """The strongest findings for a candidate, as many of the first three as there is room for; one at least."""
    told = [sentences.strongest(supports, most, _MORE) for most in (3, 2, 1)]
    return next((said for said in told if len(said) <= room), told[-1])


def _parts(note: str, findings: Sequence[Noted]) -> list[Part]:
    terms = {finding.number: finding for finding in findings}
    parts = []
    for segment in segments(note, [mark for finding in findings for mark in _marks(finding)]):
        numbers = list(dict.fromkeys(mark.index for mark in segment.findings if mark.index))
        said = "; ".join(f"{terms[n].term}, {shown(terms[n].sense)}" for n in numbers)
        kind = segment.kind if segment.findings else ""
        if kind == "present" and numbers and all(terms[n].sense == "past" for n in numbers):
            kind = "present past"
        parts.append(Part(segment.text, kind, numbers, printable(said)))
    return parts


def _marks(noted: Noted) -> list[Mark]:
    own = [Mark(noted.span, noted.state, noted.term, noted.number)] if noted.span else []
    return own + [Mark(place.span, place.state, noted.term, noted.number) for place in noted.elsewhere]


def _age(result: Result) -> str:
    age = result.patient.age
    return (spoken_age(age.iso8601) or "") if age and age.kind == "presentation" and not age.to_years else ""


def _finding(noted: Noted, note: str) -> FindingView:
    read = "denied of others" if noted.detail == "denied" else ""
    said = "added by you" if noted.origin == "reader" else "changed by you" if noted.flipped else read
    changed = noted.flipped or noted.origin == "reader"
    return FindingView(
        noted.number, noted.term, noted.hpo_id, noted.state, noted.sense, changed, _both(noted, note), said
    )


def _both(noted: Noted, note: str) -> list[tuple[str, str]]:
    """What the note says of a finding in several places, where these do not agree."""
    own = [(noted.read_as or noted.state, noted.span)] if noted.span else []
    places = sorted(own + [(place.state, place.span) for place in noted.elsewhere], key=lambda one: one[1].start)
    if len({state for state, _ in places}) < 2:
        return []
    told = {state: (shown(state), _in_context(note, span)) for state, span in reversed(places)}
    return list(reversed(told.values()))


def _in_context(note: str, span: Span) -> str:
    """The words of a finding with what stands beside them in the same sentence."""
    before = re.split(r"(?<=[.;!?])\s|\n", note[max(0, span.start - _BEFORE) : span.start])[-1]
    behind = re.split(r"[.;!?](?:\s|$)|\n", note[span.end : span.end + _BEHIND])[0]
    if span.start - len(before) == max(0, span.start - _BEFORE) and span.start > _BEFORE:
        before = before.partition(" ")[2]
    if len(behind) == _BEHIND:
        behind = behind.rpartition(" ")[0]
    return printable(" ".join(f"{before}{note[span.start : span.end]}{behind}".split()))


def _turn(result: Result) -> Turn | None:
    """The turn that reasons, where one was asked for."""
    written = [turn for turn in result.turns if turn.role in ("turn", "lead turn")]
    return written[-1] if written and result.settings.form == "full" else None
