"""What stage 3 (DCRL) is worth for the model that ships: rewards over evidence, with tiers of cases and without.

    python benchmarks/weighing_rl.py work/rl --words RANKER --learn CASES[,split=train][,limit=N] ...
        --judge CASES[,split=dev][,limit=N] ... --arm none|case|report [--steps N] [--out FILE.md]

The shipped weights are opened for training. A step samples a group of raw turns behind each of a few prompts, with the
weights as they are (so every update is on-policy), rewards them, and follows the gradient once: GRPO
with the token-level loss of DAPO; a group is one row, its prompt read once. The reward is what the stage has
elsewhere: one over the rank of the right disease (`accuracy`, by which the curriculum goes), and whether the turn is
sound. Arm `case` draws by the case level of `curriculum.schedule` (tiers by pass rates of the start, measured once;
their cost is told apart), `none` uniformly. The task level has no place here: a turn over evidence is one task.

Each step is kept; a run that was killed goes on at the last. `report` judges what is there by raw greedy turns.
"""

import argparse
import json
import platform
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from stages import GREEDY, START, Work, common_arguments, compared, situations, weighed
from turn_groups import group_loss, sample
from weighing_attempts import Situation, WeighedAttempt, faults, plain

from raredxr1.curriculum.config import CaseLevel, TaskLevel
from raredxr1.curriculum.schedule import Curriculum
from raredxr1.diagnose.model import SHIPPED
from raredxr1.diagnose.opening import open_engine
from raredxr1.dialogue import TURN_END
from raredxr1.export import convert, to_checkpoint, unbundle
from raredxr1.export.base import load_model
from raredxr1.reflect.turns import freeze
from raredxr1.runstore import append_jsonl, write_json, write_text

SOUND = 0.5
"""What a sound turn earns beside its accuracy of 0 to 1."""
TEMPERATURE = 0.7
"""At 1 one turn in forty is sound, and there is hardly anything to learn from."""
LEVEL = CaseLevel(samples=4, window=8, longest=3, promote=0.7, flat_groups=2, revisit=0.05, remeasure_every=1000)
AT_ONCE = 10
"""Prompts behind which turns are sampled at once to measure pass rates."""
STATE, METRICS, RATES = "state.pt", "metrics.jsonl", "rates.json"


def reward(case: Situation, text: str) -> tuple[float, float]:
    """Accuracy, one over the rank of the right disease in the answer; and the whole reward."""
    sound = not any(one.filter == "claims" for one in faults(case, text))
    names = case.answered(text)
    rank = next((i for i, name in enumerate(names, 1) if name in case.right), None)
    accuracy = 1 / rank if rank else 0.0
    return accuracy, accuracy + SOUND * sound


