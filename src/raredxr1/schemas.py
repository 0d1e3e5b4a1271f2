"""The vocabulary of the project: what a case, a finding, a candidate and a diagnosis are.

Every other module speaks in these types. They hold data and check it; they do nothing else. Offsets are character
offsets into the note, half-open, as in Python slices.
"""

import json
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Form = Literal["full", "short"]
"""full: reasoning, then the answer. short: the answer alone."""

Task = Literal["differential", "final"]
"""differential: up to ten names, most likely first. final: the one diagnosis."""

MAX_CANDIDATES = 10


class Strict(BaseModel):
    """A model that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid")


class Span(Strict):
    """A stretch of the note: `note[start:end]`."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class DiseaseName(BaseModel):
    """An id and a label of one disease; the id is null where none is known."""

    model_config = ConfigDict(extra="allow")

    id: str | None = None
    label: str = ""


class Case(BaseModel):
    """One patient, as in the case JSONL: a note, or phenotypes from which a note is written, and what they had.

    Unknown keys are kept. `gold` lists equivalent names: any one of them is right.
    """

    model_config = ConfigDict(extra="allow")

    case_id: str
    note: str | None = None
    note_paraphrased: str | None = None
    hpo_observed: list[str] = Field(default_factory=list)
    hpo_excluded: list[str] = Field(default_factory=list)
    age: str | None = None
    sex: str | None = None
    gold: list[DiseaseName] = Field(default_factory=list)
    source: str | None = None
    pmid: str | None = None


class Finding(Strict):
    """What the note says of the patient: words copied from it, and the term the model gives them."""

    index: int = Field(ge=1, description="number by which hypotheses refer to it")
    present: bool = Field(description="false: the note says it is absent")
    quote: str = Field(description="copied from the note")
    term: str = Field(description="the model's own term: an HPO label where one fits")
    hpo_id: str | None = Field(default=None, description="linked afterwards; null where nothing fits")
    span: Span | None = Field(default=None, description="where the quote stands in the note; null: it is not there")


class Age(Strict):
    """The patient's age as the note states it."""

    years: float = Field(ge=0, description="in years; of a range (3 to 5 years, in her forties) the lower end")
    to_years: float | None = Field(default=None, description="upper end of a range; null: one age")
    iso8601: str = Field(description="as a duration: P4Y, P3Y8M, P18M, P10D; P0D: newborn; of a range the lower end")
    kind: Literal["presentation", "event"] = Field(
        description="presentation: age now, or when seen. event: only the age at something in the history is stated, "
        "so the patient is at least so old"
    )
    quote: str = Field(description="copied from the note; empty where a person stated the age beside the note")
    span: Span


class Sex(Strict):
    """The patient's sex as the note states it."""

    value: Literal["female", "male"]
    quote: str = Field(
        description="copied from the note; a pronoun where nothing else says it; empty where a person stated it beside "
        "the note"
    )
    span: Span


class Demographics(Strict):
    """Who the patient is; each null where the note is silent or says nothing certain."""

    age: Age | None = None
    sex: Sex | None = None


class Context(Strict):
    """What the note says beside findings; each null where it is silent."""

    onset: str | None = None
    sex: str | None = None
    family: str | None = None


class Hypothesis(Strict):
    """A disease considered, with the findings that speak for and against it, by number."""

    name: str
    supports: list[int] = Field(default_factory=list)
    against: list[int] = Field(default_factory=list)
    awaited: list[str] = Field(default_factory=list, description="typical findings the note does not mention")


class Candidate(Strict):
    """One line of the answer. Everything but rank and name is added after generation and never changes the name."""

    rank: int = Field(ge=1)
    name: str = Field(description="as the model wrote it")
    id: str | None = Field(default=None, description="OMIM, ORPHA or DECIPHER id; null: unlinked")
    label: str | None = Field(default=None, description="the knowledge base's name of that id")
    same_as: list[str] = Field(default_factory=list, description="other ids of the same disease")
    link_rule: str | None = Field(default=None, description="exact, normalised, synonym or fuzzy")
    link_score: float | None = Field(default=None, description="0 to 100; 100 unless fuzzy")
    confidence: float | None = Field(default=None, description="0 to 1, raw; see Diagnosis provenance for its kind")


class ProblemKind(StrEnum):
    """What can be wrong with a model's turn. A problem is recorded; it never raises and never drops the turn."""

    UNPARSED = "unparsed"
    TRUNCATED = "truncated"
    NO_ANSWER = "no_answer"
    NO_REASONING = "no_reasoning"
    BAD_LINE = "bad_line"
    DUPLICATE_NAME = "duplicate_name"
    JOINED_NAMES = "joined_names"
    TOO_MANY_NAMES = "too_many_names"
    QUOTE_NOT_IN_NOTE = "quote_not_in_note"
    UNKNOWN_FINDING = "unknown_finding"
    TEXT_AFTER_ANSWER = "text_after_answer"


class Problem(Strict):
    """One thing wrong, with the words it concerns."""

    kind: ProblemKind
    detail: str = ""


class Diagnosis(Strict):
    """A model's turn, read: findings, hypotheses, answer, and what was wrong with it."""

    form: Form = "full"
    task: Task = "differential"
    findings: list[Finding] = Field(default_factory=list)
    context: Context = Field(default_factory=Context)
    hypotheses: list[Hypothesis] = Field(default_factory=list)
    weigh: str = ""
    answer: list[Candidate] = Field(default_factory=list)
    problems: list[Problem] = Field(default_factory=list)

    def has(self, kind: ProblemKind) -> bool:
        """Whether a problem of this kind was recorded."""
        return any(problem.kind == kind for problem in self.problems)


def schema_text(model: type[BaseModel]) -> str:
    """The JSON schema of a document, as it is published in docs/schema."""
    version = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(version | model.model_json_schema(mode="serialization"), indent=2, ensure_ascii=False) + "\n"
