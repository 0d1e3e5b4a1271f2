"""`raredx train rl` with scripted rollouts: what is sampled then depends on the prompt alone, not on who samples it.

Run as a program by each process of the distributed tests, which then runs the command on another recipe with nothing
scripted; and as a function by the single process it is compared with.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rl_runs import KNOWN

from raredxr1 import dialogue
from raredxr1.cli import app
from tiny_model import NAMES

TURNS = (
    f"{dialogue.ANSWER}\n1. {NAMES[KNOWN[0]]}\n{dialogue.ANSWER_END}",
    f"{dialogue.ANSWER}\n1. {NAMES[KNOWN[1]]}\n{dialogue.ANSWER_END}",
    "I do not know.",
)


def scripted_turns(self: Any, prompt_ids: list[list[int]], images: Any, fields: Any, group: int, *_: Any) -> Any:
    """In place of TRL's generation: the completions of a prompt take turns, wherever they are generated."""
    encode = self._tokenizer.backend_tokenizer.encode
    first = self.accelerator.process_index * len(prompt_ids)
    texts = [TURNS[(first + i) % group % len(TURNS)] + dialogue.TURN_END for i in range(len(prompt_ids))]
    return [encode(text, add_special_tokens=False).ids for text in texts], None


def run(recipe: Path, patch: Callable[[Any, str, Any], None]) -> None:
    """Run a recipe with scripted rollouts."""
    from trl import GRPOTrainer

    from raredxr1.curriculum.config import RLConfig
    from raredxr1.curriculum.train import train_rl
    from raredxr1.recipe import read_config

    patch(GRPOTrainer, "_generate_single_turn", scripted_turns)
    train_rl(read_config(RLConfig, recipe, []), quiet=True)


if __name__ == "__main__":
    from trl import GRPOTrainer

    generate = GRPOTrainer._generate_single_turn
    run(Path(sys.argv[1]), setattr)
    # the second recipe as a user runs it, in the processes that are there: to start some takes longer than the run
    GRPOTrainer._generate_single_turn = generate
    app(["train", "rl", "--recipe", sys.argv[2], "--quiet"], standalone_mode=False)
