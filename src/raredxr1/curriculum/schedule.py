"""The curriculum: which prompts the next generation batch holds.

Task level: the differential first; when it has climbed all tiers and its accuracy has passed a threshold, or at a share
of the run at the latest, the final diagnosis, with a share of differentials kept. Case level: for each task one tier
after another, from easy to extreme; a share of the batch stays with earlier tiers and fades with their distance, a
small one revisits what was set aside.

Everything is a function of the seed and of what was observed, and processes that observe the same draw the same. A
batch is planned before the one ahead of it has been trained on (data loaders read ahead), so plans are kept with the
state: an interrupted run goes on with the very batches it had planned.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from raredxr1.curriculum.config import CaseLevel, TaskLevel
from raredxr1.curriculum.tiers import TIERS, PassRates
from raredxr1.schemas import Task

ASIDE, UNKNOWN = "aside", "unmeasured"
Plan = list[tuple[int, str]]
"""Prompts of a batch, each with the name of the pool it was drawn from."""


class Curriculum:
    """The state of both levels."""

    def __init__(
        self, tasks: Sequence[Task], cases: CaseLevel, task: TaskLevel, size: int, generations: int, seed: int
    ) -> None:
        """Start from nothing.

        Args:
            tasks: the task of each prompt.
            cases: options of the case level.
            task: options of the task level.
            size: prompts a generation batch; at most as many as there are prompts of a task.
            generations: generation batches of the whole run.
            seed: of all draws.
        """
        self.cases, self.task, self.size, self.generations, self.seed = cases, task, size, generations, seed
        self.prompts: dict[Task, list[int]] = {
            name: [i for i, own in enumerate(tasks) if own == name] for name in ("differential", "final")
        }
        self._tasks = list(tasks)
        self.rates = PassRates(len(tasks), cases)
        self.final = False
        self.level: dict[Task, int] = {"differential": 0, "final": 0}
        self._since: dict[Task, int] = {"differential": 0, "final": 0}
        self._tier_window: dict[Task, list[float]] = {"differential": [], "final": []}
        self._task_window: list[float] = []
        self._plans: dict[int, Plan] = {}
        self._latest: dict[str, float] = {}

    @property
    def active(self) -> tuple[Task, ...]:
        """Tasks that batches may hold now."""
        if not self.task.on:
            return ("differential", "final")
        if not self.final:
            return ("differential",)
        return ("differential", "final") if self.task.keep else ("final",)

    @property
    def main(self) -> Task:
        """The task that most of a batch is about."""
        return "final" if self.final or not self.task.on else "differential"

    @property
    def phase(self) -> tuple[bool, int]:
        """Task and tier of the moment: figures of different phases cannot be compared."""
        return self.final, self.level[self.main]

    # drawing

    def batch(self, number: int) -> list[int]:
        """Prompts of generation batch `number`; asked again, the same."""
        if number not in self._plans:
            self._plans[number] = self._draw(Random(f"{self.seed}/batch/{number}"))
            self._plans.pop(number - 4, None)
        return [prompt for prompt, _ in self._plans[number]]

    def _draw(self, rng: Random) -> Plan:
        plan: Plan = []
        chosen: set[int] = set()
        for _ in range(self.size):
            task = self._draw_task(rng)
            pools = self._pools(task, chosen)
            if not any(pools.values()):
                pools = {UNKNOWN: [p for p in self.prompts[task] if p not in chosen] or self.prompts[task]}
            name = self._draw_pool(task, pools, rng)
            fewest = min(self.rates.standings[p].drawn for p in pools[name])
            prompt = rng.choice([p for p in pools[name] if self.rates.standings[p].drawn == fewest])
            self.rates.standings[prompt].drawn += 1
            chosen.add(prompt)
            plan.append((prompt, name))
        return plan

    def _draw_task(self, rng: Random) -> Task:
        if not self.task.on:
            return rng.choice(("differential", "final"))
        return "final" if self.final and rng.random() >= self.task.keep else "differential"

    def _pools(self, task: Task, chosen: set[int]) -> dict[str, list[int]]:
        if not self.cases.on:
            return {UNKNOWN: [p for p in self.prompts[task] if p not in chosen]}
        tiers, aside, unknown = self.rates.pools(self.prompts[task])
        while self.level[task] < len(TIERS) - 1 and any(tiers) and not any(tiers[: self.level[task] + 1]):
            self._promote(task)  # nothing is that easy: begin with what there is
        tiers, aside, unknown = (
            [[p for p in pool if p not in chosen] for pool in tiers],
            [p for p in aside if p not in chosen],
            [p for p in unknown if p not in chosen],
        )
        top = self.level[task]
        while top < len(TIERS) - 1 and not any(tiers[: top + 1]):
            top += 1  # the batch has used up what is in reach: the next tier lends
        return {**{TIERS[i]: tiers[i] for i in range(top + 1)}, UNKNOWN: unknown, ASIDE: aside}

    def _draw_pool(self, task: Task, pools: Mapping[str, Sequence[int]], rng: Random) -> str:
        level = max([self.level[task], *(i for i, name in enumerate(TIERS) if pools.get(name))])
        weights = {
            TIERS[i]: 1.0 if i == level else self.cases.keep * self.cases.fade ** (level - i - 1)
            for i in range(level + 1)
        }
        kept = sum(weights.values()) - 1.0
        weights[TIERS[level]] = max(1.0 - kept, 0.1)
        weights[ASIDE] = self.cases.revisit
        drawn = {name: weight for name, weight in weights.items() if pools.get(name) and weight > 0}
        if not any(name != ASIDE for name in drawn):
            drawn = {name: 1.0 for name in (UNKNOWN, ASIDE) if pools.get(name)}
            drawn = {UNKNOWN: 1.0} if UNKNOWN in drawn else drawn
        if not drawn:  # revisit is 0 and nothing else is left in reach
            drawn = {name: 1.0 for name, pool in pools.items() if pool}
        return rng.choices(list(drawn), list(drawn.values()))[0]

    # learning of what happened

    def observe(self, number: int, groups: Mapping[int, Sequence[float]]) -> None:
        """Take the accuracy rewards of a batch's completions, by prompt."""
        pools = dict(self._plans.get(number, []))
        by_pool: dict[str, list[float]] = {}
        for prompt, accuracies in groups.items():
            self.rates.observe(prompt, accuracies)
            mean = sum(accuracies) / len(accuracies)
            pool, task = pools.get(prompt, UNKNOWN), self._tasks[prompt]
            by_pool.setdefault(pool, []).append(mean)
            if pool == TIERS[self.level[task]]:
                self._tier_window[task] = [*self._tier_window[task], mean][-self.cases.window :]
            # figures of the easy tier alone would end the differential within a few batches
            if task == "differential" and (not self.cases.on or self.level[task] == len(TIERS) - 1):
                self._task_window = [*self._task_window, mean][-self.task.window :]
        self._latest = {f"tier_mix/{name}": len(means) / len(groups) for name, means in by_pool.items()}
        self._latest |= {f"pass_rate/{name}": sum(means) / len(means) for name, means in by_pool.items()}
        self._advance(number)

    def _advance(self, number: int) -> None:
        for task in self.active:
            self._since[task] += 1
            window = self._tier_window[task]
            passed = len(window) == self.cases.window and sum(window) / len(window) >= self.cases.promote
            due = passed or self._since[task] >= self.cases.longest
            if self.cases.on and due and self.level[task] < len(TIERS) - 1:
                self._promote(task)
        window = self._task_window
        passed = len(window) == self.task.window and sum(window) / len(window) >= self.task.promote
        if self.task.on and (passed or number + 1 >= self.task.latest * self.generations):
            self.final = True

    def _promote(self, task: Task) -> None:
        self.level[task] += 1
        self._since[task], self._tier_window[task] = 0, []

    # measuring

    def due(self, generation: int) -> list[int]:
        """Prompts whose pass rate is to be measured before generation batch `generation` is trained on."""
        if not self.cases.on:
            return []
        return self.rates.due([prompt for task in self.active for prompt in self.prompts[task]], generation)

    def measured(self, groups: Mapping[int, Sequence[float]], generation: int) -> None:
        """Take measurements: accuracy rewards of the samples of each prompt."""
        for prompt, accuracies in groups.items():
            self.rates.measure(prompt, accuracies, generation)

    # telling and keeping

    def metrics(self) -> dict[str, float]:
        """Where the curriculum stands, and what the last batch held."""
        tiers, aside, unknown = self.rates.pools(self.prompts[self.main])
        sizes = {f"pool/{name}": float(len(pool)) for name, pool in zip(TIERS, tiers, strict=True)}
        sizes |= {f"pool/{ASIDE}": float(len(aside)), f"pool/{UNKNOWN}": float(len(unknown))}
        stands = {"curriculum/final": float(self.final), "curriculum/level": float(self.level[self.main])}
        return stands | sizes | self._latest

    def state(self) -> dict[str, Any]:
        """Everything that was learned and planned, as JSON."""
        return {
            "rates": self.rates.state(),
            "final": self.final,
            "level": self.level,
            "since": self._since,
            "tier_window": self._tier_window,
            "task_window": self._task_window,
            "plans": [[number, plan] for number, plan in self._plans.items()],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take back what `state` gave."""
        self.rates.restore(state["rates"])
        self.final, self.level, self._since = state["final"], dict(state["level"]), dict(state["since"])
        self._tier_window = {task: list(window) for task, window in state["tier_window"].items()}
        self._task_window = list(state["task_window"])
        self._plans = {number: [(prompt, name) for prompt, name in plan] for number, plan in state["plans"]}