class Run:
    """One arm: weights, optimizer, curriculum, and where it stands."""

    def __init__(self, folder: Path, base: Path, learn: Sequence[Situation], asked: argparse.Namespace) -> None:
        """Open the start, or the last step that was kept."""
        self.folder, self.learn, self.asked = folder, learn, asked
        self.model, self.tokenizer = load_model(str(base))
        freeze(self.model, asked.frozen)
        self.model.train()
        learned = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(learned, lr=asked.rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
        level = LEVEL.model_copy(update={"on": asked.arm == "case"})
        task = TaskLevel(on=True, latest=1.0, promote=1.0, window=100_000)  # whole turns throughout
        self.curriculum = Curriculum(
            ["differential"] * len(learn), level, task, asked.prompts, asked.steps + 1, asked.seed
        )
        self.step, self.spent = 0, {"tokens": 0, "trained": 0, "seconds": 0.0}
        if (folder / STATE).is_file():
            state = torch.load(folder / STATE, weights_only=False)
            self.model.load_state_dict(state["model"], strict=False)
            self.optimizer.load_state_dict(state["optimizer"])
            self.curriculum.restore(state["curriculum"])
            self.step, self.spent = state["step"], state["spent"]

    def served(self) -> Path:
        """The weights as they are, in the form that is sampled from."""
        checkpoint, served = self.folder / "checkpoint", self.folder / "served"
        self.model.save_pretrained(str(checkpoint))
        self.tokenizer.save_pretrained(str(checkpoint))
        shutil.rmtree(served, ignore_errors=True)
        convert(checkpoint, served, "float32", ("short", "full"), "evidence")
        return served

    def ids(self, text: str) -> list[int]:
        """Tokens of a text."""
        return list(self.tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids)

    def text(self, turn: Sequence[int]) -> str:
        """A turn in words."""
        return str(self.tokenizer.backend_tokenizer.decode(list(turn), skip_special_tokens=False))

    def sampled(self, cases: Sequence[Situation], samples: int, seed: int) -> list[list[list[int]]]:
        """Tokens of turns behind the prompts of cases, by the weights as they are."""
        self.model.eval()
        end = self.tokenizer.backend_tokenizer.token_to_id(TURN_END)
        written = sample(self.model, [self.ids(case.prompt) for case in cases], samples, end, seed, TEMPERATURE)
        self.model.train()
        return written

    def train(self) -> None:
        """Take the steps that are left; each is kept."""
        while self.step < self.asked.steps:
            began = time.process_time()
            chosen = self.curriculum.batch(self.step)
            cases = [self.learn[i] for i in chosen]
            written = self.sampled(cases, self.asked.group, 10_000 * self.asked.seed + self.step)
            rewards = [
                [reward(case, self.text(turn)) for turn in turns] for case, turns in zip(cases, written, strict=True)
            ]
            self._update(cases, written, [[whole for _, whole in group] for group in rewards])
            accuracies = [[accuracy for accuracy, _ in group] for group in rewards]
            self.curriculum.observe(self.step, dict(zip(chosen, accuracies, strict=True)))
            self.step += 1
            self.spent["seconds"] += time.process_time() - began
            self._keep(rewards)

    def _update(
        self, cases: Sequence[Situation], written: Sequence[list[list[int]]], rewards: Sequence[Sequence[float]]
    ) -> None:
        groups = [(self.ids(case.prompt), turns) for case, turns in zip(cases, written, strict=True)]
        self.spent["tokens"] += sum(len(prompt) + sum(map(len, turns)) for prompt, turns in groups)
        centred = [[value - sum(group) / len(group) for value in group] for group in rewards]
        flat = torch.tensor([value for group in centred for value in group])
        scale = float(flat.pow(2).mean().sqrt()) + 1e-4
        total = sum(len(turn) for _, turns in groups for turn in turns)
        self.norm = 0.0
        for (prompt, turns), advantages in zip(groups, centred, strict=True):
            if any(advantages):
                self.spent["trained"] += len(prompt) + sum(map(len, turns))
                (group_loss(self.model, prompt, turns, [a / scale for a in advantages], TEMPERATURE) / total).backward()
        learned = [p for p in self.model.parameters() if p.requires_grad]
        self.norm = float(torch.nn.utils.clip_grad_norm_(learned, 1.0))
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)

    def _keep(self, rewards: Sequence[Sequence[tuple[float, float]]]) -> None:
        every = [one for group in rewards for one in group]
        flat = sum(len({whole for _, whole in group}) == 1 for group in rewards)
        line: dict[str, Any] = {"step": self.step, "accuracy": sum(a for a, _ in every) / len(every)}
        line |= {"sound": sum((whole - a) / SOUND for a, whole in every) / len(every), "flat_groups": flat}
        line |= {"gradient": self.norm, **self.spent, **self.curriculum.metrics()}
        line = {key: round(value, 4) for key, value in line.items()}
        append_jsonl(self.folder / METRICS, [line])
        print(json.dumps(line), flush=True)
        state = {"step": self.step, "spent": self.spent, "curriculum": self.curriculum.state()}
        state |= {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        torch.save(state, self.folder / "writing.pt")
        (self.folder / "writing.pt").replace(self.folder / STATE)


def drawn(asked: argparse.Namespace) -> list[Situation]:
    """Situations to learn from: those that are not too long, in half of them another disease first by the fusion."""
    read = situations(asked.learn, asked.words)
    return weighed([case for case in read if len(case.prompt) <= asked.longest], asked.most)


def measured(work: Work, run: Run) -> list[list[float]]:
    """Accuracies of a few turns of the start behind each prompt; measured once, a few prompts at a time."""
    path = work.folder / RATES
    found: dict[str, list[float]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    left = sorted((case for case in run.learn if case.case_id not in found), key=lambda case: len(case.prompt))
    for start in range(0, len(left), AT_ONCE):
        part = left[start : start + AT_ONCE]
        written = work.timed("rates", lambda p=part, s=start: run.sampled(p, LEVEL.samples, 77 + s))
        for case, turns in zip(part, written, strict=True):
            found[case.case_id] = [reward(case, run.text(turn))[0] for turn in turns]
        write_json(path, found)
    return [found[case.case_id] for case in run.learn]


def main() -> None:
    """Take the steps of an arm, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    common_arguments(parser)
    parser.add_argument("--arm", choices=("none", "case", "report"), required=True)
    parser.add_argument("--most", type=int, default=60, help="situations to learn from")
    parser.add_argument("--longest", type=int, default=2000, help="letters of a prompt that is learned from")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--prompts", type=int, default=6, help="groups of a step")
    parser.add_argument("--group", type=int, default=6, help="turns of a group")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1e-4)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    work = Work(asked.work)
    learn = work.step("learn", Situation, lambda: drawn(asked))
    base = asked.work / "base"
    if not base.is_dir():
        to_checkpoint(unbundle(SHIPPED), base)
    if asked.arm == "report":
        judge(work, asked)
        return
    folder = asked.work / asked.arm
    folder.mkdir(exist_ok=True)
    run = Run(folder, base, learn, asked)
    if asked.arm == "case" and run.step == 0:
        run.curriculum.measured(dict(enumerate(measured(work, run))), 0)
    run.train()
    run.served()


def judge(work: Work, asked: argparse.Namespace) -> None:
    """Raw greedy turns of the start and of each arm over the judged cases, and the differences, paired."""
    judged = work.step("judge", Situation, lambda: situations(asked.judge, None))
    places = {START: unbundle(SHIPPED)} | {arm: asked.work / arm / "served" for arm in ("none", "case")}
    answers: dict[str, list[WeighedAttempt]] = {}
    lines = []
    for arm, place in places.items():
        if place.is_dir():
            answers[arm] = work.attempted(f"answers-{arm}", open_engine(place, asked.threads), GREEDY, plain(judged))
        if (metrics := asked.work / arm / METRICS).is_file():
            lines.append(f"{arm}: {metrics.read_text(encoding='utf-8').splitlines()[-1]}")
    lines += ["", *compared(judged, answers), "", f"Machine: {platform.machine()}. Processor seconds: {work.costs()}"]
    print("\n".join(lines))
    if asked.out:
        write_text(asked.out, "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
