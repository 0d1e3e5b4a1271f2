"""Does the curriculum help? Same start, same number of steps, with and without each level, over several seeds.

Arms: `none` (shuffled, both tasks mixed), `case` (tiers only), `task` (differential first only), `both`. Every run is a
folder of its own, so an interrupted comparison goes on where it stopped. All are judged on the same development cases,
never trained on, beside the start itself.

    python benchmarks/curriculum_arms.py --recipe recipes/tiny/rl.yaml --out work/tiny/arms [--seeds N] [--arms LIST]
        [--cases FILE ...] [--synthetic N] [--development-seed N] [settings ...]

Two things vary: which cases the development set happens to hold, and how a run happens to go. The intervals hold both:
a bootstrap that draws cases and, for each arm, its seeds, with replacement. The cases are the same for both arms of a
difference, so it is paired in them. Three seeds say little of how runs vary; the intervals are that much too narrow.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from raredxr1.curriculum.config import RLConfig, Synthetic
from raredxr1.curriculum.prompts import Prompt, PromptSet, Rollout, make_prompts, read_rollout
from raredxr1.curriculum.rewards import Terms
from raredxr1.curriculum.train import train_rl
from raredxr1.errors import InputError
from raredxr1.evaluate.matcher import Matcher
from raredxr1.export import checkpoint_in
from raredxr1.export.base import load_model
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.term_store import DEFAULT_PATH
from raredxr1.recipe import read_config
from raredxr1.runstore import write_json

ARMS = {"none": (False, False), "case": (True, False), "task": (False, True), "both": (True, True)}
"""Arm -> whether the case level and the task level are on."""
FIGURES = ("recall@1", "recall@10", "mrr", "final@1", "unparsed")
START = "start"
RESAMPLES = 1000
COMPARED = ("recall@1", "recall@10", "mrr", "final@1")
"""Figures whose differences are told."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder for the runs and the table")
    parser.add_argument("--seeds", type=int, default=3, help="runs an arm; seeds 1, 2, ...")
    parser.add_argument("--arms", default=",".join(ARMS))
    parser.add_argument("--cases", type=Path, nargs="*", help="development cases (JSONL)")
    parser.add_argument("--synthetic", type=int, default=300, help="development cases to draw, where no file is given")
    parser.add_argument("--development-seed", type=int, default=72, help="of the drawn cases; not the recipe's")
    parser.add_argument("settings", nargs="*")
    options = parser.parse_args()
    config = read_config(RLConfig, options.recipe, options.settings)
    drawn = config.synthetic or Synthetic(count=1, seed=0)
    own = drawn.model_copy(update={"count": options.synthetic, "seed": options.development_seed})
    seeds = list(range(1, options.seeds + 1))
    print(compare(config, options.out, seeds, options.cases or own, options.arms.split(",")).read_text())


@dataclass(frozen=True)
class Judged:
    """What the matcher said of a checkpoint's answers, case by case, in the order of the prompts.

    Attributes:
        differential: rank of the true disease in each differential; None where it is not named.
        final: the same of each final diagnosis: 1 or None, where later names are not looked at.
        unparsed: share of completions without a readable name.
    """

    differential: list[int | None]
    final: list[int | None]
    unparsed: float

    @property
    def figures(self) -> dict[str, float]:
        """FIGURES: recall@1, recall@10 and MRR of the differential, recall@1 of the final diagnosis, share unparsed."""
        return {name: mean(values) for name, values in self.by_case().items()} | {"unparsed": self.unparsed}

    def by_case(self) -> dict[str, list[float]]:
        """Each figure's value of every case; what cannot be read counts as a miss."""
        return {
            "recall@1": [float(rank == 1) for rank in self.differential],
            "recall@10": [float(rank is not None) for rank in self.differential],
            "mrr": [1 / rank if rank else 0.0 for rank in self.differential],
            "final@1": [float(rank == 1) for rank in self.final],
        }


def judge(
    model: Any, tokenizer: Any, prompts: Sequence[Prompt], matcher: Matcher, max_tokens: int, batch: int = 64
) -> Judged:
    """Answer every prompt and judge.

    Args:
        model: a causal language model.
        tokenizer: its tokenizer.
        prompts: both tasks of each development case.
        matcher: the judge.
        max_tokens: limit of a completion.
        batch: prompts at once.
    """
    rollouts = answer(model, tokenizer, prompts, max_tokens, batch)
    ranks: dict[str, list[int | None]] = {"differential": [], "final": []}
    for rollout in rollouts:
        verdicts = matcher.judge_all(rollout.names, rollout.prompt.gold)
        ranks[rollout.prompt.task].append(next((i for i, v in enumerate(verdicts, 1) if v.level == "strict"), None))
    unparsed = sum(not rollout.names for rollout in rollouts) / max(len(rollouts), 1)
    return Judged(ranks["differential"], ranks["final"], unparsed)


