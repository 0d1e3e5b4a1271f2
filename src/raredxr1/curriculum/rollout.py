"""One completion, read: what every reward looks at."""

from dataclasses import dataclass, field

from raredxr1 import dialogue
from raredxr1.curriculum.prompts import Prompt
from raredxr1.schemas import Diagnosis


@dataclass(frozen=True)
class Rollout:
    """What the model wrote to a prompt, as text and as a Diagnosis.

    Attributes:
        prompt: what was asked.
        text: the completion without the end-of-turn token.
        tokens: its length, the end-of-turn token included.
        truncated: it was cut at the limit.
        diagnosis: the text, parsed.
    """

    prompt: Prompt
    text: str
    tokens: int
    truncated: bool = False
    diagnosis: Diagnosis = field(default_factory=Diagnosis)

    @property
    def names(self) -> list[str]:
        """The names of the answer, in order."""
        return [candidate.name for candidate in self.diagnosis.answer]


def read_rollout(prompt: Prompt, text: str, tokens: int, truncated: bool = False) -> Rollout:
    """Parse a completion as serving and scoring do."""
    diagnosis = dialogue.parse(text, prompt.note, prompt.form, prompt.task, truncated)
    return Rollout(prompt, text, tokens, truncated, diagnosis)
