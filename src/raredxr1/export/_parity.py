"""Does the exported model say what the checkpoint says?

Both write greedily after the same prompts, and the exported model scores what the checkpoint wrote. Compared at the
level of tokens, straight on transformers and CTranslate2: the engines that serve a model are tested on their own.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
from pydantic import Field

from raredxr1 import dialogue
from raredxr1.errors import InputError, extra
from raredxr1.export._convert import write_model
from raredxr1.export.base import load_checkpoint
from raredxr1.export.files import new_folder, read_tokenizer, require_files, token_names
from raredxr1.export.manifest import Reads
from raredxr1.processor import compute_type
from raredxr1.runstore import write_json
from raredxr1.schemas import Form, Strict

WANTED_PROMPTS = 50
SAME_TEXT = 0.6
LOG_PROB_GAP = 0.05
REPORT_FILE = "parity.json"

_BATCH = 10
"""Prompts continued at once, at least: more where the vocabulary is small."""
_LOGITS = 64_000_000
"""Logits that are kept meanwhile, unless ten prompts need more."""
_CALIBRATION = 16


class ParityReport(Strict):
    """What was compared, and how far apart the two models are."""

    prompts: int = Field(ge=1, description=f"prompts compared; {WANTED_PROMPTS} are wanted")
    tokens: int = Field(ge=1, description="tokens the checkpoint wrote, over which log-probabilities are averaged")
    same_text: float = Field(description="share of prompts after which both write the same text, greedily")
    checkpoint_log_prob: float = Field(description="mean log-probability a token, under the checkpoint")
    exported_log_prob: float = Field(description="of the same tokens, under the exported model")

    @property
    def gap(self) -> float:
        """Distance of the mean log-probabilities, a token."""
        return abs(self.checkpoint_log_prob - self.exported_log_prob)

    @property
    def holds(self) -> bool:
        """Whether the exported model may stand for the checkpoint; figures that are not numbers never hold."""
        return self.same_text >= SAME_TEXT and self.gap <= LOG_PROB_GAP

    def summary(self) -> str:
        """Say it in a line."""
        few = f" ({WANTED_PROMPTS} are wanted)" if self.prompts < WANTED_PROMPTS else ""
        return (
            f"greedy text equal on {self.same_text:.0%} of {self.prompts} prompts{few}, at least {SAME_TEXT:.0%} "
            f"needed; mean log-probability {self.gap:.3f} a token apart, at most {LOG_PROB_GAP} allowed"
        )


def export(
    checkpoint_dir: Path,
    out_dir: Path,
    prompts: Sequence[str],
    quantization: str = "int8",
    forms: Sequence[Form] = ("full", "short"),
    reads: Reads = "turns",
    max_tokens: int = 128,
) -> ParityReport:
    """Convert a checkpoint and keep the result only if parity holds; the report stays with it as parity.json.

    Args:
        checkpoint_dir: see `convert`.
        out_dir: see `convert`.
        prompts: rendered prompts (`dialogue.render_prompt`) such as the model will see, 50 of them.
        quantization: see `convert`.
        forms: see `convert`.
        reads: see `convert`.
        max_tokens: at most so many tokens are written after each prompt.

    Raises:
        InputError: as `convert`; or parity does not hold, and nothing is left behind.
    """
    with new_folder(out_dir) as temporary:
        reference = _read_and_write(checkpoint_dir, prompts, max_tokens)
        texts = [prompt + turn for prompt, turn in zip(reference.prompts, reference.turns, strict=True)]
        write_model(checkpoint_dir, temporary, quantization, forms, texts[:_CALIBRATION], reads)
        report = _compare(reference, temporary)
        if not report.holds:
            raise InputError(
                f"{checkpoint_dir} does not survive {quantization}, nothing was written: {report.summary()}. "
                "Export it as float32, or train it further"
            )
        write_json(temporary / REPORT_FILE, report)
    return report


def parity(checkpoint_dir: Path, ct2_dir: Path, prompts: Sequence[str], max_tokens: int = 128) -> ParityReport:
    """Compare a checkpoint, in float32, with the CTranslate2 folder made of it.

    Raises:
        InputError: there are no prompts, a folder is no model, or torch and transformers are not installed.
    """
    return _compare(_read_and_write(checkpoint_dir, prompts, max_tokens), ct2_dir)


@dataclass(frozen=True)
class _Reference:
    """What the checkpoint writes after each prompt, in tokens, and how probable it finds each of them."""

    prompts: list[list[int]]
    turns: list[list[int]]
    log_probs: list[float]
    max_tokens: int


def _read_and_write(checkpoint_dir: Path, prompts: Sequence[str], max_tokens: int) -> _Reference:
    if not prompts:
        raise InputError("parity needs prompts to compare on: give some notes")
    require_files(checkpoint_dir, ("config.json", "tokenizer.json"), "a Hugging Face checkpoint folder")
    tokenizer, stop = read_tokenizer(checkpoint_dir)
    rows = [tokenizer.encode(prompt, add_special_tokens=False).ids for prompt in prompts]
    return _Reference(rows, *_greedy(checkpoint_dir, rows, stop, max_tokens), max_tokens)


def _greedy(folder: Path, rows: list[list[int]], stop: int, max_tokens: int) -> tuple[list[list[int]], list[float]]:
    """What the checkpoint writes after each prompt (its stop token included), and each token's log-probability."""
    model = load_checkpoint(folder)
    with extra("exporting"):
        import torch
        import transformers
    # A configuration of our own: what the checkpoint carries may sample or penalise repetition.
    model.generation_config = transformers.GenerationConfig(
        do_sample=False, max_new_tokens=max_tokens, eos_token_id=stop, pad_token_id=stop
    )
    written: list[list[int]] = []
    log_probs: list[float] = []
    at_once = max(_BATCH, _LOGITS // (max_tokens * model.config.vocab_size))
    for start in range(0, len(rows), at_once):
        batch = rows[start : start + at_once]
        width = max(map(len, batch))
        ids = torch.tensor([[stop] * (width - len(row)) + row for row in batch])
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in batch])
        output = model.generate(ids, attention_mask=mask, return_dict_in_generate=True, output_logits=True)
        tokens = output.sequences[:, width:]
        steps = zip(output.logits, tokens.split(1, dim=1), strict=True)
        chosen = torch.cat([logits.log_softmax(-1).gather(1, token) for logits, token in steps], dim=1)
        for row, scores in zip(tokens.tolist(), chosen.tolist(), strict=True):
            written.append(row[: row.index(stop) + 1] if stop in row else row)
            log_probs += scores[: len(written[-1])]
    return written, log_probs


