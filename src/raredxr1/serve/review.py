"""What a reader sees beside the ranking, and may correct: the findings of a note.

They are those the result states (`diagnose.stated`), and words the model quoted that are no term's. What they say after
correction is worked out in `weighed`; what follows from it for the result in `corrected`.
"""

from typing import Literal

from pydantic import Field

from raredxr1.diagnose import Result
from raredxr1.diagnose.overruled import stated_beside
from raredxr1.diagnose.result import DETAIL, Asserted, Elsewhere, StatedFinding, brief
from raredxr1.diagnose.stated import GROUNDED_SHARE
from raredxr1.errors import InputError
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.assertion import Detail, State
from raredxr1.schemas import Demographics, Finding, Span, Strict

_MOST = 200
_STATE_OF = {"past": "present", "denied": "other"}
"""The state that a detail goes with."""

Sense = State | Literal["past"]
"""What a reader may say of a finding: a state, or that it was present and is over."""
SENSES: tuple[Sense, ...] = ("present", "past", "absent", "uncertain", "other", "hypothetical")
Origin = Literal["model", "dictionary", "encoder", "reader"]


class Noted(Asserted):
    """A finding as it stands now."""

    number: int = Field(ge=1)
    term: str = Field(description="HPO label where there is an id")
    hpo_id: str | None = None
    quote: str = Field(default="", description="words of the note; empty where the reader added it")
    span: Span | None = None
    origin: Origin
    flipped: bool = Field(default=False, description="the reader says something else than what was read")
    read_as: State | None = Field(default=None, description="the state that was read, where the reader changed it")
    elsewhere: list[Elsewhere] = Field(default_factory=list, description="other places of the note that name the term")
    detail: Detail | None = Field(default=None, description=DETAIL)
    read_detail: Detail | None = Field(
        default=None, description="the detail that was read, where the reader changed it"
    )

    @property
    def sense(self) -> Sense:
        """The state, where what is over is one of its own."""
        return "past" if self.state == "present" and self.detail == "past" else self.state


class Review(Strict):
    """The findings of one diagnosis, and whether a reader has changed them."""

    findings: list[Noted] = Field(default_factory=list)
    removed: list[Noted] = Field(default_factory=list)
    patient: Demographics = Field(
        default_factory=Demographics, description="age and sex as the reader states them; they overrule what was read"
    )

    @property
    def corrected(self) -> bool:
        """Whether a reader has changed anything."""
        findings = bool(self.removed) or any(f.flipped or f.origin == "reader" for f in self.findings)
        return findings or self.patient != Demographics()

    def by_number(self, number: int) -> Noted:
        """A finding by its number.

        Raises:
            InputError: there is none.
        """
        for finding in self.findings:
            if finding.number == number:
                return finding
        raise InputError(f"there is no finding {number}")


# --- what was read, and corrections to it ----------------------------------------------------------------------------


def read(result: Result) -> Review:
    """List the findings to start from: those the result states, which is what rankings by findings went by.

    One that the model quoted keeps the number by which the model's reasoning refers to it. Words it quoted that are no
    term's are listed too; quotes of a model that invents them are not (`stated.GROUNDED_SHARE`).
    """
    quoted = quoted_by_model(result)
    free = max((finding.index for finding in result.diagnosis.findings), default=0) if quoted else 0
    taken: set[int] = set()
    findings: list[Noted] = []
    for stated in result.stated[:_MOST]:
        quote = next((q for q in quoted if q.index not in taken and _same(q, stated)), None)
        if quote is None:
            free += 1
        number = quote.index if quote else free
        taken.add(number)
        findings.append(Noted(**stated.model_dump(exclude={"by"}), number=number, origin=stated.by))
    findings += [
        Noted(
            number=q.index,
            state="present" if q.present else "absent",
            term=q.term,
            quote=q.quote,
            span=q.span,
            origin="model",
        )
        for q in quoted
        if q.index not in taken and q.hpo_id is None
    ]
    return Review(findings=sorted(findings, key=lambda finding: finding.number))


