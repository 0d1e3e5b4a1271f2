"""The engine that serves: CTranslate2 on the CPU, with neither torch nor transformers."""

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np

from raredxr1.diagnose._text import TextEngine, batches, completion, streamed
from raredxr1.diagnose.copying import LogProbs
from raredxr1.diagnose.engine import Completion, GenerationSettings
from raredxr1.errors import InputError
from raredxr1.export.manifest import read_info
from raredxr1.processor import compute_type

ROWS = 16
"""Sequences computed at once: beyond, a CPU gains little, and each row keeps its own keys and values."""

KEPT_PROMPTS = 4
"""Prompts whose state is kept at once; each takes some 20 MB of a model of 135 million parameters."""

_SEEDING = threading.Lock()


class CTranslate2Engine(TextEngine):
    """A model folder made by `raredx export`; see `Engine` for what the methods promise."""

    name = "ctranslate2"

    def __init__(self, path: Path, threads: int) -> None:
        self.path = path
        info = read_info(path)
        self.context_length = info.context_length
        self._threads = threads
        if info.reads != "evidence":  # such a model is asked last, if at all
            self._generator, self._tokenizer  # noqa: B018 - what is damaged is found here
        self._keeper_lock = threading.Lock()
        self._keeper: tuple[Any, frozenset[tuple[int, ...]]] | None = None

    @cached_property
    def _generator(self) -> Any:
        return self._load()

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        """Write `samples` turns for each prompt."""
        encoded = [self._tokenizer.encode(prompt) for prompt in prompts]
        generator = self._generator_for(settings)
        written: dict[int, list[Completion]] = {}
        # One call a batch: between them Ctrl-C is heard.
        for indices, limit in batches([len(ids) for ids in encoded], settings, self.context_length, ROWS):
            results = generator.generate_batch(
                [self._tokenizer.names(encoded[index]) for index in indices],
                beam_size=settings.beam,
                num_hypotheses=settings.samples,
                length_penalty=0,  # else scores are means a token, and beams are ranked by them
                return_scores=True,
                return_end_token=True,
                include_prompt_in_result=False,
                **self._options(settings, limit),
            )
            for index, result in zip(indices, results, strict=True):
                turns = zip(result.sequences_ids, result.scores, strict=True)
                written[index] = [completion(self._tokenizer, ids, score, settings) for ids, score in turns]
        return [written[index] for index in range(len(encoded))]

    def _scored(self, before: list[int], after: list[int]) -> list[float]:
        (result,) = self._generator.score_batch([self._tokenizer.names(before + after)], max_input_length=0)
        return list(result.log_probs[-len(after) :])

    def continuing(self, prompt: str) -> Callable[[Sequence[Sequence[int]]], LogProbs]:
        """Prepare a prompt; see `copying.Tokens`."""
        *read, last = self._tokenizer.encode(prompt)  # the last with each turn, which may be empty
        generator, names = self._keeping(tuple(read)), self._tokenizer.names
        kept = names(read)

        def following(turns: Sequence[Sequence[int]]) -> LogProbs:
            results = generator.generate_batch(
                [names([last, *turn]) for turn in turns],
                static_prompt=kept,
                cache_static_prompt=True,
                include_prompt_in_result=False,
                max_length=1,
                return_logits_vocab=True,
            )
            logits = np.stack([np.asarray(result.logits[0], np.float32).reshape(-1) for result in results])
            shifted: LogProbs = logits - logits.max(axis=1, keepdims=True)
            log_probs: LogProbs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            return log_probs

        return following

    def _write(self, ids: list[int], settings: GenerationSettings, limit: int) -> Generator[str, None, Completion]:
        stopped = threading.Event()
        generator, read = self._kept(ids) if settings.temperature == 0 else (None, 0)
        options = self._options(settings, limit) | (
            {"static_prompt": self._tokenizer.names(ids[:read])} if read else {}
        )
        steps = (generator or self._generator_for(settings)).generate_tokens(
            self._tokenizer.names(ids[read:]),
            return_log_prob=True,
            callback=lambda _: stopped.is_set(),
            **options,
        )
        try:
            with closing(steps):
                tokens = ((step.token_id, step.log_prob) for step in steps)
                return (yield from streamed(self._tokenizer, tokens, settings))
        finally:
            stopped.set()  # also when Ctrl-C comes between two steps: the background job must not write on

    def _keeping(self, prompt: tuple[int, ...]) -> Any:
        """A generator that keeps the state of a prompt, and of a few others.

        CTranslate2 keeps the state of every prompt it was told to keep, for ever: such a generator is let go after a
        few prompts. A turn in which several quotes are written again has it loaded once, and its prompt read once.
        """
        with self._keeper_lock:
            generator, prompts = self._keeper or (None, frozenset[tuple[int, ...]]())
            if generator is None or (prompt not in prompts and len(prompts) >= KEPT_PROMPTS):
                generator, prompts = self._load(), frozenset[tuple[int, ...]]()
            self._keeper = generator, prompts | {prompt}
            return generator

    def _kept(self, ids: list[int]) -> tuple[Any, int]:
        """The generator that keeps the state of a prompt which goes on in `ids` by a turn begun, and its length."""
        generator, prompts = self._keeper or (None, frozenset[tuple[int, ...]]())
        lengths = [len(one) for one in prompts if len(one) + 1 < len(ids) and tuple(ids[: len(one)]) == one]
        return (generator, max(lengths)) if lengths else (None, 0)

    def _load(self) -> Any:
        try:
            return ctranslate2.Generator(
                str(self.path),
                device="cpu",
                inter_threads=1,
                intra_threads=self._threads,
                compute_type=compute_type(),
            )
        except (RuntimeError, ValueError) as error:
            raise InputError(f"the model in {self.path} is damaged: {' '.join(str(error).split())}") from error

    def _generator_for(self, settings: GenerationSettings) -> Any:
        """Return a generator; where it samples, a fresh one that starts from the seed.

        CTranslate2 seeds a worker thread once, when it first samples, and never again. A seeded run therefore needs a
        worker of its own, made to sample one token while the global seed is ours.
        """
        if settings.temperature == 0:
            return self._generator
        with _SEEDING:
            ctranslate2.set_random_seed(settings.seed + 1)  # 0 would mean: from the system's entropy
            generator = self._load()
            generator.generate_batch([self._tokenizer.names([self._tokenizer.stop])], max_length=1, sampling_topk=0)
        return generator

    def _options(self, settings: GenerationSettings, limit: int) -> dict[str, Any]:
        ends = self._tokenizer.names(self._tokenizer.ends(settings))
        options: dict[str, Any] = {"max_length": limit, "end_token": ends}
        if settings.temperature > 0:
            options |= {
                "sampling_topk": 0,
                "sampling_topp": settings.top_p,
                "sampling_temperature": settings.temperature,
            }
        return options