def answer(model: Any, tokenizer: Any, prompts: Sequence[Prompt], max_tokens: int, batch: int = 64) -> list[Rollout]:
    """Answer prompts greedily, shortest first so that little is padded; returns them in the order given."""
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i].text))
    found: dict[int, Rollout] = {}
    encode, decode = tokenizer.backend_tokenizer.encode, tokenizer.backend_tokenizer.decode
    model.eval()
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        rows = [encode(prompts[i].text, add_special_tokens=False).ids for i in chosen]
        width = max(map(len, rows))
        ids = torch.tensor([[tokenizer.pad_token_id] * (width - len(row)) + row for row in rows])
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows])
        with torch.no_grad():
            written = model.generate(
                input_ids=ids.to(model.device),
                attention_mask=mask.to(model.device),
                max_new_tokens=max_tokens,
                do_sample=False,
                eos_token_id=tokenizer.eos_token_id,
                pad_token_id=tokenizer.pad_token_id,
            )[:, width:].tolist()
        for i, tokens in zip(chosen, written, strict=True):
            ended = tokenizer.eos_token_id in tokens
            kept = tokens[: tokens.index(tokenizer.eos_token_id)] if ended else tokens
            text = decode(kept, skip_special_tokens=False)
            found[i] = read_rollout(prompts[i], text, len(kept) + ended, truncated=not ended)
    return [found[i] for i in range(len(prompts))]


@dataclass(frozen=True)
class Row:
    """One checkpoint judged: the start (no seed), or the end of an arm's run with a seed."""

    arm: str
    seed: int | None
    judged: Judged


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
    rows = [Row(START, None, cases.judged(checkpoint_in(Path(config.start)), out / "start.json"))]
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
        start = checkpoint_in(Path(config.start))
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


def table(rows: Sequence[Row]) -> str:
    """Two Markdown tables: every arm, and how far it is from the start and from the run without a curriculum."""
    arms = list(dict.fromkeys(row.arm for row in rows))
    lines = [
        f"Development cases: {len(rows[0].judged.differential)}. Greedy answers; mean over seeds ± standard deviation.",
        "",
        "| arm | seeds | " + " | ".join(FIGURES) + " |",
        "|---|---|" + "---|" * len(FIGURES),
    ]
    for arm in arms:
        own = [row.judged.figures for row in rows if row.arm == arm]
        cells = [_spread([figures[name] for figures in own]) for name in FIGURES]
        lines.append(f"| {arm} | {len(own) if arm != START else '-'} | " + " | ".join(cells) + " |")
    pairs = [(arm, base) for base in (START, "none") if base in arms for arm in arms if arm not in (START, base)]
    if pairs:
        lines += [
            "",
            "Differences, with 95% intervals (bootstrap over cases and seeds, paired in the cases):",
            "",
            "| difference | " + " | ".join(COMPARED) + " |",
            "|---|" + "---|" * len(COMPARED),
        ]
    for arm, base in pairs:
        one, other = (_values([row.judged for row in rows if row.arm == name]) for name in (arm, base))
        cells = [_signed(*difference(one[name], other[name])) for name in COMPARED]
        lines.append(f"| {arm} - {base} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def difference(
    one: npt.NDArray[np.float64], other: npt.NDArray[np.float64], seed: int = 0
) -> tuple[float, float, float]:
    """Difference of two arms' means, with its 95% interval.

    Args:
        one: seeds x cases: a figure's value of every case after every run.
        other: the same of the arm to compare with; the cases are the same, the number of seeds may differ.
        seed: of the draws.
    """
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES):
        cases = random.integers(0, one.shape[1], one.shape[1])
        means = [arm[random.integers(0, len(arm), len(arm))][:, cases].mean() for arm in (one, other)]
        drawn.append(means[0] - means[1])
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(one.mean() - other.mean()), float(low), float(high)


def _values(runs: Sequence[Judged]) -> dict[str, npt.NDArray[np.float64]]:
    by_case = [run.by_case() for run in runs]
    return {name: np.array([one[name] for one in by_case]) for name in COMPARED}


def _spread(values: Sequence[float]) -> str:
    return f"{mean(values):.3f}" + (f" ± {stdev(values):.3f}" if len(values) > 1 else "")


def _signed(value: float, low: float, high: float) -> str:
    return f"{value:+.3f} ({low:+.3f} to {high:+.3f})"


if __name__ == "__main__":
    main()
