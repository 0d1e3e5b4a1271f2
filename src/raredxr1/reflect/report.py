"""What came of a run: who was solved when, what each filter turned away, what it cost. Tables, plots and numbers.

`solved` means an accepted turn, not merely a right name; both are counted. Shares carry 95 % bootstrap intervals over
cases. Tokens are those read and written; the yield is accepted turns a 1,000 of them.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import Field

from raredxr1.errors import writing
from raredxr1.evaluate.metrics_schema import Figure
from raredxr1.evaluate.resampling import Resamples
from raredxr1.reflect.acceptance import FILTERS
from raredxr1.reflect.attempt_log import Attempt
from raredxr1.reflect.config import ReflectConfig
from raredxr1.reflect.context import Context
from raredxr1.reflect.planning import History
from raredxr1.reflect.sft_rows import TIERS, Accepted, tier_of
from raredxr1.runstore import write_json
from raredxr1.schemas import Strict

ADVICE = {"first": "first name of the first", "named": "named elsewhere", "none": "not named"}
REPORT, NUMBERS, PLOTS = "report.md", "report.json", "report.png"


class Spent(Strict):
    """Turns of one kind and what they took."""

    turns: int
    accepted: int
    right: int = Field(description="right diagnosis, whatever else is wrong")
    generated: int = Field(description="tokens")
    read: int = Field(description="tokens of prompts")
    yield_per_1000: float = Field(description="accepted turns a 1,000 tokens, read and generated")
    failed: dict[str, int] = Field(description="turns that never came, by status")


class Summary(Strict):
    """report.json."""

    teacher: str
    method: str
    cases: int
    unusable: int = Field(description="rows that could not be used, see unusable.jsonl")
    solved_at: dict[str, int] = Field(description="cases by where their first accepted turn was: 0, 1, ..., never")
    right_at: dict[str, int] = Field(description="cases by where the diagnosis was first right, accepted or not")
    solved_first: Figure
    solved: Figure
    repaired: Figure | None = Field(description="of the cases not solved at first, share solved later; null: none left")
    kinds: dict[str, Spent]
    rejections: dict[str, dict[str, int]] = Field(description="kind -> filter -> turns it turned away")
    tiers: dict[str, dict[str, int]] = Field(description="tier -> cases, solved")
    diseases: int
    diseases_covered: int
    examples: int
    thoughts: int = Field(description="examples that keep the turn of thought")
    advice: dict[str, dict[str, int]] = Field(
        description="where the opinions shown held the right disease -> reflections, right diagnoses written"
    )
    copied: Figure | None = Field(
        description="of the cases not solved at first, share where the first opinion of some reflection began with the "
        "right disease: what copying it would have repaired"
    )
    speed: dict[str, float]

    def counts(self) -> dict[str, float]:
        """What goes into the manifest."""
        return {
            "cases": self.cases,
            "unusable": self.unusable,
            "solved": sum(n for at, n in self.solved_at.items() if at != "never"),
            "examples": self.examples,
            "diseases_covered": self.diseases_covered,
            "turns": sum(kind.turns for kind in self.kinds.values()),
            "tokens": sum(kind.generated + kind.read for kind in self.kinds.values()),
            **self.speed,
        }


def summarise(
    config: ReflectConfig,
    bench: Context,
    past: History,
    accepted: Sequence[Accepted],
    unusable: Mapping[str, str],
    speed: dict[str, float],
) -> Summary:
    """Count."""
    solved = {case_id: _first(past.get(case_id, ()), accepted=True) for case_id in bench.items}
    right = {case_id: _first(past.get(case_id, ()), accepted=False) for case_id in bench.items}
    at_first = [float(round_ == 0) for round_ in solved.values()]
    later = [float(round_ is not None and round_ > 0) for round_ in solved.values()]
    draw = Resamples(
        {
            "first": at_first,
            "any": [a + b for a, b in zip(at_first, later, strict=True)],
            "later": later,
            "left": [1 - a for a in at_first],
            "copied": [
                float(a == 0 and any(row.advice == "first" for row in past.get(case_id, ())))
                for case_id, a in zip(bench.items, at_first, strict=True)
            ],
        },
        config.seed,
    )
    rows = [row for case_id in bench.items for row in past.get(case_id, ())]
    tiers: dict[str, dict[str, int]] = {tier: {"cases": 0, "solved": 0} for tier in TIERS}
    for case_id in bench.items:
        tier = tiers[tier_of([row for row in past.get(case_id, ()) if row.round == 0])]
        tier["cases"] += 1
        tier["solved"] += solved[case_id] is not None
    return Summary(
        teacher=config.teacher,
        method=config.method,
        cases=len(bench.items),
        unusable=len(unusable),
        solved_at=_places(solved),
        right_at=_places(right),
        solved_first=draw.mean("first"),
        solved=draw.mean("any"),
        repaired=draw.ratio("later", "left"),
        kinds={kind: _spent([row for row in rows if row.kind == kind]) for kind in sorted({r.kind for r in rows})},
        rejections=_rejections(rows),
        tiers=tiers,
        diseases=len({bench.disease(case_id) for case_id in bench.items}),
        diseases_covered=len({row.disease for row in accepted}),
        examples=len(accepted),
        thoughts=sum(row.thought for row in accepted),
        advice=_advice(rows),
        copied=draw.ratio("copied", "left") if any(row.advice for row in rows) else None,
        speed=speed,
    )


def write_report(out: Path, summary: Summary, past: History) -> None:
    """Write report.json, report.md and, where matplotlib is installed, report.png.

    Raises:
        InputError: they cannot be written.
    """
    with writing(out):
        write_json(out / NUMBERS, json.loads(summary.model_dump_json()))
        drawn = draw_plots(out / PLOTS, summary, past)
        (out / REPORT).write_text("\n".join(report_lines(summary, drawn)) + "\n", encoding="utf-8")


def report_lines(summary: Summary, drawn: bool = False) -> list[str]:
    """The report as Markdown."""
    s = summary
    lines = [
        f"# {'Reflection' if s.method == 'reflect' else 'Resampling'}: {s.teacher}",
        "",
        f"{s.cases} cases of {s.diseases} diseases"
        + (f"; {s.unusable} more rows could not be used (unusable.jsonl)" if s.unusable else ""),
        "",
        f"- solved at first: {percent(s.solved_first)}",
        f"- solved in all: {percent(s.solved)}",
        f"- of those not solved at first, solved later: {percent(s.repaired)}",
        f"- examples: {s.examples} ({s.thoughts} keep the turn of thought), of {s.diseases_covered} diseases",
    ]
    if s.speed:
        lines.append(
            f"- {s.speed['rollouts_per_second']:g} rollouts/s, {s.speed['tokens_per_second']:g} generated tokens/s"
        )
    lines += ["", "| first at round | accepted | right diagnosis |", "|---|---|---|"]
    places = list(dict.fromkeys([*s.solved_at, *s.right_at]))
    places.sort(key=lambda place: (place == "never", int(place) if place.isdigit() else 0))
    lines += [f"| {place} | {s.solved_at.get(place, 0)} | {s.right_at.get(place, 0)} |" for place in places]
    lines += ["", "| turns | sampled | right | accepted | tokens generated | tokens read | accepted per 1,000 tokens |"]
    lines.append("|---|---|---|---|---|---|---|")
    lines += [
        f"| {name} | {k.turns} | {k.right} | {k.accepted} | {k.generated} | {k.read} | {k.yield_per_1000:.2f} |"
        for name, k in s.kinds.items()
    ]
    kinds = list(s.kinds)
    lines += ["", f"| turned away by | {' | '.join(kinds)} |", "|---" * (len(kinds) + 1) + "|"]
    for name in FILTERS:
        cells = " | ".join(str(s.rejections.get(kind, {}).get(name, 0)) for kind in kinds)
        lines.append(f"| {name} | {cells} |")
    lines += ["", "A turn can be turned away by several filters.", "", "| tier | cases | solved |", "|---|---|---|"]
    lines += [f"| {tier} | {counts['cases']} | {counts['solved']} |" for tier, counts in s.tiers.items()]
    if s.advice:
        lines += [
            "",
            "| right disease in the opinions shown | reflections | right diagnosis written |",
            "|---|---|---|",
        ]
        lines += [f"| {ADVICE[at]} | {counts['turns']} | {counts['right']} |" for at, counts in s.advice.items()]
        lines += ["", f"Copying the first opinion would have repaired {percent(s.copied)}."]
    lines += ["", f"![plots]({PLOTS})" if drawn else "No plots: matplotlib is not installed."]
    return lines


def draw_plots(path: Path, summary: Summary, past: History) -> bool:
    """Draw what was solved when, what was turned away, and solved cases by tokens spent; False without matplotlib."""
    try:
        from matplotlib.figure import Figure as Canvas
    except ModuleNotFoundError:
        return False
    canvas = Canvas(figsize=(13, 4), layout="constrained")
    when, why, cost = canvas.subplots(1, 3)
    when.bar(list(summary.solved_at), list(summary.solved_at.values()), color="#1f5fa8")
    when.set(title="Cases by round of their first accepted turn", xlabel="round", ylabel="cases")
    bottom = [0] * len(FILTERS)
    for kind, counts in summary.rejections.items():
        values = [counts.get(name, 0) for name in FILTERS]
        why.barh(list(FILTERS), values, left=bottom, label=kind)
        bottom = [a + b for a, b in zip(bottom, values, strict=True)]
    why.set(title="Turned away by", xlabel="turns")
    if summary.rejections:
        why.legend()
    curve = solved_by_cost(past)
    cost.step([spent / 1000 for spent, _ in curve], [n for _, n in curve], where="post", color="#b3541e")
    cost.set(title="Solved cases by cost", xlabel="1,000 tokens, read and generated", ylabel="cases")
    canvas.savefig(path, dpi=110)
    return True


def solved_by_cost(past: History) -> list[tuple[int, int]]:
    """Solved cases after so many tokens, round by round: (tokens, cases), rising."""
    rows = sorted((row for rows in past.values() for row in rows), key=lambda row: row.round)
    curve, spent, solved = [(0, 0)], 0, set[str]()
    for row in rows:
        spent += row.cost
        if row.accepted and row.case_id not in solved:
            solved.add(row.case_id)
            curve.append((spent, len(solved)))
    return [*curve, (spent, len(solved))]


def percent(figure: Figure | None) -> str:
    """A share with its interval."""
    if figure is None:
        return "-"
    low, high = figure.ci95
    return f"{100 * figure.value:.1f} % ({100 * low:.1f} to {100 * high:.1f}, n = {figure.n})"


def _first(rows: Sequence[Attempt], accepted: bool) -> int | None:
    """Round of the first accepted (or merely right) turn."""
    return min((row.round for row in rows if (row.accepted if accepted else row.right)), default=None)


def _places(first: Mapping[str, int | None]) -> dict[str, int]:
    counted = Counter("never" if round_ is None else str(round_) for round_ in first.values())
    return dict(sorted(counted.items(), key=lambda item: (item[0] == "never", item[0].zfill(4))))


def _spent(rows: Sequence[Attempt]) -> Spent:
    cost = sum(row.cost for row in rows)
    accepted = sum(row.accepted for row in rows)
    return Spent(
        turns=len(rows),
        accepted=accepted,
        right=sum(row.right for row in rows),
        generated=sum(row.tokens for row in rows),
        read=sum(row.prompt_tokens for row in rows),
        yield_per_1000=round(1000 * accepted / cost, 4) if cost else 0.0,
        failed=dict(Counter(row.status for row in rows if row.status != "ok")),
    )


def _advice(rows: Sequence[Attempt]) -> dict[str, dict[str, int]]:
    found = {}
    for advice in ADVICE:
        given = [row for row in rows if row.advice == advice]
        found[advice] = {"turns": len(given), "right": sum(row.right for row in given)}
    return found if any(counts["turns"] for counts in found.values()) else {}


def _rejections(rows: Sequence[Attempt]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for row in rows:
        found.setdefault(row.kind, Counter()).update({fault.filter for fault in row.rejections})
    return {kind: dict(counts) for kind, counts in sorted(found.items())}
