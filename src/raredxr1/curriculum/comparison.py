"""Does the curriculum help? Same start, same number of steps, with and without each level, over several seeds.

Arms: `none` (shuffled, both tasks mixed), `case` (tiers only), `task` (differential first only), `both`. Every run is a
folder of its own, so an interrupted comparison goes on where it stopped. All are judged on the same development cases,
never trained on, beside the start itself.

    raredx train rl-compare --recipe recipes/tiny/rl.yaml --out work/tiny/rl-compare --seeds 3
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from raredxr1.curriculum.comparison_table import START, Row, table
from raredxr1.curriculum.config import RLConfig, Synthetic
from raredxr1.curriculum.development import Judged, judge
from raredxr1.curriculum.prompts import PromptSet, make_prompts
from raredxr1.curriculum.terms import Terms
from raredxr1.curriculum.train import start_folder, train_rl
from raredxr1.errors import InputError
from raredxr1.evaluate.matcher import Matcher
from raredxr1.export.base import load_model
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.term_store import DEFAULT_PATH
from raredxr1.runstore import write_json

ARMS = {"none": (False, False), "case": (True, False), "task": (False, True), "both": (True, True)}
"""Arm -> whether the case level and the task level are on."""


def compare(
    config: RLConfig,
    out: Path,
    seeds: Sequence[int],
    development: Synthetic | Sequence[Path],
    arms: Sequence[str],
    quiet: bool = False,
) -> Path:
    """Train every arm with every seed and judge all; returns the table's path (comparison.md).

    Args:
        config: the recipe that every run shares.
        out: folder for the runs, `comparison.json` and `comparison.md`.
        seeds: one run an arm and seed.
        development: cases to judge on: drawn anew, or case files.
        arms: of ARMS.
        quiet: no progress bars.

    Raises:
        InputError: an unknown arm, the development cases would be trained on, or whatever a run finds wrong.
    """
    unknown = [arm for arm in arms if arm not in ARMS]
    if unknown:
        raise InputError(f"arm {unknown[0]!r}: choose from {', '.join(ARMS)}")
    _held_out(config, development)
    out.mkdir(parents=True, exist_ok=True)
    cases = Judge(config, development)
    rows = [Row(START, None, cases.judged(start_folder(config.start), out / "start.json"))]
    for seed in seeds:
        for arm in arms:
            folder = out / f"{arm}-{seed}"
            checkpoint = train_rl(arm_config(config, arm, seed, folder), quiet)
            rows.append(Row(arm, seed, cases.judged(checkpoint, folder / "development.json")))
    told = [{"arm": row.arm, "seed": row.seed, **row.judged.figures} for row in rows]
    write_json(out / "comparison.json", {"development_cases": cases.cases, "rows": told})
    (out / "comparison.md").write_text(table(rows), encoding="utf-8")
    return out / "comparison.md"


def arm_config(config: RLConfig, arm: str, seed: int, folder: Path) -> RLConfig:
    """The recipe of one run: only the two switches, the seed and the folder differ."""
    case, task = ARMS[arm]
    changed = config.model_dump()
    changed |= {"out": folder, "seed": seed}
    changed["case_level"]["on"], changed["task_level"]["on"] = case, task
    return RLConfig.model_validate(changed)


class Judge:
    """Judges checkpoints on the development cases; what was judged once is read back."""

    def __init__(self, config: RLConfig, development: Synthetic | Sequence[Path]) -> None:
        """Read or draw the cases."""
        kb = KnowledgeBase(config.knowledge or DEFAULT_PATH)
        self.matcher, self.limit = Matcher(kb, Terms(kb)), config.completion_tokens
        start = start_folder(config.start)
        model, tokenizer = load_model(str(start))
        context = getattr(model.config, "max_position_embeddings", None)
        cases: dict[str, Any] = (
            {"synthetic": development, "cases": []}
            if isinstance(development, Synthetic)
            else {"synthetic": None, "cases": list(development)}
        )
        if context:  # what is too long to train on can still be asked
            cases["prompt_tokens"] = context - config.completion_tokens
        self.prompts: PromptSet = make_prompts(
            config.model_copy(update=cases),
            kb,
            self.matcher,
            start.parent if start.name == "checkpoint" else start,
            lambda text: len(tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids),
        )
        self.cases = self.prompts.cases

    def judged(self, checkpoint: Path, kept: Path) -> Judged:
        """What was said of a checkpoint's answers."""
        if kept.is_file():
            return Judged(**json.loads(kept.read_text(encoding="utf-8")))
        model, tokenizer = load_model(str(checkpoint))
        judged = judge(model, tokenizer, self.prompts.prompts, self.matcher, self.limit)
        write_json(kept, asdict(judged))
        return judged


def _held_out(config: RLConfig, development: Synthetic | Sequence[Path]) -> None:
    if isinstance(development, Synthetic):
        if config.synthetic and config.synthetic.seed == development.seed:
            raise InputError(f"development seed {development.seed}: the recipe trains on it; choose another")
        return
    trained = {path.resolve() for path in config.cases}
    for path in development:
        if path.resolve() in trained:
            raise InputError(f"{path}: the recipe trains on it; choose other development cases")
