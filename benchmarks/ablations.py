"""Ablations of stage 1 at equal token budgets, small enough for one CPU core: what each choice of the mixture is worth.

    python benchmarks/ablations.py --runs work/ablations [--arms base "one wording"] [--seeds 1 2] [--tokens 400000]

Every arm is the same small model from scratch, the same diseases and as many tokens; only what its line in ARMS says is
different. Judged closed book by the probes of stage 1, on patients and wordings that no arm trains on. A finished run
is only read, an interrupted one goes on. Writes benchmarks/results/ablations.md with n, seeds and intervals.
"""

import argparse
import json
import platform
from pathlib import Path
from typing import Any

import numpy as np

from raredxr1 import dialogue
from raredxr1.evaluate.metrics_schema import Figure
from raredxr1.evaluate.resampling import Resamples
from raredxr1.export.base import load_model
from raredxr1.internalize.config import InternalizeConfig, Probes
from raredxr1.internalize.corpus import taught_diseases
from raredxr1.internalize.probes.asking import Prober
from raredxr1.internalize.probes.judging import Judge
from raredxr1.internalize.probes.writing import asking, write
from raredxr1.internalize.train import internalize
from raredxr1.knowledge import load
from raredxr1.runstore import write_json

BASE = {"final": 0.66, "differential": 0.04, "full": 0.1, "profile": 0.1, "reverse": 0.04, "contrast": 0.06}
NOTHING = dict.fromkeys(("final", "differential", "full", "profile", "reverse", "contrast"), 0.0)
ARMS: dict[str, tuple[str, dict[str, Any]]] = {
    "base": ("many wordings, both directions, 10% full turns, every disease alike, all kinds from the start", {}),
    "one wording": ("every note in the one plain style, findings by their label", {"plain_share": 1.0}),
    "forward only": (
        "notes to names alone: no profile, reverse or contrast",
        {"mixture": NOTHING | {"final": 0.85, "differential": 0.05, "full": 0.1}},
    ),
    "more facts": (
        "almost half of the examples are facts: profiles, riddles, look-alikes",
        {"mixture": BASE | {"final": 0.4, "profile": 0.3, "reverse": 0.08, "contrast": 0.08}},
    ),
    "short only": ("no full turns; their share goes to single names", {"mixture": BASE | {"final": 0.76, "full": 0.0}}),
    "more full": ("three times the full turns", {"mixture": BASE | {"final": 0.46, "full": 0.3}}),
    "by articles": ("a disease comes up in proportion to the articles it is published in", {"exposure": 1.0}),
    "staged": (
        "facts and short turns first, full turns only in the second half (the same share of all examples)",
        {"phases": [(0.5, BASE | {"final": 0.76, "full": 0.0}), (1.0, BASE | {"final": 0.56, "full": 0.2})]},
    ),
}
MODEL = {
    "vocabulary": 2500,
    "hidden": 128,
    "layers": 2,
    "heads": 4,
    "kv_heads": 4,
    "feed_forward": 384,
    "context": 1024,
}
PLAIN_SHARE = 0.35
PROBE_SEED = 20261123
COLUMNS = {
    "new_top1": "new words, top-1",
    "new_mrr": "MRR",
    "familiar_top1": "training's words, top-1",
    "familiar_mrr": "MRR",
    "by_articles_top1": "new words, by articles, top-1",
    "profile_precision": "profile precision",
    "profile_recall": "recall",
    "choice_accuracy": "which of two",
    "full_top1": "full form, top-1",
}
OUT = Path(__file__).parent / "results" / "ablations.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--arms", nargs="*", choices=list(ARMS), default=list(ARMS))
    parser.add_argument("--seeds", nargs="*", type=int, default=[1, 2])
    parser.add_argument("--tokens", type=int, default=400_000)
    parser.add_argument("--diseases", type=int, default=16)
    parser.add_argument("--notes", type=int, default=96, help="held-out notes of each kind; profiles and pairs too")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    for seed in options.seeds:
        for arm in options.arms:
            run(arm, seed, options)
            options.out.write_text(table(options), encoding="utf-8")
    options.out.write_text(table(options), encoding="utf-8")
    print(options.out)


def config(arm: str, seed: int, options: argparse.Namespace) -> InternalizeConfig:
    """The recipe of an arm."""
    changes = dict(ARMS[arm][1])
    phases = changes.pop("phases", [(1.0, changes.pop("mixture", BASE))])
    return InternalizeConfig.model_validate(
        {
            "out": folder(arm, seed, options),
            "seed": seed,
            "new_model": MODEL,
            "diseases": options.diseases,
            "phases": [{"until": until, "mixture": mixture} for until, mixture in phases],
            "plain_share": PLAIN_SHARE,
            "held_out": {},
            "hypotheses": 2,
            "full_names": 5,
            "tokens": options.tokens,
            "row_tokens": 512,
            "rows": 4,
            "optimizer": "muon",
            "learning_rate": 6e-3,
            "matrix_learning_rate": 6e-3,
            "decay": 0.3,
            "save_minutes": 1,
            **changes,
        }
    )


