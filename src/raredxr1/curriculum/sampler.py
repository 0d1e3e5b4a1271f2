"""The curriculum as a sampler: what TRL's data loader iterates over.

GRPO needs the completions of a prompt beside one another, and every batch as often as the trainer takes slices of it
(TRL's RepeatSampler, of which this is the curriculum's counterpart). Batches are drawn while training goes on, when the
loader asks for them.
"""

from collections.abc import Callable, Iterator

from torch.utils.data import Sampler

from raredxr1.curriculum.schedule import Curriculum


class GroupSampler(Sampler[int]):
    """Yields prompt indexes: each prompt of a batch `group` times in a row, the whole batch `repeat` times."""

    def __init__(self, curriculum: Curriculum, group: int, repeat: int, first: Callable[[], int]) -> None:
        """Take the curriculum and the shape of a batch.

        Args:
            curriculum: draws the batches.
            group: completions a prompt.
            repeat: slices of a batch that the trainer takes.
            first: number of the batch to begin with, asked when iteration begins (a resumed run begins later).
        """
        self.curriculum, self.group, self.repeat, self.first = curriculum, group, repeat, first

    def __iter__(self) -> Iterator[int]:
        """Yield the indexes of all batches that are left."""
        for number in range(self.first(), self.curriculum.generations):
            batch = self.curriculum.batch(number)
            for _ in range(self.repeat):
                for prompt in batch:
                    yield from [prompt] * self.group

    def __len__(self) -> int:
        """Indexes of the whole run."""
        return self.curriculum.generations * self.curriculum.size * self.group * self.repeat
