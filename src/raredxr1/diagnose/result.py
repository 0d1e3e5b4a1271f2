"""What a diagnosis run gives: one document with everything in it, and the schema others can rely on.

The schema is published as docs/schema/diagnosis.schema.json; `python -m raredxr1.diagnose.result` prints it.
"""

import sys
from typing import Any, Literal

from pydantic import Field, model_validator

from raredxr1.knowledge.assertion import DECIDED, Detail, State
from raredxr1.schemas import Candidate, Demographics, Diagnosis, Form, Span, Strict, schema_text

DISCLAIMER = (
    "For research use only. Not a medical device: do not base a decision about a patient on it. "
    "What stands here was written by a language model or computed from a knowledge base, and can be wrong."
)

Ranking = Literal["list", "scored", "beam"]
"""list: as the turn lists them. scored: the same order, with beam probabilities. beam: ordered by beam probability."""

ConfidenceKind = Literal["beam probability", "agreement", "calibrated"]
"""beam probability: share among ten single-name answers. agreement: share of samples naming it first. calibrated: how
often a disease with such a share (and, with CRR, such opinions) was the right one in development cases."""

CrrMode = Literal["fusion", "context"]
"""fusion: the rankings are fused by a fitted model. context: the opinions are put before the model, which decides."""


class Truncation(Strict):
    """What was left out of a note, in documents of versions that did not read notes of any length."""

    kept_characters: int = Field(ge=1, description="the model read note[:kept_characters]")
    omitted_characters: int = Field(ge=1)
    omitted_share: float = Field(gt=0, lt=1, description="omitted characters, as a share of the note")


class Settings(Strict):
    """How the model was asked."""

    form: Form
    ranking: Ranking
    samples: int = Field(ge=1, description="turns drawn; 1: one greedy turn unless temperature is above 0")
    max_tokens: int = Field(ge=1, description="at most so many tokens a turn")
    temperature: float = Field(ge=0, description="0: the most likely token each time")
    top_p: float
    seed: int


class Versions(Strict):
    """What made this document."""

    raredxr1: str
    dialogue: str
    knowledge: str
    model: str
    model_sha256: str | None = Field(description="of the shipped bundle; null for a model given by path")


class Coverage(Strict):
    """What the model was taught and how well it was measured, as its makers state it."""

    statement: str
    diseases: int | None = Field(default=None, description="diseases taught; null: not stated")
    accuracy: dict[str, float] = Field(
        default_factory=dict, description="measured, each under a name that says on what"
    )


class Timings(Strict):
    """What it cost."""

    seconds: float = Field(ge=0, description="from the note to this document, the model being open")
    prompt_tokens: int = Field(ge=0, description="of the longest prompt")
    tokens: int = Field(ge=0, description="generated, over all turns")
    tokens_per_second: float | None = Field(description="generated tokens by seconds of generation")


class Turn(Strict):
    """A text the model wrote, as it wrote it."""

    role: Literal["turn", "sample", "beam", "lead turn", "lead beam", "window"] = Field(
        description="lead: written after the opinions were put before the model; window: the findings of one stretch "
        "of a long note"
    )
    text: str
    tokens: int
    log_prob: float | None = Field(description="natural logarithm of its probability under the model; null: unknown")
    truncated: bool
    mended: int = Field(
        default=0,
        ge=0,
        description="quotes written again because the note had no such words, or lines that the evidence contradicted",
    )
    thinking: str = Field(default="", description="what a reasoning model wrote before its turn, unedited")
    failure: str = Field(default="", description="why a model server gave no whole turn; empty where it did")


RESTS_ON = (
    'what the frequency rests on where that is too little for a word: "1 of 1" patients described, "unstated"; '
    "empty: enough"
)


class Evidence(Strict):
    """A finding that speaks for or against a candidate, with the words of the note."""

    finding: int = Field(description="its number among the turn's findings; what the turn does not have comes after")
    present: bool
    quote: str = Field(description="empty where a reader added the finding")
    term: str
    hpo_id: str | None
    span: Span | None
    frequency: float | None = Field(
        default=None, description="share of patients with the disease who have it, as annotated; null: not annotated"
    )
    weight: float | None = Field(
        default=None,
        description="log10 of the likelihood ratio: this disease against rare disease at large; null where the turn "
        "weighed it",
    )
    rests_on: str = Field(default="", description=RESTS_ON)


class Awaited(Strict):
    """A typical finding that was not found in the note."""

    term: str
    hpo_id: str | None
    frequency: float | None = Field(default=None, description="share of patients with the disease who have it")
    rests_on: str = Field(default="", description=RESTS_ON)


