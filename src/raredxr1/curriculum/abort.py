"""When to stop a run that teaches nothing any more: rewards, lengths or readability collapse.

Each rule compares the mean of the last steps with what the run had before: rewards within a phase of the curriculum,
because a harder tier earns less; lengths within a task, because a final diagnosis is shorter than a differential, but
lists that shrink from tier to tier have shrunk. A stopped run leaves its checkpoints.
"""

from dataclasses import dataclass, field

from raredxr1.curriculum.config import Abort


@dataclass
class AbortRules:
    """Watches the steps of a run; `reason` is empty as long as all is well."""

    rules: Abort
    rewards: list[float] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)
    unparsed: list[float] = field(default_factory=list)
    best_reward: float = 0.0
    first_length: float = 0.0
    phase: object = None
    task: object = None
    reason: str = ""

    def step(self, reward: float, length: float, unparsed: float, phase: object = None, task: object = None) -> str:
        """Take the means of one step's completions; returns why to stop, or nothing.

        Args:
            reward: weighted sum of the rewards.
            length: tokens.
            unparsed: share without a readable name.
            phase: whatever is equal as long as rewards can be compared.
            task: whatever is equal as long as lengths can be compared.
        """
        if self.reason:
            return self.reason
        if reward != reward:  # not a number
            self.reason = "the reward is no number"
            return self.reason
        if phase != self.phase:
            self.phase, self.rewards, self.best_reward = phase, [], 0.0
        if task != self.task:
            self.task, self.lengths, self.first_length = task, [], 0.0
        window = self.rules.window
        self.rewards, self.lengths, self.unparsed = (
            [*values, value][-window:]
            for values, value in ((self.rewards, reward), (self.lengths, length), (self.unparsed, unparsed))
        )
        if len(self.unparsed) == window and _mean(self.unparsed) > self.rules.unparsed:
            self.reason = f"{_mean(self.unparsed):.0%} of completions hold no readable name"
        if len(self.rewards) == window and not self.reason:
            mean_reward = _mean(self.rewards)
            if mean_reward < self.rules.reward * self.best_reward:
                self.reason = f"reward collapse: {mean_reward:.3f} on average, it was {self.best_reward:.3f}"
            self.best_reward = max(self.best_reward, mean_reward)
        if len(self.lengths) == window and not self.reason:
            mean_length = _mean(self.lengths)
            self.first_length = self.first_length or mean_length
            if mean_length < self.rules.length * self.first_length:
                self.reason = f"length collapse: {mean_length:.1f} tokens on average, it was {self.first_length:.1f}"
        return self.reason


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
