"""Accepted turns become training examples: the plain prompt, and the turn as its answer.

Neither the masking nor anything of the reflection prompt is left. A share of repaired full turns keeps the turn of
thought: which hypothesis came first, and which finding it does not explain. That sentence is written here, from the
knowledge base, and only where it is true.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Literal

from pydantic import Field

from raredxr1 import dialogue
from raredxr1.diagnose.names import Names
from raredxr1.errors import InputError
from raredxr1.knowledge.claims import Claims
from raredxr1.reflect.attempt_log import Attempt, Kind
from raredxr1.reflect.claims import disease_number, term_number
from raredxr1.reflect.context import Context
from raredxr1.reflect.planning import History
from raredxr1.runstore import read_models
from raredxr1.schemas import Diagnosis, Form, Hypothesis, Strict, Task

Tier = Literal["easy", "medium", "hard", "extreme"]
TIERS: tuple[Tier, ...] = ("easy", "medium", "hard", "extreme")


class Accepted(Strict):
    """One line of accepted.jsonl: an example to learn from, and where it comes from."""

    case_id: str
    disease: str = Field(description="an id of the right disease, or its name where it has none")
    tier: Tier = Field(description="how often the first attempts were right")
    kind: Kind
    round: int
    form: Form
    task: Task
    thought: bool = Field(False, description="keeps the turn of thought")
    prompt: str
    completion: str


def tier_of(first: Sequence[Attempt]) -> Tier:
    """Tier of a case by the share of its first attempts that were right: 3/4, 1/4, any, none."""
    share = sum(row.right for row in first) / max(len(first), 1)
    return "easy" if share >= 0.75 else "medium" if share >= 0.25 else "hard" if share > 0 else "extreme"


def write_back(bench: Context, past: History) -> list[Accepted]:
    """Write every case's accepted turns as examples, at most `keep` a case, the earliest first."""
    config = bench.config
    examples = []
    for case_id, item in bench.items.items():
        rows = past.get(case_id, ())
        by_key = {row.key: row for row in rows}
        for row in [row for row in rows if row.accepted][: config.keep]:
            turn, thought = bench.turn(row), False
            former = by_key.get((case_id, *row.of)) if row.of else None
            rng = Random(f"{config.seed}/thought/{case_id}/{row.round}/{row.index}")
            if former and config.form == "full" and rng.random() < config.turn_of_thought:
                first = bench.turn(former).answer
                thoughtful = with_turn_of_thought(turn, first[0].name, bench.names, bench.truth) if first else None
                turn, thought = (thoughtful, True) if thoughtful else (turn, False)
            examples.append(
                Accepted(
                    case_id=case_id,
                    disease=bench.disease(case_id),
                    tier=tier_of([r for r in rows if r.round == 0]),
                    kind=row.kind,
                    round=row.round,
                    form=config.form,
                    task=config.task,
                    thought=thought,
                    prompt=dialogue.render_prompt(item.note, config.form, config.task),
                    completion=dialogue.render_turn(turn) + dialogue.TURN_END,
                )
            )
    return examples


def with_turn_of_thought(turn: Diagnosis, wrong: str, names: Names, truth: Claims) -> Diagnosis | None:
    """Begin the weighing with the hypothesis that fell ("At first X, but X does not explain 2; Y does").

    Args:
        turn: a right turn.
        wrong: the name that stood first before.
        names: what names link to.
        truth: what is true of diseases and findings.

    Returns:
        The turn with that sentence, and X among its hypotheses; None where no finding tells the two apart.
    """
    if not turn.answer:
        return None
    right = turn.answer[0].name
    right_one, wrong_one = disease_number(right, names), disease_number(wrong, names)
    if right_one is None or wrong_one is None or right_one == wrong_one:
        return None
    terms = {f.index: term for f in turn.findings if f.present and (term := term_number(f, names)) is not None}
    telling = [i for i, t in terms.items() if truth.explains(right_one, t) and not truth.explains(wrong_one, t)]
    if not telling:
        return None
    hypotheses = list(turn.hypotheses)
    known = {disease_number(hypothesis.name, names) for hypothesis in hypotheses}
    if wrong_one not in known:
        supports = [i for i, term in terms.items() if truth.explains(wrong_one, term)]
        hypotheses.append(Hypothesis(name=wrong, supports=supports))
    sentence = f"At first {wrong}, but {wrong} does not explain {telling[0]}; {right} does."
    return turn.model_copy(update={"hypotheses": hypotheses, "weigh": f"{sentence} {turn.weigh}".strip()})


def read_accepted(paths: Sequence[Path]) -> list[Accepted]:
    """Read accepted turns of several runs; the same turn for the same prompt counts once.

    Raises:
        InputError: a file is missing or damaged, or all of them are empty.
    """
    found: dict[tuple[str, str], Accepted] = {}
    for path in paths:
        for row in read_models(path, Accepted):
            found.setdefault((row.prompt, row.completion), row)
    if paths and not found:
        raise InputError(f"accepted {', '.join(map(str, paths))}: nothing was accepted, so there is nothing to learn")
    return list(found.values())


def accepted_sources(accepted: Sequence[Path]) -> list[str]:
    """Data sets behind accepted turns, from the manifests beside them."""
    found = [source for path in accepted for source in manifest_beside(path).get("sources", [])]
    return list(dict.fromkeys(map(str, found)))


def manifest_beside(accepted: Path) -> dict[str, Any]:
    """The manifest of the run that accepted turns come from; empty where there is none."""
    try:
        data = json.loads((accepted.parent / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