def folder(arm: str, seed: int, options: argparse.Namespace) -> Path:
    return Path(options.runs) / f"{arm.replace(' ', '-')}-{options.diseases}-{options.tokens}-{seed}"


def run(arm: str, seed: int, options: argparse.Namespace) -> None:
    """Train an arm and write its answers to answers.json, where that is not there yet."""
    recipe = config(arm, seed, options)
    checkpoint = internalize(recipe, quiet=True)
    path = recipe.out / "answers.json"
    if path.is_file():
        return
    kb = load()
    model, tokenizer = load_model(str(checkpoint))
    alike = recipe.model_copy(update={"plain_share": PLAIN_SHARE})  # the same questions for every arm
    prober = Prober(alike, Probes(n=options.notes, seed=PROBE_SEED), kb, taught_diseases(kb, recipe.diseases))
    found = prober.answers(model, tokenizer)
    judge, asked = Judge(kb), prober.questions.familiar
    with asking(model, bf16=False):
        prompts = [dialogue.render_prompt(question.note, "full") for question in asked]
        turns = write(model, tokenizer, prompts, 400, batch=64)
    found["full_top1"] = [
        float(judge.rank(turn, question.note, question.disease, "full") == 1)
        for question, turn in zip(asked, turns, strict=True)
    ]
    found["articles"] = [1.0 + kb.publications(question.disease) for question in prober.questions.new]
    write_json(path, found)
    print(f"{arm}, seed {seed}: " + ", ".join(f"{name} {np.mean(v):.3f}" for name, v in found.items()), flush=True)


def table(options: argparse.Namespace) -> str:
    """What was found, an arm a line: means over seeds and notes, with intervals over both."""
    lines = [
        "# Ablations of stage 1",
        "",
        f"`python benchmarks/ablations.py --tokens {options.tokens} --diseases {options.diseases}`; {options.diseases} "
        f"diseases, {options.tokens:,} tokens an arm, a Llama of {MODEL['layers']} x {MODEL['hidden']}, "
        f"{platform.machine()} CPU. Closed-book probes on {options.notes} held-out patients, in wordings no arm trains "
        "on and in training's own; in brackets the 95% bootstrap interval over the questions of all seeds. Chance: "
        f"top-1 {1 / options.diseases:.0%}, which of two 50%. The luck of a training "
        "run, which only more seeds would show, is not in the intervals, nor that questions share diseases.",
        "",
        "| arm | seeds | " + " | ".join(COLUMNS.values()) + " |",
        "|---|---|" + "---|" * len(COLUMNS),
    ]
    said = []
    for arm, (about, _) in ARMS.items():
        paths = [folder(arm, seed, options) / "answers.json" for seed in options.seeds]
        found = [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.is_file()]
        if found:
            cells = [_cell(figure(found, name)) for name in COLUMNS]
            lines.append(f"| {arm} | {len(found)} | " + " | ".join(cells) + " |")
            said.append(f"- *{arm}*: {about}.")
    differences = _differences(options)
    return "\n".join([*lines, "", *said, "", *differences, ""])


def figure(found: list[dict[str, list[float]]], name: str) -> Figure | None:
    """Mean over the questions of all seeds, weighted by articles where the name says so."""
    if name == "by_articles_top1":
        weights = [w for one in found for w in one["articles"]]
        hits = [w * hit for one in found for w, hit in zip(one["articles"], one["new_top1"], strict=True)]
        return Resamples({"hits": hits, "weights": weights}, 0).ratio("hits", "weights")
    return Resamples({name: [v for one in found for v in one[name]]}, 0).mean(name)


def _cell(found: Figure | None) -> str:
    return "" if found is None else f"{found.value:.1%} ({found.ci95[0]:.0%} to {found.ci95[1]:.0%})"


def _differences(options: argparse.Namespace) -> list[str]:
    """Each arm against base, question by question: mean difference with its interval."""
    lines = ["Against *base*, the same questions, percentage points (95% interval of the paired bootstrap):", ""]
    names = ("new_top1", "new_mrr", "familiar_top1", "profile_recall", "choice_accuracy", "full_top1")
    lines += ["| arm | " + " | ".join(f"{COLUMNS[n] if n != 'new_mrr' else 'new words, MRR'}" for n in names) + " |"]
    lines += ["|---|" + "---|" * len(names)]
    for arm in ARMS:
        pairs = []
        for seed in options.seeds:
            paths = [folder(a, seed, options) / "answers.json" for a in (arm, "base")]
            if arm != "base" and all(path.is_file() for path in paths):
                pairs.append([json.loads(path.read_text(encoding="utf-8")) for path in paths])
        if not pairs:
            continue
        cells = []
        for name in names:
            gaps = [a - b for ours, base in pairs for a, b in zip(ours[name], base[name], strict=True)]
            gap = Resamples({name: gaps}, 0).mean(name)
            cells.append(f"{100 * gap.value:+.1f} ({100 * gap.ci95[0]:+.0f} to {100 * gap.ci95[1]:+.0f})")
        lines.append(f"| {arm} | " + " | ".join(cells) + " |")
    return lines


if __name__ == "__main__":
    main()
