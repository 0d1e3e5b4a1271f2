"""Does the curriculum help? The comparison of curriculum_arms.py at tiny size, from nothing to the table.

    python benchmarks/curriculum.py --runs FOLDER [--seeds N] [--cases N] [--arms none,case,task,both] [settings ...]

Makes the start by recipes/tiny/internalize.yaml, stopped early (see START), trains every arm with every seed by
recipes/tiny/rl.yaml, judges all on the same held-out synthetic patients, and writes benchmarks/results/curriculum.md.
Runs that are complete are only read, interrupted ones go on. Settings (key=value) override those of rl.yaml.
"""

import argparse
import json
import os
import platform
from pathlib import Path

from curriculum_arms import ARMS, compare

from raredxr1.curriculum.config import RLConfig
from raredxr1.internalize.config import InternalizeConfig
from raredxr1.internalize.train import internalize
from raredxr1.recipe import read_config

RECIPES = Path(__file__).parents[1] / "recipes" / "tiny"
OUT = Path(__file__).parent / "results" / "curriculum.md"
START = [
    "new_model={vocabulary: 2000, hidden: 64, layers: 2, heads: 2, kv_heads: 2, feed_forward: 192, context: 1024}",
    "phases=[{until: 1.0, mixture: {final: 0.70, differential: 0.25, full: 0, profile: 0.05}}]",
    "tokens=500000",
    "plain_share=1.0",
    "short_names=3",
]
"""Settings of stage 1 that differ from the recipe: a smaller model that has read hardly anything but notes in the plain
style, so that there is something left to learn from practice, and a run takes ten to twenty minutes of one core."""
ARM = [
    "synthetic={count: 2000, seed: 71, plain_share: 1.0}",
    "steps=60",
    "prompts=64",
    "group=8",
    "micro_batch=128",
    "prompt_tokens=160",
    "completion_tokens=48",
    "learning_rate=4.0e-4",
    "case_level={samples: 8, window: 64, longest: 5, revisit: 0.2, remeasure_every: 20, remeasure_prompts: 300}",
    "task_level={window: 128, latest: 0.5, keep: 0.25}",
]
"""Settings of stage 3 that differ from the recipe: many fresh cases a step and over the run, because on few the
development figures fell (docs/log.md)."""
DEVELOPMENT_SEED = 72


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cases", type=int, default=600)
    parser.add_argument("--arms", default=",".join(ARMS))
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("settings", nargs="*")
    options = parser.parse_args()
    start = options.runs / "start"
    internalize(read_config(InternalizeConfig, RECIPES / "internalize.yaml", [f"out={start}", *START]), quiet=True)
    settings = [f"out={options.runs / 'unused'}", f"start={start}", *ARM, *options.settings]
    config = read_config(RLConfig, RECIPES / "rl.yaml", settings)
    assert config.synthetic is not None, "the tiny recipe trains on synthetic patients"
    development = config.synthetic.model_copy(update={"count": options.cases, "seed": DEVELOPMENT_SEED})
    seeds = list(range(1, options.seeds + 1))
    written = compare(config, options.runs, seeds, development, options.arms.split(","), quiet=True)
    options.out.write_text(report(config, written, options.runs, [*ARM, *options.settings]), encoding="utf-8")
    print(options.out)


def report(config: RLConfig, table: Path, runs: Path, settings: list[str]) -> str:
    """The table, and how it was made."""
    folders = [path.parent for path in runs.glob("*-*/manifest.json")]
    seconds = [json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["seconds"] for folder in folders]
    return "\n".join([
        "# Curriculum at tiny size: none, tiers, order of tasks, both",
        "",
        "Made by `benchmarks/curriculum.py`; what the arms are stands in `benchmarks/curriculum_arms.py`.",
        f"Start: `recipes/tiny/internalize.yaml` with `{' '.join(START)}`.",
        f"Arms: `recipes/tiny/rl.yaml` with `{' '.join(settings)}`:",
        f"{config.steps} steps of {config.prompts} prompts with {config.group} completions, the same for all; what",
        "tiers cost to measure comes on top. Development cases are drawn with another seed, of the same diseases.",
        f"Machine: {platform.processor() or platform.machine()}, {os.cpu_count()} cores, shared;"
        f" {min(seconds):.0f} to {max(seconds):.0f} s a run.",
        "",
        table.read_text(encoding="utf-8"),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