def _compare(reference: _Reference, ct2_dir: Path) -> ParityReport:
    """Let the exported model write after the same prompts, and score what the checkpoint wrote."""
    tokenizer, _ = read_tokenizer(ct2_dir)
    generator = ctranslate2.Generator(str(ct2_dir), compute_type=compute_type())
    prompts = [token_names(tokenizer, row) for row in reference.prompts]
    results = generator.generate_batch(
        prompts,
        max_batch_size=_BATCH,
        end_token=dialogue.TURN_END,
        return_end_token=True,
        max_length=reference.max_tokens,
        include_prompt_in_result=False,
    )
    same = [list(result.sequences_ids[0]) == turn for result, turn in zip(results, reference.turns, strict=True)]
    scored = generator.score_batch(
        [prompt + token_names(tokenizer, turn) for prompt, turn in zip(prompts, reference.turns, strict=True)],
        max_batch_size=1,  # logits of every position: 140 MB for 700 tokens of a vocabulary of 50,000
        max_input_length=0,
    )
    log_probs = [p for turn, score in zip(reference.turns, scored, strict=True) for p in score.log_probs[-len(turn) :]]
    return ParityReport(
        prompts=len(prompts),
        tokens=len(log_probs),
        same_text=sum(same) / len(prompts),
        checkpoint_log_prob=math.fsum(reference.log_probs) / len(log_probs),
        exported_log_prob=math.fsum(log_probs) / len(log_probs),
    )
