"""What the training loop for turns can be told; apart from it, so that a recipe is read without torch."""

from pydantic import Field

from raredxr1.schemas import Strict


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
