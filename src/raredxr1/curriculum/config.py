"""What stage 3 can be told: one pydantic model, read from a recipe with `key=value` overrides.

The sizes are global: `prompts` and `group` hold over all processes, so the same recipe does the same work on one
process or eight; only `micro_batch`, what one process puts through the model at once, depends on the machine.
"""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from raredxr1.schemas import Form, Strict


class Synthetic(Strict):
    """Patients drawn from the knowledge base, of the diseases the starting checkpoint was taught."""

    count: int = Field(gt=0)
    seed: int = Field(description="one that neither stage 1 nor the development set was drawn with")
    plain_share: float = Field(0.4, ge=0, le=1, description="share of notes in the fixed plain style")
    register_share: float = Field(0.0, ge=0, le=1, description="share of the other notes that are in a register")


class Weights(Strict):
    """How much each reward counts in the sum. The short form has no reasoning: there the first three apply."""

    accuracy: float = Field(1.0, gt=0)
    format: float = Field(0.2, ge=0)
    repetition: float = Field(0.1, ge=0)
    grounding: float = Field(0.3, ge=0)
    consistency: float = Field(0.3, ge=0)
    length: float = Field(0.2, ge=0, description="of the soft over-length punishment, which is never positive")


class CaseLevel(Strict):
    """Case level of the curriculum: tiers by pass rate."""

    on: bool = True
    samples: int = Field(8, ge=2, description="completions a prompt by which its pass rate is measured")
    easy: float = Field(0.75, gt=0, lt=1, description="least pass rate of the easy tier")
    medium: float = Field(0.5, gt=0, lt=1)
    hard: float = Field(0.25, gt=0, lt=1, description="least pass rate of the hard tier; below it: extreme")
    promote: float = Field(0.7, gt=0, le=1, description="moving average of accuracy at which the next tier begins")
    window: int = Field(32, ge=1, description="groups of the current tier in the moving average")
    longest: int = Field(100, ge=1, description="generation batches after which the next tier begins anyway")
    keep: float = Field(0.3, ge=0, lt=1, description="share of a batch drawn from the tier before the current one")
    fade: float = Field(
        0.5, ge=0, lt=1, description="each tier further back gets so much of the share of the one after it"
    )
    revisit: float = Field(0.05, ge=0, lt=1, description="share of a batch drawn from prompts set aside")
    flat_groups: int = Field(2, ge=1, description="groups without variance in a row that set a prompt aside")
    remeasure_every: int = Field(50, ge=1, description="generation batches between measurements")
    remeasure_prompts: int = Field(0, ge=0, description="prompts measured again each time, longest ago first; 0: all")

    @model_validator(mode="after")
    def _falling(self) -> Self:
        if not self.easy > self.medium > self.hard:
            raise ValueError("the limits of the tiers must fall: easy > medium > hard")
        return self


class TaskLevel(Strict):
    """Task level of the curriculum: the differential first, then the final diagnosis."""

    on: bool = True
    promote: float = Field(
        0.7, gt=0, le=1, description="moving average of accuracy at which the final diagnosis begins"
    )
    window: int = Field(64, ge=1, description="groups in the moving average; with tiers on, of the last tier")
    latest: float = Field(0.5, gt=0, le=1, description="share of all steps at which it begins anyway")
    keep: float = Field(0.25, ge=0, lt=1, description="share of a batch that stays with the differential afterwards")


class Dapo(Strict):
    """DAPO (arXiv 2503.14476), section 3, as options of TRL's GRPOTrainer.

    Every token weighs the same, not every completion; completions cut at the limit teach nothing; no KL term.
    """

    clip_low: float = Field(0.2, gt=0)
    clip_high: float = Field(0.28, gt=0, description="clip-higher: room for unlikely tokens to rise")
    overlong_tokens: int = Field(32, ge=1, description="the last so many tokens before the limit are punished softly")
    scale: Literal["group", "batch", "none"] = Field(
        "batch",
        description="whose standard deviation advantages are divided by. DAPO: the group's, with accuracy as the only "
        "reward; with several, a group that is wrong throughout would learn from form alone, at full strength",
    )


