"""The engine for checkpoints: transformers on a GPU if torch finds one. Imported only to open one."""

import copy
import math
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers

from raredxr1.diagnose._text import TextEngine, TextTokenizer, batches, completion, streamed
from raredxr1.diagnose.copying import LogProbs
from raredxr1.diagnose.engine import Completion, GenerationSettings
from raredxr1.errors import InputError
from raredxr1.export.base import load_checkpoint
from raredxr1.export.files import read_json

ROWS = {"cpu": 16, "cuda": 128}
"""Sequences computed at once."""


class TransformersEngine(TextEngine):
    """A Hugging Face checkpoint folder; see `Engine` for what the methods promise.

    Computes in float32 on a CPU and in the checkpoint's own type on a GPU.
    """

    name = "transformers"

    def __init__(self, path: Path, threads: int) -> None:
        self.path = path
        self.context_length = _context_length(path / "config.json")
        self._tokenizer = TextTokenizer(path)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.set_num_threads(threads)
        model = load_checkpoint(path, "auto" if self._device == "cuda" else "float32")
        self._model = model.to(self._device)
        # A configuration of our own: what the checkpoint carries may sample or penalise repetition.
        self._model.generation_config = transformers.GenerationConfig(
            do_sample=False, eos_token_id=self._tokenizer.stop, pad_token_id=self._tokenizer.stop
        )

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        """Write `samples` turns for each prompt."""
        encoded = [self._tokenizer.encode(prompt) for prompt in prompts]
        random = self._random(settings)
        written: dict[int, list[Completion]] = {}
        for indices, limit in batches([len(ids) for ids in encoded], settings, self.context_length, ROWS[self._device]):
            rows = [encoded[index] for index in indices]
            turns = (
                self._beams(rows, settings, limit) if settings.beam > 1 else self._rows(rows, settings, limit, random)
            )
            for position, index in enumerate(indices):
                written[index] = turns[position * settings.samples : (position + 1) * settings.samples]
        return [written[index] for index in range(len(encoded))]

    @torch.inference_mode()
    def _scored(self, before: list[int], after: list[int]) -> list[float]:
        ids = torch.tensor([before + after], device=self._device)
        logits = self._model(ids, logits_to_keep=len(after) + 1).logits[:, :-1]
        chosen: list[float] = _log_probs(logits[0], ids[0, -len(after) :]).tolist()
        return chosen

    def continuing(self, prompt: str) -> Callable[[Sequence[Sequence[int]]], LogProbs]:
        """Prepare a prompt; see `copying.Tokens`."""
        *read, last = self._tokenizer.encode(prompt)  # the last with each turn, which may be empty
        _, state = self._forward(*self._pad([read]), None)

        @torch.inference_mode()
        def following(turns: Sequence[Sequence[int]]) -> LogProbs:
            ids, cache = torch.tensor([[last, *turn] for turn in turns], device=self._device), copy.deepcopy(state)
            cache.batch_repeat_interleave(len(turns))
            logits, _ = self._forward(ids, torch.ones(len(turns), len(read) + ids.shape[1]).to(ids), cache)
            log_probs: LogProbs = logits.log_softmax(-1).cpu().numpy()
            return log_probs

        return following

    def _write(self, ids: list[int], settings: GenerationSettings, limit: int) -> Generator[str, None, Completion]:
        steps = self._steps([ids], settings, limit, self._random(settings))
        tokens = ((int(chosen[0]), float(log_probs[0])) for chosen, log_probs in steps)
        return (yield from streamed(self._tokenizer, tokens, settings))

    def _rows(
        self, rows: list[list[int]], settings: GenerationSettings, limit: int, random: torch.Generator
    ) -> list[Completion]:
        """Write greedily or by sampling, `samples` turns a row, until every row has ended."""
        rows = [row for row in rows for _ in range(settings.samples)]
        steps = list(self._steps(rows, settings, limit, random))
        tokens = torch.stack([step[0] for step in steps], dim=1).tolist()
        log_probs = torch.stack([step[1] for step in steps], dim=1).tolist()
        last = self._tokenizer.ends(settings)
        ends = [next((i + 1 for i, token in enumerate(row) if token in last), len(row)) for row in tokens]
        turns = zip(tokens, log_probs, ends, strict=True)
        return [completion(self._tokenizer, row, math.fsum(scores[:end]), settings) for row, scores, end in turns]

    @torch.inference_mode()
    def _beams(self, rows: list[list[int]], settings: GenerationSettings, limit: int) -> list[Completion]:
        """Find the most probable turns; with no length penalty a beam's score is its log-probability."""
        ids, mask = self._pad(rows)
        output = self._model.generate(
            ids,
            attention_mask=mask,
            max_new_tokens=limit,
            num_beams=settings.beam,
            num_return_sequences=settings.samples,
            length_penalty=0.0,
            return_dict_in_generate=True,
            output_scores=True,
        )
        written = output.sequences[:, ids.shape[1] :].tolist()
        scores = output.sequences_scores.tolist()
        return [completion(self._tokenizer, row, score, settings) for row, score in zip(written, scores, strict=True)]

    def _steps(
        self, rows: list[list[int]], settings: GenerationSettings, limit: int, random: torch.Generator
    ) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Yield the next token of every row, [rows], and its log-probability; rows that ended go on with anything."""
        ids, mask = self._pad(rows)
        cache: Any = None
        ended = torch.zeros(len(rows), dtype=torch.bool, device=self._device)
        ends = torch.tensor(self._tokenizer.ends(settings), device=self._device)
        for _ in range(limit):
            logits, cache = self._forward(ids, mask, cache)
            tokens = _choose(logits, settings, random)
            yield tokens, _log_probs(logits, tokens)
            ended |= torch.isin(tokens, ends)
            if bool(ended.all()):
                return
            ids = tokens[:, None]
            mask = torch.cat([mask, torch.ones_like(ids)], dim=1)

    @torch.inference_mode()
    def _forward(self, ids: torch.Tensor, mask: torch.Tensor, cache: Any) -> tuple[torch.Tensor, Any]:
        """Return the logits after the last token of every row, [rows, vocabulary], and the keys and values so far."""
        positions = (mask.cumsum(-1) - 1).clamp(min=0)[:, -ids.shape[1] :]
        output = self._model(
            ids, attention_mask=mask, position_ids=positions, past_key_values=cache, use_cache=True, logits_to_keep=1
        )
        return output.logits[:, -1].float(), output.past_key_values

    def _pad(self, rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Pad on the left, so that every row's next token comes at the same place."""
        width = max(map(len, rows))
        ids = [[self._tokenizer.stop] * (width - len(row)) + row for row in rows]
        mask = [[0] * (width - len(row)) + [1] * len(row) for row in rows]
        return torch.tensor(ids, device=self._device), torch.tensor(mask, device=self._device)

    def _random(self, settings: GenerationSettings) -> torch.Generator:
        return torch.Generator(device=self._device).manual_seed(settings.seed)


def _choose(logits: torch.Tensor, settings: GenerationSettings, random: torch.Generator) -> torch.Tensor:
    """Choose a token a row: the most probable, or one sampled from the most probable of mass `top_p`."""
    if settings.temperature == 0:
        return logits.argmax(-1)
    ordered, order = (logits / settings.temperature).softmax(-1).sort(-1, descending=True)
    kept = ordered.masked_fill(ordered.cumsum(-1) - ordered > settings.top_p, 0.0)
    return order.gather(-1, torch.multinomial(kept, 1, generator=random))[:, 0]


def _log_probs(logits: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    return logits.float().log_softmax(-1).gather(-1, tokens[:, None])[:, 0]


def _context_length(path: Path) -> int:
    config = read_json(path)
    if "max_position_embeddings" not in config:
        raise InputError(f"{path}: max_position_embeddings is missing")
    return int(config["max_position_embeddings"])