class Ranked(Candidate):
    """A line of the final ranking with its evidence; the lists are empty where the turn weighed nothing."""

    raw_confidence: float | None = Field(default=None, description="the model's own share, where it was calibrated")
    ranks: dict[str, int] = Field(
        default_factory=dict, description="with CRR: who named it, and at which rank; 'model' is the model's own list"
    )

    genes: list[str] = Field(
        default_factory=list,
        description="symbols of the genes of the disease, by the knowledge base; the likeliest cause first",
    )
    also_called: list[str] = Field(
        default_factory=list, description="an eponym and an abbreviation, where its name in the catalogue is neither"
    )
    annotated: int | None = Field(
        default=None,
        description="findings that are annotated to the disease; null: the knowledge base does not know it",
    )
    person_for: list[str] = Field(
        default_factory=list, description="what the patient's parents say for it, by the annotated inheritance"
    )
    person_against: list[str] = Field(
        default_factory=list,
        description="what the patient's age and sex say against it, by the annotated onset and inheritance",
    )
    evidence_by: Literal["turn", "knowledge"] | None = Field(
        default=None,
        description="who weighed the findings of the note: the knowledge base, or, for a disease it does not know, the "
        "model's turn",
    )
    supports: list[Evidence] = Field(default_factory=list, description="strongest first")
    against: list[Evidence] = Field(default_factory=list, description="strongest first, unspecific ones last")
    unexplained: list[Evidence] = Field(
        default_factory=list, description="present, and nothing annotated to the disease explains it"
    )
    awaited: list[Awaited] = Field(default_factory=list)


class Verdict(Strict):
    """Whether any disease stands out; where none does, the ranking is the best of bad guesses and is shown folded."""

    kind: Literal["ranked", "nothing_stands_out"]
    reason: str = Field(description="why nothing stands out, in a sentence; empty where something does")
    help: list[str] = Field(default_factory=list, description="what in the note would help, most telling first")
    probability: float | None = Field(
        default=None, ge=0, le=1, description="that the note has a disease to find among the ten; null: not calibrated"
    )


class Member(Strict):
    """A disease of a line of the answer."""

    rank: int = Field(ge=1, description="in the ranking of single diseases; above 10 it is no candidate of its own")
    name: str
    id: str | None
    confidence: float | None = None


class Line(Strict):
    """A line of the answer as it is shown: a disease, or several that a note can hardly tell apart.

    Numbered subtypes of one family, a disease and its subtypes by the hierarchy, and twins of two catalogues stand on
    one line, which opens.
    """

    name: str = Field(description="the disease, or the family where there are several")
    members: list[Member] = Field(min_length=1, description="best first")
    confidence: float | None = Field(default=None, description="the members' together; null: the members have none")
    favoured: bool = Field(
        default=False, description="whether findings of the note favour the first member over others"
    )
    told_apart_by: list[str] = Field(
        default_factory=list, description="what would tell the members apart: their genes, and a finding of each"
    )


class Asserted(Strict):
    """Something that is present, absent, or neither; `state` decides, and `present` says the same in brief."""

    state: State = Field(
        description="present: the patient has or had it. absent: the note denies it. uncertain: suspected or not "
        "excluded. other: of another person. hypothetical: advice, an order, a risk, a reason for a test, "
        "an effect of a drug"
    )
    present: bool | None = Field(
        default=None, description="true: present. false: absent. null: neither; rankings by findings leave it out"
    )

    @model_validator(mode="before")
    @classmethod
    def _agree(cls, data: Any) -> Any:
        """Fill in one from the other: documents from before there were states have `present` alone."""
        if not isinstance(data, dict):
            return data
        state = data.get("state") or {True: "present", False: "absent"}.get(data.get("present"))  # type: ignore[arg-type]
        return data | ({"state": state, "present": brief(state)} if state else {})


def brief(state: str) -> bool | None:
    """A state as `present` says it: true, false, or null for what is neither present nor absent."""
    return state == "present" if state in DECIDED else None


class Elsewhere(Strict):
    """Another place of a note that names the same term, and what it says there."""

    state: State
    quote: str
    span: Span


DETAIL = (
    "past: present, and the note says that it is over (resolved, outgrown). denied: of another person, who is said not "
    "to have it. null: neither"
)


class StatedFinding(Asserted):
    """A finding the note names, as an HPO term; rankings by findings and next steps go by those present or absent.

    A term is listed once. Where the note says several things of it, the state is the first of: present, absent,
    uncertain, other, hypothetical; `elsewhere` has the other places, and those that deny a wider term ("power normal"
    beside a weak arm).
    """

    hpo_id: str
    term: str
    quote: str = Field(description="empty where a reader added it")
    span: Span = Field(description="of no length where a reader added it")
    by: Literal["model", "dictionary", "encoder", "reader"] = Field(
        description="who read it: the model (a quote that is in the note), a search for HPO names and synonyms, an "
        "encoder that reads by meaning, or a person who corrected the findings"
    )
    elsewhere: list[Elsewhere] = Field(default_factory=list, description="the other places, in order of place")
    detail: Detail | None = Field(default=None, description=DETAIL)


class OpinionLine(Strict):
    """One disease of an opinion."""

    rank: int = Field(ge=1)
    name: str
    id: str | None
    score: float | None = Field(description="of this source alone; the higher, the better")


