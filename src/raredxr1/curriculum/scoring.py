"""All rewards together: which apply to a form, what they sum to, and how TRL asks for them.

TRL calls one function a reward and logs each on its own. Every function here looks at the same batch, so the batch is
read once: completions are decoded from their tokens, because TRL's own text leaves control tokens out, and `<answer>`
is one in some vocabularies.
"""

from collections.abc import Callable, Sequence
from typing import Any

from raredxr1.curriculum.config import RLConfig
from raredxr1.curriculum.prompts import Prompt, Rollout, read_rollout
from raredxr1.curriculum.rewards import Terms, accuracy, consistency, form, grounding, length, repetition
from raredxr1.evaluate.matcher import Matcher
from raredxr1.schemas import Form

SHORT = ("accuracy", "format", "repetition")
FULL = (*SHORT, "grounding", "consistency", "length")
RewardFunction = Callable[..., list[float]]


def reward_names(form_asked: Form) -> tuple[str, ...]:
    """The rewards that apply to a form, in the order in which they are logged."""
    return FULL if form_asked == "full" else SHORT


class Scorer:
    """Scores completions."""

    def __init__(
        self, config: RLConfig, prompts: Sequence[Prompt], terms: Terms, decode: Callable[[list[int]], tuple[str, bool]]
    ) -> None:
        """Take what scoring needs.

        Args:
            config: the recipe: weights, form, limits of length.
            prompts: all prompts, by index.
            terms: the linker.
            decode: turns the tokens of a completion into its text and whether it was truncated.
        """
        self.config, self.prompts, self.terms, self._decode = config, prompts, terms, decode
        self.matcher = Matcher(terms.kb, terms)
        self.names = reward_names(config.form)
        self.weights = [float(getattr(config.weights, name)) for name in self.names]
        self._batch: tuple[Any, list[Rollout]] = (None, [])
        self._functions: dict[str, Callable[[Rollout], float]] = {
            "accuracy": lambda rollout: accuracy(rollout, self.matcher),
            "format": lambda rollout: form(rollout, terms, config.least_names),
            "repetition": lambda rollout: repetition(rollout, terms),
            "grounding": lambda rollout: grounding(rollout, terms),
            "consistency": lambda rollout: consistency(rollout, terms),
            "length": lambda rollout: length(rollout, config.completion_tokens, config.dapo.overlong_tokens),
        }

    def score(self, rollout: Rollout) -> dict[str, float]:
        """Every reward of one completion."""
        return {name: self._functions[name](rollout) for name in self.names}

    def total(self, scores: dict[str, float]) -> float:
        """The weighted sum that is trained on."""
        return sum(weight * scores[name] for name, weight in zip(self.names, self.weights, strict=True))

    def read(self, completion_ids: Sequence[list[int]], indexes: Sequence[int]) -> list[Rollout]:
        """Read a batch of completions; the same batch asked for again is not read again."""
        if self._batch[0] is not completion_ids:
            rollouts = []
            for ids, index in zip(completion_ids, indexes, strict=True):
                text, truncated = self._decode(ids)
                rollouts.append(read_rollout(self.prompts[index], text, len(ids), truncated))
            self._batch = (completion_ids, rollouts)
        return self._batch[1]

    def functions(self) -> list[RewardFunction]:
        """One function a reward, as TRL wants them; the dataset's column `prompt_index` says what was asked."""
        return [self._function(name) for name in self.names]

    def _function(self, name: str) -> RewardFunction:
        def reward(*, completion_ids: Sequence[list[int]], prompt_index: Sequence[int], **_: Any) -> list[float]:
            return [self._functions[name](rollout) for rollout in self.read(completion_ids, prompt_index)]

        reward.__name__ = name
        return reward
