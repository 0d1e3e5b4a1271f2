"""A teacher on a GPU: transformers' continuous batching, which fills a place in the batch as soon as a turn ends.

With batches of fixed rows every batch lasts as long as its longest turn, and a few turns that never end would hold
hundreds of others up. It writes what `EngineTeacher` writes; opened only where a recipe says `continuous: true`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers.generation import ContinuousBatchingConfig

from raredxr1.diagnose._text import TextTokenizer, completion
from raredxr1.diagnose.engine import GenerationSettings
from raredxr1.errors import InputError
from raredxr1.export.base import load_checkpoint
from raredxr1.reflect.config import ReflectConfig
from raredxr1.reflect.prompts import Ask, Written

SMALL = {"num_blocks": 64, "max_batch_tokens": 512}
"""Cache and batch on a CPU; on a GPU transformers takes what memory there is."""


class ContinuousTeacher:
    """A checkpoint that samples many turns at once."""

    def __init__(self, name: str, path: Path, config: ReflectConfig) -> None:
        """Load the checkpoint, in its own type on a GPU.

        Raises:
            InputError: it cannot be read, or a turn leaves no room for a prompt.
        """
        self.name = name
        self._tokenizer = TextTokenizer(path)
        cuda = torch.cuda.is_available()
        self._model: Any = load_checkpoint(path, "auto" if cuda else "float32").to("cuda" if cuda else "cpu").eval()
        self._room = int(self._model.config.max_position_embeddings) - config.max_tokens
        if self._room <= 0:
            raise InputError(f"max_tokens {config.max_tokens} leaves no room for a prompt in the model's context")
        self._settings = transformers.GenerationConfig(
            max_new_tokens=config.max_tokens,
            do_sample=True,
            temperature=config.temperature,
            top_p=config.top_p,
            top_k=0,
            eos_token_id=self._tokenizer.stop,
            pad_token_id=self._tokenizer.stop,
        )
        self._batching = ContinuousBatchingConfig(**({} if cuda else SMALL))

    def write(self, asks: Sequence[Ask], seed: int) -> list[Written]:
        """Sample one turn for each ask; one whose prompt leaves no room, or that the batch lost, is a failed row.

        Raises:
            RuntimeError: the batch broke down altogether, so that nothing was sampled.
        """
        encoded = [self._tokenizer.encode(ask.prompt) for ask in asks]
        fitting = [place for place, ids in enumerate(encoded) if len(ids) <= self._room]
        turns = dict(zip(fitting, self._sample([encoded[place] for place in fitting], seed), strict=True))
        return [
            turns.get(place)
            or Written(status="failed", reason=f"a prompt of {len(ids)} tokens leaves no room for a turn")
            for place, ids in enumerate(encoded)
        ]

    def _sample(self, prompts: list[list[int]], seed: int) -> list[Written]:
        if not prompts:
            return []
        torch.manual_seed(seed)
        outputs = self._model.generate_batch(
            inputs=prompts,
            generation_config=self._settings,
            continuous_batching_config=self._batching,
            warmup=False,
        )
        if not outputs:
            raise RuntimeError("continuous batching gave nothing back; set `continuous: false`, or a smaller `batch`")
        done = {int(name.rpartition("_")[2]): output for name, output in outputs.items()}
        return [self._written(prompts[place], done.get(place)) for place in range(len(prompts))]

    def _written(self, prompt: list[int], output: Any) -> Written:
        if output is None or output.error:
            return Written(prompt_tokens=len(prompt), status="failed", reason="the batch gave no turn back")
        turn = completion(self._tokenizer, output.generated_tokens, 0.0, GenerationSettings())
        return Written(turn.text, turn.tokens, len(prompt), turn.truncated)