class Opinion(Strict):
    """What another diagnoser says; it has read no more than is stated here."""

    source: str = Field(description="likelihood, similarity, texts, or the endpoint asked")
    read: str = Field(description="what it was given")
    lines: list[OpinionLine] = Field(default_factory=list, description="its first ten diseases")
    silent: str = Field(default="", description="why it says nothing; empty where it does")


class Crr(Strict):
    """Collaborative reasoning refinement: who said what before the final ranking was made."""

    mode: CrrMode
    decided_by: str = Field(description="what made the final ranking of the opinions")
    own: list[Candidate] = Field(description="the model's own ranking, before any opinion; confidences raw")
    opinions: list[Opinion]


class Calibration(Strict):
    """What stands behind calibrated confidences."""

    method: Literal["platt", "isotonic"]
    cases: int = Field(ge=1, description="development cases it was fitted on")
    ece: float = Field(ge=0, description="expected calibration error of the first name, on sets of cases left out")
    within_a_set: float | None = Field(
        default=None, ge=0, description="the same within one set left out, mean of the sets; null: not measured"
    )
    none_of_these: float = Field(ge=0, le=1, description="probability that no listed disease is the right one")


class Separates(Strict):
    """One disease in the light of a next step."""

    name: str
    id: str
    probability: float = Field(description="that the step turns out positive if the patient has this disease")
    annotated: bool = Field(
        default=True,
        description="whether the knowledge base says anything of the finding, or names a gene, in this disease; false: "
        "that the step turns out negative tells nothing of it",
    )


class NextStep(Strict):
    """Something to look for or test, because its outcome would tell the candidates apart."""

    kind: Literal["finding", "laboratory", "imaging", "electrophysiology", "gene"]
    label: str = Field(description="HPO term, gene symbol, or the genes of a panel")
    hpo_id: str | None = Field(description="null for a gene")
    genes: list[str] = Field(default_factory=list, description="symbols of the genes to test; several: a panel")
    test: str = Field(
        default="",
        description="the test in words, where it is not the sequencing of genes (methylation analysis) or measures "
        "several metabolites; empty: the label says it",
    )
    finds: str = Field(
        default="", description="what of such a test speaks for a disease; empty: a variant, or the term"
    )
    forms: dict[str, str] = Field(
        default_factory=dict, description="gene -> the form of the disease it stands for, where forms have other genes"
    )
    in_note: str = Field(default="", description="words of the note by which the test is done or sent; empty: none")
    gain: float = Field(ge=0, description="expected information gain over the candidates, in bits")
    reason: str
    separates: list[Separates]


class Redaction(Strict):
    """How many stretches of one kind were replaced before anything read the note."""

    kind: str
    count: int = Field(ge=1)


class Result(Strict):
    """One note, diagnosed."""

    schema_version: Literal["1"] = "1"
    disclaimer: str = DISCLAIMER
    input: str = Field(description="file name as given, 'standard input' or 'text'")
    note: str = Field(description="all spans refer to it; line ends are \\n")
    note_sha256: str = Field(description="of the note in UTF-8")
    patient: Demographics = Field(
        default_factory=Demographics, description="age and sex, as the note or a person beside it states them"
    )
    notices: list[str] = Field(default_factory=list, description="what had to be done to read the input")
    excluded: str = Field(
        default="",
        description="which diseases were put behind all others because the note excludes them, a line each, with its "
        "words; empty: none",
    )
    details: list[str] = Field(default_factory=list, description="on the model and its calibration, not on this note")
    truncation: Truncation | None = Field(description="null, always now: notes of any length are read whole")
    candidates: list[Ranked] = Field(max_length=10, description="the final ranking")
    lines: list[Line] = Field(
        default_factory=list, max_length=10, description="the ranking as it is shown, members of a family together"
    )
    verdict: Verdict = Field(
        default_factory=lambda: Verdict(kind="ranked", reason=""), description="whether any disease stands out"
    )
    confidence_kind: ConfidenceKind | None = Field(description="what the confidences are; raw unless calibrated")
    calibration: Calibration | None = Field(default=None, description="null: the confidences are raw")
    crr: Crr | None = Field(default=None, description="null: the ranking is the model's own")
    stated: list[StatedFinding] = Field(
        default_factory=list, description="all that was read, in every state, by whoever read it"
    )
    next_steps: list[NextStep] = Field(default_factory=list, description="most telling first; empty unless asked for")
    redactions: list[Redaction] = Field(
        default_factory=list, description="with --deidentify; `note` is then the text after replacement"
    )
    diagnosis: Diagnosis = Field(description="the turn that is shown, read and linked, with every problem met")
    turns: list[Turn] = Field(description="every text the model wrote")
    settings: Settings
    versions: Versions
    coverage: Coverage
    timings: Timings


if __name__ == "__main__":
    sys.stdout.write(schema_text(Result))