def quoted_by_model(result: Result) -> list[Finding]:
    """What the model quoted from the note, if it can be relied on."""
    said = result.diagnosis.findings
    grounded = [finding for finding in said if finding.span]
    return grounded if len(grounded) >= GROUNDED_SHARE * len(said) else []


def _same(quoted: Finding, stated: StatedFinding) -> bool:
    """Whether a quote and a stated finding are of the same term or the same words."""
    span = quoted.span
    overlap = span is not None and span.start < stated.span.end and stated.span.start < span.end
    return quoted.hpo_id == stated.hpo_id or overlap


def stated_of(review: Review) -> list[StatedFinding]:
    """The findings as they stand, for what goes by HPO terms alone; what a reader added has no place in the note."""
    return [
        StatedFinding(
            hpo_id=finding.hpo_id,
            term=finding.term,
            state=finding.state,
            quote=finding.quote,
            span=finding.span or Span(start=0, end=0),
            by=finding.origin,
            elsewhere=finding.elsewhere,
            detail=finding.detail if _STATE_OF.get(finding.detail or "") == finding.state else None,
        )
        for finding in review.findings
        if finding.hpo_id
    ]


def flip(review: Review, number: int) -> Review:
    """Say the opposite of a finding: absent of one present, present of any other."""
    wanted = review.by_number(number)
    if wanted.state == "present":
        return set_state(review, number, "absent")
    return set_state(review, number, "past" if wanted.read_detail == "past" else "present")


def set_state(review: Review, number: int, sense: Sense) -> Review:
    """Say what state a finding is in; what was read again is no correction."""
    wanted = review.by_number(number)
    read_as = wanted.read_as or (_opposite(wanted.state) if wanted.flipped else wanted.state)
    read_detail = wanted.read_detail if wanted.flipped else wanted.detail
    state: State = "present" if sense == "past" else sense
    detail = "past" if sense == "past" else read_detail if read_detail == "denied" and state == "other" else None
    changed = (state, detail) != (read_as, read_detail) and wanted.origin != "reader"
    update = {
        "state": state,
        "present": brief(state),
        "flipped": changed,
        "read_as": read_as if changed else None,
        "detail": detail,
        "read_detail": read_detail if changed else None,
    }
    turned = wanted.model_copy(update=update)
    return review.model_copy(update={"findings": [turned if f.number == number else f for f in review.findings]})


def _opposite(state: State) -> State:
    """What was read, of a review kept from before there were more states than two."""
    return "absent" if state == "present" else "present"


def set_patient(review: Review, read: Demographics, age: str, sex: str) -> Review:
    """Say how old the patient is, and of which sex; what was read again is no correction.

    Raises:
        InputError: no age, or no sex.
    """
    stated = stated_beside(age, sex)
    old = bool(stated.age and read.age and stated.age.iso8601 == read.age.iso8601 and not read.age.to_years)
    same = bool(stated.sex and read.sex and stated.sex.value == read.sex.value)
    patient = Demographics(age=None if old else stated.age, sex=None if same else stated.sex)
    return review.model_copy(update={"patient": patient})


def remove(review: Review, number: int) -> Review:
    """Leave a finding out."""
    wanted = review.by_number(number)
    kept = [f for f in review.findings if f.number != number]
    removed = review.removed if wanted.origin == "reader" else [*review.removed, wanted]
    return review.model_copy(update={"findings": kept, "removed": removed})


def add(review: Review, kb: KnowledgeBase, hpo_id: str, present: bool = True) -> Review:
    """Add a term; one that is there already is only given the polarity asked for.

    Raises:
        InputError: an unknown id, or too many findings.
    """
    term = kb.term(hpo_id)
    state: State = "present" if present else "absent"
    current = kb.term_ids[term]
    for finding in review.findings:
        if finding.hpo_id == current:
            return review if finding.state == state else set_state(review, finding.number, state)
    if len(review.findings) >= _MOST:
        raise InputError(f"more than {_MOST} findings")
    number = 1 + max((f.number for f in (*review.findings, *review.removed)), default=0)
    added = Noted(number=number, state=state, term=kb.term_names[term], hpo_id=current, origin="reader")
    return review.model_copy(update={"findings": [*review.findings, added]})
