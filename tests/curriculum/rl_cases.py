"""One invented patient, her honest turns, and how a text is scored: what the tests of rewards share."""

from pathlib import Path

from raredxr1 import dialogue
from raredxr1.curriculum.config import RLConfig
from raredxr1.curriculum.prompts import Prompt, Rollout, read_rollout
from raredxr1.curriculum.rewards import Terms
from raredxr1.curriculum.scoring import Scorer
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import DiseaseName, Form, Task

NOTE = (
    "Girl of 3 with seizures, a small head and stereotypic hand movements. She was well until her first birthday. "
    "There was no ataxia."
)
THINK = """<think>
Findings
1 + "seizures" = Seizure
2 + "a small head" = Microcephaly
3 + "stereotypic hand movements" = Motor stereotypy
4 - "ataxia" = Ataxia
onset 1 year | sex female
Hypotheses
Rett syndrome | for 1 2 3 | awaited Intellectual disability, severe
Angelman syndrome | for 1 2 | against 4
Weigh
Rett syndrome explains 3; Angelman syndrome does not.
</think>
"""
LISTED = "<answer>\n1. Rett syndrome\n2. Angelman syndrome\n</answer>"
NAMED = "<answer>\n1. Rett syndrome\n</answer>"
UNSURE = "<answer>\n1. Angelman syndrome\n2. Rett syndrome\n</answer>"
MISTAKEN = "<answer>\n1. Angelman syndrome\n</answer>"


def config(form: Form = "full", **changes: object) -> RLConfig:
    settings = {"out": "out", "start": "start", "form": form, "cases": ["cases.jsonl"], "steps": 1}
    return RLConfig.model_validate(
        {**settings, "completion_tokens": 400, "least_names": 2, "dapo": {"overlong_tokens": 100}, **changes}
    )


class Judge:
    """Scores texts as answers to the patient's note."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.terms = Terms(kb)
        self.full, self.short = (
            Scorer(config(form), [], self.terms, lambda ids: ("", False)) for form in ("full", "short")
        )

    def rollout(self, text: str, form: Form = "full", task: Task = "differential", **changes: object) -> Rollout:
        kb, truncated, tokens = self.terms.kb, bool(changes.get("truncated")), changes.get("tokens")
        note = str(changes.get("note", NOTE))
        known = bool(changes.get("known", True))
        prompt = Prompt(
            0, "case", task, form, note, dialogue.render_prompt(note, form, task),
            self.full.matcher.gold([DiseaseName(id=str(changes.get("gold", "OMIM:312750")))]),
            frozenset(map(kb.term, ("HP:0001250", "HP:0000252", "HP:0000733"))) if known else frozenset(),
            frozenset([kb.term("HP:0001251")]) if known else frozenset(),
        )  # fmt: skip
        return read_rollout(prompt, text, int(tokens or len(text) // 4), truncated)  # type: ignore[call-overload]

    def scores(
        self, text: str, form: Form = "full", task: Task = "differential", **changes: object
    ) -> dict[str, float]:
        scorer = self.full if form == "full" else self.short
        return scorer.score(self.rollout(text, form, task, **changes))

    def total(self, text: str, form: Form = "full", task: Task = "differential", **changes: object) -> float:
        scorer = self.full if form == "full" else self.short
        return scorer.total(self.scores(text, form, task, **changes))


def open_kb(folder: Path) -> KnowledgeBase:
    from tiny_knowledge import make_tiny_kb

    return make_tiny_kb(folder)
