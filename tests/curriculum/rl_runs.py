"""Small runs of stage 3: a model of 30,000 parameters in two minds, and a few cases for it to learn from."""

import json
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

from raredxr1 import dialogue
from raredxr1.curriculum.config import RLConfig
from tiny_model import NAMES, NOTES, make_tiny_checkpoint

KNOWN = (0, 2)
"""The patients of tiny_model whose diseases the tiny knowledge base has."""


def make_undecided(path: Path) -> Path:
    """A checkpoint that answers both patients with either disease, each about half the time, in both tasks."""
    make_tiny_checkpoint(path, steps=0)
    model = AutoModelForCausalLM.from_pretrained(path)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(path)
    texts = [
        dialogue.render_prompt(NOTES[note], "short", task)
        + f"{dialogue.ANSWER}\n1. {NAMES[name]}\n{dialogue.ANSWER_END}{dialogue.TURN_END}"
        for note in KNOWN
        for name in KNOWN
        for task in ("differential", "final")
    ]
    batch = tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=False)
    labels = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(100):
        optimizer.zero_grad()
        model(**batch, labels=labels).loss.backward()
        optimizer.step()
    model.save_pretrained(path)
    return path


def write_cases(path: Path, copies: int = 3) -> Path:
    """A few cases of both patients."""
    rows = [
        {
            "case_id": f"case-{place}-{copy}",
            "note": NOTES[place],
            "gold": [{"id": None, "label": NAMES[place]}],
            "source": "made-up@1",
        }
        for copy in range(copies)
        for place in KNOWN
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def small_config(folder: Path, start: Path, knowledge: Path, **changes: Any) -> RLConfig:
    """Ten short steps of two prompts with six completions each."""
    settings: dict[str, Any] = {
        "out": folder / "run",
        "seed": 3,
        "knowledge": knowledge,
        "start": str(start),
        "cases": [write_cases(folder / "cases.jsonl")],
        "steps": 10,
        "prompts": 2,
        "group": 6,
        "micro_batch": 12,
        "learning_rate": 3e-3,
        "prompt_tokens": 200,
        "completion_tokens": 32,
        "dapo": {"overlong_tokens": 8},
        "least_names": 1,
        "case_level": {"samples": 4, "window": 4, "remeasure_every": 5},
        "task_level": {"window": 4},
        "abort": {"unparsed": 1.0},
        "show_steps": 1,
        "save_steps": 5,
        "warmup": 0.0,
    }
    return RLConfig.model_validate(settings | changes)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
