"""Case files and a model of the tests' own: a dozen invented patients, and an engine that says what it is told."""

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from raredxr1 import dialogue
from raredxr1.diagnose.engine import Completion, GenerationSettings, Stream
from raredxr1.diagnose.model import Model

RETT = {"id": "OMIM:312750", "label": "Rett syndrome"}
MARFAN = {"id": "OMIM:154700", "label": "Marfan syndrome"}
NF1 = {"id": "OMIM:162200", "label": "Neurofibromatosis, type I"}
JOUBERT = {"id": "OMIM:608629", "label": "Joubert syndrome 3"}

CASES: list[dict[str, Any]] = [
    {"case_id": "rett-1", "note": "Girl of 3 who wrings her hands and never walked unaided. No seizures so far.",
     "hpo_observed": ["HP:0002540", "HP:0012171"], "hpo_excluded": ["HP:0001250"], "gold": [RETT],
     "source": "made-up@1"},
    {"case_id": "rett-2", "hpo_observed": ["HP:0012171", "HP:0002376", "HP:0000253"], "gold": [RETT], "sex": "female"},
    {"case_id": "rett-3", "note": "This girl has Rett's syndrome: she lost speech and wrings her hands.",
     "gold": [RETT]},
    {"case_id": "marfan-1", "note": "Tall man of 30 with a dislocated lens and a dilated aortic root.",
     "note_paraphrased": "A tall adult man; lens off axis; wide aorta.", "hpo_observed": ["HP:0001083", "HP:0002616"],
     "gold": [MARFAN], "source": "made-up@1"},
    {"case_id": "marfan-2", "hpo_observed": ["HP:0001083", "HP:0001166", "HP:0000098", "HP:0002616"], "gold": [MARFAN]},
    {"case_id": "nf1-1", "note": "Boy of 8, many cafe-au-lait spots and axillary freckling.",
     "hpo_observed": ["HP:0000957", "HP:0000997"], "gold": [NF1]},
    {"case_id": "joubert-1", "note": "Infant with ataxia, a molar tooth sign and abnormal breathing.",
     "hpo_observed": ["HP:0002419", "HP:0001251"], "gold": [JOUBERT]},
    {"case_id": "unknown-1", "note": "Woman with elbows that wander across the room.",
     "gold": [{"id": "OMIM:999999", "label": "Wandering elbow syndrome"}]},
]  # fmt: skip
BAD_LINES = [
    "{not json",
    json.dumps({"case_id": "rett-1", "note": "a second row of this id", "gold": [RETT]}),
    json.dumps({"case_id": "no-gold", "note": "a patient without a diagnosis", "gold": []}),
    json.dumps({"case_id": "nothing", "gold": [RETT]}),
    json.dumps({"case_id": "odd-term", "hpo_observed": ["HP:0001083", "HP:9999999"], "gold": [MARFAN]}),
]


def write_cases(path: Path, rows: Sequence[dict[str, Any]] | None = None, lines: Sequence[str] = ()) -> Path:
    """Write a case file; gzipped where its name says so."""
    text = "".join(json.dumps(row) + "\n" for row in (CASES if rows is None else rows)) + "".join(
        f"{x}\n" for x in lines
    )
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


ANSWERS = {
    "wrings": ("Rett syndrome", "Angelman syndrome"),
    "Stereotyp": ("Angelman syndrome", "Rett syndrome"),
    "lens": ("Homocystinuria", "Marfan syndrome", "Hand-waving disease of Atlantis"),
    "Ectopia": ("Marfan syndrome",),
    "spots": ("Legius syndrome", "Neurofibromatosis type 2"),
    "molar": ("Joubert syndrome 17", "Joubert syndrome"),
}


def answer_to(prompt: str) -> str:
    """What the scripted model answers in any form."""
    names = next((names for word, names in ANSWERS.items() if word in prompt), ())
    if dialogue.system_line("short", "final") in prompt:
        names = names[:1]
    answer = "\n".join(["<answer>", *(f"{rank}. {name}" for rank, name in enumerate(names, 1)), "</answer>"])
    if dialogue.system_line("full", "differential") not in prompt:
        return answer
    findings = '1 + "wrings her hands" = Stereotypical hand wringing' if "wrings her hands" in prompt else ""
    return (
        f"<think>\nFindings\n{findings}\nHypotheses\n{names[0] if names else 'x'}\nWeigh\nSo it is.\n</think>\n{answer}"
    )


@dataclass
class ScriptedEngine:
    """Answers by a function of the prompt; a beam search gives the names of the list with falling probability."""

    say: Callable[[str], str] = answer_to
    context_length: int = 4000
    name: str = "scripted"
    path: Path = Path("scripted-model")
    asked: list[int] = field(default_factory=list)

    def count(self, text: str) -> int:
        return len(text.split())

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        raise AssertionError("evaluation asks in batches")

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        self.asked.append(len(prompts))
        return [self._turns(prompt, settings) for prompt in prompts]

    def score(self, prompt: str, continuation: str) -> list[float]:
        return [-1.0 for _ in continuation.split()]

    def _turns(self, prompt: str, settings: GenerationSettings) -> list[Completion]:
        text = self.say(prompt)
        if settings.beam == 1:
            return [self._turn(text, -3.0)] * settings.samples
        listed = self.say(prompt.replace(dialogue.system_line("short", "final"), ""))
        names = [line.partition(". ")[2] for line in listed.splitlines() if line[:1].isdigit()] or ["Nothing at all"]
        beams = [self._turn(f"<answer>\n1. {name}\n</answer>", -1.0 - rank) for rank, name in enumerate(names)]
        return (beams * settings.samples)[: settings.samples]

    def _turn(self, text: str, log_prob: float) -> Completion:
        return Completion(text=text, tokens=len(text.split()), log_prob=log_prob, truncated=False)


def scripted_model(**engine: Any) -> Model:
    return Model(ScriptedEngine(**engine), name="scripted")