class Abort(Strict):
    """When a run is stopped because it teaches nothing any more; each looks at the mean of the last `window` steps."""

    window: int = Field(20, ge=1)
    reward: float = Field(0.5, ge=0, le=1, description="stop below this share of the best mean reward")
    length: float = Field(0.3, ge=0, le=1, description="stop below this share of the first mean length")
    unparsed: float = Field(0.5, gt=0, le=1, description="stop above this share of completions without a readable name")


class VllmServer(Strict):
    """Rollouts by a vLLM server of its own (`vllm serve`, its own environment); TRL sends it the weights."""

    host: str
    port: int = 8000
    group_port: int = Field(51216, description="for the transfer of weights")
    timeout: float = Field(600.0, gt=0, description="seconds to wait for the server")


class RLConfig(Strict):
    """Everything stage 3 needs."""

    out: Path
    seed: int = 0
    knowledge: Path | None = Field(None, description="knowledge artifact; the shipped one by default")
    start: str = Field(description="checkpoint to start from: folder of a stage or of a model, or hub id")
    form: Form = "short"
    least_names: int = Field(3, ge=1, le=10, description="names a differential should hold; each fewer is a fault")
    cases: list[Path] = Field(default_factory=list, description="case files (JSONL) to train on")
    synthetic: Synthetic | None = None
    weights: Weights = Field(default_factory=Weights)
    case_level: CaseLevel = Field(default_factory=CaseLevel)
    task_level: TaskLevel = Field(default_factory=TaskLevel)
    dapo: Dapo = Field(default_factory=Dapo)
    abort: Abort = Field(default_factory=Abort)
    vllm: VllmServer | None = None
    self_test: int = Field(64, ge=1, description="gold trajectories scored before training starts")
    steps: int = Field(gt=0, description="optimizer steps")
    prompts: int = Field(8, ge=1, description="prompts a generation batch")
    group: int = Field(8, ge=2, description="completions a prompt")
    updates: int = Field(1, ge=1, description="optimizer steps a generation batch; above 1 clipping matters")
    micro_batch: int = Field(16, ge=1, description="completions a process puts through the model at once")
    temperature: float = Field(1.0, gt=0)
    prompt_tokens: int = Field(512, ge=16, description="longer prompts are set aside and listed")
    completion_tokens: int = Field(128, ge=8)
    optimizer: Literal["adamw_torch", "adamw_torch_fused"] = "adamw_torch"
    learning_rate: float = Field(1e-6, gt=0)
    warmup: float = Field(0.05, ge=0, lt=1, description="share of steps")
    decay: float = Field(0.0, ge=0, lt=1, description="share of steps over which the rate falls to zero at the end")
    weight_decay: float = Field(0.0, ge=0)
    bf16: bool = False
    gradient_checkpointing: bool = False
    save_steps: int = Field(50, ge=1, description="optimizer steps between checkpoints")
    show_completions: int = Field(2, ge=0, description="completions written to completions.txt every `show_steps`")
    show_steps: int = Field(10, ge=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.cases and self.synthetic is None:
            raise ValueError("give cases, synthetic, or both: there is nothing to train on")
        if self.dapo.overlong_tokens >= self.completion_tokens:
            raise ValueError("dapo.overlong_tokens must be fewer than completion_tokens")
        if self.prompts * self.group % self.updates:
            raise ValueError("prompts * group must be a multiple of updates")
        if self.steps % self.updates or self.save_steps % self.updates:
            raise ValueError("steps and save_steps must be multiples of updates")
        return self

    @property
    def batch(self) -> int:
        """Completions a generation batch, over all processes."""
        return self.prompts * self.group

    @property
    def generations(self) -> int:
        """Generation batches of the whole run."""
        return self.steps // self.updates
