"""Three patients, and a teacher that says what a test tells it to."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trajectories import PATIENTS

from raredxr1.reflect.masking import sentences
from raredxr1.reflect.prompts import REVIEW, Ask, Written

WRONG = "<answer>\n1. Angelman syndrome\n</answer>"
LABELS = {"rett": "Rett syndrome", "marfan": "Marfan syndrome",
          "zellweger": "Peroxisome biogenesis disorder 1A (Zellweger)"}  # fmt: skip


def who(ask: Ask) -> str:
    """Whose note it is: masked or not, some sentence's beginning is there."""
    begins = {name: [s.strip()[:12] for s in sentences(patient.note)] for name, patient in PATIENTS.items()}
    return next(name for name, starts in begins.items() if any(start in ask.user for start in starts))


def is_review(ask: Ask) -> bool:
    return REVIEW in ask.system


@dataclass
class ScriptedTeacher:
    """Answers by a function of the ask; remembers every ask; can stop like a killed process after some batches."""

    say: Callable[[Ask], str | Written]
    stop_after: int | None = None
    name: str = "scripted"
    asked: list[Ask] = field(default_factory=list)
    batches: int = 0

    def write(self, asks: Sequence[Ask], seed: int) -> list[Written]:
        if self.stop_after is not None and self.batches >= self.stop_after:
            raise KeyboardInterrupt
        self.batches += 1
        self.asked += asks
        answers = [self.say(ask) for ask in asks]
        return [
            a if isinstance(a, Written) else Written(a, tokens=len(a.split()), prompt_tokens=len(ask.user.split()))
            for a, ask in zip(answers, asks, strict=True)
        ]


def learns_on_review(ask: Ask) -> str:
    """Solves Rett at once, Marfan when it is given back, Zellweger never."""
    name = who(ask)
    return PATIENTS[name].turn if name == "rett" or (name == "marfan" and is_review(ask)) else WRONG


def write_patients(path: Path, more: Sequence[dict[str, Any]] = ()) -> Path:
    rows = [
        {
            "case_id": name, "note": patient.note, "hpo_observed": patient.observed, "hpo_excluded": patient.excluded,
            "gold": [{"id": patient.gold, "label": LABELS[name]}],
        }
        for name, patient in PATIENTS.items()
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, *more]), encoding="utf-8")
    return path
